"""Where customers leave the funnel, and what they do next instead."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey.road.chains import Mode
from helpers.analyses.journey.road.steps import Funnel
from helpers.analyses.journey.road.touches import NOTHING, Touchpoints
from helpers.analyses.journey.vocabulary import DROPPED_AFTER, NEXT, STEP, WAY
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, shown_groups
from helpers.findings.vocabulary import CUSTOMERS, LOWER, SHARE, UPPER
from helpers.language import _
from helpers.statistics.shares import wilson_interval

MOST_NEXT = 7  # the small ones together are one of them
MOST_DRAWN = 12


@dataclass(frozen=True)
class Drops(Finding):
    """Customers who got no further than a step, by the touchpoint that came next within the window."""

    table: pd.DataFrame  # one row a step and what came next, the most frequent first; the share is of those who dropped
    columns = (DROPPED_AFTER, NEXT, CUSTOMERS, SHARE, LOWER, UPPER)

    def summary(self) -> pd.DataFrame:
        """The same, what came next in words."""
        return self.table.assign(next=self.table[NEXT].replace(NOTHING, _("nothing")))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by the last step that they reached and what came next, the most first, with its share there."""
        rows = self.summary()
        ways = rows.assign(**{WAY: rows[DROPPED_AFTER] + " → " + rows[NEXT]})
        most = ways.sort_values(CUSTOMERS, ascending=False, kind="stable").head(MOST_DRAWN)
        return charts.bars(most, value=CUSTOMERS, label=WAY, share=SHARE, ax=ax)

    def headline(self) -> str:
        """The step after which most customers drop, and what most of them do."""
        sums = self.table.groupby(DROPPED_AFTER, sort=False)[CUSTOMERS].sum()
        step = sums.idxmax()
        most = self.table[self.table[DROPPED_AFTER] == step].iloc[0]
        spread = formats.interval(most[LOWER], most[UPPER], formats.percent)
        words = {NOTHING: "did nothing more within the window", SMALL_GROUPS: "went different ways"}
        then = words.get(most[NEXT], f"were next met at “{most[NEXT]}”")
        where = f"most ({sums[step]:,}) stop" if len(sums) > 1 else "all stop"
        return (
            f"Of {sums.sum():,} customers who do not finish, {where} after “{step}”; "
            f"{formats.percent(most[SHARE])} of these ({CI} {spread}) {then}."
        )


@if_applicable
def drops(funnel: Funnel, points: Touchpoints) -> Drops | NotApplicable:
    """The next touchpoint of whatever step, within a window that ended before they reached the last step.

    `points` are the touchpoints that the funnel was made of. The next one may be of the step they were at once more, of
    one that the funnel does not count, or none. Of touchpoints of one moment those of the funnel's later steps count as
    next. What fewer than five customers did is folded; a step after which fewer than five stopped is left out.
    Intervals are Wilson's at 95 %.
    """
    stopped = funnel.customers[~funnel.converted & ~funnel.waiting]
    if len(stopped) < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers stopped before the last step.")
    following = stopped["customer_id"].map(_following(points, funnel, stopped)).fillna(NOTHING)
    after = funnel.table[STEP].to_numpy()[stopped["depth"] - 1]
    cells = [
        _cells(following[after == step], step) for step in funnel.table[STEP] if (after == step).sum() >= SMALLEST_GROUP
    ]
    if not cells:
        return NotApplicable(f"after no step did {SMALLEST_GROUP} customers stop.")
    return Drops(pd.concat(cells, ignore_index=True))


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
