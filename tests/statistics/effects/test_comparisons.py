from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from helpers.statistics.effects.comparisons import Effect, compare, post_stratified
from helpers.statistics.effects.moments import Moments
from helpers.statistics.effects.sample_ratios import sample_ratio
from helpers.statistics.inference.corrections import adjust
from shops import SHARED

DATA = SHARED


def table(name: str, columns: list[str]) -> pd.DataFrame:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand: real data lies beside the project")
    return pd.read_csv(path, usecols=columns)


def rate(count: float, n: int) -> Moments:
    return Moments.from_sums(n, {"converted": count}, {"converted": count})


# Real experiments: as their sums stand in print, and from the rows where these are at hand

CHALLENGE = {  # the MineThatData e-mail challenge (Hillstrom 2008): customers, visits, orders, mean spend and its spread
    "No E-Mail": (21_306, 2_262, 122, 0.65278936, 11.58819968),
    "Mens E-Mail": (21_307, 3_894, 267, 1.42261651, 17.75420510),
    "Womens E-Mail": (21_387, 3_238, 189, 1.07720157, 15.11610647),
}
LANDING_PAGE = {"control": (145_274, 17_489), "treatment": (145_310, 17_264)}  # Udacity: users, converted


@pytest.fixture(scope="module", params=["sums", "rows"])
def hillstrom(request) -> dict[str, dict[str, Moments]]:
    """The moments of every metric by arm."""
    if request.param == "rows":
        metrics = ["visit", "conversion", "spend"]
        arms = table("hillstrom/hillstrom.csv.gz", ["segment", *metrics]).groupby("segment")
        return {arm: {metric: Moments.of(rows[[metric]]) for metric in metrics} for arm, rows in arms}
    return {
        arm: {
            "visit": rate(visits, n),
            "conversion": rate(orders, n),
            "spend": Moments.from_variances(n, {"spend": mean}, {"spend": spread**2}),
        }
        for arm, (n, visits, orders, mean, spread) in CHALLENGE.items()
    }


def hillstrom_effect(arms: dict[str, dict[str, Moments]], arm: str, metric: str, relative: bool = False) -> Effect:
    kind = "mean" if metric == "spend" else "proportion"
    return compare(arms["No E-Mail"][metric], arms[arm][metric], kind=kind, relative=relative)


def test_hillstrom_arms_came_in_equal_shares(hillstrom):
    """Experiment cases, hillstrom: 21306, 21307, 21387, p .903693."""
    counts = pd.Series({arm: hillstrom[arm]["visit"].n for arm in CHALLENGE})
    assert counts.tolist() == [21306, 21307, 21387]
    assert sample_ratio(counts).p_value == pytest.approx(0.903693, abs=5e-7)


@pytest.mark.parametrize(
    ("arm", "metric", "effect", "share", "statistic", "p_value"),
    [
        ("Mens E-Mail", "visit", 0.0765896, 0.7214046, 22.48604, 5.685e-112),
        ("Mens E-Mail", "conversion", 0.0068050, 1.1884219, 7.385114, 1.523e-13),
        ("Mens E-Mail", "spend", 0.7698272, 1.1792888, 5.300140, 1.163815e-7),
        ("Womens E-Mail", "visit", 0.0452331, 0.4260551, 13.949181, 3.182e-44),
        ("Womens E-Mail", "conversion", 0.0031111, 0.5433130, 3.779561, 1.5710513e-4),
        ("Womens E-Mail", "spend", 0.4244122, 0.6501519, 3.256372, 0.00112940),
    ],
)
def test_hillstrom_effects(hillstrom, arm, metric, effect, share, statistic, p_value):
    """Experiment cases, hillstrom: difference, relative difference, statistic and p of each metric and arm."""
    result = hillstrom_effect(hillstrom, arm, metric)
    assert result.effect == pytest.approx(effect, abs=5.1e-8)
    assert result.statistic == pytest.approx(statistic, abs=5.1e-6)
    assert result.p_value == pytest.approx(p_value, rel=2e-4)
    assert hillstrom_effect(hillstrom, arm, metric, relative=True).effect == pytest.approx(share, abs=5.1e-8)


