"""Who answers surveys and who does not: an average of those who answer is not one of all customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers import parameters
from helpers.analyses.feedback.vocabulary import ANSWERED, BY_NAME, INVITATIONS, RESPONSE_RATE
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, folded_groups
from helpers.findings.vocabulary import GROUP, LOWER, UPPER
from helpers.statistics.shares import wilson_interval

INVITATION = r"(?i)survey|questionnaire|nps|csat|feedback|满意度|问卷|回访"
EVERYBODY = "everybody"
MOST_COMPARED = 12  # groups
LONGEST_WAIT_DAYS = 365  # for an answer


@dataclass(frozen=True)
class Response(Finding):
    """Share of the survey invitations that were answered in time, in all and by group."""

    table: pd.DataFrame  # everybody first
    campaigns: tuple[str, ...]
    within_days: int
    by: str
    p_value: float  # that all groups answer alike; NaN for fewer than two

    columns = (GROUP, INVITATIONS, ANSWERED, RESPONSE_RATE, LOWER, UPPER)
    shown = (*columns, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group, everybody first."""
        return self.table.rename(columns={GROUP: self.by or GROUP})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Response rates with their intervals."""
        return charts.forest(self.table, estimate=RESPONSE_RATE, label=GROUP, ax=ax)

    def headline(self) -> str:
        """The rate, and whether a group is heard less than the others."""
        whole, groups = self.table.iloc[0], self.table.iloc[1:]
        rate = (
            f"{formats.percent(whole[RESPONSE_RATE])} of {whole[INVITATIONS]:,} invitations were answered "
            f"within {self.within_days} days."
        )
        groups = groups[groups[GROUP] != SMALL_GROUPS]
        if not self.p_value < SIGNIFICANCE or len(groups) < 2:
            return f"{rate} No evidence that some groups answer less than others."
        least, most = (groups.loc[at] for at in (groups[RESPONSE_RATE].idxmin(), groups[RESPONSE_RATE].idxmax()))
        return (
            f"{rate} “{least[GROUP]}” answers least ({formats.percent(least[RESPONSE_RATE])}), "
            f"“{most[GROUP]}” most ({formats.percent(most[RESPONSE_RATE])}, {formats.p_value(self.p_value)}): "
            "averages lean towards those who answer."
        )


def response(
    data: Dataset, by: str = "", campaigns: Sequence[str] = (), within_days: int = 14
) -> Response | NotApplicable:
    """How many survey invitations were followed by an answer of the same customer within `within_days`.

    Invitations are the touches of `campaigns`, by default those whose name speaks of a survey; an answer counts for
    the last invitation before it. Invitations younger than `within_days` are left out, since their answer may yet
    come. `by` is a column of customers, whose small groups are folded. Intervals are Wilson's; the test that all groups
    answer alike is Pearson's. Raises ValueError for a column that customers lack, and unless `within_days` is from 1 to
    365.
    """
    parameters.between("within_days", within_days, 1, LONGEST_WAIT_DAYS)
    if "touches" not in data.tables or "surveys" not in data.tables:
        return NotApplicable("response needs touches (the invitations) and survey answers; this data set lacks one.")
    if by:
        parameters.one_of("by", by, data.customers.columns)
    touches = data.tables["touches"]
    chosen = touches.campaign.isin(list(campaigns)) if campaigns else touches.campaign.re_search(INVITATION)
    invited = touches.filter(chosen & touches.customer_id.notnull())
    invited = invited.filter(invited.touched_at < night(data.as_of - dt.timedelta(days=within_days)))
    names = invited.campaign.value_counts().execute()
    if names.empty:
        return NotApplicable("no campaign among the touches is an invitation to a survey. Name them in `invitations`.")
    counts = _counted(invited, data.tables["surveys"], within_days)
    labels = data.customers.set_index("customer_id")[by] if by else None
    table = _rates(_sums(counts, labels))
    return Response(table, tuple(names["campaign"]), within_days, by, _alike(table.iloc[1:]))


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


def _sums(counts: pd.DataFrame, labels: pd.Series | None) -> pd.DataFrame:
    """Invitations and answers of everybody, and of each group of `labels`, the largest first, small ones as one."""
    numbers = counts[[INVITATIONS, ANSWERED]].astype(int)
    whole = numbers.sum().to_frame(EVERYBODY).T
    if labels is None:
        return whole
    group = folded_groups(counts["customer_id"].map(labels), MOST_COMPARED)
    sums = numbers.groupby(group, observed=True).sum().sort_values(INVITATIONS, ascending=False, kind="stable")
    folded = sums.index == SMALL_GROUPS
    return pd.concat([whole, sums[~folded], sums[folded]])


def _rates(sums: pd.DataFrame) -> pd.DataFrame:
    lower, upper = wilson_interval(sums[ANSWERED], sums[INVITATIONS])
    rates = sums.assign(response_rate=sums[ANSWERED] / sums[INVITATIONS], lower=lower, upper=upper)
    return rates.rename_axis(GROUP).reset_index()


def _alike(groups: pd.DataFrame) -> float:
    """p-value of Pearson's test that all groups answer alike; NaN where nothing can differ."""
    cells = [groups[ANSWERED], groups[INVITATIONS] - groups[ANSWERED]]
    testable = len(groups) > 1 and all(cell.sum() for cell in cells)
    return float(chi2_contingency(cells, correction=False).pvalue) if testable else np.nan
