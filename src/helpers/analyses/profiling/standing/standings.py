"""How the six measures that a director watches stand: now, the window before, last year, the target, twelve months."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.business.goals import LAGGING, Better, Status, Targets
from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.analyses.profiling.standing.memberships import Members, members_of
from helpers.analyses.profiling.standing.months import NEW_KPI, SALES_KPI, month_ends, monthly_sales
from helpers.analyses.profiling.standing.sales_parts import SalesChange
from helpers.analyses.profiling.standing.sales_sums import Against, Part
from helpers.analyses.profiling.standing.watched import MEASURES, MEMBERS, Measure, direction
from helpers.analyses.profiling.vocabulary import (
    AGAINST,
    BETTER,
    BUYERS,
    BY,
    CHANGE_AMOUNT,
    CHANGE_AMOUNT_LOWER,
    CHANGE_AMOUNT_UPPER,
    EARLIER_BUYERS,
    EARLIER_SALES,
    IS_SHARE,
    KPI,
    LAST_YEAR,
    OF_HIGHEST,
    ON_BEFORE,
    ON_LAST_YEAR,
    PART,
    PERIOD_ON,
    PREVIOUS,
    SALES,
    STATUS,
    TARGET,
    TARGET_OUTSIDE_INTERVAL,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.briefs import Brief, Direction, Ground, News, Standing, Tile, Topic, Yardstick
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.vocabulary import VALUE

MOST = 6  # measures
TOLD_BY_PARTS = (SALES_KPI, NEW_KPI, MEMBERS)  # measures whose news say through whom or what they changed
SUBJECTS = {"churn": MEMBERS}  # measures of one story, which is told once
GAINING = (Status.REACHED, Status.ON_TRACK)
GOAL = [KPI, TARGET, BY, STATUS, TARGET_OUTSIDE_INTERVAL]


@dataclass(frozen=True)
class Scorecard(Finding):
    """Up to six measures beside the window before, the same days last year and the target, each with its direction.

    A direction is level where chance may explain the change. `periods` has the values of the last twelve months, each
    up to the day of the month of `as_of`: sales and new customers of the month, other measures of the window.
    """

    table: pd.DataFrame
    periods: pd.DataFrame
    window: Window
    members: Members | None = None
    currency: str = ""
    columns = (
        KPI, VALUE, PREVIOUS, ON_BEFORE, LAST_YEAR, ON_LAST_YEAR, TARGET, BY, STATUS, TARGET_OUTSIDE_INTERVAL, BETTER,
        IS_SHARE,
    )  # fmt: skip
    shown = (KPI, VALUE, PREVIOUS, ON_BEFORE, LAST_YEAR, ON_LAST_YEAR, TARGET, STATUS)

    def summary(self) -> pd.DataFrame:
        """The measures with values as readers see them."""
        written = self.table.astype({name: object for name in (VALUE, PREVIOUS, LAST_YEAR, TARGET)})
        for name in (VALUE, PREVIOUS, LAST_YEAR, TARGET):
            written[name] = [
                str(self._fact(line.kpi, getattr(line, name), line.is_share)) for line in self.table.itertuples()
            ]
        return written[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The twelve periods of each measure, as shares of its largest."""
        largest = self.periods.groupby(KPI, sort=False)[VALUE].transform(lambda values: values.abs().max())
        drawn = self.periods.assign(**{OF_HIGHEST: self.periods[VALUE] / largest.where(largest > 0)})
        return charts.line(drawn.dropna(subset=OF_HIGHEST), x=PERIOD_ON, y=OF_HIGHEST, group=KPI, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How did the measures move over the last twelve months?")

    def headline(self) -> Sentence:
        """How many measures are better and worse than last year, or than the window before."""
        by, against = (
            (ON_LAST_YEAR, Against.LAST_YEAR) if self.table[LAST_YEAR].notna().any() else (ON_BEFORE, Against.BEFORE)
        )
        better, worse = ((self.table[by] == moved).sum() for moved in (Direction.BETTER, Direction.WORSE))
        known = {
            "worse": facts.Count(worse), "against": facts.Word(against, AGAINST),
            "better": facts.Count(better), "measures": facts.Count(len(self.table)),
        }  # fmt: skip
        if better and worse:
            told = say("Of {measures} measures {better} improved on {against} and {worse} got worse.", **known)
        elif better:
            told = say("Of {measures} measures {better} improved on {against}; none got worse.", **known)
        elif worse:
            told = say("Of {measures} measures {worse} got worse than {against}; none improved.", **known)
        else:
            told = say("None of {measures} measures moved beyond chance on {against}.", **known)
        return told.resting_on(say("The others changed by no more than chance would, or have nothing to compare with."))

    def brief(self) -> Brief:
        """A tile for each measure, what happened to the members, and the shares that moved, beyond chance."""
        news = self.members.news(self.currency) if self.members else None
        moved = (self._news(line) for line in self.table.itertuples() if line.kpi not in TOLD_BY_PARTS)
        tiles = tuple(map(self._tile, self.table.itertuples()))
        window = Yardstick(Ground.DEFINITION, say("the window of the measures"), facts.Days(self.window.days))
        return Brief(tuple(filter(None, (news, *moved))), tiles, yardsticks=(window,))

    def _news(self, line: Any) -> News | None:
        """That a share moved beyond chance since last year, or since the window before where there is no last year."""
        against, earlier, on = (
            (Against.BEFORE, line.previous, line.on_before) if np.isnan(line.last_year)
            else (Against.LAST_YEAR, line.last_year, line.on_last_year)
        )  # fmt: skip
        if on not in (Direction.BETTER, Direction.WORSE):
            return None
        gain = line.value - earlier
        told = say(
            "Against {against} {measure} moved by {change}, to {value}.", measure=facts.Word(line.kpi, KPI),
            value=self._fact(line.kpi, line.value, line.is_share), against=facts.Word(against, AGAINST),
            change=_difference(gain, line.is_share),
        )  # fmt: skip
        return News(Topic.CHANGE, SUBJECTS.get(line.kpi, line.kpi), told, direction=Direction(on), gain=gain)

    def _tile(self, line: Any) -> Tile:
        compared = (
            self._compared(line, line.previous, line.on_before, Against.BEFORE),
            self._compared(line, line.last_year, line.on_last_year, Against.LAST_YEAR),
            self._target(line),
        )
        periods = self.periods.loc[self.periods[KPI] == line.kpi, VALUE].tolist()
        ends = (self._fact(line.kpi, end, line.is_share) for end in (np.nanmin(periods), np.nanmax(periods)))
        drawn = say("The last twelve months: {span}.", span=facts.Range(*ends))
        name, value = facts.Word(line.kpi, KPI), self._fact(line.kpi, line.value, line.is_share)
        return Tile(name, value, [each for each in compared if each], periods, drawn)

    def _compared(self, line: Any, earlier: float, on: str, against: Against) -> Standing | None:
        """The change against the window before, or last year."""
        if np.isnan(earlier):
            return None
        gain = line.value - earlier
        change: facts.Fact = _difference(gain, line.is_share)
        if line.kpi in TOLD_BY_PARTS:  # amounts, of which a part can have come or gone
            change = facts.Change(line.value / earlier - 1) if earlier > 0 else facts.Difference(gain)
        words = say("{change} on {against}", change=change, against=facts.Word(against, AGAINST))
        seasonal = against is Against.BEFORE and not np.isnan(line.last_year)
        return Standing(words, Direction(on), gain, seasonal)

    def _target(self, line: Any) -> Standing | None:
        """The target and where the measure is on the way to it; a gap within chance is no miss."""
        if np.isnan(line.target):
            return None
        known = {
            "target": self._fact(line.kpi, line.target, line.is_share), "day": facts.Day(line.by),
            "status": facts.Word(line.status, STATUS),
        }  # fmt: skip
        words = say("target {target} by {day}: {status}", **known)
        if line.status in LAGGING and line.target_outside_interval is False:
            return Standing(words, Direction.LEVEL)
        directions = dict.fromkeys(LAGGING, Direction.WORSE) | dict.fromkeys(GAINING, Direction.BETTER)
        return Standing(words, directions.get(line.status, Direction.UNKNOWN))

    def _fact(self, kpi: str, value: float, is_share: bool) -> facts.Fact:
        if is_share:
            return facts.Share(value)
        if kpi == SALES_KPI:
            return facts.Money(value, self.currency)
        return facts.Number(value) if formats.is_missing(value) or value != int(value) else facts.Count(value)


@analysis
def scorecard(
    data: Dataset, sales: SalesChange | NotApplicable, goals: Targets | NotApplicable, window_days: int = 90
) -> Scorecard | NotApplicable:
    """Up to six measures of `data`, those that it has: sales, new customers, buying again, members, leaving, satisfied.

    `sales` and `goals` are the findings of sales_change and targets, as far as they apply. A share of fewer than 20
    customers is left out. Not applicable without any measure.
    """
    trade, window = Trade(data), Window(data.as_of, window_days)
    wholes = _of_sales(trade, sales) if isinstance(sales, SalesChange) else ()
    parts = (line for measure in MEASURES if (line := _line(measure, trade, window)) is not None)
    lines = list(islice(chain(wholes, parts), MOST))
    if not lines:
        return NotApplicable(say("this data set has neither orders, contracts nor answers to measure."))
    rows = pd.DataFrame([row for row, _ in lines])
    periods = pd.DataFrame([
        {KPI: row[KPI], PERIOD_ON: end, VALUE: value}
        for row, values in lines for end, value in zip(month_ends(data.as_of), values, strict=True)
    ])  # fmt: skip
    return Scorecard(_with_goals(rows, goals), periods, window, members_of(trade, window), data.settings.currency)


def _difference(gain: float, is_share: bool) -> facts.Fact:
    """A difference of two shares, or of two net promoter scores."""
    return facts.Points(gain) if is_share else facts.Hundredths(gain / 100, signed=True)


def _of_sales(trade: Trade, sales: SalesChange) -> Iterator[tuple[dict[str, object], Sequence[float]]]:
    """Sales and new customers: their values and directions from `sales`, and their months."""
    months = monthly_sales(trade, sales.lookback_days)
    for part, kpi, value, earlier in (
        (Part.ALL, SALES_KPI, SALES, EARLIER_SALES), (Part.NEW, NEW_KPI, BUYERS, EARLIER_BUYERS)
    ):  # fmt: skip
        lines = sales.table[sales.table[PART] == part].set_index(AGAINST)
        if lines.empty:
            continue
        row: dict[str, object] = {
            KPI: kpi,
            VALUE: float(lines[value].iloc[0]),
            BETTER: str(Better.HIGHER),
            IS_SHARE: False,
        }
        for against, name, on in (
            (Against.BEFORE, PREVIOUS, ON_BEFORE), (Against.LAST_YEAR, LAST_YEAR, ON_LAST_YEAR)
        ):  # fmt: skip
            known = against in lines.index
            row[name] = float(lines.loc[against, earlier]) if known else np.nan
            row[on] = str(_moved(lines.loc[against], part) if known else Direction.UNKNOWN)
        yield row, months[kpi]


def _moved(line: pd.Series, part: Part) -> Direction:
    """Where sales went, by the interval of their change; where new customers did, as of two counts."""
    if part is Part.NEW:
        now, then = ((line[count], math.sqrt(line[count])) for count in (BUYERS, EARLIER_BUYERS))
        return direction(now, then, Better.HIGHER)
    half = (line[CHANGE_AMOUNT_UPPER] - line[CHANGE_AMOUNT_LOWER]) / 2
    return direction((line[CHANGE_AMOUNT], half / Z), (0.0, 0.0), Better.HIGHER)


def _line(measure: Measure, trade: Trade, window: Window) -> tuple[dict[str, object], Sequence[float]] | None:
    """A measure's row and its months; None where the data do not have it now."""
    months = [Window(end.date(), window.days) for end in month_ends(trade.data.as_of)[:-1]]
    now, before, last_year, *earlier = measure.at(trade, [window, window.before, window.year_before, *months])
    if np.isnan(now[0]):
        return None
    row: dict[str, object] = {
        KPI: measure.kpi, VALUE: now[0], PREVIOUS: before[0], ON_BEFORE: str(direction(now, before, measure.better)),
        LAST_YEAR: last_year[0], ON_LAST_YEAR: str(direction(now, last_year, measure.better)),
        BETTER: str(measure.better), IS_SHARE: measure.is_share,
    }  # fmt: skip
    return row, [value for value, _ in (*earlier, now)]


def _with_goals(rows: pd.DataFrame, goals: Targets | NotApplicable) -> pd.DataFrame:
    """The rows with the target of each, where one is set."""
    none = pd.DataFrame(columns=GOAL).astype({TARGET: float})
    known = none if isinstance(goals, NotApplicable) else goals.table[GOAL].drop_duplicates(KPI)
    merged = rows.merge(known, how="left", on=KPI)
    near = merged[TARGET_OUTSIDE_INTERVAL].astype(object)
    return merged.assign(**{TARGET_OUTSIDE_INTERVAL: near.where(near.notna(), None)})[list(Scorecard.columns)]
