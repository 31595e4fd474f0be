"""What recency, frequency and money are measured on: orders, or by configuration any other table of customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import parameters
from helpers.analyses.segmentation.dated_rows import rows_of
from helpers.analyses.segmentation.groups import FEWEST_BUYERS, NO_COMPLETED_ORDER, NO_ORDER, unfit, unsorted_buyers
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, facts, say

VALUES = {"recency": "recency_days", "frequency": "orders", "monetary": "monetary"}
TABLES = tuple(name for name, table in contracts.TABLES.items() if name != "customers" and table.column("customer_id"))


@dataclass(frozen=True)
class RfmSource:
    """A contract table with a row for everything that counts, the time of a row, and its money.

    Without a time the one that dates the table's rows is taken. Orders have money by themselves, net as the data set's
    policy says; another table has it where `amount` names a column, and otherwise no monetary score.
    """

    table: str = "orders"
    time: str = ""
    amount: str = ""

    @property
    def plain_orders(self) -> bool:
        """Whether the snapshot has these values already."""
        return self == RfmSource()

    @property
    def nobody(self) -> tuple[str, Sentence]:
        """The group of the customers without scores, and its rule."""
        if self.table == "orders":
            return NO_ORDER, NO_COMPLETED_ORDER
        return f"No {self.table.replace('_', ' ')} 无记录", say("no row in “{table}”", table=facts.Name(self.table))


def source_from(words: Mapping[str, str]) -> RfmSource:
    """The source that a setting such as {"table": "events"} names; ValueError for another key or table."""
    for name in words:
        parameters.one_of("rfm", name, [field.name for field in fields(RfmSource)])
    source = RfmSource(**words)
    parameters.one_of("rfm.table", source.table, TABLES)
    return source


def values(data: Dataset, source: RfmSource = RfmSource()) -> pd.DataFrame | NotApplicable:
    """recency_days, orders (rows of another table) and, where there is money, monetary, by customer_id.

    Of orders these are the snapshot's; other rows are summed up in the engine, without cancelled ones. Raises
    ValueError for columns that the table lacks, or that are not a time and a number.
    """
    if source.plain_orders:
        return unfit(data) or unsorted_buyers(data, VALUES.values())
    parameters.one_of("rfm.table", source.table, TABLES)
    rows = rows_of(data, source.table)
    if rows is None:
        return NotApplicable(say("this data set has no table “{table}”.", table=facts.Name(source.table)))
    customers = _summed(data, rows, source).execute()
    if len(customers) < FEWEST_BUYERS:
        few = say(
            "{customers} customers are named in “{table}”, and groups need at least {least}.",
            customers=facts.Count(len(customers)),
            table=facts.Name(source.table),
            least=facts.Count(FEWEST_BUYERS),
        )
        return NotApplicable(few)
    return customers.set_index("customer_id")


def _summed(data: Dataset, rows: ir.Table, source: RfmSource) -> ir.Table:
    time = source.time or contracts.TABLES[source.table].fact_at
    _check_type("rfm.time", time, rows, "timestamp", "date")
    rows = rows.filter(rows[time].notnull())
    sums = {"last": rows[time].max().date(), "orders": rows.count()}
    amount = source.amount or ("amount" if source.table == "orders" else "")
    if amount:
        _check_type("rfm.amount", amount, rows, "int", "float", "decimal")
        sums["monetary"] = rows[amount].cast("float64").sum().fill_null(0.0)
    people = rows.group_by("customer_id").agg(**sums)
    recency = ibis.date(data.as_of).delta(people.last, unit="day")
    return people.select("customer_id", recency_days=recency, **{name: people[name] for name in list(sums)[1:]})


def _check_type(subject: str, column: str, rows: ir.Table, *types: str) -> None:
    parameters.one_of(subject, column, rows.columns)
    type_name = str(rows[column].type())
    if not type_name.lstrip("!u").startswith(types):
        kind = "a time" if types[0] == "timestamp" else "a number"
        raise ValueError(f"{subject} = {column!r}: it is {type_name}, not {kind}. Name another column.")
