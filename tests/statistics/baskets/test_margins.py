from __future__ import annotations

import itertools

import numpy as np
import pytest

from helpers.statistics.baskets import incidence, pair_counts
from helpers.statistics.baskets.margins import kept_margins


def drawn(baskets=60, goods=9, seed=0):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, goods, baskets)
    held = [rng.choice(goods, size, replace=False, p=None) for size in sizes]
    return incidence(np.repeat(np.arange(baskets), sizes), np.concatenate(held))


def margins_of(baskets):
    return np.diff(baskets.indptr), np.bincount(baskets.indices, minlength=baskets.shape[1])


def test_expected_pairs_are_those_of_a_loop_over_baskets():
    """E_ij = Σ_b c_s p_bi p_bj, from the formula; sizes and frequencies come out, and pairs add up to those there are."""
    baskets = drawn()
    sizes, frequencies = margins_of(baskets)
    model = kept_margins(sizes, frequencies)
    chances = model.chances[np.searchsorted(model.sizes, sizes)][:, model.place]
    np.testing.assert_allclose(chances.sum(axis=1), sizes, rtol=1e-8)
    np.testing.assert_allclose(chances.sum(axis=0), frequencies, rtol=1e-8)
    goods = range(len(frequencies))
    expected = {pair: 0.0 for pair in itertools.combinations(goods, 2)}
    for s, p in zip(sizes.tolist(), chances.tolist(), strict=True):
        c = s * (s - 1) / (s**2 - sum(each**2 for each in p))
        for i, j in expected:
            expected[i, j] += c * p[i] * p[j]
    table = model.expected()
    for (i, j), value in expected.items():
        assert table[model.place[i], model.place[j]] == pytest.approx(value, rel=1e-9)
    assert sum(expected.values()) == pytest.approx(pair_counts(baskets)["together"].sum())


@pytest.mark.parametrize(
    ("basket", "good"),
    [
        ([0, 0, 0, 1, 2, 2], [0, 1, 2, 0, 0, 1]),  # a basket of all goods, a good in all baskets
        ([0, 1, 2], [0, 1, 1]),  # nothing is with anything
        ([0, 0, 1, 1], [0, 1, 0, 1]),  # everything is with everything
    ],
)
def test_what_is_certain_comes_out_certain(basket, good):
    baskets = incidence(basket, good)
    model = kept_margins(*margins_of(baskets))
    assert np.isfinite(model.chances).all()
    assert np.isfinite(model.expected()).all() and np.isfinite(model.expected_of_popular()).all()
    goods, table = model.goods, model.expected()
    pairs = (goods @ table @ goods - np.diag(table) @ goods) / 2
    assert pairs == pytest.approx(pair_counts(baskets)["together"].sum(), abs=1e-6)


def test_all_pairs_of_groceries_are_expected_and_no_more(groceries):
    """137,278 pairs are in the data; without the correction there would be more (yogurt–whole milk 503.9)."""
    baskets, names = groceries
    model = kept_margins(*margins_of(baskets))
    goods, table = model.goods, model.expected()
    assert (goods @ table @ goods - np.diag(table) @ goods) / 2 == pytest.approx(137_278)
    yogurt, milk = (model.place[names.index(name)] for name in ("yogurt", "whole milk"))
    plain = (model.baskets * model.chances[:, yogurt] * model.chances[:, milk]).sum()
    assert plain == pytest.approx(503.9, abs=0.05)
    instant, burger = (model.place[names.index(name)] for name in ("Instant food products", "hamburger meat"))
    i, j = (names.index(name) for name in ("Instant food products", "hamburger meat"))
    pairs = pair_counts(baskets).set_index(["first", "second"])["together"]
    assert pairs[min(i, j), max(i, j)] / table[instant, burger] == pytest.approx(7.0095, abs=5e-5)


def test_popular_goods_of_groceries_are_together_as_often_as_in_shuffled_baskets(groceries):
    """Shuffled for the specification: yogurt–whole milk 451, whole milk–other vegetables 619; `expected` has 431, 580."""
    baskets, names = groceries
    model = kept_margins(*margins_of(baskets))
    goods, table = model.goods, model.expected_of_popular()
    assert (goods @ table @ goods - np.diag(table) @ goods) / 2 == pytest.approx(137_278)
    milk, yogurt, vegetables = (model.place[names.index(name)] for name in ("whole milk", "yogurt", "other vegetables"))
    assert table[yogurt, milk] == pytest.approx(451, rel=0.01)
    assert table[milk, vegetables] == pytest.approx(619, rel=0.01)


def test_margins_of_other_lines_are_refused():
    with pytest.raises(ValueError, match="both count the same lines"):
        kept_margins([2, 1], [1, 1])
    with pytest.raises(ValueError, match="none is 0"):
        kept_margins([2, 0], [1, 1])
