"""Shares of rows of which a customer has several."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.message.shares import clustered_shares, folded_rows
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from helpers.statistics.shares.proportions import wilson_interval


def shares(table: pd.DataFrame) -> pd.DataFrame:
    return clustered_shares(ibis.memtable(table), ["group"], ["yes"]).set_index("group")


def test_one_row_a_customer_gives_wilsons_interval():
    table = pd.DataFrame({"customer_id": [f"c{n}" for n in range(50)], "group": "a", "yes": [True] * 20 + [False] * 30})
    found = shares(table).loc["a"]
    assert found[["rows", "customers", "customers_with", "share"]].tolist() == [50, 50, 20, 0.4]
    size = 50 * 49 / 50  # the variance between customers has the divisor of a sample
    assert found[["lower", "upper"]].tolist() == pytest.approx(np.ravel(wilson_interval(0.4 * size, size)))


def test_rows_that_repeat_their_customer_tell_nothing_new():
    """Each customer ten times over: as many rows, but the interval of fifty customers."""
    once = pd.DataFrame({"customer_id": [f"c{n}" for n in range(50)], "group": "a", "yes": [True] * 20 + [False] * 30})
    one, ten = shares(once).loc["a"], shares(pd.concat([once] * 10)).loc["a"]
    assert ten["rows"] == 500 and ten[["lower", "upper"]].tolist() == pytest.approx(one[["lower", "upper"]].tolist())


def test_intervals_of_clustered_rows_cover_the_truth():
    """Customers with 1 to 12 rows and a share of their own (beta 1, 3): the mean of all rows is .25.

    Of 400 samples of 150 customers 95 % should cover it; counting rows as independent covers far fewer.
    """
    rng = np.random.default_rng(2)
    size, samples = 150, 400
    rows = rng.integers(1, 13, (samples, size))
    own = rng.beta(1, 3, (samples, size))
    sample, customer = (np.repeat(each.ravel(), rows.ravel()) for each in np.indices((samples, size)))
    yes = rng.random(rows.sum()) < np.repeat(own.ravel(), rows.ravel())
    table = pd.DataFrame({"customer_id": customer.astype(str), "group": sample, "yes": yes})
    found = shares(table)
    assert found["lower"].le(0.25).mul(found["upper"].ge(0.25)).mean() == pytest.approx(0.95, abs=0.03)
    lower, upper = wilson_interval(found["share"] * found["rows"], found["rows"])
    assert ((lower <= 0.25) & (upper >= 0.25)).mean() < 0.9


def test_none_and_all_have_the_interval_of_as_many_customers():
    table = pd.DataFrame({"customer_id": [f"c{n % 10}" for n in range(100)], "group": "a", "yes": False})
    assert shares(table).loc["a", ["lower", "upper"]].tolist() == pytest.approx(np.ravel(wilson_interval(0, 10)))


def test_fewer_than_five_customers_are_left_out():
    table = pd.DataFrame({"customer_id": [f"c{n % 4}" for n in range(100)], "group": "a", "yes": True})
    assert shares(table).empty


def test_a_small_group_of_rows_hides_no_larger_one():
    """b has 50 rows of four customers."""
    table = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(9)] + [f"c{n % 4}" for n in range(50)] + [f"c{n}" for n in range(6)],
            "group": ["a"] * 9 + ["b"] * 50 + [None] * 6,
        }
    )
    found = folded_rows(ibis.memtable(table), "group", 2).execute()
    assert found["group"].value_counts().to_dict() == {"a": 9, SMALL_GROUPS: 50, UNKNOWN: 6}
    top = folded_rows(ibis.memtable(table), "group", 1).execute()
    assert top["group"].value_counts().to_dict() == {SMALL_GROUPS: 65}
