"""An export that says otherwise of days long past is named: rows that came or went, money that is another."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers.reports.past import months
from shops import shop

DAY = dt.date(2025, 3, 31)


def orders(n: int, amount: float = 10.0):
    days = pd.date_range("2025-01-01", periods=n, freq="h")
    return [(f"o{k}", f"c{k % 50}", day, amount) for k, day in enumerate(days)]


def seen(rows, until=DAY):
    data = shop(orders=pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "amount"]))
    return months.of(data, until)


def told(now, before):
    return [each.whole for each in months.differences(now, before, DAY, "CNY")]


def test_rows_and_money_are_counted_by_month_up_to_a_day():
    found = seen(orders(1000), dt.date(2025, 2, 1))
    assert found["rows"]["orders"] == {"2025-01": 744, "2025-02": 24}
    assert found["money"]["orders"] == {"2025-01": 7440.0, "2025-02": 240.0}


def test_the_same_export_and_a_late_row_are_no_news():
    before = seen(orders(2000))
    assert told(before, before) == []
    assert told(seen([*orders(2000), ("late", "c1", pd.Timestamp("2025-01-05"), 10.0)]), before) == []


def test_rows_that_went_are_named_with_their_month():
    (sentence,) = told(seen(orders(2000)[:700] + orders(2000)[744:]), seen(orders(2000)))
    assert sentence == (
        "Other data: orders up to March 31, 2025 are 1,956 rows, before 2,000. January 2025 differs most."
    )


def test_money_that_is_another_in_as_many_rows_is_named():
    (sentence,) = told(seen(orders(2000, 11.0)), seen(orders(2000)))
    assert sentence.startswith("Other data: orders up to March 31, 2025 are worth ¥22,000, before ¥20,000.")


@pytest.mark.parametrize("before", [{}, {"rows": {}, "money": {}}])
def test_a_report_that_kept_nothing_is_compared_with_nothing(before):
    assert told(seen(orders(100)), before) == []
