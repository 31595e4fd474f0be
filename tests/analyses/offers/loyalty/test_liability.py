"""Points by the month in which they were earned: a queue in a loop, and a ledger whose end is known."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.offers.loyalty.liability import _cohorts, points
from helpers.findings import NotApplicable
from shops import AS_OF, shop, words


@pytest.fixture(scope="module")
def told(ledger):
    return points(shop(points=ledger, settings=words(loyalty={"point_value": 0.02}, currency="CNY")))


def test_the_oldest_points_are_used_first(ledger):
    some = ledger[ledger["customer_id"].isin([f"c{number}" for number in range(12)])]
    earned, redeemed, gone = _cohorts(shop(points=some).tables["points"], AS_OF, 30)
    size = len(earned)
    expected, lapsed = np.zeros((size, size)), np.zeros(size)
    blocks = some.assign(block=(some["days_ago"] // 30).astype(int), back=some["reason"] == "redeem")
    for _customer, rows in blocks.groupby("customer_id"):
        lots: deque = deque()
        for block, size_of in (
            rows[rows["points"] > 0].groupby("block")["points"].sum().sort_index(ascending=False).items()
        ):
            lots.append([block, size_of])
        uses = rows[rows["points"] < 0].groupby(["block", "back"])["points"].sum().abs()
        for (block, back), left in sorted(uses.items(), key=lambda use: (-use[0][0], use[0][1])):
            while left > 1e-9:
                part = min(left, lots[0][1])
                row = size - 1 - lots[0][0]
                if back:
                    expected[row, max(lots[0][0] - block, 0)] += part
                else:
                    lapsed[row] += part
                left, lots[0][1] = left - part, lots[0][1] - part
                if lots[0][1] <= 1e-9:
                    lots.popleft()
    np.testing.assert_allclose(redeemed, expected)
    np.testing.assert_allclose(gone, lapsed)
    assert earned.sum() == some.loc[some["points"] > 0, "points"].sum()


def test_what_is_redeemed_in_the_end_lies_within_its_interval(told):
    """A plain share of what was earned is too low: young points have had no time."""
    assert told.lower < 0.55 < told.upper and told.upper - told.lower < 0.5
    assert told.table["redeemed"].sum() / told.table["earned"].sum() < 0.45


def test_points_add_up(told, ledger):
    table = told.table
    assert (table["outstanding"] >= 0).all()
    assert table["outstanding"].sum() == pytest.approx(ledger["points"].sum())
    assert table["liability"].sum() == pytest.approx(0.02 * told.to_come)
    assert (table["lower"] <= table["expected_rate"] + 1e-9).all()
    assert (table["expected_rate"] <= table["upper"] + 1e-9).all()


def test_doubled_points_change_no_share(told, ledger):
    twice = points(shop(points=ledger.assign(points=2 * ledger["points"])))
    assert twice.redeemed_rate == pytest.approx(told.redeemed_rate)
    assert (twice.lower, twice.upper) == pytest.approx((told.lower, told.upper))


def test_it_says_what_they_cost_or_that_their_value_is_not_set(told, ledger):
    assert "outstanding points will cost ¥" in words_of(told)
    assert "point_value" in words_of(points(shop(points=ledger)))
    assert told.plot().lines


def test_what_is_not_known_is_said(ledger):
    recent = ledger[ledger["days_ago"] < 60]
    for data in (shop(orders=[]), shop(points=recent), shop(points=ledger[ledger["customer_id"] == "c1"])):
        assert isinstance(points(data), NotApplicable)
