"""Whether the shop's tiers get the faster answer that tiers are promised."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.service.tickets import recorded
from helpers.analyses.feedback.service.tiers import LATELY_DAYS, Tiered, tiered
from helpers.analyses.feedback.service.waiting import (
    CLOCKS,
    FIRST_REPLY,
    Speed,
    counted,
    curve_of,
    timed_tickets,
    waited,
    waits_alike,
)
from helpers.analyses.feedback.vocabulary import (
    MEDIAN_DAYS,
    MEDIAN_HOURS,
    ON_TIME_SHARE,
    TICKETS,
    TIER,
    TIMES_EXPECTED,
    WAITING,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import CUSTOMERS, GROUP, LOWER, UPPER

KINDS = ("category", "complaint")  # within which requests are compared, as far as they are recorded


@dataclass(frozen=True)
class SpeedByTier(Finding):
    """How long requests of each tier wait, the highest tier first, and one test of all tiers.

    The shares are of all requests of a tier; `times_expected` and the test compare requests of one kind and quarter, as
    tiers ask for different things.
    """

    table: pd.DataFrame  # with the median in the unit of what is waited for: median_hours or median_days
    what: str
    sla: float
    p_value: float  # log-rank test that all tiers wait as long, customers taken for the units
    ranked: bool  # whether the first tier is known to be the highest
    on_the_day: bool  # whether tiers are those of the request's day

    columns = (
        TIER, CUSTOMERS, TICKETS, WAITING, MEDIAN_HOURS, MEDIAN_DAYS, ON_TIME_SHARE, LOWER, UPPER, TIMES_EXPECTED,
    )  # fmt: skip

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share done within the SLA with its 95% CI."""
        return charts.forest(self.table, estimate=ON_TIME_SHARE, label=TIER, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.what == FIRST_REPLY:
            return say("Are higher tiers answered sooner?")
        return say("Are requests of higher tiers settled sooner?")

    def headline(self) -> Sentence:
        """Whether tiers wait differently, and whether it is the highest that waits least."""
        compared = self.table[(self.table[CUSTOMERS] >= LEAST_AT_RISK) & (self.table[TIER] != SMALL_GROUPS)]
        shares = (self._share(row) for _, row in compared.dropna(subset=ON_TIME_SHARE).iloc[[0, -1]].iterrows())
        return self._told(compared).resting_on(*shares, self._tested(), self._mix(), self._basis())

    def _told(self, compared: pd.DataFrame) -> Sentence:
        replied = self.what == FIRST_REPLY
        if not self.p_value < SIGNIFICANCE:
            if replied:
                return say("No evidence that any tier is answered sooner than another.")
            return say("No evidence that requests of any tier are settled sooner than those of another.")
        fast, slow = (compared.loc[compared[TIMES_EXPECTED].agg(end), TIER] for end in ("idxmax", "idxmin"))
        high = compared[TIER].iloc[0]
        known = {"fast": facts.Name(fast), "slow": facts.Name(slow)}
        if not self.ranked or fast == high:
            if replied:
                return say("“{fast}” is answered soonest, “{slow}” latest.", **known)
            return say("Requests of “{fast}” are settled soonest, those of “{slow}” latest.", **known)
        if replied:
            return say("“{fast}” is answered soonest, not the highest tier, “{high}”.", high=facts.Name(high), **known)
        return say(
            "Requests of “{fast}” are settled soonest, not those of the highest tier, “{high}”.",
            high=facts.Name(high),
            **known,
        )

    def _share(self, row: pd.Series) -> Sentence:
        return say(
            "“{tier}”: {share} within {length} ({limits}).",
            tier=facts.Name(row[TIER]),
            share=facts.Share(row[ON_TIME_SHARE]),
            length=CLOCKS[self.what].length(self.sla),
            limits=facts.limits(row),
        )

    def _tested(self) -> Sentence:
        return say(
            "All tiers tested at once, among requests of one kind and quarter: {p}.", p=facts.PValue(self.p_value)
        )

    def _mix(self) -> Sentence | None:
        """Why the shares of all requests may differ though the test tells nothing."""
        if self.p_value < SIGNIFICANCE:
            return None
        return say("Tiers that ask for other things have other shares, though none is preferred.")

    def _basis(self) -> Sentence:
        if self.on_the_day:
            return say("Tiers are those of the day of the request.")
        return say("Tiers are those of today, so only requests of the last {days} count.", days=facts.Days(LATELY_DAYS))


@analysis
def speed_by_tier(
    data: Dataset, what: str = FIRST_REPLY, sla: float = 2, labels: pd.Series | None = None
) -> SpeedByTier | NotApplicable:
    """How long requests wait by the tier of whoever made them, with those still open counted as long as they have.

    Tiers are those of `tiered`; `labels` (customer_id → tier) stand in where the data set has none of its own. The test
    is a log-rank test across the tiers of at least 20 customers, within each kind of request (category, complaint) and
    quarter, with customers for the units: higher tiers buy more, so they ask for other things, and at other times.
    Raises the errors of `speed`.
    """
    tickets = timed_tickets(data, what, sla)
    if isinstance(tickets, NotApplicable):
        return tickets
    known = tiered(data, tickets, labels)
    if isinstance(known, NotApplicable):
        return known
    rows = _rows(data, known, what)
    if rows[GROUP].nunique() < 2:
        return NotApplicable(say("all requests whose tier is known came from one tier."))
    speed = Speed(curve_of(rows, what, sla), what, sla, TIER).summary()
    customers = rows.groupby(GROUP, observed=True)["owner"].nunique().rename(CUSTOMERS)
    test = waits_alike(rows)
    ratio = (test.groups.set_index(GROUP)["observed"] / test.groups.set_index(GROUP)["expected"]).rename(TIMES_EXPECTED)
    table = speed.merge(customers, left_on=TIER, right_index=True).merge(
        ratio, how="left", left_on=TIER, right_index=True
    )
    table = table.astype({TIER: str})[[name for name in SpeedByTier.columns if name in table]]
    return SpeedByTier(table, what, sla, test.p_value, known.ranked, known.on_the_day)


def _rows(data: Dataset, known: Tiered, what: str) -> pd.DataFrame:
    """The requests by tier, `counted` within their kind and quarter."""
    rows = waited(known.tickets, what, data)
    rows = rows.mutate(group=rows[TIER], quarter=rows.opened_at.year() * 4 + rows.opened_at.quarter())
    counts = counted(rows, known.tiers, *recorded(rows, KINDS), "quarter")
    return counts.assign(group=counts[GROUP].cat.as_ordered().cat.remove_unused_categories())
