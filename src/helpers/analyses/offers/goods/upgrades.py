"""Who moves on to a dearer plan, and whether they leave more than others alike who kept theirs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.offers.goods.vocabulary import (
    ALIKE_LEFT_RATE,
    LEFT_DIFFERENCE,
    MOVE,
    MOVED,
    MOVED_LEFT_RATE,
    PRICE_RISE,
)
from helpers.data.contract_stays import NEVER, contract_stays
from helpers.data.datasets import Dataset
from helpers.data.days import MONTH_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import MOST_GROUPS, SMALL_GROUPS, shown_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics.effects import match
from helpers.statistics.inference import adjust

FOLLOWED_DAYS = 180
LATEST_END = 31  # days by which the old plan may outlast the new one's begin; longer, and both are wanted
TENURES = (90, 180, 365, 730)  # upper edges of who is there about as long
UP, KEPT = "up", "kept"
ARROW = " → "
MOST_OTHERS = 400_000  # customers who kept their plan, over all months


@dataclass(frozen=True)
class Apart:
    """How many of the movers left, how many of others alike, and how sure that is; money paid beside it."""

    moved: int
    left: tuple[float, float]
    difference: tuple[float, float, float, float]  # with limits and p-value
    paid: tuple[float, float, float, float]  # more within the days followed, likewise


@dataclass(frozen=True)
class MovedUp(Finding):
    """Of each move to a dearer plan the share that left within 180 days, beside others alike who kept theirs."""

    table: pd.DataFrame  # the commonest move first
    every: Apart
    unmatched: int  # who moved and had too few alike
    unlike: float  # the difference to everybody who kept a plan, alike or not
    at_renewal: bool
    currency: str = ""
    columns = (
        MOVE, MOVED, PRICE_RISE, MOVED_LEFT_RATE, ALIKE_LEFT_RATE, LEFT_DIFFERENCE, LOWER, UPPER, P_VALUE,
        ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = tuple(column for column in columns if column != P_VALUE)

    def summary(self) -> pd.DataFrame:
        """Without the p-values that are not corrected."""
        return self.table.drop(columns=P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many more of those who moved left than of others alike."""
        return charts.forest(self.table, estimate=LEFT_DIFFERENCE, label=MOVE, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many more leave after moving to a dearer plan than of others alike?")

    def headline(self) -> Sentence:
        """Whether they leave more, all moves together; what they pay more and what one would have thought below."""
        return self._told().resting_on(*self._basis())

    def _told(self) -> Sentence:
        difference, p_value = self.every.difference[0], self.every.difference[3]
        if not p_value < SIGNIFICANCE:
            return say("No evidence that customers who move to a dearer plan leave more, or less, than others alike.")
        known = {
            "left": facts.Share(self.every.left[0]),
            "alike": facts.Share(self.every.left[1]),
            "days": facts.Days(FOLLOWED_DAYS),
        }
        if difference > 0:
            return say("More leave after moving to a dearer plan: {left} within {days}, others alike {alike}.", **known)
        return say("Fewer leave after moving to a dearer plan: {left} within {days}, others alike {alike}.", **known)

    def _basis(self) -> list[Sentence]:
        found, money = self.every, [facts.Money(each, self.currency, signed=True) for each in self.every.paid[:3]]
        apart, *limits = [facts.Points(each) for each in found.difference[:3]]
        compared = say(
            "{customers} moved, {days} followed, beside others of the same plan, quarter and time there; {unmatched} "
            "had too few alike.",
            customers=facts.Count(found.moved), days=facts.Days(FOLLOWED_DAYS), unmatched=facts.Count(self.unmatched),
        )  # fmt: skip
        kept = say("Others are those who renewed the same plan.") if self.at_renewal else None
        return [
            say("Difference {apart} ({interval}); beside all others, alike or not, it would be {unlike}.",
                apart=apart, interval=facts.Range(*limits), unlike=facts.Points(self.unlike)),
            say("In these days they pay {money} against others alike ({interval}).",
                money=money[0], interval=facts.Range(*money[1:])),
            compared,
            *([kept] if kept else []),
            ASSOCIATION,
            say("They chose to move, perhaps because they meant to stay: only an offer by lot would tell."),
        ]  # fmt: skip


@analysis
def moved_up(data: Dataset) -> MovedUp | NotApplicable:
    """Share that left within 180 days of those who moved to a dearer plan, beside others alike who kept theirs.

    A move is the next period of a customer, with no day between, of another plan at a higher price a month; at the
    same plan it is a rise in price, which nobody chose. Others are customers who renewed the same plan in that quarter
    where such renewals are recorded, and else customers whose plan ran on the first day of the month: all were still
    there, so nobody stays for having had to stay. Both are of the same plan, quarter and time there, in bands, what
    these leave of the time taken by least squares. A customer may be among the others first and move later. Moves of
    few are one group. Holm over moves; all together stand for themselves. Source: `statistics.effects.match`.
    """
    if "subscriptions" not in data.tables:
        return NotApplicable(say("this data set has no subscriptions: export them to see this."))
    rows, at_renewal = watched(data)
    if rows is None or int(rows["moved"].sum()) < LEAST_AT_RISK:
        return NotApplicable(
            say(
                "fewer than {least} customers moved to a dearer plan and were followed for {days}. Export one row a "
                "period, with plan and price.",
                least=facts.Count(LEAST_AT_RISK), days=facts.Days(FOLLOWED_DAYS),
            )
        )  # fmt: skip
    every = apart(rows)
    if every is None:
        return NotApplicable(
            say("fewer than {least} customers who moved have others alike.", least=facts.Count(LEAST_AT_RISK))
        )
    moved = rows["moved"].to_numpy()
    unlike = rows["left"][moved].mean() - rows["left"][~moved].mean()
    unmatched = int(moved.sum()) - every.moved
    return MovedUp(by_move(rows), every, unmatched, float(unlike), at_renewal, data.settings.currency)


def watched(data: Dataset) -> tuple[pd.DataFrame | None, bool]:
    """Movers and others, each on a day that 180 days have followed, and whether the others renewed on that day.

    customer_id, day, plan, price, to_plan, to_price, moved, tenure_days, left, paid (within the days).
    """
    rows = periods(data.tables["subscriptions"])
    turns = rows.mutate(day=rows.next_on, to_plan=rows.next_plan, to_price=rows.next_price)
    moved = _followed(turns.filter(turns.turn == UP), data)
    if moved.empty:
        return None, False
    others = _followed(turns.filter(turns.turn == KEPT), data)
    at_renewal = len(others) >= max(LEAST_AT_RISK, len(moved))
    if not at_renewal:
        others = _followed(_running(rows, moved["day"]), data)
    seen = pd.concat([moved.assign(moved=True), others.assign(moved=False)], ignore_index=True)
    return seen.sort_values(["day", "plan", "moved", "customer_id"], ignore_index=True), at_renewal


def periods(subscriptions: ir.Table) -> ir.Table:
    """One row a period with plan and price, the customer's next one, and the turn to it: up, kept or neither."""
    known = subscriptions.filter(
        subscriptions.customer_id.notnull(), subscriptions.plan.notnull(), subscriptions.price.notnull()
    )
    rows = known.select(
        "customer_id", "plan", "price",
        started_on=known.started_at.date(), until=ibis.coalesce(known.ended_at.date(), ibis.literal(NEVER)),
    )  # fmt: skip
    own = {"group_by": "customer_id", "order_by": [rows.started_on, rows.until, rows.plan, rows.price]}
    rows = rows.mutate(
        next_on=rows.started_on.lead().over(**own),
        next_plan=rows.plan.lead().over(**own),
        next_price=rows.price.lead().over(**own),
    )
    at_once = rows.next_on.delta(rows.until, unit="day").between(-LATEST_END, 1)
    is_same = rows.next_plan == rows.plan
    return rows.mutate(turn=ibis.cases((at_once & is_same, KEPT), (at_once & (rows.next_price > rows.price), UP)))


def _running(rows: ir.Table, days: pd.Series) -> ir.Table:
    """Those of the periods `rows` that ran on the first day of each month of `days`; of very many every so many-th."""
    months = ibis.memtable(pd.DataFrame({"day": sorted({each.date().replace(day=1) for each in days})}))
    order = [rows.started_on, rows.until, rows.plan, rows.price, rows.customer_id]
    numbered = rows.mutate(place=ibis.row_number().over(order_by=order))
    each = -(-int(rows.count().execute()) * len(set(days.dt.to_period("M"))) // MOST_OTHERS)
    drawn = numbered.filter(numbered.place % max(each, 1) == 0)
    met = drawn.cross_join(months)
    met = met.filter(met.started_on <= met.day, met.until > met.day)
    return met.mutate(to_plan=met.plan, to_price=met.price)


def _followed(rows: ir.Table, data: Dataset) -> pd.DataFrame:
    """`rows` (customer_id, day, plans and prices) with the stay of that day, of days that 180 days have followed."""
    last = data.as_of - dt.timedelta(days=FOLLOWED_DAYS)
    rows = rows.filter(rows.day <= ibis.literal(last))
    if data.settings.observed_from:
        rows = rows.filter(rows.day > ibis.date(data.settings.observed_from))
    rows = rows.select("customer_id", "day", "plan", "price", "to_plan", "to_price")
    stays = contract_stays(data.tables["subscriptions"]).select("customer_id", "started_on", "ended_on")
    met = rows.join(stays, "customer_id")
    met = met.filter(met.started_on <= met.day, met.ended_on.isnull() | (met.ended_on >= met.day))
    table = met.execute().assign(**{name: lambda frame, name=name: pd.to_datetime(frame[name]) for name in
                                    ("day", "started_on", "ended_on")})  # fmt: skip
    stayed = (table["ended_on"] - table["day"]).dt.days.fillna(FOLLOWED_DAYS + 1)
    return table.assign(
        tenure_days=(table["day"] - table["started_on"]).dt.days,
        left=(stayed <= FOLLOWED_DAYS).astype(float),
        paid=table["to_price"] * stayed.clip(upper=FOLLOWED_DAYS) / MONTH_DAYS,
    ).drop(columns=["started_on", "ended_on"])


def apart(rows: pd.DataFrame) -> Apart | None:
    """Movers beside others of the same plan, quarter and time there; None where fewer than 20 have others alike."""
    band = np.searchsorted(TENURES, rows["tenure_days"])
    strata = pd.factorize(pd.MultiIndex.from_arrays([rows["plan"], rows["day"].dt.to_period("Q"), band]))[0]
    matched = match(rows["moved"], strata, rows["customer_id"])
    if matched.pairs < LEAST_AT_RISK:
        return None
    outcomes = rows[["left", "paid"]].to_numpy(dtype=float)
    adjusted = matched.adjusted(outcomes, np.log1p(rows[["tenure_days"]].to_numpy(dtype=float)))
    left, paid = (matched.difference(adjusted[:, place]) for place in range(2))
    alike = matched.means(outcomes[:, 0])[0] - left[0]
    return Apart(matched.pairs, (matched.means(outcomes[:, 0])[0], float(np.clip(alike, 0, 1))), left, paid)


def by_move(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a move, the commonest first, moves of few as one; those with too few others alike are left out."""
    names = (rows["plan"] + ARROW + rows["to_plan"]).where(rows["moved"])
    sizes = names.value_counts()
    shown = shown_groups(sizes, MOST_GROUPS, LEAST_AT_RISK)
    names = names.where(names.isin(shown) | names.isna(), SMALL_GROUPS)
    lines = []
    for name in [*shown, SMALL_GROUPS]:
        own = rows[(names == name) | ~rows["moved"]]
        found = apart(own) if (names == name).any() else None
        if found is not None:
            rise = (own["to_price"] - own["price"])[own["moved"]].median()
            lines.append((name, found.moved, rise, *found.left, *found.difference))
    table = pd.DataFrame(lines, columns=list(MovedUp.columns[:-1]))
    return table.assign(**{ADJUSTED_P_VALUE: adjust(table[P_VALUE], "holm")})
