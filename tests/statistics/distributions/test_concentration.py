"""Gini and Lorenz against cases worked by hand, the definition by mean differences, and intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.statistics.distributions.concentration import (
    fewest_holders,
    gini,
    gini_limits,
    lorenz,
    top_limits,
    top_share,
)
from helpers.statistics.inference.resampling import bootstrap

HOLDINGS = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda values: sum(values) > 1e-3)


def test_gini_of_four_values_is_two_fifths():
    """value.md: [1, 1, 2, 6] → .4, exactly."""
    assert gini([1, 1, 2, 6]) == pytest.approx(0.4, abs=1e-12)


def test_gini_is_zero_for_equals_and_nearly_one_where_one_has_all():
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 5]) == pytest.approx(3 / 4)


@given(HOLDINGS)
def test_gini_is_half_the_mean_difference_of_pairs_over_the_mean(values):
    pairs = np.abs(np.subtract.outer(values, values)).mean()
    assert gini(values) == pytest.approx(pairs / (2 * np.mean(values)), abs=1e-9)


def test_the_curve_rises_from_nothing_to_all_with_the_smallest_first():
    curve = lorenz([6, 1, 2, 1])
    assert curve["total_share"].to_list() == pytest.approx([0, 0.1, 0.2, 0.4, 1])
    assert curve["holders_share"].to_list() == [0, 0.25, 0.5, 0.75, 1]


def test_a_thinned_curve_is_read_between_holders():
    curve = lorenz([6, 1, 2, 1], points=8)
    assert curve["holders_share"].to_list() == pytest.approx(np.arange(9) / 8)
    assert curve["total_share"].to_list() == pytest.approx([0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.7, 1])


def test_the_top_share_is_read_between_holders():
    assert top_share([1, 1, 2, 6], 0.25) == pytest.approx(0.6)
    assert top_share([1, 1, 2, 6], 0.375) == pytest.approx(0.7)


def test_equal_holders_at_the_border_hold_equal_parts_of_the_top():
    assert top_share([5, 5, 5, 5, 0], 0.4) == pytest.approx(0.5)


@given(HOLDINGS, st.floats(0.05, 0.95))
def test_the_fewest_holders_of_a_share_hold_just_that(values, share):
    assert top_share(values, fewest_holders(values, share)) == pytest.approx(share, abs=1e-6)


def test_the_fewest_holders_are_the_largest():
    assert fewest_holders([1, 1, 2, 6], 0.6) == pytest.approx(0.25)
    assert fewest_holders([1, 1, 2, 6], 0.7) == pytest.approx(0.375)
    assert fewest_holders([3, 3, 3, 3], 0.8) == pytest.approx(0.8)


def test_errors_are_those_of_the_bootstrap():
    values = np.random.default_rng(2).gamma(0.8, 50, 3_000).round(2)

    def drawn(weights):
        sample = np.repeat(values, weights)
        return {"gini": gini(sample), "top": top_share(sample, 0.2)}

    spread = bootstrap(drawn, np.arange(len(values)), draws=400, seed=3).std()
    assert gini_limits(values)["std_error"][0] == pytest.approx(spread["gini"], rel=0.08)
    assert top_limits(values, [0.2])["std_error"][0] == pytest.approx(spread["top"], rel=0.08)


@pytest.mark.parametrize(
    "draw, true_gini, true_top",
    [
        (lambda rng: rng.exponential(9, 500), 0.5, 0.2 - 0.2 * np.log(0.2)),
        pytest.param(lambda rng: rng.uniform(0, 4, 500), 1 / 3, 0.36, marks=pytest.mark.long),
    ],
)
def test_limits_hold_the_truth_in_about_ninety_five_of_a_hundred_samples(draw, true_gini, true_top):
    """An exponential's Lorenz curve is p + (1 − p) ln(1 − p) and its Gini ½; a uniform's are p² and ⅓."""
    rng, held = np.random.default_rng(8), []
    for _ in range(500):
        values = draw(rng)
        of_gini, of_top = gini_limits(values).loc[0], top_limits(values, [0.2]).loc[0]
        held.append([of_gini["lower"] <= true_gini <= of_gini["upper"], of_top["lower"] <= true_top <= of_top["upper"]])
    assert np.mean(held, axis=0) == pytest.approx([0.95, 0.95], abs=0.03)


def test_limits_stay_between_nothing_and_all():
    one_has_most = [*([1.0] * 30), 1e6]
    assert gini_limits(one_has_most)["upper"][0] <= 1 and top_limits(one_has_most, [0.01, 0.2])["upper"].max() <= 1
    equals = gini_limits([3, 3, 3]).loc[0]
    assert equals["lower"] == equals["upper"] == pytest.approx(0)
    tops = top_limits([1, 1, 2, 6], [0.25, 0.375])
    assert tops["total_share"].to_list() == pytest.approx([0.6, 0.7]) and (tops["lower"] < tops["upper"]).all()


@pytest.mark.parametrize("values", [[], [0, 0], [5, -1], [1, float("nan")]])
def test_values_without_a_curve_are_refused(values):
    for measure in (gini, gini_limits, lorenz, lambda given: fewest_holders(given, 0.5)):
        with pytest.raises(ValueError, match="Lorenz curve takes values of 0 and above"):
            measure(values)
