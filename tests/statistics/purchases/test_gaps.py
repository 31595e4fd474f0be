from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import lognorm

from helpers.statistics.purchases.gaps import chance_to_return, expected_gaps, gap_spreads

CENTER, WITHIN, BETWEEN = np.log(35), 0.09, 0.16


def drawn(customers=3_000, seed=0):
    """One row a customer: gaps, the mean of their logarithms, the squares about it, and the true mean."""
    rng = np.random.default_rng(seed)
    count = rng.integers(1, 6, customers)
    own = rng.normal(CENTER, BETWEEN**0.5, customers)
    logs = own[:, None] + rng.normal(0, WITHIN**0.5, (customers, 5))
    there = np.arange(5) < count[:, None]
    mean = np.where(there, logs, 0).sum(axis=1) / count
    squares = (np.where(there, logs - mean[:, None], 0) ** 2).sum(axis=1)
    return pd.DataFrame({"count": count, "mean": mean, "squares": squares, "own": own, "good": "a"})


def test_spreads_that_gaps_were_drawn_from_are_found():
    rows = drawn()
    found = gap_spreads(rows["count"], rows["mean"], rows["squares"], rows["good"]).loc["a"]
    assert found.tolist() == pytest.approx([CENTER, WITHIN, BETWEEN], rel=0.06)


def test_moments_are_those_of_a_balanced_analysis_of_variance():
    """Two gaps each of three customers: between = (MSB − MSW) ÷ 2, from the textbook's formula."""
    logs = np.array([[1.0, 2.0], [3.0, 4.0], [6.0, 5.0]])
    mean = logs.mean(axis=1)
    squares = ((logs - mean[:, None]) ** 2).sum(axis=1)
    many = [np.repeat(each, 5) for each in (mean, squares)]  # enough freedom for a spread of its own
    found = gap_spreads([2] * 15, many[0], many[1], ["a"] * 15).iloc[0]
    msw = 5 * squares.sum() / 15
    msb = 2 * 5 * ((mean - mean.mean()) ** 2).sum() / 14
    assert found.tolist() == pytest.approx([3.5, msw, (msb - msw) / 2])


def test_a_good_of_few_gaps_has_the_spread_of_all():
    rows = drawn()
    spreads = gap_spreads(
        [*rows["count"], 1, 1], [*rows["mean"], 3, 4], [*rows["squares"], 0, 0], [*rows["good"], "b", "b"]
    )
    assert spreads.loc["b", "within"] == pytest.approx(spreads.loc["a", "within"])


def test_a_customer_s_mean_is_drawn_to_the_good_s_and_comes_nearer_to_the_truth():
    rows = drawn()
    location, scale = expected_gaps(rows["count"], rows["mean"], CENTER, WITHIN, BETWEEN)
    error, own, plain = (np.mean((each - rows["own"]) ** 2) for each in (location, rows["mean"], CENTER))
    assert error < 0.9 * own and error < 0.3 * plain
    weight = 2 * BETWEEN / (2 * BETWEEN + WITHIN)
    one, spread = expected_gaps([2], [4.0], CENTER, WITHIN, BETWEEN)
    assert one[0] == pytest.approx(CENTER + weight * (4 - CENTER))
    assert spread[0] ** 2 == pytest.approx(WITHIN + BETWEEN * (1 - weight))
    assert expected_gaps([0], [np.nan], CENTER, WITHIN, BETWEEN)[0][0] == CENTER
    assert scale.min() > WITHIN**0.5


def test_the_chance_counts_those_who_never_return():
    gap = lognorm(0.5, scale=35)
    assert chance_to_return([0], 30, np.log(35), 0.5, 0.6)[0] == pytest.approx(0.6 * gap.cdf(30))
    late = 0.6 * (gap.cdf(130) - gap.cdf(100)) / (1 - 0.6 * gap.cdf(100))
    assert chance_to_return([100], 30, np.log(35), 0.5, 0.6)[0] == pytest.approx(late)
