"""The community (社群): which events are its own, and how many of the active customers are active in it, by month."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import ACTIVE_CUSTOMERS, COMMUNITY_MEMBERS, COMMUNITY_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import LOWER, MONTH, UPPER
from helpers.statistics.shares import wilson_interval

# What the channel of an event is called where it happened in a community, in small letters.
NAMES = (
    "community", "forum", "group ?chat", "chat ?group", "wechat ?group", "discord",
    "社群", "社区", "微信群", "企微群", "客户群", "粉丝群", "会员群", "论坛",
)  # fmt: skip
NONE = NotApplicable(
    say("no event has a community as its channel: export what is done there as events with that channel (社群).")
)


@dataclass(frozen=True)
class Community(Finding):
    """Customers active in the community, of all who did anything, by month."""

    table: pd.DataFrame  # a row a whole month
    members: int  # customers who were ever active in it
    columns = (MONTH, ACTIVE_CUSTOMERS, COMMUNITY_MEMBERS, COMMUNITY_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each month, with its interval."""
        return charts.line(self.table, x=MONTH, y=COMMUNITY_SHARE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many of the active customers are active in the community?")

    def headline(self) -> Sentence:
        """The share of the last month."""
        last = self.table.iloc[-1]
        told = say(
            "{share} of the customers active in {month} were active in the community.",
            share=facts.Share(last[COMMUNITY_SHARE]),
            month=facts.Month(last[MONTH]),
        )
        first = self.table.iloc[0]
        return told.resting_on(
            say(
                "{members} of {active} customers who did anything that month ({interval}); in {month} it was {share}.",
                members=facts.Count(last[COMMUNITY_MEMBERS]),
                active=facts.Count(last[ACTIVE_CUSTOMERS]),
                interval=facts.limits(last),
                month=facts.Month(first[MONTH]),
                share=facts.Share(first[COMMUNITY_SHARE]),
            ),
            say("{members} customers were ever active in it.", members=facts.Count(self.members)),
        )


def of_community(data: Dataset) -> ir.Table | None:
    """The events of a community; None without any."""
    if "events" not in data.tables:
        return None
    events = data.tables["events"]
    own = events.filter(events.customer_id.notnull(), events.channel.lower().re_search("|".join(NAMES)))
    return own if own.count().execute() else None


@analysis
def community(data: Dataset, points: Touchpoints | NotApplicable) -> Community | NotApplicable:
    """Share of the customers active in each whole month who were active in the community.

    Active is who did anything that dates a touchpoint of their own; in the community, anything whose channel is one.
    Who reads and says nothing leaves no event, so the share is a lower bound. Intervals are Wilson's, each month's by
    itself. Months of fewer than 20 active customers are left out, and so is the one that the data's day cuts.
    """
    own = of_community(data)
    if own is None or isinstance(points, NotApplicable):
        return NONE
    acts = points.rows.filter(points.rows.step.isin([step.name for step in points.steps if step.by_customer]))
    there = own.select("customer_id", month=own.happened_at.truncate("M")).distinct()
    anywhere = acts.select("customer_id", month=acts["at"].truncate("M")).distinct().union(there, distinct=True)
    table = pd.DataFrame({ACTIVE_CUSTOMERS: _by_month(anywhere), COMMUNITY_MEMBERS: _by_month(there)})
    table = table.fillna(0).astype("int64").sort_index()
    over = table.index + pd.offsets.MonthEnd(1) <= pd.Timestamp(data.as_of)
    began = table.index >= table.index[table[COMMUNITY_MEMBERS] > 0].min()
    shown = (table[ACTIVE_CUSTOMERS] >= LEAST_AT_RISK) & ~table[COMMUNITY_MEMBERS].between(1, SMALLEST_GROUP - 1)
    table = table[over & began & shown].rename_axis(MONTH).reset_index()
    members = int(own.customer_id.nunique().execute())
    if table.empty or members < SMALLEST_GROUP:
        few = say("fewer than {least} customers were active in the community.", least=facts.Count(SMALLEST_GROUP))
        return NotApplicable(few)
    lower, upper = wilson_interval(table[COMMUNITY_MEMBERS], table[ACTIVE_CUSTOMERS])
    share = table[COMMUNITY_MEMBERS] / table[ACTIVE_CUSTOMERS]
    return Community(table.assign(**{COMMUNITY_SHARE: share, LOWER: lower, UPPER: upper}), members)


def _by_month(rows: ir.Table) -> pd.Series:
    """How many rows each month has."""
    counts = rows.group_by("month").agg(n=rows.count()).execute()
    return pd.Series(counts["n"].to_numpy(), pd.to_datetime(counts["month"]))
