"""How far each customer got along the steps of a funnel, by window functions over the touchpoints.

From the last step to the first, every touchpoint of a step learns when the road that begins with it would reach each
later step: at the times that the next touchpoint of the next step has learnt. So all entries are tried in one pass a
step, however many touchpoints a customer has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir

from helpers import parameters
from helpers.data.days import DAY_SECONDS


class Mode(StrEnum):
    """How the steps may follow one another."""

    ORDERED = "ordered"
    STRICT = "strict"
    ANY_ORDER = "any order"


class Entry(StrEnum):
    """Which touchpoint a customer's try may begin with."""

    FIRST = "first"
    ANY = "any"


@dataclass(frozen=True)
class FunnelRules:
    """What counts as getting on: the steps in order, and how they may follow one another.

    `mode`: "ordered" (other touchpoints may lie between), "strict" (the next touchpoint of all must be the next step)
    or "any order" (the k-th step is the k-th different one). `window_days` run from the entry, the last moment
    included; fractions are parts of a day. `entry`: "first" tries the customer's first touchpoint of the first step
    (in any order: of any step), "any" tries all of them and keeps the first that gets furthest, of those whose window
    has ended where there are any. A touchpoint of an
    `exclude` step after the entry ends the try. Touchpoints of one moment are taken in the order of the funnel's
    steps, others after them, so two steps of one minute count as done in order.
    """

    steps: tuple[str, ...] = ()
    mode: Mode = Mode.ORDERED
    window_days: float = 30
    entry: Entry = Entry.FIRST
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", parameters.one_of("mode", self.mode, Mode))
        object.__setattr__(self, "entry", parameters.one_of("entry", self.entry, Entry))
        parameters.between("window_days", self.window_days, 0, parameters.LONGEST_WINDOW_DAYS)
        for name in ("steps", "exclude"):
            if isinstance(getattr(self, name), str):
                raise ValueError(f"{name} = {getattr(self, name)!r}: a list of steps. Write it in brackets.")
            object.__setattr__(self, name, tuple(getattr(self, name)))
        named = [*self.steps, *self.exclude]
        for name in named:
            if named.count(name) > 1:
                raise ValueError(f"steps = {name!r}: stands twice in the funnel. Name each step once, to pass or to "
                                 "exclude.")  # fmt: skip

    @property
    def window_seconds(self) -> int:
        """The window in whole seconds."""
        return round(self.window_days * DAY_SECONDS)


def rules_from(words: Mapping[str, Any]) -> FunnelRules:
    """The rules that a setting such as {"mode": "strict", "window_days": 7} makes; ValueError for another key."""
    for name in words:
        parameters.one_of("funnel", name, [each.name for each in fields(FunnelRules)])
    return FunnelRules(**words)


def furthest(rows: ir.Table, rules: FunnelRules, night: dt.datetime) -> ir.Table:
    """One row a customer who entered: the try that counts.

    `rows` are touchpoints (customer_id, step, at, channel, content, campaign), `night` is the end of the data's day.
    Returns customer_id, entered_at, depth
    (steps reached, 1 for the entry), at_0 … (when each step was reached; null where it was not), stopped (an excluded
    touchpoint within the window ended the try short of the last step) and the entry's channel, content, campaign.
    """
    count = len(rules.steps)
    placed = _placed(rows, rules)
    chained = CHAINS[rules.mode](placed, count)
    entries = chained.filter(chained.place < count if rules.mode == Mode.ANY_ORDER else chained.place == 0)
    last = entries["at"] + ibis.interval(seconds=rules.window_seconds)
    within = {_at(k): ibis.cases((entries[_at(k)] <= last, entries[_at(k)])) for k in range(count)}
    depth = sum(at.notnull().ifelse(1, 0) for at in within.values())
    entries = entries.mutate(depth=depth, waiting=last >= night, **within)
    entries = entries.mutate(stopped=(entries.depth < count) & (entries.stop_at <= last).fill_null(False))
    nearest = [entries[name] for name in ("at", "place", "channel", "content", "campaign")]
    deepest = [entries.waiting, entries.depth.desc()] if rules.entry == Entry.ANY else []
    order = ibis.row_number().over(ibis.window(group_by="customer_id", order_by=[*deepest, *nearest]))
    best = entries.mutate(order=order)
    best = best.filter(best.order == 0)
    kept = ["channel", "content", "campaign", "depth", "stopped", *within]
    return best.select("customer_id", *kept, entered_at=best["at"])


