"""Who answers surveys and who does not: an average of those who answer is not one of all customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers import parameters
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP, UNKNOWN
from helpers.statistics.shares import wilson_interval

INVITATION = r"(?i)survey|questionnaire|nps|csat|feedback|满意度|问卷|回访"
EVERYBODY = "everybody"
SURE = 0.05


@dataclass(frozen=True)
class Response:
    """Share of the survey invitations that were answered in time, in all and by group."""

    campaigns: tuple[str, ...]
    within_days: int
    by: str
    groups: pd.DataFrame  # group, invitations, answered, response_rate, lower, upper; everybody first
    p_value: float  # that all groups answer alike; NaN for fewer than two

    def summary(self) -> pd.DataFrame:
        """One row a group, everybody first."""
        return self.groups.rename(columns={"group": self.by or "group"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Response rates with their intervals."""
        return charts.forest(self.groups, estimate="response_rate", label="group", ax=ax)

    def headline(self) -> str:
        """The rate, and whether a group is heard less than the others."""
        whole, groups = self.groups.iloc[0], self.groups.iloc[1:]
        said = (
            f"{formats.percent(whole['response_rate'])} of {whole['invitations']:,} invitations were answered "
            f"within {self.within_days} days."
        )
        if not self.p_value < SURE:
            return f"{said} No evidence that some groups answer less than others."
        least, most = (
            groups.loc[place] for place in (groups["response_rate"].idxmin(), groups["response_rate"].idxmax())
        )
        return (
            f"{said} “{least['group']}” answers least ({formats.percent(least['response_rate'])}), "
            f"“{most['group']}” most ({formats.percent(most['response_rate'])}, {formats.p_value(self.p_value)}): "
            "averages lean towards those who answer."
        )


def response(
    data: Dataset, by: str = "", campaigns: Sequence[str] = (), within_days: int = 14
) -> Response | NotApplicable:
    """How many survey invitations were followed by an answer of the same customer within `within_days`.

    Invitations are the touches of `campaigns`, by default those whose name speaks of a survey; an answer counts for
    the last invitation before it. Invitations younger than `within_days` are left out, since their answer may yet
    come. `by` is a column of customers. Intervals are Wilson's; the test that all groups answer alike is Pearson's.
    Raises ValueError for a column that customers lack.
    """
    parameters.between("within_days", within_days, 1, 365)
    if "touches" not in data.tables or "surveys" not in data.tables:
        return NotApplicable("response needs touches (the invitations) and survey answers; this data set lacks one.")
    if by:
        parameters.one_of("by", by, data.customers.columns)
    touches = data.tables["touches"]
    chosen = touches.campaign.isin(list(campaigns)) if campaigns else touches.campaign.re_search(INVITATION)
    invited = touches.filter(chosen & touches.customer_id.notnull())
    last = data.as_of - dt.timedelta(days=within_days)
    invited = invited.filter(invited.touched_at.date() <= ibis.date(last))
    names = invited.campaign.value_counts().execute()
    if names.empty:
        return NotApplicable("no campaign among the touches is an invitation to a survey. Name them in `invitations`.")
    counted = _counted(invited, data.tables["surveys"], within_days)
    labels = data.customers.set_index("customer_id")[by] if by else pd.Series(dtype=object)
    groups, p_value = _rates(counted, labels)
    return Response(tuple(names["campaign"]), within_days, by, groups, p_value)


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


def _rates(counted: pd.DataFrame, labels: pd.Series) -> tuple[pd.DataFrame, float]:
    group = counted["customer_id"].map(labels).fillna(UNKNOWN) if len(labels) else pd.Series(dtype=object)
    sums = (
        counted.groupby(group).agg(
            customers=("customer_id", "size"), invitations=("invitations", "sum"), answered=("answered", "sum")
        )
        if len(group)
        else pd.DataFrame(columns=["customers", "invitations", "answered"])
    )
    sums = sums[sums["customers"] >= SMALLEST_GROUP].sort_values("invitations", ascending=False).head(12)
    whole = pd.DataFrame(
        {"customers": len(counted), "invitations": counted["invitations"].sum(), "answered": counted["answered"].sum()},
        index=[EVERYBODY],
    )
    table = pd.concat([whole, sums]).astype(int)
    lower, upper = wilson_interval(table["answered"], table["invitations"])
    table = table.assign(response_rate=table["answered"] / table["invitations"], lower=lower, upper=upper)
    others = table.iloc[1:]
    cells = [others["answered"], others["invitations"] - others["answered"]]
    testable = len(others) > 1 and all(cell.sum() for cell in cells)
    p_value = float(chi2_contingency(cells, correction=False).pvalue) if testable else float("nan")
    return table.drop(columns="customers").rename_axis("group").reset_index(), p_value
