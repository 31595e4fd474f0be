"""Trials of scores on earlier days: the areas by a slow loop, the days, and the published shops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.landmarks import at_risk
from helpers.analyses.churn.health_score.measures import measured
from helpers.analyses.churn.health_score.plans import weighings
from helpers.analyses.churn.health_score.scales import scale_of, scored
from helpers.analyses.churn.health_score.trials import Trial, _scale, gone, ranking, trial, trial_landmarks
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.data import datasets
from helpers.data.intake.wording.programme import HealthScore
from shops import SHARED


def pairs(left: np.ndarray, score: np.ndarray, weights: np.ndarray) -> float:
    """Of all pairs of one who left and one who stayed, the share in which the one who left stands lower."""
    right = total = 0.0
    for i in np.flatnonzero(left):
        for j in np.flatnonzero(~left):
            total += weights[i] * weights[j]
            right += weights[i] * weights[j] * (1.0 if score[i] < score[j] else 0.5 * (score[i] == score[j]))
    return right / total


def test_areas_are_the_share_of_pairs_ranked_rightly():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"landmark_at": np.repeat([1, 2], 20), "left": rng.random(40) < 0.4})
    scores = pd.DataFrame({"a": rng.integers(0, 6, 40).astype(float), "b": rng.random(40)})
    weights = rng.integers(0, 3, 40)
    areas = ranking(rows, scores, [1, 2]).areas(weights)
    for name in scores:
        for place, here in {0: slice(None), 1: slice(0, 20), 2: slice(20, 40)}.items():
            slow = pairs(rows["left"].to_numpy()[here], scores[name].to_numpy()[here], weights[here])
            assert areas[name, place] == pytest.approx(slow)
    assert ("a", 1) not in ranking(rows, scores.assign(a=scores["a"].mask(rows.index == 3)), [1, 2]).areas(weights)


def test_weights_are_learnt_before_the_first_day_of_the_trial(members, memberships):
    learnt_on, tests = trial_landmarks(memberships, 90)
    assert tests[-1] == pd.Timestamp("2025-07-01") - pd.Timedelta(days=90) and len(tests) == 3
    assert tests[0] - learnt_on[-1] >= pd.Timedelta(days=90) and len(learnt_on) >= 2


def test_places_are_among_the_customers_of_the_first_day_with_most_measures_or_of_the_day_that_was_kept():
    days = pd.DatetimeIndex(["2025-01-01", "2025-02-01", "2025-03-01"])
    landmark_at = pd.Series(days.repeat(40))
    measures = pd.DataFrame({"orders": np.tile(np.arange(40.0), 3)}).assign(visits=lambda each: each["orders"])
    measures.loc[landmark_at == days[0], "visits"] = np.nan
    assert _scale(measures, landmark_at, (days[:0], days, days)).landmark_at == days[1]
    kept = _scale(measures, landmark_at, (days[:1], days, days))
    assert kept.landmark_at == days[0] and list(kept.reference) == ["orders"]
    nobody = pd.DatetimeIndex(["2020-01-01"])
    assert _scale(measures, landmark_at, (nobody, days[2:])).landmark_at == days[2]
    assert _scale(measures, landmark_at, (nobody,)) is None


def test_complaints_and_visits_earn_a_weight_on_the_demo_and_survey_scores_none(demo, contracts):
    """Planted so. A naive score of all measures alike ranks no better than a coin, and this one does."""
    found = trial(contracts, demo, 90)
    assert {name for name, weight in found.weights["learnt"].items() if weight > 0} == {"complaints", "visit_trend"}
    assert found.plan.weighting == "learnt" and found.against("learnt", "recency")[1] > 0
    assert found.draws["learnt", 0].quantile(0.025) > 0.5 > found.draws["equal", 0].quantile(0.025)


def test_of_silence_leaving_is_no_order_within_the_horizon(memberships):
    """Not that a silence is complete, of which the days silent so far are a part."""
    day = pd.Timestamp("2025-01-01")
    rows = pd.DataFrame(
        {"landmark_at": day, "next_on": [day, day + pd.Timedelta(days=89), day + pd.Timedelta(days=90), pd.NaT]}
    )
    assert gone(replace(memberships, definition="silence"), rows, 90).tolist() == [False, False, True, True]


def test_renamed_customers_draw_the_same_intervals(tested):
    own = tested.own
    renamed = replace(own, rows=own.rows.assign(customer_id="x" + own.rows["customer_id"].str[::-1]))
    assert (renamed.cluster == own.cluster).all()


def opened(name: str, as_of: str, **health: object) -> datasets.Dataset:
    if not (SHARED / name).is_dir():
        pytest.skip(f"{name} is not beside the project")
    data = datasets.open(SHARED / name, as_of)
    return replace(data, settings=replace(data.settings, health=HealthScore(**health)))


def of_day(found: Trial, name: str) -> float:
    """The area of a score on the last day of the trial."""
    return round(found.areas[name, len(found.landmarks)], 4)


RFM = {"recency": 1, "orders": 1, "amount": 1}
TREND = {"orders": 50, "amount": 20, "order_trend": 20, "recency": 10}


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "learnt_at", "day", "silence", "area"),
    [("online_retail", "2011-06-10", "2011-09-10", 284, 0.7369), ("cdnow", "1997-09-01", "1998-01-01", 365, 0.8063)],
)
def test_weights_learnt_on_one_earlier_day_rank_public_shops_as_the_specification_has_computed(
    name, learnt_at, day, silence, area
):
    """Specification, section 1: of places among the customers of the earlier day, on which the weights are learnt."""
    data = opened(name, str((pd.Timestamp(day) + pd.Timedelta(days=89)).date()))
    found = stays(data, "silence", silence)
    rows = at_risk(found, data, pd.DatetimeIndex([learnt_at, day]))
    measures, left = measured(data, rows), gone(found, rows, 90)
    past = rows["landmark_at"] == learnt_at
    points = scale_of(measures[past], pd.Timestamp(learnt_at)).points(measures)
    weights = weighings(points, RFM, points[past], ~left[past], rows.loc[past, "customer_id"])["learnt"]
    scores = pd.DataFrame({"learnt": scored(points, weights)})[~past]
    areas = ranking(rows[~past].assign(left=left[~past]), scores).areas(np.ones(len(scores)))
    assert areas["learnt", 0] == pytest.approx(area, abs=5e-5)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "as_of", "silence", "weights", "known"),
    [
        ("online_retail", "2011-12-08", 284, RFM, {"rows": 3370, "rate": 0.4306, "recency": 0.6831, "equal": 0.7389}),
        ("online_retail", "2011-12-08", 284, TREND, {"recency": 0.6831, "equal": 0.7214}),
        ("online_retail", "2011-12-08", 284, {"orders": 1}, {"equal": 0.7224}),
        ("cdnow", "1998-03-31", 365, RFM, {"rows": 23570, "rate": 0.8381, "recency": 0.7932, "equal": 0.8056}),
        ("cdnow", "1998-03-31", 365, TREND, {"recency": 0.7932, "equal": 0.7904, "given": 0.7952}),
        ("cdnow", "1998-03-31", 365, {"orders": 1}, {"equal": 0.7944}),
    ],
)
def test_public_shops_are_ranked_as_the_specification_has_computed(name, as_of, silence, weights, known):
    """Specification, section 1: no order in 90 days, of everybody who had ordered, placed among those of the day.

    The naive score, recency alone, beside them: measures alike beat it, and one measure more is worse than it on CDNOW.
    """
    data = opened(name, as_of, weights=weights)
    day = pd.Timestamp(as_of) + pd.Timedelta(days=1) - pd.Timedelta(days=90)
    found = trial(stays(data, "silence", silence), data, 90, day)
    here = found.rows[found.rows["landmark_at"] == day]
    values = {"rows": len(here), "rate": round(here["left"].mean(), 4)}
    values |= {area: of_day(found, area) for area in known if area not in values}
    assert {area: values[area] for area in known} == known
