"""Targets: how far each key figure is from what was wanted of it, and whether it moves fast enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.key_figures import Kpis
from helpers.analyses.profiling.business.key_shares import Rates
from helpers.findings import NotApplicable, charts, formats

REQUIRED, OPTIONAL = ("kpi", "value", "by"), ("better", "baseline", "since")
HIGHER, LOWER = "higher", "lower"
REACHED, ON_TRACK, BEHIND, MISSED, UNTOLD = "reached", "on track", "behind", "missed", "pace not known"
MONTH_DAYS = 365.25 / 12
WORDS = {"kpi": "a key figure", "value": "a number", "by": "a day"}
EXAMPLE = '{ kpi = "AOV", value = 400, by = "2026-12-31", better = "higher" }'


@dataclass(frozen=True)
class Targets:
    """Each target beside the value of today: its state, the gap, and the change a month that would still close it."""

    # kpi, value, lower, upper, target, by, better, status, gap (target − value), sure (the interval leaves the target
    # out), baseline, since, expected (today, on the straight way from the baseline), needed_a_month, is_share
    lines: pd.DataFrame
    as_of: dt.date

    def summary(self) -> pd.DataFrame:
        """One line a target, in words: shares as percentages, other figures in their own unit."""
        rows = []
        for line in self.lines.itertuples():
            write = formats.percent if line.is_share else formats.number
            rows.append({
                "kpi": line.kpi, "value": write(line.value),
                "interval": formats.interval(line.lower, line.upper, write) if line.lower == line.lower else "–",
                "target": write(line.target), "by": line.by.isoformat(), "status": line.status,
                "target_outside_interval": {True: "yes", False: "no", None: "–"}[line.sure],
                "needed_a_month": write(line.needed_a_month),
            })  # fmt: skip
        return pd.DataFrame(rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each value, with its interval, as a share of its target, which is the dashed line."""
        drawn = self.lines[(self.lines["target"] != 0) & self.lines["value"].notna()]
        shares = drawn[["value", "lower", "upper"]].div(drawn["target"], axis="index")
        shares = shares.assign(kpi=drawn["kpi"]).rename(columns={"value": "of_target_share"})
        return charts.forest(shares, estimate="of_target_share", label="kpi", reference=1, ax=ax)

    def headline(self) -> str:
        """How many targets are in which state, and which are behind or missed."""
        counts = self.lines["status"].value_counts(sort=False)
        order = [status for status in (REACHED, ON_TRACK, BEHIND, MISSED, UNTOLD) if status in counts]
        said = f"Of {len(self.lines)} targets, {', '.join(f'{counts[status]} {status}' for status in order)}"
        late = self.lines[self.lines["status"].isin([BEHIND, MISSED])]
        named = [f"{line.kpi} ({self._standing(line)})" for line in late.itertuples()]
        close = self.lines[(self.lines["status"] == REACHED) & (self.lines["sure"] == False)]["kpi"]  # noqa: E712
        chance = f" Within its interval {', '.join(close)} may be short of its target still." if len(close) else ""
        return f"{said}{'; lagging: ' + ', '.join(named) if named else ''}.{chance}"

    @staticmethod
    def _standing(line: Any) -> str:
        write = formats.percent if line.is_share else formats.number
        near = "" if line.sure is not False else ", within chance of it"
        return f"{write(line.value)} against {write(line.target)}{near}"


def targets(
    found: Sequence[Kpis | Rates | NotApplicable], wanted: Sequence[Mapping[str, Any]], as_of: dt.date
) -> Targets | NotApplicable:
    """The state on `as_of` of each target in `wanted`, of the key figures and shares in `found`.

    A target has kpi (a name in the tables), value (a share as 0.05), by (a day) and may have better ("higher", the
    default, or "lower"), and baseline with since: the value from which, and the day on which, the way began. Without
    them it is the value of the window before. Reached: at least as good as the target; missed: not, on the day or
    later; on track or behind: not yet, and at least as good, or not, as the straight line from the baseline to the
    target is today. These states compare values; `sure` says whether the interval leaves the target out, so that
    chance alone does not explain the gap. Raises ValueError for a target that cannot be read, naming it.
    """
    if not wanted:
        return NotApplicable("no targets are set. Write targets = [...] under [notebooks.profiling] in dataset.toml.")
    tables = [_measured(finding) for finding in found if not isinstance(finding, NotApplicable)]
    if not tables:
        return NotApplicable("no key figure could be measured.")
    known = pd.concat(tables).set_index("kpi")
    lines = [_line(_checked(target, known), known, as_of) for target in wanted]
    return Targets(pd.DataFrame(lines), as_of)


