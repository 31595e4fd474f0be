from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom, poisson

from curveball import lines, shuffled
from helpers.statistics.baskets import incidence
from helpers.statistics.baskets.pairs import associations, poisson_limits
from helpers.statistics.inference import adjust


def made(baskets, goods, rng):
    """Baskets of long-tailed sizes from goods of long-tailed popularity."""
    popularity = 1 / np.arange(1, goods + 1) ** 0.7
    sizes = np.minimum(1 + rng.geometric(0.25, baskets), goods - 5)
    return [set(rng.choice(goods, size, p=popularity / popularity.sum(), replace=False).tolist()) for size in sizes]


def naive(baskets, pairs):
    """Adjusted p-values of hypergeometric tests, as if baskets were alike in size."""
    found = np.bincount(baskets.indices, minlength=baskets.shape[1])
    p_values = hypergeom.sf(pairs["together"] - 1, baskets.shape[0], found[pairs["first"]], found[pairs["second"]])
    return adjust(p_values, "bh")


def test_nothing_goes_together_in_shuffled_baskets_but_by_the_usual_test_most_do():
    """The wrong method stands beside ours; `tests/long/test_baskets.py` has the same of the groceries."""
    rng = np.random.default_rng(0)
    baskets = incidence(*lines(shuffled(made(900, 30, rng), 3_000, rng)))
    pairs = associations(baskets)
    assert (naive(baskets, pairs) < 0.05).mean() > 0.36
    assert not (pairs["adjusted_p_value"] < 0.05).any()
    assert (pairs["p_value"] < 0.05).mean() < 0.04
    assert pairs["ratio"].median() == pytest.approx(1, abs=0.03)


def test_a_planted_pair_is_found_and_no_other():
    rng = np.random.default_rng(1)
    held = made(600, 30, rng)
    for basket in held[:50]:
        basket |= {18, 24}
    pairs = associations(incidence(*lines(held)))
    beyond = pairs[pairs["adjusted_p_value"] < 0.05]
    assert beyond[["first", "second"]].to_numpy().tolist() == [[18, 24]]
    row = beyond.iloc[0]
    assert row["together"] == sum({18, 24} <= basket for basket in held)
    assert row["lower"] < row["ratio"] < row["upper"]
    assert row["p_value"] == pytest.approx(poisson.sf(row["together"] - 1, row["expected"]))


def test_pairs_are_chosen_by_what_is_expected():
    rng = np.random.default_rng(2)
    baskets = incidence(*lines(made(80, 20, rng)))
    everything, some = associations(baskets, least_expected=0), associations(baskets, least_expected=3)
    assert len(everything) == 20 * 19 / 2
    kept = everything[everything["expected"] >= 3]
    assert some[["first", "second", "together"]].to_numpy().tolist() == (
        kept[["first", "second", "together"]].to_numpy().tolist()
    )
    assert (everything["together"] == 0).any() and everything["p_value"].max() == 1


def test_exact_limits_of_counts():
    """Garwood's limits of 0 and 10, as in every table of them."""
    lower, upper = poisson_limits(np.array([0, 10]), 0.95)
    assert lower.tolist() == pytest.approx([0, 4.795389], abs=1e-6)
    assert upper.tolist() == pytest.approx([3.688879, 18.390356], abs=1e-6)


def test_pairs_of_groceries(groceries):
    """Computed for the specification; the textbook's rule of pasta is not beyond chance."""
    baskets, names = groceries
    pairs = associations(baskets).set_index(["first", "second"])
    for one, other, ratio, expected in [
        ("yogurt", "whole milk", 1.2779, 431.19),
        ("pasta", "whole milk", 1.1942, 50.24),
        ("soda", "whole milk", 0.7458, 528.31),
        ("herbs", "root vegetables", 2.6405, 26.13),
        ("flour", "sugar", 5.2515, 9.33),
        ("processed cheese", "white bread", 3.7373, None),
    ]:
        row = pairs.loc[tuple(sorted((names.index(one), names.index(other))))]
        assert row["ratio"] == pytest.approx(ratio, abs=5e-5)
        assert expected is None or row["expected"] == pytest.approx(expected, abs=5e-3)
    pasta = pairs.loc[tuple(sorted((names.index("pasta"), names.index("whole milk"))))]
    assert pasta["p_value"] == pytest.approx(0.098, abs=5e-4)


def test_groceries_have_a_tenth_of_the_associations_that_the_usual_test_calls(groceries):
    """Of 4,490 pairs with expected count ≥ 5 plain tests call 1,629, ours 163: computed for the specification."""
    pairs = associations(groceries[0])
    assert len(pairs) == 4490
    assert (naive(groceries[0], pairs) < 0.05).sum() == 1629
    assert (pairs["adjusted_p_value"] < 0.05).sum() == 163
