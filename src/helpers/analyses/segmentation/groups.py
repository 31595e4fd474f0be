"""Groups of customers, however they were made: who needs them, and what each is like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.vocabulary import (
    BENEFITS,
    CLUSTER,
    GROUP_RULE,
    KIND,
    LEVEL,
    MEDIAN_MONETARY,
    MEDIAN_ORDERS,
    MEDIAN_RECENCY_DAYS,
    SHARE_OF,
    STAGE,
    TIER,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED, dominated
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMER_SHARE, CUSTOMERS, REVENUE, REVENUE_SHARE, SEGMENT, SHARE
from helpers.language import _

FEWEST_BUYERS = 20  # below, quantiles of customers say nothing
MEDIANS = {MEDIAN_RECENCY_DAYS: "recency_days", MEDIAN_ORDERS: "orders", MEDIAN_MONETARY: "monetary"}
KIND_COLUMNS = (SEGMENT, TIER, STAGE, CLUSTER, LEVEL)  # the column of a group's name is called as the kind of label is
NAN = float("nan")
NO_ORDER = "No completed order 未成交客户"
NO_COMPLETED_ORDER = say("no completed order")


@dataclass(frozen=True)
class Groups(Members, Finding):
    """Every customer in one group, and what each group is like."""

    table: pd.DataFrame  # a row a group, the best first; small groups folded
    kind: str  # segment, tier, stage, cluster or level
    labels: pd.Series  # customer_id → name of the group, categorical in the order of `rules`
    rules: Mapping[str, object]  # name of the group → how a customer gets into it, best group first
    cuts: tuple[float, ...] = ()  # of the one value that made the groups, where one did
    remarks: tuple[Sentence, ...] = ()  # what is said beyond sizes
    currency: str = ""
    columns = (
        *KIND_COLUMNS, GROUP_RULE, CUSTOMERS.but(adds_up=[()]), CUSTOMER_SHARE, REVENUE, REVENUE_SHARE, *MEDIANS,
        BENEFITS, DOMINATED,
    )  # fmt: skip

    def members(self) -> pd.DataFrame:
        """Each customer and its group."""
        return self.labels.rename_axis(CUSTOMER_ID).rename(self.kind).reset_index()

    def summary(self) -> pd.DataFrame:
        """One row a group, the best first: its size, what it brings, what it is like, and its rule."""
        words = [column for column in (GROUP_RULE, BENEFITS) if column in self.table]
        return self.table.drop(columns=[REVENUE, *words]).assign(**self.table[words])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each group's share of the customers beside its share of the revenue."""
        names = {CUSTOMER_SHARE: _("customers' share"), REVENUE_SHARE: _("revenue's share")}
        shares = self.table.rename(columns=names).melt(self.kind, list(names.values()), SHARE_OF, SHARE)
        return charts.grouped_bars(shares.dropna(subset=SHARE), value=SHARE, label=self.kind, group=SHARE_OF, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are in each {kind}, and what do they bring?", kind=facts.Word(self.kind, KIND))

    def headline(self) -> Sentence:
        """The group that brings most; the largest one, the remarks, and whether one is too small to show below."""
        least = facts.Count(SMALLEST_GROUP)
        unseen = self.table["customers"].sum() < len(self.labels)
        return _most(self.table, self.kind).resting_on(
            *self.remarks,
            say("A group of fewer than {least} customers is not shown.", least=least) if unseen else None,
        )


def unfit(data: Dataset) -> NotApplicable | None:
    """Why customers cannot be grouped by what they bought; None where they can."""
    if "orders" not in data.customers.columns:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    if data.customers.empty:
        return NotApplicable(say("no order in this data set names its customer."))
    buyers = int((data.customers["orders"] > 0).sum())
    if buyers < FEWEST_BUYERS:
        few, least = facts.Count(buyers), facts.Count(FEWEST_BUYERS)
        return NotApplicable(
            say("{buyers} customers ordered, and groups need at least {least}.", buyers=few, least=least)
        )
    return None


def buyers(data: Dataset, columns: Iterable[str]) -> pd.DataFrame:
    """`columns` of the customers with at least one completed order, indexed by and in order of customer_id.

    The engine promises no order of rows, and seeded samples depend on it.
    """
    return unsorted_buyers(data, columns).sort_index()


def unsorted_buyers(data: Dataset, columns: Iterable[str]) -> pd.DataFrame:
    """The same in whatever order the engine gave: sorting millions of ids takes longer than scoring them."""
    names = list(dict.fromkeys(["customer_id", *columns]))  # a copy of all columns would be as large as the snapshot
    return data.customers.loc[data.customers["orders"] > 0, names].set_index("customer_id")


def group(
    data: Dataset,
    of_members: pd.Series,
    rules: Mapping[str, object],
    others: str = NO_ORDER,
    why: object = NO_COMPLETED_ORDER,
) -> Groups:
    """Groups from the labels of some customers; all others join the group `others`, whose rule is `why`."""
    rules = rules if others in rules else {**rules, others: why}
    labels = categorical(of_members, rules).reindex(pd.Index(data.customers["customer_id"])).fillna(others)
    table, currency = profile(data.customers, labels, rules), data.settings.currency
    return Groups(table, of_members.name, labels, rules, currency=currency)


def categorical(labels: pd.Series, names: Iterable[str]) -> pd.Series:
    """The labels with `names` as their categories, in that order: millions of names become small numbers."""
    return labels.astype(pd.CategoricalDtype(list(names)))


def profile(customers: pd.DataFrame, labels: pd.Series, rules: Mapping[str, object]) -> pd.DataFrame:
    """Size, share, revenue and median behaviour of each group, in the order of `rules`.

    Groups of too few customers are folded into one, which is left out if it is still that small; shares stay
    those of all customers and all revenue, and are missing where the revenue in all is not above zero. Medians are
    given of the columns that the snapshot has.
    """
    asked = [name for name in (*MEDIANS.values(), "monetary") if name in customers]
    kind, every = labels.name, customers[list(dict.fromkeys(["customer_id", *asked]))].set_index("customer_id")
    sizes = labels.value_counts()
    small = list(sizes.index[sizes.between(1, SMALLEST_GROUP - 1)])
    named = labels.astype(object).where(~labels.isin(small), SMALL_GROUPS) if small else labels
    grouped = every.groupby(named, observed=True)
    table = grouped.size().rename("customers").to_frame()
    for name, column in MEDIANS.items():
        if column in every:
            table[name] = grouped[column].median()
    revenue, total = (grouped["monetary"].sum(), every["monetary"].sum()) if "monetary" in every else (NAN, NAN)
    table.insert(1, "customer_share", table["customers"] / len(every))
    table.insert(2, "revenue", revenue)
    table.insert(3, "revenue_share", table["revenue"] / total if total > 0 else NAN)
    if "monetary" in every:
        table[DOMINATED] = dominated(every["monetary"], named)
    table = table[table["customers"] >= SMALLEST_GROUP]
    table = table.reindex([name for name in (*rules, SMALL_GROUPS) if name in table.index])
    few = say("fewer than {least} customers each", least=facts.Count(SMALLEST_GROUP))
    table.insert(0, GROUP_RULE, pd.Series([rules.get(name, few) for name in table.index], table.index, dtype=object))
    return table.rename_axis(kind).reset_index().astype({kind: object})


def span(low: float | None, high: float | None, what: Sentence) -> Sentence:
    """A rule: `what` from low up to, but not including, high."""
    if low is None:
        return (
            say("any {what}", what=what)
            if high is None
            else say("{what} below {high}", what=what, high=facts.Number(high))
        )
    if high is None:
        return say("{what} from {low}", what=what, low=facts.Number(low))
    return say("{what} from {low} to below {high}", what=what, low=facts.Number(low), high=facts.Number(high))


def spans(cuts: Sequence[float], what: Sentence) -> list[Sentence]:
    """The rules of the len(cuts) + 1 groups that `cuts` make, lowest first."""
    return [span(low, high, what) for low, high in zip((None, *cuts), (*cuts, None), strict=True)]


def _most(table: pd.DataFrame, kind: str) -> Sentence:
    """Which group brings most and which is the largest, of those of 20 customers or more; none where two are level."""
    large = table[(table["customers"] >= LEAST_AT_RISK) & (table[kind] != SMALL_GROUPS)]
    one = {"kind": facts.Word(kind, KIND)}
    if large.empty:
        return say("No {kind} has {least} customers: too few to rank.", least=facts.Count(LEAST_AT_RISK), **one)
    largest, richest = _first(large, "customers"), _first(large, "revenue_share")
    if table["revenue_share"].isna().all():
        why = say("Shares of revenue are not given, for in all there is none above zero.")
        return why if largest is None else _largest(largest, kind).resting_on(why)
    if richest is None:
        return say("No {kind} brings more than all others.", **one)
    told = say(
        "“{group}”: {customers} of customers, {revenue} of revenue.",
        group=facts.Name(richest[kind]),
        customers=facts.Share(richest["customer_share"]),
        revenue=facts.Share(richest["revenue_share"]),
    )
    if largest is None:
        return told
    if richest[kind] == largest[kind]:
        return told.resting_on(say("It is both the largest {kind} and the one that brings most.", **one))
    brings = say("It brings {revenue} of revenue.", revenue=facts.Share(largest["revenue_share"]))
    return told.resting_on(_largest(largest, kind), brings)


def _largest(row: pd.Series, kind: str) -> Sentence:
    """The largest group and its size."""
    return say(
        "The largest {kind} is “{group}”, {share} of customers.",
        kind=facts.Word(kind, KIND),
        group=facts.Name(row[kind]),
        share=facts.Share(row["customer_share"]),
    )


def _first(table: pd.DataFrame, column: str) -> pd.Series | None:
    """The row with the largest value; None where another has as much."""
    first = table.dropna(subset=column).nlargest(2, column)
    return None if first.empty or first[column].duplicated().any() else first.iloc[0]
