from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_rel

from helpers.statistics.effects import paired_change


def units(n: int = 60) -> np.ndarray:
    """Money now and before, orders now and before, of customers who spend very unlike one another."""
    rng = np.random.default_rng(4)
    orders = rng.poisson(2, (n, 2)) + 1
    return np.column_stack([orders * rng.lognormal(2, 1, (n, 1)) * rng.lognormal(0, 0.5, (n, 2)), orders])


def change(rows: np.ndarray, **how: bool) -> tuple[float, float]:
    return paired_change(rows.sum(axis=0), rows.T @ rows, len(rows), **how)


def test_the_ends_of_a_totals_change_are_those_that_a_paired_t_test_just_refutes():
    rows = units()
    for end, side in zip(change(rows), ("greater", "less"), strict=True):
        assert ttest_rel(rows[:, 0] / (1 + end), rows[:, 1], alternative=side).pvalue == pytest.approx(0.025)


def test_a_ratio_whose_denominators_did_not_change_moves_as_its_total():
    rows = units()
    rows[:, 2:] = 1
    assert change(rows, denominators=True) == pytest.approx(change(rows), abs=0.02)
    lower, upper = change(units(), denominators=True)
    assert lower < units()[:, [0, 3]].sum(axis=0).prod() / units()[:, [1, 2]].sum(axis=0).prod() - 1 < upper


def test_money_in_another_unit_and_doubled_customers_change_what_they_must():
    rows = units()
    assert change(rows * [7, 7, 1, 1], denominators=True) == pytest.approx(change(rows, denominators=True))
    back = change(rows[:, [1, 0]])
    assert [1 / (1 + end) - 1 for end in reversed(back)] == pytest.approx(change(rows), abs=0.03)
    narrow = change(np.tile(rows, (4, 1)))
    assert np.diff(narrow) < 0.6 * np.diff(change(rows))


def test_what_cannot_be_compared_is_nan_and_what_is_too_uncertain_has_no_end():
    assert np.isnan(change(units(1))).all() and np.isnan(change(units() * [1, 0, 1, 1])).all()
    assert np.isnan(change(np.ones((9, 2)))).all()
    lone = np.zeros((30, 2))
    lone[0], lone[1] = (5, 0), (0, 5)
    assert np.isinf(change(lone)[1])
