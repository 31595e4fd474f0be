"""How fast tickets are answered and resolved, with those still open counted for as long as they have waited."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import f

from helpers import parameters
from helpers.analyses.feedback.service.tickets import (
    NO_TICKETS,
    chosen_group,
    grouped,
    minutes_between,
    recorded,
    tickets_of,
)
from helpers.analyses.feedback.vocabulary import (
    ANSWERED_SHARE,
    AT_RISK,
    BY_NAME,
    CENSORED,
    EVENTS,
    FIRST_REPLY_HOURS,
    MEDIAN_DAYS,
    MEDIAN_HOURS,
    ON_TIME_SHARE,
    RESOLUTION_DAYS,
    RESOLVED_SHARE,
    STILL_WAITING_SHARE,
    TICKETS,
    TIME,
    WAITING,
)
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_MINUTES, night
from helpers.findings import Column, Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, GROUP, LOWER, STD_ERROR, UPPER
from helpers.statistics import survival
from helpers.statistics.shares import clustered_shares

DRAWN = 200  # points of a curve
AT_RISK_TIMES = 6
NEARLY_ALL = 0.95  # curves are drawn until so many are done


@dataclass(frozen=True)
class Clock:
    """What is waited for: the ticket's column, the unit in which readers count it, and the columns for it."""

    ends: str  # the column of the ticket's time at which the waiting ends
    length: type[facts.Hours] | type[facts.Days]  # how readers see a wait in its unit
    minutes: int  # in a unit
    time: Column
    share: Column  # done by that time
    median: Column


FIRST_REPLY = "first_reply"
CLOCKS = {
    FIRST_REPLY: Clock("first_reply_at", facts.Hours, 60, FIRST_REPLY_HOURS, ANSWERED_SHARE, MEDIAN_HOURS),
    "resolution": Clock("closed_at", facts.Days, DAY_MINUTES, RESOLUTION_DAYS, RESOLVED_SHARE, MEDIAN_DAYS),
}


