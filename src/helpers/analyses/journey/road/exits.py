"""Where customers leave the funnel, and what they do next instead."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.road.steps import Funnel
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, shown_groups
from helpers.statistics.shares import wilson_interval

NOTHING = "nothing"
OPEN = "nothing yet: the window is open"
MOST_NEXT = 7  # the small ones together are one of them
MOST_DRAWN = 12


@dataclass(frozen=True)
class Drops:
    """Customers who got no further than a step, by the touchpoint that came next within the window."""

    cells: pd.DataFrame  # dropped_after, next, customers, share (of those who dropped there), lower, upper

    def summary(self) -> pd.DataFrame:
        """One row a step and what came next, the most frequent first."""
        return self.cells

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by the last step that they reached and what came next, the most first, with its share there."""
        named = self.cells.assign(way=self.cells["dropped_after"] + " → " + self.cells["next"])
        most = named.sort_values("customers", ascending=False, kind="stable").head(MOST_DRAWN)
        return charts.bars(most, value="customers", label="way", share="share", ax=ax)

    def headline(self) -> str:
        """The step after which most customers drop, and what most of them do."""
        sums = self.cells.groupby("dropped_after", sort=False)["customers"].sum()
        step = sums.idxmax()
        most = self.cells[self.cells["dropped_after"] == step].iloc[0]
        spread = formats.interval(most["lower"], most["upper"], formats.percent)
        words = {NOTHING: "did nothing more within the window", SMALL_GROUPS: "went different ways",
                 OPEN: "did nothing yet, and their window is still open"}  # fmt: skip
        said = words.get(most["next"], f"were next met at “{most['next']}”")
        where = f"most ({sums[step]:,}) stop" if len(sums) > 1 else "all stop"
        return (
            f"Of {sums.sum():,} customers who do not finish, {where} after “{step}”; "
            f"{formats.percent(most['share'])} of these (95% interval {spread}) {said}."
        )


def drops(points: Touchpoints | NotApplicable, found: Funnel | NotApplicable) -> Drops | NotApplicable:
    """The next touchpoint of whatever step, within the window, of customers who did not reach the last step.

    It may be the step they were at once more, one that the funnel does not count, or nothing. Of touchpoints of one
    moment those of the funnel's later steps count as next. What fewer than five customers did is folded; a step after
    which fewer than five stopped is left out. Intervals are Wilson's at 95 %.
    """
    if isinstance(points, NotApplicable) or isinstance(found, NotApplicable):
        return points if isinstance(points, NotApplicable) else found
    stopped = found.customers[~found.converted]
    if len(stopped) < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers stopped before the last step.")
    following = stopped["customer_id"].map(_following(points, found, stopped))
    silent = np.where(found.still_open[stopped.index], OPEN, NOTHING)
    after = found.stages["step"].to_numpy()[stopped["depth"] - 1]
    table = pd.DataFrame({"dropped_after": after, "next": following.where(following.notna(), silent)})
    told = [
        _cells(table.loc[after == step, "next"], step)
        for step in found.stages["step"]
        if (after == step).sum() >= SMALLEST_GROUP
    ]
    if not told:
        return NotApplicable(f"after no step did {SMALLEST_GROUP} customers stop.")
    return Drops(pd.concat(told, ignore_index=True))


def _following(points: Touchpoints, found: Funnel, stopped: pd.DataFrame) -> pd.Series:
    """customer_id → the step of the touchpoint that came next."""
    steps = found.rules.steps
    ordered = found.rules.mode != "any order"
    last = pd.DataFrame({
        "customer_id": stopped["customer_id"],
        "last_at": stopped[[f"at_{k}" for k in range(len(steps))]].max(axis=1),
        "last_place": stopped["depth"] - 1 if ordered else len(steps),
        "ends_at": found.ends_at[stopped.index],
    })  # fmt: skip
    rows = points.rows.select("customer_id", "step", "at")
    place = ibis.cases(*((rows.step == name, place) for place, name in enumerate(steps)), else_=len(steps))
    rows = rows.mutate(place=place).join(ibis.memtable(last), "customer_id")
    later = (rows["at"] > rows.last_at) | ((rows["at"] == rows.last_at) & (rows.place > rows.last_place))
    rows = rows.filter(later, rows["at"] <= rows.ends_at)
    order = ibis.window(group_by="customer_id", order_by=["at", "place", "step"])
    rows = rows.mutate(order=ibis.row_number().over(order))
    return rows.filter(rows.order == 0).select("customer_id", "step").execute().set_index("customer_id")["step"]


def _cells(following: pd.Series, step: str) -> pd.DataFrame:
    """What came next after one step, the most frequent first, the small ones together last."""
    counts = following.value_counts()
    kept = counts.reindex(shown_groups(counts, MOST_NEXT))
    if len(kept) < len(counts):
        kept.loc[SMALL_GROUPS] = counts.sum() - kept.sum()
    customers = kept.to_numpy(dtype="int64")
    lower, upper = wilson_interval(customers, customers.sum())
    return pd.DataFrame({
        "dropped_after": step, "next": kept.index, "customers": customers, "share": customers / customers.sum(),
        "lower": lower, "upper": upper,
    })  # fmt: skip
