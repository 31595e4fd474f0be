"""Leads to customers: the share of each source that has converted by each time, open leads counted as long as seen."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.vocabulary import (
    BECAME_RATE,
    CONVERT_30D_RATE,
    CONVERT_90D_RATE,
    CONVERTED_LEADS,
    DAYS_SINCE_LEAD,
    HALF_DAYS,
    LEADS,
    SO_FAR_SHARE,
    SOURCE,
)
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_SECONDS, night
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, folded_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics import survival
from helpers.statistics.inference import adjust

SOON, DAYS = 30, 90  # in which a lead becomes a customer
RATES = {DAYS: CONVERT_90D_RATE, SOON: CONVERT_30D_RATE}  # the longer first, where it is told
MOST_SOURCES = 8  # the small ones together are one of them


@dataclass(frozen=True)
class LeadConversion(Finding):
    """Share of leads that become customers within 90 days, by source, and how soon."""

    table: pd.DataFrame  # a row a source, the largest first
    curve: pd.DataFrame  # source, days_since_lead, became_rate
    leads: int
    converted: int
    within: int  # days within which the share of all is told
    overall: float  # that share
    columns = (
        SOURCE, LEADS, CONVERTED_LEADS, SO_FAR_SHARE, CONVERT_30D_RATE, CONVERT_90D_RATE, LOWER, UPPER, HALF_DAYS,
        P_VALUE, ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = tuple(column for column in columns if column not in (SO_FAR_SHARE, P_VALUE))

    def summary(self) -> pd.DataFrame:
        """One row a source; the p-value is corrected (Holm) for the number of sources."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share that has become customers by days since the lead came, by source."""
        return charts.line(self.curve, x=DAYS_SINCE_LEAD, y=BECAME_RATE, group=SOURCE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many leads of each source have become customers, how long after they came?")

    def headline(self) -> Sentence:
        """The source that differs most clearly from the others, if one does."""
        rate = RATES[self.within]
        clear = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        overall, days = facts.Share(self.overall), facts.Days(self.within)
        counted = say(
            "{converted} of {leads} leads have become customers so far; open ones count for as long as they were seen.",
            converted=facts.Count(self.converted),
            leads=facts.Count(self.leads),
        )
        tests = say(
            "{beyond} of {sources} sources differ from all others beyond chance, tested together.",
            beyond=facts.Count(len(clear)),
            sources=facts.Count(len(self.table)),
        )
        told_of = clear[clear[SOURCE] != SMALL_GROUPS].dropna(subset=rate).sort_values(P_VALUE)
        if told_of.empty:
            alike = say(
                "{share} of leads become customers within {days}; no evidence that sources differ.",
                share=overall,
                days=days,
            )
            return alike.resting_on(counted, tests)
        row = told_of.iloc[0]
        known = {
            "source": facts.Name(row[SOURCE]),
            "share": facts.Share(row[rate]),
            "days": days,
            "overall": overall,
        }
        if row[rate] > self.overall:
            told = say(
                "Leads from “{source}” become customers more often: {share} within {days}, of all {overall}.", **known
            )
        else:
            told = say(
                "Leads from “{source}” become customers less often: {share} within {days}, of all {overall}.", **known
            )
        limits = say("The interval is {interval}.", interval=facts.limits(row)) if self.within == DAYS else None
        return told.resting_on(limits, counted, tests)


@analysis
def lead_conversion(data: Dataset) -> LeadConversion | NotApplicable:
    """Kaplan–Meier share of the leads of each source that became customers within 90 days, and how soon.

    A lead that is still open counts as long as it was seen: of all so far, the newest source converts least. Each
    source is compared with all others over the whole time (log-rank test, Holm over the sources). `half_days` is when
    half of those who convert within 90 days have; shares are told as far as 20 leads are still open. A lead whose
    customer is known and not when it became one is left out. Assumes that open leads go on as those that were seen
    longer. Source: `statistics.survival`.
    """
    if "leads" not in data.tables:
        return NotApplicable(
            say("this data set has no leads: export them with source and day, and when each became a customer.")
        )
    counts = _counts(data)
    if counts.loc[counts["converted"], "leads"].sum() < SMALLEST_GROUP:
        return NotApplicable(
            say(
                "fewer than {least} leads say when they became customers: export the converted ones too, with the day.",
                least=facts.Count(SMALLEST_GROUP),
            )
        )
    return compared(counts["source"], counts["seconds"] / DAY_SECONDS, counts["converted"], counts["leads"])


def _counts(data: Dataset) -> pd.DataFrame:
    """How many leads of each source became customers after so many seconds, or were open for so long by `as_of`."""
    leads = data.tables["leads"]
    converted = leads.converted_at.notnull()
    leads = leads.filter(leads.created_at.notnull() & (converted | leads.customer_id.isnull()))
    until = ibis.coalesce(leads.converted_at, night(data.as_of))
    seconds = until.truncate("s").epoch_seconds() - leads.created_at.truncate("s").epoch_seconds()
    rows = leads.select("source", seconds=ibis.greatest(seconds, 0), converted=leads.converted_at.notnull())
    names = ["source", "seconds", "converted"]
    return rows.group_by(names).agg(leads=rows.count()).execute().sort_values(names, ignore_index=True)


def compared(
    source: pd.Series, days: pd.Series, converted: pd.Series, leads: pd.Series
) -> LeadConversion | NotApplicable:
    """The conversion of leads: their source, the days until they converted or were last seen open, and how many."""
    groups = folded_groups(source, MOST_SOURCES, counts=leads)
    sizes = leads.groupby(groups, observed=True).sum()
    groups = groups[groups.map(sizes).astype(int) >= SMALLEST_GROUP].cat.remove_unused_categories()
    days, converted, leads = days[groups.index], converted[groups.index], leads[groups.index]
    whole = survival.resting_on(survival.kaplan_meier(days, converted, weights=leads), LEAST_AT_RISK)
    each = survival.resting_on(survival.kaplan_meier(days, converted, weights=leads, groups=groups), LEAST_AT_RISK)
    if whole["survival"].isna().all():
        few = say("fewer than {least} leads were followed.", least=facts.Count(LEAST_AT_RISK))
        return NotApplicable(few)
    rates = survival.at(whole, list(RATES))["survival"].tolist()
    within = next((day for day, rate in zip(RATES, rates, strict=True) if not np.isnan(rate)), None)
    if within is None:
        few = say("no lead was followed for {days} yet.", days=facts.Days(min(RATES)))
        return NotApplicable(few)
    lines, curves = [], []
    for name in groups.cat.categories:
        own, here = each[each["group"] == name], groups == name
        p_value = survival.log_rank(days, converted, here, weights=leads).p_value if converted[here].any() else np.nan
        number, became = int(leads[here].sum()), int(leads[here & converted].sum())
        lines.append((name, number, became, became / number, *_rates(own), _half(own), p_value))
        curves.append(_curve(own).assign(**{SOURCE: name}))
    table = pd.DataFrame(lines, columns=[name for name in LeadConversion.columns if name != ADJUSTED_P_VALUE])
    table = table.assign(**{ADJUSTED_P_VALUE: adjust(table[P_VALUE], "holm")})
    drawn = pd.concat(curves, ignore_index=True)
    overall = 1 - rates[list(RATES).index(within)]
    return LeadConversion(table, drawn, int(leads.sum()), int(leads[converted].sum()), within, overall)


def _rates(curve: pd.DataFrame) -> tuple[float, ...]:
    """The share that converts within 30 days, and within 90 with its limits; NaN beyond what was seen."""
    soon, late = (survival.at(curve, [day]).iloc[0] for day in (SOON, DAYS))
    return 1 - soon["survival"], 1 - late["survival"], 1 - late["upper"], 1 - late["lower"]


def _half(curve: pd.DataFrame) -> float:
    """Days by which half of those who convert within 90 have; NaN where these are not over for enough, or nobody."""
    left = survival.at(curve, [DAYS])["survival"].iloc[0]
    if np.isnan(left) or left == 1:
        return np.nan
    return float(survival.quantiles(curve, (1 - left) / 2)["time"].iloc[0])


def _curve(curve: pd.DataFrame) -> pd.DataFrame:
    """The share converted by day, as far as it is told."""
    at = survival.at(curve, np.arange(DAYS + 1)).dropna(subset="survival")
    return pd.DataFrame({DAYS_SINCE_LEAD: at["time"], BECAME_RATE: 1 - at["survival"]})
