"""Complaints: which few categories they come from, and the customers who complain again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import NO_TICKETS, chosen_group, grouped, tickets_of
from helpers.analyses.feedback.vocabulary import (
    BY_NAME,
    COMPLAINTS,
    COMPLAINTS_SHARE,
    CUMULATIVE_SHARE,
    CUSTOMERS_SHARE,
    PART,
    REPETITION,
    REPETITION_IN_WORDS,
)
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_SECONDS, night
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMERS, GROUP, LOWER, SHARE, UPPER
from helpers.language import _
from helpers.statistics.shares import alike_shares, wilson_interval

MOST_CATEGORIES = 19
MOST_OF_THEM = 0.8  # what a vital few make up (Pareto, Juran)


class Repetition(StrEnum):
    """How often customers complained: twice within some days, more than once but further apart, or once."""

    SOON_AGAIN = "soon_again"
    SEVERAL = "several"
    SINGLE = "single"
    REST = "rest"  # the second and the third together, where either is too small to be shown


@dataclass(frozen=True)
class Pareto(Finding):
    """Complaints by category, the largest first."""

    table: pd.DataFrame
    by: str
    customers: int  # who complained
    p_value: float  # that complaints fall on all categories alike; NaN for one

    columns = (GROUP, COMPLAINTS.but(adds_up=[()]), SHARE.but(tells=COMPLAINTS), LOWER, UPPER, CUMULATIVE_SHARE)
    shown = (*columns[1:], BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a category: complaints, their share of all with its 95% CI, and the share of it and those above."""
        return self.table.rename(columns={GROUP: self.by})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Complaints by category, each with the share that it and those above it make up."""
        return charts.bars(self.table, value=COMPLAINTS, label=GROUP, share=CUMULATIVE_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Where do complaints come from, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """How many categories make up 80% of all complaints at least, those with as many as the last of them too."""
        by = facts.Attribute(self.by)
        if self.customers < LEAST_AT_RISK:
            return say(
                "Fewer than {least} customers complained: too few to tell what complaints are about most.",
                least=facts.Count(LEAST_AT_RISK),
            )
        if not self.p_value < SIGNIFICANCE:
            return say("{by}: no evidence that one group draws more complaints than another.", by=by)
        few = min(int((self.table[CUMULATIVE_SHARE] < MOST_OF_THEM).sum()) + 1, len(self.table))
        few += int((self.table[COMPLAINTS].iloc[few:] == self.table[COMPLAINTS].iloc[few - 1]).sum())
        known = {
            "by": by,
            "few": facts.Count(few),
            "groups": facts.Count(len(self.table)),
            "share": facts.Share(self.table[CUMULATIVE_SHARE].iloc[few - 1]),
        }
        if few > len(self.table) / 2:
            told = say("{by}: complaints are spread; it takes {few} of {groups} groups to reach {share}.", **known)
        else:
            told = say("{by}: {few} of {groups} groups draw {share} of all complaints.", **known)
        shares = (self._told(row) for _, row in self.table.head(few).iterrows())
        total = facts.Count(self.table[COMPLAINTS].sum())
        return told.resting_on(say("Of {total} complaints {shares}.", total=total, shares=facts.Listed(tuple(shares))))

    @staticmethod
    def _told(row: pd.Series) -> Sentence:
        return say("“{group}” {share}", group=facts.Name(row[GROUP]), share=facts.Share(row[SHARE]))


@dataclass(frozen=True)
class RepeatComplainers(Counted, Finding):
    """Customers with a complaint, by whether they complained again within some days."""

    table: pd.DataFrame
    days: int
    # of the complaints followed for so long, those after which the same customer complained again in that time
    again: int
    followed: int

    columns = (REPETITION, CUSTOMERS, CUSTOMERS_SHARE, LOWER, UPPER, COMPLAINTS, COMPLAINTS_SHARE)
    shown = (REPETITION_IN_WORDS, *columns[1:])

    def summary(self) -> pd.DataFrame:
        """One row a kind of customer: how many, their share with 95% CI, and the complaints that they make."""
        in_words = self.table[REPETITION].map(self._words)
        return self.table.assign(**{REPETITION: in_words}).rename(columns={REPETITION: REPETITION_IN_WORDS})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers and share of complaints, kind by kind."""
        shares = {CUSTOMERS_SHARE: _("of customers who complain"), COMPLAINTS_SHARE: _("of complaints")}
        parts = self.to_show().rename(columns=shares).melt(REPETITION_IN_WORDS, [*shares.values()], PART, SHARE)
        return charts.grouped_bars(parts, value=SHARE, label=REPETITION_IN_WORDS, group=PART, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much of all complaints is of customers who complain again?")

    def headline(self) -> Sentence:
        """How many complain again and what share of complaints is theirs; how often one follows another below."""
        repeat = self.table.iloc[0]
        return say(
            "{customers} customers complained again within {days}; {share} of all complaints are theirs.",
            customers=facts.Count(repeat[CUSTOMERS]),
            days=facts.Days(self.days),
            share=facts.Share(repeat[COMPLAINTS_SHARE]),
        ).resting_on(
            say(
                "They are {share} of those who complain ({interval}).",
                share=facts.Share(repeat[CUSTOMERS_SHARE]),
                interval=facts.limits(repeat),
            ),
            self._followed(),
        )

    def _followed(self) -> Sentence | None:
        """How often a complaint is followed by another."""
        if not self.followed:
            return None
        lower, upper = map(float, wilson_interval(self.again, self.followed))
        return say(
            "Another complaint follows in that time in {share} of cases ({interval}).",
            share=facts.Share(self.again / self.followed),
            interval=facts.Range(facts.Share(lower), facts.Share(upper)),
        )

    def _words(self, repetition: str) -> str:
        within = say("2 complaints within {days}", days=facts.Days(self.days))
        return str(within) if repetition == Repetition.SOON_AGAIN else REPETITION.write(repetition)


@analysis
def complaint_pareto(data: Dataset, by: str = "category") -> Pareto | NotApplicable:
    """Complaints by category (channel, workgroup, priority), with cumulative shares; small categories are one, last.

    Wilson's intervals of the shares, which take complaints for independent; the test that all categories draw as many
    takes customers. Raises ValueError for another `by`.
    """
    complaints = _complaints(data)
    if isinstance(complaints, NotApplicable):
        return complaints
    if isinstance(lacking := chosen_group(complaints, by), NotApplicable):
        return lacking
    rows, _ = grouped(complaints, by, MOST_CATEGORIES)
    table = rows.group_by(GROUP).agg(complaints=rows.count()).execute()
    table = table.assign(last=table[GROUP] == SMALL_GROUPS)
    table = table.sort_values(["last", COMPLAINTS, GROUP], ascending=[True, False, True]).drop(columns="last")
    total = table[COMPLAINTS].sum()
    lower, upper = wilson_interval(table[COMPLAINTS], total)
    table = table.assign(share=table[COMPLAINTS] / total, lower=lower, upper=upper)
    table = table.assign(cumulative_share=table[COMPLAINTS].cumsum() / total).reset_index(drop=True)
    return Pareto(table, by, int(complaints.customer_id.nunique().execute()), _alike(rows, table))


def _alike(complaints: ir.Table, table: pd.DataFrame) -> float:
    """p-value of the test that every category draws as many complaints, by customers; see `alike_shares`."""
    each = complaints.group_by(GROUP, "customer_id").agg(n=complaints.count().cast("float64"))
    both = each.join(each.select("customer_id", other=GROUP, m="n"), "customer_id")
    products = both.group_by(GROUP, "other").agg(sum=(both.n * both.m).sum()).execute()
    wide = products.pivot(index=GROUP, columns="other", values="sum").reindex(table[GROUP])[table[GROUP]].fillna(0.0)
    alike = np.eye(len(table)) - 1 / len(table)  # takes off what each customer adds to all categories alike
    total = np.full(len(table), table[COMPLAINTS].sum())
    return alike_shares(table[COMPLAINTS], total, alike @ wide.to_numpy() @ alike)


@analysis
def repeat_complainers(data: Dataset, days: int = 90) -> RepeatComplainers | NotApplicable:
    """Customers two of whose complaints are at most `days` days apart, and the complaints that are theirs.

    The rate of being followed by another is of complaints recorded at least `days` days before the end of `as_of`.
    Not applicable where too few customers complained again; the other kinds are one where either is that small.
    Raises ValueError unless `days` is from 1 to 3660.
    """
    parameters.between("days", days, 1, parameters.LONGEST_WINDOW_DAYS)
    complaints = _complaints(data)
    if isinstance(complaints, NotApplicable):
        return complaints
    order = ibis.window(group_by="customer_id", order_by=["opened_at", "ticket_id"])
    rows = complaints.mutate(next_at=complaints.opened_at.lead().over(order))
    near = (rows.next_at.epoch_seconds() - rows.opened_at.epoch_seconds() <= days * DAY_SECONDS).fill_null(False)
    rows = rows.mutate(again=near.ifelse(1, 0))
    people = rows.group_by("customer_id").agg(complaints=rows.count(), repeats=rows.again.sum())
    people = people.mutate(kind=ibis.cases((people.repeats > 0, 0), (people.complaints > 1, 1), else_=2))
    each = people.select("customer_id", "kind", "complaints").execute()
    kinds = each.groupby("kind", as_index=False).agg(customers=("kind", "size"), complaints=("complaints", "sum"))
    if kinds.loc[kinds["kind"] == 0, "customers"].sum() < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers complained twice within {days}.",
            least=facts.Count(SMALLEST_GROUP),
            days=facts.Days(days),
        )
        return NotApplicable(few)
    followed = rows.filter(rows.opened_at <= night(data.as_of - dt.timedelta(days=days)))
    counts = followed.agg(n=followed.count(), again=followed.again.sum().fill_null(0)).execute().iloc[0]
    table = _shares(kinds)
    row = each["kind"].clip(upper=len(table) - 1)  # the last two kinds are one where few are of either
    behind = pd.DataFrame({"customer_id": each["customer_id"], REPETITION: table[REPETITION].to_numpy()[row]})
    return RepeatComplainers(table, days, int(counts["again"]), int(counts["n"]), behind=behind)


