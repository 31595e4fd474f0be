"""The goods that a rule scores best."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from helpers.statistics.recommenders import NONE, Weighted, best

RNG = np.random.default_rng(2)
SCORES = np.round(RNG.random((23, 9)), 1)  # many ties
STANDING = RNG.permutation(9) / 9
RULE = Weighted(csr_array(SCORES))


def slowly(row: int, barred: set[int], places: int) -> list[int]:
    left = [good for good in range(9) if good not in barred]
    return sorted(left, key=lambda good: (-SCORES[row, good], -STANDING[good]))[:places]


@pytest.mark.parametrize("places", [1, 4, 9])
@pytest.mark.parametrize("block_rows", [1, 10, 100])
def test_the_best_are_those_of_a_slow_sort_whatever_the_blocks(places, block_rows):
    rows = RNG.permutation(23)
    barred = csr_array((RNG.random((23, 9)) < 0.3).astype(float))
    goods, scores = best(RULE, rows, places, standing=STANDING, barred=barred, block_rows=block_rows)
    for row, listed, values in zip(rows, goods, scores):
        expected = slowly(row, set(barred[[row]].indices), places)
        assert [good for good in listed if good != NONE] == expected
        assert values[: len(expected)] == pytest.approx(SCORES[row, expected], abs=1e-8)


def test_neither_the_order_of_the_columns_nor_rounding_decides():
    order = RNG.permutation(9)
    noisy = Weighted(csr_array(SCORES[:, order] + RNG.normal(0, 1e-14, SCORES.shape)))
    goods, _ = best(RULE, np.arange(23), 5, standing=STANDING)
    other, _ = best(noisy, np.arange(23), 5, standing=STANDING[order])
    assert (order[other] == goods).all()


def test_a_list_longer_than_the_goods_ends_empty():
    goods, scores = best(RULE, np.arange(2), 11, standing=STANDING)
    assert (goods[:, 9:] == NONE).all() and np.isneginf(scores[:, 9:]).all() and (goods[:, :9] != NONE).all()
