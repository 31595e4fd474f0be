"""Rows of one key are one: of each column the first value, from the row that counts most."""

import pandas as pd
import pytest

from helpers.data.contracts import CUSTOMERS, ORDERS, TICKETS
from helpers.data.intake.keys import merging
from shops import shop


def rows_of(name, **columns):
    frame = pd.DataFrame(columns)
    given = {"file": "a.csv", "file_row": range(1, len(frame) + 1)}
    frame = frame.assign(**{name: value for name, value in given.items() if name not in frame})
    times = {name: "datetime64[us]" for name in frame if name.endswith("_at")}
    return shop(as_given=True, **{name: frame.astype(times)}).tables[name]


def one_each(rows, table, *columns):
    """The values of `columns`, by key, once rows are merged."""
    ranked = merging.ranked(rows, rows, table.fact_at)
    found = merging.merged(merging.placed(ranked, table), table, [*table.key, *columns]).execute()
    return {line[0]: line[1:] for line in found.astype(object).where(found.notna(), None).itertuples(index=False)}


def test_of_each_column_the_first_value_that_says_something():
    rows = rows_of(
        "customers",
        customer_id=["a", "a", "a", "b"],
        city=[None, "Bonn", "Ulm", None],
        gender=list("fm") + [None, None],
    )
    assert one_each(rows, CUSTOMERS, "city", "gender") == {"a": ("Bonn", "f"), "b": (None, None)}


def test_the_row_that_was_changed_last_wins_over_files_and_places():
    rows = rows_of(
        "orders", order_id=["1"] * 3, ordered_at=["2025-01-01", "2025-01-01", "2025-01-09"], amount=[1.0, 2.0, 3.0],
        updated_at=["2025-01-01", "2025-02-01", None], file=["b.csv", "a.csv", "c.csv"],
    )  # fmt: skip
    assert one_each(rows, ORDERS, "amount") == {"1": (2.0,)}


@pytest.mark.parametrize(
    ("files", "days", "amount"),
    [
        (["z.csv", "a.csv"], ["2025-01-01", "2025-02-01"], 2.0),  # the newest fact
        (["orders-10.csv", "orders-2.csv"], ["2025-01-01"] * 2, 1.0),  # natural order of names
        (["9/orders.csv", "10/orders.csv"], ["2025-01-01"] * 2, 2.0),
        (["b.csv", "a.csv"], [None, None], 1.0),
    ],
)
def test_of_several_files_the_newest_by_its_facts_then_by_its_name_wins(files, days, amount):
    rows = rows_of("orders", order_id=["1", "1"], ordered_at=days, amount=[1.0, 2.0], file=files)
    assert one_each(rows, ORDERS, "amount") == {"1": (amount,)}


def test_of_the_steps_of_a_ticket_the_last_tells_how_it_stands_and_the_first_when_it_was_opened():
    rows = rows_of(
        "tickets", ticket_id=["t"] * 3, opened_at=["2025-01-02", "2025-01-05", "2025-01-01"],
        workgroup=["second", None, "first"], priority=["low", "high", "low"],
    )  # fmt: skip
    opened, workgroup, priority = one_each(rows, TICKETS, "opened_at", "workgroup", "priority")["t"]
    assert (str(opened.date()), workgroup, priority) == ("2025-01-01", "second", "high")


def test_keys_are_counted_whose_rows_in_one_file_say_different_things():
    rows = rows_of(
        "customers", customer_id=["a", "a", "b", "b", "c", "c", "d", "d"], city=["x", "y", "x", "x", "x", None, "x", "y"],
        file=["1"] * 6 + ["1", "2"],
    )  # fmt: skip
    assert merging.differing(rows, CUSTOMERS, ["customer_id", "city"]) == 1
    assert merging.differing(rows, CUSTOMERS, ["customer_id"]) == 0
