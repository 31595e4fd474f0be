"""What answers about tickets share: which columns are recorded, how old tickets are, folded groups, shares in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers import parameters
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import NotApplicable, formats
from helpers.findings.evidence import CI
from helpers.findings.folding import MOST_GROUPS, folded_rows

GROUPS = ("category", "channel", "workgroup", "priority")
ALL = "all tickets"

NO_TICKETS = NotApplicable("this data set has no tickets.")


def tickets_of(data: Dataset) -> ir.Table | None:
    """The tickets of a data set; None where it has none."""
    tickets = data.tables.get("tickets")
    return None if tickets is None or not tickets.count().execute() else tickets


def recorded(tickets: ir.Table, names: Iterable[str]) -> list[str]:
    """The columns among `names` that hold any value, in their order."""
    names = list(names)
    filled = tickets.agg(**{name: tickets[name].count() for name in names}).execute().iloc[0]
    return [name for name in names if filled[name]]


def chosen_group(tickets: ir.Table, by: str) -> str | NotApplicable:
    """`by` itself when tickets have it; ValueError for a name that no ticket column has."""
    parameters.one_of("by", by, GROUPS)
    return by if recorded(tickets, [by]) else NotApplicable(f"no ticket of this data set says its {by}.")


def old_enough(tickets: ir.Table, as_of: dt.date, days: int) -> ir.Table:
    """The tickets recorded at least `days` days before the end of `as_of`."""
    return tickets.filter(tickets.opened_at <= night(as_of - dt.timedelta(days=days)))


def minutes_between(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.IntegerValue:
    """Minutes from one time to a later one, a begun minute counted whole; 0 where the second comes first."""
    seconds = later.epoch_seconds() - earlier.epoch_seconds()
    return ibis.greatest((seconds / 60).ceil().cast("int64"), 0)


def grouped(table: ir.Table, by: str, most: int = MOST_GROUPS) -> tuple[ir.Table, list[str]]:
    """`table` with a column `group` made of `by`, and the groups' names, the one with most customers first.

    Without `by` all rows are one group. Missing values are a group. Values of fewer than 5 customers, and of more than
    `most` the smallest, are folded into one group of at least 5 customers.
    """
    if not by:
        return table.mutate(group=ibis.literal(ALL)), [ALL]
    return folded_rows(table.mutate(group=table[by]), "group", most)


def share_words(row: pd.Series, share: str) -> str:
    """A share of a table's row with its limits, where it has any: 12.3% (95% CI 10.1% to 14.9%)."""
    if np.isnan(row["lower"]):
        return formats.percent(row[share])
    return f"{formats.percent(row[share])} ({CI} {formats.interval(row['lower'], row['upper'], formats.percent)})"