@dataclass(frozen=True)
class Speed(Finding):
    """Kaplan–Meier curves of the time to the first reply or to the resolution, in hours or days."""

    table: pd.DataFrame
    what: str  # first_reply or resolution
    sla: float  # the time within which it is promised, in the clock's unit
    by: str  # the column, or "" for all tickets together
    p_value: float = np.nan  # log-rank test over customers that all groups wait equally long

    columns = (GROUP, TIME, AT_RISK, EVENTS, CENSORED, STILL_WAITING_SHARE, STD_ERROR, LOWER, UPPER)
    shown = (GROUP, TICKETS, WAITING, MEDIAN_HOURS, MEDIAN_DAYS, ON_TIME_SHARE, LOWER, UPPER, BY_NAME)

    @property
    def clock(self) -> Clock:
        """What is waited for."""
        return CLOCKS[self.what]

    @property
    def reliable(self) -> pd.DataFrame:
        """The table as far as it rests on 20 tickets."""
        return survival.resting_on(self.table, LEAST_AT_RISK)

    def summary(self) -> pd.DataFrame:
        """One row a group: tickets, still open, the median time, and the share done within the SLA with 95% CI."""
        counts = self.table.groupby(GROUP, sort=False, observed=True)[[EVENTS, CENSORED]].sum()
        groups = pd.DataFrame({TICKETS: counts.sum(axis=1), WAITING: counts[CENSORED]}).astype(int)
        median = survival.quantiles(self.reliable, 0.5).set_index(GROUP)[TIME].rename(self.clock.median)
        on_time = _done(survival.at(self.reliable, self.sla), ON_TIME_SHARE).set_index(GROUP)
        groups = groups.join(median).join(on_time[[ON_TIME_SHARE, LOWER, UPPER]])
        return groups.rename_axis(self.by or GROUP).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share done by the time since the ticket was recorded, with the numbers still waiting at each time."""
        clock, horizon = self.clock, self._horizon()
        step = _round_step(horizon / (AT_RISK_TIMES - 1))
        names = {TIME: clock.time}
        curve = _done(survival.at(self.reliable, np.linspace(0, horizon, DRAWN + 1)), clock.share).rename(columns=names)
        waiting = survival.at(self.table, np.arange(0, horizon + step / 2, step)).rename(columns=names)
        group, band = GROUP if self.by else "", (LOWER, UPPER)
        return charts.steps(curve, x=clock.time, y=clock.share, group=group, band=band, at_risk=waiting, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.what == FIRST_REPLY:
            return say("How long until a request is answered?")
        return say("How long until a request is settled?")

    def headline(self) -> Sentence:
        """The share done within the SLA; of groups, whether they differ, and how."""
        groups = self.summary().dropna(subset=ON_TIME_SHARE).sort_values(ON_TIME_SHARE, kind="stable")
        length = self.clock.length(self.sla)
        if groups.empty:
            return say(
                "Fewer than {least} requests were followed for {length}: too few to judge them by it.",
                least=facts.Count(LEAST_AT_RISK),
                length=length,
            )
        if self.by:
            return self._by_group(groups, length)
        row = groups.iloc[0]
        share = facts.Share(row[ON_TIME_SHARE])
        if self.what == FIRST_REPLY:
            told = say("{share} of requests are answered within {length}.", share=share, length=length)
        else:
            told = say("{share} of requests are settled within {length}.", share=share, length=length)
        waiting = say(
            "Still waiting: {waiting} of {tickets}, counted for as long as they have.",
            waiting=facts.Count(row[WAITING]),
            tickets=facts.Count(row[TICKETS]),
        )
        unknown = math.isnan(row[LOWER])  # as where all were in time
        limits = None if unknown else say("The interval is {interval}.", interval=facts.limits(row))
        return told.resting_on(limits, self._half(row), waiting)

    def _half(self, row: pd.Series) -> Sentence:
        middle = row[self.clock.median]
        if np.isnan(middle):
            return say("So far it is fewer than half of all.")
        return say("Half take {length} or less.", length=self.clock.length(middle))

    def _by_group(self, groups: pd.DataFrame, length: facts.Fact) -> Sentence:
        by = facts.Attribute(self.by)
        if not self.p_value < SIGNIFICANCE:
            return say("{by}: no evidence that requests of one group wait longer.", by=by)
        slow, fast = (row for _, row in groups.iloc[[0, -1]].iterrows())
        known = {"by": by, "length": length, "p": facts.PValue(self.p_value)}
        both = {"slow": facts.Name(slow[self.by]), "fast": facts.Name(fast[self.by])}
        low, high = facts.Share(slow[ON_TIME_SHARE]), facts.Share(fast[ON_TIME_SHARE])
        return say("{by}: “{slow}” waits longest, “{fast}” least.", by=by, **both).resting_on(
            say(
                "Done within {length}: {low} ({lowest}) and {high} ({highest}); beyond chance ({p}).",
                low=low,
                lowest=facts.limits(slow),
                high=high,
                highest=facts.limits(fast),
                length=length,
                p=known["p"],
            )
        )

    def _horizon(self) -> float:
        """A time by which nearly all of every group are done, but no more than a few times the SLA's length."""
        reached = survival.quantiles(self.table, NEARLY_ALL)[TIME].max()
        last = self.table[TIME].max()
        return float(min(last, max(reached if reached == reached else last, 2 * self.sla))) or 1.0


@analysis
def speed(data: Dataset, what: str = "resolution", sla: float = 3, by: str = "") -> Speed | NotApplicable:
    """Kaplan–Meier of the time from a ticket's record to its first reply (hours) or its resolution (days).

    Whole minutes, a begun one counted. A ticket not yet answered, or resolved, at the end of `as_of` is censored there;
    a ticket resolved without a reply stays among those never answered, so that 1 − S(t) is the share of all tickets
    answered within t. `sla` is in the unit of `what`. With `by` (a column of tickets) one curve a group, small groups
    folded. The test takes customers for the units (see `waits_alike`), and so do limits (see `curve_of`); both assume
    that when a ticket comes tells nothing of how long it takes. Raises ValueError for another `what` or `by`, and
    unless `sla` is from 0 to ten years.
    """
    counts = _waits(data, what, sla, by)
    if isinstance(counts, NotApplicable):
        return counts
    return Speed(curve_of(counts, what, sla), what, sla, by, waits_alike(counts).p_value if by else np.nan)


def _waits(data: Dataset, what: str, sla: float, by: str) -> pd.DataFrame | NotApplicable:
    """How many tickets of each owner and group waited how long, the largest group first (see `counted`)."""
    tickets = timed_tickets(data, what, sla)
    if isinstance(tickets, NotApplicable):
        return tickets
    if by and isinstance(lacking := chosen_group(tickets, by), NotApplicable):
        return lacking
    rows, names = grouped(tickets, by)
    return counted(waited(rows, what, data), names)


