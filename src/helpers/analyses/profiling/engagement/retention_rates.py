"""Retention: the share of each cohort that came back, interval by interval, as far as it can be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.profiling.engagement.clock import MOST_INTERVALS, Clock
from helpers.analyses.profiling.engagement.cohort_counts import Return, retention_cells
from helpers.analyses.profiling.engagement.facts import ANY, DONE, Condition, fact_time, facts, meets
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP, folded_groups
from helpers.statistics.shares import wilson_interval

MOST_GROUPS = 6  # the small ones together are one of them
LEAST_COHORTS = 3  # behind the last mean that the headline says
SURE = 0.05
WINDOWS = {"day": "24-hour window", "week": "7-day window", "month": "30-day window"}


@dataclass(frozen=True)
class Retention:
    """Share of each cohort that came back, by interval, and the means over cohorts.

    Cells whose interval is not over for the whole cohort, and cohorts of fewer than 5 customers, are blank and in no
    mean.
    """

    cells: pd.DataFrame  # [group,] cohort, interval, last_interval, customers, returned, rate, lower, upper, mature
    means: pd.DataFrame  # [group,] interval, cohorts, customers, returned, rate, lower, upper, simple_mean_rate
    clock: Clock
    back: Return
    cohorts: str
    done: str  # what customers did
    by: str
    p_value: float  # that groups are alike in the first interval; NaN where it cannot be told

    def summary(self) -> pd.DataFrame:
        """One line an interval: `rate` weighs cohorts by their customers, `simple_mean_rate` all alike.

        One line a group where customers are grouped: the weighted mean of its first interval, with its limits, and of
        the middle and the last that enough cohorts have reached.
        """
        if not self.by:
            return self._read(self.means)
        first = self.means[self.means["interval"] == self.means["interval"].min()]
        table = first[["group", "customers", "rate", "lower", "upper"]].set_index("group")
        reached = self.means.loc[self.means["cohorts"] >= LEAST_COHORTS, "interval"].drop_duplicates().sort_values()
        unit = self.clock.interval
        for k in dict.fromkeys((*reached.iloc[len(reached) // 2 :].head(1), *reached.tail(1))):
            table[f"{unit}_{k}_rate"] = self.means[self.means["interval"] == k].set_index("group")["rate"]
        named = {"rate": f"{unit}_{first['interval'].min()}_rate"}
        return table.rename(columns=named).rename_axis(self.by).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The triangle as a heat map; the mean curve of each group where customers are grouped."""
        unit = self.clock.interval
        if self.by:
            return charts.line(self._read(self.means), x=unit, y="rate", group="group", ax=ax)
        cells = self.cells[self.cells["interval"] > 0]
        sizes = [f"{n:,.0f}" if n == n else f"under {SMALLEST_GROUP}" for n in cells["customers"]]
        named = self.clock.named(pd.Series(self.clock.starts.get_indexer(cells["cohort"]), index=cells.index))
        return charts.heat_map(
            self._read(cells).assign(cohort=named + "  (" + pd.Series(sizes, index=cells.index) + ")"),
            row="cohort",
            column=unit,
            value="rate",
            ax=ax,
        )

    def headline(self) -> str:
        """How many came back in the first interval, and in the last that enough cohorts have reached."""
        means = self.means
        if self.by:
            return self._of_groups(means[means["interval"] == means["interval"].min()])
        first = means.iloc[0]
        later = means[(means["cohorts"] >= LEAST_COHORTS) & (means["interval"] > first["interval"])].tail(1)
        told = [self._share(line) for line in (first, *(line for _, line in later.iterrows()))]
        who = "who came for the first time" if self.cohorts == "first" else f"who {self.done}"
        return (
            f"Of the customers {who} in a {self.clock.interval}, {' and '.join(told)} came back "
            f"(mean of {int(first['cohorts'])} cohorts, weighted by customers)."
        )

    def _of_groups(self, first: pd.DataFrame) -> str:
        low, high = (first.loc[at] for at in (first["rate"].idxmin(), first["rate"].idxmax()))
        said = (
            f"By {formats.label(self.by).lower()}, the share that came back {self._when(first.iloc[0])} runs from "
            f"{formats.percent(low['rate'])} ({low['group']}) to {formats.percent(high['rate'])} ({high['group']})"
        )
        if np.isnan(self.p_value):
            return f"{said}."
        if self.p_value < SURE:
            return f"{said}; groups differ by more than chance ({formats.p_value(self.p_value)})."
        return f"{said}; there is no evidence that the groups differ ({formats.p_value(self.p_value)})."

    def _share(self, line: pd.Series) -> str:
        limits = formats.interval(line["lower"], line["upper"], formats.percent)
        spread = "" if np.isnan(line["lower"]) else f" (95 % interval {limits})"
        return f"{formats.percent(line['rate'])}{spread} {self._when(line)}"

    def _when(self, line: pd.Series) -> str:
        unit = self.clock.interval if self.clock.kind == "calendar" else WINDOWS[self.clock.interval]
        return {
            "on": f"in {unit} {_bracket(line)}", "on or after": f"in {unit} {_bracket(line)} or later",
            "streak": f"in every {unit} up to {_bracket(line)}", "bracket": f"in {unit} {_bracket(line)}",
        }[self.back.mode]  # fmt: skip

    def _read(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with its intervals under the name of their unit, brackets by their first and last."""
        bracketed = self.back.mode == "bracket"
        intervals = table.apply(_bracket, axis="columns") if bracketed and len(table) else table["interval"]
        return (
            table.assign(interval=intervals)
            .drop(columns="last_interval")
            .rename(columns={"interval": self.clock.interval})
        )


def _bracket(line: pd.Series) -> str:
    first, last = int(line["interval"]), int(line["last_interval"])
    return f"{first}" if first == last else f"{first}–{last}"


def retention(
    data: Dataset,
    table: str = "orders",
    *,
    mode: str = "on",
    interval: str = "month",
    intervals: int = 12,
    clock: str = "calendar",
    cohorts: str = "first",
    occurrences: int = 1,
    brackets: Sequence[int] = (),
    week_start: str = "monday",
    starts: Condition = ANY,
    returns: Condition = ANY,
    by: str = "",
) -> Retention | NotApplicable:
    """Retention of customers over the rows of `table` in the `intervals` intervals to `as_of`.

    Where no cohort began in these, as in data that follow one early cohort, the last 60 are looked at.
    `mode`, `brackets` and `occurrences` are those of `Return`; `interval`, `clock` and `week_start` those of `Clock`;
    `cohorts` of `retention_cells`. `starts` and `returns` say which rows begin a cohort and which count as coming back,
    as {"event": "sign_up"} or {"event": ["visit", "checkout"]}. `by` names a column of the customer table; groups
    of fewer than 5, and all but the largest, are one. Intervals are Wilson's at 95 %; means over recurring cohorts,
    where a customer counts many times, have none. Assumes that the first fact in the data is a customer's first: the
    oldest cohorts of data that begin in mid-trade hold older customers too.
    """
    told, back = Clock(data.as_of, interval, intervals, clock, week_start), Return(mode, tuple(brackets), occurrences)
    rows = facts(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    if by and by not in data.customers:
        return NotApplicable(f"the data set describes no customer by {by!r}.")
    asked = {
        "time": fact_time(table), "back": back, "cohorts": cohorts, "groups": _groups(data, by) if by else None,
        "starts": meets(rows, starts, "starts"), "returns": meets(rows, returns, "returns"),
    }  # fmt: skip
    cells = retention_cells(rows, told, **asked)
    if not cells["customers"].any():
        told = replace(told, intervals=MOST_INTERVALS)
        cells = retention_cells(rows, told, **asked)
    cells = _blanked(cells[cells["customers"] > 0].reset_index(drop=True))
    if cells.empty:
        return NotApplicable(f"no cohort began in the {MOST_INTERVALS} {interval}s to {data.as_of}.")
    means = retention_means(cells, independent=cohorts == "first")
    if means.empty:
        return NotApplicable(
            f"no cohort of at least {SMALLEST_GROUP} customers has been followed for a whole {interval}."
        )
    p_value = _alike(means) if by and cohorts == "first" else np.nan
    return Retention(cells, means, told, back, cohorts, DONE[table], by, p_value)


def retention_means(cells: pd.DataFrame, independent: bool = True) -> pd.DataFrame:
    """Means over the cohorts that are known in each interval: weighted by customers (`rate`) and all alike.

    Takes a table of `retention_cells`; immature cells, empty cohorts and blanks are left out. lower and upper are
    Wilson's for the weighted mean, and NaN unless cohorts are `independent`.
    """
    keys = [name for name in ("group", "interval", "last_interval") if name in cells]
    known = cells[cells["mature"] & cells["rate"].notna() & (cells["interval"] > 0)]
    means = known.groupby(keys, sort=False).agg(
        cohorts=("rate", "size"), customers=("customers", "sum"), returned=("returned", "sum"),
        simple_mean_rate=("rate", "mean"),
    ).reset_index()  # fmt: skip
    means = means.astype({"customers": "int64", "returned": "int64"})
    lower, upper = wilson_interval(means["returned"], means["customers"])
    if not independent:
        lower, upper = np.full((2, len(means)), np.nan)
    means = means.assign(rate=means["returned"] / means["customers"], lower=lower, upper=upper)
    return means[[*keys, "cohorts", "customers", "returned", "rate", "lower", "upper", "simple_mean_rate"]]


def _blanked(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without what is not known yet, and without what would point at a few customers."""
    few, open_ = cells["customers"] < SMALLEST_GROUP, ~cells["mature"] & (cells["interval"] > 0)
    shares = ["rate", "lower", "upper"]
    return cells.assign(
        customers=cells["customers"].astype(float).mask(few),
        returned=cells["returned"].astype(float).mask(few | open_),
        **{name: cells[name].mask(few | open_) for name in shares},
    )


def _groups(data: Dataset, by: str) -> ibis.expr.types.Table:
    """customer_id and group: the largest values of a column, and the others together."""
    groups = folded_groups(data.customers[by].map(formats.text, na_action="ignore"), MOST_GROUPS).astype(object)
    return ibis.memtable(pd.DataFrame({"customer_id": data.customers["customer_id"], "group": groups}))


def _alike(means: pd.DataFrame) -> float:
    """p-value of the χ² test that all groups came back alike in the first interval; NaN where it has no answer."""
    first = means[means["interval"] == means["interval"].min()]
    counts = np.array([first["returned"], first["customers"] - first["returned"]])
    if counts.shape[1] < 2 or not (counts.sum(axis=1) > 0).all():
        return np.nan
    return float(chi2_contingency(counts, correction=False).pvalue)
