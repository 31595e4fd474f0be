"""What answers about tickets share: which columns are recorded, how old tickets are, folded groups, shares in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from helpers import parameters
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import NotApplicable, facts, say
from helpers.findings.folding import MOST_GROUPS, folded_rows
from helpers.language import later

GROUPS = ("category", "channel", "workgroup", "priority")
ALL = later("(all requests)")

NO_TICKETS = NotApplicable(say("this data set has no tickets: export them to see this."))


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
    if recorded(tickets, [by]):
        return by
    return NotApplicable(say("no ticket of this data set says its {by}.", by=facts.Attribute(by)))


def old_enough(tickets: ir.Table, as_of: dt.date, days: int) -> ir.Table:
    """The tickets recorded at least `days` days before the end of `as_of`."""
    return tickets.filter(tickets.opened_at <= night(as_of - dt.timedelta(days=days)))


def minutes_between(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.IntegerValue:
    """Minutes from one time to a later one, a begun minute counted whole; 0 where the second comes first."""
    seconds = later.epoch_seconds() - earlier.epoch_seconds()
    return ibis.greatest((seconds / 60).ceil().cast("int64"), 0)


def grouped(table: ir.Table, by: str, most: int = MOST_GROUPS) -> tuple[ir.Table, list[str]]:
    """`table` with a column `group` made of `by`, and the groups' names, the one with most customers first.

    Without `by` all rows are one group. Missing values are a group. Values of too few customers, and of more than
    `most` the smallest, are folded into one group of enough customers.
    """
    if not by:
        return table.mutate(group=ibis.literal(ALL)), [ALL]
    return folded_rows(table.mutate(group=table[by]), "group", most)