@pytest.mark.parametrize(
    ("arm", "lower", "upper", "df"),
    [("Mens E-Mail", 0.4851397, 1.0545146, 36671.16), ("Womens E-Mail", 0.1689568, 0.6798676, 40064.88)],
)
def test_hillstrom_spend_has_welch_intervals(hillstrom, arm, lower, upper, df):
    """Experiment cases, hillstrom: Welch's interval and degrees of freedom of spend."""
    result = hillstrom_effect(hillstrom, arm, "spend")
    assert (result.lower, result.upper) == pytest.approx((lower, upper), abs=5.1e-8)
    assert result.df == pytest.approx(df, abs=0.005)


def test_hillstrom_relative_spend_has_a_p_value_ten_times_larger_and_names_its_convention(hillstrom):
    """Experiment cases, hillstrom: the delta method gives p .010984 where the difference gives .00112940."""
    absolute = hillstrom_effect(hillstrom, "Womens E-Mail", "spend")
    relative = hillstrom_effect(hillstrom, "Womens E-Mail", "spend", relative=True)
    assert relative.p_value == pytest.approx(0.010984, abs=5e-7)
    assert "delta method" in relative.convention and "delta method" not in absolute.convention


def test_hillstrom_corrected_over_six_tests(hillstrom):
    """Experiment cases, hillstrom: Holm and Benjamini–Hochberg over two arms × three metrics."""
    tests = [(arm, m) for arm in ("Mens E-Mail", "Womens E-Mail") for m in ("visit", "conversion", "spend")]
    p_values = [hillstrom_effect(hillstrom, *test).p_value for test in tests]
    assert adjust(p_values, "holm")[-2:] == pytest.approx([3.1421e-4, 0.0011294], rel=1e-5)
    assert adjust(p_values, "bh")[-2:] == pytest.approx([1.88526e-4, 0.0011294], rel=1e-5)


def test_udacity_clean_users_show_no_effect():
    """Experiment cases, udacity_ab: z -1.3109 and p .18988."""
    control, treatment = (rate(converted, n) for n, converted in LANDING_PAGE.values())
    result = compare(control, treatment, kind="proportion")
    assert (result.control, result.treatment) == pytest.approx((0.120386, 0.118808), abs=5e-7)
    assert result.statistic == pytest.approx(-1.3109, abs=5e-5)
    assert result.p_value == pytest.approx(0.18988, abs=5e-6)
    assert result.lower < 0 < result.upper


def test_udacity_clean_users_are_those_left_of_the_rows():
    """Experiment cases, udacity_ab: mismatched rows out, one row a user."""
    rows = table("udacity_ab/ab_data.csv.gz", ["user_id", "group", "landing_page", "converted"])
    agree = (rows["group"] == "treatment") == (rows["landing_page"] == "new_page")
    assert (len(rows), (~agree).sum()) == (294_478, 3_893)
    assert (rows.groupby("user_id")["group"].nunique() > 1).sum() == 1_895
    clean = rows[agree].drop_duplicates("user_id").groupby("group")["converted"].agg(["size", "sum"])
    assert {group: tuple(counts) for group, counts in clean.T.items()} == LANDING_PAGE


# Effects from moments


A = Moments.from_sums(3407, {"spend": 1396.87}, {"spend": 52377.9767})
B = Moments.from_sums(3461, {"spend": 2422.7}, {"spend": 134698.29})


def test_a_count_per_customer_is_compared_as_a_mean():
    count, mean = (compare(A, B, kind=kind) for kind in ("count", "mean"))
    assert (count.effect, count.lower, count.p_value) == (mean.effect, mean.lower, mean.p_value)
    assert count.convention == "difference of counts per customer; p-value and interval: Welch's t"


def test_effect_from_summary_statistics():
    """Experiment cases, from summary statistics: absolute .29, (.04538, .53462), p .02016."""
    result = compare(A, B, kind="mean")
    assert (result.effect, result.lower, result.upper) == pytest.approx((0.29, 0.04538, 0.53462), abs=5e-6)
    assert result.p_value == pytest.approx(0.02016, abs=5e-6)


