"""The choice stays within its limits, and is as good as HiGHS's or within the gap that it tells."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from helpers.statistics.allocation import allocate

COSTS = np.array([12, 6, 3, 1, 0.5, 0.1])


def instance(n, seed=0):
    """`n` customers and six actions, a third of them impossible: a budget, three channels, four people who call."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(1.2, 6, (n, 6)) * rng.uniform(0, 1, (n, 1)) - 0.3 * COSTS
    values[rng.random((n, 6)) < 1 / 3] = np.nan
    who = np.full((n, 6), -1)
    who[:, 0] = rng.integers(3, 7, n)
    sizes = [0.05 * n, 0.2 * n, np.inf, *[0.01 * n] * 4]
    return {"values": values, "costs": COSTS, "budget": 0.6 * n, "groups": [[0, 1, 1, 2, 2, 1], who], "sizes": sizes}


def linear_programme(values, costs, budget, groups, sizes):
    """What HiGHS finds where customers may be divided: no choice of whole ones is worth more."""
    rows, options = np.nonzero(np.nan_to_num(values) > 0)
    at = np.arange(len(rows))
    paid = np.broadcast_to(costs, values.shape)[rows, options]
    uses = [sparse.csr_matrix(paid)]
    numbers = [np.broadcast_to(np.atleast_2d(group), values.shape)[rows, options] for group in groups]
    limited = [size for size in range(len(sizes)) if np.isfinite(sizes[size])]
    uses += [sparse.csr_matrix(sum(group == size for group in numbers).astype(float)) for size in limited]
    once = sparse.csr_matrix((np.ones(len(at)), (rows, at)), (len(values), len(at)))
    limits = np.r_[np.ones(len(values)), budget, np.array(sizes)[limited]]
    found = linprog(-values[rows, options], sparse.vstack([once, *uses]), limits, bounds=(0, 1), method="highs")
    return -found.fun


def enumerated(values, costs, budget):
    """The most that any choice of whole options is worth within the budget."""
    options = range(-1, values.shape[1])
    worth, paid = np.c_[values, np.zeros(len(values))], np.r_[costs, 0.0]
    return max(
        sum(worth[row, option] for row, option in enumerate(chosen))
        for chosen in itertools.product(options, repeat=len(values))
        if sum(paid[option] for option in chosen) <= budget
    )


@pytest.mark.parametrize("n", [100, 1000])
def test_it_is_as_good_as_the_linear_programme_but_for_the_gap_that_it_tells(n):
    given = instance(n)
    found, most = allocate(**given), linear_programme(**given)
    assert found.bound == pytest.approx(most, rel=2e-4)
    assert found.bound >= most * (1 - 1e-9)
    assert found.gap < 3 / n
    assert found.value == pytest.approx((1 - found.gap) * found.bound)


@pytest.mark.parametrize("seed", range(6))
def test_of_few_the_best_choice_is_between_value_and_bound(seed):
    rng = np.random.default_rng(seed)
    values, costs = rng.uniform(0, 10, (5, 2)), np.array([3.0, 5.0])
    found = allocate(values, costs=costs, budget=11)
    best = enumerated(values, costs, 11)
    assert found.value <= best <= found.bound * (1 + 1e-9)
    assert found.value >= best - values.max()


@pytest.mark.parametrize("seed", range(4))
def test_a_knapsack_of_twelve_is_filled_to_within_its_gap(seed):
    """Every set of twelve things, weighed (0-1 knapsack)."""
    rng = np.random.default_rng(seed)
    values, costs = rng.integers(1, 40, (12, 1)), rng.integers(1, 20, (12, 1))
    sets = np.array(list(itertools.product((0, 1), repeat=12)))
    best = (sets @ values)[(sets @ costs)[:, 0] <= 50].max()
    found = allocate(values, costs=costs, budget=50)
    assert found.value <= best <= found.bound + 1e-9
    assert found.used[0] <= 50


def test_all_limits_hold():
    given = instance(500, seed=2)
    found = allocate(**given)
    took = np.flatnonzero(found.chosen >= 0)
    assert COSTS[found.chosen[took]].sum() == pytest.approx(found.used[0])
    assert (found.used <= np.r_[given["budget"], given["sizes"]] + 1e-9).all()
    assert np.isfinite(given["values"][took, found.chosen[took]]).all()


def test_nobody_gets_what_is_worth_nothing():
    found = allocate([[0.0, -1.0], [np.nan, -np.inf]], costs=[1.0, 1.0])
    assert found.chosen.tolist() == [-1, -1]
    assert (found.value, found.bound, found.gap) == (0.0, 0.0, 0.0)


def test_without_limits_everybody_gets_the_best():
    values = np.random.default_rng(1).uniform(1, 2, (50, 3))
    found = allocate(values, costs=np.zeros(3))
    assert (found.chosen == values.argmax(axis=1)).all()
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_of_equal_customers_as_many_get_it_as_there_is():
    found = allocate(np.ones((100, 1)), costs=[1.0], groups=[[0]], sizes=[30])
    assert (found.chosen == 0).sum() == 30
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_a_limit_of_nothing_forbids():
    found = allocate([[5.0, 1.0]], costs=[1.0, 0.0], budget=0)
    assert found.chosen.tolist() == [1]
    assert allocate([[5.0]], costs=[0.0], groups=[[0]], sizes=[0]).chosen.tolist() == [-1]


def test_money_in_other_units_changes_nothing():
    given = instance(200, seed=5)
    cents = {**given, "values": 100 * given["values"], "costs": 100 * COSTS, "budget": 100 * given["budget"]}
    assert (allocate(**given).chosen == allocate(**cents).chosen).all()


def test_nobody_is_no_error():
    assert allocate(np.empty((0, 2)), costs=[1.0, 1.0], budget=3).value == 0


def test_more_money_is_worth_its_price():
    given = instance(1000, seed=7)
    found = allocate(**given)
    more = allocate(**{**given, "budget": given["budget"] + 20})
    assert more.value - found.value == pytest.approx(20 * found.prices[0], rel=0.1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"values": [1.0]}, "values"),
        ({"costs": [-1.0, 1.0]}, "costs"),
        ({"costs": [1.0]}, "costs"),
        ({"budget": -1}, "budget"),
        ({"groups": [[0, 1]], "sizes": [3]}, "groups"),
    ],
)
def test_what_does_not_fit_is_named(changed, said):
    with pytest.raises(ValueError, match=said):
        allocate(**{"values": [[1.0, 2.0]], "costs": [1.0, 1.0], **changed})
