from __future__ import annotations

import itertools
from collections import Counter
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.baskets import contents
from helpers.statistics.baskets.contents import incidence, pair_counts, rule_measures

FIVE = [  # mlxtend's example; one basket names a good twice
    ["Milk", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"],
    ["Dill", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"],
    ["Milk", "Apple", "Kidney Beans", "Eggs"],
    ["Milk", "Unicorn", "Corn", "Kidney Beans", "Yogurt"],
    ["Corn", "Onion", "Onion", "Kidney Beans", "Ice cream", "Eggs"],
]


def five():
    basket = np.repeat(np.arange(5), [len(goods) for goods in FIVE])
    good, names = pd.factorize(np.array([good for goods in FIVE for good in goods]), sort=True)
    return incidence(basket, good), list(names)


def rules(baskets):
    """All rules of two goods, in both directions, with their measures."""
    pairs, found = pair_counts(baskets), np.bincount(baskets.indices)
    ways = [(pairs["first"], pairs["second"]), (pairs["second"], pairs["first"])]
    measured = [rule_measures(pairs["together"], found[a], found[b], baskets.shape[0]) for a, b in ways]
    ends = [pd.DataFrame({"from": a, "to": b, "together": pairs["together"]}) for a, b in ways]
    return pd.concat([pd.concat(ends), pd.concat(measured)], axis="columns")


def test_a_rule_of_five_baskets():
    """known_answers/value.md, from mlxtend's tests: support ≥ .6."""
    baskets, names = five()
    found = rules(baskets)
    rule = found[(found["from"] == names.index("Onion")) & (found["to"] == names.index("Eggs"))].iloc[0]
    assert rule[["support", "confidence", "lift", "leverage", "conviction", "zhang"]].tolist() == pytest.approx(
        [0.6, 1, 1.25, 0.12, np.inf, 0.5]
    )


def test_pairs_are_counted_as_a_loop_counts_them():
    baskets, names = five()
    counted = Counter(pair for goods in FIVE for pair in itertools.combinations(sorted(set(goods)), 2))
    for most in (contents.MOST_COUNTED_AT_ONCE, 0):  # in a table of all pairs, and as a sparse product
        with mock.patch.object(contents, "MOST_COUNTED_AT_ONCE", most), mock.patch.object(contents, "PAIRS_AT_ONCE", 7):
            found = pair_counts(baskets)
        got = {(names[a], names[b]): n for a, b, n in found.itertuples(index=False)}
        assert got == counted


def test_pair_rules_of_groceries(groceries):
    """Published with arules, and counted for the specification: support, confidence → rules of two goods."""
    found = rules(groceries[0])
    for support, confidence, number in [(0.006, 0.25, 150), (0.01, 0.2, 151), (0.001, 0.5, 11), (0.005, 0.2, 265)]:
        assert ((found["support"] >= support) & (found["confidence"] >= confidence)).sum() == number


def test_published_rules_of_groceries(groceries):
    """arules' vignette: support, confidence, lift and baskets."""
    baskets, names = groceries
    found = rules(baskets).set_index(["from", "to"])
    for one, other, support, confidence, lift, together in [
        ("pot plants", "whole milk", 0.006914082, 0.4, 1.565460, 68),
        ("pasta", "whole milk", 0.006100661, 0.4054054, 1.586614, 60),
        ("herbs", "root vegetables", 0.007015760, 0.43125, 3.956477, 69),
    ]:
        rule = found.loc[(names.index(one), names.index(other))]
        assert rule["support"] == pytest.approx(support, abs=5e-9)
        assert rule["confidence"] == pytest.approx(confidence, abs=5e-8)
        assert rule["lift"] == pytest.approx(lift, abs=5e-7)
        assert rule["together"] == together
    berries = found.loc[(names.index("berries"), names.index("whipped/sour cream"))]
    assert berries["lift"] == pytest.approx(3.796886, abs=5e-7)


def test_lines_without_a_code_are_refused():
    with pytest.raises(ValueError, match="as many as of basket"):
        incidence([0, 1], [0])
    with pytest.raises(ValueError, match="below 0"):
        incidence([0, 1], [0, -1])
