"""The facts by which a customer is there: rows of one table that name a customer and a time."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from helpers import parameters
from helpers.analyses.profiling.vocabulary import IN_TABLE
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import NotApplicable, say
from helpers.findings.facts import Word

TABLES = ("orders", "events", "tickets", "surveys", "touches")
LACKING = {
    "orders": say("this data set has no orders: export them to see this."),
    "events": say("this data set has no events."),
    "tickets": say("this data set has no tickets: export them to see this."),
    "surveys": say("this data set has no surveys."),
    "touches": say("this data set has no touches."),
}

Condition = Mapping[str, object]  # the value, or the values, that a column must have


def facts(data: Dataset, table: str) -> ir.Table | NotApplicable:
    """The rows of a table that name a customer; of orders those that are purchases."""
    parameters.one_of("table", table, TABLES)
    if table not in data.tables:
        return NotApplicable(LACKING[table])
    rows = data.tables[table].filter(data.tables[table].customer_id.notnull())
    rows = purchases.made(rows, data.settings.policy) if table == "orders" else rows
    if not rows.count().execute():
        return NotApplicable(say("none of {table} names a customer.", table=Word(table, IN_TABLE)))
    return rows


def most_telling(data: Dataset) -> str:
    """Events where the data have them, for they show a customer between orders; else orders; else nothing."""
    return next((name for name in ("events", "orders") if not isinstance(facts(data, name), NotApplicable)), "")


def fact_time(table: str) -> str:
    """The column that says when a row of the table happened."""
    return contracts.TABLES[table].fact_at


def meets(rows: ir.Table, condition: Condition, name: str) -> ir.BooleanValue:
    """Whether each row has the values that the condition asks for; all have, for no condition.

    Raises ValueError, saying which of the conditions by its `name`, for a column that the rows do not have.
    """
    every: ir.BooleanValue = ibis.literal(True)
    for column, wanted in condition.items():
        parameters.one_of(f"column of {name}", column, rows.columns)
        values = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
        this = rows[column].isin(values).fill_null(False)
        every = every & this
    return every
