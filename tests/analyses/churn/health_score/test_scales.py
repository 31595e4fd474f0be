"""Scores from 0 to 100 on a frozen scale, and their bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import percentileofscore

from helpers.analyses.churn.health_score.scales import bands, scale_of, scored, shares_of_weight

DAY = pd.Timestamp("2025-01-01")


def test_bands_hold_their_upper_edge():
    scores = pd.Series([0, 50, 50.01, 75, 75.01, 100, np.nan])
    assert list(bands(scores, (50, 75)))[:6] == ["red", "red", "yellow", "yellow", "green", "green"]
    assert pd.isna(bands(scores, (50, 75))[6])
    assert list(bands(pd.Series([50.0]), (20, 40))) == ["green"]


def test_a_missing_measure_is_passed_over_and_never_0():
    """Of a weight of 2 and one of 1: measures 80 and none are 80."""
    points = pd.DataFrame({"a": [80.0, 80, np.nan, np.nan], "b": [np.nan, 20, 20, np.nan]})
    assert scored(points, {"a": 2, "b": 1}).tolist()[:3] == [80, 60, 20]
    assert pd.isna(scored(points, {"a": 2, "b": 1})[3])
    assert scored(points, {"a": 1}).tolist()[:2] == [80, 80] and pd.isna(scored(points, {"a": 1})[2])
    assert scored(points, {"a": 30, "b": 15}).equals(scored(points, {"a": 2, "b": 1}))


def test_weights_of_a_customer_add_up_to_1_over_what_is_known():
    points = pd.DataFrame({"a": [80.0, np.nan], "b": [10, 20.0], "c": [5.0, 5.0]})
    shares = shares_of_weight(points, {"a": 3, "b": 1, "c": 0})
    assert shares.sum(axis=1).tolist() == [1, 1] and shares["c"].isna().all()
    assert shares["a"][0] == 0.75 and shares["b"][1] == 1


def test_points_are_percentiles_among_the_customers_of_the_frozen_day():
    rng = np.random.default_rng(1)
    reference = pd.DataFrame({"a": rng.poisson(2, 40).astype(float)})
    reference.loc[[3, 9], "a"] = np.nan
    later = pd.DataFrame({"a": [-1.0, 0, 2, 3, 99, np.nan]})
    points = scale_of(reference, DAY).points(later)["a"]
    expected = [percentileofscore(reference["a"].dropna(), value, "mean") for value in later["a"].dropna()]
    assert points[:5].tolist() == pytest.approx(expected) and pd.isna(points[5])


def test_nobody_moves_because_others_do():
    """Naive ranks of the day fall for whoever stays as they were while all others order more; frozen ones do not."""
    then = pd.DataFrame({"a": np.arange(50.0)})
    now = then.assign(a=np.where(then.index == 5, 5.0, then["a"] + 20))
    scale = scale_of(then, DAY)
    assert scale.points(now)["a"][5] == scale.points(then)["a"][5] == 11
    assert now["a"].rank(pct=True)[5] < then["a"].rank(pct=True)[5]


def test_what_is_the_same_for_all_or_known_of_a_few_has_no_scale():
    known = pd.DataFrame({"a": np.arange(100.0), "b": 3.0, "c": np.nan})
    assert list(scale_of(known.assign(d=known["a"].where(known.index < 29)), DAY).reference) == ["a"]
    assert list(scale_of(known.assign(d=known["a"].where(known.index < 30)), DAY).reference) == ["a", "d"]
    few = known[:20].assign(d=known["a"].where(known.index < 9), e=known["a"].where(known.index < 10))
    assert list(scale_of(few, DAY).reference) == ["a", "e"]
