"""k-means where the truth is known, and every row's nearest centre beside a slow loop."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_info, threadpool_limits

from helpers.statistics.clusters import k_means
from helpers.statistics.clusters.k_means import fit_k_means, nearest_centres, one_thread, seeded_sample


def blobs(sizes=(300, 200, 100), seed=3) -> tuple[np.ndarray, np.ndarray]:
    """Rows of separate blobs in three dimensions, with the blob of each."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    middles = np.array([[0, 0, 0], [8, 0, 3], [0, 9, -4], [-9, -8, 5]])[: len(sizes)]
    return middles[truth] + rng.standard_normal((len(truth), 3)), truth


def test_separate_blobs_are_found_whatever_the_seed():
    values, truth = blobs()
    for seed in range(5):
        places, _ = nearest_centres(pd.DataFrame(values), fit_k_means(values, 3, seed=seed).centres)
        assert adjusted_rand_score(truth, places) == 1


def test_no_pair_of_rows_as_centres_is_better():
    """Each cluster's own mean only improves on any two rows to start from."""
    values = np.random.default_rng(1).lognormal(sigma=0.5, size=(40, 2))
    squares = ((values[:, None] - values) ** 2).sum(axis=2)
    best = min(np.minimum(squares[one], squares[other]).sum() for one in range(40) for other in range(one))
    assert fit_k_means(values, 2, seed=1).inertia < best


def test_the_fit_is_where_lloyds_steps_end():
    """Each centre is the mean of the rows nearest to it, and the inertia is their squared distances."""
    values, _ = blobs()
    fit = fit_k_means(values, 3, seed=2)
    places, distances = nearest_centres(pd.DataFrame(values), fit.centres)
    np.testing.assert_allclose(fit.centres, [values[places == place].mean(axis=0) for place in range(3)])
    assert fit.inertia == pytest.approx((distances**2).sum())


def test_the_same_seed_gives_the_same_centres():
    values = np.random.default_rng(0).standard_normal((500, 2))
    first, again, other = (fit_k_means(values, 6, seed=seed).centres for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.filterwarnings("error")
def test_fewer_different_rows_than_clusters_leave_no_distance():
    values = np.repeat([[0.0, 1.0], [5.0, 2.0]], 10, axis=0)
    fit = fit_k_means(values, 4, seed=1)
    assert fit.inertia == 0 and len(fit.centres) == 4


@pytest.mark.parametrize("change", ["units", "order", "doubled", "moved"])
def test_the_same_groups_are_found_in_other_units_another_order_doubled_and_moved(change):
    values, _ = blobs()
    rows = np.random.default_rng(1).permutation(len(values)) if change == "order" else np.arange(len(values))
    changed = {"units": values * 7, "doubled": np.vstack([values, values]), "moved": values + 1000}
    fit = fit_k_means(values, 3, seed=1)
    again = fit_k_means(changed.get(change, values[rows]), 3, seed=1)
    places, _ = nearest_centres(pd.DataFrame(values[rows]), fit.centres)
    others, _ = nearest_centres(pd.DataFrame(changed.get(change, values[rows])[: len(values)]), again.centres)
    assert adjusted_rand_score(places, others) == 1


def test_within_one_thread_every_library_keeps_to_one():
    with threadpool_limits(2), one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}


@pytest.mark.parametrize(
    "values, rule",
    [
        (np.zeros((3, 2)), "clusters = 4"),
        (np.full((9, 2), np.nan), "18 missing"),
    ],
)
def test_rows_that_cannot_be_fitted_are_refused(values, rule):
    with pytest.raises(ValueError, match=rule):
        fit_k_means(values, 4, seed=1)


def test_nearest_centres_agree_with_a_slow_loop_over_several_chunks(monkeypatch):
    monkeypatch.setattr(k_means, "CHUNK_ROWS", 64)
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"days": rng.integers(0, 400, 200), "money": rng.lognormal(size=200)})
    table.loc[[5, 130], "money"] = np.nan
    table.loc[64:127, "money"] = np.nan  # a whole chunk
    centres = rng.standard_normal((5, 2))
    places, distances = nearest_centres(table, centres, lambda values: values / [100, 1])
    for row, place, distance in zip(table.to_numpy() / [100, 1], places, distances, strict=True):
        apart = [np.sqrt(sum((x - c) ** 2 for x, c in zip(row, centre, strict=True))) for centre in centres]
        if np.isnan(row).any():
            assert place == -1 and np.isnan(distance)
        else:
            assert place == int(np.argmin(apart)) and distance == pytest.approx(min(apart))


def test_scoring_holds_little_beyond_its_answer():
    table = pd.DataFrame(np.random.default_rng(0).standard_normal((1_000_000, 3)))
    tracemalloc.start()
    places, distances = nearest_centres(table, np.eye(3), lambda values: values * 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < places.nbytes + distances.nbytes + 15e6  # the rows themselves are 24 MB


def test_samples_are_seeded_rising_and_without_repeats():
    drawn = seeded_sample(1000, 100, seed=1)
    assert len(np.unique(drawn)) == 100 and (np.diff(drawn) > 0).all() and drawn.max() < 1000
    np.testing.assert_array_equal(drawn, seeded_sample(1000, 100, seed=1))
    assert seeded_sample(5, 100, seed=1).tolist() == [0, 1, 2, 3, 4]
