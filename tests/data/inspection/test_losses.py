"""What became of the rows, and of the money on those set aside."""

from __future__ import annotations

import pytest

from helpers.data.inspection.losses import Loss, losses


def test_rows_are_told_by_rule_and_money_stands_beside(data):
    found = losses(data)["orders"]
    assert (found.read, found.used) == (6, 3)
    assert found.aside == {"ordered_at is not a time": 1} and found.guests == 1
    assert found.merged == {"order_id repeats": 1}
    assert found.money_used == pytest.approx(60) and found.money_aside == pytest.approx(5)
    assert found.share == 1 / 6 and found.money_share == pytest.approx(5 / 65) and found.is_much


def test_a_table_without_money_has_none_and_one_without_losses_is_fine(data):
    people = losses(data)["customers"]
    assert people.money_used is None and people.share == people.money_share == 0 and not people.is_much


def test_a_column_of_which_rows_are_set_aside_is_known():
    found = Loss("orders", 9, 8, {"ordered_at is not a time": 1}, {}, 0)
    assert found.is_aside_for("ordered_at") and not found.is_aside_for("amount")


def test_much_is_more_than_a_hundredth_of_the_rows_or_of_the_money():
    assert not Loss("orders", 1000, 990, {"x": 10}, {}, 0, money_used=99.0, money_aside=1.0).is_much
    assert Loss("orders", 1000, 999, {"x": 1}, {}, 0, money_used=90.0, money_aside=10.0).is_much
    assert Loss("orders", 0, 0, {}, {}, 0).share == 0
