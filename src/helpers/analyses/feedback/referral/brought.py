"""What customers whom another one brought spend, beside others alike, and the reward that this pays for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.vocabulary import BROUGHT, BROUGHT_GAIN, INTERVAL, OTHERS_ALIKE, OUTCOME, RELATIVE_GAIN
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import UNKNOWN
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, LOWER, UPPER
from helpers.statistics.effects import match, skewed_interval
from helpers.statistics.inference import adjust

SHORTEST_DAYS = 30
NO_REFERRALS = NotApplicable(
    say("no record says who brought a customer: export the customer who did as `referred_by` of customers.")
)


class Outcome(StrEnum):
    """What customers do after they came: whether they order a second time, and how much they spend."""

    ORDERED = "ordered_again"
    SPENT = "net_spend"


@dataclass(frozen=True)
class Brought(Finding):
    """Outcomes of the first days of customers whom another one brought, against others alike who came by themselves."""

    table: pd.DataFrame
    customers: int  # brought, and compared
    unmatched: int  # brought, without enough others alike
    days: int
    margin: float  # the part of revenue that is earned; 1: revenue itself
    spend: tuple[float, float]  # limits of what one who was brought spends
    currency: str = ""

    columns = (OUTCOME, BROUGHT, OTHERS_ALIKE, BROUGHT_GAIN, LOWER, UPPER, ADJUSTED_P_VALUE)
    shown = (OUTCOME, BROUGHT, OTHERS_ALIKE, BROUGHT_GAIN, INTERVAL, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """The outcomes with values as readers see them: shares, and money."""
        rows = self.table.astype({name: object for name in (BROUGHT, OTHERS_ALIKE, BROUGHT_GAIN)})
        for row in self.table.index:
            kind = facts.Share if self.table.loc[row, OUTCOME] == Outcome.ORDERED else self._money
            for name in (BROUGHT, OTHERS_ALIKE):
                rows.loc[row, name] = str(kind(self.table.loc[row, name]))
            gain = facts.Points if kind is facts.Share else self._signed
            rows.loc[row, BROUGHT_GAIN] = str(gain(self.table.loc[row, BROUGHT_GAIN]))
            rows.loc[row, INTERVAL] = formats.interval(
                gain(self.table.loc[row, LOWER]), gain(self.table.loc[row, UPPER]), str
            )
        return rows[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The difference of each outcome with its interval, as a share of what others alike show."""
        of_others = self.table[self.table[OTHERS_ALIKE] > 0]
        drawn = of_others[[BROUGHT_GAIN, LOWER, UPPER]].div(of_others[OTHERS_ALIKE], axis="index")
        drawn = drawn.rename(columns={BROUGHT_GAIN: RELATIVE_GAIN}).assign(**{OUTCOME: of_others[OUTCOME]})
        return charts.forest(drawn, estimate=RELATIVE_GAIN, label=OUTCOME, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Are referred customers worth more?")

    def headline(self) -> Sentence:
        """Whether they spend more or less than others alike; the reward that their spending pays for below."""
        line = self.table.set_index(OUTCOME).loc[Outcome.SPENT]
        return self._told(line).resting_on(
            say(
                "They spend {brought} in {days}, similar customers {alike} (difference {limits}).",
                brought=self._money(line[BROUGHT]),
                alike=self._money(line[OTHERS_ALIKE]),
                days=facts.Days(self.days),
                limits=facts.Range(self._signed(line[LOWER]), self._signed(line[UPPER])),
            ),
            *self._rewards(line),
            self._compared(),
            ASSOCIATION,
        )

    def _told(self, line: pd.Series) -> Sentence:
        if not line[ADJUSTED_P_VALUE] < SIGNIFICANCE:
            return say("No evidence that referred customers spend more or less than similar ones.")
        money = self._money(abs(line[BROUGHT_GAIN]))
        days = facts.Days(self.days)
        if line[BROUGHT_GAIN] > 0:
            return say("Referred customers spend {money} more in {days} than similar ones.", money=money, days=days)
        return say("Referred customers spend {money} less in {days} than similar ones.", money=money, days=days)

    def _rewards(self, line: pd.Series) -> tuple[Sentence, Sentence]:
        """The reward that pays for itself, where none or half of them would have come anyway."""
        all_new = self.margin * line[BROUGHT]
        ends = facts.Range(*(self._money(self.margin * end) for end in self.spend))
        known = {"reward": self._money(all_new), "limits": ends, "half": self._money(all_new / 2)}
        pays = say(
            "A reward of up to {reward} ({limits}) for each pays for itself if none would have come anyway; of up to "
            "{half} if half would.",
            **known,
        )
        if self.margin < 1:
            return pays, say("{margin} of what customers pay is counted.", margin=facts.Share(self.margin))
        return pays, say("All that customers pay is counted; write `margin` under `[plan]` where less of it is earned.")

    def _compared(self) -> Sentence:
        return say(
            "{customers} customers who were brought, beside others who came by the same channel in the same month; "
            "{unmatched} had too few alike.",
            customers=facts.Count(self.customers),
            unmatched=facts.Count(self.unmatched),
        )

    def _money(self, value: float) -> facts.Money:
        return facts.Money(value, self.currency)

    def _signed(self, value: float) -> facts.Money:
        return facts.Money(value, self.currency, signed=True)


@analysis
def brought(data: Dataset, days: int = 180) -> Brought | NotApplicable:
    """What customers whom another one brought do in their first `days`, beside others of the same channel and month.

    Of customers who came at least so long ago: net spend and whether they ordered on a second day, those who never
    ordered counted as nothing. Customers whom one person brought are one unit. Means are compared within strata that
    have five others (`effects.match`), p-values corrected for two outcomes. Assumes that nothing else makes brought
    customers differ, which nobody can know. Raises ValueError unless `days` is from 30 to 3660.
    """
    parameters.between("days", days, SHORTEST_DAYS, parameters.LONGEST_WINDOW_DAYS)
    people = arrivals(data)
    if people is None or "orders" not in data.tables:
        return NO_REFERRALS
    old = people[people["came"] <= pd.Timestamp(data.as_of - dt.timedelta(days=days))]
    matched = match(old["referrer"].notna(), old["stratum"], old["referrer"].fillna(old.index.to_series()))
    if matched.pairs < LEAST_AT_RISK:
        few = say(
            "fewer than {least} customers whom others brought {days} ago or earlier have others alike to compare with.",
            least=facts.Count(LEAST_AT_RISK),
            days=facts.Days(days),
        )
        return NotApplicable(few)
    outcomes = _outcomes(data, old, days)
    rows = []
    for outcome in Outcome:
        there, alike = matched.means(outcomes[outcome])
        difference, lower, upper, p_value = matched.difference(outcomes[outcome])
        rows.append({
            OUTCOME: str(outcome), BROUGHT: there, OTHERS_ALIKE: alike, BROUGHT_GAIN: difference, LOWER: lower,
            UPPER: upper, ADJUSTED_P_VALUE: p_value,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    table[ADJUSTED_P_VALUE] = adjust(table[ADJUSTED_P_VALUE], "holm")
    spends = outcomes[Outcome.SPENT].to_numpy()[matched.exposed & (matched.weights > 0)]
    unmatched = int(matched.exposed.sum()) - matched.pairs
    margin = float(data.settings.plan.margin)
    return Brought(table, matched.pairs, unmatched, days, margin, _limits(spends), data.settings.currency)


def arrivals(data: Dataset) -> pd.DataFrame | None:
    """By customer_id: the day one came, the stratum (channel and month), and who brought one; None where nobody knows.

    A customer came on joining, or with the first order where no day of joining is known. Who brought oneself, or is no
    customer, brought nobody.
    """
    people = data.customers.set_index(CUSTOMER_ID)
    days = [people[name] for name in ("joined_on", "first_order_on") if name in people]
    if "referred_by" not in people or people["referred_by"].isna().all() or not days:
        return None
    came = days[0] if len(days) == 1 else days[0].fillna(days[1])
    channel = people["channel"].fillna(UNKNOWN).astype(str) if "channel" in people else ""
    by = people["referred_by"].where(people["referred_by"].isin(people.index) & (people["referred_by"] != people.index))
    frame = pd.DataFrame({"came": pd.to_datetime(came), "referrer": by}, people.index).dropna(subset="came")
    return frame.assign(stratum=channel + frame["came"].dt.strftime(" %Y-%m")).sort_index()


def _outcomes(data: Dataset, people: pd.DataFrame, days: int) -> pd.DataFrame:
    """Net spend of each customer's first days, and whether orders were placed on two of them."""
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    came = ibis.memtable(pd.DataFrame({CUSTOMER_ID: people.index, "came": people["came"].dt.date.to_numpy()}))
    rows = bought.join(came, CUSTOMER_ID)
    since = rows.day.delta(rows.came.cast("date"), unit="day")
    rows = rows.filter((since >= 0) & (since < days))
    sums = (
        rows.group_by(CUSTOMER_ID).agg(net_spend=engine.total(rows.net), order_days=(rows.orders > 0).sum()).execute()
    )
    sums = sums.set_index(CUSTOMER_ID).astype(float).reindex(people.index).fillna(0.0)
    return pd.DataFrame({Outcome.ORDERED: (sums["order_days"] > 1).astype(float), Outcome.SPENT: sums["net_spend"]})


def _limits(spends: np.ndarray) -> tuple[float, float]:
    """The 95% interval of a mean of skewed money."""
    n, rest = len(spends), spends - spends.mean()
    squares = (rest**2).sum()
    skewness = (rest**3).sum() / squares**1.5 if squares else 0.0
    return skewed_interval(float(spends.mean()), float(np.sqrt(squares / (n - 1) / n)), float(skewness), n)
