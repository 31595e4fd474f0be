"""The list: who does what for whom by when, and who is held out; and the memory of it that later reports judge by."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.assignment.holdouts import Power
from helpers.analyses.plan.assignment.lots import drawn, kept_out, season
from helpers.analyses.plan.assignment.selection import Chosen
from helpers.analyses.plan.assignment.workdays import sending_day, workdays
from helpers.analyses.plan.due.portraits import Portraits
from helpers.analyses.plan.past.memory import History, typed
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ACTION_KEY,
    ARM,
    BAND,
    CHANNEL,
    COST,
    DUE_ON,
    EFFECT_SOURCE,
    EXPECTED_GAIN,
    FAMILY,
    GAIN_LOWER,
    HEALTH,
    HELD_OUT,
    HOLDOUT_SHARE,
    LEAVE_90D_RATE,
    LIFETIME_VALUE,
    OFFER_GOOD,
    OWNER,
    PLAN_ON,
    PLANNED,
    PLANNED_ON,
    PRIORITY,
    REASON_1,
    REASON_2,
    SCRIPT,
    SEASON,
    TIER,
    VALUE_AT_STAKE,
)
from helpers.data.contracts import EVERYTHING, HOLDOUT, TREAT
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.plans import Plan
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, SEGMENT

KEY_DIGITS = 16
NUMBER = re.compile(r"\d*e?\d*")  # what a spreadsheet takes for one, among hexadecimal digits
WORKDAYS = 5  # over which what people do is spread
BY_HAND = "call"  # the channel that takes somebody's time
KNOWN = (HEALTH, BAND, SEGMENT, TIER, LEAVE_90D_RATE, LIFETIME_VALUE)


@dataclass(frozen=True)
class Actions(Members, Finding):
    """One row an action of the plan, in the order of their value, held-out ones included."""

    table: pd.DataFrame
    currency: str = ""
    columns = (
        ACTION_KEY, CUSTOMER_ID, ACTION, FAMILY, ARM, SEASON, HOLDOUT_SHARE, PLANNED_ON, PLAN_ON, DUE_ON, CHANNEL,
        OWNER, PRIORITY, REASON_1, REASON_2, OFFER_GOOD, SCRIPT, VALUE_AT_STAKE, EXPECTED_GAIN, GAIN_LOWER, COST,
        EFFECT_SOURCE, *KNOWN,
    )  # fmt: skip
    shown = (
        ACTION, CHANNEL, PLANNED.but(adds_up=[(), [ACTION]]), HELD_OUT.but(adds_up=[()]), COST, EXPECTED_GAIN,
        GAIN_LOWER, DUE_ON,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """The plan by action and channel: how many are done and held out, their cost and what they should bring."""
        rows = self.table.assign(
            planned=(self.table[ARM] == TREAT).astype(int), held_out=(self.table[ARM] == HOLDOUT).astype(int)
        )
        money = {name: rows[name].where(rows[ARM] == TREAT, 0.0) for name in (COST, EXPECTED_GAIN, GAIN_LOWER)}
        sums = rows.assign(**money).groupby([ACTION, CHANNEL], sort=False, dropna=False).agg(
            {PLANNED: "sum", HELD_OUT: "sum", COST: "sum", EXPECTED_GAIN: "sum", GAIN_LOWER: "sum", DUE_ON: "max"}
        )  # fmt: skip
        return sums.reset_index()[[str(column) for column in self.shown]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many of each action are to be done."""
        counts = self._shown().reset_index()
        return charts.bars(counts.assign(action=counts[ACTION].map(ACTION.write)), value=PLANNED, label=ACTION, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What is to be done, and how often?")

    def headline(self) -> Sentence:
        """How much is to be done, and what it is expected to bring."""
        done = self.table[self.table[ARM] == TREAT]
        held = self.table[self.table[ARM] == HOLDOUT]
        gain = facts.Range(*(facts.Money(done[name].sum(), self.currency) for name in (GAIN_LOWER, EXPECTED_GAIN)))
        known = {"actions": facts.People(len(done)), "cost": facts.Money(done[COST].sum(), self.currency)}
        answer = say("{actions} actions are to be done, for {cost}; nobody is held out.", **known)
        forgone = None
        if len(held):
            answer = say(
                "{actions} actions are to be done, for {cost}; {held} are held out by lot.",
                held=facts.People(len(held)),
                **known,
            )
            forgone = say(
                "Holding out, to see what the actions change, forgoes {forgone}.",
                forgone=facts.Money(held[EXPECTED_GAIN].sum(), self.currency),
            )
        return answer.resting_on(
            say("They begin on {day}.", day=facts.Day(self.table[PLAN_ON].iloc[0].date())),
            forgone,
            say("Expected to bring {gain}, if the effects are as believed.", gain=gain),
        )  # fmt: skip

    def brief(self) -> Brief:
        """What is to be done of each action that is for as many as may be told of, by what it should surely bring."""
        shown = self._shown()
        many = (each for each in self.summary().groupby(ACTION, sort=False) if each[1][PLANNED].sum() >= SMALLEST_GROUP)
        return Brief(tuple(self._news(action, rows, *shown.loc[action]) for action, rows in many))

    def _shown(self) -> pd.DataFrame:
        """How many of each action are to be done and held out, by action; missing where a channel of it is hidden."""
        cells = self.to_show().groupby(ACTION, sort=False)[[PLANNED, HELD_OUT]]
        return cells.agg(lambda channels: channels.sum(skipna=False))

    def _news(self, action: str, rows: pd.DataFrame, planned: float, held: float) -> News:
        """One action; `planned` and `held` are missing where readers may not see them."""
        gain = facts.Range(*(facts.Money(rows[name].sum(), self.currency) for name in (GAIN_LOWER, EXPECTED_GAIN)))
        basis = (
            say("Expected to bring {gain}, if the effects are as believed.", gain=gain),
            say("It costs {cost}.", cost=facts.Money(rows[COST].sum(), self.currency)),
        )
        told = self._told(facts.Word(action, ACTION), planned, held).resting_on(*(() if np.isnan(planned) else basis))
        due = rows[DUE_ON].max().date()
        return News(Topic.ACTION, str(action), told, rows[GAIN_LOWER].sum(), due_on=due, table="actions")

    def _told(self, action: facts.Word, planned: float, held: float) -> Sentence:
        if np.isnan(planned):
            return say("Do “{action}” for the customers on the list.", action=action)
        known = {"action": action, "customers": facts.Count(planned)}
        if held == 0:
            return say("Do “{action}” for {customers} customers.", **known)
        if np.isnan(held):
            return say("Do “{action}” for {customers} customers; leave out others, drawn by lot.", **known)
        return say("Do “{action}” for {customers} customers; leave out {held} others, drawn by lot.",
                   held=facts.Count(held), **known)  # fmt: skip


@if_applicable
def actions(
    found: Chosen, data: Dataset, known: Portraits, held: Power | NotApplicable, history: History, plan_on: dt.date
) -> Actions | NotApplicable:
    """The list of the plan: each chosen action with its arm, its day, who does it, and what was known of the customer.

    Arms are drawn by this folder's own key, the same in a season whenever the report is made. An action's key is that
    of its customer, family, action and turn, so that a report made again names it again. What takes somebody's time
    is spread over the first five workdays, the most valuable first, and nothing is due on a day off.
    """
    if found.pairs.empty:
        return NotApplicable(say("no action is left for anybody."))
    shares = {} if isinstance(held, NotApplicable) else held.table.set_index(ACTION)[HOLDOUT_SHARE].to_dict()
    rows = found.pairs.sort_values([GAIN_LOWER, CUSTOMER_ID], ascending=[False, True], kind="stable")
    rows = rows.reset_index(drop=True)
    rows = rows.assign(
        priority=np.arange(1, len(rows) + 1), holdout_share=rows[ACTION].map(shares).fillna(0.0).astype(float),
        season=season(plan_on, data.settings.plan.season_days), planned_on=pd.Timestamp(data.as_of),
        plan_on=pd.Timestamp(plan_on), due_on=_due(rows, data.settings.plan, plan_on),
        arm=_arms(rows, shares, data, plan_on), action_key=_keys(rows, history),
    )  # fmt: skip
    told = [name for name in KNOWN if name in known.table]
    rows = rows.join(known.table[told], on=CUSTOMER_ID)
    days = {name: rows[name].astype("datetime64[us]") for name in (PLANNED_ON, PLAN_ON, DUE_ON)}
    whole = rows.assign(**days).reindex(columns=[str(name) for name in Actions.columns])
    return Actions(whole, data.settings.currency)


@if_applicable
def remembered(listed: Actions, data: Dataset, known: Portraits, history: History, plan_on: dt.date) -> History:
    """All plans so far with this one: its actions, and who is held out of everything in the season."""
    outside = kept_out(data, known.table.index, plan_on)
    nothing = pd.DataFrame(
        {
            CUSTOMER_ID: outside, ACTION: EVERYTHING, FAMILY: EVERYTHING, ARM: HOLDOUT,
            SEASON: season(plan_on, data.settings.plan.season_days), PLANNED_ON: pd.Timestamp(data.as_of),
            PLAN_ON: pd.Timestamp(plan_on), DUE_ON: pd.Timestamp(plan_on),
            HOLDOUT_SHARE: data.settings.plan.global_holdout, COST: 0.0,
        }
    )  # fmt: skip
    nothing = nothing.assign(
        action_key=[_key(*each) for each in zip(nothing[CUSTOMER_ID], nothing[SEASON], strict=True)]
    )
    fresh = [each for each in (typed(listed.table), typed(nothing)) if len(each)]
    rows = pd.concat([history.table, *fresh] if len(history.table) else fresh, ignore_index=True)
    return History(rows.drop_duplicates([ACTION_KEY, CUSTOMER_ID], keep="first").reset_index(drop=True))


def monday_after(as_of: dt.date) -> dt.date:
    """The first Monday after a day."""
    return as_of + dt.timedelta(days=7 - as_of.weekday())


def _arms(rows: pd.DataFrame, shares: dict, data: Dataset, plan_on: dt.date) -> pd.Series:
    arms = pd.Series(TREAT, index=rows.index, dtype=object)
    for (action, family), each in rows.groupby([ACTION, FAMILY]):
        held = drawn(data, str(family), each[CUSTOMER_ID], float(shares.get(action, 0.0)), plan_on)
        arms.loc[each.index[held]] = HOLDOUT
    return arms


def _due(rows: pd.DataFrame, plan: Plan, plan_on: dt.date) -> pd.Series:
    """The first day that is no day off; of what takes somebody's time one of five workdays, as many on each."""
    due = pd.Series(pd.Timestamp(sending_day(plan, plan_on)), index=rows.index)
    by_hand = rows[rows[CHANNEL] == BY_HAND]
    who = by_hand[OWNER].astype(object).where(by_hand[OWNER].notna(), "")
    for owner, own in by_hand.groupby(who):
        days = pd.to_datetime(workdays(plan, plan_on, WORKDAYS, str(owner)))
        due[own.index] = days[np.arange(len(own)) * len(days) // len(own)]
    return due


def _keys(rows: pd.DataFrame, history: History) -> list[str]:
    """A key for each row: the customer, the family, the action, and how often the customer had it before."""
    earlier = history.actions.groupby([CUSTOMER_ID, FAMILY, ACTION]).size()
    wanted = pd.MultiIndex.from_frame(rows[[CUSTOMER_ID, FAMILY, ACTION]])
    turns = earlier.reindex(wanted).fillna(0).astype(int)
    return [_key(*names, turn) for names, turn in zip(wanted, turns, strict=True)]


def _key(*parts: object) -> str:
    """16 hexadecimal digits of SHA-256 over the parts, none of which a spreadsheet takes for a number."""
    key = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:KEY_DIGITS]
    return "a" + key[1:] if NUMBER.fullmatch(key) else key
