"""Brier scores and time-dependent AUC."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from helpers.statistics import hazards, survival
from helpers.statistics.survival.predictive_accuracy import brier_scores, dynamic_auc, integrated_brier

LUNG_DAYS = [90, 180, 270, 365, 540, 730]


@st.composite
def predicted(draw) -> dict[str, np.ndarray]:
    """Tied whole-day follow-up of the last of whom is known for sure, tied risks that change over time, counts."""
    size = draw(st.integers(2, 20))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = {"durations": column(st.integers(1, 6)), "events": column(st.integers(0, 1))}
    rows["weights"] = column(st.integers(1, 3))
    rows["times"] = np.array(draw(st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True).map(sorted)))
    rows["risk"] = np.array([column(st.integers(0, 4)) for _ in rows["times"]]).T
    return rows


def uncensored_before(durations, events, weights, time) -> float:
    chance = 1.0
    for day in range(1, time):
        at_risk = weights[(durations > day) | ((durations == day) & (events == 0))].sum()
        chance *= 1 - weights[(durations == day) & (events == 0)].sum() / at_risk if at_risk else 1.0
    return chance


def slow_brier(durations, events, survived, time, weights) -> float:
    """Graf's mean of squared errors, each over the chance not to be censored before its status was known."""
    at_time, total = uncensored_before(durations, events, weights, time), 0.0
    if at_time == 0:
        return np.nan
    for duration, event, chance, weight in zip(durations, events, survived, weights, strict=True):
        if event and duration <= time:
            total += weight * (0 - chance) ** 2 / uncensored_before(durations, events, weights, duration)
        elif duration >= time:
            total += weight * (1 - chance) ** 2 / at_time
    return total / weights.sum()


def slow_auc(durations, events, risk, time, weights) -> float:
    right = pairs = 0.0
    for i in range(len(durations)):
        for j in range(len(durations)):
            stayed = durations[j] > time or (durations[j] == time and not events[j])
            if events[i] and durations[i] <= time and stayed:
                pair = weights[i] * weights[j] / uncensored_before(durations, events, weights, durations[i])
                pairs += pair
                right += pair * ((risk[i] > risk[j]) + (risk[i] == risk[j]) / 2)
    return right / pairs if pairs else np.nan


