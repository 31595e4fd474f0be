"""Whom we leave alone, and why: consent, contacts of late, what is open, and what would cost more than it brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.assignment.channels import canonical
from helpers.analyses.plan.assignment.lots import kept_out
from helpers.analyses.plan.due.matches import Candidates
from helpers.analyses.plan.due.portraits import CHILD_YEARS, Portraits
from helpers.analyses.plan.past.execution import with_results
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ARM,
    CHANNEL,
    FAMILY,
    GAIN_LOWER,
    PAIRS,
    PLAN_ON,
    REASON,
    REMAINING,
)
from helpers.data.contracts import TREAT
from helpers.data.datasets import Dataset
from helpers.data.days import morning
from helpers.data.intake.wording.plans import PlannedAction
from helpers.findings import Finding, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMER_ID

CAP_DAYS = 30  # in which contacts of a channel are counted
SERVICE = "service"  # the family whose actions go to those who complain
LEFT_OVER = "left"
NOBODY = pd.Index([], dtype=object)


@dataclass(frozen=True)
class Suppressed(Finding):
    """How many pairs of a customer and an action each reason takes away, in the order in which they are asked."""

    table: pd.DataFrame
    pairs: pd.DataFrame  # what is left to choose from, with a channel
    customers: int = 0  # who have an action and are left none
    consents: bool = True  # whether consent is recorded
    columns = (REASON, PAIRS.but(adds_up=[()]), REMAINING)

    def summary(self) -> pd.DataFrame:
        """One row a reason; what remains is blank from one that is hidden to another, for it would tell them."""
        readable = self.readable
        few = readable[PAIRS].isna()
        between = few.cummax() & few[::-1].cummax()
        return readable.assign(**{REMAINING: readable[REMAINING].mask(between)}) if few.any() else readable

    def plot(self, ax: Axes | None = None) -> Axes:
        """The pairs that each reason takes away, and those left."""
        rows = self.table[self.table[PAIRS] > 0]
        return charts.bars(rows.assign(reason=rows[REASON].map(REASON.write)), value=PAIRS, label=REASON, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Whom do we leave alone, and why?")

    def headline(self) -> Sentence:
        """How many customers are left alone, and the most frequent reason; first that consent is not recorded."""
        taken = self.table[self.table[REASON] != LEFT_OVER].sort_values(PAIRS, ascending=False, kind="stable")
        known = {"customers": facts.Count(self.customers)}
        if not self.customers or not taken[PAIRS].any():
            answer = say("Nobody who is due for an action is left alone.")
        else:
            answer = say(
                "{customers} customers are left alone; the most frequent reason: {reason}.",
                reason=facts.Word(taken[REASON].iloc[0], REASON), **known,
            )  # fmt: skip
        if self.consents:
            return answer
        return answer.resting_on(say("Consent is not recorded in these data: have somebody check that it was given."))


@analysis
def suppressed(
    data: Dataset, found: Candidates, known: Portraits, history: History, plan_on: dt.date, cycle_days: int = 30
) -> Suppressed:
    """The pairs of `found` that may be planned, by the first channel of each that is allowed, and what took the others.

    Reasons are asked in the order of the table, each of what is left. Where consents are recorded, or the settings ask
    for them, a channel without a yes is not used: unknown is no. Actions that must reach everybody pass over the global
    holdout and contacts of late; those of the family `service` go to customers with an open complaint, no others do. An
    action of which nothing came back is open for `cycle_days`, one that a CRM has still to do for as long as it has.
    """
    pairs, counts = found.table, []
    free = _free(pairs, data, plan_on)
    asks = _asks(data, known, history, plan_on, cycle_days, free)
    for reason, refused in asks.items():
        out = refused(pairs) if len(pairs) else pd.Series(dtype=bool)
        counts.append({REASON: reason, PAIRS: int(out.sum()), REMAINING: int((~out).sum())})
        pairs = pairs[~out] if len(pairs) else pairs
    counts.append({REASON: LEFT_OVER, PAIRS: len(pairs), REMAINING: len(pairs)})
    chosen = pairs.assign(channel=_channels(pairs, data, free.now))
    alone = found.table[CUSTOMER_ID].nunique() - pairs[CUSTOMER_ID].nunique()
    return Suppressed(pd.DataFrame(counts), chosen.reset_index(drop=True), alone, _asks_consent(data))


Refusal = Callable[[pd.DataFrame], pd.Series]


class Free(NamedTuple):
    """A row a pair and a column a channel of the plan's actions: whether it may be used for the pair's customer."""

    consented: pd.DataFrame
    now: pd.DataFrame  # by contacts of late too


def _asks(
    data: Dataset, known: Portraits, history: History, plan_on: dt.date, cycle_days: int, free: Free
) -> dict[str, Refusal]:
    """For each reason what tells whether it takes a pair away."""
    plan = data.settings.plan
    by_name = {action.name: action for action in plan.actions}
    must = [name for name, action in by_name.items() if action.must]
    opted_out = _of_whom(known, "opted_out", lambda column: column.astype("boolean").fillna(False))
    complaining = _of_whom(known, "open_tickets", lambda column: column > 0)
    children = _of_whom(known, "birth_year", lambda column: plan_on.year - column.astype(float) < CHILD_YEARS)
    outside = kept_out(data, known.table.index, plan_on)
    refunded = _recent(data, "orders", "ordered_at", plan_on, plan.quiet_days, lambda rows: rows.refund > 0)
    contacted = _recent(data, "touches", "touched_at", plan_on, plan.quiet_days, lambda rows: rows.touched_at.notnull())
    cooling = _cooling(history, by_name, plan_on)
    waiting = _waiting(data, history, plan_on, cycle_days)

    def among(customers: pd.Index, exempt: list[str]) -> Refusal:
        return lambda pairs: pairs[CUSTOMER_ID].isin(customers) & ~pairs[ACTION].isin(exempt)

    return {
        "opted_out": among(opted_out, []),
        "no_consent": lambda pairs: _channels(pairs, data, free.consented).isna(),
        "global_holdout": among(outside, must),
        "open_complaint": lambda pairs: pairs[CUSTOMER_ID].isin(complaining) & (pairs[FAMILY] != SERVICE),
        "refund": among(refunded, must),
        "contacted": among(contacted, must),
        "cap": lambda pairs: _channels(pairs, data, free.now).isna(),
        "cooldown": lambda pairs: _met(pairs, cooling, FAMILY),
        "still_open": lambda pairs: _met(pairs, waiting, ACTION),
        "minor": among(children, must),
        "no_value": lambda pairs: ~(pairs[GAIN_LOWER] > 0) & ~pairs[ACTION].isin(must),
    }


def _of_whom(known: Portraits, name: str, holds: Callable[[pd.Series], pd.Series]) -> pd.Index:
    return known.table.index[holds(known.table[name])] if name in known.table else NOBODY


def _recent(
    data: Dataset, table: str, time: str, plan_on: dt.date, days: int, holds: Callable[[ibis.Table], ibis.Value]
) -> pd.Index:
    """The customers of rows within `days` before the plan."""
    if table not in data.tables or not days:
        return NOBODY
    rows = data.tables[table]
    late = rows.filter(holds(rows) & (rows[time] >= morning(plan_on - dt.timedelta(days=days))))
    return pd.Index(late.select(CUSTOMER_ID).distinct().execute()[CUSTOMER_ID].dropna())


def _asks_consent(data: Dataset) -> bool:
    return "consents" in data.tables or data.settings.plan.consent == "asked"


def _free(pairs: pd.DataFrame, data: Dataset, plan_on: dt.date) -> Free:
    """Which channels may be used for which pairs: by consent, and by contacts of late."""
    given, full = _consents(data), _full(data, plan_on)
    customers = pairs[CUSTOMER_ID]
    consented = pd.DataFrame(index=pairs.index)
    for channel in {name for action in data.settings.plan.actions for name in _named(action)}:
        asked = channel and _asks_consent(data)
        consented[channel] = customers.isin(given.get(channel, NOBODY)) if asked else True
    now = {channel: may & ~customers.isin(full.get(channel, NOBODY)) for channel, may in consented.items()}
    return Free(consented, pd.DataFrame(now, index=pairs.index))


def _named(action: PlannedAction) -> list[str]:
    """The channels of an action, the first one first; of one that names none a nameless one, which needs no consent."""
    return list(canonical(pd.Series(action.channels or ("",), dtype=object)))


def _consents(data: Dataset) -> dict[str, pd.Index]:
    """The customers whose last answer for a channel is yes; of a yes and a no of one moment the no holds."""
    if "consents" not in data.tables:
        return {}
    rows = data.tables["consents"]
    called = rows.select(CHANNEL).distinct().execute()[CHANNEL].dropna()
    rows = rows.mutate(channel=rows.channel.substitute(dict(zip(called, canonical(called), strict=True))))
    answers = rows.group_by(CUSTOMER_ID, CHANNEL).mutate(last=rows.asked_at.max())
    last = answers.filter(answers.asked_at == answers.last)
    agreed = last.group_by(CUSTOMER_ID, CHANNEL).agg(given=last.given.fill_null(False).all())
    yes = agreed.filter(agreed.given).select(CUSTOMER_ID, CHANNEL).execute()
    return {str(name): pd.Index(each[CUSTOMER_ID]) for name, each in yes.groupby(CHANNEL)}


def _full(data: Dataset, plan_on: dt.date) -> dict[str, pd.Index]:
    """The customers who got as many contacts of a channel in 30 days as its cap allows."""
    caps = data.settings.plan.caps
    if "touches" not in data.tables or not caps:
        return {}
    rows = data.tables["touches"]
    late = rows.filter(rows.touched_at >= morning(plan_on - dt.timedelta(days=CAP_DAYS)))
    counts = late.group_by(CUSTOMER_ID, CHANNEL).agg(n=late.count()).execute()
    counts = counts.assign(channel=canonical(counts[CHANNEL])).groupby([CUSTOMER_ID, CHANNEL])["n"].sum().reset_index()
    reached = counts[counts["n"] >= counts[CHANNEL].map(caps).fillna(np.inf)]
    return {str(name): pd.Index(each[CUSTOMER_ID]) for name, each in reached.groupby(CHANNEL)}


def _channels(pairs: pd.DataFrame, data: Dataset, free: pd.DataFrame) -> pd.Series:
    """The first channel of each pair's action that may be used; missing where none may."""
    chosen = pd.Series(None, index=pairs.index, dtype=object)
    for action in data.settings.plan.actions:
        rows = pairs.index[pairs[ACTION] == action.name]
        for channel in reversed(_named(action)):
            chosen.loc[rows[free.loc[rows, channel]]] = channel
    return chosen


def _cooling(history: History, actions: dict[str, PlannedAction], plan_on: dt.date) -> pd.DataFrame:
    """The earlier rows whose family cools down; both arms alike, so that these stay comparable."""
    rows = history.actions
    cooldown = rows[ACTION].map({name: action.cooldown_days for name, action in actions.items()}).fillna(0)
    return rows[(pd.Timestamp(plan_on) - rows[PLAN_ON]).dt.days < cooldown]


def _waiting(data: Dataset, history: History, plan_on: dt.date, cycle_days: int) -> pd.DataFrame:
    """The earlier rows that are still to be done."""
    rows = with_results(data, history)
    late = (pd.Timestamp(plan_on) - rows[PLAN_ON]).dt.days < cycle_days
    unsettled = ~rows["done"] & rows["status"].isna() & late
    return rows[(rows[ARM] == TREAT) & (unsettled | rows["waiting"])]


def _met(pairs: pd.DataFrame, rows: pd.DataFrame, by: str) -> pd.Series:
    keys = pd.MultiIndex.from_frame(rows[[CUSTOMER_ID, by]])
    return pd.Series(pd.MultiIndex.from_frame(pairs[[CUSTOMER_ID, by]]).isin(keys), index=pairs.index)
