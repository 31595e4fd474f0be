"""Clusters where there are none, and where there are: the rates behind `statistics/clusters/test_search.py`."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.clusters import cluster_counts

DRAWS, BUYERS = 24, 1_000
TOGETHER = np.linalg.cholesky([[1, -0.3, -0.3], [-0.3, 1, 0.8], [-0.3, 0.8, 1]])  # recency, orders, spend
MIDDLES = 1.6 * np.array([[-2, -1, -1], [1.5, -1, -0.8], [0, 1.8, 2]])


def chosen(middles: np.ndarray, seed: int) -> int:
    """How many clusters are found among buyers around so many middles."""
    rng = np.random.default_rng(seed)
    apart = middles[rng.integers(len(middles), size=BUYERS)]
    values = apart + rng.standard_normal((BUYERS, 3)) @ TOGETHER.T
    return cluster_counts((values - values.mean(axis=0)) / values.std(axis=0), seed=1).chosen


@pytest.mark.parametrize(("middles", "groups"), [(MIDDLES[:1], 0), (MIDDLES / 0.8, 3)])
def test_one_correlated_cloud_has_no_clusters_and_three_groups_are_three(middles, groups):
    """With clouds whose features are independent, 16 of 16 such clouds had 2 to 5 clusters."""
    assert [chosen(middles, seed) for seed in range(DRAWS)] == [groups] * DRAWS
