"""Harrell's concordance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics.survival.discrimination import concordance, larger_before


@st.composite
def scored(draw) -> dict[str, np.ndarray]:
    size = draw(st.integers(2, 18))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    rows = {"durations": column(st.integers(1, 5)), "events": column(st.integers(0, 1))}
    rows["risk"] = column(st.integers(0, 3))
    rows["entry"] = np.minimum(column(st.integers(0, 4)), rows["durations"] - 1)
    rows["weights"] = column(st.integers(1, 3))
    rows["strata"] = column(st.sampled_from("xy"))
    return rows


def slow(durations, events, risk, entry, weights, strata) -> float:
    right = pairs = 0.0
    for i in range(len(durations)):
        for j in range(len(durations)):
            later = durations[j] > durations[i] or (durations[j] == durations[i] and not events[j])
            if events[i] and later and entry[j] < durations[i] and strata[i] == strata[j]:
                pairs += weights[i] * weights[j]
                right += weights[i] * weights[j] * ((risk[i] > risk[j]) + (risk[i] == risk[j]) / 2)
    return right / pairs if pairs else np.nan


@settings(deadline=None, max_examples=50)
@given(scored())
def test_it_equals_the_slow_loop_over_pairs_with_ties_entries_weights_and_strata(rows):
    assert concordance(**rows) == pytest.approx(slow(**rows), rel=1e-12, nan_ok=True)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-2, 3)), min_size=1, max_size=40))
def test_larger_before_equals_the_slow_sum(pairs):
    keys, weights = np.array(pairs).T
    expected = [sum(w for k, w in pairs[:place] if k > key) for place, key in enumerate(keys)]
    assert larger_before(keys, weights.astype(float)).tolist() == expected


def test_a_perfect_a_useless_and_a_perverse_score():
    durations, events = [1, 2, 3], [1, 1, 1]
    assert concordance(durations, events, [3, 2, 1]) == 1
    assert concordance(durations, events, [5, 5, 5]) == 0.5
    assert concordance(durations, events, [1, 2, 3]) == 0
