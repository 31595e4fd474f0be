"""Value by group – tier, segment, channel, cohort – and customers whose tier is below what they are worth."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, folded_groups

MOST_GROUPS = 13  # the small ones together are one of them
MOST_QUARTERS = 12


@dataclass(frozen=True)
class GroupValues:
    """What the customers of each group are expected to bring, all together and each."""

    by: str
    groups: pd.DataFrame  # <by>, customers, customer_share, value_share, mean_lifetime_value, lower, upper, …
    currency: str

    def summary(self) -> pd.DataFrame:
        """One row a group."""
        return self.groups

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean value of a customer in each group, with its interval."""
        return charts.forest(self.groups, estimate="mean_lifetime_value", label=self.by, ax=ax)

    def headline(self) -> str:
        """The group that holds most value, and those whose customers are worth most and least each."""
        named = self.groups[self.groups[self.by] != SMALL_GROUPS]
        if len(named) < 2:
            return f"There are no two groups by {formats.label(self.by).lower()} to compare."
        most, top = (named.loc[named[column].idxmax()] for column in ("value_share", "mean_lifetime_value"))
        low = named.loc[named["mean_lifetime_value"].idxmin()]
        best, least = (formats.money(row["mean_lifetime_value"], self.currency) for row in (top, low))
        apart = "" if top["lower"] > low["upper"] else "; their intervals overlap"
        return (
            f"“{most[self.by]}” holds {formats.percent(most['value_share'])} of the expected value. A customer of "
            f"“{top[self.by]}” is worth {best}, one of “{low[self.by]}” {least}{apart}."
        )


