"""Jumps at a threshold on many draws, curves and sizes, and rdrobust's published example where it is installed."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from discontinuities import CURVES, jumps, missed
from helpers.statistics.discontinuities import jump

DRAWS = 400
NOMINAL = {"line": 0.06, "rising": 0.06, "steep": 0.08}  # share of intervals that miss: curves leave a bias


@pytest.mark.parametrize("rows", [200, 1000, 4000])
@pytest.mark.parametrize("curve", CURVES)
def test_intervals_hold_the_truth(curve: str, rows: int):
    """The share that miss is no higher than nominal but for once in a thousand, whether the jump is 0 or .3."""
    least = binom.ppf(0.999, DRAWS, NOMINAL[curve])
    told = jumps(CURVES[curve], 0.3, rows, DRAWS)
    assert missed(told, 0.3) <= least
    if curve == "line" and rows == 4000:
        assert sum(each.p_value < 0.05 for each in told) > 0.9 * DRAWS


def test_the_example_of_rdrobust():
    """Calonico, Cattaneo, Farrell & Titiunik (2017), Stata Journal 17: U.S. Senate, 7.414 by a bandwidth of 17.754."""
    peer = pytest.importorskip("rdrobust", reason="rdrobust, with the data of its example, is beside the project")
    senate = peer.rdrobust_RDsenate()[["margin", "vote"]].dropna()
    told = jump(senate["margin"], senate["vote"])
    assert (round(told.estimate, 3), round(told.bandwidth, 3)) == (7.414, 17.754)
    assert (told.rows_below, told.rows_above) == (360, 323)
    assert told.lower > 4
