"""Weighings, and which of them is used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.health_score.plans import simplest, weighings

RNG = np.random.default_rng(2)
POINTS = pd.DataFrame(RNG.uniform(0, 100, (300, 3)), columns=["recency", "orders", "pace"])
STAYED = pd.Series(RNG.random(300) < 0.2 + 0.006 * POINTS["recency"])
WHO = pd.Series(np.arange(300))


def test_weights_learnt_go_to_what_tells_and_add_up_to_1():
    learnt = weighings(POINTS, {}, POINTS, STAYED, WHO)["learnt"]
    assert sum(learnt.values()) == pytest.approx(1) and learnt["recency"] > 0.7 and min(learnt.values()) >= 0


def test_the_settings_name_the_measures():
    made = weighings(POINTS, {"recency": 5, "orders": 1, "answer": 2}, POINTS, STAYED, WHO)
    assert made["given"] == {"recency": 5, "orders": 1} and made["equal"] == {"recency": 1, "orders": 1}
    assert set(made["learnt"]) <= {"recency", "orders"}
    assert "given" not in weighings(POINTS, {"answer": 2}, POINTS, STAYED, WHO)


def test_nothing_is_learnt_where_all_stayed_or_nothing_tells():
    assert "learnt" not in weighings(POINTS, {}, POINTS[:0], STAYED[:0], WHO[:0])
    worse = pd.DataFrame({"recency": 100 - POINTS["recency"]})
    assert "learnt" not in weighings(worse, {}, worse, STAYED, WHO)


def test_the_simplest_within_a_standard_error_of_the_best_is_used():
    areas = {"equal": 0.70, "given": 0.69, "learnt": 0.72, "recency": 0.9}
    assert simplest(areas, dict.fromkeys(areas, 0.03), "auto") == "equal"
    assert simplest(areas, dict.fromkeys(areas, 0.01), "auto") == "learnt"
    assert simplest(areas, dict.fromkeys(areas, 0.03), "given") == "given"
    assert simplest({"equal": 0.7}, {"equal": 0.1}, "learnt") == "equal"  # which was not tried
