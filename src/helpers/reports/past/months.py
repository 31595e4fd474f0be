"""The rows of each month as a report saw them: whether an export of today still says the same of days long past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import ibis

from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.spans import FACT
from helpers.findings import facts, say
from helpers.findings.sentence import Sentence
from helpers.findings.vocabulary import TABLE

LEAST_SHARE = 0.001  # of all rows, or of all money, that differs

Months = dict[str, float]  # 2025-03 → rows, or money


def of(data: Dataset, until: dt.date) -> dict[str, dict[str, Months]]:
    """The rows of each table by month up to a day, by the first column that dates them, and the money of orders."""
    days = data.days[(data.days["kind"] == FACT) & (data.days["day"] <= until)]
    first = days.groupby("table", sort=False)["column"].transform("first")
    days = days[days["column"] == first]
    month = days["day"].map(lambda day: f"{day:%Y-%m}").rename("month")
    rows = days.groupby(["table", month])["rows"].sum()
    tables = {str(table): _plain(counts.droplevel("table")) for table, counts in rows.groupby(level="table")}
    return {"rows": tables, "money": {"orders": _money(data, until)} if "orders" in data.tables else {}}


def _money(data: Dataset, until: dt.date) -> Months:
    orders = data.tables["orders"]
    there = orders.filter(orders.ordered_at.date() <= ibis.date(until))
    dated = there.mutate(month=there.ordered_at.strftime("%Y-%m"))
    sums = dated.group_by("month").agg(money=engine.total(dated.amount)).order_by("month").execute()
    return _plain(sums.set_index("month")["money"].fillna(0.0))


def differences(
    now: Mapping[str, Mapping[str, Months]], before: Mapping[str, Mapping[str, Months]], day: dt.date, currency: str
) -> Iterator[Sentence]:
    """What differs up to the day of the report `before`: rows of tables that both reports have, and money of orders."""
    known = {"day": facts.Day(day)}
    for table, then in before.get("rows", {}).items():
        found = now["rows"].get(table, {})
        if _differs(found, then):
            counted = {"now": facts.Count(sum(found.values())), "before": facts.Count(sum(then.values()))}
            name = facts.Word(table, TABLE)
            yield say("Other data: {table} up to {day} are {now} rows, before {before}.", table=name, **counted, **known
            ).resting_on(_most(found, then))  # fmt: skip
    for table, then in before.get("money", {}).items():
        found = now["money"].get(table, {})
        if _differs(found, then) and not _differs(now["rows"].get(table, {}), before["rows"].get(table, {})):
            ends = {
                name: facts.Money(sum(sums.values()), currency) for name, sums in (("now", found), ("before", then))
            }
            yield say("Other data: orders up to {day} are worth {now}, before {before}.", **ends, **known).resting_on(
                _most(found, then)
            )


def _differs(now: Months, before: Months) -> bool:
    moved = sum(abs(now.get(month, 0) - before.get(month, 0)) for month in {*now, *before})
    return moved > LEAST_SHARE * max(1.0, sum(map(abs, before.values())))


def _most(now: Months, before: Months) -> Sentence:
    """The month that differs most."""
    month = max(sorted({*now, *before}), key=lambda month: abs(now.get(month, 0) - before.get(month, 0)))
    first = facts.Month(dt.date.fromisoformat(f"{month}-01"))
    return say("{month} differs most.", month=first)


def _plain(sums: Any) -> Months:
    return {str(month): float(value) for month, value in sums.items()}
