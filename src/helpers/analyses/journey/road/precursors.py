"""What came before: the last touchpoints of customers who then fell silent or ordered again, beside those who did not.

Both look back from a day at which nobody knew how it would end (a landmark), over as many days for everybody. Looking
back from the last activity itself would find for the silent what makes it the last, and for the others just the end of
the data.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import EVENT_SHARE, LIFT, OTHERS_SHARE, PATH
from helpers.data.days import morning, night
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI, SIGNIFICANCE, Z
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, folded_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, P_VALUE, UPPER
from helpers.statistics.effects import Moments, compare
from helpers.statistics.inference import adjust

MOST_STEPS = 5
MOST_PATHS = 11  # the rare ones together are one of them
LEAST = 20  # customers on either side of a comparison
LEAST_OF_EACH = 5  # on either side, with and without a path, for a test
ARROW = " → "
NOTHING = "nothing"


@dataclass(frozen=True)
class PathsBefore(Finding):
    """Last touchpoints by what happened later: how many times as frequent each path is in one group as in the other."""

    table: pd.DataFrame  # one row a path, the most frequent first, the rare ones together last
    event: str  # what happened, in words
    others: str
    window: str
    columns = (PATH, CUSTOMERS, EVENT_SHARE, OTHERS_SHARE, LIFT, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)
    shown = (PATH, CUSTOMERS, EVENT_SHARE, OTHERS_SHARE, LIFT, LOWER, UPPER, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """The same, of the p-values the one that is corrected (Holm) for the number of paths."""
        return self.table.drop(columns=P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many times as frequent each path was before the event; 1 is as frequent as among the others."""
        known = self.table.dropna(subset=[LOWER, UPPER])
        return charts.forest(known, estimate=LIFT, label=PATH, reference=1, log=True, ax=ax)

    def headline(self) -> str:
        """The paths that differ most clearly, in words of association."""
        about = f"{self.window}:"
        differ = self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE
        clear = self.table[differ & (self.table[PATH] != SMALL_GROUPS)]
        if clear.empty:
            return (f"{about} no evidence that the touchpoints of customers who {self.event} differ from those who "
                    f"{self.others}.")  # fmt: skip
        paths = " and ".join(self._path(row) for _, row in clear.sort_values(P_VALUE).head(2).iterrows())
        return (
            f"{about} {paths} as frequent among customers who {self.event} as among those who {self.others}. "
            f"{differ.sum()} of {len(self.table)} paths differ, tested at once (Holm). This is association."
        )

    @staticmethod
    def _path(row: pd.Series) -> str:
        spread = formats.interval(row[LOWER], row[UPPER])
        return f"“{row[PATH]}” is {formats.number(row[LIFT])} times ({CI} {spread})"


@if_applicable
def before_silence(
    points: Touchpoints, silence_days: int = 90, lookback_days: int = 90, length: int = 2
) -> PathsBefore | NotApplicable:
    """The last `length` touchpoints of customers who then did nothing for `silence_days`, and of those who came back.

    Everybody who acted in the `lookback_days` before the landmark, the data's day less `silence_days`, is in one of
    both groups; messages sent to a customer are on the path but are no act of theirs. Paths are those within the
    lookback. Silence is not leaving for good.
    """
    for name, days in (("silence_days", silence_days), ("lookback_days", lookback_days)):
        parameters.between(name, days, 1, parameters.LONGEST_WINDOW_DAYS)
    parameters.between("length", length, 1, MOST_STEPS)
    landmark = points.as_of - dt.timedelta(days=silence_days - 1)
    begin = landmark - dt.timedelta(days=lookback_days)
    acts = [step.name for step in points.steps if step.by_customer]
    rows = points.placed
    before = rows.filter(rows["at"] >= morning(begin), rows["at"] < morning(landmark))
    after = rows.filter(rows["at"] >= morning(landmark))
    active = before.filter(before.step.isin(acts)).select("customer_id").distinct()
    back = after.filter(after.step.isin(acts)).select("customer_id").distinct().mutate(back=True)
    known = active.left_join(back, "customer_id")
    known = known.select("customer_id", event=known.back.isnull())
    window = f"In the {formats.days(lookback_days)} before {landmark:%Y-%m-%d}"
    words = f"then did nothing for {formats.days(silence_days)}", "came back"
    return _compared(_with_paths(known, before, length), words, window)


