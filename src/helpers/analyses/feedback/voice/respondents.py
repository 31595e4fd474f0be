"""Who answers surveys and who does not: an average of those who answer is not one of all customers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.vocabulary import ANSWERED, BY_NAME, INVITATIONS, RESPONSE_RATE
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import DRAWN_TOGETHER, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, folded_groups
from helpers.findings.vocabulary import GROUP, LIKELY_RATE, LOWER, UPPER
from helpers.language import later
from helpers.statistics.shares import alike_shares, independent_rows, shrunken, wilson_interval

EVERYBODY = later("(everybody)")
MOST_COMPARED = 12  # groups
LONGEST_WAIT_DAYS = 365  # for an answer


@dataclass(frozen=True)
class Response(Finding):
    """Share of the survey invitations that were answered in time, in all and by group."""

    table: pd.DataFrame  # everybody first
    within_days: int
    by: str
    p_value: float  # that all groups of 20 customers or more answer alike; NaN for fewer than two

    columns = (GROUP, INVITATIONS.but(adds_up=[()]), ANSWERED, RESPONSE_RATE, LOWER, UPPER, LIKELY_RATE)
    shown = (*columns, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group, everybody first."""
        return self.table.rename(columns={GROUP: self.by or GROUP})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Response rates with their intervals."""
        return charts.forest(self.table, estimate=RESPONSE_RATE, label=GROUP, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share of the invitations to a survey is answered?")

    def headline(self) -> Sentence:
        """The rate, and which group is heard less than the others, if one is."""
        whole, groups = self.table.iloc[0], self.table.iloc[1:]
        rate, counted = facts.Share(whole[RESPONSE_RATE]), self._counted(whole)
        groups = groups[groups[GROUP] != SMALL_GROUPS].dropna(subset=LIKELY_RATE)
        if not self.p_value < SIGNIFICANCE or len(groups) < 2:
            alike = say("No evidence that some groups answer less than others.") if self.by else None
            days = facts.Days(self.within_days)
            return say(
                "{share} of the invitations to a survey are answered within {days}.", share=rate, days=days
            ).resting_on(counted, alike)
        least, most = (groups.loc[at] for at in (groups[LIKELY_RATE].idxmin(), groups[LIKELY_RATE].idxmax()))
        return say(
            "“{group}” answers surveys least: {low} of the invitations, {share} over all.",
            group=facts.Name(least[GROUP]),
            low=facts.Share(least[LIKELY_RATE]),
            share=rate,
        ).resting_on(
            say(
                "“{group}” answers most, {high}: averages lean towards those who answer ({p}).",
                group=facts.Name(most[GROUP]),
                high=facts.Share(most[LIKELY_RATE]),
                p=facts.PValue(self.p_value),
            ),
            counted,
            DRAWN_TOGETHER,
        )

    def _counted(self, whole: pd.Series) -> Sentence:
        return say(
            "{answered} of {invitations} invitations were answered within {days} ({interval}).",
            answered=facts.Count(whole[ANSWERED]),
            invitations=facts.Count(whole[INVITATIONS]),
            days=facts.Days(self.within_days),
            interval=facts.limits(whole),
        )


@analysis
def response(data: Dataset, by: str = "", within_days: int = 14) -> Response | NotApplicable:
    """How many survey invitations were followed by an answer of the same customer within `within_days`.

    Invitations are the touches whose purpose is a survey; an answer counts for the last invitation before it.
    Invitations younger than `within_days` are left out, since their answer may yet come. `by` is a column of customers,
    whose small groups are folded. Intervals (Wilson's) and the one test that all groups answer alike take customers
    for independent, not their invitations (see `independent_rows`, `alike_shares`); likely rates are drawn towards that
    of all (see `shrunken`). Test and likely rates are of groups of 20 customers or more. Raises ValueError for a
    column that customers lack, and unless `within_days` is from 1 to 365.
    """
    parameters.between("within_days", within_days, 1, LONGEST_WAIT_DAYS)
    if "touches" not in data.tables or "surveys" not in data.tables:
        return NotApplicable(say("this data set lacks the invitations to surveys, or the answers."))
    if by:
        parameters.one_of("by", by, data.customers.columns)
    touches = data.tables["touches"]
    invited = touches.filter((touches.purpose == contracts.SURVEY) & touches.customer_id.notnull())
    invited = invited.filter(invited.touched_at < night(data.as_of - dt.timedelta(days=within_days)))
    if not invited.count().execute():
        return NotApplicable(
            say(
                "no message is marked as an invitation to a survey. Map the column purpose of touches in "
                "dataset.toml, such as `purpose = {{ sql = \"CASE WHEN campaign = 'NPS' THEN 'survey' END\" }}`."
            )
        )
    counts = _counted(invited, data.tables["surveys"], within_days)
    if not by:
        return Response(_rates(_sums(counts, None)), within_days, by, np.nan)
    group = folded_groups(counts["customer_id"].map(data.customers.set_index("customer_id")[by]), MOST_COMPARED)
    table = _rates(_sums(counts, group))
    p_value, likely = compared(counts, group)
    table = table.assign(likely_rate=table[GROUP].map(likely).astype(float))
    return Response(table, within_days, by, p_value)


def _counted(invited: ibis.Table, surveys: ibis.Table, within_days: int) -> pd.DataFrame:
    """customer_id, invitations, answered: an invitation is answered before the next one comes and in time."""
    later = invited.touched_at.lead().over(group_by=invited.customer_id, order_by=invited.touched_at)
    spans = invited.select("customer_id", "touched_at", until=later)
    spans = spans.mutate(place=ibis.row_number().over(order_by=[spans.customer_id, spans.touched_at]))
    answers = surveys.select(answerer="customer_id", answered_at="answered_at")
    limit = spans.touched_at + ibis.interval(days=within_days)
    met = spans.join(
        answers,
        [
            spans.customer_id == answers.answerer,
            answers.answered_at >= spans.touched_at,
            answers.answered_at <= limit,
            spans.until.isnull() | (answers.answered_at < spans.until),
        ],
    )
    heard = met.select("place").distinct().mutate(heard=1)
    both = spans.left_join(heard, "place")
    return both.group_by("customer_id").agg(invitations=both.count(), answered=both.heard.fill_null(0).sum()).execute()


def _sums(counts: pd.DataFrame, group: pd.Series | None) -> pd.DataFrame:
    """Invitations, answers, customers and their products, of everybody and of each group, the largest first.

    The small groups stand together last.
    """
    numbers = counts[[INVITATIONS, ANSWERED]].astype(int)
    n, x = numbers[INVITATIONS], numbers[ANSWERED]
    numbers = numbers.assign(customers=1, xx=x * x, xn=x * n, nn=n * n)
    whole = numbers.sum().to_frame(EVERYBODY).T
    if group is None:
        return whole
    sums = numbers.groupby(group, observed=True).sum().sort_values(INVITATIONS, ascending=False, kind="stable")
    folded = sums.index == SMALL_GROUPS
    return pd.concat([whole, sums[~folded], sums[folded]])


def _rates(sums: pd.DataFrame) -> pd.DataFrame:
    share = sums[ANSWERED] / sums[INVITATIONS]
    squares = sums["xx"] - 2 * share * sums["xn"] + share**2 * sums["nn"]
    size = independent_rows(sums[ANSWERED], sums[INVITATIONS], squares, sums["customers"])
    lower, upper = wilson_interval(share * size, size)
    rates = sums[[INVITATIONS, ANSWERED]].assign(response_rate=share, lower=lower, upper=upper, likely_rate=np.nan)
    return rates.rename_axis(GROUP).reset_index()


def compared(counts: pd.DataFrame, group: pd.Series) -> tuple[float, pd.Series]:
    """p-value that all groups answer alike, and the likely rate by group; of groups of 20 customers or more."""
    large = group.map(group.value_counts()).astype(float) >= LEAST_AT_RISK
    counts, group = counts[large], group[large].astype(object)
    sums = counts.groupby(group)[[ANSWERED, INVITATIONS]].sum()

    def squares(share: pd.Series | float) -> pd.Series:
        """By group the sum over customers of the square of what each answers beyond a share."""
        return ((counts[ANSWERED] - share * counts[INVITATIONS]) ** 2).groupby(group).sum()

    everybody, share = sums[ANSWERED].sum() / sums[INVITATIONS].sum(), sums[ANSWERED] / sums[INVITATIONS]
    p_value = alike_shares(sums[ANSWERED], sums[INVITATIONS], np.diag(squares(everybody)))
    likely = shrunken(share, squares(group.map(share)) / sums[INVITATIONS] ** 2) if len(sums) else share
    return p_value, pd.Series(likely, sums.index)
