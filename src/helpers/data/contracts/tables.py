"""All contract tables by name, and as Markdown.

`sources` validates with them, `data/raw/README.md` prints them, presets map onto them.
"""

from __future__ import annotations

from helpers.data.contracts.contact import EVENTS, SURVEYS, TICKETS, TOUCHES
from helpers.data.contracts.forms import Column, Table
from helpers.data.contracts.people import CONSENTS, CUSTOMERS, LEADS
from helpers.data.contracts.programme import ACTION_RESULTS, PLANNED_ACTIONS
from helpers.data.contracts.trade import ORDER_ITEMS, ORDERS, POINTS, PRODUCTS, SPENDING, SUBSCRIPTIONS
from helpers.data.contracts.trials import EXPERIMENT_TOTALS, EXPERIMENTS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CUSTOMERS,
        ORDERS,
        ORDER_ITEMS,
        PRODUCTS,
        EVENTS,
        SUBSCRIPTIONS,
        TICKETS,
        SURVEYS,
        TOUCHES,
        CONSENTS,
        EXPERIMENTS,
        EXPERIMENT_TOTALS,
        PLANNED_ACTIONS,
        ACTION_RESULTS,
        POINTS,
        SPENDING,
        LEADS,
    )
}

# What a source may carry beyond the contract, when its preset or dataset.toml names it.
EXTRA_COLUMNS = {
    "customers": "attributes: text or numbers that describe the customer",
    "experiments": "metrics: numbers measured after assignment; covariates: text or numbers known before it",
    "experiment_totals": "metrics: their sums over these customers, of a proportion how many have it",
}


def as_markdown() -> str:
    """The contract tables as Markdown, for `data/raw/README.md`."""
    return "\n".join(_table_markdown(table) for table in TABLES.values())


def _table_markdown(table: Table) -> str:
    key = f"Key: {', '.join(table.key)}." if table.key else f"No key: {_equal(table)}."
    later = f" {table.not_before[0]} is never before {table.not_before[1]}." if table.not_before else ""
    extra = f" May carry {EXTRA_COLUMNS[table.name]}." if table.name in EXTRA_COLUMNS else ""
    head = f"### {table.name}\n\nOne row is {table.row}. {key}{later}{extra}\n"
    titles = "| column | type | meaning | rule |\n|---|---|---|---|"
    return "\n".join([head, titles, *(_column_markdown(column) for column in table.columns), ""])


def _equal(table: Table) -> str:
    """Which rows of a table without a key count, and which do not."""
    by = f", by {', '.join(table.lasting)}," if table.lasting else ""
    return f"equal rows are legitimate; what a newer export has again{by} counts there alone"


def _column_markdown(column: Column) -> str:
    bounds = [
        f"at least {column.low:g}" if column.low is not None else "",
        f"at most {column.high:g}" if column.high is not None else "",
    ]
    presence = "required" if column.required else "required once mapped" if column.carried else ""
    ahead = "a term that may lie ahead, where every row has one" if column.ahead else ""
    words = f"one of {', '.join(column.choices)}" if column.choices else ""
    private = "never shown as it stands" if column.private else ""
    rule = ", ".join(filter(None, [presence, *bounds, words, ahead, private]))
    return f"| {column.name} | {column.type} | {column.meaning} | {rule} |"
