"""What follows a complaint: orders and spend afterwards, beside customers alike who had not complained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import NO_TICKETS, tickets_of
from helpers.analyses.feedback.vocabulary import (
    AGAIN_DIFFERENCE,
    ALIKE,
    COMPLAINED,
    DAYS_SINCE,
    DIFFERENCE,
    INTERVAL,
    OUTCOME,
    STANDARDISED_DIFFERENCE,
    TRAIT,
    TRAIT_ALIKE,
    TRAIT_COMPLAINED,
)
from helpers.data import counterparts
from helpers.data.counterparts import drawn, histories
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, UPPER
from helpers.statistics.effects import Matched, match
from helpers.statistics.inference import adjust

LEAST_COMPLAINTS = 20
POINTS = 12  # of the drawn curve


class Outcome(StrEnum):
    """What customers do after a complaint: whether they order again, and how much they spend."""

    ORDERED = "ordered_again"
    SPENT = "net_spend"


@dataclass(frozen=True)
class Aftermath(Finding):
    """Outcomes within some days of a complaint, against customers alike on the same days."""

    table: pd.DataFrame
    curve: pd.DataFrame  # days_since, ordered_again_difference_share, lower, upper
    balance: pd.DataFrame  # trait, trait_complained, trait_alike, standardised_difference: before the complaint
    complaints: int  # compared
    unmatched: int  # complaints without enough customers alike
    days: int
    currency: str = ""
    is_net: bool = False  # money given back is taken off

    columns = (OUTCOME, COMPLAINED, ALIKE, DIFFERENCE, LOWER, UPPER, ADJUSTED_P_VALUE)
    shown = (OUTCOME, COMPLAINED, ALIKE, DIFFERENCE, INTERVAL, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row an outcome, in words: after a complaint, of customers alike, and the difference with 95% CI."""
        rows = []
        for row in self.table.itertuples():
            level, apart = self._facts(row.outcome)
            limits = facts.Range(apart(row.lower), apart(row.upper))
            values = (level(row.complained), level(row.alike), apart(row.difference), limits)
            rows.append((row.outcome, *map(str, values), row.adjusted_p_value))
        return pd.DataFrame(rows, columns=list(self.shown))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Difference in the share that has ordered again, by the days since the complaint, with its 95% CI."""
        return charts.line(self.curve, x=DAYS_SINCE, y=AGAIN_DIFFERENCE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("After a complaint, do more or fewer customers order again?")

    def headline(self) -> Sentence:
        """Whether customers who complained order and spend otherwise than customers alike; no cause is claimed."""
        ordered, spent = (row for _, row in self.table.iterrows())
        return self._told(ordered, spent).resting_on(
            say(
                "Within {days}; of customers alike who had not complained {alike} order again.",
                days=facts.Days(self.days),
                alike=facts.Share(ordered[ALIKE]),
            ),
            self._ordering(ordered),
            self._spending(spent),
            ASSOCIATION,
            say("Only an experiment, such as a gesture for a random half of those who complain, would prove one."),
        )

    def _told(self, ordered: pd.Series, spent: pd.Series) -> Sentence:
        """What differs beyond chance, orders before spend."""
        share, alike = facts.Share(ordered[COMPLAINED]), facts.Share(ordered[ALIKE])
        if ordered[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            if ordered[DIFFERENCE] < 0:
                return say(
                    "After a complaint fewer order again: {share}, of customers alike {alike}.",
                    share=share,
                    alike=alike,
                )
            return say(
                "After a complaint more order again: {share}, of customers alike {alike}.", share=share, alike=alike
            )
        if spent[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            money = facts.Money(abs(spent[DIFFERENCE]), self.currency)
            if spent[DIFFERENCE] < 0:
                return say("After a complaint customers spend {money} less than customers alike.", money=money)
            return say("After a complaint customers spend {money} more than customers alike.", money=money)
        return say("No evidence that a complaint costs the next order: {share} order again.", share=share)

    def _facts(self, outcome: str) -> tuple[Callable[[float], facts.Fact], Callable[[float], facts.Fact]]:
        """How a level and a difference of an outcome are told: shares and points, or money."""
        if outcome == Outcome.ORDERED:
            return facts.Share, facts.Points
        return partial(facts.Money, currency=self.currency), partial(facts.Money, currency=self.currency, signed=True)

    def _apart(self, row: pd.Series) -> dict[str, object]:
        """The difference of an outcome with its interval."""
        apart = self._facts(row[OUTCOME])[1]
        return {
            "difference": apart(row[DIFFERENCE]),
            "interval": facts.Range(apart(row[LOWER]), apart(row[UPPER])),
        }

    def _ordering(self, row: pd.Series) -> Sentence:
        if np.isnan(row[LOWER]):
            return say("No difference, as nothing varies.")
        if row[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            return say("The difference is {difference} ({interval}), beyond chance.", **self._apart(row))
        return say("The difference is {difference} ({interval}), within chance.", **self._apart(row))

    def _spending(self, row: pd.Series) -> Sentence:
        if np.isnan(row[LOWER]):
            return say("Spend: no difference, as nothing varies.")
        beyond, known = row[ADJUSTED_P_VALUE] < SIGNIFICANCE, self._apart(row)
        if self.is_net:
            if beyond:
                return say("Net spend: {difference} ({interval}), beyond chance.", **known)
            return say("Net spend: {difference} ({interval}), within chance.", **known)
        if beyond:
            return say("Spend: {difference} ({interval}), beyond chance.", **known)
        return say("Spend: {difference} ({interval}), within chance.", **known)


@analysis
def aftermath(data: Dataset, days: int = 90, quiet_days: int = 90) -> Aftermath | NotApplicable:
    """Share that orders again, and spend, in the `days` days after a complaint, against customers alike.

    A complaint counts when the customer had ordered by its day, had not complained in the `quiet_days` days before, and
    has been followed for `days` days. Controls are customers of the same days who had ordered and had not complained
    in that time, weighted to the complaints' month, tenure, recency, number of order days and spend, each as it was
    on that day and in bands; what bands leave is adjusted for by least squares (recency, tenure, recent order days,
    rates of order days, orders and spend). Both are followed from the same day on, and what happens later chooses
    nobody. Orders count beside their days: three orders of a day are three occasions to complain, of who spends more.
    A control may complain later: the difference is between complaining now and not now, a little less than never.
    p-values are Holm-adjusted for the two outcomes. Assumes that customers with the same orders so far would go on
    alike: differences are associations, for what else led to the complaint is not known. The limits of spend are a
    little narrow where few customers spend most: they are normal ones.
    Source: Hernán & Robins (2016), a trial emulated on each day; `statistics.effects.match` for the estimate.
    Raises ValueError for `days` or `quiet_days` beyond 3660.
    """
    parameters.between("days", days, 1, parameters.LONGEST_WINDOW_DAYS)
    parameters.between("quiet_days", quiet_days, 0, parameters.LONGEST_WINDOW_DAYS)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    if "orders" not in data.tables or "first_order_on" not in data.customers:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    complaints = complaint_days(tickets)
    if complaints.empty:
        return NotApplicable(say("no ticket of this data set is marked as a complaint."))
    pairs = drawn(data, complaints, days, quiet_days)
    if pairs["acted"].sum() < LEAST_COMPLAINTS:
        return _too_few(int(pairs["acted"].sum()), days)
    compared = _compared(histories(data, pairs, days), days, data.settings.currency)
    return compared if isinstance(compared, NotApplicable) else replace(compared, is_net=data.is_net)


def complaint_days(tickets: ir.Table) -> pd.DataFrame:
    """Days on which each customer complained: customer_id, day, without repetition."""
    complaints = tickets.filter(tickets.complaint.fill_null(False) & tickets.customer_id.notnull())
    return complaints.select("customer_id", day=complaints.opened_at.date()).distinct().execute()


def _compared(rows: pd.DataFrame, days: int, currency: str) -> Aftermath | NotApplicable:
    """The outcomes of complaints and of their controls, matched."""
    strata, complained = counterparts.strata(rows), rows["acted"]
    spread = np.sqrt(rows.groupby("acted")[list(TRAIT.words)].var().mean())
    alike = np.isin(strata, strata[complained])  # the others, most of the controls, weigh nothing
    rows = rows[alike]
    matched = match(rows["acted"], strata[alike], rows["customer_id"])
    if matched.pairs < LEAST_COMPLAINTS:
        return _too_few(matched.pairs, days)
    outcomes, curve, balance = _outcomes(rows, matched), _curve(rows, matched, days), _balance(rows, matched, spread)
    return Aftermath(outcomes, curve, balance, matched.pairs, int(complained.sum()) - matched.pairs, days, currency)


def _too_few(complaints: int, days: int) -> NotApplicable:
    few = say(
        "{complaints} complaints of customers with orders, followed for {days}, have customers alike: too few to "
        "compare.",
        complaints=facts.Count(complaints),
        days=facts.Days(days),
    )
    return NotApplicable(few)


def _outcomes(rows: pd.DataFrame, matched: Matched) -> pd.DataFrame:
    values = np.column_stack([rows["next_days"].notna(), rows["later_spend"]]).astype(float)
    adjusted = matched.adjusted(values, counterparts.tells(rows))
    table = []
    for outcome, raw, rest in zip(Outcome, values.T, adjusted.T, strict=True):
        complained, _ = matched.means(raw)
        difference, lower, upper, p_value = matched.difference(rest)
        table.append((outcome.value, complained, complained - difference, difference, lower, upper, p_value))
    table = pd.DataFrame(table, columns=list(Aftermath.columns))
    return table.assign(**{ADJUSTED_P_VALUE: adjust(table[ADJUSTED_P_VALUE], "holm")})


def _curve(rows: pd.DataFrame, matched: Matched, days: int) -> pd.DataFrame:
    at = np.unique(np.linspace(0, days, POINTS + 1).round().astype(int))[1:]
    again = matched.adjusted(rows["next_days"].to_numpy()[:, None] <= at, counterparts.tells(rows))
    points = [(day, *matched.difference(column)[:3]) for day, column in zip(at, again.T, strict=True)]
    start = (0, 0.0, 0.0, 0.0)
    return pd.DataFrame([start, *points], columns=[DAYS_SINCE, AGAIN_DIFFERENCE, LOWER, UPPER])


def _balance(rows: pd.DataFrame, matched: Matched, spread: pd.Series) -> pd.DataFrame:
    """Means before the complaint; differences over the standard deviation within both, unmatched (Austin 2009)."""
    table = []
    for trait in TRAIT.words:
        means = matched.means(rows[trait])
        gap = (means[0] - means[1]) / spread[trait] if spread[trait] > 0 else 0.0
        table.append((trait, *means, gap))
    return pd.DataFrame(table, columns=[TRAIT, TRAIT_COMPLAINED, TRAIT_ALIKE, STANDARDISED_DIFFERENCE])
