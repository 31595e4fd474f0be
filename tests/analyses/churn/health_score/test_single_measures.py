"""What each measure adds to the score."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from answers import words_of
from helpers.analyses.churn.health_score.scales import scored
from helpers.analyses.churn.health_score.single_measures import health_measures
from helpers.analyses.churn.health_score.trials import ranking
from helpers.findings import NotApplicable


def test_what_a_measure_adds_is_the_score_with_it_less_the_score_without(tested):
    own, found = tested.own, health_measures(tested)
    line = found.own.set_index("health_measure").loc["order_trend"]
    names = list(own.weights["equal"])
    without = scored(own.points, {name: 1 for name in names if name != "order_trend"}).fillna(50)
    rows = own.rows
    areas = ranking(rows, own.scores[["equal"]].assign(without=without)).areas(np.ones(len(rows)))
    assert line["gain"] == pytest.approx(areas["equal", 0] - areas["without", 0])
    assert line["lower"] < line["gain"] < line["upper"] and found.own["weight_share"].sum() == pytest.approx(1)
    assert found.plot().has_data() and words_of(found)
    plt.close("all")


def test_a_planted_measure_helps_and_a_plausible_one_that_points_the_wrong_way_hurts(tested):
    own, rng = tested.own, np.random.default_rng(3)
    left = own.rows["left"].to_numpy()
    noise = rng.uniform(0, 100, (3, len(left)))
    points = own.points.iloc[:, :0].assign(
        recency=np.where(left, noise[0] / 2, noise[0]), answer=np.where(left, noise[1], noise[1] / 2), amount=noise[2]
    )
    weights = {"equal": dict.fromkeys(points, 1.0)}
    scores = own.scores.assign(equal=scored(points, weights["equal"]))
    found = health_measures(replace(tested, trials=(replace(own, points=points, scores=scores, weights=weights),)))
    assert str(found.headline()) == (
        "“time since the last order” helps the score most to tell who leaves; “last survey score” makes it worse."
    )


def test_of_one_measure_alone_nothing_is_told(tested):
    own = replace(tested.own, weights={"equal": {"recency": 1.0}})
    assert isinstance(health_measures(replace(tested, trials=(own,))), NotApplicable)
