"""What crosses the rooms of profiling: its answers before all facts."""

from __future__ import annotations

import datetime as dt

from answers import words_of
from helpers.analyses import profiling
from shops import shop


def of_records(data):
    """Answers about the records themselves."""
    yield from (profiling.row_accounting(data), profiling.rules(data), profiling.checks(data))
    yield from (profiling.freshness(data), profiling.keys(data), profiling.rows_over_time(data))
    yield profiling.columns(data)


def of_customers(data):
    """Answers about customers and the business."""
    yield from (profiling.portrait(data), profiling.kpis(data), profiling.rates(data), profiling.order_funnel(data))


def test_a_day_before_all_facts_leaves_nothing_to_say_but_fails_nowhere(demo):
    day = dt.date(2020, 1, 1)
    tables = {name: demo.tables[name] for name in ("customers", "orders", "surveys", "tickets")}
    books = demo.accounting[demo.accounting["table"].isin(tables)]
    early = shop(as_of=day, settings=demo.settings, accounting=books, **tables)
    headlines = [words_of(finding) for finding in (*of_records(early), *of_customers(early))]
    assert "No order was placed in the 90 days to January 1, 2020." in headlines