def _measured(finding: Kpis | Rates) -> pd.DataFrame:
    """kpi, value, lower, upper, previous, previous_on and is_share of a finding's lines."""
    is_share = isinstance(finding, Rates)
    lines = finding.lines.rename(columns={"rate": "value", "previous_rate": "previous"})
    names = ["kpi", "value", "lower", "upper", "previous", "previous_on"]
    return lines[names].assign(is_share=is_share)


def _checked(target: Mapping[str, Any], known: pd.DataFrame) -> dict[str, Any]:
    """The target with its dates as dates and its defaults; ValueError for what is missing or cannot be meant."""
    for key in target:
        parameters.one_of("key of a target", key, (*REQUIRED, *OPTIONAL))
    lacking = [key for key in REQUIRED if target.get(key) in (None, "")]
    if lacking:
        raise ValueError(f"target = {dict(target)}: has no {lacking[0]}. Give {WORDS[lacking[0]]}, as in {EXAMPLE}.")
    kpi = parameters.one_of("kpi of a target", target["kpi"], known.index)
    low, high = (0, 1) if known.loc[kpi, "is_share"] else (-np.inf, np.inf)
    for key in ("value", "baseline"):
        if key in target:
            parameters.between(f"{key} of the target for {kpi}", target[key], low, high)
    if ("baseline" in target) != ("since" in target):
        raise ValueError(f"target for {kpi} = a baseline or a since alone: give the value and its day, or neither.")
    dated = [key for key in ("by", "since") if key in target]
    days = {key: parameters.date(f"{key} of the target for {kpi}", target[key]) for key in dated}
    if "since" in days and days["since"] >= days["by"]:
        raise ValueError(f"since = '{days['since']}': not before by = '{days['by']}' of {kpi}. Give an earlier day.")
    better = parameters.one_of(f"better of the target for {kpi}", target.get("better", HIGHER), (HIGHER, LOWER))
    return dict(target) | days | {"better": better}


def _line(target: dict[str, Any], known: pd.DataFrame, as_of: dt.date) -> dict[str, Any]:
    now, goal, by = known.loc[target["kpi"]], float(target["value"]), target["by"]
    baseline = float(target.get("baseline", now["previous"]))
    since = target.get("since", now["previous_on"])
    expected = np.nan
    if since < as_of < by and since < by:
        expected = baseline + (goal - baseline) * ((as_of - since) / (by - since))
    sign = 1 if target["better"] == HIGHER else -1
    status = _status(sign * now["value"], sign * goal, sign * expected, as_of >= by)
    open_ = status in (ON_TRACK, BEHIND, UNTOLD)
    needed = (goal - now["value"]) / ((by - as_of).days / MONTH_DAYS) if open_ and as_of < by else np.nan
    sure = None if np.isnan(now["lower"]) else bool(not now["lower"] <= goal <= now["upper"])
    return {
        "kpi": target["kpi"], "value": now["value"], "lower": now["lower"], "upper": now["upper"], "target": goal,
        "by": by, "better": target["better"], "status": status, "gap": goal - now["value"], "sure": sure,
        "baseline": baseline, "since": since, "expected": expected, "needed_a_month": needed,
        "is_share": bool(now["is_share"]),
    }  # fmt: skip


def _status(value: float, goal: float, expected: float, over: bool) -> str:
    """The state of a value for which more is better."""
    if value >= goal:
        return REACHED
    if over:
        return MISSED
    if np.isnan(expected) or np.isnan(value):
        return UNTOLD
    return ON_TRACK if value >= expected else BEHIND
