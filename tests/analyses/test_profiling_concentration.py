"""Gini and Lorenz against cases worked by hand and the definition by mean differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analyses.profiling import gini, lorenz, top_share


def test_gini_of_four_values_is_two_fifths():
    """value.md: [1, 1, 2, 6] → .4, exactly."""
    assert gini([1, 1, 2, 6]) == pytest.approx(0.4, abs=1e-12)


def test_gini_is_zero_for_equals_and_nearly_one_where_one_has_all():
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 5]) == pytest.approx(3 / 4)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda values: sum(values) > 1e-3))
def test_gini_is_half_the_mean_difference_of_pairs_over_the_mean(values):
    pairs = np.abs(np.subtract.outer(values, values)).mean()
    assert gini(values) == pytest.approx(pairs / (2 * np.mean(values)), abs=1e-9)


def test_the_curve_rises_from_nothing_to_all_with_the_smallest_first():
    assert lorenz([6, 1, 2, 1])["revenue_share"].to_list() == pytest.approx([0, 0.1, 0.2, 0.4, 1])


def test_the_top_share_is_read_between_customers():
    assert top_share([1, 1, 2, 6], 0.25) == pytest.approx(0.6)
    assert top_share([1, 1, 2, 6], 0.375) == pytest.approx(0.7)


@pytest.mark.parametrize("values", [[], [0, 0], [5, -1]])
def test_values_without_a_curve_are_refused(values):
    with pytest.raises(ValueError, match="Lorenz curve takes values of 0 and above"):
        gini(values)
