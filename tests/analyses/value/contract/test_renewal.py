"""How long contracts last: survival against Kaplan–Meier, rising retention against a search, months by the calendar."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.value.contract import renewal
from helpers.analyses.value.contract.renewal import (
    Spans,
    Tenures,
    months_ahead,
    months_begun,
    months_completed,
    rising_retention,
)
from helpers.data.days import MONTH_DAYS, YEAR_DAYS
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.statistics.purchases.shifted_beta_geometric import fit_shifted_beta_geometric
from helpers.statistics.survival.curves import at, kaplan_meier


def test_months_begin_on_the_day_after_and_are_complete_on_the_same_day_of_the_month():
    days = pd.date_range("2024-01-31", "2025-03-31")
    start = pd.Series([dt.date(2024, 1, 31)] * len(days)).astype("datetime64[ns]")
    begun, completed = months_begun(start, pd.Series(days)), months_completed(start, pd.Series(days))
    by_day = pd.DataFrame({"begun": begun, "completed": completed}).set_axis(days)
    assert by_day.loc["2024-01-31"].tolist() == [0, 0]
    assert by_day.loc["2024-02-01"].tolist() == [1, 0]
    assert by_day.loc["2024-02-29"].tolist() == [1, 0]  # the 31st of February has not come
    assert by_day.loc["2024-03-31"].tolist() == [2, 2]
    assert by_day.loc["2024-04-01"].tolist() == [3, 2]
    assert by_day.loc["2025-01-31"].tolist() == [12, 12]


def test_a_life_table_counts_who_is_at_risk_and_who_leaves_as_a_loop_does():
    rng = np.random.default_rng(9)
    first = rng.integers(0, 20, 60)
    last, left, counts = first + rng.integers(-1, 30, 60), rng.random(60) < 0.5, rng.integers(0, 4, 60)
    at_risk, ends = Spans(first, last, left).life_table(counts)
    for time in range(last.max() + 1):
        assert at_risk[time] == sum(counts[(first <= time) & (time <= last)])
        assert ends[time] == sum(counts[left & (last == time) & (last >= first)])


def test_months_ahead_are_those_of_a_loop_over_the_days_and_split_where_records_end():
    log_survival, tenures = -0.002 * np.arange(500.0), np.array([0, 40, 100])
    months, extrapolated = months_ahead(log_survival, tenures, 90, 365, 0.1)
    for place, tenure in enumerate(tenures):
        worth = [np.exp(-0.002 * day) / 1.1 ** ((day + 0.5) / YEAR_DAYS) / MONTH_DAYS for day in range(365)]
        assert months[place] == pytest.approx(sum(worth))
        assert extrapolated[place] == pytest.approx(sum(worth[max(90 - tenure, 0) :]))


def test_daily_survival_is_kaplan_meier_with_late_entries_until_watched_and_goes_on_as_the_months_do():
    rng = np.random.default_rng(4)
    days, entry = rng.integers(1, 700, 900), rng.integers(0, 200, 900) * (rng.random(900) < 0.4)
    days, entry = days[days > entry], entry[days > entry]
    left, counts = rng.random(len(days)) < 0.5, rng.integers(1, 4, len(days))
    by_day = Spans(entry + (entry > 0), days, left)
    tenures = Tenures(by_day, Spans(np.ceil(entry / 30).astype(int) + 1, days // 30, left))
    watched = tenures.watched(counts)
    curve = kaplan_meier(days, left, entry=entry, weights=counts)
    assert watched == curve.loc[curve["at_risk"] >= LEAST_AT_RISK, "time"].max()
    survival = np.exp(tenures.log_survival(counts, watched, watched + 300))
    np.testing.assert_allclose(survival[: watched + 1], at(curve, np.arange(watched + 1))["survival"], rtol=1e-10)
    assert (np.diff(survival) <= 0).all()
    assert survival[-1] > 0


def test_retention_that_does_not_rise_is_extrapolated_as_one_number():
    days = np.repeat([30, 60, 90], [40, 60, 300])
    left = days < 90
    tenures = Tenures(Spans(0 * days, days, left), Spans(0 * days + 1, np.minimum(days // 30, 2), left))
    with pytest.raises(ValueError, match="no maximum"):
        fit_shifted_beta_geometric([400, 360], [40, 60])
    log_survival = tenures.log_survival(np.ones(400), 90, 90 + 3 * 30)
    ahead = np.exp((log_survival[-1] - log_survival[90]) / 90 * MONTH_DAYS)
    assert ahead == pytest.approx(1 - 100 / (400 + 360), rel=1e-6)


def months_of(rng, alpha, beta, customers=600, months=15):
    """at_risk and lost by month of contracts whose chance to end is of a beta distribution, seen up to some month."""
    ends, seen = rng.geometric(rng.beta(alpha, beta, customers)), rng.integers(1, months, customers)
    month = np.arange(1, months)
    reached = (np.minimum(ends, seen)[:, None] >= month).sum(axis=0)
    return reached.astype(float), ((ends <= seen)[:, None] & (ends[:, None] == month)).sum(axis=0).astype(float)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 6.0), (0.3, 1.2), (4.0, 60.0), (0.7, 0.7)])
def test_rising_retention_is_the_model_that_a_search_finds(alpha, beta):
    rng = np.random.default_rng(6)
    found = 0
    for _ in range(12):
        counts = months_of(rng, alpha, beta)
        try:
            slow = fit_shifted_beta_geometric(*counts)
        except ValueError:
            continue  # no maximum, or one too flat to tell
        found += 1
        assert rising_retention(*counts) == pytest.approx(list(slow.parameters.values()), rel=1e-5)
    assert found >= 6


def test_rising_retention_is_sought_where_steps_do_not_get_there(monkeypatch):
    counts = months_of(np.random.default_rng(7), 1.0, 6.0)
    stepped = rising_retention(*counts)
    monkeypatch.setattr(renewal, "MOST_STEPS", 1)
    assert rising_retention(*counts) == pytest.approx(stepped, rel=1e-5)


@pytest.mark.parametrize(
    ("at_risk", "lost"),
    [
        ([400, 360, 300], [40, 60, 80]),  # retention falls
        ([400, 320, 250], [80, 64, 50]),  # it stays
        ([400, 360, 350], [40, 0, 0]),  # it is 1 after the first month
        ([400, 360, 300], [0, 0, 0]),
        ([400, 0], [400, 0]),
        ([0], [0]),
        ([], []),
    ],
)
def test_retention_that_no_model_of_loyalty_has_is_not_rising(at_risk, lost):
    at_risk, lost = np.array(at_risk, float), np.array(lost, float)
    with pytest.raises(ValueError):
        fit_shifted_beta_geometric(at_risk, lost)
    assert rising_retention(at_risk, lost) is None