def test_relative_effect_from_summary_statistics():
    """Experiment cases, from summary statistics: relative .70732, (-.03526, 1.44989), SE .37879, p .06191."""
    result = compare(A, B, kind="mean", relative=True)
    assert (result.effect, result.std_error) == pytest.approx((0.70732, 0.37879), abs=5e-6)
    assert (result.lower, result.upper) == pytest.approx((-0.03526, 1.44989), abs=5e-6)
    assert result.p_value == pytest.approx(0.06191, abs=5e-6)


def test_halving_a_loss_is_a_gain_of_one_half():
    """Experiment cases: a baseline of -10 going to -5 is +0.5."""
    loss, half = (Moments.from_variances(100, {"margin": mean}, {"margin": 4.0}) for mean in (-10, -5))
    assert compare(loss, half, kind="mean", relative=True).effect == 0.5


def test_welch_is_that_of_scipy():
    rng = np.random.default_rng(11)
    control, treatment = rng.gamma(1, 3, 40), rng.gamma(2, 3, 25)
    result = compare(Moments.of({"spend": control}), Moments.of({"spend": treatment}), kind="mean", alpha=0.1)
    expected = stats.ttest_ind(treatment, control, equal_var=False)
    interval = expected.confidence_interval(0.9)
    assert (result.statistic, result.p_value, result.df) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df)
    )
    assert (result.lower, result.upper) == pytest.approx((interval.low, interval.high))


def test_a_difference_of_rates_is_tested_by_the_pooled_z_of_statsmodels():
    for converted, n in [((23, 41), (310, 290)), ((5, 0), (60, 45))]:
        result = compare(*map(rate, converted, n), kind="proportion")
        z, p = proportions_ztest(converted[::-1], n[::-1])
        assert (result.statistic, result.p_value) == pytest.approx((z, p))


def test_a_ratio_has_the_error_of_its_linearised_rows():
    """The delta method equals Welch on (y - R x) / mean(x), row by row (Deng et al. 2018)."""
    rng = np.random.default_rng(12)
    arms = []
    for lift in (1.0, 1.2):
        orders = rng.poisson(2, 200)
        arms.append(pd.DataFrame({"revenue": orders * rng.gamma(3, lift, 200), "orders": orders}))
    result = compare(*map(Moments.of, arms), kind="ratio")
    linear = []
    for arm in arms:
        ratio = arm["revenue"].sum() / arm["orders"].sum()
        linear.append([ratio + (y - ratio * x) / arm["orders"].mean() for y, x in arm.to_numpy()])
    expected = stats.ttest_ind(linear[1], linear[0], equal_var=False)
    assert (result.statistic, result.p_value, result.df) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df)
    )


@pytest.mark.parametrize("relative", [False, True])
def test_a_ratio_to_one_is_a_mean(relative):
    rng = np.random.default_rng(13)
    arms = [pd.DataFrame({"spend": rng.gamma(2, scale, 50), "one": 1}) for scale in (3, 4)]
    ratio = compare(*map(Moments.of, arms), kind="ratio", relative=relative)
    mean = compare(*(Moments.of(arm[["spend"]]) for arm in arms), kind="mean", relative=relative)
    for field in ("effect", "std_error", "lower", "upper", "df", "p_value"):
        assert getattr(ratio, field) == pytest.approx(getattr(mean, field))


@pytest.mark.parametrize("kind", ["proportion", "mean"])
def test_the_relative_error_follows_the_slopes_of_the_relative_effect(kind):
    control, treatment = rate(120, 1000), rate(165, 1100)
    result = compare(control, treatment, kind=kind, relative=True)
    c, t, step = control.means[0], treatment.means[0], 1e-6
    slope_c = ((t / (c + step)) - (t / (c - step))) / (2 * step)
    if kind == "mean":
        variances = control.variances[0] / control.n, treatment.variances[0] / treatment.n
    else:
        variances = c * (1 - c) / control.n, t * (1 - t) / treatment.n
    assert result.std_error == pytest.approx(np.sqrt(slope_c**2 * variances[0] + variances[1] / c**2), rel=1e-6)