@dataclass(frozen=True)
class Underserved:
    """Customers by the tier that they have and the one they would have by expected value, in tiers of the same size."""

    cells: pd.DataFrame  # tier, tier_by_value, customers, lifetime_value; small cells empty; highest tier first
    customers: pd.DataFrame  # customer_id, tier, tier_by_value, lifetime_value of those below, most valuable first
    currency: str
    value: float  # of all customers who have a tier

    def summary(self) -> pd.DataFrame:
        """One row for each tier and the higher one that its customers would have, where 5 or more would."""
        below = self.cells[self.cells["tier_by_value"].cat.codes < self.cells["tier"].cat.codes]
        return below.dropna(subset="customers").astype({"customers": int}).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by tier and tier by value, highest first; the under-served are left of the diagonal."""
        return charts.heat_map(self.cells, row="tier", column="tier_by_value", value="customers", ax=ax)

    def headline(self) -> str:
        """How many would be in a higher tier by what they will bring, and what that is."""
        if self.summary().empty:
            return f"No tier has {SMALLEST_GROUP} customers or more whose expected value would give them a higher one."
        worth = self.customers["lifetime_value"].sum()
        share = formats.percent(worth / self.value)
        return (
            f"{len(self.customers):,} customers would be in a higher tier if tiers of the same size went by expected "
            f"value. They hold {formats.money(worth, self.currency)} of it ({share} of all)."
        )


def by_group(values: LifetimeValues | NotApplicable, labels: pd.Series | None, by: str) -> GroupValues | NotApplicable:
    """Value of the customers of each group; `labels` is customer_id → group, `by` what the groups are called.

    Groups under five customers, and those beyond the twelve largest, are one group of at least five. Ordered
    categories keep their order, other groups stand by size. Intervals are 95 %: of which customers happened to come
    and of the model's parameters, not of the model. Not applicable without labels.
    """
    if isinstance(values, NotApplicable):
        return values
    if labels is None or labels.dropna().empty:
        return NotApplicable(f"there is no {formats.label(by).lower()} to group by.")
    known = labels.reindex(values.customers["customer_id"]).reset_index(drop=True)
    group = folded_groups(known, MOST_GROUPS)
    names = _in_order(group, known)
    rows = [{by: name} | _worth(values, (group == name).to_numpy()) for name in names]
    return GroupValues(by, pd.DataFrame(rows), values.currency)


def segment_of(segments: pd.DataFrame | None, kind: str) -> pd.Series | None:
    """customer_id → label of the saved table `segments` of the segmentation; None where there is none."""
    if segments is None or kind not in segments:
        return None
    return segments.set_index("customer_id")[kind]


def attribute_of(data: Dataset, column: str) -> pd.Series | None:
    """customer_id → value of a column of customers; None where the data set has no such column."""
    return data.customers.set_index("customer_id")[column] if column in data.customers else None


def cohort_of(data: Dataset) -> pd.Series | None:
    """customer_id → the quarter of the first order, such as 2025 Q1, in order of time; None without orders.

    Over more than three years it is the year.
    """
    if "first_order_on" not in data.customers:
        return None
    first = data.customers.set_index("customer_id")["first_order_on"].dropna()
    year, quarter = first.dt.year.astype(str), first.dt.year.astype(str) + " Q" + first.dt.quarter.astype(str)
    cohort = quarter if quarter.nunique() <= MOST_QUARTERS else year
    return cohort.astype(pd.CategoricalDtype(sorted(cohort.unique()), ordered=True))


def underserved(values: LifetimeValues | NotApplicable, tiers: pd.Series | None) -> Underserved | NotApplicable:
    """Customers whose tier (customer_id → tier) is below the one that they would have if tiers went by expected value.

    Each tier keeps its number of places; customers of equal value stand in the order of their ids, and those without a
    tier are left out. Tiers rank by the mean expected value of their customers. Not applicable without two tiers.
    """
    if isinstance(values, NotApplicable):
        return values
    if tiers is None or tiers.dropna().nunique() < 2:
        return NotApplicable("there are no tiers to compare with.")
    table = values.customers.set_index("customer_id")
    tier = tiers.reindex(table.index).dropna()
    table = table.loc[tier.index]
    order = _best_first(tier, table["lifetime_value"])
    sizes = tier.value_counts().reindex(order)
    places = table["lifetime_value"].rank(ascending=False, method="first").to_numpy() - 1
    by_value = np.array(order, dtype=object)[np.searchsorted(sizes.cumsum().to_numpy(), places, side="right")]
    both = pd.DataFrame(
        {
            "tier": pd.Categorical(tier, order, ordered=True),
            "tier_by_value": pd.Categorical(by_value, order, ordered=True),
            "lifetime_value": table["lifetime_value"].to_numpy(),
        },
        index=table.index,
    )
    below = both[both["tier_by_value"].cat.codes < both["tier"].cat.codes]
    below = below.sort_values("lifetime_value", ascending=False, kind="stable").reset_index()
    below = below.astype({"tier": str, "tier_by_value": str})
    return Underserved(_cells(both), below, values.currency, float(both["lifetime_value"].sum()))


def _in_order(group: pd.Series, labels: pd.Series) -> list[Hashable]:
    """Names of the groups: ordered categories in their order, others by size, the folded ones last."""
    names = list(group.cat.categories)
    if isinstance(labels.dtype, pd.CategoricalDtype) and labels.cat.ordered:
        places = {name: place for place, name in enumerate([*labels.cat.categories, UNKNOWN])}
        names.sort(key=lambda name: places.get(name, len(places)))
    return names


def _worth(values: LifetimeValues, chosen: np.ndarray) -> dict[str, float]:
    """What the chosen customers (true or false each) are expected to bring."""
    mean, low, high = values.fitted.mean_limits(chosen)
    customers = int(chosen.sum())
    return {
        "customers": customers,
        "customer_share": customers / len(chosen),
        "value_share": mean * customers / values.total,
        "mean_lifetime_value": mean,
        "lower": max(low, 0.0),
        "upper": high,
        "mean_active_probability": values.customers["p_alive"].to_numpy()[chosen].mean(),
    }


def _cells(both: pd.DataFrame) -> pd.DataFrame:
    """Customers and their value by tier and tier by value; empty under five customers."""
    cells = both.groupby(["tier", "tier_by_value"], observed=False)["lifetime_value"].agg(["size", "sum"]).reset_index()
    cells.columns = ["tier", "tier_by_value", "customers", "lifetime_value"]
    numbers = cells[["customers", "lifetime_value"]].astype(float).mask(cells["customers"] < SMALLEST_GROUP)
    return cells.assign(**numbers)


def _best_first(tier: pd.Series, value: pd.Series) -> list[str]:
    return value.groupby(tier).mean().sort_values(ascending=False).index.tolist()