@settings(deadline=None, max_examples=50)
@given(predicted())
def test_brier_scores_equal_the_slow_loop_over_ties_and_weights(rows):
    durations, events, weights = rows["durations"], rows["events"], rows["weights"]
    survived = 1 - rows["risk"] / 5
    scores = brier_scores(durations, events, survived, rows["times"], weights=weights)
    slow = [slow_brier(durations, events, s, t, weights) for s, t in zip(survived.T, rows["times"], strict=True)]
    np.testing.assert_allclose(scores["brier"], slow, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(predicted())
def test_auc_equals_the_slow_loop_over_pairs_with_ties_and_weights(rows):
    scores = dynamic_auc(**rows)
    durations, events, weights = rows["durations"], rows["events"], rows["weights"]
    slow = [slow_auc(durations, events, r, t, weights) for r, t in zip(rows["risk"].T, rows["times"], strict=True)]
    np.testing.assert_allclose(scores["auc"], slow, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(predicted())
def test_a_weight_is_a_repetition(rows):
    weights = rows.pop("weights")
    repeated = {name: value if name == "times" else np.repeat(value, weights, axis=0) for name, value in rows.items()}
    pd.testing.assert_frame_equal(dynamic_auc(**rows, weights=weights), dynamic_auc(**repeated))
    for table in (rows, repeated):
        table["survival"] = 1 - table.pop("risk") / 5
    pd.testing.assert_frame_equal(brier_scores(**rows, weights=weights), brier_scores(**repeated))


@settings(deadline=None, max_examples=30)
@given(predicted())
def test_predicting_the_kaplan_meier_curve_scores_as_the_null(rows):
    durations, events, times = rows["durations"], rows["events"], rows["times"]
    curve = survival.at(survival.kaplan_meier(durations, events), times)["survival"].to_numpy()
    scores = brier_scores(durations, events, np.tile(np.nan_to_num(curve), (len(durations), 1)), times)
    np.testing.assert_allclose(scores["brier"], scores["null_brier"], atol=1e-12)
    np.testing.assert_allclose(scores["null_brier"], curve * (1 - curve), atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(predicted())
def test_the_opposite_score_has_the_opposite_auc(rows):
    opposite = rows | {"risk": -rows["risk"]}
    np.testing.assert_allclose(dynamic_auc(**opposite)["auc"], 1 - dynamic_auc(**rows)["auc"], atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(predicted())
def test_without_censoring_brier_is_the_mean_squared_error(rows):
    durations, survived = rows["durations"], 1 - rows["risk"] / 5
    scores = brier_scores(durations, np.ones(len(durations)), survived, rows["times"])
    stayed = durations[:, None] > rows["times"]
    np.testing.assert_allclose(scores["brier"], ((stayed - survived) ** 2).mean(axis=0), atol=1e-12)


@pytest.fixture(scope="module")
def lung() -> tuple[pd.DataFrame, hazards.CoxFit]:
    rows = load_lung().dropna(subset="ph.ecog")
    return rows, hazards.fit_cox(rows[["age", "sex", "ph.ecog"]], rows["time"], rows["status"], ties="breslow")


def test_brier_scores_of_lung_agree_with_scikit_survival(lung):
    """scikit-survival 0.28.0: brier_score(y, y, S, days), integrated_brier_score(y, y, S, days) with S from
    CoxPHSurvivalAnalysis(ties="breslow") on age, sex, ph.ecog. In y events are half a day early: it weighs a case by
    G(T), which at days with events and censorings differs from the chance G(T−) that the case was seen.
    """
    rows, fit = lung
    predicted = fit.survival(rows[["age", "sex", "ph.ecog"]], LUNG_DAYS)
    scores = brier_scores(rows["time"], rows["status"], predicted, LUNG_DAYS)
    known = [0.0977527090605, 0.1787083261715, 0.2204719489025, 0.2255737236047, 0.1779292626474, 0.0995923781526]
    assert scores["brier"].tolist() == pytest.approx(known, rel=1e-9)
    assert integrated_brier(scores) == pytest.approx(0.1769720243452, rel=1e-9)


def test_auc_of_lung_agrees_with_scikit_survival(lung):
    """scikit-survival 0.28.0: cumulative_dynamic_auc(y, y, risk, days) with y as above, for the linear predictor of the
    same model and for ph.ecog alone, whose four values are all ties.
    """
    rows, fit = lung
    auc = dynamic_auc(rows["time"], rows["status"], fit.linear_predictor(rows[["age", "sex", "ph.ecog"]]), LUNG_DAYS)
    known = [0.6445656333716, 0.6980249657694, 0.6715047546458, 0.6473976600154, 0.6663484541191, 0.6933592706836]
    assert auc["auc"].tolist() == pytest.approx(known, rel=1e-10)
    auc = dynamic_auc(rows["time"], rows["status"], rows["ph.ecog"], LUNG_DAYS)
    known = [0.5679295828550, 0.6485911410917, 0.6420950918629, 0.6115572866358, 0.6249998912589, 0.6245660264215]
    assert auc["auc"].tolist() == pytest.approx(known, rel=1e-10)


@pytest.fixture(scope="module")
def heavily_censored() -> dict[str, np.ndarray]:
    """20,000 customers whose true chances are known; half are censored, as their own end would not say."""
    rng = np.random.default_rng(5)
    log_risk = rng.normal(size=20_000)
    left = rng.exponential(200 * np.exp(-log_risk))
    seen = rng.uniform(0, 400, 20_000)
    return {"log_risk": log_risk, "left": left, "durations": np.minimum(left, seen), "events": left <= seen}


def test_brier_of_the_true_chances_is_their_variance_although_half_are_censored(heavily_censored):
    days = np.array([60.0, 180, 300])
    truth = np.exp(-np.exp(heavily_censored["log_risk"])[:, None] * days / 200)
    scores = brier_scores(heavily_censored["durations"], heavily_censored["events"], truth, days)
    assert scores["brier"].tolist() == pytest.approx((truth * (1 - truth)).mean(axis=0), abs=0.004)
    assert (scores["scaled_brier"] > 0.1).all()
    # to drop the censored is to believe in too many leavers
    kept = heavily_censored["events"] | (heavily_censored["durations"] > 300)
    naive = ((heavily_censored["durations"][kept] > 300) - truth[kept, 2]) ** 2
    assert abs(naive.mean() - (truth * (1 - truth)).mean(axis=0)[2]) > 0.02


def test_auc_is_that_of_the_uncensored_customers_although_half_are_censored(heavily_censored):
    days = [60, 180, 300]
    auc = dynamic_auc(heavily_censored["durations"], heavily_censored["events"], heavily_censored["log_risk"], days)
    uncensored = dynamic_auc(heavily_censored["left"], np.ones(20_000), heavily_censored["log_risk"], days)
    assert auc["auc"].tolist() == pytest.approx(uncensored["auc"].tolist(), abs=0.012)
    assert uncensored["auc"].min() > 0.7


def test_a_random_score_has_auc_one_half(heavily_censored):
    random = np.random.default_rng(1).normal(size=20_000)
    auc = dynamic_auc(heavily_censored["durations"], heavily_censored["events"], random, [60, 180, 300])
    assert auc["auc"].tolist() == pytest.approx([0.5] * 3, abs=0.02)


def test_a_perfect_and_a_perverse_score():
    assert dynamic_auc([1, 2, 3, 4], [1, 1, 0, 0], [4, 3, 2, 1], 2)["auc"].tolist() == [1]
    assert dynamic_auc([1, 2, 3, 4], [1, 1, 0, 0], [1, 2, 3, 4], 2)["auc"].tolist() == [0]


def test_where_nobody_left_or_nobody_was_followed_the_scores_are_unknown():
    durations, events, times = [2, 3, 4], [1, 1, 0], [1, 3, 5]
    assert dynamic_auc(durations, events, [3, 2, 1], times)["auc"].isna().tolist() == [True, False, True]
    scores = brier_scores(durations, events, np.full((3, 3), 0.5), times)
    assert scores["brier"].isna().tolist() == [False, False, True]
    assert scores["scaled_brier"].isna().tolist() == [True, False, True]  # the curve is sure that nobody leaves by 1
    assert np.isnan(integrated_brier(scores))


def test_the_integrated_score_is_the_area_over_the_span():
    """By hand: ((.1 + .2)/2 · 1 + (.2 + .4)/2 · 3) / 4 = 1.05/4."""
    scores = pd.DataFrame({"time": [1.0, 2, 5], "brier": [0.1, 0.2, 0.4], "null_brier": [0.2, 0.2, 0.2]})
    assert integrated_brier(scores) == pytest.approx(1.05 / 4)
    assert integrated_brier(scores, "null_brier") == pytest.approx(0.2)
    with pytest.raises(ValueError, match="scores = 1 times: a mean over time needs two"):
        integrated_brier(scores.head(1))


def test_a_hundred_thousand_customers_need_no_table_of_pairs():
    rng = np.random.default_rng(2)
    durations, events = rng.integers(1, 400, 100_000), rng.integers(0, 2, 100_000)
    tracemalloc.start()
    auc = dynamic_auc(durations, events, -durations, [30.5, 90.5, 180.5])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6
    assert auc["auc"].tolist() == pytest.approx([1, 1, 1], rel=1e-9)


@pytest.mark.parametrize(
    ("survived", "says"),
    [
        (np.full((3, 1), 0.5), r"survival = array of shape \(3, 1\): \(3, 2\) is needed"),
        (np.full((3, 2), 1.5), "survival = 1.5 … 1.5: chances lie between 0 and 1"),
        (np.full((3, 2), np.nan), "survival = missing or infinite in 6 of 6 cells"),
    ],
)
def test_predictions_that_are_no_chances_are_refused(survived, says):
    with pytest.raises(ValueError, match=says):
        brier_scores([1, 2, 3], [1, 0, 1], survived, [1, 2])


def test_risks_that_do_not_fit_the_rows_are_refused():
    with pytest.raises(ValueError, match="risk = 2 rows"):
        dynamic_auc([1, 2, 3], [1, 0, 1], [1, 2], [1])
    with pytest.raises(ValueError, match="risk = array of shape"):
        dynamic_auc([1, 2, 3], [1, 0, 1], np.ones((3, 2)), [1])
    with pytest.raises(ValueError, match="risk = missing or infinite in 1 of 3 rows"):
        dynamic_auc([1, 2, 3], [1, 0, 1], [1, np.nan, 2], [1])
