"""What moved the scores."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from answers import words_of
from helpers.analyses.churn.health_score.movements import health_movement
from helpers.findings import NotApplicable


def test_points_by_measure_add_up_to_the_mean_change(scores):
    moved = health_movement(scores)
    own = scores.table[(scores.table["basis"] == "contract") & scores.table["health_before"].notna()]
    assert moved.own["mean_points"].sum() == pytest.approx(own["change"].mean()) == pytest.approx(moved.mean_change)
    assert moved.customers == len(own)
    assert moved.own["fell"].sum() == (own["change"] < 0).sum() and moved.own["rose"].sum() == (own["change"] > 0).sum()
    red = (own["health"] <= 50, own["health_before"] <= 50)
    assert (moved.worse, moved.better) == ((red[0] & ~red[1]).sum(), (~red[0] & red[1]).sum())
    assert moved.plot().has_data() and words_of(moved)
    plt.close("all")


def test_where_nobody_had_a_score_before_there_is_no_movement(scores):
    fresh = replace(scores, table=scores.table.assign(health_before=float("nan")))
    assert isinstance(health_movement(fresh), NotApplicable)
