"""The rules a row must keep, and the marks that say which it broke: the first, and one bit for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts
from helpers.data.contracts import Column, Table
from helpers.data.intake.schema import Feed, Policy, Settings

BROKEN, VALUE = "broken", "value"
BITS = 60  # of one mask: a whole number has 63


@dataclass(frozen=True)
class Rule:
    """One rule: `broken` says of each row whether it breaks it, `subject` is the column whose text is at fault."""

    name: str
    broken: Callable[[ir.Table], ir.BooleanValue]
    subject: str = ""


def raw(name: str) -> str:
    """The column that holds the text from which the column `name` was read."""
    return f"raw_{name}"


def kept(place: int) -> str:
    """The column that says whether a row keeps the feed's own rule number `place`."""
    return f"keep_{place}"


def of(table: Table, feed: Feed, settings: Settings) -> list[Rule]:
    """The rules of one table in the order of a row's first reason: presence, type, bounds, policy, own."""
    columns = [*table.columns, *(Column(extra.name, extra.type, "") for extra in feed.extras)]
    return [
        *(_present(column) for column in columns if _must_be_there(column, feed)),
        *(_readable(column) for column in columns if column.type not in contracts.WORDS),
        *(rule for column in columns for rule in _bounds(column)),
        *_in_order(table),
        *_policy(table, settings.policy),
        *(_own(place, rule.rule) for place, rule in enumerate(feed.rules)),
    ]


def marked(rows: ir.Table, rules: list[Rule]) -> ir.Table:
    """`rows` with the place of the first rule that each breaks (null: none), the text at fault, and the masks.

    The bits of `masks(rules)` say all rules that a row breaks, `BITS` of them a mask.
    """
    flags = [rule.broken(rows).fill_null(False) for rule in rules]
    places = [(flag, place) for place, flag in enumerate(flags)]
    values = [(flag, rows[raw(rule.subject)] if rule.subject else "") for flag, rule in zip(flags, rules, strict=True)]
    keep = [name for name in rows.columns if not name.startswith(("raw_", "keep_"))]
    return rows.select(
        *keep,
        **{
            BROKEN: ibis.cases(*places).cast("int32"),
            VALUE: ibis.cases(*values).cast("string"),
            **{f"mask_{low}": _bits(flags[low : low + BITS]) for low in range(0, len(flags), BITS)},
        },
    )


def masks(rules: int) -> list[str]:
    """The names of the masks of so many rules."""
    return [f"mask_{low}" for low in range(0, rules, BITS)]


def breaks(counts: pd.DataFrame, place: int) -> pd.Series:
    """Of which rows of `counts`, which have the masks, the rule at `place` is broken."""
    low = place // BITS * BITS
    return (counts[f"mask_{low}"] // (1 << (place - low))) % 2 == 1


def _bits(flags: list[ir.BooleanValue]) -> ir.IntegerValue:
    return sum((flag.ifelse(1 << place, 0).cast("int64") for place, flag in enumerate(flags)), ibis.literal(0, "int64"))


def _must_be_there(column: Column, feed: Feed) -> bool:
    if feed.anonymous and column.name == "customer_id":
        return False
    return column.required or (column.carried and column.name in feed.columns)


def _present(column: Column) -> Rule:
    return Rule(f"{column.name} is missing", lambda rows: rows[raw(column.name)].isnull(), column.name)


def _readable(column: Column) -> Rule:
    return Rule(
        f"{column.name} is not a {column.type}",
        lambda rows: rows[column.name].isnull() & rows[raw(column.name)].notnull(),
        column.name,
    )


def _bounds(column: Column) -> list[Rule]:
    name, low, high = column.name, column.low, column.high
    below = [] if low is None else [Rule(f"{name} is below {low:g}", lambda rows: rows[name] < low, name)]
    above = [] if high is None else [Rule(f"{name} is above {high:g}", lambda rows: rows[name] > high, name)]
    return below + above


def _in_order(table: Table) -> list[Rule]:
    if table.not_before is None:
        return []
    later, earlier = table.not_before
    return [Rule(f"{later} is before {earlier}", lambda rows: rows[later] < rows[earlier], later)]


def _policy(table: Table, policy: Policy) -> list[Rule]:
    rules = []
    if table.column("cancelled") and policy.cancellations == "drop":
        rules.append(Rule("cancelled (policy: drop)", lambda rows: rows.cancelled, "cancelled"))
    if table.column("refund") and policy.refunds == "drop":
        rules.append(Rule("refunded (policy: drop)", lambda rows: rows.refund > 0, "refund"))
    return rules


def _own(place: int, name: str) -> Rule:
    return Rule(name, lambda rows: ~rows[kept(place)].fill_null(False))
