"""What came before: the last touchpoints of customers who then fell silent or ordered again, beside those who did not.

Both look back from a day at which nobody knew how it would end (a landmark), over as many days for everybody. Looking
back from the last activity itself would find for the silent what makes it the last, and for the others just the end of
the data.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.vocabulary import EVENT_SHARE, LIFT, NOTHING, OTHERS_SHARE, PATH, STEP
from helpers.data.days import morning, night
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE, Z
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, folded_groups
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, P_VALUE, UPPER
from helpers.statistics.effects import Moments, compare
from helpers.statistics.inference import adjust

MOST_STEPS = 5
MOST_PATHS = 11  # the rare ones together are one of them
LEAST = 20  # customers on either side of a comparison
LEAST_OF_EACH = 5  # on either side, with and without a path, for a test
ARROW = " → "


class Event(StrEnum):
    """What happened, or did not, after the paths that are compared."""

    SILENCE = "silence"
    SECOND_ORDER = "second_order"


@dataclass(frozen=True)
class PathsBefore(Counted, Finding):
    """Last touchpoints by what happened later: how many times as frequent each path is in one group as in the other."""

    table: pd.DataFrame  # one row a path, the most frequent first, the rare ones together last
    event: Event
    window: Sentence  # over which paths are seen, and what they are compared by
    columns = (PATH, CUSTOMERS, EVENT_SHARE, OTHERS_SHARE, LIFT, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)
    shown = (PATH, CUSTOMERS, EVENT_SHARE, OTHERS_SHARE, LIFT, LOWER, UPPER, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """Paths in words; of the p-values the one that is corrected (Holm) for the number of paths."""
        return self.table.drop(columns=P_VALUE).assign(**{PATH: self.table[PATH].map(_in_words)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many times as frequent each path was before the event; 1 is as frequent as among the others."""
        known = self.to_show().dropna(subset=[LOWER, UPPER])
        return charts.forest(known, estimate=LIFT, label=PATH, reference=1, log=True, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.event == Event.SILENCE:
            return say("How many times as frequent is each path before silence?")
        return say("How many times as frequent is each path before a second order?")

    def headline(self) -> Sentence:
        """The paths that are most clearly more and less frequent, in words of association."""
        differ = self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE
        clear = self.table[differ & (self.table[PATH] != SMALL_GROUPS)].sort_values(P_VALUE)
        tests = say(
            "{beyond} of {paths} paths differ beyond chance, tested together.",
            beyond=facts.Count(differ.sum()),
            paths=facts.Count(len(self.table)),
        )
        if clear.empty:
            return self._alike().resting_on(self.window, tests)
        ends = [rows.iloc[0] for rows in (clear[clear[LIFT] > 1], clear[clear[LIFT] < 1]) if len(rows)]
        told = self._both(*ends) if len(ends) == 2 else self._one(ends[0])
        return told.resting_on(*map(self._path, ends), tests, self.window, ASSOCIATION)

    def _alike(self) -> Sentence:
        if self.event == Event.SILENCE:
            return say("No evidence that customers go other ways before they fall silent.")
        return say("No evidence that customers go other ways before a second order.")

    def _both(self, more: pd.Series, less: pd.Series) -> Sentence:
        paths = {"more": facts.Name(_in_words(more[PATH])), "less": facts.Name(_in_words(less[PATH]))}
        if self.event == Event.SILENCE:
            return say("Before silence, “{more}” is more frequent, “{less}” less.", **paths)
        return say("Before a second order, “{more}” is more frequent, “{less}” less.", **paths)

    def _one(self, row: pd.Series) -> Sentence:
        path = facts.Name(_in_words(row[PATH]))
        if self.event == Event.SILENCE:
            if row[LIFT] > 1:
                return say("Before silence, “{path}” is more frequent.", path=path)
            return say("Before silence, “{path}” is less frequent.", path=path)
        if row[LIFT] > 1:
            return say("Before a second order, “{path}” is more frequent.", path=path)
        return say("Before a second order, “{path}” is less frequent.", path=path)

    @staticmethod
    def _path(row: pd.Series) -> Sentence:
        return say(
            "“{path}”: {lift} times as frequent as among the others ({interval}).",
            path=facts.Name(_in_words(row[PATH])),
            lift=facts.Number(row[LIFT]),
            interval=facts.limits(row, facts.Number),
        )


def _in_words(path: str) -> str:
    """A path as readers see it, step by step."""
    return str(say("no touchpoint")) if path == NOTHING else ARROW.join(map(STEP.write, path.split(ARROW)))


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
    window = say(
        "Seen over the {lookback} before {day}: who then did nothing for {silence}, beside who came back.",
        lookback=facts.Days(lookback_days),
        day=facts.Day(landmark),
        silence=facts.Days(silence_days),
    )
    return compared(_with_paths(known, before, length), Event.SILENCE, window)


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
        return NotApplicable(say("no step of the road is an order."))
    rows = points.placed
    two = _first_two(rows.filter(rows.step.isin(ordered)))
    two = two.mutate(waited_at=two.first_at + ibis.interval(days=wait_days))
    two = two.mutate(ends_at=two.waited_at + ibis.interval(days=horizon_days))
    late = two.second_at.isnull() | (two.second_at > two.waited_at)
    two = two.filter(late, two.ends_at < night(points.as_of))
    known = two.mutate(event=(two.second_at <= two.ends_at).fill_null(False))
    between = rows.join(known, "customer_id")
    between = between.filter(between["at"] > between.first_at, between["at"] <= between.waited_at)
    window = say(
        "Seen over the {wait} after the first order: who ordered again in the {horizon} after it, beside who did not.",
        wait=facts.Days(wait_days),
        horizon=facts.Days(horizon_days),
    )
    paths = _with_paths(known.select("customer_id", "event"), between, length)
    return compared(paths, Event.SECOND_ORDER, window)


def _first_two(orders: ir.Table) -> ir.Table:
    """customer_id, first_at and second_at: when each customer first ordered, and when next (at another moment)."""
    times = orders.select("customer_id", "at").distinct()
    times = times.mutate(order=ibis.row_number().over(ibis.window(group_by="customer_id", order_by="at")))
    return times.group_by("customer_id").agg(
        first_at=times["at"].min(where=times.order == 0), second_at=times["at"].min(where=times.order == 1)
    )


def _with_paths(known: ir.Table, rows: ir.Table, length: int) -> pd.DataFrame:
    """customer_id, event and path of every customer in `known`, from the last of `rows`; `NOTHING` without any."""
    latest = ibis.window(group_by="customer_id", order_by=[rows["at"].desc(), rows.place.desc()])
    last = rows.mutate(order=ibis.row_number().over(latest))
    last = last.filter(last.order < length)
    steps = {f"step_{place}": last.step.max(where=last.order == place) for place in range(length)}
    paths = last.group_by("customer_id").agg(**steps)
    earlier = [(paths[f"step_{place}"] + ARROW).fill_null("") for place in range(length - 1, 0, -1)]
    paths = paths.select("customer_id", path=reduce(add, [*earlier, paths.step_0]))
    both = known.left_join(paths, "customer_id")
    return both.select("customer_id", "event", path=both.path.fill_null(NOTHING)).execute()


def _too_few(what: Event) -> Sentence:
    if what == Event.SILENCE:
        return say(
            "fewer than {least} customers fell silent, or came back: too few to compare.", least=facts.Count(LEAST)
        )
    return say("fewer than {least} customers ordered again, or did not: too few to compare.", least=facts.Count(LEAST))


def compared(customers: pd.DataFrame, what: Event, window: Sentence) -> PathsBefore | NotApplicable:
    """The paths of both groups side by side, as shares of each."""
    event = customers["event"].astype(bool)
    if min(event.sum(), (~event).sum()) < LEAST:
        return NotApplicable(_too_few(what))
    paths = folded_groups(customers[PATH], MOST_PATHS).astype(object)
    counts = pd.crosstab(paths, event)
    counts = counts[counts.sum(axis=1) >= SMALLEST_GROUP]
    if len(counts) < 2:
        return NotApplicable(say("all customers have the same path: there is nothing to compare."))
    lines = [_line(path, int(yes), int(event.sum()), int(no), int((~event).sum()))
             for path, no, yes in counts.reindex(columns=[False, True]).itertuples()]  # fmt: skip
    table = pd.DataFrame(lines)
    if table[P_VALUE].isna().all():
        return NotApplicable(say("no path is frequent enough to compare."))
    table = table.assign(adjusted_p_value=adjust(table[P_VALUE], "holm"), rest=table[PATH] == SMALL_GROUPS)
    table = table.sort_values(["rest", CUSTOMERS, PATH], ascending=[True, False, True], ignore_index=True)
    return PathsBefore(table.drop(columns="rest"), what, window, behind=customers.assign(**{PATH: paths}))


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
