"""Where customers leave the funnel, and what they do next instead."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.road.chains import Mode
from helpers.analyses.journey.road.steps import Funnel
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import DROPPED_AFTER, NEXT, NOTHING, STEP, WAY
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, shown_groups
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, LOWER, SHARE, UPPER
from helpers.statistics.shares import wilson_interval

MOST_NEXT = 7  # the small ones together are one of them
MOST_DRAWN = 12


@dataclass(frozen=True)
class Drops(Counted, Finding):
    """Customers who got no further than a step, by the touchpoint that came next within the window."""

    table: pd.DataFrame  # one row a step and what came next, the most frequent first; the share is of those who dropped
    columns = (DROPPED_AFTER, NEXT, CUSTOMERS.but(adds_up=[[DROPPED_AFTER]]), SHARE.but(tells=CUSTOMERS), LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by the last step that they reached and what came next, the most first, with its share there."""
        after, then = (self.table[column].map(column.write) for column in (DROPPED_AFTER, NEXT))
        ways = self.table.assign(**{WAY: after + " → " + then})
        most = ways.sort_values(CUSTOMERS, ascending=False, kind="stable").head(MOST_DRAWN)
        return charts.bars(most, value=CUSTOMERS, label=WAY, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("After which step do customers stop, and what comes next?")

    def headline(self) -> Sentence:
        """The step after which most customers drop; what most of them do below."""
        sums = self.table.groupby(DROPPED_AFTER, sort=False)[CUSTOMERS].sum()
        step = sums.idxmax()
        after, all_of_them = facts.Word(step, STEP), facts.Count(sums.sum())
        if len(sums) > 1:
            told = say(
                "{customers} of {all} customers who do not finish stop after “{step}”, more than elsewhere.",
                customers=facts.Count(sums[step]),
                all=all_of_them,
                step=after,
            )
        else:
            told = say("All {all} customers who do not finish stop after “{step}”.", all=all_of_them, step=after)
        return told.resting_on(self._then(self.table[self.table[DROPPED_AFTER] == step].iloc[0]))

    @staticmethod
    def _then(most: pd.Series) -> Sentence:
        """What most of those who stopped after a step did next."""
        share, interval = facts.Share(most[SHARE]), facts.limits(most)
        if most[NEXT] == NOTHING:
            return say(
                "{share} of these did nothing more within the window ({interval}).", share=share, interval=interval
            )
        if most[NEXT] == SMALL_GROUPS:
            return say("{share} of these went different ways ({interval}).", share=share, interval=interval)
        return say(
            "{share} of these were next met at “{step}” ({interval}).",
            share=share,
            step=facts.Word(most[NEXT], STEP),
            interval=interval,
        )


@if_applicable
def drops(funnel: Funnel, points: Touchpoints) -> Drops | NotApplicable:
    """The next touchpoint of whatever step, within a window that ended before they reached the last step.

    `points` are the touchpoints that the funnel was made of. The next one may be of the step they were at once more, of
    one that the funnel does not count, or none. Of touchpoints of one moment those of the funnel's later steps count as
    next. What too few customers did is folded; a step after which fewer than five stopped is left out.
    Intervals are Wilson's at 95 %.
    """
    stopped = funnel.customers[~funnel.converted & ~funnel.waiting]
    if len(stopped) < SMALLEST_GROUP:
        few = say("fewer than {least} customers stopped before the last step.", least=facts.Count(SMALLEST_GROUP))
        return NotApplicable(few)
    following = stopped["customer_id"].map(_following(points, funnel, stopped)).fillna(NOTHING)
    after = funnel.table[STEP].to_numpy()[stopped["depth"] - 1]
    cells = [
        _cells(following[after == step], step) for step in funnel.table[STEP] if (after == step).sum() >= SMALLEST_GROUP
    ]
    if not cells:
        return NotApplicable(say("after no step did {least} customers stop.", least=facts.Count(SMALLEST_GROUP)))
    table = pd.concat(cells, ignore_index=True)
    ways = pd.DataFrame({CUSTOMER_ID: stopped["customer_id"], DROPPED_AFTER: after, NEXT: following})
    alone = pd.MultiIndex.from_frame(ways[[DROPPED_AFTER, NEXT]]).isin(
        pd.MultiIndex.from_frame(table[[DROPPED_AFTER, NEXT]])
    )
    return Drops(table, behind=ways.assign(**{NEXT: following.where(alone, SMALL_GROUPS)}))


def _following(points: Touchpoints, funnel: Funnel, stopped: pd.DataFrame) -> pd.Series:
    """customer_id → the step of the touchpoint that came next."""
    steps = funnel.rules.steps
    ordered = funnel.rules.mode != Mode.ANY_ORDER
    last = pd.DataFrame({
        "customer_id": stopped["customer_id"],
        "last_at": stopped[[f"at_{k}" for k in range(len(steps))]].max(axis=1),
        "last_place": stopped["depth"] - 1 if ordered else len(steps),
        "ends_at": funnel.ends_at[stopped.index],
    })  # fmt: skip
    rows = points.rows.select("customer_id", "step", "at")
    place = ibis.cases(*((rows.step == name, place) for place, name in enumerate(steps)), else_=len(steps))
    rows = rows.mutate(place=place).join(ibis.memtable(last), "customer_id")
    later = (rows["at"] > rows.last_at) | ((rows["at"] == rows.last_at) & (rows.place > rows.last_place))
    rows = rows.filter(later, rows["at"] <= rows.ends_at)
    order = ibis.window(group_by="customer_id", order_by=["at", "place", "step"])
    rows = rows.mutate(order=ibis.row_number().over(order))
    return rows.filter(rows.order == 0).select("customer_id", "step").execute().set_index("customer_id")["step"]


def _cells(following: pd.Series, step: str) -> pd.DataFrame:
    """What came next after one step, the most frequent first, the small ones together last."""
    counts = following.value_counts()
    kept = counts.reindex(shown_groups(counts, MOST_NEXT))
    if len(kept) < len(counts):
        kept.loc[SMALL_GROUPS] = counts.sum() - kept.sum()
    customers = kept.to_numpy(dtype="int64")
    lower, upper = wilson_interval(customers, customers.sum())
    return pd.DataFrame({
        DROPPED_AFTER: step, NEXT: kept.index, CUSTOMERS: customers, SHARE: customers / customers.sum(),
        LOWER: lower, UPPER: upper,
    })  # fmt: skip
