"""What the purchase of one good says of another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from helpers.statistics.recommenders import bought_together, cosines, ridge_weights

X = (np.random.default_rng(1).random((60, 12)) < 0.3).astype(float)
TOGETHER = bought_together(csr_array(X))


def test_goods_bought_together_are_counted():
    assert TOGETHER == pytest.approx(X.T @ X)


def test_cosines_are_those_of_columns_and_a_good_says_nothing_of_itself_nor_one_nobody_bought():
    weights = cosines(np.pad(TOGETHER, (0, 1)))
    assert weights[2, 5] == pytest.approx(X[:, 2] @ X[:, 5] / np.linalg.norm(X[:, 2]) / np.linalg.norm(X[:, 5]))
    assert not np.diag(weights).any() and not weights[-1].any()


def test_ease_is_a_ridge_regression_of_each_good_on_all_others():
    """Steck (2019): column by column, the own good left out; equal to 1e-10."""
    weights = ridge_weights(TOGETHER, 7.0)
    for good in range(X.shape[1]):
        others = np.delete(np.arange(X.shape[1]), good)
        x = X[:, others]
        expected = np.linalg.solve(x.T @ x + 7.0 * np.eye(len(others)), x.T @ X[:, good])
        assert weights[others, good] == pytest.approx(expected, abs=1e-10)
        assert weights[good, good] == 0
    assert bought_together(csr_array(X)) == pytest.approx(TOGETHER), "what it was given is untouched"


def test_a_penalty_is_above_zero():
    with pytest.raises(ValueError, match="penalty = 0: above 0"):
        ridge_weights(TOGETHER, 0)
