"""Shares of rows by group: customers are the units, and a slow sum of what each adds gives the same test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from helpers.statistics.shares import alike_groups, clustered_shares, equal_shares, independent_rows, wilson_interval


def drawn(rng: np.random.Generator, customers: int = 150) -> pd.DataFrame:
    """Rows of customers who often do alike, in three groups of which a customer may meet several."""
    who = np.repeat(np.arange(customers), 1 + rng.poisson(3, customers))
    group = np.where(rng.random(len(who)) < 0.3, rng.integers(0, 3, len(who)), who % 3)
    has = rng.random(len(who)) < rng.beta(0.4, 1.2, customers)[who]
    rows = pd.DataFrame({"group": group, "customer": who, "count": has.astype(int), "n": 1})
    return rows.groupby(["group", "customer"], as_index=False).sum()


def test_limits_are_those_of_as_many_independent_rows_as_tell_as_much():
    each = drawn(np.random.default_rng(1))
    found = clustered_shares(each["group"], each["count"], each["n"])
    for group, own in each.groupby("group"):
        share = own["count"].sum() / own["n"].sum()
        squares = sum((row.count_ - share * row.n) ** 2 for row in own.rename(columns={"count": "count_"}).itertuples())
        size = float(independent_rows(own["count"].sum(), own["n"].sum(), squares, len(own)))
        assert size < own["n"].sum()
        row = found.loc[group]
        assert (row["n"], row["count"], row["customers"]) == (own["n"].sum(), own["count"].sum(), len(own))
        assert (row["lower"], row["upper"]) == pytest.approx(tuple(map(float, wilson_interval(share * size, size))))


def test_the_test_is_that_of_a_slow_sum_over_customers():
    each = drawn(np.random.default_rng(2))
    everybody = each["count"].sum() / each["n"].sum()
    covariance, score = np.zeros((3, 3)), np.zeros(3)
    sizes = np.array([each.loc[each["group"] == group, "n"].sum() for group in range(3)])
    estimated = np.eye(3) - np.outer(sizes, np.ones(3)) / sizes.sum()
    for _, own in each.groupby("customer"):
        adds = np.zeros(3)
        for row in own.itertuples(index=False):
            adds[int(row[0])] += row[2] - everybody * row[3]
        covariance, score = covariance + np.outer(adds, adds), score + adds
    spread = estimated @ covariance @ estimated.T
    expected = chi2.sf(score @ np.linalg.pinv(spread) @ score, 2)
    assert alike_groups(*(each[name] for name in ("group", "customer", "count", "n"))) == pytest.approx(expected)


def test_where_nobody_has_two_rows_it_is_nearly_pearsons():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"group": np.arange(900) % 3, "customer": np.arange(900), "n": 1})
    rows = rows.assign(count=(rng.random(900) < 0.2).astype(int))
    sums = rows.groupby("group")[["count", "n"]].sum()
    found = alike_groups(*(rows[name] for name in ("group", "customer", "count", "n")))
    assert found == pytest.approx(equal_shares(sums["count"], sums["n"]), abs=0.02)


def test_small_groups_have_no_say():
    each = pd.DataFrame({"group": [0] * 30 + [1] * 5, "customer": range(35), "count": [0] * 30 + [1] * 5, "n": 1})
    assert np.isnan(alike_groups(*(each[name] for name in ("group", "customer", "count", "n"))))
