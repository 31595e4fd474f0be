"""The funnel: how many customers who set out reached each step, and how long each step took."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.road.chains import SECONDS, FunnelRules, furthest
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.shares import wilson_interval

ROAD = ("events", "orders")  # of the steps of these tables a funnel is made, unless asked for others
UNITS = {"days": 1, "hours": 24, "minutes": 1440}


@dataclass(frozen=True)
class Funnel:
    """Customers by how far they got, each with the times of the one try that counts."""

    # customer_id, entered_at, depth, at_0 … (when the 1st … step was reached), stopped, entry_channel, entry_content,
    # entry_campaign
    customers: pd.DataFrame
    # step, customers, of_all_share (of everybody met at any touchpoint), of_entered_share, of_step_before_share, lower,
    # upper, mean_days, median_days (since the step before)
    stages: pd.DataFrame
    rules: FunnelRules  # with the steps that were used
    night: pd.Timestamp  # the end of the data set's day

    @property
    def converted(self) -> pd.Series:
        """Whether each customer reached the last step."""
        return self.customers["depth"] == len(self.rules.steps)

    @property
    def ends_at(self) -> pd.Series:
        """When each customer's window ends."""
        return self.customers["entered_at"] + pd.Timedelta(seconds=self.rules.window_seconds)

    @property
    def still_open(self) -> pd.Series:
        """Whether each customer may still get on: not at the last step, not stopped, and the window runs on."""
        return ~self.converted & ~self.customers["stopped"] & (self.ends_at >= self.night)

    def summary(self) -> pd.DataFrame:
        """One row a step; the Wilson interval is that of the share of the step before. Few customers are not shown."""
        return in_fitting_unit(self._shown.drop(columns=["of_entered_share", "mean_days"]), "median_days")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers who reached each step, with their share of those who entered."""
        return charts.bars(self._shown, value="customers", label="step", share="of_entered_share", ax=ax)

    @property
    def _shown(self) -> pd.DataFrame:
        few = self.stages["customers"].between(1, SMALLEST_GROUP - 1)
        return self.stages.assign(**{name: self.stages[name].mask(few) for name in self.stages.columns.drop("step")})

    def headline(self) -> str:
        """The share that got all the way, the step that loses most, and who may still come."""
        first, last = self.stages.iloc[0], self.stages.iloc[-1]
        entered = f"Of {first['customers']:,} customers who set out at “{first['step']}”"
        if first["customers"] < SMALLEST_GROUP:
            return f"Fewer than {SMALLEST_GROUP} customers set out: too few for a funnel."
        within = _within(self.rules.window_days)
        if last["customers"] < SMALLEST_GROUP:
            said = f"{entered}, fewer than {SMALLEST_GROUP} reached “{last['step']}” within {within}."
        else:
            low, high = wilson_interval(last["customers"], first["customers"])
            share = formats.percent(last["of_entered_share"])
            spread = formats.interval(low, high, formats.percent)
            said = f"{entered}, {share} (95% interval {spread}) reached “{last['step']}” within {within}."
        return " ".join(filter(None, [said, self._worst(), self._open()]))

    def _worst(self) -> str:
        later = self.stages.iloc[1:].dropna(subset="of_step_before_share")
        if len(later) < 2:
            return ""
        worst = later["of_step_before_share"].idxmin()
        before, step = self.stages.loc[worst - 1, "step"], self.stages.loc[worst, "step"]
        return f"The step that fewest take is from “{before}” to “{step}”: {formats.percent(self._on(worst))} go on."

    def _on(self, stage: int) -> float:
        return self.stages.loc[stage, "of_step_before_share"]

    def _open(self) -> str:
        waiting = int(self.still_open.sum())
        if waiting < SMALLEST_GROUP:
            return ""
        share = formats.percent(waiting / len(self.customers))
        return f"{waiting:,} customers ({share}) may still get on: their window has not ended."


def funnel(points: Touchpoints | NotApplicable, rules: FunnelRules = FunnelRules()) -> Funnel | NotApplicable:
    """How many customers reached each step of `rules`, by default the steps of events and orders, or else all.

    Each customer counts once, with one try (see `FunnelRules`). Shares are of everybody met at any touchpoint, of those
    who entered, and of the step before (of everybody, for the first) with Wilson's 95 % interval. In any order the k-th
    row is who took k different steps. Customers whose window runs beyond the data's day are counted as far as they got:
    `still_open` are they. Raises ValueError for steps that the touchpoints do not have.
    """
    if isinstance(points, NotApplicable):
        return points
    used = replace(rules, steps=rules.steps or _usual(points, rules))
    for name in (*used.steps, *used.exclude):
        parameters.one_of("steps", name, points.names)
    if len(used.steps) < 2:
        return NotApplicable("the touchpoints make fewer than two steps.")
    found = furthest(points.rows, used).execute()
    if found.empty:
        return NotApplicable(f"nobody was met at “{used.steps[0]}”.")
    names = {name: f"entry_{name}" for name in ("channel", "content", "campaign")}
    customers = found.rename(columns=names).sort_values("customer_id", ignore_index=True)
    reached = [f"at_{k}" for k in range(len(used.steps))]
    # in any order the k-th step is the k-th by time; elsewhere they are in order already, those not reached last
    arrivals = np.sort(customers[reached].to_numpy(dtype="datetime64[us]"), axis=1)
    customers = customers.assign(**{name: arrivals[:, k] for k, name in enumerate(reached)})
    customers = customers.astype({"depth": "int64", "stopped": bool})
    return Funnel(customers, _stages(arrivals, used, points.customers), used, points.night)


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
    gaps = pd.DataFrame(np.diff(arrivals, axis=1) / np.timedelta64(1, "s") / SECONDS)
    lower, upper = wilson_interval(counts, before)
    steps = rules.steps
    if rules.mode == "any order":
        steps = [f"any {k} of {len(steps)} steps" for k in range(1, len(steps) + 1)]
    return pd.DataFrame({
        "step": list(steps), "customers": counts, "of_all_share": counts / everybody,
        "of_entered_share": counts / counts[0],
        "of_step_before_share": counts / np.where(before > 0, before, np.nan), "lower": lower, "upper": upper,
        "mean_days": [np.nan, *gaps.mean()], "median_days": [np.nan, *gaps.median()],
    })  # fmt: skip


def _within(days: float) -> str:
    unit = next((name for name, many in UNITS.items() if days * many >= 1), "minutes")
    value = round(days * UNITS[unit], 6)
    return formats.days(value) if unit == "days" else f"{formats.number(value)} {unit[: -1 if value == 1 else None]}"
