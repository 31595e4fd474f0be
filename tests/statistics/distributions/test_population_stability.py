"""The population stability index beside a slow loop, by hand, and by simulation of what chance does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from helpers.statistics.distributions.population_stability import (
    bin_shares,
    index_by_chance,
    quantile_edges,
    stability_index,
)


def test_the_index_by_hand():
    """(.2 − .5) ln(.2/.5) + (.8 − .5) ln(.8/.5) = .27489 + .14100."""
    assert stability_index([0.5, 0.5], [0.2, 0.8]) == pytest.approx(0.4158883)
    assert stability_index([0.5, 0.5], [0.5, 0.5]) == 0


def test_the_index_agrees_with_a_slow_loop_from_raw_values():
    rng = np.random.default_rng(1)
    before, after = rng.gamma(2, 50, 3000), rng.gamma(2.5, 55, 1000)
    edges = quantile_edges(before)
    total = 0.0
    for low, high in zip([-math.inf, *edges], [*edges, math.inf], strict=True):
        expected = sum(low < value <= high for value in before) / len(before)
        actual = sum(low < value <= high for value in after) / len(after)
        total += (actual - expected) * math.log(actual / expected)
    assert total > 0.1
    assert stability_index(bin_shares(before, edges), bin_shares(after, edges)) == pytest.approx(total)


def test_bins_of_untied_values_are_equally_full():
    values = np.random.default_rng(0).standard_normal(1000)
    np.testing.assert_allclose(bin_shares(values, quantile_edges(values)), 0.1)


def test_tied_values_share_a_bin_and_leave_fewer():
    orders = np.array([1] * 70 + [2] * 20 + [9] * 10)
    edges = quantile_edges(orders)
    assert edges.tolist() == [1, 2]
    np.testing.assert_allclose(bin_shares(orders, edges), [0.7, 0.2, 0.1])
    assert quantile_edges(np.ones(5)).size == 0 and bin_shares([3, 4], []).tolist() == [1]


def test_an_empty_bin_counts_as_one_in_ten_thousand():
    assert stability_index([0.5, 0.5, 0], [0.5, 0.5, 0]) == 0
    assert stability_index([0.9, 0.1], [1, 0]) == pytest.approx(
        0.1 * math.log(1 / 0.9) + (0.0001 - 0.1) * math.log(0.0001 / 0.1)
    )


def test_missing_values_are_left_out_and_none_at_all_refused():
    np.testing.assert_allclose(bin_shares([1, np.nan, 3, 5], [2]), [1 / 3, 2 / 3])
    with pytest.raises(ValueError, match="values = none"):
        bin_shares([np.nan], [2])
    with pytest.raises(ValueError, match="same bins"):
        stability_index([0.5, 0.5], [1])


@pytest.mark.parametrize("n, m", [(400, 400), (2000, 150)])
def test_chance_stays_under_its_limit_nineteen_times_in_twenty(n, m):
    rng = np.random.default_rng(8)
    indices = []
    for _ in range(1000):
        drawn = rng.multinomial([n, m], np.full(10, 0.1)) / np.array([[n], [m]])
        indices.append(stability_index(*drawn))
    assert np.mean(np.array(indices) < index_by_chance(10, n, m)) == pytest.approx(0.95, abs=0.025)
    assert index_by_chance(1, n, m) == 0
