"""What is hidden of rows × columns follows from no sum, and from no sums together."""

from __future__ import annotations

import numpy as np

from helpers.findings.folding import SMALLEST_GROUP as LEAST
from helpers.findings.privacy.companions import few, with_companions


def lines_of(cells: np.ndarray) -> list[np.ndarray]:
    places = np.arange(cells.size).reshape(cells.shape)
    return [*places, *places.T]


def unseen(cells: np.ndarray) -> np.ndarray:
    counts = cells.ravel().astype(float)
    return with_companions(few(counts), counts, lines_of(cells)).reshape(cells.shape)


def told(cells: np.ndarray, hidden: np.ndarray) -> list[int]:
    """The small counts that somebody solves for who knows all sums of at least the smallest group."""
    places = np.flatnonzero(hidden)
    sums = [np.isin(places, line) for line in lines_of(cells) if cells.ravel()[line].sum() >= LEAST]
    known = np.array(sums or [np.zeros(len(places))], dtype=float)
    rank = np.linalg.matrix_rank(known)
    alone = np.eye(len(places))
    return [
        int(cells.ravel()[place])
        for place, one in zip(places, alone, strict=True)
        if 0 < cells.ravel()[place] < LEAST and np.linalg.matrix_rank(np.vstack([known, one])) == rank
    ]


def test_a_count_that_no_sum_tells_alone_but_all_together_is_kept_by_one_more():
    cells = np.array([[50, 12, 20, 20], [200, 0, 1, 0], [3, 0, 200, 1]])
    two_a_line = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [1, 0, 1, 1]], dtype=bool)
    assert told(cells, two_a_line) == [1]  # 12 is all of its column, so 20 is known, and with it the 1 below
    assert told(cells, unseen(cells)) == [] and unseen(cells)[0, 2]


def test_where_nothing_else_is_left_a_count_of_nobody_is_hidden_too():
    cells = np.array([[LEAST + 2, 0], [LEAST - 2, LEAST - 1]])
    assert unseen(cells).all()


def test_no_small_count_of_a_cross_table_follows_from_its_sums():
    rng = np.random.default_rng(3)
    for _ in range(150):
        cells = rng.choice([0, 1, 3, LEAST - 1, LEAST + 2, 20, 50, 200], rng.integers(2, 9, 2))
        assert told(cells, unseen(cells)) == [], cells


def test_what_was_hidden_before_stays_so_and_what_is_missing_is_no_companion_that_is_known():
    counts = np.array([np.nan, 4.0, 50.0, 70.0])
    assert with_companions(few(counts), counts, [np.arange(4)]).tolist() == [False, True, False, False]


def test_a_total_beside_sums_of_its_parts_hides_no_more_than_its_own_line_asks():
    counts = np.array([3.0, 13, 0, 50, 40, 3, 0])
    lines = [np.array([0, 1, 2]), np.array([3, 4]), np.array([5, 6]), np.arange(7)]
    assert with_companions(few(counts), counts, lines).tolist() == [True, True, False, False, False, True, False]
