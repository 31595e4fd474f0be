"""Which goods stand in one basket more often than basket sizes and popularity explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special
from scipy.sparse import csr_array

from helpers.statistics.baskets.contents import pair_counts
from helpers.statistics.baskets.margins import kept_margins
from helpers.statistics.inference import adjust

POPULAR, DOMINANT = 0.1, 1 / 3  # share of the baskets


def associations(baskets: csr_array, *, least_expected: float = 5.0, level: float = 0.95) -> pd.DataFrame:
    """Pairs of goods whose expected number of baskets is at least `least_expected`, with what was found.

    `baskets` is an `incidence`; every good is in a basket and every basket has a good. Returns first, second (columns
    of `baskets`, first < second), together and expected (baskets), ratio of the two with the limits lower and upper of
    `level`, p_value, and adjusted_p_value over these pairs (Benjamini & Hochberg). Pairs are chosen by what is
    expected, never by what was found: that would pick the lucky ones.

    The expectation keeps all basket sizes and frequencies (see `kept_margins`). p is the upper tail of a Poisson count,
    whose variance is larger than that of the random baskets; limits are exact (Garwood 1936). Where one good is in more
    than a third of the baskets, the expectation is that of `expected_of_popular`; where both are in more than a tenth,
    by which it is some 6 % too low, p is of the larger one.
    """
    sizes, frequencies = np.diff(baskets.indptr), np.bincount(baskets.indices, minlength=baskets.shape[1])
    model = kept_margins(sizes, frequencies)
    by_frequency = model.expected()
    first, second = _expected_often(by_frequency, model.place, least_expected)
    cells = model.place[first], model.place[second]
    closer = model.expected_of_popular()[cells]
    often = (frequencies / baskets.shape[0])[np.array([first, second])]
    expected = np.where((often > DOMINANT).any(axis=0), closer, by_frequency[cells])
    tried = np.where((often > POPULAR).all(axis=0), np.maximum(closer, expected), expected)
    together = _together(baskets, first, second)
    lower, upper = poisson_limits(together, level)
    p_value = np.where(together > 0, special.gammainc(together, tried), 1.0)  # the upper tail of the Poisson count
    return pd.DataFrame({
        "first": first,
        "second": second,
        "together": together,
        "expected": expected,
        "ratio": together / expected,
        "lower": lower / expected,
        "upper": upper / expected,
        "p_value": p_value,
        "adjusted_p_value": adjust(p_value, "bh"),
    })  # fmt: skip


def poisson_limits(counts: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits of the means of Poisson counts (Garwood 1936)."""
    tail = (1 - level) / 2
    lower = np.where(counts > 0, special.gammaincinv(counts, tail), 0.0)
    return lower, special.gammaincinv(counts + 1, 1 - tail)


def _expected_often(by_frequency: np.ndarray, place: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of goods of which at least so many baskets are expected, without a look at the other pairs.

    The expectation rises with the frequency of either good: a good's partners are all from some frequency on.
    """
    goods = np.argsort(place, kind="stable")  # the rare ones first
    from_frequency = (by_frequency < least).sum(axis=1)
    begin = np.searchsorted(place[goods], from_frequency[place[goods]])
    begin = np.maximum(begin, np.arange(1, len(goods) + 1))
    partners = len(goods) - begin
    one = np.repeat(np.arange(len(goods)), partners)
    other = np.arange(partners.sum()) - np.repeat(partners.cumsum() - partners - begin, partners)
    first, second = np.sort([goods[one], goods[other]], axis=0)
    order = np.lexsort((second, first))
    return first[order], second[order]


def _together(baskets: csr_array, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of each pair the baskets that hold it, 0 where none does."""
    counts, goods = pair_counts(baskets), baskets.shape[1]
    held = pd.Series(counts["together"].to_numpy(), index=counts["first"] * goods + counts["second"])
    return held.reindex(first * goods + second, fill_value=0).to_numpy()
