"""Shares along groups that have an order."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import Table

from helpers.statistics.shares.trends import trend_in_shares


@pytest.mark.parametrize(
    ("count", "n", "scores"),
    [
        ([40, 30, 12], [100, 150, 200], None),
        ([3, 5, 2, 9], [20, 18, 25, 21], None),
        ([40, 30, 12], [100, 150, 200], [0, 50, 75]),
        ([0, 7], [12, 30], None),
    ],
)
def test_it_is_statsmodels_test_of_ordinal_association(count, n, scores):
    count, n = np.array(count), np.array(n)
    at = None if scores is None else np.array(scores)
    theirs = Table(np.array([n - count, count]), shift_zeros=False).test_ordinal_association(col_scores=at)
    ours = trend_in_shares(count, n, scores)
    assert ours.z == pytest.approx(theirs.zscore, rel=1e-10)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-10)


def test_it_is_the_correlation_of_score_and_outcome():
    """M² = (n − 1) r² (Agresti 2002, section 3.4), row by row."""
    count, n = [4, 9, 15], [30, 30, 30]
    score = np.repeat([0, 1, 2], n)
    outcome = np.concatenate([np.arange(size) < events for events, size in zip(count, n, strict=True)])
    r = np.corrcoef(score, outcome)[0, 1]
    assert trend_in_shares(count, n).z == pytest.approx(r * np.sqrt(89))


def test_order_matters_and_direction_is_told():
    falling, rising = trend_in_shares([30, 20, 10], [60, 60, 60]), trend_in_shares([10, 20, 30], [60, 60, 60])
    assert falling.z == pytest.approx(-rising.z) and falling.p_value == pytest.approx(rising.p_value)
    assert trend_in_shares([30, 10, 30], [60, 60, 60]).p_value == pytest.approx(1)  # a valley is no trend


def test_equal_shares_show_a_trend_as_seldom_as_said():
    rng = np.random.default_rng(3)
    n = np.array([120, 60, 90])
    found = [trend_in_shares(rng.binomial(n, 0.3), n).p_value < 0.05 for _ in range(600)]
    assert np.mean(found) == pytest.approx(0.05, abs=0.025)


def test_where_nothing_can_differ_there_is_no_p_value():
    for count, n in [([0, 0], [5, 9]), ([5, 9], [5, 9]), ([2], [5]), ([2, 0], [5, 0]), ([0, 0], [0, 0])]:
        assert np.isnan(trend_in_shares(count, n).p_value)
    with pytest.raises(ValueError, match=r"count = \[7.0\] of n = \[5.0\]: a count lies between 0 and n"):
        trend_in_shares([7], [5])
    with pytest.raises(ValueError, match="give one of each a group"):
        trend_in_shares([1, 2], [5])
