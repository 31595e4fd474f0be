"""Restricted mean survival time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung

from helpers.statistics import survival


def test_lung_agrees_with_r():
    """R survival 3.5-3: print(survfit(Surv(time, status) ~ 1, lung), rmean = 365)."""
    lung = load_lung()
    mean = survival.restricted_mean(survival.kaplan_meier(lung["time"], lung["status"]), 365).iloc[0]
    assert mean["mean"] == pytest.approx(263.222, abs=5e-4)
    assert mean["std_error"] == pytest.approx(7.79886, abs=5e-6)
    assert mean["upper"] - mean["mean"] == pytest.approx(1.959963984540054 * mean["std_error"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=12))
def test_without_censoring_it_is_the_mean_of_the_capped_durations(durations):
    mean = survival.restricted_mean(survival.kaplan_meier(durations, np.ones(len(durations))), 6).iloc[0]
    capped = np.minimum(durations, 6)
    assert mean["mean"] == pytest.approx(capped.mean())
    assert mean["std_error"] == pytest.approx(capped.std() / np.sqrt(len(capped)), abs=1e-12)


def test_a_difference_adds_the_variances_of_independent_groups():
    lung = load_lung()
    means = survival.restricted_mean(survival.kaplan_meier(lung["time"], lung["status"], groups=lung["sex"]), 365)
    difference = survival.restricted_mean_difference(means, reference=1).iloc[0]
    assert difference["group"] == 2
    assert difference["difference"] == pytest.approx(means["mean"][1] - means["mean"][0])
    assert difference["std_error"] == pytest.approx(np.hypot(*means["std_error"]))
    assert difference["lower"] > 0
    assert difference["p_value"] == pytest.approx(0.000183, abs=5e-7)


def test_a_horizon_nobody_reached_is_refused():
    curve = survival.kaplan_meier([1, 5], [1, 0])
    with pytest.raises(ValueError, match="horizon = 6: group 'all' was observed up to 5 only"):
        survival.restricted_mean(curve, 6)
    assert survival.restricted_mean(curve, 5)["mean"].tolist() == [3.0]
    ended = survival.kaplan_meier([1, 5], [1, 1])
    assert survival.restricted_mean(ended, 60)["mean"].tolist() == [3.0]


def test_an_unknown_reference_is_refused():
    means = survival.restricted_mean(survival.kaplan_meier([1, 5], [1, 0]), 2)
    with pytest.raises(ValueError, match="reference = 'gold': one of 'all'"):
        survival.restricted_mean_difference(means, "gold")
