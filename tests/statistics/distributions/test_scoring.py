from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helpers.statistics.distributions.scoring import effective_bins, quantile_cuts, scores


def test_cuts_are_the_next_larger_values_above_the_quantiles():
    """Type 7 quantiles of 1 … 10 at 20, 40, 60 and 80%: 1 + 9p, so 2.8, 4.6, 6.4, 8.2."""
    cuts = quantile_cuts(range(1, 11), 5)
    assert cuts == (3, 5, 7, 9)
    assert scores(range(1, 11), cuts).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_with_a_margin_of_one_they_are_those_of_r_rfm():
    cuts = quantile_cuts(range(1, 11), 5, margin=1)
    assert cuts == pytest.approx((3.8, 5.6, 7.4, 9.2))
    assert scores(range(1, 11), cuts).tolist() == [1, 1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_whoever_lies_at_a_quantile_scores_beneath_its_cut():
    """With 0, 10, … 50 the 20% quantile is 10 itself: beneath the cut, but at it where the cut is the quantile."""
    values = [0, 10, 20, 30, 40, 50]
    assert scores(values, quantile_cuts(values, 5)).tolist() == [1, 1, 2, 3, 4, 5]
    assert scores(values, quantile_cuts(values, 5, margin=0)).tolist() == [1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(("values", "last"), [([3, 4, 4, 4], 5), ([1, 1, 1], 2), ([0, 0], 5e-324), ([-2, -2], 0)])
def test_above_the_largest_value_a_cut_is_one_step_more(values, last):
    cuts = quantile_cuts(values, 4)
    assert cuts[-1] == last and scores(values, cuts).max() < 4


@given(
    arrays.arrays(float, st.integers(1, 60), elements=st.integers(-9, 99)),
    st.integers(2, 7),
    st.sampled_from([1e-4, 1e4, 1 / 3, 0.07]),
)
def test_scores_do_not_depend_on_the_unit_of_the_values(values, bins, unit):
    scaled = values * unit
    assert (scores(scaled, quantile_cuts(scaled, bins)) == scores(values, quantile_cuts(values, bins))).all()


def test_a_value_at_a_cut_belongs_to_the_higher_score():
    assert scores([9.99, 10, 10.01], [10]).tolist() == [1, 2, 2]


def test_descending_scores_are_the_ascending_ones_turned_round():
    values, cuts = [1, 30, 31, 90, 400], [30, 90, 180]
    assert scores(values, cuts, descending=True).tolist() == [4, 3, 3, 2, 1]
    assert (scores(values, cuts) + scores(values, cuts, descending=True) == 5).all()


@given(arrays.arrays(float, st.integers(1, 80), elements=st.integers(0, 12)), st.integers(2, 10))
def test_equal_values_never_get_different_scores_and_larger_ones_never_lower_scores(values, bins):
    scored = scores(values, quantile_cuts(values, bins))
    assert all(len(set(scored[values == value])) == 1 for value in set(values))
    assert (np.diff(scored[np.argsort(values)]) >= 0).all()
    assert scored.min() >= 1 and scored.max() <= bins


def test_ties_leave_fewer_bins_than_were_asked_for():
    orders = np.repeat([1, 2, 9], [61, 24, 15])
    scored = scores(orders, quantile_cuts(orders, 5))
    assert scored[[0, 61, 85]].tolist() == [1, 4, 5]  # the 20, 40 and 60% quantiles are all 1, the 80% one is 2
    assert effective_bins(scored) == 3


def test_missing_values_do_not_move_the_cuts_but_cannot_be_scored():
    assert quantile_cuts([1, np.nan, 2, 3], 2) == quantile_cuts([1, 2, 3], 2)
    with pytest.raises(ValueError, match="values = 1 missing"):
        scores([1, np.nan], [2])


@pytest.mark.parametrize("cuts", [[2, 1], [1, np.nan]])
def test_cuts_out_of_order_are_refused(cuts):
    with pytest.raises(ValueError, match="rising order"):
        scores([1, 2], cuts)


def test_one_bin_and_no_values_are_refused():
    with pytest.raises(ValueError, match="at least 2"):
        quantile_cuts([1, 2], 1)
    with pytest.raises(ValueError, match="at least one known value"):
        quantile_cuts([np.nan], 5)