def timed_tickets(data: Dataset, what: str, sla: float) -> ir.Table | NotApplicable:
    """The tickets, where any of them tells when it was answered, or resolved, and enough customers have one.

    Raises ValueError for another `what`, and unless `sla` is from 0 to ten years.
    """
    clock = CLOCKS[parameters.one_of("what", what, CLOCKS)]
    parameters.between("sla", sla, 0, parameters.LONGEST_WINDOW_DAYS * DAY_MINUTES / clock.minutes)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    if not recorded(tickets, [clock.ends]):
        if what == FIRST_REPLY:
            return NotApplicable(say("no ticket of this data set says when it was answered."))
        return NotApplicable(say("no ticket of this data set says when it was resolved."))
    if tickets.customer_id.nunique().execute() < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers have a ticket.", least=facts.Count(SMALLEST_GROUP)))
    return tickets


def waited(tickets: ir.Table, what: str, data: Dataset) -> ir.Table:
    """The tickets with the minutes each waited until it was done, or still does at the end of `as_of`."""
    ends = tickets[CLOCKS[what].ends]
    until = ibis.coalesce(ends, night(data.as_of))
    return tickets.mutate(minutes=minutes_between(tickets.opened_at, until), done=ends.notnull())


def counted(waits: ir.Table, groups: Sequence[str], *within: str) -> pd.DataFrame:
    """How many tickets waited how many minutes and were then done, or still wait, by owner and group, in this order.

    Owners, the customers, and strata, the combinations of the columns `within`, come as numbers.
    """
    group = ibis.cases(*((waits["group"] == name, place) for place, name in enumerate(groups)))
    stratum, owner = (ibis.dense_rank().over(order_by=names) if names else 0 for names in (within, (CUSTOMER_ID,)))
    rows = waits.select("minutes", "done", group=group, stratum=stratum, owner=owner)
    keys = ["group", "minutes", "done", "owner", "stratum"]
    counts = rows.group_by(keys).agg(tickets=rows.count()).execute().sort_values(keys, ignore_index=True)
    return counts.assign(group=pd.Categorical.from_codes(counts["group"], groups))


def curve_of(counts: pd.DataFrame, what: str, sla: float) -> pd.DataFrame:
    """Kaplan–Meier of requests as `counted`, in the clock's unit.

    Limits are those of independent requests, widened as that of the share done within `sla` is where a customer's
    requests are alike (the design effect: Kish 1965).
    """
    times = counts["minutes"] / CLOCKS[what].minutes
    curve = survival.kaplan_meier(times, counts["done"], weights=counts["tickets"], groups=counts["group"])
    followed = counts[(times >= sla) | counts["done"]]
    in_time = followed["tickets"].where(followed["done"] & (times[followed.index] <= sla), 0)
    each = followed.assign(in_time=in_time).groupby(["group", "owner"], observed=True)[["in_time", "tickets"]].sum()
    shares = clustered_shares(each.index.get_level_values("group").astype(object), each["in_time"], each["tickets"])
    wider = np.sqrt(curve["group"].astype(object).map(shares["n"] / shares["worth"]).astype(float).fillna(1.0))
    lower, upper = survival.limits(curve["survival"], wider * curve["std_error"], "log-log", 1 - SIGNIFICANCE)
    return curve.assign(std_error=wider * curve["std_error"], lower=lower, upper=upper)


def waits_alike(counts: pd.DataFrame) -> survival.LogRank:
    """Log-rank test of the groups of at least 20 customers, within strata, with customers for the units.

    `counts` are requests as `counted`. The variance between few customers is itself uncertain: χ² ÷ df is held against
    F with the customers of the smallest group less one (to χ² alone, a group of 30 would be told in 6 to 7 % where
    none waits longer). NaN for fewer than two such groups.
    """
    customers = counts.groupby(GROUP, observed=True)["owner"].nunique()
    large = customers[customers >= LEAST_AT_RISK]
    if len(large) < 2:
        return survival.LogRank(np.nan, 0, np.nan, pd.DataFrame({GROUP: [], "observed": [], "expected": []}))
    kept = counts[counts[GROUP].isin(large.index)]
    test = survival.log_rank(
        kept["minutes"], kept["done"], kept[GROUP].astype(str), weights=kept[TICKETS],
        strata=kept["stratum"], cluster=kept["owner"],
    )  # fmt: skip
    p_value = f.sf(test.statistic / test.df, test.df, large.min() - 1) if test.df else np.nan
    return replace(test, p_value=float(p_value))


def _done(curve: pd.DataFrame, share: Column) -> pd.DataFrame:
    """Survival turned into the share done, called `share`, with its limits."""
    limits = {LOWER: 1 - curve[UPPER], UPPER: 1 - curve[LOWER]}
    return curve[[GROUP, TIME]].assign(**{share: 1 - curve[STILL_WAITING_SHARE]}, **limits)


def _round_step(step: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(power * each for each in (1, 2, 5, 10) if power * each >= step * (1 - 1e-9)))
