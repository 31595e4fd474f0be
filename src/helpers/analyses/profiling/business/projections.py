"""What sales and orders will come to on the day of their target, and whether that reaches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.business.goals import Better, Targets
from helpers.analyses.profiling.business.spending import ORDERS, REVENUE
from helpers.analyses.profiling.business.windows import Trade
from helpers.analyses.profiling.vocabulary import (
    BY,
    INTERVAL,
    KPI,
    METHOD,
    OF_TARGET_SHARE,
    PROJECTED,
    PROJECTION,
    REACHED_CHANCE,
    SO_FAR,
    TARGET,
    TRIALS,
)
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.briefs import Brief, Direction, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics import forecasts

SUMS = {REVENUE: "net", ORDERS: "orders"}  # what is summed over the days of a window
CLOSED_DAYS = 28  # without any order: what was before them is another shop
STAKE_DAYS = 90  # over which news weigh money
TOO_SHORT = NotApplicable(
    say(
        "orders go back too short a time to try a forecast so far ahead four times: export those of {years} years, or "
        "set a nearer day.",
        years=facts.Count(3),
    )
)


class Projection(StrEnum):
    """Where the interval of what is to come lies beside the target."""

    REACHED = "reached"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True)
class Projections(Finding):
    """Sales and orders of the window that ends on their target's day, with a 95% prediction interval."""

    table: pd.DataFrame
    as_of: dt.date
    window_days: int
    currency: str = ""
    columns = (KPI, TARGET, BY, SO_FAR, PROJECTED, LOWER, UPPER, PROJECTION, REACHED_CHANCE, METHOD, TRIALS)
    shown = (KPI, TARGET, BY, SO_FAR, PROJECTED, INTERVAL, PROJECTION, REACHED_CHANCE, METHOD, TRIALS)

    def summary(self) -> pd.DataFrame:
        """One row a target, money as readers see it."""
        rows = []
        for line in self.table.itertuples():
            values = {name: str(self._fact(line, getattr(line, name))) for name in (TARGET, SO_FAR, PROJECTED)}
            ends = facts.Range(self._fact(line, line.lower), self._fact(line, line.upper))
            rows.append(line._asdict() | values | {INTERVAL: str(ends)})
        return pd.DataFrame(rows)[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each projection with its interval as a share of its target, which is the dashed line."""
        drawn = self.table[self.table[TARGET] > 0]
        shares = drawn[[PROJECTED, LOWER, UPPER]].div(drawn[TARGET], axis="index")
        shares = shares.assign(**{KPI: drawn[KPI]}).rename(columns={PROJECTED: OF_TARGET_SHARE})
        return charts.forest(shares, estimate=OF_TARGET_SHARE, label=KPI, band=(LOWER, UPPER), reference=1, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much of its target will each figure come to?")

    def headline(self) -> Sentence:
        """The target that will be missed, else one that cannot be told, else one that will be reached; others below."""
        order = [Projection.MISSED, Projection.OPEN, Projection.REACHED]
        lines = sorted(self.table.itertuples(), key=lambda line: order.index(line.projection))
        first, *others = lines
        return self._told(first).resting_on(*self._basis(first), *map(self._told, others))

    def brief(self) -> Brief:
        """A sales target that will be missed, with the money that lacks."""
        return Brief(tuple(map(self._news, self._missed())))

    def _missed(self) -> Iterator[Any]:
        return (
            line for line in self.table.itertuples() if line.kpi == REVENUE and line.projection == Projection.MISSED
        )

    def _news(self, line: Any) -> News:
        lacking = line.projected - line.target
        stake = abs(lacking) * STAKE_DAYS / self.window_days
        told = self._told(line).resting_on(*self._basis(line))
        return News(Topic.CHANGE, "target of sales", told, stake, 1 - line.reached_chance, Direction.WORSE, lacking)

    def _told(self, line: Any) -> Sentence:
        known = {
            "kpi": facts.Word(line.kpi, KPI),
            "projected": self._fact(line, line.projected), "target": self._fact(line, line.target),
        }  # fmt: skip
        if line.projection == Projection.MISSED:
            return say(
                "By the target's day {kpi} will likely be {projected}: the target of {target} is missed.", **known
            )
        if line.projection == Projection.REACHED:
            return say(
                "By the target's day {kpi} will likely be {projected}: the target of {target} is reached.", **known
            )
        return say(
            "By the target's day {kpi} will likely be {projected}: {target} may be reached or missed.",
            **known,
        )

    def _basis(self, line: Any) -> Iterator[Sentence]:
        ends = facts.Range(self._fact(line, line.lower), self._fact(line, line.upper))
        yield say(
            "In the {days} to {day}, with its 95% interval {ends}; the chance of the target is {chance}.",
            days=facts.Days(self.window_days),
            day=facts.Day(line.by),
            ends=ends,
            chance=facts.Share(line.reached_chance),
        )
        if line.so_far:
            yield say("{so_far} of it are there already.", so_far=self._fact(line, line.so_far))
        yield say(
            "Forecast: {method}; the interval is how far {trials} past forecasts were off.",
            method=facts.Word(line.method, METHOD),
            trials=facts.Count(line.trials),
        )

    def _fact(self, line: Any, value: float) -> facts.Fact:
        return facts.Money(value, self.currency) if line.kpi == REVENUE else facts.Count(round(value))


@if_applicable
def projections(goals: Targets, data: Dataset, window_days: int = 90) -> Projections | NotApplicable:
    """What the window of `window_days` that ends on each target's day will come to, for targets of revenue and orders.

    What its days have brought so far, and `forecasts.period_sum` of those to come. Orders before a pause of four weeks
    are left out. Shares and means are no sums of days, so nothing is told of them. Not applicable without a target of a
    sum on a day to come, and where orders go back too short a time.
    """
    ahead = goals.table[goals.table[KPI].isin(SUMS) & (goals.table[BY] > data.as_of)]
    if ahead.empty or "orders" not in data.tables:
        return NotApplicable(
            say("no target of revenue or orders is set for a day to come; shares and means are no sums.")
        )
    daily = _daily(data)
    lines = [_line(target, daily[SUMS[target.kpi]], data.as_of, window_days) for target in ahead.itertuples()]
    known = [line for line in lines if line]
    if not known:
        return TOO_SHORT
    return Projections(pd.DataFrame(known)[list(Projections.columns)], data.as_of, window_days, data.settings.currency)


def _daily(data: Dataset) -> pd.DataFrame:
    """Net money and orders of each day since the last pause of four weeks, to `as_of`."""
    days = snapshot.order_days(Trade(data).by_buyer, data.settings.policy)
    sums = days.group_by("day").agg(net=engine.total(days.net), orders=days.orders.sum()).execute()
    sums = sums.set_index(pd.DatetimeIndex(pd.to_datetime(sums["day"])))[["net", "orders"]].sort_index().astype(float)
    pauses = sums.index.to_series().diff().dt.days
    begins = pauses.index[pauses > CLOSED_DAYS]
    first = begins[-1] if len(begins) else sums.index[0]
    return sums.reindex(pd.date_range(first, pd.Timestamp(data.as_of)), fill_value=0.0)


def _line(target: Any, daily: pd.Series, as_of: dt.date, window_days: int) -> dict[str, Any] | None:
    """A target's row; None where nothing can be forecast."""
    to_go = (target.by - as_of).days
    length = min(to_go, window_days)
    coming = forecasts.period_sum(daily, to_go - length, length)
    if coming is None:
        return None
    so_far = float(daily.iloc[len(daily) - (window_days - length) :].sum())
    above = coming.chance_above(target.target - so_far)
    wants_more = target.better == Better.HIGHER
    lower, upper = so_far + coming.lower, so_far + coming.upper
    short, over = upper < target.target, lower >= target.target
    missed, reached = (short, over) if wants_more else (over, short)
    projection = Projection.MISSED if missed else Projection.REACHED if reached else Projection.OPEN
    return {
        KPI: target.kpi, TARGET: target.target, BY: target.by, SO_FAR: so_far, PROJECTED: so_far + coming.total,
        LOWER: lower, UPPER: upper, PROJECTION: str(projection),
        REACHED_CHANCE: above if wants_more else 1 - above, METHOD: str(coming.method), TRIALS: coming.trials,
    }  # fmt: skip
