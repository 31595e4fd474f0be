"""Days between two order days of a customer, and the limits of silence that they set, overall or by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation.dated_rows import rows_with_customer
from helpers.analyses.segmentation.vocabulary import (
    ACTIVE_DAYS,
    AT_RISK_DAYS,
    ATTENTION_DAYS,
    BUYERS,
    DORMANT_DAYS,
    LIMIT,
    ORIGIN,
    RETURNS,
    SILENCE_DAYS,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP, folded_groups
from helpers.findings.vocabulary import GROUP
from helpers.language import later

FEWEST_GAPS = 30  # between order days; below, their upper quantiles are chance
QUANTILES = (0.75, 0.90, 0.95, 0.99)
LIMITS = (ACTIVE_DAYS, ATTENTION_DAYS, AT_RISK_DAYS, DORMANT_DAYS)  # how long each stage lasts at most
EVERYBODY = later("(all customers)")
MOST_SPLIT = 31  # groups of a column, the small ones together being one; more are too small for limits of their own

Limits = Sequence[float] | Mapping[str, Sequence[float]]


class Origin(StrEnum):
    """Where the limits of a group come from."""

    ALL = "all"  # everybody's returns
    OWN = "own"  # the returns of the group
    GIVEN = "given"  # given for everybody
    GIVEN_OWN = "given_own"  # given for the group


@dataclass(frozen=True)
class StageLimits(Finding):
    """After how many days of silence active, need attention, at risk and dormant end."""

    table: pd.DataFrame  # a row a group, everybody first; returns are missing where limits were given
    groups: pd.Series  # customer_id → group, of the buyers; one group where there is no column
    by: str  # the column that has limits of its own for each value, or ""
    quantiles: tuple[float, ...]  # of the days between order days; empty where limits were given
    columns = (GROUP, BUYERS, RETURNS, *LIMITS, ORIGIN)

    @property
    def overall(self) -> tuple[float, ...]:
        """The four limits of everybody."""
        return tuple(self.table.loc[0, list(LIMITS)].tolist())

    def given(self) -> dict[str, list[float]]:
        """The limits by group, everybody's under "", as the parameter `limits_days` takes them the next time."""
        names = self.table["group"].where(self.table["group"] != EVERYBODY, "")
        return dict(zip(names, self.table[list(LIMITS)].to_numpy().tolist(), strict=True))

    def summary(self) -> pd.DataFrame:
        """One row a group: buyers, returns and limits; groups of too few buyers are left out."""
        return self.table[self.table["buyers"] >= SMALLEST_GROUP].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The four limits of each group."""
        limits = self.to_show().rename(columns={limit: limit.above() for limit in LIMITS})
        tidy = limits.melt(GROUP, [limit.above() for limit in LIMITS], LIMIT, SILENCE_DAYS)
        return charts.grouped_bars(tidy, value=SILENCE_DAYS, label=GROUP, group=LIMIT, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("After how many days of silence does each stage end?")

    def headline(self) -> Sentence:
        """From which silence on a customer counts as lost; the other limits, and where they come from, below."""
        first = self.table.iloc[0]
        limits = facts.Listed(tuple(map(facts.Count, self.overall)))
        told = say("A customer counts as lost after {lost} of silence.", lost=facts.Days(self.overall[-1])).resting_on(
            say("Stages end after {limits} days of silence.", limits=limits), self.origin
        )
        if not self.by:
            return told
        own = self.table.iloc[1:].loc[self.table[ORIGIN] != first[ORIGIN]]
        rest = len(self.table) - 1 - len(own)
        return told.resting_on(
            say(
                "{own} of {groups} groups by {by} have limits of their own.",
                own=facts.Count(len(own)),
                groups=facts.Count(len(self.table) - 1),
                by=facts.Attribute(self.by),
            ),
            say(
                "{rest} with fewer than {least} returns take those of everybody.",
                rest=facts.Count(rest),
                least=facts.Count(FEWEST_GAPS),
            )
            if rest
            else None,
        )

    @property
    def origin(self) -> Sentence:
        """Where everybody's limits come from."""
        if not self.quantiles:
            return say("The limits are those given.")
        return say(
            "Within them came {shares} of {returns} returns.",
            shares=facts.Listed(tuple(map(facts.Share, self.quantiles))),
            returns=facts.Count(self.table.loc[0, "returns"]),
        )


def stage_limits(
    data: Dataset,
    known: pd.DataFrame,
    gaps: ir.Table,
    quantiles: Sequence[float] = QUANTILES,
    limits_days: Limits = (),
    by: str = "",
) -> StageLimits | NotApplicable:
    """The limits of the buyers `known`, of whom `gaps` holds the returns (see `order_gaps`).

    `limits_days`, for everybody or by group with everybody's under "", are used as they are; otherwise they are
    `quantiles` of the gaps in whole days, of each value of the customers' column `by` that has 30 returns. Raises
    ValueError for numbers that do not rise or a column that the snapshot lacks.
    """
    groups, given = _groups(data, known, by), _given(limits_days)
    return _as_given(groups, by, given) if given else _from_returns(groups, by, gaps, _checked_quantiles(quantiles))


