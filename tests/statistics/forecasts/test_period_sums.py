"""Sums of days to come: known by hand, slow loop of trials, coverage where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from helpers.statistics.forecasts import Method, period_sum


def shop(rng: np.random.Generator, days: int, season: float = 0.0, walk: float = 0.0) -> np.ndarray:
    """Money by day: some 30 orders, more at weekends, with a season and a level that wanders."""
    weekday = np.array([0.9, 0.88, 0.92, 0.96, 1.08, 1.28, 1.18])[np.arange(days) % 7]
    level = 1 + season * np.sin(2 * np.pi * np.arange(days) / 365.25 + rng.uniform(0, 6.3))
    orders = rng.poisson(30 * weekday * level * np.exp(np.cumsum(rng.normal(0, walk, days)) if walk else 1))
    money = rng.lognormal(0, 1, orders.sum())
    return np.bincount(np.repeat(np.arange(days), orders), money, days)


def test_a_shop_that_sells_the_same_each_day_goes_on_so():
    found = period_sum(np.full(600, 2.0), 0, 90)
    assert (found.method, found.trials) == (Method.LATELY, 6)
    assert found.total == found.lower == found.upper == 180
    assert (found.chance_above(179), found.chance_above(181), found.chance_above(-5)) == (1, 0, 1)


def test_a_season_comes_again_at_this_years_level():
    """Twice as much in half of the year, a half more from year to year: exact where whole weeks repeat."""
    year = np.where(np.arange(364) < 182, 1.0, 2.0)
    daily = np.concatenate([year, 1.5 * year, 2.25 * year[:182]])
    found = period_sum(daily, 0, 91)
    assert found.method is Method.LAST_YEAR
    assert found.total == pytest.approx(2.25 * 2 * 91)
    assert period_sum(daily, 30, 60).total == pytest.approx(2.25 * 2 * 60)


def test_the_spread_is_that_of_a_trial_each_week():
    rng = np.random.default_rng(1)
    daily, ahead, length = shop(rng, 500), 10, 60
    missed = []
    for origin in range(500 - 70, 55, -7):
        forecast = daily[origin - 56 : origin].mean() * 60
        missed.append(np.log(daily[origin + ahead : origin + ahead + length].sum() / forecast))
    found = period_sum(daily, ahead, length)
    assert found.trials == (500 - 56) // 70 == 6
    assert found.spread == pytest.approx(np.sqrt(np.mean(np.square(missed))))
    assert found.upper / found.total == pytest.approx(np.exp(t.ppf(0.975, 6) * found.spread))
    assert found.chance_above(found.upper) == pytest.approx(0.025)


@pytest.mark.parametrize(("season", "walk", "days"), [(0, 0, 500), (0, 0.01, 500), (0.4, 0.005, 1_200)])
def test_95_of_100_intervals_hold_what_comes(season: float, walk: float, days: int):
    rng = np.random.default_rng(2)
    held = []
    for _ in range(150):
        daily = shop(rng, days + 60, season, walk)
        found = period_sum(daily[:days], 0, 60)
        held.append(found.lower <= daily[days:].sum() <= found.upper)
    assert np.mean(held) >= 0.90


def test_an_interval_that_takes_days_for_independent_is_too_narrow():
    """The naive one: the mean day ± 1.96 standard errors of 60 days' sum, where the level wanders by 2 % a day."""
    rng = np.random.default_rng(3)
    naive, ours = [], []
    for _ in range(150):
        daily = shop(rng, 560, walk=0.02)
        late, came, found = daily[444:500], daily[500:].sum(), period_sum(daily[:500], 0, 60)
        naive.append(abs(came - 60 * late.mean()) <= 1.96 * late.std() * np.sqrt(60 + 60**2 / 56))
        ours.append(found.lower <= came <= found.upper)
    assert np.mean(naive) < 0.75 < 0.9 < np.mean(ours)


def test_nothing_is_forecast_from_too_short_a_past_or_where_nothing_was_sold():
    assert period_sum(np.ones(56 + 4 * 90 - 1), 0, 90) is None
    assert period_sum(np.ones(56 + 4 * 90), 0, 90) is not None
    assert period_sum(np.r_[np.ones(500), np.zeros(60)], 0, 30) is None
    with pytest.raises(ValueError, match="daily"):
        period_sum(np.array([1.0, np.nan]), 0, 1)