def test_the_interval_of_a_difference_of_rates_is_newcombes():
    """Newcombe (1998), table II, method 10: 56/70 - 48/80 has the interval (.0524, .3339)."""
    result = compare(rate(48, 80), rate(56, 70), kind="proportion")
    assert (result.lower, result.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert result.std_error == pytest.approx(np.sqrt(0.6 * 0.4 / 80 + 0.8 * 0.2 / 70))


@pytest.mark.parametrize(("p", "q"), [(0.03, 0.03), (0.1, 0.3), (0.5, 0.5)])
def test_the_interval_of_a_difference_of_rates_covers_as_often_as_stated(p, q):
    n, m = 40, 30
    weights = np.outer(stats.binom.pmf(range(n + 1), n, p), stats.binom.pmf(range(m + 1), m, q))
    covered = 0.0
    for x, y in np.argwhere(weights > 1e-4):
        result = compare(rate(x, n), rate(y, m), kind="proportion")
        covered += weights[x, y] * (result.lower <= q - p <= result.upper)
    assert covered > 0.935


counts = st.tuples(st.integers(1, 99), st.integers(1, 99))


@settings(deadline=None)
@given(counts, st.sampled_from(["proportion", "mean"]))
def test_swapping_the_arms_flips_the_sign(pair, kind):
    control, treatment = rate(pair[0], 100), rate(pair[1], 140)
    there, back = compare(control, treatment, kind=kind), compare(treatment, control, kind=kind)
    assert (there.effect, there.statistic) == pytest.approx((-back.effect, -back.statistic), abs=1e-12)
    assert (there.lower, there.upper) == pytest.approx((-back.upper, -back.lower), abs=1e-12)
    assert (there.p_value, there.std_error) == pytest.approx((back.p_value, back.std_error))
    relative = [compare(*arms, kind=kind, relative=True) for arms in ((control, treatment), (treatment, control))]
    assert np.sign(relative[0].effect) == -np.sign(relative[1].effect)


@pytest.mark.parametrize("relative", [False, True])
def test_swapping_the_arms_flips_the_sign_of_a_ratio(relative):
    rng = np.random.default_rng(14)
    a, b = (Moments.of({"revenue": rng.gamma(s, 2, 60), "orders": rng.poisson(2, 60)}) for s in (2, 3))
    there, back = (compare(*arms, kind="ratio", relative=relative) for arms in ((a, b), (b, a)))
    assert np.sign(there.effect) == -np.sign(back.effect)
    if not relative:
        assert (there.effect, there.lower) == pytest.approx((-back.effect, -back.upper))


def test_what_cannot_be_tested_is_missing_not_an_error():
    nobody = Moments.from_variances(0, {"converted": None}, {"converted": None})
    for control, treatment in ((rate(0, 50), rate(0, 60)), (rate(5, 50), nobody), (nobody, nobody)):
        for kind in ("proportion", "mean"):
            assert np.isnan(compare(control, treatment, kind=kind).p_value)
            assert np.isnan(compare(control, treatment, kind=kind, relative=True).p_value)
    assert np.isnan(compare(rate(0, 50), rate(9, 50), kind="proportion", relative=True).effect)


NEVER = Moments.of({"spend": [3.0, 5.0, 4.0], "orders": [0.0, 0.0, 0.0]})
OFTEN = Moments.of({"spend": [3.0, 5.0, 9.0], "orders": [1.0, 2.0, 2.0]})
ONE = Moments.of({"spend": [3.0], "orders": [1.0]})


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize(("control", "treatment"), [(NEVER, OFTEN), (OFTEN, NEVER), (NEVER, NEVER)])
def test_a_ratio_to_nothing_is_missing_rather_than_infinite(control, treatment, relative):
    result = compare(control, treatment, kind="ratio", relative=relative)
    assert np.isnan([result.effect, result.std_error, result.lower, result.upper, result.p_value]).all()
    assert (np.isnan(result.control), np.isnan(result.treatment)) == (control is NEVER, treatment is NEVER)
    strata = {"a": control}, {"a": treatment}
    assert np.isnan(post_stratified(*strata, kind="ratio", relative=relative).effect)


@pytest.mark.parametrize("kind", ["mean", "ratio"])
def test_one_customer_in_an_arm_has_a_level_and_no_test(kind):
    columns = ("spend", "orders")[: 2 if kind == "ratio" else 1]
    result = compare(OFTEN.select(*columns), ONE.select(*columns), kind=kind)
    assert result.treatment == 3 and np.isfinite(result.effect)
    assert np.isnan([result.std_error, result.lower, result.p_value]).all()


def test_a_missing_value_never_reaches_a_comparison():
    with pytest.raises(ValueError, match="spend = missing or infinite"):
        Moments.of({"spend": [3.0, np.nan], "orders": [1.0, 1.0]})


def test_a_standard_error_of_nothing_is_missing_rather_than_certainty():
    result = compare(rate(5, 50), rate(0, 50), kind="proportion", relative=True)
    assert result.effect == -1
    assert np.isnan([result.std_error, result.lower, result.upper, result.p_value]).all()


def test_no_conversions_in_either_arm_still_bound_the_difference():
    result = compare(rate(0, 50), rate(0, 50), kind="proportion")
    assert -0.1 < result.lower < 0 < result.upper < 0.1


@pytest.mark.parametrize(
    ("arms", "options", "message"),
    [
        ((A, B), {"kind": "median"}, "kind = 'median'"),
        ((A, B), {"kind": "proportion"}, "spend has values other than 0 and 1"),
        ((A, B), {"kind": "ratio"}, "a ratio has 2 column"),
        ((A, rate(1, 2)), {"kind": "mean"}, "columns = converted: .*the same in both arms"),
        ((A, B), {"kind": "mean", "alpha": 95}, "alpha = 95"),
    ],
)
def test_arms_that_do_not_fit_the_kind_are_refused(arms, options, message):
    with pytest.raises(ValueError, match=message):
        compare(*arms, **options)


# No effect


def arm_without_effect(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    orders = 1 + rng.poisson(1, n)
    rating = np.where(rng.random(n) < 0.5, rng.normal(4, 1, n), np.nan)
    return {"visit": rng.random(n) < 0.2, "spend": orders * rng.gamma(4, 2, n), "orders": orders, "rating": rating}


AA_RUNS = 400


@pytest.fixture(scope="module")
def experiments_without_effect() -> list[tuple[dict, dict]]:
    rng = np.random.default_rng(20)
    return [(arm_without_effect(rng, 400), arm_without_effect(rng, 600)) for _ in range(AA_RUNS)]


def columns(*names: str) -> Callable[[dict], Moments]:
    return lambda arm: Moments.of({name: arm[name] for name in names})


def not_eligible(arm: dict) -> Moments:
    return Moments.of({"rating": arm["rating"][~np.isnan(arm["rating"])]})


def missing_means_0(arm: dict) -> Moments:
    return Moments.of({"rating": np.nan_to_num(arm["rating"])})


def all_rows_in_n(arm: dict) -> Moments:
    rated = not_eligible(arm)
    return Moments.from_variances(len(arm["rating"]), {"rating": rated.means[0]}, {"rating": rated.variances[0]})


def rejections(experiments, moments, kind: str, relative: bool) -> int:
    results = (compare(moments(a), moments(b), kind=kind, relative=relative) for a, b in experiments)
    return sum(result.p_value < 0.05 for result in results)


@pytest.mark.parametrize("relative", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("kind", "moments"),
    [
        pytest.param("proportion", columns("visit"), marks=pytest.mark.long),
        pytest.param("mean", columns("spend"), marks=pytest.mark.long),
        ("ratio", columns("spend", "orders")),
        ("mean", not_eligible),
        pytest.param("mean", missing_means_0, marks=pytest.mark.long),
    ],
    ids=["proportion", "mean", "ratio", "half-null-not-eligible", "half-null-means-0"],
)
def test_without_an_effect_one_test_in_twenty_rejects(experiments_without_effect, kind, moments, relative):
    low, high = stats.binom.interval(0.999, AA_RUNS, 0.05)
    assert low <= rejections(experiments_without_effect, moments, kind, relative) <= high


def test_counting_the_rows_that_are_null_would_reject_three_times_as_often(experiments_without_effect):
    """Experiment cases, NULLs: all rows in n, non-NULL rows in the mean rejects 16–18 %."""
    low, high = stats.binom.interval(0.999, AA_RUNS, [0.16, 0.18])
    assert low[0] <= rejections(experiments_without_effect, all_rows_in_n, "mean", False) <= high[1]
