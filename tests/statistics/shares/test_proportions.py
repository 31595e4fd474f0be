from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.statistics.shares.proportions import equal_shares, independent_rows, leads, wilson_interval


def test_satisfied_customers_have_the_interval_of_the_formula():
    """Case C1 of the behaviour cases: 30 satisfied of 50, 95 % [46.18, 72.39]."""
    lower, upper = wilson_interval(30, 50)
    assert (round(100 * float(lower), 2), round(100 * float(upper), 2)) == (46.18, 72.39)


def test_the_bounds_are_the_shares_that_the_score_test_just_accepts():
    count, n, alpha = 7, 40, 0.1
    for bound in wilson_interval(count, n, alpha):
        z = (count / n - bound) / np.sqrt(bound * (1 - bound) / n)
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(alpha)


def test_rows_of_one_customer_count_as_far_as_they_differ():
    """60 customers with 5 rows each: all alike within a customer they are 60, drawn by chance about 300."""
    share = 0.4
    same = independent_rows(120, 300, 24 * (5 - share * 5) ** 2 + 36 * (share * 5) ** 2, 60)
    assert same == pytest.approx(60 * 59 / 60)
    assert independent_rows([0, 300], 300, 0, 60).tolist() == [60, 60]
    assert independent_rows(3, 6, 0, 1) == 1 and independent_rows(0, 0, 0, 0) == 0


def test_an_interval_over_repeated_customers_holds_the_true_share():
    """150 customers, 1 to 15 orders, each with an inclination of its own (ρ = .33): coverage 95 %, by rows 70 %."""
    rng = np.random.default_rng(8)
    m = rng.integers(1, 16, (1000, 150))
    x = rng.binomial(m, rng.beta(0.4, 1.6, m.shape))
    count, n = x.sum(axis=1), m.sum(axis=1)
    size = independent_rows(count, n, ((x - (count / n)[:, None] * m) ** 2).sum(axis=1), 150)
    held = [(low < 0.2) & (0.2 < high) for low, high in (wilson_interval(count / n * s, s) for s in (size, n))]
    assert held[0].mean() > 0.92 and held[1].mean() < 0.8


def test_an_array_of_counts_gives_an_array_of_bounds_and_none_for_nobody():
    lower, upper = wilson_interval([0, 3, 10, 0], [10, 10, 10, 0])
    assert lower.shape == upper.shape == (4,)
    assert lower[0] == 0 and upper[2] == 1
    assert (lower[:3] <= [0, 0.3, 1]).all() and (upper[:3] >= [0, 0.3, 1]).all()
    assert np.isnan([lower[3], upper[3]]).all()


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5])
def test_the_interval_covers_the_true_share_about_as_often_as_stated(share):
    n = np.arange(50, 90)[:, None]
    count = np.minimum(np.arange(90), n)
    lower, upper = wilson_interval(count, n)
    reached = np.arange(90) <= n
    weight = stats.binom.pmf(count, n, share) * reached
    coverage = (weight * ((lower <= share) & (share <= upper))).sum(axis=1)
    assert 0.94 < coverage.mean() < 0.965


def test_a_count_above_n_is_refused():
    with pytest.raises(ValueError, match="count = 11 of n = 10"):
        wilson_interval([3, 11], 10)


def test_equal_shares_has_a_p_value_and_shares_that_cannot_differ_have_none():
    assert equal_shares(pd.Series([10, 30]), pd.Series([100, 100])) == pytest.approx(0.00085, abs=2e-4)  # with Yates
    assert np.isnan(equal_shares(pd.Series([0, 0]), pd.Series([5, 9])))
    assert np.isnan(equal_shares(pd.Series([3]), pd.Series([5])))


@pytest.mark.parametrize(
    ("counts", "ahead"),
    [
        ([60, 40], False),
        ([61, 39], True),
        ([39, 3, 61], True),
        ([5, 5], False),
        ([30], True),
        ([5], False),
        ([], False),
    ],
)
def test_a_count_leads_where_the_sign_test_says_so(counts, ahead):
    """Exact: of 100 the two-sided p-value is .0569 at 60 and .0352 at 61; of 5 alone it is .0625."""
    assert leads(counts) is ahead
