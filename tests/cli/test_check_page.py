"""The page that `kehu check` prints."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers import language
from helpers.cli import check_page
from helpers.data.inspection import Found, Inspection, Reading
from helpers.data.inspection.losses import Loss
from helpers.data.inspection.mapping import Header
from helpers.data.preparation.joins import Meeting
from helpers.data.spans import Span
from helpers.reports.applicability import Applicability

DAY = dt.date(2025, 6, 30)
APPLIES = [Applicability("churn", True, ("subscriptions",)), Applicability("feedback", False, ("surveys", "tickets")), Applicability("value", True, ())]  # fmt: skip


@pytest.fixture
def found():
    feed = SimpleNamespace(told=("orders.csv",))
    feed.each = [feed]
    settings = SimpleNamespace(feeds={"orders": feed})
    data = SimpleNamespace(
        title="Corner shop",
        as_of=DAY,
        customers=[0] * 1500,
        settings=settings,
        spans={"orders": Span("orders", dt.date(2024, 1, 1), DAY, 2)},
        days=pd.DataFrame(
            [
                ("orders", "ordered_at", dt.date(2204, 6, 1), 1, "ignored"),
                ("subscriptions", "ended_at", dt.date(2026, 1, 1), 9, "term"),
            ],
            columns=["table", "column", "day", "rows", "kind"],
        ),
        set_by=("orders.ordered_at",),
    )
    lines = [("orders", "order_id", "lines", 30, 900), ("orders", "order_id", "unplaced", 2, 40)]
    data.keys = pd.DataFrame(lines, columns=["table", "key", "found", "keys", "of"])
    headers = [
        Header("orders", "buyer", "customer_id", ""),
        Header("orders", "amount", "amount", ""),
        Header("orders", "paid_date", "", "orders.paid_at"),
        Header("orders", "phone", "", ""),
    ]
    loss = Loss(
        "orders", 1200, 1170, {"row is a total": 10}, {}, 3, 15, 5, {"paid_at is not a time": 4}, 900.0, 100.0, 20.5
    )
    met = [Meeting("orders", "customers", "customer_id", 1500, 200)]
    files = [Found(("orders.csv", "more.csv"), ("encoding gb18030", "blank lines: 2"))]
    readings = [Reading("amount", "decimal comma, €", 1190, 0), Reading("paid_at", "day first", 1000, 4)]
    return Inspection(
        data,
        headers,
        {"orders": files},
        {"orders": readings},
        {"orders": loss},
        met,
        7,
        3,
        {},
        ("", []),
        [],
    )


PAGE = """Corner shop, as of June 30, 2025: 1,500 customers
the day is the last in orders.ordered_at
subscriptions.ended_at: ends that may lie ahead, as (nearly) every row has one

orders: 2024-01-01 to 2025-06-30
  files: orders.csv
  columns: customer_id ← buyer, amount
  dropped: paid_date (is it orders.paid_at?), phone
  orders.csv and 1 more: encoding gb18030; blank lines: 2
  amount: decimal comma, €
  paid_at: day first; 4 of 1,000 values could not be read
         1,200  read
         1,170  used
            15  whole, but name no customer
             5  later than the report's day
            10  set aside: the row is a total
             4  used without a value: “paid_at” is not a time
             3  equal to another row, and counted
  money on the rows used: 900.00
  money on rows that name no customer: 20.50
  money on rows set aside: 100.00, 10.0% of all

Keys
  orders: 200 of its 1,500 different customer_id cannot be found in customers
  orders: 30 of 900 order_id have several rows with other amounts; they are lines and add up
  orders: 7 without a customer

Calls for a look
  orders: 0.8% of the rows are set aside, and 10.0% of the money
  orders: 1.2% of the rows name no customer; their money is 20.50
  orders.ordered_at: one row, of 2204-06-01, is far from the rest, and sets no day
  orders: 3 without an amount, of their own or of lines
  orders: 200 of 1,500 customers have no row in customers

Open: reading cannot mend it yet
  orders: lines of 2 of 40 shared order_id do not say which of the orders they are of, and are left
  out. Map customer_id and ordered_at of lines

Notebooks
  churn     applies; with subscriptions it says more
  feedback  has nothing to say: it needs customers and one of surveys, tickets
  value     applies
"""


def test_the_page_tells_all_of_it_in_plain_lines_where_it_is_piped(found, capsys):
    check_page.show(found, APPLIES)
    printed = capsys.readouterr().out
    assert printed == PAGE and "\x1b" not in printed


def test_keys_that_all_meet_are_told_without_a_count_of_none(found):
    found.meetings[:] = [Meeting("orders", "customers", "customer_id", 1500, 0)]
    told = [text.strip() for _, text in check_page._keys(found)]
    assert "orders: each customer_id is in customers, 1,500 different ones" in told


def test_what_is_known_as_of_the_export_alone_is_marked(found, capsys):
    found.data.settings.as_of_export = ("level", "points")
    customers = Loss("customers", 9, 9, {}, {}, 0, 0, 0, {}, None, None, None)
    found.losses["customers"] = customers
    found.data.settings.feeds["customers"] = found.data.settings.feeds["orders"]
    assert "as of the export alone: level, points" in "".join(text for _, text in check_page._table(found, "customers"))


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (("orders.ordered_at", "tickets.opened_at"), "the day is the last in orders.ordered_at, tickets.opened_at"),
        (("orders.ordered_at", *"abc"), "the day is the last in orders.ordered_at and 3 more columns"),
    ],
)
def test_the_columns_that_set_the_day_are_named_unless_they_are_many(found, columns, told):
    found.data.set_by = columns
    assert check_page._day(found) == told


def test_the_page_speaks_chinese(found, capsys):
    with language.spoken("zh"):
        check_page.show(found, APPLIES)
    printed = capsys.readouterr().out
    for line in (
        "Corner shop，数据截至 2025 年 6 月 30 日：1,500 位客户",
        "未采用：合计行",
        "amount：小数逗号, €",
        "orders.csv 及另外 1 个文件：编码 gb18030; 空行：2",
        "暂无法分析：需要客户，以及下列表之一：surveys, tickets",
    ):
        assert line in printed


def test_long_lines_are_folded_at_100_under_their_beginning(found, capsys):
    found.data.settings.feeds["orders"].told = tuple(f"orders_of_month_{n}.csv" for n in range(9))
    check_page.show(found, APPLIES)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100 and lines[6].startswith("  orders_of_month_")


def test_as_json_it_is_the_inspection_and_the_notebooks(found):
    told = json.loads(check_page.as_json(found, APPLIES))
    assert told["notebooks"]["churn"] == {"applies": True, "lacks": ["subscriptions"]}
    assert told["tables"]["orders"]["dropped"] == {"paid_date": "orders.paid_at", "phone": ""}
