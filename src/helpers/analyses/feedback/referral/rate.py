"""How many others a customer brings by month since joining: the K of word of mouth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.referral.brought import NO_REFERRALS, arrivals
from helpers.analyses.feedback.vocabulary import MONTHS_SINCE, REFERRALS_EACH
from helpers.data.datasets import Dataset
from helpers.data.days import MONTH_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.purchases import cumulative_mean

MONTHS = 12
HUNDRED = 100


@dataclass(frozen=True)
class ReferralRate(Finding):
    """Customers that one has brought by the end of each month since joining, on average, with 95% CI."""

    table: pd.DataFrame
    share_bringing: float  # of all customers, those who brought anybody
    so_far: float  # customers brought so far, over all customers, however young

    columns = (MONTHS_SINCE, CUSTOMERS, REFERRALS_EACH, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers brought by month since joining, with their interval."""
        return charts.line(self.table, x=MONTHS_SINCE, y=REFERRALS_EACH, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many others does a customer bring?")

    def headline(self) -> Sentence:
        """How many a hundred customers bring in as many months as enough were followed."""
        last = self.table.iloc[-1]
        return say(
            "{hundred} customers bring {brought} others in their first {months} months.",
            hundred=facts.Count(HUNDRED),
            brought=facts.Number(HUNDRED * last[REFERRALS_EACH]),
            months=facts.Count(last[MONTHS_SINCE]),
        ).resting_on(
            say(
                "Between {low} and {high}; those who joined lately count as far as they were followed.",
                low=facts.Number(HUNDRED * max(last[LOWER], 0.0)),
                high=facts.Number(HUNDRED * last[UPPER]),
            ),
            say("{share} of customers have brought anybody.", share=facts.Share(self.share_bringing)),
            _growth(last),
            say("Newer customers are taken to bring as many as older ones did at their age."),
        )


def _growth(last: pd.Series) -> Sentence | None:
    """Whether customers replace themselves by word of mouth; nothing where it cannot be told."""
    if last[UPPER] < 1:
        return say("Fewer than one each: word of mouth alone does not keep the base.")
    if last[LOWER] >= 1:
        return say("One each or more: the base keeps itself by word of mouth.")
    return None


@analysis
def referral_rate(data: Dataset) -> ReferralRate | NotApplicable:
    """How many others a customer brings within so many months of joining, at most twelve (K), with its interval.

    The mean cumulative function of those brought by month since joining, customers taken for the units, as far as 20
    were followed. Assumes that when a customer joined tells nothing of how many one brings. Not applicable where nobody
    is known to have been brought.
    """
    people = arrivals(data)
    if people is None or people["referrer"].isna().all():
        return NO_REFERRALS
    followed = ((pd.Timestamp(data.as_of) - people["came"]).dt.days / MONTH_DAYS).astype(int)
    pairs = people.dropna(subset="referrer")
    since = (pairs["came"] - pairs["referrer"].map(people["came"])).dt.days
    month = np.floor(since / MONTH_DAYS)
    counted = month.between(0, MONTHS - 1)
    rows = people.index.get_indexer(pairs.loc[counted, "referrer"])
    counts = np.zeros((len(people), MONTHS))
    np.add.at(counts, (rows, month[counted].astype(int).to_numpy()), 1)
    course = cumulative_mean(counts, followed)
    course = course[course["at_risk"] >= LEAST_AT_RISK]
    if course.empty:
        few = say("fewer than {least} customers joined a month ago or earlier.", least=facts.Count(LEAST_AT_RISK))
        return NotApplicable(few)
    names = {"month": MONTHS_SINCE, "at_risk": CUSTOMERS, "mean": REFERRALS_EACH}
    table = course.rename(columns=names).reset_index(drop=True)[list(ReferralRate.columns)]
    return ReferralRate(table, pairs["referrer"].nunique() / len(people), len(pairs) / len(people))
