"""What is not offered, and to whom: each pair counts for the first reason that fits."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from analyses.offers.choice.conftest import bought, purchases, sold
from helpers.analyses.offers.choice.exclusions import Exclusion, excluded
from helpers.analyses.offers.choice.histories import known
from helpers.analyses.offers.goods.levels import level
from shops import AS_OF

ROWS = purchases(0.5, customers=150)


@pytest.fixture(scope="module")
def found():
    """Good 0 is no longer sold, 1 not yet, 2 out of stock, 3 needed once; customer 5 gave good 4 back, and 6 is due for 5."""
    day = pd.Timestamp(AS_OF)
    products = pd.DataFrame(
        {
            "product_id": [f"g{number:03}" for number in range(30)],
            "category": ["a"] * 29 + ["b"],
            "sold_until": [day] + [pd.NaT] * 29,
            "sold_from": [pd.NaT, day + pd.Timedelta(days=1)] + [pd.NaT] * 28,
            "stock": [0.0, 0.0, 0.0] + [5.0] * 27,
            "once": [True] * 4 + [False] * 26,
        }
    )
    data = sold(ROWS, products=products)
    back = pd.DataFrame({"order_id": ["o40"], "product_id": ["g004"], "cancelled": [True]})
    lines = data.tables["order_items"].execute()
    data.tables["order_items"] = ibis.memtable(pd.concat([lines, back], ignore_index=True).astype({"cancelled": bool}))
    chosen = level(data)
    histories = known(bought(ROWS), AS_OF)
    due = pd.DataFrame({"customer_id": ["c006", "c006"], "good": ["g005", "g002"]})
    return histories, excluded(histories, data, chosen, due, ["b"])


def test_each_reason_excludes_what_it_names(found):
    histories, barred = found
    assert sorted(histories.goods[barred.goods]) == ["g000", "g001", "g002", "g029"]
    pairs = {(histories.customers[row], histories.goods[good]) for row, good in zip(*barred.pairs.nonzero())}
    once = {(f"c{row.customer:03}", "g003") for row in ROWS.itertuples() if row.good == 3}
    assert {pair for pair in pairs if pair[1] == "g003"} == once
    assert {("c005", "g004"), ("c006", "g005")} <= pairs


def test_counts_are_of_the_first_reason_that_fits(found):
    histories, barred = found
    counts = barred.counts.set_index("exclusion")
    everybody = len(histories.customers)
    assert counts.index.tolist() == list(map(str, Exclusion))
    assert counts["goods"].tolist() == [2, 1, 1, 1, 1, 1]
    assert counts.loc[["not_sold", "out_of_stock", "given_back", "due"], "pairs_left_out"].tolist() == [
        2 * everybody, everybody, 1, 1,
    ]  # fmt: skip
    assert counts.at["owned_once", "pairs_left_out"] == len(ROWS[ROWS["good"] == 3]["customer"].unique())
    assert counts["pairs_left_out"].sum() == 4 * everybody + sum(
        not barred.goods[good] for good in barred.pairs.nonzero()[1]
    )


def test_without_a_table_of_products_nothing_is_known_of_stock():
    data = sold(ROWS)
    barred = excluded(known(bought(ROWS), AS_OF), data, level(data), None, ())
    assert not barred.goods.any() and not barred.pairs.nnz and not barred.counts["pairs_left_out"].any()
