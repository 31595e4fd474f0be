"""How fresh tables are, and where rows are missing: a small shop counted by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd

from answers import words_of
from helpers.analyses.profiling.records.timeliness import RowsOverTime, freshness, rows_over_time
from helpers.findings import NotApplicable
from shops import shop


def test_the_age_of_the_last_fact_is_counted_to_the_day_of_the_report(exported):
    table = freshness(exported).table.set_index("table")
    assert table["behind_days"].to_dict() == {"customers": 171, "orders": 5}
    assert "the customers 171 days before it." in words_of(freshness(exported))


def test_rows_without_a_date_and_rows_after_the_report_are_counted():
    events = {"customer_id": ["a", "b", "c"], "event": ["x"] * 3, "days_ago": [0, 4, None]}
    data = shop(events=events, accounting=[("events", "used", "", 5, 5)])
    line = freshness(data).table.iloc[0]
    assert line[["rows", "rows_left_out", "undated_rows", "behind_days"]].to_list() == [3, 2, 1, 0]
    assert line["first_fact_on"] == pd.Timestamp("2025-06-26")
    assert words_of(freshness(data)) == "The data reach the report's day, June 30, 2025."


def test_what_set_the_day_and_rows_far_from_the_rest_are_told():
    events = {"customer_id": ["a"] * 9, "event": "x", "days_ago": range(9)}
    data = replace(shop(events=events), set_by=("events.happened_at",))
    far = ("events", "happened_at", dt.date(2052, 1, 1), 1, "ignored")
    vars(data)["days"] = pd.DataFrame([far], columns=["table", "column", "day", "rows", "kind"])
    headline = words_of(freshness(data))
    assert headline.startswith(
        "The data reach the report's day, June 30, 2025. The report's day is that of “Happened at” of the events."
    )
    assert headline.endswith("Far from the rest, and ignored: 1 rows, such as in “Happened at” of the events.")


def test_a_day_that_the_settings_set_is_told_as_such():
    data = replace(shop(events={"customer_id": ["a"], "event": "x", "days_ago": [0]}), set_by=("observed_on",))
    assert words_of(freshness(data)).endswith("The report's day is `observed_on` of `dataset.toml`.")


def test_tables_without_any_date_have_no_age_and_no_months():
    data = shop(order_items={"order_id": ["a"], "quantity": [1.0]})
    assert words_of(freshness(data)) == "No table says when its facts happened, so their age is not known."
    assert isinstance(rows_over_time(data), NotApplicable)


def test_months_without_rows_are_counted_as_zero(exported):
    over_time = rows_over_time(exported)
    assert over_time.table.query("table == 'orders'")["rows"].to_list() == [1, 0, 0, 1, 0, 4]
    orders = over_time.summary().set_index("table").loc["orders"]
    assert orders[["months_without_rows", "fewest_rows", "most_rows"]].to_list() == [3, 0, 4]
    assert orders[["first_month", "last_month"]].to_list() == ["2025-01", "2025-06"]
    assert "the orders (3)" in words_of(over_time)


def test_a_few_weeks_are_counted_by_day():
    orders = {"order_id": ["a", "b", "c"], "customer_id": ["c"] * 3, "days_ago": [9, 8, 6]}
    over_time = rows_over_time(shop(orders=orders))
    assert over_time.unit == "day" and over_time.table["rows"].to_list() == [1, 1, 0, 1]
    assert over_time.gaps["day"].to_list() == [pd.Timestamp("2025-06-23")]
    assert over_time.summary()["last_day"].to_list() == ["2025-06-24"]


def test_of_many_tables_those_with_holes_are_drawn_then_the_largest():
    months = pd.date_range("2025-01-01", periods=3, freq="MS")
    tables = ["customers", "orders", "order_items", "events", "tickets", "surveys", "touches", "consents"]
    rows = pd.DataFrame([(name, month, 10 * (8 - place)) for place, name in enumerate(tables) for month in months])
    rows = rows.set_axis(["table", "month", "rows"], axis="columns")
    rows.loc[rows["table"].eq("consents") & rows["month"].eq(months[1]), "rows"] = 0
    ax = RowsOverTime(rows.assign(day=rows["month"]), "month").plot()
    drawn = [line.get_label() for line in ax.lines]
    plt.close("all")
    assert drawn == ["customers", "orders", "order items", "events", "tickets", "consents"]