@if_applicable
def before_second_order(
    points: Touchpoints, wait_days: int = 14, horizon_days: int = 90, length: int = 2
) -> PathsBefore | NotApplicable:
    """The last `length` touchpoints in the `wait_days` after the first order, by whether a second order followed.

    The second order is one in the `horizon_days` after the wait. Who ordered again within the wait is left out, for
    their path was cut short by it; so is whose horizon goes beyond the data's day.
    """
    for name, days in (("wait_days", wait_days), ("horizon_days", horizon_days)):
        parameters.between(name, days, 1, parameters.LONGEST_WINDOW_DAYS)
    parameters.between("length", length, 1, MOST_STEPS)
    ordered = [step.name for step in points.steps if step.table == "orders"]
    if not ordered:
        return NotApplicable("no step of the road is an order.")
    rows = points.placed
    two = _first_two(rows.filter(rows.step.isin(ordered)))
    two = two.mutate(waited_at=two.first_at + ibis.interval(days=wait_days))
    two = two.mutate(ends_at=two.waited_at + ibis.interval(days=horizon_days))
    late = two.second_at.isnull() | (two.second_at > two.waited_at)
    two = two.filter(late, two.ends_at < night(points.as_of))
    known = two.mutate(event=(two.second_at <= two.ends_at).fill_null(False))
    between = rows.join(known, "customer_id")
    between = between.filter(between["at"] > between.first_at, between["at"] <= between.waited_at)
    words = f"order again in the {formats.days(horizon_days)} thereafter", "do not"
    window = f"In the {formats.days(wait_days)} after the first order"
    return _compared(_with_paths(known.select("customer_id", "event"), between, length), words, window)


def _first_two(orders: ir.Table) -> ir.Table:
    """customer_id, first_at and second_at: when each customer first ordered, and when next (at another moment)."""
    times = orders.select("customer_id", "at").distinct()
    times = times.mutate(order=ibis.row_number().over(ibis.window(group_by="customer_id", order_by="at")))
    return times.group_by("customer_id").agg(
        first_at=times["at"].min(where=times.order == 0), second_at=times["at"].min(where=times.order == 1)
    )


def _with_paths(known: ir.Table, rows: ir.Table, length: int) -> pd.DataFrame:
    """customer_id, event and path of every customer in `known`, from the last of `rows`; "nothing" without any."""
    latest = ibis.window(group_by="customer_id", order_by=[rows["at"].desc(), rows.place.desc()])
    last = rows.mutate(order=ibis.row_number().over(latest))
    last = last.filter(last.order < length)
    paths = last.group_by("customer_id").agg(path=last.step.group_concat(ARROW, order_by=last.order.desc()))
    both = known.left_join(paths, "customer_id")
    return both.select("customer_id", "event", path=both.path.fill_null(NOTHING)).execute()


def _compared(customers: pd.DataFrame, words: tuple[str, str], window: str) -> PathsBefore | NotApplicable:
    """The paths of both groups side by side, as shares of each."""
    event = customers["event"].astype(bool)
    if min(event.sum(), (~event).sum()) < LEAST:
        return NotApplicable(f"fewer than {LEAST} customers {words[0]}, or {words[1]}: too few to compare their paths.")
    counts = pd.crosstab(folded_groups(customers[PATH], MOST_PATHS).astype(object), event)
    counts = counts[counts.sum(axis=1) >= SMALLEST_GROUP]
    if len(counts) < 2:
        return NotApplicable(f"all customers who {words[0]}, or {words[1]}, have the same path.")
    lines = [_line(path, int(yes), int(event.sum()), int(no), int((~event).sum()))
             for path, no, yes in counts.reindex(columns=[False, True]).itertuples()]  # fmt: skip
    table = pd.DataFrame(lines)
    if table[P_VALUE].isna().all():
        return NotApplicable(f"no path is frequent enough to compare who {words[0]} with who {words[1]}.")
    table = table.assign(adjusted_p_value=adjust(table[P_VALUE], "holm"), rest=table[PATH] == SMALL_GROUPS)
    table = table.sort_values(["rest", CUSTOMERS, PATH], ascending=[True, False, True], ignore_index=True)
    return PathsBefore(table.drop(columns="rest"), *words, window)


def _line(path: str, yes: int, events: int, no: int, others: int) -> dict[str, object]:
    """Shares of a path in both groups and their ratio, with the interval of its logarithm (Katz et al. 1978)."""
    moments = [Moments.from_sums(n, {"path": count}, {"path": count}) for count, n in ((no, others), (yes, events))]
    enough = min(yes, no, events - yes, others - no) >= LEAST_OF_EACH
    lift = (yes / events) / (no / others) if no else np.nan
    error = np.sqrt(1 / yes - 1 / events + 1 / no - 1 / others) if yes and no else np.nan
    reach = np.exp(Z * error)
    return {
        PATH: path, CUSTOMERS: yes + no, EVENT_SHARE: yes / events, OTHERS_SHARE: no / others, LIFT: lift,
        LOWER: lift / reach, UPPER: lift * reach,
        P_VALUE: compare(*moments, kind="proportion").p_value if enough else np.nan,
    }  # fmt: skip
