"""Calibration by a horizon, with ICI, E50 and E90."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from helpers.statistics import hazards
from helpers.statistics.inference.resampling import bootstrap, percentile_limits
from helpers.statistics.survival.calibration_curves import (
    calibration,
    error_of_right_chances,
    restricted_cubic_spline,
)
from helpers.statistics.survival.predictive_accuracy import brier_scores, dynamic_auc, integrated_brier

HORIZON = 90.0


def customers(size: int, seed: int) -> pd.DataFrame:
    """Customers who leave at exp(log_risk)/200 a day, a third of them censored, and their true chance by the horizon."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"log_risk": rng.normal(scale=0.8, size=size)})
    left, seen = rng.exponential(200 * np.exp(-rows["log_risk"])), rng.uniform(20, 400, size)
    rows["duration"], rows["event"] = np.minimum(left, seen), left <= seen
    rows["truth"] = 1 - np.exp(-np.exp(rows["log_risk"]) * HORIZON / 200)
    return rows


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    return customers(8_000, 4)


def test_true_chances_are_calibrated(known):
    found = calibration(known["duration"], known["event"], known["truth"], HORIZON)
    assert found.smoother == "spline"
    assert found.ici < 0.012 and found.e50 < 0.012 and found.e90 < 0.025


def test_doubled_log_hazards_are_as_wrong_as_they_truly_are(known):
    """ICI, E50 and E90 estimate mean, median and 90 % quantile of |true − predicted|, which here are known."""
    doubled = 1 - np.exp(-np.exp(2 * known["log_risk"]) * HORIZON / 200)
    found = calibration(known["duration"], known["event"], doubled, HORIZON)
    wrong = (known["truth"] - doubled).abs()
    assert wrong.mean() > 0.1
    assert found.ici == pytest.approx(wrong.mean(), abs=0.01)
    assert found.e50 == pytest.approx(wrong.median(), abs=0.015)
    assert found.e90 == pytest.approx(wrong.quantile(0.9), abs=0.025)


def test_a_bent_prediction_is_followed_by_the_spline_and_not_by_a_line(known):
    bent = known["log_risk"] + np.where(known["log_risk"] > 0, 1.5, 0.0) * known["log_risk"]
    predicted = 1 - np.exp(-np.exp(bent) * HORIZON / 200)
    found = calibration(known["duration"], known["event"], predicted, HORIZON)
    wrong = (known["truth"] - predicted).abs()
    assert found.ici == pytest.approx(wrong.mean(), abs=0.02)
    line = np.log(-np.log1p(-predicted.clip(upper=1 - 1e-6))).to_frame("link")
    fit = hazards.fit_cox(line, known["duration"].clip(upper=HORIZON), known["event"] & (known["duration"] <= HORIZON))
    by_line = (1 - fit.survival(line, HORIZON).to_numpy()[:, 0] - predicted).abs()
    assert abs(found.ici - wrong.mean()) < abs(by_line.mean() - wrong.mean()) / 2


def test_the_curve_lies_on_the_truth(known):
    half = known["truth"] / 2
    curve = calibration(known["duration"], known["event"], half, HORIZON).curve
    assert curve["predicted"].iloc[[0, -1]].tolist() == [half.min(), half.max()]
    inner = curve[curve["predicted"].between(*half.quantile([0.05, 0.95]))]
    assert len(inner) > 40
    np.testing.assert_allclose(inner["observed"], 2 * inner["predicted"], atol=0.04)


def test_chances_that_are_true_but_can_come_only_on_a_day_of_their_own_are_calibrated():
    """Silences: each can be complete on one day alone, the sooner the more likely, so that nothing is proportional."""
    rng = np.random.default_rng(5)
    lacking = rng.integers(1, 91, 20_000)
    truth = np.exp(-lacking / 60)
    left = rng.random(20_000) < truth
    found = calibration(np.where(left, lacking, 90), left, truth, HORIZON)
    assert found.ici < 0.01 and found.e90 < 0.02
    halved = calibration(np.where(left, lacking, 90), left, truth / 2, HORIZON)
    assert halved.ici == pytest.approx(truth.mean() / 2, abs=0.01)