def _complaints(data: Dataset) -> ir.Table | NotApplicable:
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    complaints = tickets.filter(tickets.complaint.fill_null(False))
    customers = complaints.customer_id.nunique().execute()
    if not customers:
        return NotApplicable(say("no ticket of this data set is marked as a complaint."))
    if customers < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers complained.", least=facts.Count(SMALLEST_GROUP)))
    return complaints


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    """The kinds in their order; the second and the third are one where either has too few customers to be shown."""
    kinds = [Repetition.SOON_AGAIN, Repetition.SEVERAL, Repetition.SINGLE]
    counts = counts.set_index("kind").reindex(range(len(kinds)), fill_value=0)
    if (counts[CUSTOMERS] < SMALLEST_GROUP).any():
        counts, kinds = counts.groupby([0, 1, 1]).sum(), [Repetition.SOON_AGAIN, Repetition.REST]
    customers, complaints = counts[CUSTOMERS].to_numpy(), counts[COMPLAINTS].to_numpy()
    lower, upper = wilson_interval(customers, customers.sum())
    return pd.DataFrame({
        REPETITION: [kind.value for kind in kinds], CUSTOMERS: customers, CUSTOMERS_SHARE: customers / customers.sum(),
        LOWER: lower, UPPER: upper, COMPLAINTS: complaints, COMPLAINTS_SHARE: complaints / complaints.sum(),
    })  # fmt: skip
