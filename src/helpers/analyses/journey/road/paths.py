"""What follows what: shares of the next touchpoint after each step, and of the steps at each place of the journey."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.message.shares import clustered_shares
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.shares import wilson_interval

LONGEST_DAYS = 3650
MOST_POSITIONS = 12
ENDED = "(ended)"


@dataclass(frozen=True)
class Transitions:
    """From each step to the next touchpoint: how often it was which step, or none in time."""

    # from_step, to_step, touchpoints (at the first), customers (who went this way), share, lower, upper; a way of one
    # to four customers has no numbers
    cells: pd.DataFrame
    within_days: int

    def summary(self) -> pd.DataFrame:
        """One row a way that customers went, those that most went first."""
        gone = self.cells.dropna(subset="share")
        gone = gone[gone["customers"] > 0]
        return gone.sort_values(["customers", "from_step"], ascending=[False, True], kind="stable", ignore_index=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """From the rows to the columns of the same number; ways of fewer than five customers are empty."""
        names = pd.unique(self.cells["to_step"])
        number = {name: f"{place}" for place, name in enumerate(names[:-1], start=1)} | {names[-1]: "none"}
        shown = self.cells.assign(
            from_step=[f"{number[name]}  {name}" for name in self.cells["from_step"]],
            to_step=self.cells["to_step"].map(number),
            share=self.cells["share"].where(self.cells["share"] > 0),
        )
        return charts.heat_map(shown, row="from_step", column="to_step", value="share", ax=ax)

    def headline(self) -> str:
        """The most usual next touchpoint of all, and where most often nothing follows."""
        onward = self.cells["to_step"] != _nothing(self.within_days)
        usual, silent = (rows.dropna(subset="share") for rows in (self.cells[onward], self.cells[~onward]))
        said = []
        if usual["share"].max() > 0:
            top = usual.loc[usual["share"].idxmax()]
            said.append(f"“{top['from_step']}” is next followed by “{top['to_step']}” more often "
                        f"than any other step is by one ({_share(top)}).")  # fmt: skip
        if silent["share"].max() > 0:
            end = silent.loc[silent["share"].idxmax()]
            said.append(f"Most often nothing follows within {formats.days(self.within_days)} after "
                        f"“{end['from_step']}” ({_share(end)}).")  # fmt: skip
        return " ".join(said)


@dataclass(frozen=True)
class StepMatrix:
    """The steps at the first, second … touchpoint of customers; journeys that ended before count as such."""

    cells: pd.DataFrame  # position, step, customers, share (of all customers), lower, upper; none for one to four
    customers: int

    def summary(self) -> pd.DataFrame:
        """One row a step: its share of all customers at each place."""
        named = self.cells.assign(name="touchpoint_" + self.cells["position"].astype(str) + "_share")
        wide = named.pivot(index="step", columns="name", values="share")
        return wide.reindex(index=pd.unique(named["step"]), columns=pd.unique(named["name"])).rename_axis(
            columns=None).reset_index()  # fmt: skip

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers by step (rows) and place in the journey (columns)."""
        return charts.heat_map(self.cells, row="step", column="position", value="share", ax=ax)

    def headline(self) -> str:
        """How most journeys begin, and how many have ended by the last place shown."""
        first = self.cells[(self.cells["position"] == 1)].dropna(subset="share")
        last = self.cells["position"].max()
        ended = self.cells[(self.cells["position"] == last) & (self.cells["step"] == ENDED)].iloc[0]
        if first.empty:
            return f"Too few customers at every step: fewer than {SMALLEST_GROUP}."
        top = first.loc[first["share"].idxmax()]
        rest = f"; without a {last}th touchpoint so far: {_share(ended)}" if last > 3 and ended["share"] > 0 else ""
        return (
            f"In these data the journeys of {self.customers:,} customers begin most often at “{top['step']}” "
            f"({_share(top)}){rest}."
        )