def _at(step: int) -> str:
    return f"at_{step}"


def _placed(rows: ir.Table, rules: FunnelRules) -> ir.Table:
    """The touchpoints that matter, with their place in the funnel, and cut into runs by the excluded ones.

    `place` is 0, 1 … for the funnel's steps, beyond for others; `run` counts the excluded touchpoints so far; `stop_at`
    is the next of them.
    """
    if rules.mode != Mode.STRICT:
        rows = rows.filter(rows.step.isin([*rules.steps, *rules.exclude]))
    rows = _since_entry(rows, rules)
    place = ibis.cases(*((rows.step == name, place) for place, name in enumerate(rules.steps)), else_=len(rules.steps))
    if not rules.exclude:
        return rows.mutate(place=place, run=ibis.literal(0), stop_at=ibis.null("timestamp"))
    rows = rows.mutate(place=place, stops=rows.step.isin(rules.exclude))
    forward, backward = (
        ibis.window(group_by="customer_id", order_by=order, rows=(None, 0))
        for order in ([rows["at"], rows.place], [rows["at"].desc(), rows.place.desc()])
    )
    return rows.mutate(
        run=rows.stops.ifelse(1, 0).sum().over(forward), stop_at=rows["at"].min(where=rows.stops).over(backward)
    )


def _since_entry(rows: ir.Table, rules: FunnelRules) -> ir.Table:
    """The touchpoints from a customer's first entry on, to its window's end where it is the only one tried.

    A join by customer is cheap; every window function after it sorts what is left.
    """
    entering = rows.step.isin(rules.steps if rules.mode == Mode.ANY_ORDER else rules.steps[:1])
    first = rows.filter(entering).group_by("customer_id").agg(first_at=rows["at"].min())
    rows = rows.join(first, "customer_id")
    since = rows.filter(rows["at"] >= rows.first_at)
    if rules.entry == Entry.FIRST:
        since = since.filter(since["at"] <= since.first_at + ibis.interval(seconds=rules.window_seconds))
    return since.drop("first_at")


def _ordered(rows: ir.Table, count: int) -> ir.Table:
    """Adds at_0 …: when the road that begins with a touchpoint reaches each step from its own on.

    A step is done with, and its rows are dropped, once those of the step before have learnt from them.
    """
    rows = rows.mutate(**{_at(step): ibis.cases((rows.place == step, rows["at"])) for step in range(count)})
    for step in reversed(range(count - 1)):
        rows = rows.filter(rows.place <= step + 1)
        onward = _onward(rows)
        rows = rows.mutate(**{
            name: ibis.ifelse(rows.place == step, rows[name].min(where=rows.place == step + 1).over(onward), rows[name])
            for name in map(_at, range(step + 1, count))
        })  # fmt: skip
    return rows


def _strict(rows: ir.Table, count: int) -> ir.Table:
    """As `_ordered`, where the touchpoints that follow at once must be the steps."""
    window = ibis.window(group_by=["customer_id", "run"], order_by=["at", "place"])
    reached, follows = {_at(0): rows["at"]}, ibis.literal(True)
    for step in range(1, count):
        follows = follows & (rows.place.lead(step).over(window) == rows.place + step)
        reached[_at(step)] = ibis.cases((follows, rows["at"].lead(step).over(window)))
    return rows.mutate(**reached)


def _any_order(rows: ir.Table, count: int) -> ir.Table:
    """Adds at_0 …: the first touchpoint of each step from a touchpoint on, itself included."""
    onward = _onward(rows)
    return rows.mutate(**{_at(k): rows["at"].min(where=rows.place == k).over(onward) for k in range(count)})


def _onward(rows: ir.Table) -> ibis.expr.builders.WindowBuilder:
    """From a touchpoint to the customer's last before the next excluded one."""
    order = [rows["at"].desc(), rows.place.desc()]
    return ibis.window(group_by=["customer_id", "run"], order_by=order, rows=(None, 0))


CHAINS = {Mode.ORDERED: _ordered, Mode.STRICT: _strict, Mode.ANY_ORDER: _any_order}
