"""How well lists agree with what came, against a published fixture and slow loops."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from helpers.statistics.rankings import discounted_gain, hits, list_accuracy

# github.com/recommenders-team/recommenders, tests/unit/recommenders/evaluation: three users, ten places
CAME = [[1, 2, 3], [1, 4, 5, 6, 7], [2, 5, 6, 8, 9, 10, 11, 12, 13, 14]]
LISTED = [[3, 10, 12], [10, 3, 5, 11, 13], [4, 10, 7, 13, 1, 3, 5, 2, 11, 14]]


def fixture() -> tuple[np.ndarray, csr_array]:
    relevant = np.zeros((3, 15))
    for user, goods in enumerate(CAME):
        relevant[user, goods] = 1
    return np.array([each + [-1] * (10 - len(each)) for each in LISTED]), csr_array(relevant)


def test_the_published_measures_are_reproduced():
    listed, relevant = fixture()
    means = list_accuracy(hits(listed, relevant), np.diff(relevant.indptr)).mean()
    assert means["precision"] == pytest.approx(0.26666, rel=1e-4)
    assert means["recall"] == pytest.approx(0.37777, rel=1e-4)
    assert means["ndcg"] == pytest.approx(0.38172, rel=1e-4)
    assert means["average_precision"] == pytest.approx(0.23613, rel=1e-4)
    assert means["hit"] == 1


def test_graded_gains_of_the_published_example():
    """Järvelin & Kekäläinen's measure as in Wikipedia's example: 3 2 3 0 1 2 beside the ideal of eight, k = 6."""
    ideal = sorted([3, 2, 3, 0, 1, 2, 3, 2], reverse=True)[:6]
    assert discounted_gain([3, 2, 3, 0, 1, 2]) / discounted_gain(ideal) == pytest.approx(0.785, abs=5e-4)


def test_all_measures_are_those_of_a_slow_loop():
    rng = np.random.default_rng(3)
    relevant = csr_array((rng.random((40, 20)) < 0.2).astype(float) + np.eye(40, 20) + np.eye(40, 20, -20))
    listed = np.array([rng.permutation(20)[:5] for _ in range(40)])
    listed[::3, 3:] = -1
    found = list_accuracy(hits(listed, relevant), np.diff(relevant.indptr))
    for row, places in enumerate(listed):
        came = set(relevant[[row]].indices)
        right = [good in came for good in places]
        gain = sum(hit / np.log2(place + 2) for place, hit in enumerate(right))
        ideal = sum(1 / np.log2(place + 2) for place in range(min(5, len(came))))
        precisions = [sum(right[: place + 1]) / (place + 1) for place, hit in enumerate(right) if hit]
        expected = [float(any(right)), sum(right) / 5, sum(right) / len(came), gain / ideal]
        assert found.iloc[row].tolist() == pytest.approx([*expected, sum(precisions) / min(5, len(came))])


def test_something_must_have_come():
    with pytest.raises(ValueError, match="relevant = 0: at least 1"):
        list_accuracy(np.zeros((2, 3), dtype=bool), np.array([1, 0]))
