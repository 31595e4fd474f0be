"""Groups of customers, however they were made: who needs them, what each is like, how two groupings cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP

FEWEST_BUYERS = 20  # below, quantiles of customers say nothing
MEDIANS = ("recency_days", "orders", "monetary")
NAN = float("nan")
NO_ORDER = "No completed order 未成交客户"


@dataclass(frozen=True)
class Groups:
    """Every customer in one group, and what each group is like."""

    kind: str  # segment, tier, stage or cluster
    labels: pd.Series  # customer_id → name of the group, categorical in the order of `rules`
    rules: Mapping[str, str]  # name of the group → how a customer gets into it, best group first
    profile: pd.DataFrame  # <kind>, rule, customers, shares, revenue and medians[, benefits]; small groups folded
    cuts: tuple[float, ...] = ()  # of the one value that made the groups, where one did
    remark: str = ""  # what the headline says beyond sizes

    def summary(self) -> pd.DataFrame:
        """One row a group, the best first: its size, what it brings, what it is like, and its rule."""
        words = [column for column in ("rule", "benefits") if column in self.profile]
        return self.profile.drop(columns=["revenue", *words]).assign(**self.profile[words])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each group's share of the customers beside its share of the revenue."""
        shares = self.profile.rename(columns={"customer_share": "customers' share", "revenue_share": "revenue's share"})
        tidy = shares.melt(self.kind, ["customers' share", "revenue's share"], "of", "share").dropna(subset="share")
        return charts.grouped_bars(tidy, value="share", label=self.kind, group="of", ax=ax)

    def headline(self) -> str:
        """The group that brings most, the largest one, the remark, and whether a group is too small to show."""
        shown = self.profile["customers"].sum()
        unseen = f"A group of fewer than {SMALLEST_GROUP} customers is not shown." if shown < len(self.labels) else ""
        return " ".join(filter(None, [_most(self.profile, self.kind), self.remark, unseen]))


@dataclass(frozen=True)
class Crossing:
    """How two groupings cross: customers in every pair of groups."""

    rows: str
    columns: str
    cells: pd.DataFrame  # <rows>, <columns>, customers, share of the row's … column's customers; small cells empty
    hidden_customers: int

    def summary(self) -> pd.DataFrame:
        """Customers, one row and one column a group; empty where a cell is too small to show."""
        wide = self.cells.pivot(index=self.rows, columns=self.columns, values="customers").astype("Int64")
        ordered = wide.reindex(index=self.cells[self.rows].unique(), columns=self.cells[self.columns].unique())
        return ordered.rename_axis(columns=None).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A grid of customers, empty where a cell is too small to show."""
        return charts.heat_map(self.cells, row=self.rows, column=self.columns, value="customers", ax=ax)

    def headline(self) -> str:
        """Where the best column's customers are."""
        shown = self.cells.dropna(subset="customers")
        rest = (
            f" Cells of fewer than {SMALLEST_GROUP} customers ({self.hidden_customers} in all) are left empty."
            if self.hidden_customers
            else ""
        )
        if shown.empty:
            return f"No pair of {self.rows} and {self.columns} has {SMALLEST_GROUP} customers."
        best = shown[self.columns].iloc[0]  # cells stand column by column, the best group's first
        top = shown[shown[self.columns] == best].nlargest(1, "customers").iloc[0]
        share = formats.percent(top[f"{self.columns}_share"])
        return f"{share} of the customers in “{best}” are “{top[self.rows]}”.{rest}"


def unfit(data: Dataset) -> NotApplicable | None:
    """Why customers cannot be grouped by what they bought; None where they can."""
    if "orders" not in data.customers.columns:
        return NotApplicable("this data set has no orders.")
    if data.customers.empty:
        return NotApplicable("no order in this data set names its customer.")
    buyers = int((data.customers["orders"] > 0).sum())
    if buyers < FEWEST_BUYERS:
        return NotApplicable(f"{buyers} customers have ordered, and groups need at least {FEWEST_BUYERS}.")
    return None


def buyers(data: Dataset) -> pd.DataFrame:
    """The snapshot's customers with at least one completed order, indexed by and in order of customer_id.

    The engine promises no order of rows, and seeded samples depend on it.
    """
    return unsorted_buyers(data).sort_index()


def unsorted_buyers(data: Dataset) -> pd.DataFrame:
    """The same in whatever order the engine gave: sorting millions of ids takes longer than scoring them."""
    return data.customers[data.customers["orders"] > 0].set_index("customer_id")


def group(
    data: Dataset,
    of_members: pd.Series,
    rules: Mapping[str, str],
    others: str = NO_ORDER,
    why: str = "no completed order",
) -> Groups:
    """Groups from the labels of some customers; all others join the group `others`, whose rule is `why`."""
    rules = rules if others in rules else {**rules, others: why}
    labels = categorical(of_members, rules).reindex(pd.Index(data.customers["customer_id"])).fillna(others)
    return Groups(of_members.name, labels, rules, profile(data.customers, labels, rules))


def categorical(labels: pd.Series, names: Iterable[str]) -> pd.Series:
    """The labels with `names` as their categories, in that order: millions of names become small numbers."""
    return labels.astype(pd.CategoricalDtype(list(names)))