def transitions(points: Touchpoints | NotApplicable, within_days: int = 30) -> Transitions | NotApplicable:
    """Shares of the next touchpoint after those of each step, or of none within `within_days`.

    Of touchpoints of one moment the earlier steps of the road come first. Touchpoints of the last `within_days` are
    left out, for what follows them is not known yet. A customer counts as often as they were there: intervals allow
    for that (see `clustered_shares`). What follows is not caused by what it follows.
    """
    parameters.between("within_days", within_days, 1, LONGEST_DAYS)
    if isinstance(points, NotApplicable):
        return points
    window = ibis.window(group_by="customer_id", order_by=["at", "place", "channel", "content", "campaign"])
    rows = points.placed
    rows = rows.mutate(to_step=rows.step.lead().over(window), to_at=rows["at"].lead().over(window))
    known = rows["at"] + ibis.interval(days=within_days) < ibis.timestamp(points.night.to_pydatetime())
    rows = rows.filter(known)
    soon = (rows.to_at <= rows["at"] + ibis.interval(days=within_days)).fill_null(False)
    nothing = _nothing(within_days)
    rows = rows.mutate(to_step=soon.ifelse(rows.to_step, nothing))
    ways = [*points.names, nothing]
    flagged = rows.select("customer_id", from_step="step", **{name: rows.to_step == name for name in ways})
    found = clustered_shares(flagged, ["from_step"], ways)
    if found.empty:
        return NotApplicable(f"too few touchpoints are older than {formats.days(within_days)}.")
    place = {name: at for at, name in enumerate(ways)}
    found = found.assign(customers=found["having"]).rename(columns={"outcome": "to_step", "rows": "touchpoints"})
    found = found.sort_values(["from_step", "to_step"], key=lambda names: names.map(place), ignore_index=True)
    few = found["customers"].between(1, SMALLEST_GROUP - 1)
    shown = {name: found[name].mask(few) for name in ("customers", "share", "lower", "upper")}
    if not (shown["share"] > 0).any():
        return NotApplicable(f"no way from one step to the next was gone by {SMALLEST_GROUP} customers.")
    columns = ["from_step", "to_step", "touchpoints", "customers", "share", "lower", "upper"]
    return Transitions(found.assign(**shown)[columns], within_days)


def step_matrix(points: Touchpoints | NotApplicable, positions: int = 6) -> StepMatrix | NotApplicable:
    """Share of all customers whose 1st, 2nd … touchpoint in the data was of each step, or who had none so late.

    Intervals are Wilson's at 95 %; cells of one to four customers are blank. A journey may have begun before the data
    do, and may go on.
    """
    parameters.between("positions", positions, 1, MOST_POSITIONS)
    if isinstance(points, NotApplicable):
        return points
    if points.customers < SMALLEST_GROUP:
        return NotApplicable(f"there are fewer than {SMALLEST_GROUP} customers.")
    window = ibis.window(group_by="customer_id", order_by=["at", "place"])
    rows = points.placed
    rows = rows.mutate(position=ibis.row_number().over(window) + 1)
    rows = rows.filter(rows.position <= positions)
    counts = rows.group_by("position", "step").agg(customers=rows.count()).execute()
    wide = counts.pivot(index="position", columns="step", values="customers")
    wide = wide.reindex(index=range(1, positions + 1), columns=points.names).fillna(0).astype("int64")
    wide[ENDED] = points.customers - wide.sum(axis=1)
    tidy = wide.rename_axis(index="position", columns="step").stack().rename("customers").reset_index()
    lower, upper = wilson_interval(tidy["customers"], points.customers)
    tidy = tidy.assign(share=tidy["customers"] / points.customers, lower=lower, upper=upper)
    few = tidy["customers"].between(1, SMALLEST_GROUP - 1)
    shown = {name: tidy[name].mask(few) for name in ("customers", "share", "lower", "upper")}
    return StepMatrix(tidy.assign(**shown), points.customers)


def _nothing(days: int) -> str:
    return f"(nothing for {formats.days(days)})"


def _share(row: pd.Series) -> str:
    spread = formats.interval(row["lower"], row["upper"], formats.percent)
    return f"{formats.percent(row['share'])}, 95% interval {spread}"
