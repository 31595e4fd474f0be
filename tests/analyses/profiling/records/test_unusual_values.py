"""Suspicious patterns: each planted case is found with the rows it concerns, and clean tables show none."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.records.suspicions import Pattern


def test_clean_tables_show_no_pattern(clean_orders, clean_customers, looked_through):
    result = looked_through(customers=clean_customers, orders=clean_orders)
    assert result.table.empty and (result.sought["columns"] == 0).all()
    assert "None of" in words_of(result) and len(result.summary()) == len(Pattern)


def test_identifiers_spoilt_by_a_spreadsheet_are_counted_and_never_shown(clean_orders, looked_through):
    table = clean_orders.copy()
    table.loc[:9, "customer_id"] = "17850.0"
    table.loc[10:14, "order_id"] = [f"{place}.2E+17" for place in range(1, 6)]
    result = looked_through(orders=table)
    rows = result.table.set_index("column")["rows_concerned"].to_dict()
    assert rows == {"customer_id": 10, "order_id": 5} and set(result.table["pattern"]) == {Pattern.SPREADSHEET_ID}
    assert "17850" not in result.table.to_csv() + words_of(result)


def test_long_identifiers_that_lost_their_last_digits_are_told_from_whole_ones(clean_orders, suspicious):
    rng = np.random.default_rng(1)
    whole = [f"{value}" for value in rng.integers(10**17, 9 * 10**17, 1200)]
    assert suspicious(orders=clean_orders.assign(order_id=whole)) == {}
    lost = [f"{value[:15]}000" for value in whole]
    assert suspicious(orders=clean_orders.assign(order_id=lost)) == {("orders", "order_id", Pattern.DIGITS_LOST): 1200}


@pytest.mark.parametrize("nobody", ["0", "99999", "Unknown", "游客"])
def test_an_identifier_that_stands_for_nobody_is_found(clean_orders, suspicious, nobody):
    table = clean_orders.copy()
    table.loc[:7, "customer_id"] = nobody
    assert suspicious(orders=table) == {("orders", "customer_id", Pattern.PLACEHOLDER_ID): 8}


def test_zero_is_an_identifier_like_others_where_numbers_begin_with_it(clean_orders, suspicious):
    assert suspicious(orders=clean_orders.assign(customer_id=[str(place % 300) for place in range(1200)])) == {}


def test_a_customer_with_a_tenth_of_all_rows_is_found_and_not_named(clean_orders, suspicious, looked_through):
    table = clean_orders.copy()
    table.loc[:150, "customer_id"] = "walkin77"
    data = {"orders": table}
    assert suspicious(**data) == {("orders", "customer_id", Pattern.COMMON_ID): 151}
    assert "walkin" not in looked_through(**data).table.to_csv()


def test_a_few_rows_after_the_report_are_counted_from_the_accounting(clean_orders, suspicious):
    assert suspicious(orders=clean_orders, left_out=9) == {("orders", "ordered_at", Pattern.LATER): 9}
    assert suspicious(orders=clean_orders, left_out=900) == {}


def test_a_constant_column_is_found_where_every_row_has_its_value(clean_orders, looked_through):
    constant = {"cancelled": False, "channel": "shop"}
    lines = looked_through(orders=clean_orders.assign(**constant)).table
    assert lines[["column", "pattern", "rows_concerned"]].to_numpy().tolist() == [
        ["channel", Pattern.CONSTANT, 1200], ["cancelled", Pattern.CONSTANT, 1200]
    ]  # fmt: skip
    gaps = clean_orders.assign(channel=np.where(np.arange(1200) % 2, "shop", None))
    assert looked_through(orders=gaps).table.empty


def test_times_of_one_day_are_constant_whatever_their_hours(clean_orders, looked_through):
    hours = pd.Timestamp("2025-05-05") + pd.to_timedelta(np.arange(1200) % 24, unit="h")
    found = looked_through(orders=clean_orders.assign(ordered_at=hours)).table
    line = found[(found["column"] == "ordered_at") & (found["pattern"] == Pattern.CONSTANT)].iloc[0]
    assert str(line["evidence"]) == "the same day in all 1,200 rows" and line["rows_concerned"] == 1200
    two_days = looked_through(orders=clean_orders.assign(ordered_at=hours + pd.Timedelta(hours=1))).table
    assert Pattern.CONSTANT not in two_days["pattern"].tolist()


def test_the_headline_says_the_largest_shares_first_in_words(clean_orders, looked_through):
    table = clean_orders.assign(channel="shop")
    table.loc[:7, "customer_id"] = "guest"
    assert words_of(looked_through(orders=table)) == (
        "2 columns should be looked at, first “Customer id” of the orders. "
        "“Customer id” of the orders: placeholder identifier (8 rows)."
    )


def test_what_people_wrote_is_never_quoted(looked_through):
    tickets = pd.DataFrame({
        "ticket_id": [f"t{place}" for place in range(40)], "customer_id": [f"c{place}" for place in range(40)],
        "opened_at": pd.Timestamp("2025-05-01"), "text": "call me at 13800138000",
    })  # fmt: skip
    result = looked_through(tickets=tickets)
    assert {("opened_at", Pattern.CONSTANT), ("text", Pattern.CONSTANT)} == set(
        zip(result.table["column"], result.table["pattern"], strict=True)
    )
    assert "13800138000" not in result.table.to_csv() + words_of(result)


def test_tables_without_rows_or_columns_fail_nowhere(clean_orders, looked_through):
    assert looked_through(orders=clean_orders.head(0), customers=pd.DataFrame({"customer_id": ["a"]})).table.empty


def test_the_figure_shows_every_pattern_looked_for_in_words(clean_orders, looked_through):
    ax = looked_through(orders=clean_orders.head(50)).plot()
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert len(ax.patches) == len(Pattern) and names[:2] == ["identifier as a number", "digits lost"]
    plt.close(ax.figure)