def profile(customers: pd.DataFrame, labels: pd.Series, rules: Mapping[str, str]) -> pd.DataFrame:
    """Size, share, revenue and median behaviour of each group, in the order of `rules`.

    Groups of fewer than five customers are folded into one, which is left out if it is still that small; shares stay
    those of all customers and all revenue, and are missing where the revenue in all is not above zero. Medians are
    given of the columns that the snapshot has.
    """
    kind, every = labels.name, customers.set_index("customer_id")
    sizes = labels.value_counts()
    small = list(sizes.index[sizes.between(1, SMALLEST_GROUP - 1)])
    named = labels.astype(object).where(~labels.isin(small), SMALL_GROUPS) if small else labels
    grouped = every.groupby(named, observed=True)
    table = grouped.size().rename("customers").to_frame()
    for column in MEDIANS:
        if column in every:
            table[f"median_{column}"] = grouped[column].median()
    revenue, total = (grouped["monetary"].sum(), every["monetary"].sum()) if "monetary" in every else (NAN, NAN)
    table.insert(1, "customer_share", table["customers"] / len(every))
    table.insert(2, "revenue", revenue)
    table.insert(3, "revenue_share", table["revenue"] / total if total > 0 else NAN)
    table = table[table["customers"] >= SMALLEST_GROUP]
    table = table.reindex([name for name in (*rules, SMALL_GROUPS) if name in table.index])
    table.insert(0, "rule", [rules.get(name, f"fewer than {SMALLEST_GROUP} customers each") for name in table.index])
    return table.rename_axis(kind).reset_index().astype({kind: object})


def crossing(rows: Groups | NotApplicable, columns: Groups | NotApplicable) -> Crossing | NotApplicable:
    """How many customers each pair of groups has; cells under five customers are empty."""
    for side in (rows, columns):
        if isinstance(side, NotApplicable):
            return side
    wide = pair_sums(rows.labels, columns.labels.reindex(rows.labels.index))
    wide = wide.loc[wide.sum(axis="columns") > 0, wide.sum() > 0]
    cells = wide.reset_index().melt(rows.kind, var_name=columns.kind, value_name="customers")
    cells[f"{columns.kind}_share"] = cells["customers"] / cells.groupby(columns.kind)["customers"].transform("sum")
    small = cells["customers"] < SMALLEST_GROUP
    hidden = int(cells.loc[small, "customers"].sum())
    measures = ["customers", f"{columns.kind}_share"]
    shown = cells.assign(**{measure: cells[measure].astype(float).mask(small) for measure in measures})
    return Crossing(rows.kind, columns.kind, shown, hidden)


def pair_sums(rows: pd.Series, columns: pd.Series, weights: pd.Series | None = None) -> pd.DataFrame:
    """Customers, or their summed `weights`, of each pair of two categorical labels that stand in the same order."""
    names = rows.cat.categories, columns.cat.categories
    row, column = rows.cat.codes.to_numpy().astype(np.int64), columns.cat.codes.to_numpy()
    known = (row >= 0) & (column >= 0)
    places = row[known] * len(names[1]) + column[known]
    weighed = None if weights is None else weights.to_numpy(dtype=float)[known]
    sums = np.bincount(places, weighed, len(names[0]) * len(names[1])).reshape(len(names[0]), len(names[1]))
    return pd.DataFrame(sums, pd.Index(names[0], name=rows.name), pd.Index(names[1], name=columns.name))


def span(low: float | None, high: float | None, what: str) -> str:
    """A rule in words: `what` from low up to, but not including, high."""
    if low is None and high is None:
        return f"any {what}"
    if low is None:
        return f"{what} below {formats.number(high)}"
    return f"{what} from {formats.number(low)}" + (f" to below {formats.number(high)}" if high is not None else "")


def spans(cuts: Sequence[float], what: str) -> list[str]:
    """The rules of the len(cuts) + 1 groups that `cuts` make, lowest first."""
    return [span(low, high, what) for low, high in zip((None, *cuts), (*cuts, None), strict=True)]


def _most(table: pd.DataFrame, kind: str) -> str:
    if table.empty:
        return f"No {kind} has {SMALLEST_GROUP} customers."
    largest = table.loc[table["customers"].idxmax()]
    if table["revenue_share"].isna().all():
        return (
            f"“{largest[kind]}” is the largest {kind} with {formats.percent(largest['customer_share'])} of "
            "customers; shares of revenue are not given, for in all there is none above zero."
        )
    richest = table.loc[table["revenue_share"].idxmax()]
    first = (
        f"“{richest[kind]}” brings {formats.percent(richest['revenue_share'])} of revenue from "
        f"{formats.percent(richest['customer_share'])} of customers"
    )
    if richest[kind] == largest[kind]:
        return f"{first}: it is both the largest {kind} and the one that brings most."
    return (
        f"{first}; the largest {kind}, “{largest[kind]}”, is {formats.percent(largest['customer_share'])} of "
        f"customers and brings {formats.percent(largest['revenue_share'])}."
    )
