"""Chain ladder against Mack's published example, a loop from the formula and cohorts whose end is known."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.reserves import chain_ladder

# Taylor & Ashe (1983), the example of Mack (1993), ASTIN Bulletin 23.
TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]


def triangle(rows) -> np.ndarray:
    return np.array([[*row, *[np.nan] * (len(rows) - len(row))] for row in rows], dtype=float)


def test_the_example_of_mack():
    ladder = chain_ladder(triangle(TAYLOR_ASHE))
    factors = [3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177]
    np.testing.assert_allclose(ladder.factors, factors, atol=5e-5)
    assert round(ladder.reserve) == 18_680_856
    assert round(ladder.total_std_error) == 2_447_095
    reserves = [0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641, 3_920_301, 4_278_972, 4_625_811]
    errors = [0, 75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258, 1_363_155]
    np.testing.assert_array_equal(np.round(ladder.ultimate - ladder.latest), reserves)
    np.testing.assert_array_equal(np.round(ladder.std_errors), errors)


def test_doubled_amounts_double_everything():
    once, twice = chain_ladder(triangle(TAYLOR_ASHE)), chain_ladder(2 * triangle(TAYLOR_ASHE))
    np.testing.assert_allclose(twice.std_errors, 2 * once.std_errors)
    assert twice.total_std_error == pytest.approx(2 * once.total_std_error)


def test_limits_hold_what_comes():
    """Cohorts of Mack's own model: limits hold the truth as often as they say, normal ones less often."""
    rng = np.random.default_rng(5)
    size, draws = 8, 200
    growth = 1 + np.exp(-np.arange(1, size) / 2)
    known = np.add.outer(np.arange(size), np.arange(size)) < size
    within = normal = 0
    for amounts in rng.gamma(400, 2.5, (draws, size, 1)):
        for factor in growth:
            before = amounts[:, -1:]
            amounts = np.concatenate([amounts, before + rng.gamma(before * (factor - 1) / 10, 10.0)], axis=1)
        ladder, came = chain_ladder(np.where(known, amounts, np.nan)), amounts[:, -1].sum()
        low, high = ladder.total_limits()
        within += low <= came <= high
        normal += abs(came - ladder.ultimate.sum()) <= 1.96 * ladder.total_std_error
    assert 0.92 < within / draws < 0.98
    assert normal / draws < 0.92


def test_nothing_yet_is_nothing_to_come():
    ladder = chain_ladder([[0, 0, 0], [0, 0, np.nan], [0, np.nan, np.nan]])
    assert ladder.reserve == 0 and ladder.total_std_error == 0


@pytest.mark.parametrize("wrong", [[[1.0]], [[1, 2], [1, 2]], [[1, np.nan], [1, np.nan]], [[1, 2, 3], [1, 2, np.nan]]])
def test_what_is_no_triangle_is_refused(wrong):
    with pytest.raises(ValueError, match="as many ages as cohorts"):
        chain_ladder(wrong)
