"""Some of a data set's customers: whom a rule or a list means, and the tables with their rows alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, TypeAlias

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import conditions
from helpers.language import _

LIST = "customer_id in …"  # what customers are called whom no rule means

Meant: TypeAlias = str | pd.Series | pd.DataFrame | pd.Index | Collection[str]  # by whom customers are chosen


class Subset(NamedTuple):
    """Which customers of how many a data set is cut down to."""

    rule: str
    customers: int
    of: int


def chosen(customers: pd.DataFrame, meant: Meant, called: str, smallest: int) -> tuple[pd.Index, Subset]:
    """The ids of the customers that are meant, of `customers` (one row each), and what is told of them.

    `meant` is a rule over the columns of `customers`, such as `channel == 'store'`, one flag a row of them, or ids: a
    list, an index, or the column customer_id of a table. Raises ValueError for a rule that is none, flags of other
    rows, ids of which none is known, and fewer than `smallest` customers, whom every sum would show.
    """
    if isinstance(meant, str):
        holds = conditions.condition(meant, conditions.kinds_of(customers), "where").holds(customers)
    elif isinstance(meant, pd.Series) and pd.api.types.is_bool_dtype(meant):
        holds = _flags(meant, customers)
    else:
        ids = pd.Index(_ids(meant))
        holds = customers["customer_id"].isin(ids)
        if len(ids) and not holds.any():
            raise ValueError(unmet("where", ids, customers["customer_id"]))
    subset = Subset(called or (meant.strip() if isinstance(meant, str) else LIST), int(holds.sum()), len(customers))
    if subset.customers < smallest:
        raise ValueError(
            _(
                "where = {rule!r}: {customers} customers, fewer than the {smallest} of whom numbers may be shown. Ask "
                "for a larger group."
            ).format(rule=subset.rule, customers=subset.customers, smallest=smallest)
        )
    return pd.Index(customers.loc[holds, "customer_id"]), subset


def cut(tables: dict[str, ir.Table], ids: pd.Index) -> dict[str, ir.Table]:
    """The tables with the rows of these customers alone.

    Lines follow their orders, results that name no customer their planned actions. Products stay, which belong to
    nobody; totals of experiments go, for they cannot be cut.
    """
    kept = ibis.memtable(pd.DataFrame({"customer_id": pd.Series(ids, dtype="str")}))
    own = {name: _of_customers(table, kept) for name, table in tables.items() if "customer_id" in table.columns}
    if {"order_items", "orders"} <= tables.keys():
        own["order_items"] = tables["order_items"].semi_join(own["orders"], "order_id")
    if {"action_results", "planned_actions"} <= tables.keys():
        results = tables["action_results"]
        named, unnamed = results.customer_id.notnull(), results.customer_id.isnull()
        nobody_s = results.filter(unnamed).semi_join(own["planned_actions"], "action_key")
        own["action_results"] = _of_customers(results.filter(named), kept).union(nobody_s)
    whole = {name: tables[name] for name in ("products",) if name in tables}
    return {name: (own | whole)[name] for name in tables if name in own or name in whole}


def unmet(asked: str, ids: pd.Index, known: pd.Series) -> str:
    """The sentence that none of these ids is known here, with an example of each."""
    return _(
        "{asked} = {given}: none of these ids is a customer here, where they look like {known}. Give ids as the data "
        "set has them, as text."
    ).format(asked=asked, given=_examples(ids), known=_examples(pd.Index(known.sort_values())))


def _of_customers(table: ir.Table, kept: ir.Table) -> ir.Table:
    return table.semi_join(kept, "customer_id")


def _flags(meant: pd.Series, customers: pd.DataFrame) -> pd.Series:
    if not meant.index.equals(customers.index):
        raise ValueError(
            _(
                "where = {given} flags: they stand beside other rows than the {rows} customers here. Make them of "
                "`data.customers`, or give ids."
            ).format(given=len(meant), rows=len(customers))
        )
    return meant.fillna(False).astype(bool)


def _ids(meant: pd.Series | pd.DataFrame | pd.Index | Collection[str]) -> Collection[str]:
    if not isinstance(meant, pd.DataFrame):
        return meant
    if "customer_id" in meant.columns:
        return meant["customer_id"]
    if meant.index.name == "customer_id":
        return meant.index
    raise ValueError(
        _("where = a table of {columns}: it has no column customer_id. Name one so, or give a list of ids.").format(
            columns=", ".join(map(str, meant.columns)) or _("nothing")
        )
    )


def _examples(ids: pd.Index) -> str:
    return ", ".join(repr(each) for each in ids[:2])
