"""The funnel: how many customers who set out reached each step, and how long each step took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.road.chains import FunnelRules, Mode, furthest
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import (
    MEAN_DAYS,
    MEDIAN_DAYS,
    MEDIAN_TIMES,
    OF_ALL_SHARE,
    OF_ENTERED_SHARE,
    OF_STEP_BEFORE_SHARE,
    STEP,
)
from helpers.data.days import DAY_MINUTES, DAY_SECONDS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.shares import equal_shares, wilson_interval

ROAD = ("events", "orders")  # of the steps of these tables a funnel is made, unless asked for others
UNITS = {"days": 1, "hours": 24, "minutes": DAY_MINUTES}
LENGTHS = {"days": facts.Days, "hours": facts.Hours, "minutes": facts.Minutes}


@dataclass(frozen=True)
class Funnel(Finding):
    """Customers by how far they got, each with the times of the one try that counts."""

    table: pd.DataFrame  # of those whose window has ended; times are those since the step before
    # customer_id, entered_at, depth, at_0 … (when the 1st … step was reached), stopped, entry_channel, entry_content,
    # entry_campaign; also those who are waiting
    customers: pd.DataFrame
    rules: FunnelRules  # with the steps that were used
    night: pd.Timestamp  # the end of the data set's day
    columns = (
        STEP, CUSTOMERS, OF_ALL_SHARE, OF_ENTERED_SHARE, OF_STEP_BEFORE_SHARE, LOWER, UPPER, MEAN_DAYS, MEDIAN_DAYS,
    )  # fmt: skip
    shown = (STEP, CUSTOMERS, OF_ALL_SHARE, OF_STEP_BEFORE_SHARE, LOWER, UPPER, MEDIAN_DAYS, *MEDIAN_TIMES)

    @property
    def converted(self) -> pd.Series:
        """Whether each customer reached the last step."""
        return self.customers["depth"] == len(self.rules.steps)

    @property
    def ends_at(self) -> pd.Series:
        """When each customer's window ends."""
        return self.customers["entered_at"] + pd.Timedelta(seconds=self.rules.window_seconds)

    @property
    def waiting(self) -> pd.Series:
        """Whether each customer's window runs on, so that how far they get is not known yet."""
        return self.ends_at >= self.night

    def summary(self) -> pd.DataFrame:
        """One row a step; the Wilson interval is that of the share of the step before. Few customers are not shown."""
        return in_fitting_unit(self.readable.drop(columns=[OF_ENTERED_SHARE, MEAN_DAYS]), MEDIAN_DAYS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers who reached each step, with their share of those who entered."""
        return charts.bars(self.table, value=CUSTOMERS, label=STEP, share=OF_ENTERED_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers get how far?")

    def headline(self) -> Sentence:
        """The share that got all the way and the step that loses most; how many are not counted yet below."""
        first, last = self.table.iloc[0], self.table.iloc[-1]
        known = {
            "first": facts.Word(first[STEP], STEP),
            "last": facts.Word(last[STEP], STEP),
            "window": _within(self.rules.window_days),
        }
        least, customers = facts.Count(SMALLEST_GROUP), facts.Count(first[CUSTOMERS])
        if first[CUSTOMERS] < SMALLEST_GROUP:
            few = say("Fewer than {least} customers set out whose window has ended: too few for a funnel.", least=least)
            return few.resting_on(self._not_counted())
        if last[CUSTOMERS] < SMALLEST_GROUP:
            few = say(
                "Fewer than {least} of {customers} customers at “{first}” reach “{last}” within {window}.",
                least=least,
                customers=customers,
                **known,
            )
            return few.resting_on(*self._weakest(), self._not_counted())
        counted = say(
            "{reached} of {customers} customers ({interval}).",
            reached=facts.Count(last[CUSTOMERS]),
            customers=customers,
            interval=facts.Range(*map(facts.Share, wilson_interval(last[CUSTOMERS], first[CUSTOMERS]))),
        )
        return self._told(facts.Share(last[OF_ENTERED_SHARE]), known).resting_on(
            counted, *self._weakest(), self._not_counted()
        )

    def _told(self, share: facts.Share, known: Mapping[str, facts.Fact]) -> Sentence:
        """The share that got all the way, with the step that loses most where one does."""
        worst = self._worst
        if not worst:
            return say("{share} of customers at “{first}” reach “{last}” within {window}.", share=share, **known)
        return say(
            "{share} of customers at “{first}” reach “{last}” within {window}; the widest gap is before “{step}”.",
            share=share,
            step=facts.Word(self.table.loc[worst, STEP], STEP),
            **known,
        )

    @property
    def _worst(self) -> int | None:
        """The place of the step that fewest take; 0 where none stands out, None where it is not known."""
        later = self.table.iloc[1:].dropna(subset=OF_STEP_BEFORE_SHARE)
        if len(later) < 2:
            return None
        worst, second = later[OF_STEP_BEFORE_SHARE].nsmallest(2).index
        tried = self.table[CUSTOMERS].shift().loc[[worst, second]]
        if tried.min() < LEAST_AT_RISK:
            return None
        alike = equal_shares(self.table.loc[[worst, second], CUSTOMERS], tried)
        return int(worst) if alike < SIGNIFICANCE else 0

    def _weakest(self) -> list[Sentence]:
        """What is known of the step that loses most."""
        worst = self._worst
        if worst is None:
            return []
        if not worst:
            return [say("No evidence that one step is taken by fewer than all others.")]
        return [
            say(
                "From “{before}” to “{step}” {share} go on.",
                before=facts.Word(self.table.loc[worst - 1, STEP], STEP),
                step=facts.Word(self.table.loc[worst, STEP], STEP),
                share=facts.Share(self.table.loc[worst, OF_STEP_BEFORE_SHARE]),
            )
        ]

    def _not_counted(self) -> Sentence | None:
        waiting = int(self.waiting.sum())
        if waiting < SMALLEST_GROUP:
            return None
        return say(
            "{customers} customers more are not counted yet: their window has not ended.",
            customers=facts.Count(waiting),
        )


@if_applicable
def funnel(points: Touchpoints, rules: FunnelRules = FunnelRules()) -> Funnel | NotApplicable:
    """How many customers reached each step of `rules`, by default the steps of events and orders, or else all.

    Each customer counts once, with one try (see `FunnelRules`). Shares are of everybody met at any touchpoint, of those
    who entered, and of the step before (of everybody, for the first) with Wilson's 95 % interval. In any order the k-th
    row is who took k different steps. Customers whose window runs beyond the data's day are in no count and no share,
    whether they got on already or not, for the slower ones are not seen yet: `waiting` are they. Raises ValueError for
    steps that the touchpoints do not have.
    """
    if points.coded and not rules.steps:
        coded = say(
            "events are codes ({events}), which do not say their order: name the steps in it, as the parameter `steps` "
            "describes.",
            events=facts.Listed(tuple(map(facts.Name, points.coded))),
        )
        return NotApplicable(coded)
    used = replace(rules, steps=rules.steps or _usual(points, rules))
    for name in (*used.steps, *used.exclude):
        parameters.one_of("steps", name, points.names)
    if len(used.steps) < 2:
        return NotApplicable(say("the touchpoints make fewer than two steps."))
    tries = furthest(points.rows, used, points.night).execute()
    if tries.empty:
        return NotApplicable(say("nobody was met at “{step}”.", step=facts.Word(used.steps[0], STEP)))
    customers, arrivals = _in_time(tries, len(used.steps))
    draft = Funnel(pd.DataFrame(), customers, used, points.night)
    waiting = draft.waiting.to_numpy()
    return replace(draft, table=_stages(arrivals[~waiting], used, points.people - int(waiting.sum())))


def _in_time(tries: pd.DataFrame, steps: int) -> tuple[pd.DataFrame, np.ndarray]:
    """The tries, the k-th column of times that of the k-th step reached, and these columns alone.

    In any order the k-th step is the k-th by time; elsewhere they are in order already, those not reached last.
    """
    names = {name: f"entry_{name}" for name in ("channel", "content", "campaign")}
    customers = tries.rename(columns=names).sort_values("customer_id", ignore_index=True)
    reached = [f"at_{k}" for k in range(steps)]
    arrivals = np.sort(customers[reached].to_numpy(dtype="datetime64[us]"), axis=1)
    customers = customers.assign(**{name: arrivals[:, k] for k, name in enumerate(reached)})
    return customers.astype({"depth": "int64", "stopped": bool}), arrivals


def in_fitting_unit(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """`table` with a column of days in the unit that reads best for its largest value: days, hours or minutes."""
    largest = table[column].max()
    unit = next((name for name, many in UNITS.items() if largest * many >= 2), "minutes")
    return table.assign(**{column: (table[column] * UNITS[unit]).round(6)}).rename(
        columns={column: column.replace("days", unit)}
    )  # fmt: skip


def _usual(points: Touchpoints, rules: FunnelRules) -> tuple[str, ...]:
    names = [name for name in points.names if name not in rules.exclude]
    narrow = [step.name for step in points.steps if step.table in ROAD and step.name in names]
    return tuple(narrow if len(narrow) > 1 else names)


def _stages(arrivals: np.ndarray, rules: FunnelRules, everybody: int) -> pd.DataFrame:
    counts = (~np.isnat(arrivals)).sum(axis=0)
    before = np.concatenate([[everybody], counts[:-1]])
    gaps = pd.DataFrame(np.diff(arrivals, axis=1) / np.timedelta64(1, "s") / DAY_SECONDS)
    lower, upper = wilson_interval(counts, before)
    steps = list(rules.steps)
    if rules.mode == Mode.ANY_ORDER:
        steps = [f"any {k} of {len(steps)} steps" for k in range(1, len(steps) + 1)]
    return pd.DataFrame({
        STEP: steps, CUSTOMERS: counts, OF_ALL_SHARE: _of(counts, everybody), OF_ENTERED_SHARE: _of(counts, counts[0]),
        OF_STEP_BEFORE_SHARE: _of(counts, before), LOWER: lower, UPPER: upper,
        MEAN_DAYS: [np.nan, *gaps.mean()], MEDIAN_DAYS: [np.nan, *gaps.median()],
    })  # fmt: skip


def _of(counts: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """The shares of a whole; NaN where there is nobody."""
    return counts / np.where(np.asarray(whole) > 0, whole, np.nan)


def _within(days: float) -> facts.Fact:
    unit = next((name for name, many in UNITS.items() if days * many >= 1), "minutes")
    return LENGTHS[unit](round(days * UNITS[unit], 6))
