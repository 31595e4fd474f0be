"""What follows what: shares of the next touchpoint after each step, and of the steps at each place of the journey."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import (
    CUSTOMERS_WITH,
    ENDED,
    FROM_STEP,
    NOTHING,
    OUTCOME,
    POSITION,
    STEP,
    TO_STEP,
    TOUCHPOINT_SHARE,
    TOUCHPOINTS,
)
from helpers.data.days import night
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import DRAWN_TOGETHER, Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.discretion import left_out
from helpers.findings.vocabulary import CUSTOMERS, LIKELY_RATE, LOWER, ROWS, SHARE, UPPER
from helpers.language import _
from helpers.statistics.shares import wilson_interval

MOST_POSITIONS = 12


@dataclass(frozen=True)
class Transitions(Finding):
    """From each step to the next touchpoint: how often it was which step, or none in time."""

    # one row a way: touchpoints at its first step, customers who went it
    table: pd.DataFrame
    within_days: int
    columns = (FROM_STEP, TO_STEP, TOUCHPOINTS, CUSTOMERS, SHARE.but(of=TOUCHPOINTS), LOWER, UPPER, LIKELY_RATE)

    def summary(self) -> pd.DataFrame:
        """The ways that customers went, those that most went first."""
        gone = self.readable.dropna(subset=SHARE)
        gone = gone[gone[CUSTOMERS] > 0]
        silence = say("(nothing for {days})", days=facts.Days(self.within_days))
        gone = gone.assign(to_step=gone[TO_STEP].replace(NOTHING, str(silence)))
        return gone.sort_values([CUSTOMERS, FROM_STEP], ascending=[False, True], kind="stable", ignore_index=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """From the rows to the columns of the same number; ways of too few customers are empty."""
        names = pd.unique(self.table[TO_STEP])
        number = {name: f"{place}" for place, name in enumerate(names[:-1], start=1)} | {NOTHING: _("none")}
        numbered = self.table.assign(
            from_step=[f"{number[name]}  {STEP.write(name)}" for name in self.table[FROM_STEP]],
            to_step=self.table[TO_STEP].map(number),
            share=self.table[SHARE].where(self.table[SHARE] > 0),
        )
        return charts.heat_map(numbered, row=FROM_STEP, column=TO_STEP, value=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which step follows which? Columns have the numbers of the rows.")

    def headline(self) -> Sentence:
        """What most likely follows which step, and after which most likely nothing does, if one stands out."""
        ways = self.readable.dropna(subset=LIKELY_RATE)
        usual, silent = (_ahead(ways[is_end == (ways[TO_STEP] == NOTHING)]) for is_end in (False, True))
        told = [each for each in (self._usual(usual), self._silent(silent)) if each]
        if not told:
            return say("No evidence that one way from step to step is taken more often than the others.")
        return told[0].resting_on(*told[1:], DRAWN_TOGETHER)

    @staticmethod
    def _usual(way: pd.Series | None) -> Sentence | None:
        if way is None:
            return None
        return say(
            "After “{step}” most surely comes “{then}”: likely for {share}.",
            step=facts.Word(way[FROM_STEP], STEP),
            then=facts.Word(way[TO_STEP], STEP),
            share=facts.Share(way[LIKELY_RATE]),
        )

    def _silent(self, way: pd.Series | None) -> Sentence | None:
        if way is None:
            return None
        return say(
            "Most often nothing follows within {days} after “{step}”: likely {share}.",
            days=facts.Days(self.within_days),
            step=facts.Word(way[FROM_STEP], STEP),
            share=facts.Share(way[LIKELY_RATE]),
        )


@dataclass(frozen=True)
class StepMatrix(Finding):
    """The steps at the first, second … touchpoint of customers; journeys that ended before count as such."""

    table: pd.DataFrame  # one row a place and step; the share is of all customers
    customers: int
    columns = (POSITION, STEP, CUSTOMERS.but(adds_up=[[POSITION]]), SHARE.but(tells=CUSTOMERS), LOWER, UPPER)
    shown = (STEP, TOUCHPOINT_SHARE)

    def summary(self) -> pd.DataFrame:
        """One row a step: its share of all customers at each place."""
        wide = self.readable.pivot(index=STEP, columns=POSITION, values=SHARE).reindex(pd.unique(self.table[STEP]))
        return wide.rename(columns=TOUCHPOINT_SHARE.format).rename_axis(columns=None).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers by step (rows) and place in the journey (columns)."""
        return charts.heat_map(self.table, row=STEP, column=POSITION, value=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("At which step is the first, the second, the next touchpoint of a customer?")

    def headline(self) -> Sentence:
        """How most journeys begin; how many have ended by the last place shown below."""
        readable = self.readable
        first = readable[readable[POSITION] == 1].dropna(subset=SHARE)
        last = self.table[POSITION].max()
        ended = readable[(readable[POSITION] == last) & (readable[STEP] == ENDED)].iloc[0]
        if first.empty and self.table[CUSTOMERS].max() >= SMALLEST_GROUP:
            return left_out()
        if first.empty:
            return say("Fewer than {least} customers begin at any one step.", least=facts.Count(SMALLEST_GROUP))
        top = first.loc[first[SHARE].idxmax()]
        counted = say(
            "Of {customers} customers, in these data ({interval}).",
            customers=facts.Count(self.customers),
            interval=facts.limits(top),
        )
        rest = say(
            "{share} have had fewer than {places} touchpoints so far ({interval}).",
            share=facts.Share(ended[SHARE]),
            places=facts.Count(last),
            interval=facts.limits(ended),
        )
        return say(
            "{share} of journeys begin at “{step}”, more than at any other step.",
            share=facts.Share(top[SHARE]),
            step=facts.Word(top[STEP], STEP),
        ).resting_on(counted, rest if ended[SHARE] > 0 else None)


@if_applicable
def transitions(points: Touchpoints, within_days: int = 30) -> Transitions | NotApplicable:
    """Shares of the next touchpoint after those of each step, or of none within `within_days`.

    Of touchpoints of one moment the earlier steps of the road come first. Touchpoints of the last `within_days` are
    left out, for what follows them is not known yet. A customer counts as often as they were there: intervals allow
    for that (see `clustered_shares`). What follows is not caused by what it follows.
    """
    parameters.between("within_days", within_days, 1, parameters.LONGEST_WINDOW_DAYS)
    rows, ways = _next_steps(points, within_days), [*points.names, NOTHING]
    flagged = rows.select("customer_id", from_step="step", **{name: rows.to_step == name for name in ways})
    shares = clustered_shares(flagged, [FROM_STEP], ways)
    if shares.empty:
        return NotApplicable(say("too few touchpoints are older than {days}.", days=facts.Days(within_days)))
    place = {name: at for at, name in enumerate(ways)}
    names = {OUTCOME: TO_STEP, ROWS: TOUCHPOINTS, CUSTOMERS_WITH: CUSTOMERS}  # a way's customers are those who went it
    table = shares.drop(columns=CUSTOMERS).rename(columns=names)[list(Transitions.columns)]
    table = table.sort_values([FROM_STEP, TO_STEP], key=lambda steps: steps.map(place), ignore_index=True)
    if table[CUSTOMERS].max() < SMALLEST_GROUP:
        few = say("no way from one step to the next was gone by {least} customers.", least=facts.Count(SMALLEST_GROUP))
        return NotApplicable(few)
    return Transitions(table, within_days)


def _next_steps(points: Touchpoints, within_days: int) -> ir.Table:
    """The touchpoints old enough, each with `to_step`: that of the customer's next one within the days, or none."""
    window = ibis.window(group_by="customer_id", order_by=["at", "place", "channel", "content", "campaign"])
    rows, wait = points.placed, ibis.interval(days=within_days)
    rows = rows.mutate(to_step=rows.step.lead().over(window), to_at=rows["at"].lead().over(window))
    rows = rows.filter(rows["at"] + wait < night(points.as_of))
    soon = (rows.to_at <= rows["at"] + wait).fill_null(False)
    return rows.mutate(to_step=soon.ifelse(rows.to_step, NOTHING))


@if_applicable
def step_matrix(points: Touchpoints, positions: int = 6) -> StepMatrix | NotApplicable:
    """Share of all customers whose 1st, 2nd … touchpoint in the data was of each step, or who had none so late.

    Intervals are Wilson's at 95 %. A journey may have begun before the data
    do, and may go on.
    """
    parameters.between("positions", positions, 1, MOST_POSITIONS)
    if points.people < SMALLEST_GROUP:
        return NotApplicable(say("there are fewer than {least} customers.", least=facts.Count(SMALLEST_GROUP)))
    table = _counted(points, positions).stack().rename(CUSTOMERS).reset_index()
    lower, upper = wilson_interval(table[CUSTOMERS], points.people)
    table = table.assign(share=table[CUSTOMERS] / points.people, lower=lower, upper=upper)
    return StepMatrix(table, points.people)


def _counted(points: Touchpoints, positions: int) -> pd.DataFrame:
    """Customers by position (rows) and step, in the order of the road; last those whose journey ended before."""
    window = ibis.window(group_by="customer_id", order_by=["at", "place"])
    rows = points.placed
    rows = rows.mutate(position=ibis.row_number().over(window) + 1)
    rows = rows.filter(rows.position <= positions)
    counts = rows.group_by(POSITION, STEP).agg(customers=rows.count()).execute()
    wide = counts.pivot(index=POSITION, columns=STEP, values=CUSTOMERS)
    wide = wide.reindex(index=range(1, positions + 1), columns=points.names).fillna(0).astype("int64")
    wide[ENDED] = points.people - wide.sum(axis=1)
    return wide.rename_axis(index=POSITION, columns=STEP)


def _ahead(ways: pd.DataFrame) -> pd.Series | None:
    """The likeliest of several ways, where it is ahead of the next beyond chance; None where none is."""
    first = ways[ways[LIKELY_RATE] > 0].nlargest(2, LIKELY_RATE)
    if len(first) < 2:
        return first.iloc[0] if len(first) == len(ways) == 1 else None
    error = (first[UPPER] - first[LOWER]) / (2 * Z)
    gap = first[SHARE].iloc[0] - first[SHARE].iloc[1]
    return first.iloc[0] if gap > Z * np.hypot(*error) else None
