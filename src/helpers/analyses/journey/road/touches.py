"""Touchpoints: every moment at which a customer and the company met, by the steps of the road that they belong to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.vocabulary import FIRST_ON, LAST_ON, STEP, TIME, TOUCHPOINTS
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.data.intake.rows import purchases
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMERS, TABLE

# Where a table keeps what every touchpoint has; the order is that from awareness to after-sales.
SOURCES: dict[str, dict[str, str]] = {
    "touches": {"channel": "channel", "campaign": "campaign"},
    "events": {"channel": "channel", "content": "content"},
    "orders": {"channel": "channel"},
    "tickets": {"channel": "channel", "content": "category"},
    "surveys": {"content": "question"},
}
KEYS = ("step", "table", "time", "where")
CODED = r"(?i)[a-z]{0,3}[-_. ]?\d+|[0-9a-f]{8}[0-9a-f-]*"  # 3, E17, evt_4, 9f86d081: no reader knows their order
MOST_EVENTS = 6  # kinds of event that become steps by themselves
MESSAGES = {"message sent": "touched_at", "message opened": "opened_at", "message clicked": "clicked_at"}
ONCE = {"orders": "order placed", "tickets": "ticket opened", "surveys": "survey answered"}


@dataclass(frozen=True)
class Step:
    """One kind of touchpoint: the rows of `table` that are equal to `where`, dated by the column `time`."""

    name: str
    table: str
    time: str
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_customer(self) -> bool:
        """Whether the customer acted; being sent a message is no act of theirs."""
        return (self.table, self.time) != ("touches", "touched_at")


@dataclass(frozen=True)
class Touchpoints(Members, Finding):
    """All touchpoints of all customers as of a day, and how many there are of each step."""

    table: pd.DataFrame
    rows: ir.Table  # customer_id, step, at, channel, content, campaign; of the engine, one row a touchpoint
    steps: tuple[Step, ...]
    people: int
    as_of: dt.date
    coded: tuple[str, ...] = ()  # steps that nobody named, of events that are codes: these say no order
    columns = (STEP, TABLE, TIME, TOUCHPOINTS, CUSTOMERS, FIRST_ON, LAST_ON)

    @property
    def names(self) -> tuple[str, ...]:
        """The steps' names, in order."""
        return tuple(step.name for step in self.steps)

    def members(self) -> pd.DataFrame:
        """Each customer at each step where they were met."""
        return self.rows.select("customer_id", "step").distinct().execute()

    @property
    def placed(self) -> ir.Table:
        """The rows with their step's `place` on the road, 0 for the first; it orders touchpoints of one moment."""
        step = self.rows.step
        return self.rows.mutate(place=ibis.cases(*((step == name, place) for place, name in enumerate(self.names))))

    @property
    def night(self) -> pd.Timestamp:
        """The end of `as_of`, beyond which nothing is known."""
        return pd.Timestamp(night(self.as_of).execute())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers who were met at each step, in the order of the road."""
        return charts.bars(self.to_show(), value=CUSTOMERS, label=STEP, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are met at each step?")

    def headline(self) -> Sentence:
        """Where most customers were met; how many touchpoints of how many customers there are below."""
        most = self.table.loc[self.table[CUSTOMERS].idxmax()]
        first, last = (facts.Word(self.names[end], STEP) for end in (0, -1))
        points = facts.Count(self.table[TOUCHPOINTS].sum())
        if len(self.steps) == 1:
            told = say("All touchpoints are at “{step}”: one step is not a road yet.", step=first)
            return told.resting_on(say("Touchpoints: {points}.", points=points))
        return say(
            "Most customers were met at “{step}”: {customers} of {people}.",
            step=facts.Word(most[STEP], STEP),
            customers=facts.Count(most[CUSTOMERS]),
            people=facts.Count(self.people),
        ).resting_on(
            say(
                "{points} touchpoints in {steps} steps, from “{first}” to “{last}”.",
                points=points,
                steps=facts.Count(len(self.steps)),
                first=first,
                last=last,
            )
        )


@analysis
def touchpoints(data: Dataset, steps: Sequence[Mapping[str, Any]] = ()) -> Touchpoints | NotApplicable:
    """The touchpoints of `data` by the configured `steps`, ordered from awareness to after-sales.

    A step is {"step": its name, "table": events, orders, touches, tickets or surveys, "time": a column of times of it
    (by default the one that dates its rows), "where": {column: value, or a list of values}}. A row that fits two steps
    is a touchpoint of both; a flag that is not known counts as False; rows without customer or time are none. Without
    `steps` the road is made of what the data set has: messages sent, opened, clicked; the events of most customers,
    those of more customers first; orders that were not cancelled, tickets, surveys. Raises ValueError for a step that
    cannot be read; one of a table that the data set lacks has no touchpoints.
    """
    road = _checked(steps, data) if steps else _usual(data)
    present = [step for step in road if step.table in data.tables]
    if not present:
        return NotApplicable(
            say("this data set has no messages, events, orders, tickets or survey answers: export one of them.")
        )
    parts = [_rows(_placed(data, step.table), step) for step in present]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    customers = int(rows.select("customer_id").distinct().count().execute())
    if not customers:
        return NotApplicable(say("no touchpoint names its customer."))
    events = () if steps else (step.name for step in road if step.table == "events")
    coded = tuple(name for name in events if re.fullmatch(CODED, name))
    return Touchpoints(_counted(rows, road), rows, road, customers, data.as_of, coded)


def _counted(rows: ir.Table, road: tuple[Step, ...]) -> pd.DataFrame:
    """Touchpoints and customers of each step: a count by customer first, for engines spill a distinct count badly."""
    each = rows.group_by("step", "customer_id").agg(n=rows.count(), first=rows["at"].min(), last=rows["at"].max())
    counted = each.group_by("step").agg(
        touchpoints=each.n.sum(), customers=each.count(), first_on=each["first"].min(), last_on=each["last"].max()
    ).execute().set_index("step")  # fmt: skip
    named = pd.DataFrame([(step.name, step.table, step.time) for step in road], columns=[STEP, TABLE, TIME])
    named = named.join(counted, on=STEP)
    counts = {name: named[name].fillna(0).astype("int64") for name in (TOUCHPOINTS, CUSTOMERS)}
    days = {name: pd.to_datetime(named[name]).dt.normalize() for name in (FIRST_ON, LAST_ON)}
    return named.assign(**counts, **days)


def _placed(data: Dataset, table: str) -> ir.Table:
    """The rows of a table, of orders without those that are money given back with an amount below zero."""
    rows = data.tables[table]
    return rows.filter(~purchases.below_zero(rows, data.settings.policy)) if table == "orders" else rows


def _rows(table: ir.Table, step: Step) -> ir.Table:
    at = table[step.time]
    rows = table.filter(table.customer_id.notnull(), at.notnull(), *_conditions(table, step))
    own = SOURCES[step.table]
    described = {
        name: rows[own[name]].cast("string") if own.get(name) in rows.columns else ibis.null("string")
        for name in ("channel", "content", "campaign")
    }
    return rows.select("customer_id", step=ibis.literal(step.name), at=rows[step.time], **described)


def _conditions(table: ir.Table, step: Step) -> list[ir.BooleanValue]:
    conditions = []
    for name, value in step.where.items():
        column, values = table[name], list(value) if isinstance(value, list | tuple) else [value]
        if not values or column.type().is_string() != all(isinstance(each, str) for each in values):
            raise ValueError(
                f"where = {{{name!r}: {value!r}}}: no value of that column, which holds {column.type()}. "
                f"Give one of its values, or a list of them, in step {step.name!r}."
            )
        column = column.fill_null(False) if column.type().is_boolean() else column
        conditions.append(column.isin(values))
    return conditions


def _checked(steps: Sequence[Mapping[str, Any]], data: Dataset) -> tuple[Step, ...]:
    road = tuple(_step(each, data) for each in steps)
    names = [step.name for step in road]
    for place, step in enumerate(road):
        if step.name in names[:place]:
            raise ValueError(f"step = {step.name!r}: names two steps. Give each step a name of its own.")
        for other in road[:place]:
            if (step.table, step.time, step.where) == (other.table, other.time, other.where):
                raise ValueError(
                    f"step = {step.name!r}: reads the rows of {other.name!r}, so that one row would count for both. "
                    "Tell them apart with where."
                )
    return road


def _step(given: object, data: Dataset) -> Step:
    """One configured step, its columns checked against the data set's, or the contract's where it lacks the table."""
    if not isinstance(given, Mapping) or not {"step", "table"} <= set(given) <= set(KEYS):
        raise ValueError(f"steps = {given!r}: each has step and table, and may have time and where. Mend this one.")
    name, table = given["step"], parameters.one_of("table", given["table"], SOURCES)
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"step = {name!r}: a step has a name that readers see. Write one.")
    contract = contracts.TABLES[table]
    times = [column.name for column in contract.columns if column.type == contracts.TIME and column.fact]
    time = parameters.one_of("time", given.get("time", contract.fact_at), times)
    known = data.tables[table].columns if table in data.tables else [column.name for column in contract.columns]
    where = given.get("where", {})
    if not isinstance(where, Mapping):
        raise ValueError(f"where = {where!r}: write it as {{column: value}}, in step {name!r}.")
    for column in where:
        parameters.one_of("where", column, known)
    return Step(name, table, time, dict(where))


def _usual(data: Dataset) -> tuple[Step, ...]:
    """The road from what the tables hold."""
    return (*_messages(data), *_events(data), *(
        Step(name, table, contracts.TABLES[table].fact_at, _standing(data, table))
        for table, name in ONCE.items() if table in data.tables
    ))  # fmt: skip


def _standing(data: Dataset, table: str) -> dict[str, Any]:
    """Cancelled orders are none, unless the data set keeps them."""
    cancels = table == "orders" and "cancelled" in data.tables[table].columns
    return {"cancelled": False} if cancels and data.settings.policy.cancellations != "keep" else {}


def _messages(data: Dataset) -> list[Step]:
    if "touches" not in data.tables:
        return []
    touches = data.tables["touches"]
    known = {name: touches[time].count() for name, time in MESSAGES.items() if time in touches.columns}
    counts = touches.agg(**known).execute().iloc[0]
    return [Step(name, "touches", MESSAGES[name]) for name in known if counts[name]]


def _events(data: Dataset) -> list[Step]:
    if "events" not in data.tables:
        return []
    each = data.tables["events"].select("event", "customer_id").drop_null().distinct()
    counts = each.group_by("event").agg(customers=each.count())
    counts = counts.filter(counts.customers >= SMALLEST_GROUP)
    counts = counts.order_by(counts.customers.desc(), counts.event).limit(MOST_EVENTS).execute()
    taken = {*MESSAGES, *ONCE.values()}
    return [
        Step(f"{event} (event)" if event in taken else event, "events", "happened_at", {"event": event})
        for event in counts["event"]
    ]
