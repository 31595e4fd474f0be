"""What joiners of the community buy after they joined against before, beside others who had bought alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.communities.members import NONE, of_community
from helpers.analyses.journey.vocabulary import (
    ALIKE_AFTER,
    ALIKE_BEFORE,
    BOUGHT,
    CHANGE_DIFFERENCE,
    JOINERS_AFTER,
    JOINERS_BEFORE,
    ORDERED_SHARE,
    WHEN,
    WHO,
)
from helpers.data import counterparts
from helpers.data.counterparts import RECENT_DAYS, drawn, histories
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, Direction, News, Topic, sureness
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE, Z
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, UPPER
from helpers.parameters import LONGEST_WINDOW_DAYS
from helpers.statistics.effects import Matched, match
from helpers.statistics.inference import adjust

DAYS = RECENT_DAYS  # after joining, as many as before
OLD_DAYS = 30  # of the first events of a community, in which who seems to join may be a member
LEAST_JOINERS = 20
ORDERED, SPENT = "ordered", "net_spend"
CELLS = (
    (JOINERS_BEFORE, "joiners", "before"), (JOINERS_AFTER, "joiners", "after"),
    (ALIKE_BEFORE, "alike", "before"), (ALIKE_AFTER, "alike", "after"),
)  # fmt: skip


@dataclass(frozen=True)
class Joiners(Finding):
    """Orders and spend of joiners in the 90 days before and after they joined, beside others alike on the same days."""

    table: pd.DataFrame  # a row an outcome
    joiners: int  # compared
    unmatched: int  # joiners without enough others alike
    a_quarter: int  # who joined in the last 90 days that are followed
    currency: str = ""
    columns = (
        BOUGHT, JOINERS_BEFORE, JOINERS_AFTER, ALIKE_BEFORE, ALIKE_AFTER, CHANGE_DIFFERENCE, LOWER, UPPER,
        ADJUSTED_P_VALUE,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """One row an outcome, in words."""
        rows = self.table.astype(object)
        for place, outcome in enumerate(self.table[BOUGHT]):
            level, apart = self._facts(outcome)
            for names, kind in ((rows.columns[1:5], level), (rows.columns[5:8], apart)):
                for name in names:
                    rows.loc[place, name] = str(kind(self.table.loc[place, name]))
        return rows

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share that ordered, before and after, of joiners and of others alike."""
        row = self.table.iloc[0]
        lines = [(who, when, row[name]) for name, who, when in CELLS]
        drawn_as = pd.DataFrame(lines, columns=[WHO, WHEN, ORDERED_SHARE])
        named = drawn_as.assign(**{each: drawn_as[each].map(each.write) for each in (WHO, WHEN)})
        return charts.grouped_bars(named, value=ORDERED_SHARE, label=WHO, group=WHEN, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many order in the 90 days before joining the community, and after?")

    def headline(self) -> Sentence:
        """Whether joiners buy more than others alike, spend before orders; no cause is claimed."""
        return self._told().resting_on(*self._basis())

    def brief(self) -> Brief:
        """That joiners spend more, by what those of a quarter spend more: a reason to invite others, half of them."""
        spent = self._row(SPENT)
        if not (spent[ADJUSTED_P_VALUE] < SIGNIFICANCE and spent[CHANGE_DIFFERENCE] > 0):
            return Brief()
        told = say(
            "Invite a random half of the customers to the community: joiners spend {money} more in {days}.",
            money=facts.Money(spent[CHANGE_DIFFERENCE], self.currency),
            days=facts.Days(DAYS),
        )
        error = (spent[UPPER] - spent[LOWER]) / (2 * Z)
        stake, sure = spent[CHANGE_DIFFERENCE] * self.a_quarter, sureness(spent[CHANGE_DIFFERENCE], error)
        return Brief([News(Topic.ACTION, "community", told.resting_on(*self._basis()), stake, sure, Direction.BETTER)])

    def _row(self, outcome: str) -> pd.Series:
        return self.table.set_index(BOUGHT).loc[outcome]

    def _told(self) -> Sentence:
        spent, ordered = self._row(SPENT), self._row(ORDERED)
        if spent[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            money = facts.Money(abs(spent[CHANGE_DIFFERENCE]), self.currency)
            if spent[CHANGE_DIFFERENCE] > 0:
                return say("After joining the community customers spend {money} more than others alike.", money=money)
            return say("After joining the community customers spend {money} less than others alike.", money=money)
        if ordered[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            known = {"share": facts.Share(ordered[JOINERS_AFTER]), "points": facts.Points(ordered[CHANGE_DIFFERENCE])}
            if ordered[CHANGE_DIFFERENCE] > 0:
                return say("After joining the community more order: {share}, {points} beside others alike.", **known)
            return say("After joining the community fewer order: {share}, {points} beside others alike.", **known)
        return say("No evidence that joiners of the community buy more, or less, than others alike.")

    def _basis(self) -> list[Sentence]:
        lines = []
        for outcome in (SPENT, ORDERED):
            row, apart = self._row(outcome), self._facts(outcome)[1]
            known = {
                "difference": apart(row[CHANGE_DIFFERENCE]),
                "interval": facts.Range(apart(row[LOWER]), apart(row[UPPER])),
            }
            if outcome == SPENT:
                lines.append(say("Spend: {difference} ({interval}).", **known))
            else:
                lines.append(say("Share that orders: {difference} ({interval}).", **known))
        compared = say(
            "{joiners} joiners, {days} after against {days} before; others of the same days had not joined, and had "
            "ordered as often, as lately and for as much.",
            joiners=facts.Count(self.joiners),
            days=facts.Days(DAYS),
        )
        chosen = say("Joiners chose to join, perhaps because they meant to buy: only inviting by lot would tell.")
        return [*lines, compared, ASSOCIATION, chosen]

    def _facts(self, outcome: str) -> tuple[Callable[[float], facts.Fact], Callable[[float], facts.Fact]]:
        """How a level and a difference of an outcome are told: shares and points, or money."""
        if outcome == ORDERED:
            return facts.Share, facts.Points
        return partial(facts.Money, currency=self.currency), partial(facts.Money, currency=self.currency, signed=True)


@analysis
def joiners(data: Dataset) -> Joiners | NotApplicable:
    """Orders and spend of joiners, 90 days after their first day in the community against 90 before, beside others.

    Others are customers who had not joined by that day, weighted to the joiners' month, tenure, recency, number of
    order days and spend, as they were on that day and in bands; what bands leave, spend of the 90 days before among
    it, is adjusted for by least squares. The difference is that of the changes (difference in differences). Who seems
    to join in the first 30 days of the community's events is left out, and so is who had not ordered before. Others
    may join later. Assumes that customers who had bought alike would have gone on alike: joiners chose to join, which
    is all that an association is. P-values are Holm-adjusted for the two outcomes.
    Source: Stuart et al. (2014), Using propensity scores in difference-in-differences models;
    `statistics.effects.match`.
    """
    own = of_community(data)
    if own is None:
        return NONE
    if "orders" not in data.tables or "first_order_on" not in data.customers:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    first = own.group_by("customer_id").agg(day=own.happened_at.min().date()).execute()
    pairs = drawn(data, first, DAYS, LONGEST_WINDOW_DAYS)
    begin = pd.to_datetime(first["day"]).min() + pd.Timedelta(days=OLD_DAYS)
    pairs = pairs[pairs["day"] >= begin].reset_index(drop=True)
    joined = int(pairs["acted"].sum())
    if joined < LEAST_JOINERS:
        return _too_few(joined)
    rows = histories(data, pairs, DAYS)
    strata = counterparts.strata(rows)
    alike = np.isin(strata, strata[rows["acted"]])
    rows, strata = rows[alike], strata[alike]
    matched = match(rows["acted"], strata, rows["customer_id"])
    if matched.pairs < LEAST_JOINERS:
        return _too_few(matched.pairs)
    lately = rows["acted"] & (rows["day"] > rows.loc[rows["acted"], "day"].max() - pd.Timedelta(days=DAYS))
    return Joiners(
        changes(rows, matched), matched.pairs, joined - matched.pairs, int(lately.sum()), data.settings.currency
    )


def _too_few(number: int) -> NotApplicable:
    few = say(
        "{joiners} joiners of the community with orders, followed for {days}, have others alike: too few to compare.",
        joiners=facts.Count(number),
        days=facts.Days(DAYS),
    )
    return NotApplicable(few)


def changes(rows: pd.DataFrame, matched: Matched) -> pd.DataFrame:
    """Before and after of joiners and of others alike, and the difference of their changes: one row an outcome."""
    after = np.column_stack([rows["next_days"].notna(), rows["later_spend"]]).astype(float)
    before = np.column_stack([rows["recent_order_days"] > 0, rows["recent_spend"]]).astype(float)
    known = np.column_stack([counterparts.tells(rows), rows["recent_spend"]])
    adjusted = matched.adjusted(after - before, known)
    lines = []
    for place, outcome in enumerate((ORDERED, SPENT)):
        levels = (*matched.means(before[:, place]), *matched.means(after[:, place]))
        ordered = levels[0], levels[2], levels[1], levels[3]
        lines.append((outcome, *ordered, *matched.difference(adjusted[:, place])))
    table = pd.DataFrame(lines, columns=list(Joiners.columns))
    return table.assign(**{ADJUSTED_P_VALUE: adjust(table[ADJUSTED_P_VALUE], "holm")})
