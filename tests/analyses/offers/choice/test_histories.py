"""What each customer had bought by a day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analyses.offers.choice.conftest import bought, purchases, sold
from helpers.analyses.offers.choice import histories
from helpers.analyses.offers.choice.histories import came, known
from helpers.analyses.offers.goods.levels import level
from shops import AS_OF

ROWS = purchases(0.5, customers=60)


def test_the_engine_counts_what_a_loop_counts(split_on):
    ours, expected = histories.bought(level(sold(ROWS))), bought(ROWS)
    assert ours.customers.tolist() == expected.customers.tolist() and ours.goods.tolist() == expected.goods.tolist()
    columns = ["customer", "good", "day"]
    assert ours.rows.sort_values(columns).to_numpy().tolist() == expected.rows.sort_values(columns).to_numpy().tolist()


def test_matrices_are_those_of_a_slow_loop(split_on):
    found = known(bought(ROWS), split_on)
    before = ROWS[ROWS["days_ago"] >= 100]
    buyers = before.drop_duplicates(["customer", "good"])["good"].value_counts()
    kept = buyers.index[buyers >= 5]
    assert sorted(found.goods) == sorted(f"g{good:03}" for good in kept)
    row, name = found.customers.get_loc("c007"), found.goods[2]
    own = before[(before["customer"] == 7) & before["good"].isin(kept)]
    for column, good in enumerate(found.goods):
        mine = own[own["good"] == int(good[1:])]
        assert found.orders[row, column] == len(mine)
        assert found.fading[row, column] == pytest.approx((0.5 ** ((mine["days_ago"] - 100) / 90)).sum())
        assert found.recent[row, column] == (mine["days_ago"] < 190).any()
        if len(mine):
            last = pd.Timestamp(AS_OF) - pd.Timedelta(days=int(mine["days_ago"].min()))
            assert found.last_on(np.array([row]), np.array([column]))[0] == last
    late = before[(before["good"] == int(name[1:])) & (before["days_ago"] < 190)]
    assert found.recent_buyers[2] == late["customer"].nunique()
    assert found.buyers[2] == buyers[int(name[1:])]


def test_nobody_s_last_purchase_is_on_no_day(split_on):
    """Where no good is offered again: of no rows scipy would make a matrix, which holds no days."""
    nobody = np.empty(0, dtype=int)
    assert known(bought(ROWS), split_on).last_on(nobody, nobody).shape == (0,)


def test_goods_stand_by_recent_buyers_then_all_then_name(split_on):
    found = known(bought(ROWS), split_on)
    ranks = list(zip(-found.recent_buyers, -found.buyers, found.goods))
    assert ranks == sorted(ranks)
    assert (np.diff(found.standing) < 0).all() and found.standing[0] == 1 and found.standing[-1] > 0


def test_of_very_many_goods_the_best_sold_are_kept_and_the_rest_counted(split_on, monkeypatch):
    every = known(bought(ROWS), split_on)
    monkeypatch.setattr(histories, "MOST_GOODS", 6)
    some = known(bought(ROWS), split_on)
    assert some.goods.tolist() == every.goods[:6].tolist() and some.left_out == len(every.goods) - 6


def test_what_came_is_of_known_customers_and_goods_within_the_days(split_on):
    found = known(bought(ROWS), split_on)
    since = came(bought(ROWS), found, 30).toarray()
    window = ROWS[(ROWS["days_ago"] < 100) & (ROWS["days_ago"] >= 70)]
    pairs = {(f"c{c:03}", f"g{g:03}") for c, g in zip(window["customer"], window["good"])}
    assert {(found.customers[r], found.goods[g]) for r, g in zip(*np.nonzero(since))} == {
        pair for pair in pairs if pair[0] in found.customers and pair[1] in found.goods
    }
    assert not came(bought(ROWS), known(bought(ROWS), AS_OF), 30).nnz


def test_later_rows_change_nothing_that_was_known(split_on):
    cut = ROWS[ROWS["days_ago"] >= 100]
    one, other = known(bought(ROWS), split_on), known(bought(cut), split_on)
    assert (one.orders != other.orders).nnz == 0 and one.goods.tolist() == other.goods.tolist()
    assert one.until == split_on == AS_OF - dt.timedelta(days=100)
