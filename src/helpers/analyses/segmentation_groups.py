"""Groups of customers, however they were made: who needs them, what each is like, how two groupings cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALL_GROUPS, SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable

FEWEST_BUYERS = 20  # below, quantiles of customers say nothing
NO_ORDER = "No completed order 未成交客户"


@dataclass(frozen=True)
class Groups:
    """Every customer in one group, and what each group is like."""

    kind: str  # segment, tier, stage or cluster
    labels: pd.Series  # customer_id → name of the group
    rules: Mapping[str, str]  # name of the group → how a customer gets into it, best group first
    profile: pd.DataFrame  # <kind>, rule, customers, shares, revenue and medians; small groups folded
    cuts: tuple[float, ...] = ()  # of the one value that made the groups, where one did
    remark: str = ""  # what the headline says beyond sizes

    def summary(self) -> pd.DataFrame:
        """One row a group, the best first: its size, what it brings, what it is like, and its rule."""
        rule = self.profile["rule"]
        return self.profile.drop(columns=["revenue", "rule"]).assign(rule=rule)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each group's share of the customers beside its share of the revenue."""
        shares = self.profile.rename(columns={"customer_share": "customers' share", "revenue_share": "revenue's share"})
        tidy = shares.melt(self.kind, ["customers' share", "revenue's share"], "of", "share")
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
        narrow = self.cells[self.columns].str.replace(" ", "\n")  # names stand side by side
        cells = self.cells.assign(**{self.columns: narrow})
        return charts.heat_map(cells, row=self.rows, column=self.columns, value="customers", ax=ax)

    def headline(self) -> str:
        """Where the best column's customers are."""
        shown = self.cells.dropna(subset="customers")
        rest = f" Cells of fewer than {SMALLEST_GROUP} customers ({self.hidden_customers} in all) are left empty." \
            if self.hidden_customers else ""
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
    return data.customers[data.customers["orders"] > 0].set_index("customer_id").sort_index()


def group(data: Dataset, of_buyers: pd.Series, rules: Mapping[str, str], others: str = NO_ORDER) -> Groups:
    """Groups from the buyers' labels; customers without a completed order join the group `others`."""
    labels = of_buyers.reindex(data.customers["customer_id"]).fillna(others)
    if others not in rules and (labels == others).any():
        rules = {**rules, others: "no completed order"}
    return Groups(of_buyers.name, labels, rules, profile(data.customers, labels, rules))


def profile(customers: pd.DataFrame, labels: pd.Series, rules: Mapping[str, str]) -> pd.DataFrame:
    """Size, share, revenue and median behaviour of each group, in the order of `rules`.

    Groups under five customers are folded into one row, which is left out if it is still that small; shares stay
    those of all customers and all revenue, and are missing where the revenue in all is not above zero.
    """
    kind, every = labels.name, customers.set_index("customer_id")
    sizes = labels.value_counts()
    small = set(sizes.index[sizes < SMALLEST_GROUP])
    named = labels.where(~labels.isin(small), SMALL_GROUPS)
    table = every.groupby(named).agg(
        customers=("orders", "size"), revenue=("monetary", "sum"), median_recency_days=("recency_days", "median"),
        median_orders=("orders", "median"), median_monetary=("monetary", "median"),
    )
    table = table[table["customers"] >= SMALLEST_GROUP]
    total = every["monetary"].sum()
    table.insert(1, "customer_share", table["customers"] / len(every))
    table.insert(3, "revenue_share", table["revenue"] / total if total > 0 else float("nan"))
    table = table.reindex([name for name in (*rules, SMALL_GROUPS) if name in table.index])
    table.insert(0, "rule", [rules.get(name, f"fewer than {SMALLEST_GROUP} customers each") for name in table.index])
    return table.rename_axis(kind).reset_index()


def crossing(rows: Groups | NotApplicable, columns: Groups | NotApplicable) -> Crossing | NotApplicable:
    """How many customers each pair of groups has; cells under five customers are empty."""
    for side in (rows, columns):
        if isinstance(side, NotApplicable):
            return side
    pairs = pd.concat([rows.labels, columns.labels], axis="columns")
    wide = pd.crosstab(pairs[rows.kind], pairs[columns.kind])
    wide = wide.reindex(index=_present(rows), columns=_present(columns), fill_value=0)
    cells = wide.reset_index().melt(rows.kind, var_name=columns.kind, value_name="customers")
    cells[f"{columns.kind}_share"] = cells["customers"] / cells.groupby(columns.kind)["customers"].transform("sum")
    small = cells["customers"] < SMALLEST_GROUP
    hidden = int(cells.loc[small, "customers"].sum())
    measures = ["customers", f"{columns.kind}_share"]
    shown = cells.assign(**{measure: cells[measure].astype(float).mask(small) for measure in measures})
    return Crossing(rows.kind, columns.kind, shown, hidden)


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


def _present(groups: Groups) -> list[str]:
    held = set(groups.labels)
    return [name for name in groups.rules if name in held]


def _most(table: pd.DataFrame, kind: str) -> str:
    if table.empty:
        return f"No {kind} has {SMALLEST_GROUP} customers."
    largest = table.loc[table["customers"].idxmax()]
    if table["revenue_share"].isna().all():
        return f"“{largest[kind]}” is the largest {kind} with {formats.percent(largest['customer_share'])} of " \
            "customers; revenue in all is not above zero, so its shares are not given."
    richest = table.loc[table["revenue_share"].idxmax()]
    first = f"“{richest[kind]}” brings {formats.percent(richest['revenue_share'])} of revenue from " \
        f"{formats.percent(richest['customer_share'])} of customers"
    if richest[kind] == largest[kind]:
        return f"{first}: it is both the largest {kind} and the one that brings most."
    return f"{first}; the largest {kind}, “{largest[kind]}”, is {formats.percent(largest['customer_share'])} of " \
        f"customers and brings {formats.percent(largest['revenue_share'])}."