def order_gaps(data: Dataset) -> ir.Table:
    """customer_id, day and gap_days of every order day that follows an earlier one of the same customer.

    Orders of one day lie 0 days apart, so order days need not be made first, which would take as long again.
    """
    rows = rows_with_customer(data, "orders")
    orders = rows.select("customer_id", day=rows.ordered_at.date())
    before = orders.day.lag().over(group_by=orders.customer_id, order_by=orders.day)
    gaps = orders.mutate(gap_days=orders.day.delta(before, unit="day"))
    return gaps.filter(gaps.gap_days > 0)


def gap_quantiles(counts: pd.DataFrame, quantiles: Sequence[float]) -> tuple[int, ...]:
    """Type 7 quantiles (Hyndman & Fan 1996) of gaps that are counted as gap_days and returns, up to whole days."""
    ordered = counts.groupby("gap_days")["returns"].sum().sort_index()
    reached = ordered.cumsum().to_numpy()
    places = np.asarray(quantiles) * (reached[-1] - 1)
    below, above = (
        ordered.index.to_numpy()[np.searchsorted(reached, at, side="right")]
        for at in (np.floor(places), np.ceil(places))
    )
    exact = below + (above - below) * (places - np.floor(places))
    return tuple(int(limit) for limit in np.ceil(exact - 1e-9))


def _groups(data: Dataset, known: pd.DataFrame, by: str) -> pd.Series:
    """The group of each buyer: values of `by`, the small ones together."""
    if not by:
        return pd.Series(EVERYBODY, index=known.index, dtype="category")
    parameters.one_of("by", by, [name for name in data.customers if not name.endswith("_on") and name != "customer_id"])
    return folded_groups(known[by].astype("string"), MOST_SPLIT)


def _given(limits_days: Limits) -> dict[str, tuple[float, ...]]:
    by_group = limits_days if isinstance(limits_days, Mapping) else {"": limits_days}
    given = {name: _checked_limits(limits) for name, limits in by_group.items() if len(limits)}
    if given and "" not in given:
        raise ValueError(f"cuts.stage = {list(given)}: others need limits too. Give theirs under an empty name.")
    return given


def _as_given(groups: pd.Series, by: str, given: Mapping[str, Sequence[float]]) -> StageLimits:
    rows = _rows(groups, by)
    limits = [given[""], *(given.get(name, given[""]) for name in rows["group"][1:])]
    origins = [Origin.GIVEN, *(Origin.GIVEN_OWN if name in given else Origin.GIVEN for name in rows["group"][1:])]
    return StageLimits(_with_limits(rows, limits, origins), groups, by, ())


def _from_returns(
    groups: pd.Series, by: str, gaps: ir.Table, quantiles: Sequence[float]
) -> StageLimits | NotApplicable:
    counts = _gap_counts(gaps, groups if by else None)
    returns = int(counts["returns"].sum())
    if returns < FEWEST_GAPS:
        few = say(
            "customers came back only {returns} times, and limits need {least} returns. Give `cuts.stage`.",
            returns=facts.Count(returns),
            least=facts.Count(FEWEST_GAPS),
        )
        return NotApplicable(few)
    rows = _rows(groups, by)
    of_group = counts.groupby("group")["returns"].sum().reindex(rows["group"][1:], fill_value=0)
    rows.insert(2, "returns", [returns, *of_group])
    overall = gap_quantiles(counts, quantiles)
    own = of_group >= FEWEST_GAPS
    limits = [
        overall,
        *(
            gap_quantiles(counts[counts["group"] == name], quantiles) if enough else overall
            for name, enough in own.items()
        ),
    ]
    origins = [Origin.ALL, *(Origin.OWN if enough else Origin.ALL for enough in own)]
    return StageLimits(_with_limits(rows, limits, origins), groups, by, tuple(quantiles))


def _rows(groups: pd.Series, by: str) -> pd.DataFrame:
    """group and buyers: everybody first, then the groups of a column by size."""
    sizes = groups.value_counts() if by else pd.Series(dtype=int)
    return pd.DataFrame({"group": [EVERYBODY, *sizes.index], "buyers": [len(groups), *sizes]})


def _gap_counts(gaps: ir.Table, groups: pd.Series | None) -> pd.DataFrame:
    """group, gap_days and returns: how often customers of a group came back after so many days."""
    if groups is None:
        return gaps.group_by("gap_days").agg(returns=gaps.count()).execute().assign(group=EVERYBODY)
    placed = ibis.memtable(groups.astype(str).rename("group").rename_axis("customer_id").reset_index())
    both = gaps.join(placed, "customer_id")
    return both.group_by("group", "gap_days").agg(returns=both.count()).execute()


def _with_limits(rows: pd.DataFrame, limits: Sequence[Sequence[float]], origins: Sequence[str]) -> pd.DataFrame:
    return rows.assign(
        **dict(zip(LIMITS, zip(*limits, strict=True), strict=True)), origin=[str(code) for code in origins]
    )


def _checked_limits(limits: Sequence[float]) -> tuple[float, ...]:
    if len(limits) != len(LIMITS) or limits[0] < 0 or (np.diff(limits) < 0).any():
        raise ValueError(f"cuts.stage = {list(limits)}: give four numbers of days in rising order.")
    return tuple(limits)


def _checked_quantiles(quantiles: Sequence[float]) -> tuple[float, ...]:
    shares = np.asarray(quantiles, dtype=float)
    if len(shares) != len(LIMITS) or not ((shares > 0) & (shares < 1)).all() or (np.diff(shares) < 0).any():
        raise ValueError(f"quantiles = {list(quantiles)}: give four shares between 0 and 1 in rising order.")
    return tuple(quantiles)
