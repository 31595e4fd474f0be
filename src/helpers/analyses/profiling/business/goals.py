"""Targets: how far each key figure is from what was wanted of it, and whether it moves fast enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.key_figures import CUSTOMERS, MONTHLY, Kpis
from helpers.analyses.profiling.business.key_shares import Rates
from helpers.analyses.profiling.vocabulary import (
    BASELINE,
    BETTER,
    BY,
    CHANGE_LOWER,
    CHANGE_UPPER,
    EXPECTED,
    GAP,
    INTERVAL,
    IS_SHARE,
    KPI,
    NEEDED_A_MONTH,
    OF_TARGET_SHARE,
    PREVIOUS,
    PREVIOUS_ON,
    PREVIOUS_RATE,
    RATE,
    SINCE,
    STATUS,
    TARGET,
    TARGET_OUTSIDE_INTERVAL,
)
from helpers.data.days import MONTH_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, say
from helpers.findings.briefs import Brief, Direction, Ground, News, Topic, Yardstick
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, UPPER, VALUE

REQUIRED, OPTIONAL = ("kpi", "value", "by"), ("better", "baseline", "since")
WORDS = {"kpi": "a key figure", "value": "a number", "by": "a day"}
EXAMPLE = '{ kpi = "AOV", value = 400, by = "2026-12-31", better = "higher" }'


PACE_LOWER, PACE_UPPER = "pace_lower", "pace_upper"
ENDS = ((PACE_LOWER, CHANGE_LOWER), (PACE_UPPER, CHANGE_UPPER))
COUNTED = (CUSTOMERS, MONTHLY)  # no chance moves them


class Better(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Status(StrEnum):
    """Where a value stands on its way to its target."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"  # without an earlier value, or within chance


OPEN = (Status.ON_TRACK, Status.BEHIND, Status.UNKNOWN)
LAGGING = (Status.BEHIND, Status.MISSED)
TARGETS_NAMED = 3  # in the headline


