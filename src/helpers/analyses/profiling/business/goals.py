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
from helpers.analyses.profiling.business.key_figures import Kpis
from helpers.analyses.profiling.business.key_shares import Rates
from helpers.analyses.profiling.vocabulary import (
    BASELINE,
    BETTER,
    BY,
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
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.vocabulary import LOWER, UPPER, VALUE

REQUIRED, OPTIONAL = ("kpi", "value", "by"), ("better", "baseline", "since")
WORDS = {"kpi": "a key figure", "value": "a number", "by": "a day"}
EXAMPLE = '{ kpi = "AOV", value = 400, by = "2026-12-31", better = "higher" }'


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
    UNKNOWN = "unknown"  # no pace can be told without an earlier value


OPEN = (Status.ON_TRACK, Status.BEHIND, Status.UNKNOWN)
LAGGING = (Status.BEHIND, Status.MISSED)


@dataclass(frozen=True)
class Targets(Finding):
    """Each target beside the value of today: its state, the gap, and the change a month that would still close it."""

    table: pd.DataFrame
    as_of: dt.date
    columns = (
        KPI, VALUE, LOWER, UPPER, TARGET, BY, BETTER, STATUS, GAP, TARGET_OUTSIDE_INTERVAL, BASELINE, SINCE, EXPECTED,
        NEEDED_A_MONTH, IS_SHARE,
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

    def headline(self) -> str:
        """How many targets are in which state, and which are behind or missed."""
        counts = self.table[STATUS].value_counts(sort=False)
        states = ", ".join(f"{counts[status]} {STATUS.write(status)}" for status in Status if status in counts)
        late = self.table[self.table[STATUS].isin(LAGGING)]
        named = ", ".join(f"{line.kpi} ({_standing(line)})" for line in late.itertuples())
        lagging = f"; lagging: {named}" if named else ""
        within = self.table[TARGET_OUTSIDE_INTERVAL].eq(False).astype(bool)
        close = ", ".join(self.table.loc[within & (self.table[STATUS] == Status.REACHED), KPI])
        chance = f" Within its interval {close} may be short of its target still." if close else ""
        return f"Of {len(self.table)} targets, {states}{lagging}.{chance}"


def targets(
    answers: Sequence[Kpis | Rates | NotApplicable], wanted: Sequence[Mapping[str, Any]], as_of: dt.date
) -> Targets | NotApplicable:
    """The state on `as_of` of each target in `wanted`, of the key figures and shares in `answers`.

    A target has kpi (a name in the tables), value (a share as 0.05), by (a day) and may have better ("higher", the
    default, or "lower"), and baseline with since: the value from which, and the day on which, the way began. Without
    them it is the value of the window before. Reached: at least as good as the target; missed: not, on the day or
    later; on track or behind: not yet, and at least as good, or not, as the straight line from the baseline to the
    target is today. These states compare values; `target_outside_interval` says whether the interval leaves the target
    out, so that chance alone does not explain the gap. Raises ValueError for a target that cannot be read, naming it.
    """
    if not wanted:
        return NotApplicable("no targets are set. Write targets = [...] under [notebooks.profiling] in dataset.toml.")
    tables = [_measured(finding) for finding in answers if not isinstance(finding, NotApplicable)]
    if not tables:
        return NotApplicable("no key figure could be measured.")
    known = pd.concat(tables).set_index(KPI)
    rows = [_row(_checked(target, known), known, as_of) for target in wanted]
    return Targets(pd.DataFrame(rows), as_of)


def _measured(finding: Kpis | Rates) -> pd.DataFrame:
    """kpi, value, lower, upper, previous, previous_on and is_share of a finding's figures."""
    figures = finding.table.rename(columns={RATE: VALUE, PREVIOUS_RATE: PREVIOUS})
    earlier = finding.reading[PREVIOUS_ON] if isinstance(finding, Rates) else finding.window.before.end
    return figures[[KPI, VALUE, LOWER, UPPER, PREVIOUS]].assign(
        **{PREVIOUS_ON: earlier, IS_SHARE: isinstance(finding, Rates)}
    )


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
    sign = 1 if target["better"] is Better.HIGHER else -1
    status = _status(sign * now[VALUE], sign * goal, sign * expected, as_of >= by)
    gap = goal - now[VALUE]
    needed = gap / ((by - as_of).days / MONTH_DAYS) if status in OPEN and as_of < by else np.nan
    outside = None if np.isnan(now[LOWER]) else bool(not now[LOWER] <= goal <= now[UPPER])
    return {
        KPI: target["kpi"], VALUE: now[VALUE], LOWER: now[LOWER], UPPER: now[UPPER], TARGET: goal, BY: by,
        BETTER: str(target["better"]), STATUS: str(status), GAP: gap, TARGET_OUTSIDE_INTERVAL: outside,
        BASELINE: baseline, SINCE: since, EXPECTED: expected, NEEDED_A_MONTH: needed, IS_SHARE: bool(now[IS_SHARE]),
    }  # fmt: skip


def _status(value: float, goal: float, expected: float, over: bool) -> Status:
    """The state of a value for which more is better."""
    if value >= goal:
        return Status.REACHED
    if over:
        return Status.MISSED
    if np.isnan(expected) or np.isnan(value):
        return Status.UNKNOWN
    return Status.ON_TRACK if value >= expected else Status.BEHIND


def _standing(line: Any) -> str:
    """A value against its target, and whether chance may explain the gap."""
    write = _writer(line)
    near = ", within chance of it" if line.target_outside_interval is False else ""
    return f"{write(line.value)} against {write(line.target)}{near}"


def _writer(line: Any) -> Callable[[Any], str]:
    return formats.percent if line.is_share else formats.number