@pytest.mark.parametrize("weighted", [False, True])
def test_it_equals_a_binomial_model_of_statsmodels_whose_rows_weigh_as_the_uncensored_do(weighted):
    """statsmodels 0.14, GLM with the complementary log-log link on Harrell's cubic term, written out; rows weigh one by
    the chance of Kaplan and Meier (lifelines) not to be censored until their own end, or until the horizon."""
    rows = customers(400, 9)
    counts = np.random.default_rng(1).integers(1, 4, 400) if weighted else np.ones(400, int)
    link = np.repeat(np.log(-np.log1p(-rows["truth"].to_numpy())), counts)
    t1, t2, t3 = np.quantile(link, [0.1, 0.5, 0.9], method="inverted_cdf")
    cube = lambda knot: np.where(link > knot, (link - knot) ** 3, 0)  # noqa: E731
    bend = cube(t1) - cube(t2) * (t3 - t1) / (t3 - t2) + cube(t3) * (t2 - t1) / (t3 - t2)
    table = rows.loc[rows.index.repeat(counts)]
    left = (table["event"] & (table["duration"] <= HORIZON)).to_numpy()
    stayed = (table["duration"] > HORIZON).to_numpy()
    censoring = KaplanMeierFitter().fit(table["duration"], ~table["event"])
    ends = table["duration"].where(left, HORIZON)
    weight = np.where(left | stayed, 1 / censoring.survival_function_at_times(ends).to_numpy(), 0)
    design = np.column_stack([np.ones(len(link)), link, bend / (t3 - t1) ** 2])
    family = sm.families.Binomial(sm.families.links.CLogLog())
    fit = sm.GLM(left.astype(float), design, family, freq_weights=weight).fit(tol=1e-14, maxiter=100)
    error = np.sort(np.abs(fit.fittedvalues - table["truth"]))
    found = calibration(rows["duration"], rows["event"], rows["truth"], HORIZON, weights=counts)
    assert found.smoother == "spline"
    assert found.ici == pytest.approx(error.mean(), rel=1e-6)
    middle, most = (error[int(np.ceil(share * len(error))) - 1] for share in (0.5, 0.9))
    assert (found.e50, found.e90) == pytest.approx((middle, most), rel=1e-6)


def test_a_line_through_two_predictions_meets_the_share_that_left_of_each():
    rng = np.random.default_rng(10)
    predicted = np.repeat([0.2, 0.6], 200)
    left = rng.random(400) < np.repeat([0.35, 0.5], 200)
    found = calibration(np.where(left, 10, 90), left, predicted, HORIZON)
    assert found.smoother == "linear"
    shares = left[:200].mean(), left[200:].mean()
    assert found.curve["observed"].iloc[[0, -1]].tolist() == pytest.approx(shares, rel=1e-6)
    assert found.ici == pytest.approx((abs(shares[0] - 0.2) + abs(shares[1] - 0.6)) / 2, rel=1e-6)


def test_where_predictions_part_leavers_from_stayers_the_chances_are_0_and_1():
    left = np.arange(100) >= 60
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = calibration(np.where(left, 10, 90), left, np.where(left, 0.7, 0.4), HORIZON)
    assert found.ici == pytest.approx(0.6 * 0.4 + 0.4 * 0.3, abs=1e-6)


def same(one, other) -> None:
    assert (one.ici, one.e50, one.e90) == pytest.approx((other.ici, other.e50, other.e90), rel=1e-7)
    np.testing.assert_allclose(one.curve, other.curve, rtol=1e-7)


def test_a_weight_is_a_repetition():
    rows = customers(300, 11)
    weights = np.random.default_rng(2).integers(1, 4, 300)
    days = np.ceil(rows["duration"])
    by_weight = calibration(days, rows["event"], rows["truth"], HORIZON, weights=weights)
    repeated = rows.assign(days=days).loc[rows.index.repeat(weights)]
    same(by_weight, calibration(repeated["days"], repeated["event"], repeated["truth"], HORIZON))


def test_a_row_of_weight_0_changes_nothing_but_how_far_the_curve_is_drawn():
    rows = customers(300, 12)
    kept = np.ones(301)
    kept[-1] = 0
    extra = pd.concat([rows, pd.DataFrame({"duration": [1.0], "event": [True], "truth": [0.99]})])
    with_extra = calibration(extra["duration"], extra["event"], extra["truth"], HORIZON, weights=kept)
    without = calibration(rows["duration"], rows["event"], rows["truth"], HORIZON)
    assert (with_extra.ici, with_extra.e90) == pytest.approx((without.ici, without.e90), rel=1e-10)
    assert with_extra.curve["predicted"].max() == 0.99


def test_what_happens_after_the_horizon_changes_nothing():
    rows = customers(400, 13)
    later = rows.copy()
    beyond = later["duration"] > HORIZON
    later.loc[beyond, "duration"] = HORIZON
    later.loc[beyond, "event"] = False
    full, stopped = (calibration(table["duration"], table["event"], table["truth"], HORIZON) for table in (rows, later))
    same(full, stopped)


def test_few_leavers_or_few_stayers_are_smoothed_by_a_line():
    rng = np.random.default_rng(14)
    predicted = rng.uniform(0.1, 0.9, 200)
    for few, smoother in ((19, "linear"), (20, "spline")):
        left = rng.permutation(200) < few
        for outcome in (left, ~left):
            found = calibration(np.where(outcome, 10, 90), outcome, predicted, HORIZON)
            assert found.smoother == smoother


