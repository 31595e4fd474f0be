"""Agreement of labellings beside scikit-learn and a slow loop; stability where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.statistics.clusters.k_means import fit_k_means
from helpers.statistics.clusters.stability import adjusted_rand, bootstrap_stability, jaccards, overlaps


def labellings(seed: int, groups: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = rng.integers(groups, size=200)
    return first, np.where(rng.random(200) < 0.3, rng.integers(groups + 2, size=200), first)


@pytest.mark.parametrize("seed", range(4))
def test_the_adjusted_rand_index_is_scikit_learns(seed):
    first, second = labellings(seed)
    assert adjusted_rand(overlaps(first, second)) == pytest.approx(adjusted_rand_score(first, second))


def test_the_adjusted_rand_index_of_trivial_labellings_is_scikit_learns():
    for first, second in [([0, 0, 0], [0, 0, 0]), ([0, 1, 2], [2, 0, 1]), ([0, 0, 0], [0, 1, 2]), ([0], [0])]:
        assert adjusted_rand(overlaps(first, second)) == adjusted_rand_score(first, second)


def test_jaccards_agree_with_a_slow_loop_over_sets():
    first, second = labellings(9)
    found = jaccards(overlaps(first, second))
    for one in range(found.shape[0]):
        for other in range(found.shape[1]):
            a, b = set(np.flatnonzero(first == one)), set(np.flatnonzero(second == other))
            assert found[one, other] == pytest.approx(len(a & b) / len(a | b))


def test_groups_without_rows_have_no_overlap():
    counts = overlaps([0, 2, 2], [1, 0, 0])
    assert counts.tolist() == [[0, 1], [0, 0], [2, 0]]
    assert jaccards(counts).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_labels_of_different_rows_are_refused():
    with pytest.raises(ValueError, match="label the same rows"):
        overlaps([0, 1], [0])


def test_separate_groups_always_come_back_and_halves_of_a_round_cloud_do_not():
    rng = np.random.default_rng(2)
    apart = rng.standard_normal((900, 3)) + 9 * np.eye(3)[rng.integers(3, size=900)]
    stable = bootstrap_stability(apart, fit_k_means(apart, 3, seed=1).centres, seed=1)
    assert stable.adjusted_rand > 0.99 and stable.jaccards.min() > 0.99
    cloud = rng.standard_normal((4000, 3))
    loose = bootstrap_stability(cloud, fit_k_means(cloud, 3, seed=1).centres, seed=1)
    assert loose.adjusted_rand < 0.6 and loose.jaccards.max() < 0.75


def test_only_the_cluster_that_is_cut_at_will_is_unstable():
    """Two separate blobs, one of which has to be cut somewhere: Hennig's indices are by cluster for that."""
    rng = np.random.default_rng(3)
    values = np.vstack([rng.standard_normal((400, 2)) * 0.3 + 20, rng.standard_normal((1600, 2))])
    fit = fit_k_means(values, 3, seed=1)
    found = bootstrap_stability(values, fit.centres, seed=1).jaccards
    far = int(fit.centres.sum(axis=1).argmax())
    assert found[far] == pytest.approx(1) and np.delete(found, far).max() < 0.9


def test_a_cluster_that_no_resample_meets_counts_as_lost():
    values = np.vstack([np.random.default_rng(0).standard_normal((50, 2))])
    centres = np.vstack([fit_k_means(values, 2, seed=1).centres, [[1e6, 1e6]]])
    found = bootstrap_stability(values, centres, seed=1).jaccards
    assert found[2] == 0 and found[:2].min() > 0


def test_the_same_seed_gives_the_same_stability():
    values = np.random.default_rng(1).standard_normal((300, 2))
    centres = fit_k_means(values, 3, seed=1).centres
    first, again = (bootstrap_stability(values, centres, seed=5) for _ in range(2))
    assert first.adjusted_rand == again.adjusted_rand and (first.jaccards == again.jaccards).all()
