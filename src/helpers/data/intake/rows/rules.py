"""The rules a row must keep, and the marks that say which it broke: the first, and one bit for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.data import contracts, engine
from helpers.data.contracts import Column, Table
from helpers.data.intake.rows.purchases import worth
from helpers.data.intake.wording.schema import Policy, Settings
from helpers.data.intake.wording.tables import Extra, Feed

BROKEN, VALUE = "broken", "value"
BITS = 60  # of one mask: a whole number has 63
EQUAL = "row repeats (all columns equal)"  # of a table without a key
GUEST = "customer_id is missing"  # a rule that sound rows of guests break
TOTALS = contracts.EXPERIMENT_TOTALS.name
HUGE = 1e15  # no shop's money, nor what it counts
ROUNDED = 1e-9  # of a sum of squares, which exports round

Numbered = Mapping[int, "Rule"]  # rules by their places: bits of the masks


@dataclass(frozen=True)
class Rule:
    """One rule: `broken` says of each row whether it breaks it, `subject` is the column whose text is at fault.

    Who breaks it loses the row; where the rule `empties`, only the value of the subject. A rule that is `chosen`
    stands in the settings: what it sets aside surprises nobody.
    """

    name: str
    broken: Callable[[ir.Table], ir.BooleanValue]
    subject: str = ""
    empties: bool = False
    chosen: bool = False


def raw(name: str) -> str:
    """The column that holds the text from which the column `name` was read."""
    return f"raw_{name}"


def kept(place: int) -> str:
    """The column that says whether a row keeps the feed's own rule number `place`, as errors call it too."""
    return f"rule {place + 1} (keep)"


def of(table: Table, feed: Feed, settings: Settings) -> Numbered:
    """The rules of one table in the order of a row's first reason: presence, type, bounds, policy, own.

    A value that cannot be read, or is out of bounds, loses its row only where the row is nothing without it.
    """
    columns = [*table.columns, *(Column(extra.name, extra.type, "") for extra in feed.extras)]
    needed = {column.name for column in columns if _must_be_there(column, feed)}
    return numbered(
        [
            *(_present(column) for column in columns if column.name in needed),
            *(_readable(column, needed) for column in columns if column.type not in contracts.WORDS),
            *(rule for column in columns for rule in _bounds(column, needed)),
            *(_chosen(column, needed) for column in columns if column.choices),
            *(rule for metric in feed.metrics.values() if table.name == TOTALS for rule in _summed_up(metric)),
            *_policy(table, settings.policy),
            *(_own(place, rule.rule) for place, rule in enumerate(feed.rules)),
        ]
    )


def numbered(rules: Iterable[Rule], after: Numbered | None = None) -> Numbered:
    """Rules with their places; those that come `after` others begin a mask of their own."""
    first = len(masks(after or {})) * BITS
    return dict(enumerate(rules, start=first))


def once(feed: Feed) -> list[Rule]:
    """That an arm has one row a day: a rule over the sound rows of all files.

    Equal rows with a day are one by their key, and rows that say when they were changed are versions of one.
    """
    if feed.table != TOTALS:
        return []
    names = ["customers", *(extra.name for extra in feed.extras)]

    def several(rows: ir.Table) -> ir.BooleanValue:
        sound = rows[BROKEN].isnull() & rows[contracts.UPDATED_AT.name].isnull()
        arm = ibis.window(group_by=["experiment", "variant", "day", sound])
        differ = [rows[name].min().over(arm) != rows[name].max().over(arm) for name in names if name in rows.columns]
        place = ibis.row_number().over(group_by=arm.groupings, order_by=[rows["file"], rows[engine.ROW]])
        return sound & (reduce(or_, differ) | (rows.day.isnull() & (place > 0)))

    return [Rule("an arm has several rows of one day", several, "variant")]


def in_order(table: Table, never: Sequence[dt.date]) -> list[Rule]:
    """That the table's later time is not before its earlier one, but for days that stand for `never`."""
    if table.not_before is None:
        return []
    later, earlier = table.not_before

    def is_before(rows: ir.Table) -> ir.BooleanValue:
        before = rows[later] < rows[earlier]
        return before & ~rows[later].date().isin(never) if never else before

    return [Rule(f"{later} is before {earlier}", is_before, later)]


def marked(rows: ir.Table, rules: Numbered) -> ir.Table:
    """`rows` with the place of the first rule that each loses its row to (null: none), the text at fault, and masks.

    The bits of `masks(rules)` say all rules that a row breaks. Values at fault are emptied where only they are lost.
    Marks from earlier rules stay.
    """
    flags = {place: rule.broken(rows).fill_null(False) for place, rule in rules.items()}
    losing = {place: flag for place, flag in flags.items() if not rules[place].empties}
    firsts = [ibis.cases(*((flag, place) for place, flag in losing.items())).cast("int32")] if losing else []
    values = [_at_fault(rows, rules, losing)] if losing else []
    marks = {BROKEN: firsts, VALUE: values}
    told = {
        name: ibis.coalesce(*([rows[name]] if name in rows.columns else []), *mark, ibis.null(type_))
        for (name, mark), type_ in zip(marks.items(), ("int32", "string"), strict=True)
    }
    bits = {f"mask_{low}": _bits(flags, low) for low in _lows(rules)}
    kept = [name for name in rows.columns if not name.startswith(("raw_", "rule "))]
    return rows.select(**{name: rows[name] for name in kept} | _emptied(rows, rules, flags) | told | bits)


