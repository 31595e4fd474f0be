"""Rows of orders that are lines add up; a cancelled or negative line concerns that line."""

import pandas as pd
import pytest

from helpers.data.intake.keys import lines
from helpers.data.intake.wording.schema import Policy
from shops import shop


def table(rows, names=("order_id", "amount", "cancelled", "file_rank")):
    """Rows of orders of one customer and day, all of the newest file if they say no other."""
    frame = pd.DataFrame(rows, columns=list(names)[: len(rows[0])])
    given = {
        "customer_id": "a",
        "ordered_at": pd.Timestamp("2025-01-01"),
        "file_row": range(len(frame)),
        "file_rank": 0,
    }
    frame = frame.assign(**{name: value for name, value in given.items() if name not in frame})
    return shop(orders=frame.astype({"ordered_at": "datetime64[us]"})).tables["orders"]


def added(rows, orders, **policy):
    found = lines.added(table(rows), Policy(**policy), orders)
    return found if found is None else found.orders.execute().set_index("order_id").sort_index()


def test_many_rows_an_order_with_other_amounts_add_up():
    found = added([("1", 60.0), ("1", 40.0), ("2", 5.0), ("2", 5.0), ("3", 1.0), ("3", 2.0)], orders=3)
    assert found["amount"].to_dict() == {"1": 100, "2": 10, "3": 3}


def test_a_total_repeated_on_each_line_is_no_line():
    assert added([("1", 60.0), ("1", 60.0), ("2", 5.0), ("2", 5.0), ("2", None)], orders=2) is None


def test_a_few_orders_that_stand_twice_are_slips_and_no_lines():
    rows = [("1", 60.0), ("1", 40.0)]
    assert added(rows, orders=1000) is None and added(rows, orders=3) is not None


def test_lines_of_a_later_export_replace_those_of_the_one_before():
    rows = [("1", 60.0, None, 1), ("1", 40.0, None, 1), ("1", 60.0, None, 0), ("1", 45.0, None, 0)]
    assert added(rows, orders=1)["amount"].tolist() == [105]


@pytest.mark.parametrize("newest", [[("1", -30.0, None, 0)], [("1", 100.0, None, 0), ("1", -30.0, None, 0)]])
def test_an_order_that_is_given_back_later_is_one_with_a_refund_however_rarely_that_is(newest):
    found = added([("1", 100.0, None, 1), *newest], orders=1000)
    assert found[["amount", "refund"]].to_numpy().tolist() == [[100, 30]]
    assert added([("1", 100.0, None, 1), *newest], orders=1000, negatives="keep") is None


def money(*rows, **policy):
    """amount, refund and cancelled of one order with lines (amount, cancelled)."""
    rows = table([("1", *row) for row in rows])
    sums = rows.group_by("order_id").agg(**lines.order_money(rows, Policy(**policy)))
    found = sums.execute().astype(object).iloc[0][["amount", "refund", "cancelled"]]
    return tuple(found.where(found.notna(), None))


def test_a_cancelled_line_is_given_back_and_the_order_stands():
    assert money((100.0, False), (50.0, True)) == (150, 50, False)
    assert money((100.0, None), (50.0, True)) == (150, 50, False)


def test_an_order_is_cancelled_where_all_its_lines_are():
    assert money((100.0, True), (50.0, True)) == (150, None, True)


def test_a_line_below_zero_is_given_back_and_once_where_it_is_cancelled_too():
    assert money((100.0, None), (-30.0, None)) == (100, 30, None)
    assert money((100.0, False), (-30.0, True)) == (100, 30, False)


def test_an_order_with_nothing_but_lines_below_zero_is_below_zero():
    assert money((-20.0, None), (-10.0, None)) == (-30, None, None)
    assert money((-20.0, False), (50.0, True)) == (-20, None, False)
    assert money((-20.0, True), (-10.0, True)) == (-30, None, True)  # a credit note of cancelled lines


def test_what_a_policy_keeps_is_ordinary():
    assert money((100.0, False), (50.0, True), cancellations="keep") == (150, None, False)
    assert money((100.0, None), (-30.0, None), negatives="keep") == (70, None, None)


def test_what_was_taken_off_lines_adds_up_too():
    rows = [("1", 60.0, 6.0), ("1", 40.0, None), ("2", 5.0, None), ("2", 4.0, None)]
    found = (
        lines.added(table(rows, ("order_id", "amount", "discount")), Policy(), 2)
        .orders.execute()
        .sort_values("order_id")
    )
    assert found["discount"].fillna(-1).tolist() == [6, -1]


def test_what_an_order_gave_back_in_all_is_said_on_each_line_and_counts_once():
    names = ("order_id", "amount", "refund")
    rows = [("1", 60.0, 12.0), ("1", 40.0, 12.0), ("2", 5.0, 0.0), ("2", 4.0, 0.0)]
    found = lines.added(table(rows, names), Policy(), 2).orders.execute().set_index("order_id")
    assert found["refund"].to_dict() == {"1": 12, "2": 0}
    own = [("1", 60.0, 12.0), ("1", 40.0, 0.0), ("2", 5.0, 1.0), ("2", 4.0, 3.0)]
    found = lines.added(table(own, names), Policy(), 2).orders.execute().set_index("order_id")
    assert found["refund"].to_dict() == {"1": 12, "2": 4}


@pytest.mark.parametrize(
    ("second", "amount"),
    [
        ([40.0], 100),  # the rest of it
        ([60.0], 60),  # the line that the file before ends with
        ([60.0, 40.0], 100),  # it whole
    ],
)
def test_an_order_that_the_end_of_a_file_cuts_adds_up_and_one_that_two_exports_have_counts_once(second, amount):
    old = [("0", 1.0, None, 1, "a", 0), ("0", 2.0, None, 1, "a", 1), ("1", 60.0, None, 1, "a", 2)]
    new = [("1", each, None, 0, "b", place) for place, each in enumerate(second)]
    new += [("2", 3.0, None, 0, "b", 8), ("2", 4.0, None, 0, "b", 9)]
    rows = table([*old, *new], ("order_id", "amount", "cancelled", "file_rank", "file", "file_row"))
    ends = rows.group_by("file").agg(first=rows.file_row.min(), last=rows.file_row.max())
    found = lines.added(rows, Policy(), 3, ends).orders.execute().set_index("order_id")
    assert found["amount"].to_dict() == {"0": 3, "1": amount, "2": 7}


def test_orders_with_several_rows_of_one_amount_are_counted_where_they_are_many():
    rows = [(number, 60.0, None, 0, "a") for number in "123" for _ in range(2)]
    rows += [("4", 5.0, None, 0, "a"), ("4", 5.0, None, 0, "b")]
    rows = table(rows, ("order_id", "amount", "cancelled", "file_rank", "file"))
    assert lines.alike(rows, 4) == 3 and lines.alike(rows, 1000) == 0
    assert lines.alike(rows.filter(rows.order_id != "3"), 3) == 0  # two may be slips
