"""Checks of the data: what fails on a small shop, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from answers import words_of
from helpers.analyses.profiling.records.verification import Check, checks
from helpers.analyses.profiling.records.vocabulary import CHECK
from shops import shop


def test_each_check_counts_its_failures_and_names_the_table_with_most(exported):
    """Of 19 rows one breaks the contract, one repeats another, and one names no customer; one order is a ghost's; three of 7 months are empty."""
    table = checks(exported).table.set_index("check")
    failing = {code: tuple(table.loc[code, ["failing", "of", "most_in"]]) for code in table.index}
    assert failing == {
        Check.ACCOUNTED: (0, 19, None), Check.CONTRACT: (1, 19, "orders"), Check.REPEATS: (1, 19, "orders"),
        Check.KNOWN: (0, 16, None), Check.CURRENT: (1, 2, "customers"), Check.SHARED: (0, 6, None),
        Check.MONEY: (0, 6, None), Check.KEYS: (1, 6, "orders"), Check.MONTHS: (3, 7, "orders"),
    }  # fmt: skip
    assert (table["holds"] == (table["failing"] == 0)).all()
    assert (table["failing_share"] == table["failing"] / table["of"]).all()


def test_the_headline_says_the_checks_that_fail_in_words(exported):
    assert words_of(checks(exported)) == (
        "4 of 9 checks of the data hold; “tables go on to the report's day” fails most, for 50.0%. "
        "“rows keep the contract” fails for 1 of 19. “no row repeats another” fails for 1 of 19. "
        "“tables go on to the report's day” fails for 1 of 2. "
        "“keys find their match” fails for 1 of 6. “no month without rows” fails for 3 of 7."
    )


def test_of_a_few_days_holes_are_days_and_without_references_there_are_no_keys_to_check():
    orders = {"order_id": ["a", "b"], "customer_id": ["c", "c"], "amount": [1.0, None], "days_ago": [3, 1]}
    books = [("orders", "read", "", 2, 2), ("orders", "used", "", 2, 2)]
    table = checks(shop(orders=orders, accounting=books)).table
    assert table["check"].to_list()[:4] == [Check.ACCOUNTED, Check.CONTRACT, Check.REPEATS, Check.KNOWN]
    assert table["check"].to_list()[4:] == [Check.CURRENT, Check.SHARED, Check.MONEY, Check.DAYS]
    assert table["failing"].to_list() == [0, 0, 0, 0, 0, 0, 1, 1]


def test_a_table_that_stopped_long_before_the_day_fails():
    orders = {"order_id": [*"abcdefg"], "customer_id": "c", "days_ago": range(90, 97)}
    events = {"customer_id": "c", "event": "x", "days_ago": range(90)}
    books = [(name, "read", "", 1, 1) for name in ("orders", "events")]
    table = checks(shop(orders=orders, events=events, accounting=books)).table.set_index("check")
    assert table.loc[Check.CURRENT, ["failing", "of", "most_in"]].to_list() == [1, 2, "orders"]


def test_numbers_that_customers_share_and_orders_without_money_fail_their_checks():
    orders = {
        "order_id": ["a", "b", "c"],
        "customer_id": ["c", "d", "d"],
        "amount": [1.0, None, 2.0],
        "days_ago": [3, 2, 1],
    }
    books = [("orders", "read", "", 3, 3), ("orders", "used", "", 3, 3)]
    data = shop(orders=orders, accounting=books)
    found = pd.DataFrame([("orders", "order_id", "customers", 1, 2)], columns=data.keys.columns)
    table = checks(replace(data, keys=found)).table.set_index("check")
    assert table.loc[[Check.SHARED, Check.MONEY], ["failing", "of"]].to_numpy().tolist() == [[1, 3], [1, 3]]


def test_every_check_has_words():
    assert set(CHECK.words) == set(Check)


def test_rows_of_a_file_that_makes_two_tables_are_counted_once():
    rows = {"customer_id": ["c", "d"], "days_ago": [1, 2]}
    books = [(name, "read", "", 2, 2) for name in ("orders", "events")]
    files = pd.DataFrame({"table": ["orders", "events"], "file": "export.csv", "rows": 2})
    data = shop(orders=rows | {"order_id": ["a", "b"]}, events=rows | {"event": "visit"}, accounting=books)
    assert checks(replace(data, files=files)).table.set_index("check").loc[Check.CONTRACT, "of"] == 2
    assert checks(data).table.set_index("check").loc[Check.CONTRACT, "of"] == 4  # of files not known