@dataclass(frozen=True)
class Targets(Finding):
    """Each target beside the value of today: its state, the gap, and the change a month that would still close it."""

    table: pd.DataFrame
    as_of: dt.date
    columns = (
        KPI, VALUE, LOWER, UPPER, TARGET, BY, BETTER, STATUS, GAP, TARGET_OUTSIDE_INTERVAL, PREVIOUS, BASELINE, SINCE,
        EXPECTED, NEEDED_A_MONTH, IS_SHARE,
    )  # fmt: skip
    shown = (KPI, VALUE, INTERVAL, TARGET, BY, STATUS, TARGET_OUTSIDE_INTERVAL, NEEDED_A_MONTH)

    def summary(self) -> pd.DataFrame:
        """One row a target: shares as percentages, other figures in their own unit."""
        rows = []
        for line in self.table.itertuples():
            write = _writer(line)
            rows.append({
                KPI: line.kpi, VALUE: write(line.value),
                INTERVAL: formats.interval(line.lower, line.upper, write) if line.lower == line.lower else "–",
                TARGET: write(line.target), BY: line.by, STATUS: line.status,
                TARGET_OUTSIDE_INTERVAL: line.target_outside_interval, NEEDED_A_MONTH: write(line.needed_a_month),
            })  # fmt: skip
        return pd.DataFrame(rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each value, with its interval, as a share of its target, which is the dashed line."""
        drawn = self.table[(self.table[TARGET] != 0) & self.table[VALUE].notna()]
        shares = drawn[[VALUE, LOWER, UPPER]].div(drawn[TARGET], axis="index")
        shares = shares.assign(**{KPI: drawn[KPI]}).rename(columns={VALUE: OF_TARGET_SHARE})
        return charts.forest(shares, estimate=OF_TARGET_SHARE, label=KPI, band=(LOWER, UPPER), reference=1, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How near is each key figure to its target?")

    def headline(self) -> Sentence:
        """How many targets are behind or missed, and which; each against its value below."""
        return self._told().resting_on(*map(_standing, self.table.itertuples()))

    def brief(self) -> Brief:
        """Each target, by which its figure is judged, and those that were reached since the window before."""
        reached = map(_news, self.table[self.table[STATUS] == Status.REACHED].itertuples())
        return Brief(tuple(filter(None, reached)), yardsticks=tuple(map(_wanted, self.table.itertuples())))

    def _told(self) -> Sentence:
        targets = facts.Count(len(self.table))
        late = self.table[self.table[STATUS].isin(LAGGING)]
        near = late[TARGET_OUTSIDE_INTERVAL].eq(False).astype(bool)
        for chance, lines in ((False, late[~near]), (True, late[near])):
            if lines.empty:
                continue
            named = facts.Listed(tuple(facts.Word(kpi, KPI) for kpi in lines[KPI].head(TARGETS_NAMED)))
            known = {"late": facts.Count(len(lines)), "targets": targets, "names": named}
            if chance:
                return say("{late} of {targets} targets missed, by no more than chance: {names}.", **known)
            return say("{late} of {targets} targets behind or missed: {names}.", **known)
        open_ = int((self.table[STATUS] == Status.UNKNOWN).sum())
        if open_:
            return say(
                "No target is behind; {open} of {targets} are too close to call.",
                targets=targets,
                open=facts.Count(open_),
            )
        return say("All {targets} targets are reached or on track.", targets=targets)


def targets(
    answers: Sequence[Kpis | Rates | NotApplicable], wanted: Sequence[Mapping[str, Any]], as_of: dt.date
) -> Targets | NotApplicable:
    """The state on `as_of` of each target in `wanted`, of the key figures and shares in `answers`.

    A target has kpi (a name in the tables), value (a share as 0.05), by (a day) and may have better ("higher", the
    default, or "lower"), and baseline with since: the value from which, and the day on which, the way began. Without
    them it is the value of the window before. Reached: at least as good as the target; missed: not, on the day or
    later; on track or behind: not yet, and beyond chance better or worse than the straight line from the baseline to
    the target is today; else, or without an interval, it is too close to call. Before the day a target is reached
    beyond chance only; on it values are compared, and `target_outside_interval` says whether the interval leaves the
    target out. Where the way began in the window before, which is as uncertain, the interval is that of the change.
    Customers and running subscriptions are counted, so that no chance moves them. Raises ValueError for a target that
    cannot be read, naming it.
    """
    if not wanted:
        return NotApplicable(
            say("no targets are set. Write `targets = [...]` under `[notebooks.profiling]` in `dataset.toml`.")
        )
    tables = [_measured(finding) for finding in answers if not isinstance(finding, NotApplicable)]
    if not tables:
        return NotApplicable(say("no key figure could be measured."))
    known = pd.concat(tables).set_index(KPI)
    rows = [_row(_checked(target, known), known, as_of) for target in wanted]
    return Targets(pd.DataFrame(rows), as_of)


def _measured(finding: Kpis | Rates) -> pd.DataFrame:
    """kpi, value, lower, upper, previous, previous_on and is_share of a finding's figures.

    Totals have the interval that their change gives; the ends of the pace are those against the window before.
    """
    figures = finding.table.rename(columns={RATE: VALUE, PREVIOUS_RATE: PREVIOUS})
    earlier = finding.reading[PREVIOUS_ON] if isinstance(finding, Rates) else finding.window.before.end
    changed = {end: figures[PREVIOUS] * (1 + figures[change]) if change in figures else np.nan for end, change in ENDS}
    half = (figures[UPPER] - figures[LOWER]) / 2 * np.sqrt(2)  # of a difference of two values as uncertain
    spread = {PACE_LOWER: figures[VALUE] - half, PACE_UPPER: figures[VALUE] + half}
    return figures[[KPI, VALUE, PREVIOUS]].assign(**{
        LOWER: figures[LOWER].fillna(changed[PACE_LOWER]), UPPER: figures[UPPER].fillna(changed[PACE_UPPER]),
        **{end: pd.Series(changed[end], index=figures.index).fillna(spread[end]) for end, _ in ENDS},
        PREVIOUS_ON: earlier, IS_SHARE: isinstance(finding, Rates),
    })  # fmt: skip


def _checked(target: Mapping[str, Any], known: pd.DataFrame) -> dict[str, Any]:
    """The target with its dates as dates and its defaults; ValueError for what is missing or cannot be meant."""
    for key in target:
        parameters.one_of("key of a target", key, (*REQUIRED, *OPTIONAL))
    lacking = [key for key in REQUIRED if target.get(key) in (None, "")]
    if lacking:
        raise ValueError(f"target = {dict(target)}: has no {lacking[0]}. Give {WORDS[lacking[0]]}, as in {EXAMPLE}.")
    kpi = parameters.one_of("kpi of a target", target["kpi"], known.index)
    low, high = (0, 1) if known.loc[kpi, IS_SHARE] else (-np.inf, np.inf)
    for key in ("value", "baseline"):
        if key in target:
            parameters.between(f"{key} of the target for {kpi}", target[key], low, high)
    dates = {key: parameters.date(f"{key} of the target for {kpi}", target.get(key)) for key in ("by", "since")}
    days = {key: day for key, day in dates.items() if day}
    if ("baseline" in target) != ("since" in days):
        raise ValueError(f"target for {kpi} = a baseline or a since alone: give the value and its day, or neither.")
    if "since" in days and days["since"] >= days["by"]:
        raise ValueError(f"since = '{days['since']}': not before by = '{days['by']}' of {kpi}. Give an earlier day.")
    better = parameters.one_of(f"better of the target for {kpi}", target.get("better", Better.HIGHER), Better)
    undated = {key: value for key, value in target.items() if key not in dates}
    return undated | days | {"better": better}


def _row(target: dict[str, Any], known: pd.DataFrame, as_of: dt.date) -> dict[str, Any]:
    now, goal, by = known.loc[target["kpi"]], float(target["value"]), target["by"]
    baseline, since = float(target.get("baseline", now[PREVIOUS])), target.get("since", now[PREVIOUS_ON])
    expected = np.nan
    if since < as_of < by and since < by:
        expected = baseline + (goal - baseline) * ((as_of - since) / (by - since))
    ends = [LOWER, UPPER] if "baseline" in target else [PACE_LOWER, PACE_UPPER]
    own, pace = (now[[VALUE] * 2] if target["kpi"] in COUNTED else now[each] for each in ([LOWER, UPPER], ends))
    sign = 1 if target["better"] is Better.HIGHER else -1
    status = (
        _final(sign * now[VALUE], sign * goal) if as_of >= by
        else _status(sorted(sign * own), sorted(sign * pace), sign * goal, sign * expected)
    )  # fmt: skip
    gap = goal - now[VALUE]
    needed = gap / ((by - as_of).days / MONTH_DAYS) if status in OPEN and as_of < by and sign * gap > 0 else np.nan
    outside = None if np.isnan(now[LOWER]) else bool(not now[LOWER] <= goal <= now[UPPER])
    return {
        KPI: target["kpi"], VALUE: now[VALUE], LOWER: now[LOWER], UPPER: now[UPPER], TARGET: goal, BY: by,
        BETTER: str(target["better"]), STATUS: str(status), GAP: gap, TARGET_OUTSIDE_INTERVAL: outside,
        PREVIOUS: now[PREVIOUS],
        BASELINE: baseline, SINCE: since, EXPECTED: expected, NEEDED_A_MONTH: needed, IS_SHARE: bool(now[IS_SHARE]),
    }  # fmt: skip


def _final(value: float, goal: float) -> Status:
    """The state on the day or later, of a value for which more is better."""
    return Status.REACHED if value >= goal else Status.MISSED


def _status(own: Sequence[float], pace: Sequence[float], goal: float, expected: float) -> Status:
    """The state before the day, by the ends of an interval against the target and against the way to it."""
    if own[0] >= goal:
        return Status.REACHED
    if pace[0] >= expected:
        return Status.ON_TRACK
    return Status.BEHIND if pace[1] < expected else Status.UNKNOWN


def _standing(line: Any) -> Sentence:
    """A value against its target, and whether chance may explain the gap."""
    write = facts.Share if line.is_share else facts.Number
    known = {
        "kpi": facts.Word(line.kpi, KPI), "status": facts.Word(line.status, STATUS), "value": write(line.value),
        "target": write(line.target),
    }  # fmt: skip
    if line.target_outside_interval is not False:
        return say("{kpi}: {status}, {value} against {target}.", **known)
    if line.status == Status.REACHED:
        return say("{kpi}: {status}, {value} against {target}; by its interval it may be short of it still.", **known)
    return say("{kpi}: {status}, {value} against {target}, a gap within chance.", **known)


def _news(line: Any) -> News | None:
    """That a target is reached, by more than chance, which the window before was short of."""
    sign = 1 if line.better == Better.HIGHER else -1
    if line.target_outside_interval is False or not sign * line.previous < sign * line.target:
        return None
    write = facts.Share if line.is_share else facts.Number
    told = say(
        "Target reached: {kpi} is {value}, and {target} was wanted by {day}.", kpi=facts.Word(line.kpi, KPI),
        value=write(line.value), target=write(line.target), day=facts.Day(line.by),
    ).resting_on(say("In the window before it was {previous}.", previous=write(line.previous)))  # fmt: skip
    return News(Topic.CHANGE, line.kpi, told, direction=Direction.BETTER, gain=sign)


def _wanted(line: Any) -> Yardstick:
    """A target as what is wanted of its figure."""
    target = facts.Share(line.target) if line.is_share else facts.Number(line.target)
    kpi, day = facts.Word(line.kpi, KPI), facts.Day(line.by)
    told, code = say("{target} by {day}", target=target, day=day), f"{line.target:g} by {line.by}"
    return Yardstick(Ground.TARGET, kpi, told, code=code)


def _writer(line: Any) -> Callable[[Any], str]:
    return formats.percent if line.is_share else formats.number
