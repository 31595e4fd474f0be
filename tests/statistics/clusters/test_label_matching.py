"""Pairs of groups beside every possible pairing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from helpers.statistics.clusters.label_matching import matched_labels
from helpers.statistics.clusters.stability import overlaps


@pytest.mark.parametrize("seed", range(4))
def test_no_other_pairing_has_more_rows_in_common(seed):
    counts = np.random.default_rng(seed).integers(0, 50, (4, 5))
    best = max(
        sum(counts[one, other] for one, other in enumerate(places)) for places in itertools.permutations(range(5), 4)
    )
    assert matched_labels(counts)["rows"].sum() == best


def test_renumbered_groups_are_recognised():
    rng = np.random.default_rng(1)
    first = rng.integers(4, size=300)
    renumbered = np.array([2, 0, 3, 1])
    pairs = matched_labels(overlaps(first, renumbered[first]))
    assert pairs["second"].tolist() == renumbered.tolist() and pairs["jaccard"].tolist() == [1] * 4
    assert pairs["rows"].sum() == 300


def test_the_greedy_pair_is_not_always_the_best():
    """The largest overlap, 10, would leave 0 for the others; 9 + 8 rows agree otherwise."""
    pairs = matched_labels(np.array([[10, 9], [8, 0]]))
    assert pairs["second"].tolist() == [1, 0] and pairs["rows"].tolist() == [9, 8]
    assert pairs["jaccard"].tolist() == pytest.approx([9 / 19, 8 / 18])


def test_a_group_more_has_no_partner():
    pairs = matched_labels(np.array([[50, 0], [0, 40], [3, 2]]))
    assert pairs["first"].tolist() == [0, 1]
