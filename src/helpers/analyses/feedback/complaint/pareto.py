"""Complaints: which few categories they come from, and the customers who complain again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import LONGEST_DAYS, NO_TICKETS, chosen_group, grouped, tickets_of
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.statistics.shares import wilson_interval

MOST_CATEGORIES = 19
MOST_OF_THEM = 0.8  # what a vital few make up (Pareto, Juran)


@dataclass(frozen=True)
class Pareto:
    """Complaints by category, the largest first."""

    categories: pd.DataFrame  # category, complaints, share, lower, upper, cumulative_share
    by: str

    def summary(self) -> pd.DataFrame:
        """One row a category: complaints, their share of all with its 95% CI, and the share of it and those above."""
        return self.categories

    def plot(self, ax: Axes | None = None) -> Axes:
        """Complaints by category, each with the share that it and those above it make up."""
        return charts.bars(self.categories, value="complaints", label=self.by, share="cumulative_share", ax=ax)

    def headline(self) -> str:
        """The fewest categories that make up 80% of all complaints."""
        few = int((self.categories["cumulative_share"] < MOST_OF_THEM).sum()) + 1
        few = min(few, len(self.categories))
        names = ", ".join(self.categories[self.by].head(few))
        share = formats.percent(self.categories["cumulative_share"].iloc[few - 1])
        total = int(self.categories["complaints"].sum())
        of = f"{few} of {len(self.categories)} groups by {self.by}"
        return f"{of} make {share} of the {total:,} complaints: {names}."


@dataclass(frozen=True)
class RepeatComplainers:
    """Customers with a complaint, by whether they complained again within some days."""

    kinds: pd.DataFrame  # customers_with, customers, customers_share, lower, upper, complaints, complaints_share
    days: int
    # of the complaints followed for so long, those after which the same customer complained again in that time
    again: int
    followed: int

    def summary(self) -> pd.DataFrame:
        """One row a kind of customer: how many, their share with 95% CI, and the complaints that they make."""
        return self.kinds

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers and share of complaints, kind by kind."""
        shares = {"customers_share": "of customers who complain", "complaints_share": "of complaints"}
        tidy = self.kinds.rename(columns=shares).melt("customers_with", [*shares.values()], "part", "share")
        return charts.grouped_bars(tidy, value="share", label="customers_with", group="part", ax=ax)

    def headline(self) -> str:
        """How many complain again, what share of complaints is theirs, and how often a complaint is followed by one."""
        repeat = self.kinds.iloc[0]
        limits = formats.interval(repeat["lower"], repeat["upper"], formats.percent)
        said = (
            f"{repeat['customers']:,} customers ({formats.percent(repeat['customers_share'])} of those who complain, "
            f"95% CI {limits}) complained twice within {formats.days(self.days)}; they make "
            f"{formats.percent(repeat['complaints_share'])} of all complaints."
        )
        if not self.followed:
            return said
        rate = formats.percent(self.again / self.followed)
        spread = formats.interval(*map(float, wilson_interval(self.again, self.followed)), formats.percent)
        return f"{said} Another complaint follows a complaint in that time in {rate} of cases (95% CI {spread})."


def complaint_pareto(data: Dataset, by: str = "category") -> Pareto | NotApplicable:
    """Complaints by category (channel, workgroup, priority), with cumulative shares; small categories are one, last.

    Wilson's intervals of the shares, which take complaints for independent.
    """
    complaints = _complaints(data)
    if isinstance(complaints, NotApplicable):
        return complaints
    if isinstance(lacking := chosen_group(complaints, by), NotApplicable):
        return lacking
    rows, _ = grouped(complaints, by, MOST_CATEGORIES)
    table = rows.group_by("group").agg(complaints=rows.count()).execute().rename(columns={"group": by})
    table = table.assign(last=table[by] == SMALL_GROUPS)
    table = table.sort_values(["last", "complaints", by], ascending=[True, False, True]).drop(columns="last")
    total = table["complaints"].sum()
    lower, upper = wilson_interval(table["complaints"], total)
    table = table.assign(share=table["complaints"] / total, lower=lower, upper=upper)
    return Pareto(table.assign(cumulative_share=table["complaints"].cumsum() / total).reset_index(drop=True), by)


def repeat_complainers(data: Dataset, days: int = 90) -> RepeatComplainers | NotApplicable:
    """Customers two of whose complaints are at most `days` days apart, and the complaints that are theirs.

    The rate of being followed by another is of complaints recorded at least `days` days before the end of `as_of`.
    Not applicable where fewer than 5 customers complained again; the other kinds are one where either is that small.
    """
    parameters.between("days", days, 1, LONGEST_DAYS)
    complaints = _complaints(data)
    if isinstance(complaints, NotApplicable):
        return complaints
    order = ibis.window(group_by="customer_id", order_by=["opened_at", "ticket_id"])
    rows = complaints.mutate(next_at=complaints.opened_at.lead().over(order))
    near = (rows.next_at.epoch_seconds() - rows.opened_at.epoch_seconds() <= days * 86_400).fill_null(False)
    rows = rows.mutate(again=near.cast("int64"))
    people = rows.group_by("customer_id").agg(complaints=rows.count(), repeats=rows.again.sum())
    kind = ibis.cases((people.repeats > 0, 0), (people.complaints > 1, 1), else_=2)
    kinds = people.group_by(kind=kind).agg(customers=people.count(), complaints=people.complaints.sum()).execute()
    if kinds.loc[kinds["kind"] == 0, "customers"].sum() < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers complained twice within {formats.days(days)}.")
    followed = rows.filter(rows.opened_at <= night(data.as_of - dt.timedelta(days=days)))
    counts = followed.agg(n=followed.count(), again=followed.again.sum().fill_null(0)).execute().iloc[0]
    return RepeatComplainers(_kinds(kinds, days), days, int(counts["again"]), int(counts["n"]))


def _complaints(data: Dataset) -> ir.Table | NotApplicable:
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    complaints = tickets.filter(tickets.complaint.fill_null(False))
    customers = complaints.customer_id.nunique().execute()
    if not customers:
        return NotApplicable("no ticket of this data set is marked as a complaint.")
    if customers < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers complained.")
    return complaints


def _kinds(counts: pd.DataFrame, days: int) -> pd.DataFrame:
    """The kinds in their order; the second and the third are one where either has too few customers to be shown."""
    names = [f"2 complaints within {formats.days(days)}", "several, further apart", "1 complaint"]
    counts = counts.set_index("kind").reindex(range(3), fill_value=0)
    if (counts["customers"] < SMALLEST_GROUP).any():
        counts, names = counts.groupby([0, 1, 1]).sum(), [names[0], "others"]
    customers, complaints = counts["customers"].to_numpy(), counts["complaints"].to_numpy()
    lower, upper = wilson_interval(customers, customers.sum())
    return pd.DataFrame({
        "customers_with": names, "customers": customers, "customers_share": customers / customers.sum(),
        "lower": lower, "upper": upper, "complaints": complaints, "complaints_share": complaints / complaints.sum(),
    })  # fmt: skip