def masks(rules: Numbered) -> list[str]:
    """The names of the masks of these rules."""
    return [f"mask_{low}" for low in _lows(rules)]


def breaks(counts: pd.DataFrame, place: int) -> np.ndarray:
    """Of which rows of `counts`, which have the masks, the rule at `place` is broken."""
    low = place // BITS * BITS
    return (counts[f"mask_{low}"].to_numpy() >> (place - low)) % 2 == 1


def _lows(rules: Numbered) -> list[int]:
    """The place of the first bit of each mask."""
    return sorted({place // BITS * BITS for place in rules})


def _bits(flags: Mapping[int, ir.BooleanValue], low: int) -> ir.IntegerValue:
    bits = [
        flag.ifelse(1 << (place - low), 0).cast("int64") for place, flag in flags.items() if low <= place < low + BITS
    ]
    return sum(bits, ibis.literal(0, "int64"))


def _at_fault(rows: ir.Table, rules: Numbered, flags: Mapping[int, ir.BooleanValue]) -> ir.StringValue:
    """The text that breaks the first rule that each row is lost to; the value where the text is gone."""
    texts = []
    for place, flag in flags.items():
        subject = rules[place].subject
        name = raw(subject) if raw(subject) in rows.columns else subject
        texts.append((flag, rows[name].cast("string") if subject else ibis.literal("")))
    return ibis.cases(*texts)


def _emptied(rows: ir.Table, rules: Numbered, flags: Mapping[int, ir.BooleanValue]) -> dict[str, ir.Value]:
    """The columns of rules that empty values, without the values that break them."""
    wrong: dict[str, list[ir.BooleanValue]] = {}
    for place, flag in flags.items():
        if rules[place].empties:
            wrong.setdefault(rules[place].subject, []).append(flag)
    return {name: ibis.cases((~reduce(or_, found), rows[name])) for name, found in wrong.items()}


def _must_be_there(column: Column, feed: Feed) -> bool:
    if feed.anonymous and column.name == "customer_id":
        return False
    return column.required or (column.carried and column.name in feed.columns)


def _present(column: Column) -> Rule:
    return Rule(f"{column.name} is missing", lambda rows: rows[raw(column.name)].isnull(), column.name)


def _readable(column: Column, needed: set[str]) -> Rule:
    kind = "whole number" if column.type == contracts.INTEGER else column.type
    return Rule(
        f"{column.name} is not a {kind}",
        lambda rows: rows[column.name].isnull() & rows[raw(column.name)].notnull(),
        column.name,
        empties=column.name not in needed,
    )


def _bounds(column: Column, needed: set[str]) -> list[Rule]:
    name, low, high = column.name, column.low, column.high
    empties = name not in needed
    below = [] if low is None else [Rule(f"{name} is below {low:g}", lambda rows: rows[name] < low, name, empties)]
    above = [] if high is None else [Rule(f"{name} is above {high:g}", lambda rows: rows[name] > high, name, empties)]
    return below + above + ([_huge(name, empties)] if column.type == contracts.NUMBER and high is None else [])


def _huge(name: str, empties: bool) -> Rule:
    """That a number is one that can be summed: an id or a phone in its place would drown all others."""
    return Rule(f"{name} is beyond {HUGE:g}", lambda rows: rows[name].abs() > HUGE, name, empties)


def _chosen(column: Column, needed: set[str]) -> Rule:
    return Rule(
        f"{column.name} is none of: {', '.join(column.choices)}",
        lambda rows: rows[column.name].notnull() & ~rows[column.name].isin(column.choices),
        column.name,
        empties=column.name not in needed,
    )


def _summed_up(metric: Extra) -> list[Rule]:
    """That a sum over customers can be one."""
    name, squared = metric.name, metric.squared
    if metric.kind == "proportion":
        return [
            Rule(f"{name} is below 0", lambda rows: rows[name] < 0, name),
            Rule(f"{name} is not a whole number", lambda rows: rows[name] % 1 != 0, name),
            Rule(f"{name} is above customers", lambda rows: rows[name] > rows.customers, name),
        ]
    return [
        Rule(f"{name} has no sum of squares", lambda rows: rows[name].notnull() & rows[squared].isnull(), name),
        Rule(
            f"{squared} is below {name}² / customers",
            lambda rows: rows[squared] * rows.customers < rows[name] ** 2 * (1 - ROUNDED),
            squared,
        ),
    ]


def _policy(table: Table, policy: Policy) -> list[Rule]:
    rules = []
    if table.column("cancelled") and policy.cancellations == "drop":
        rules.append(Rule("cancelled (policy: drop)", lambda rows: rows.cancelled, "cancelled", chosen=True))
    if table.column("refund") and policy.refunds == "drop":
        rules.append(Rule("refunded (policy: drop)", lambda rows: rows.refund > 0, "refund", chosen=True))
    if table.column("amount") and policy.negatives == "drop":
        rules.append(Rule("negative (policy: drop)", lambda rows: worth(rows) < 0, "amount", chosen=True))
    return rules


def _own(place: int, name: str) -> Rule:
    return Rule(name, lambda rows: ~rows[kept(place)].fill_null(False), chosen=True)
