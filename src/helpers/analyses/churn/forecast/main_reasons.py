"""What raises the risk of those at highest risk, and of all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.forecast.chances import Risk
from helpers.analyses.churn.forecast.reason_words import Feature, titled
from helpers.analyses.churn.forecast.vocabulary import (
    EVERYBODY_SHARE,
    FEATURE,
    MAIN_FEATURE,
    NAMED_SHARE,
    SECOND_FEATURE,
    TOP_TENTH_SHARE,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS
from helpers.language import _

MOST_SAID = 3


@dataclass(frozen=True)
class RiskReasons(Counted, Finding):
    """How often something is one of the two main reasons, in the tenth at highest risk and among all."""

    table: pd.DataFrame  # customers are those of the top tenth
    in_top_tenth: int
    columns = (FEATURE, CUSTOMERS, TOP_TENTH_SHARE, EVERYBODY_SHARE)

    def summary(self) -> pd.DataFrame:
        """One row a reason in words, the most frequent among the top tenth first."""
        return self.table.assign(feature=self.table[FEATURE].map(titled))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Shares of customers of whom it is a main reason."""
        names = {TOP_TENTH_SHARE: _("tenth at highest risk"), EVERYBODY_SHARE: _("everybody")}
        tidy = self.to_show().melt(FEATURE, list(names), "who", NAMED_SHARE)
        drawn = tidy.assign(who=tidy["who"].map(names))
        return charts.grouped_bars(drawn, value=NAMED_SHARE, label=FEATURE, group="who", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What raises the risk, of those at highest risk and of all?")

    def headline(self) -> Sentence:
        """The most frequent reason of the top tenth; the next ones below."""
        first, *others = (row for _, row in self.table.head(MOST_SAID).iterrows())
        return say(
            "“{reason}” most often raises the risk: for {share} of those at highest risk, for {everybody} of all.",
            **_of_reason(first),
        ).resting_on(
            *(say("“{reason}”: {share}, {everybody} of all.", **_of_reason(row)) for row in others),
            say("Customers at highest risk: {customers}.", customers=facts.Count(self.in_top_tenth)),
            ASSOCIATION,
        )


def _of_reason(row: pd.Series) -> dict[str, object]:
    """A reason, and how often it is one."""
    return {
        "reason": Feature(row[FEATURE]),
        "share": facts.Share(row[TOP_TENTH_SHARE]),
        "everybody": facts.Share(row[EVERYBODY_SHARE]),
    }


@if_applicable
def risk_reasons(risk: Risk) -> RiskReasons | NotApplicable:
    """How often each feature is one of the two reasons in `risk`; those of too few customers are left out."""
    features = risk.table[[MAIN_FEATURE, SECOND_FEATURE]]
    top = features[risk.tenths.reindex(features.index) == 1]
    counts, all_counts = (rows.stack().loc[lambda name: name != ""].value_counts() for rows in (top, features))
    counts = counts[counts >= SMALLEST_GROUP]
    if counts.empty:
        return NotApplicable(say("nothing that is known of customers raises the risk of those at highest risk."))
    table = pd.DataFrame(
        {
            FEATURE: counts.index,
            CUSTOMERS: counts.to_numpy(),
            TOP_TENTH_SHARE: counts.to_numpy() / len(top),
            EVERYBODY_SHARE: all_counts[counts.index].to_numpy() / len(features),
        }
    )
    each = top.assign(**{CUSTOMER_ID: risk.table.loc[top.index, CUSTOMER_ID]}).melt(CUSTOMER_ID, value_name=FEATURE)
    return RiskReasons(table, len(top), behind=each[[CUSTOMER_ID, FEATURE]])