def test_certain_predictions_are_taken_for_nearly_certain():
    rows = customers(600, 16)
    sure = rows["truth"].mask(rows["truth"] < rows["truth"].quantile(0.02), 0).mask(rows["truth"] > 0.7, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = calibration(rows["duration"], rows["event"], sure, HORIZON)
    assert found.curve["observed"].between(0, 1).all()
    assert 0 < found.ici < 0.1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"predicted": [0.2, 0.5, 1.2, 0.3]}, "predicted = 0.2 … 1.2: chances lie between 0 and 1"),
        ({"predicted": [0.2] * 4}, "predicted = 0.2 in every row: a curve needs several"),
        ({"predicted": [0.2, np.nan, 0.3, 0.4]}, "predicted = missing or infinite in 1 of 4 rows"),
        ({"predicted": [0.2, 0.3]}, "predicted = 2 rows: as many as durations"),
        ({"horizon": 0.5}, "horizon = 0.5: nobody had the event by then"),
        ({"horizon": 9}, "horizon = 9: above 0 and at most 4, as long as anybody was followed"),
        ({"horizon": 0}, "horizon = 0: above 0"),
        ({"horizon": np.nan}, "horizon = nan: above 0"),
        ({"weights": [0, 0, 0, 0]}, "weights = 0 in every row"),
        ({"events": [0, 0, 0, 0]}, "horizon = 3: nobody had the event by then"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_with_a_reason(change, says):
    rows = {"durations": [1, 2, 3, 4], "events": [1, 0, 1, 0], "predicted": [0.2, 0.5, 0.6, 0.3], "horizon": 3}
    with pytest.raises(ValueError, match=says):
        calibration(**rows | change)


knots_and_curve = st.tuples(
    st.lists(st.integers(-20, 20), min_size=3, max_size=6, unique=True).map(lambda knots: np.sort(knots) / 4),
    st.lists(st.floats(-2, 2), min_size=6, max_size=6),
)


@settings(deadline=None, max_examples=40)
@given(knots_and_curve)
def test_a_spline_is_straight_outside_its_knots_and_smooth_across_them(case):
    knots, slopes = case
    curve = lambda x: restricted_cubic_spline(np.asarray(x, dtype=float), knots) @ slopes[: len(knots) - 1]  # noqa: E731
    for end, outward in ((knots[0], -1), (knots[-1], 1)):
        values = curve(end + outward * np.array([0.0, 1, 2, 3]))
        np.testing.assert_allclose(np.diff(values, n=2), 0, atol=1e-9)
    step = 1e-3
    for knot in knots:  # second differences on either side of a knot agree to the order of the step
        before, after = (np.diff(curve(knot + side * step * np.arange(3)), n=2)[0] / step**2 for side in (-1, 1))
        assert before == pytest.approx(after, abs=1.0)


def test_a_spline_of_three_knots_by_hand():
    """Knots 0, 1, 3 and x = 2: 8 − 1 · 3/2 + 0 = 6.5, over 9; x = 4: 64 − 27 · 3/2 + 1 · 1/2 = 24, over 9."""
    found = restricted_cubic_spline(np.array([-1.0, 2, 4]), np.array([0.0, 1, 3]))
    np.testing.assert_allclose(found, [[-1, 0], [2, 6.5 / 9], [4, 24 / 9]])
    assert restricted_cubic_spline(np.array([5.0, 6]), np.array([])).tolist() == [[5], [6]]


def test_the_bootstrap_bounds_every_score_of_customers_with_several_rows():
    """400 customers, each the same twice: whole customers drawn, errors are those of the 400 rows alone."""
    rows = customers(400, 17)
    days = np.array([30.0, 60, 90])
    survived = np.exp(-np.exp(rows["log_risk"].to_numpy())[:, None] * days / 200)

    def errors(take: np.ndarray) -> pd.DataFrame:
        duration, event, risk = (rows[name].to_numpy()[take] for name in ("duration", "event", "truth"))

        def scores(weights):
            brier = brier_scores(duration, event, survived[take], days, weights=weights)
            auc = dynamic_auc(duration, event, risk, days, weights=weights)
            ici = calibration(duration, event, risk, HORIZON, weights=weights).ici
            return {"brier": integrated_brier(brier), "auc": auc["auc"].iloc[-1], "ici": ici}

        return percentile_limits(bootstrap(scores, take, draws=60, seed=3))

    once, twice = errors(np.arange(400)), errors(np.tile(np.arange(400), 2))
    assert (once["lower"] < once["upper"]).all() and (once["draws"] == 60).all()
    pd.testing.assert_frame_equal(once.iloc[:2], twice.iloc[:2])


def test_right_chances_show_the_error_that_chance_gives_and_less_of_more_rows():
    rng = np.random.default_rng(1)
    few, many = (rng.beta(2, 8, size) for size in (300, 3000))
    left = rng.random(300) < few
    found = calibration(np.where(left, 1, 2), left, few, 1).ici
    assert error_of_right_chances(few) == pytest.approx(found, abs=0.02) and error_of_right_chances(few) > 0.015
    assert error_of_right_chances(many) < 0.5 * error_of_right_chances(few)
    assert np.isnan(error_of_right_chances(np.zeros(30)))
