from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtr, stdtrit

from helpers.statistics.effects import (
    Moments,
    Sample,
    compare,
    limits,
    skewed_difference,
    skewed_interval,
    tails,
    unevenness,
)


def money(seed: int, n: int, draws: int = 1, share: float = 0.1) -> Sample:
    """Arms of n customers of whom a tenth buy, for log-normal amounts; one for each of the draws."""
    rng = np.random.default_rng(seed)
    values = rng.lognormal(0, 1, (draws, n)) * (rng.random((draws, n)) < share)
    mean = values.mean(axis=1)
    third = ((values - mean[:, None]) ** 3).mean(axis=1)
    return Sample(n, mean, values.var(axis=1, ddof=1), third)


def customers(seed: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.lognormal(0, 1, n) * (rng.random(n) < 0.3)


def arms(n: int = 80, m: int = 400) -> tuple[Moments, Moments]:
    return Moments.of({"spend": customers(1, n)}), Moments.of({"spend": 1.3 * customers(2, m)})


@pytest.mark.parametrize("sizes", [(60, 540), (540, 60)])
def test_a_tenth_held_out_is_called_better_or_worse_no_more_often_than_nominal(sizes):
    draws = 1500
    control, treatment = (money(place, n, draws) for place, n in enumerate(sizes))
    better, worse = ((p < 0.025).mean() for p in tails(control, treatment))
    limit = 0.025 + 3 * np.sqrt(0.025 * 0.975 / draws)
    assert max(better, worse) < limit
    error = np.sqrt(control.variance / control.n + treatment.variance / treatment.n)
    t = (treatment.mean - control.mean) / error
    assert max((t > 1.96).mean(), (t < -1.96).mean()) > 3 * limit  # what Welch's t alone would do


def test_the_randomisation_test_by_moments_is_that_of_all_ways_to_deal_the_values():
    rng = np.random.default_rng(3)
    control, treatment = customers(1, 40), 1.4 * customers(4, 160)
    both = np.concatenate([control, treatment])
    dealt = np.array([rng.permutation(both)[:40].mean() for _ in range(4000)])
    better, worse = tails(*(Sample.of(Moments.of({"spend": arm})) for arm in (control, treatment)))
    assert better >= (dealt <= control.mean()).mean() - 0.01
    assert worse >= (dealt >= control.mean()).mean() - 0.01


@pytest.mark.parametrize("relative", [False, True])
def test_an_interval_has_the_effects_that_its_own_test_allows(relative):
    control, treatment = arms()
    effect = skewed_difference(control, treatment, kind="mean", relative=relative)
    for limit, side in ((effect.lower, 0), (effect.upper, 1)):
        base, arm = Sample.of(control), Sample.of(treatment)
        moved = base.times(1 + limit) if relative else base.plus(limit)
        assert tails(moved, arm)[side] == pytest.approx(0.025, abs=1e-6)
    edge = skewed_difference(control, treatment, kind="mean", relative=relative, alpha=effect.p_value)
    assert edge.lower == pytest.approx(0, abs=1e-9)


def test_equal_arms_are_welchs():
    control, treatment = arms(200, 200)
    assert skewed_difference(control, treatment, kind="mean") == compare(control, treatment, kind="mean")
    t = compare(control, treatment, kind="mean")
    better, worse = tails(Sample.of(control), Sample.of(treatment))
    assert (better, worse) == pytest.approx((stdtr(t.df, -t.statistic), stdtr(t.df, t.statistic)))


def test_shares_ratios_and_moments_without_third_powers_are_those_of_compare():
    control, treatment = (Moments.from_variances(n, {"spend": 4.0}, {"spend": 9.0}) for n in (50, 500))
    assert skewed_difference(control, treatment, kind="mean") == compare(control, treatment, kind="mean")
    bought = [Moments.of({"bought": [1, 0, 0, 0] * n}) for n in (10, 90)]
    assert skewed_difference(*bought, kind="proportion") == compare(*bought, kind="proportion")


def test_money_in_another_unit_and_arms_swapped_change_nothing_else():
    control, treatment = arms()
    effect = skewed_difference(control, treatment, kind="mean")
    cents = [Moments.of({"spend": 100 * values}) for values in (customers(1, 80), 1.3 * customers(2, 400))]
    scaled, swapped = skewed_difference(*cents, kind="mean"), skewed_difference(treatment, control, kind="mean")
    assert (scaled.p_value, scaled.lower / 100) == pytest.approx((effect.p_value, effect.lower))
    assert (swapped.p_value, -swapped.upper) == pytest.approx((effect.p_value, effect.lower))


def test_what_cannot_be_compared_is_nan():
    flat, nobody = Moments.of({"spend": [2.0] * 9}), Moments.of({"spend": []})
    assert np.isnan(skewed_difference(flat, Moments.of({"spend": [2.0] * 90}), kind="mean").p_value)
    assert np.isnan(skewed_difference(nobody, arms()[1], kind="mean").p_value)


def test_unevenness_is_the_skewness_that_dealing_gives_a_difference():
    rng = np.random.default_rng(5)
    control, treatment = customers(1, 30), customers(2, 270)
    both = np.concatenate([control, treatment])
    dealt = np.array([rng.permutation(both)[:30].mean() for _ in range(4000)])
    skewness = ((dealt - dealt.mean()) ** 3).mean() / dealt.std() ** 3
    samples = [Sample.of(Moments.of({"spend": arm})) for arm in (control, treatment)]
    assert unevenness(*samples) == pytest.approx(skewness, abs=0.1)
    assert unevenness(samples[0], samples[0]) == 0


def test_limits_are_infinite_where_nothing_is_refuted():
    never = limits(lambda supposed: (np.ones_like(supposed), np.ones_like(supposed)), 1.0, 0.5, 0.05)
    assert tuple(map(float, never)) == (-np.inf, np.inf)


def test_the_interval_of_a_skewed_mean_misses_on_both_sides_as_often_as_it_says():
    """300 customers, of whom a third buy for log-normal amounts: the normal interval is too low in 6 to 7 %."""
    rng, n, draws = np.random.default_rng(6), 300, 1000
    values = rng.lognormal(-0.5, 1, (draws, n)) * (rng.random((draws, n)) < 1 / 3)
    mean, error = values.mean(axis=1), values.std(axis=1, ddof=1) / n**0.5
    rests = values - mean[:, None]
    skewness = (rests**3).sum(axis=1) / (rests**2).sum(axis=1) ** 1.5
    ends = np.array([skewed_interval(*each, n) for each in zip(mean, error, skewness, strict=True)])
    assert 0.01 < (ends[:, 0] > 1 / 3).mean() < 0.045 and 0.005 < (ends[:, 1] < 1 / 3).mean() < 0.04
    assert (mean + 1.96 * error < 1 / 3).mean() > 0.05


def test_the_interval_of_a_skewed_mean_is_what_halls_t_does_not_refute():
    estimate, error, skewness, n = 10.0, 2.0, 0.4, 40
    corrected = skewness * 1.5
    for end, side in zip(skewed_interval(estimate, error, skewness, n), (1, -1), strict=True):
        t = (estimate - end) / error
        hall = t + corrected / 6 + corrected * t**2 / 3 + corrected**2 * t**3 / 27
        assert hall == pytest.approx(side * stdtrit(n - 1, 0.975))
    assert skewed_interval(10, 2, 0, 40) == pytest.approx((10 - 2 * stdtrit(39, 0.975), 10 + 2 * stdtrit(39, 0.975)))
    lower, upper = skewed_interval(-10, 2, -0.4, 40)
    assert (-upper, -lower) == pytest.approx(skewed_interval(10, 2, 0.4, 40))
    assert np.isnan(skewed_interval(10, 2, 0.4, 1)).all()
