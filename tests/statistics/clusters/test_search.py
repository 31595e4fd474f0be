"""The number of clusters where the truth is known: separate groups, one cloud, a box."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_score

from helpers.statistics.clusters import search
from helpers.statistics.clusters.k_means import fit_k_means, nearest_centres
from helpers.statistics.clusters.search import (
    APART,
    BEYOND,
    CLOUD,
    SMALL,
    cloud_silhouette,
    cluster_counts,
    mean_silhouette,
)


@pytest.fixture
def few_counts(monkeypatch):
    """2 to 5 clusters are tried, where more would show nothing else."""
    monkeypatch.setattr(search, "COUNTS", (2, 3, 4, 5))


def standardised(values: np.ndarray) -> np.ndarray:
    return (values - values.mean(axis=0)) / values.std(axis=0)


def groups(sizes, spreads, seed=0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = [[0, 0, 0], [12, 0, 4], [0, 12, -6], [-12, -9, 6], [10, 11, 10]]
    return standardised(
        np.vstack(
            [middle + spread * rng.standard_normal((size, 3)) for middle, size, spread in zip(middles, sizes, spreads)]
        )
    )


@pytest.mark.parametrize(
    "sizes, spreads",
    [
        ((80, 80, 80, 80), (1, 1, 1, 1)),  # of these the halves are stable as well
        ((225, 75, 25), (1.2, 0.7, 1)),
        ((60, 60, 60, 60, 60), (1, 1, 1, 1, 1)),
    ],
)
def test_separate_groups_are_counted_rightly(sizes, spreads):
    assert cluster_counts(groups(sizes, spreads), seed=1).chosen == len(sizes)


@pytest.mark.parametrize(
    "shape, columns, alike, seed",
    [
        ("standard_normal", 3, 0.8, 1),  # orders and spend go together so: cut across, stable every time
        ("uniform", 2, 0, 2),
    ],
)
def test_one_cloud_has_no_clusters(shape, columns, alike, seed, few_counts):
    """The large form, of 24 clouds and as many groups of three, is in tests/long."""
    size, axes = (300, columns), np.eye(columns)
    axes[-1, -2:] = alike, np.sqrt(1 - alike**2)
    values = getattr(np.random.default_rng(seed), shape)(size=size) @ axes.T
    counts = cluster_counts(standardised(values), seed=seed)
    assert counts.chosen == 0 and counts.table["worst_jaccard"].max() > 0.75


def test_a_square_is_cut_into_stable_quarters_that_are_no_clusters(few_counts):
    """Stability alone would choose four: the reason for asking how a cloud would look."""
    table = cluster_counts(standardised(np.random.default_rng(0).uniform(size=(600, 2))), seed=1).table
    four = table.set_index("clusters").loc[4]
    assert four["worst_jaccard"] > 0.85 and four["verdict"] == CLOUD


def test_stable_halves_of_separate_groups_are_no_clusters():
    """Four groups, long alike: each in halves makes eight stable clusters."""
    rng = np.random.default_rng(1)
    corners = np.repeat([[0, 0], [0, 30], [30, 0], [30, 30]], 200, axis=0)
    values = standardised(corners + rng.standard_normal((800, 2)) * [2.4, 0.6])
    counts = cluster_counts(values, seed=1)
    eight = counts.table.set_index("clusters").loc[8]
    assert eight["worst_jaccard"] > 0.75 and eight["verdict"] == APART and counts.chosen == 4


def test_small_clusters_and_those_over_the_cap_are_not_chosen(few_counts):
    values = groups((150, 150, 10), (1, 1, 1))
    assert cluster_counts(values, seed=1).chosen == 3
    few = cluster_counts(values, seed=1, least_share=0.05)
    assert few.chosen == 2 and few.table.set_index("clusters").loc[3, "verdict"] == SMALL
    capped = cluster_counts(values, seed=1, cap=2)
    assert capped.chosen == 2 and set(capped.table.loc[capped.table["clusters"] > 2, "verdict"]) == {BEYOND}


def test_the_table_says_what_each_number_of_clusters_yields():
    counts = cluster_counts(groups((100, 75, 50), (1, 1, 1)), seed=1)
    table = counts.table.set_index("clusters")
    assert counts.chosen == 3
    assert table.index.tolist() == list(range(2, 9)) and (np.diff(table["inertia"]) < 0).all()
    assert table.loc[3, "smallest_share"] == pytest.approx(50 / 225)
    assert table.loc[3, ["adjusted_rand", "worst_jaccard"]].min() > 0.99
    assert table.loc[3, "inertia"] == counts.fits[3].inertia


@pytest.mark.parametrize("seed", range(3))
def test_the_mean_silhouette_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    values, places = rng.standard_normal((150, 3)), rng.integers(4, size=150)
    places[0] = 7  # alone in its cluster
    assert mean_silhouette(values, places) == pytest.approx(silhouette_score(values, places))


def test_a_silhouette_needs_several_clusters():
    assert np.isnan(mean_silhouette(np.eye(3), np.zeros(3)))
    assert mean_silhouette(np.zeros((4, 2)), np.array([0, 0, 1, 1])) == 0


def test_a_clouds_silhouette_is_hardly_exceeded_by_another_cloud():
    rng = np.random.default_rng(6)
    shape = np.array([3, 1])
    limit = cloud_silhouette(rng.standard_normal((300, 2)) * shape, np.zeros(300), 2, seed=1)
    drawn = []
    for seed in range(20):
        cloud = rng.standard_normal((300, 2)) * shape
        places, _ = nearest_centres(pd.DataFrame(cloud), fit_k_means(cloud, 2, seed=seed).centres)
        drawn.append(silhouette_score(cloud, places))
    assert max(drawn) < limit < max(drawn) + 0.2
