"""Before a test: customers and weeks that a worthwhile lift takes, and the lift in reach by weeks, from the history."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.experiments.next_test.vocabulary import (
    ADJUSTED_BY,
    ADJUSTED_DAYS,
    CUSTOMERS_AN_ARM,
    DAYS_TO_RUN,
    LEVEL,
    LIFT_IN_WEEKS_RATE,
    WEEKS_TO_ASSIGN,
)
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import cells
from helpers.analyses.experiments.validity.history import order_metrics, with_orders
from helpers.analyses.experiments.vocabulary import ORDER_METRIC, SMALLEST_LIFT_RATE, VARIANCE_SAVED_SHARE, WEEKS
from helpers.data import snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.tables import Extra
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.language import _
from helpers.statistics.designs import sample_sizes
from helpers.statistics.designs.sample_sizes import Noise
from helpers.statistics.effects import Moments, total

BEFORE = "_before"  # marks what was known when the customer came
REHEARSED_WEEKS = (2, 4, 6, 8)  # of assignment; the last of them is rehearsed where the history is long enough
ARMS = 2  # of equal size
MOST_WEEKS = 104  # the pace of a few weeks says nothing beyond


class Size(NamedTuple):
    """Customers that an arm needs for the worthwhile lift of a metric, as it is or adjusted for the days before."""

    metric: str
    adjusted_days: int
    level: float
    noise: Noise
    variance_saved_share: float
    customers_an_arm: float


@dataclass(frozen=True)
class Plan(Finding):
    """Size and duration of a test by metric, and the smallest lift that tests of some weeks would see.

    `table` has a row a metric as it is, and one adjusted for the days before. `lifts`: metric, adjusted_days, weeks,
    customers_an_arm, smallest_lift_rate. `arrivals`: week, customers who came for the first time since the rehearsal
    began, customers_so_far.
    """

    table: pd.DataFrame
    lifts: pd.DataFrame
    arrivals: pd.DataFrame
    window_days: int
    rules: Rules
    shown = (ORDER_METRIC, ADJUSTED_BY, CUSTOMERS_AN_ARM, WEEKS_TO_ASSIGN, DAYS_TO_RUN, LIFT_IN_WEEKS_RATE)
    columns = (ORDER_METRIC, ADJUSTED_DAYS, LEVEL, VARIANCE_SAVED_SHARE, CUSTOMERS_AN_ARM, WEEKS_TO_ASSIGN, DAYS_TO_RUN)

    @property
    def weeks(self) -> int:
        """Weeks of the test that shows the worthwhile lift first; those rehearsed where they are too many."""
        weeks = _plain(self.table).sort_values("customers_an_arm")["weeks_to_assign"].iloc[0]
        return int(weeks if np.isfinite(weeks) else self.arrivals["week"].iloc[-1])

    def summary(self) -> pd.DataFrame:
        """One row a metric, as it is and adjusted: size, duration, and the lift seen after some weeks of assignment."""
        keys = ["metric", "adjusted_days"]
        names = self.lifts["weeks"].map(LIFT_IN_WEEKS_RATE.format)
        lifts = self.lifts.assign(name=names).pivot(index=keys, columns="name", values="smallest_lift_rate")
        by = self.table["adjusted_days"].map(
            lambda days: _("{days} days before").format(days=days) if days else _("no adjustment")
        )
        shown = self.table.assign(adjusted_by=by).join(lifts, on=keys)
        return shown[[*self.shown[:-1], *lifts.columns]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Smallest lift by weeks of assignment, one line a metric, before any adjustment."""
        lifts = _plain(self.lifts)
        named = lifts.assign(metric=lifts["metric"].map(ORDER_METRIC.write))
        return charts.line(named, x=WEEKS, y=SMALLEST_LIFT_RATE, group="metric", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How small a lift would a test of so many weeks show?")

    def headline(self) -> Sentence:
        """What the worthwhile lift takes in the metric that shows it first; below it what one can do instead."""
        sizes = _plain(self.table).sort_values("customers_an_arm")
        first, others = sizes.iloc[0], sizes.iloc[1:]
        days, seen = (
            facts.Days(self.window_days),
            _plain(self.lifts).set_index(["metric", "weeks"])["smallest_lift_rate"],
        )
        weeks, arm = first["weeks_to_assign"], facts.Count(math.ceil(first["customers_an_arm"]))
        lift, metric = facts.Name(self.rules.worthwhile), facts.Word(first["metric"], ORDER_METRIC)
        longest = _plain(self.lifts).iloc[-1]["weeks"]
        if math.isinf(weeks):
            told = say(
                "To see a lift of {lift} in {metric} would take {customers} customers an arm: more than two years.",
                lift=lift,
                metric=metric,
                customers=arm,
            )
        else:
            told = say(
                "To see a lift of {lift} in {metric} takes {customers} customers an arm: {days}.",
                lift=lift,
                metric=metric,
                customers=arm,
                days=facts.Days(7 * weeks),
            )
        return told.resting_on(
            say(
                "At today's {customers} customers a week; {days} more until the last of them were watched.",
                customers=facts.Count(math.ceil(self.arrivals["customers"].mean())),
                days=days,
            ),
            say(
                "{weeks} weeks would show a lift of {lift}.",
                weeks=facts.Count(longest),
                lift=facts.Share(seen[first["metric"], longest]),
            ),
            *(
                say(
                    "For {metric} it takes {customers} customers an arm.",
                    metric=facts.Word(row.metric, ORDER_METRIC),
                    customers=facts.Count(math.ceil(row.customers_an_arm)),
                )
                for row in others.itertuples()
            ),
            self._saved(),
        )

    def _saved(self) -> Sentence | None:
        """The most that adjusting for the days before would save."""
        adjusted = self.table.drop(_plain(self.table).index)
        if adjusted.empty:
            return None
        best = adjusted.loc[adjusted["variance_saved_share"].idxmax()]
        return say(
            "Adjusting for the {days} before saves {share} of the variance at most ({metric}).",
            days=facts.Days(self.window_days),
            share=facts.Share(max(best["variance_saved_share"], 0)),
            metric=facts.Word(best["metric"], ORDER_METRIC),
        )


@analysis
def plan(data: Dataset, rules: Rules = Rules(), window_days: int = 28) -> Plan | NotApplicable:
    """Rehearses a test on the history: customers enter when they come, and are watched for `window_days` after it.

    A customer enters on the first day with an order or event in the last weeks (up to 8) that can still be watched, is
    counted once, and is measured from the next day on: bought (share with an order), orders and net spend; CUPED
    adjusts for the same metric in as many days before. Two arms of equal size, two-sided at alpha without correction,
    at the power of `rules`. Weeks beyond those rehearsed go on at the pace of their second half. Assumes that the
    coming weeks are like these: mind seasons. Sources: `statistics.designs`, `statistics.effects`.
    """
    parameters.between("window_days", window_days, 1, 365)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    shown = _shown(data)
    began = pd.to_datetime(shown.day.min().execute())
    spare = 0 if pd.isna(began) else (data.as_of - began.date()).days + 1 - 2 * window_days
    weeks = max((weeks for weeks in REHEARSED_WEEKS if 7 * weeks <= spare), default=0)
    if not weeks:
        days = facts.Days(2 * window_days + 7 * REHEARSED_WEEKS[0])
        return NotApplicable(say("the history is shorter than the {days} that a plan is made from.", days=days))
    metrics, windows = order_metrics(), {"": (1, window_days), BEFORE: (-window_days, -1)}
    entered = _entered(shown, data.as_of - dt.timedelta(days=window_days + 7 * weeks - 1), weeks)
    summed = cells(with_orders(entered, data, windows), metrics, [name + BEFORE for name in metrics], ("week",))
    came = summed.rows(("week",)).reindex(range(1, weeks + 1), fill_value=0)
    arrivals = pd.DataFrame({"week": came.index, "customers": came.to_numpy()})
    arrivals = arrivals.assign(customers_so_far=arrivals["customers"].cumsum())
    sizes = [
        size
        for name, metric in metrics.items()
        for size in _sizes(metric, list(summed.moments(name, ("week",), (name + BEFORE,)).values()), rules, window_days)
    ]
    if not sizes or came.sum() < ARMS * rules.smallest_arm:
        return NotApplicable(say("too few customers came in the last weeks, or none came back, to plan from."))
    table = pd.DataFrame(sizes).drop(columns="noise")
    weeks_to_assign = np.array([_weeks_for(ARMS * n, arrivals) for n in table["customers_an_arm"]])
    lifts = [line for size in sizes for line in _lifts(size, arrivals, rules)]
    days_to_run = 7 * weeks_to_assign + window_days
    table = table.assign(weeks_to_assign=weeks_to_assign, days_to_run=days_to_run)
    return Plan(table, pd.DataFrame(lifts), arrivals, window_days, rules)


def _shown(data: Dataset) -> ir.Table:
    """Days on which customers came: with an order or, where there are any, an event; customer_id, day."""
    days = snapshot.order_days(data.tables["orders"], data.settings.policy)
    shown = days.filter(days.orders > 0).select("customer_id", "day")
    events = data.tables.get("events")
    if events is None:
        return shown
    return shown.union(events.filter(events.customer_id.notnull()).select("customer_id", day=events.happened_at.date()))


def _entered(shown: ir.Table, first: dt.date, weeks: int) -> ir.Table:
    """Customers who came in the `weeks` from `first` on: customer_id, the day of it, its week (1, 2 …)."""
    began, end = (ibis.date(day.isoformat()) for day in (first, first + dt.timedelta(weeks=weeks)))
    rows = shown.filter((shown.day >= began) & (shown.day < end))
    entered = rows.group_by("customer_id").agg(day=rows.day.min())
    return entered.mutate(week=entered.day.delta(began, unit="day") // 7 + 1)


def _sizes(metric: Extra, by_week: list[Moments], rules: Rules, days: int) -> list[Size]:
    """Customers an arm for the worthwhile lift of one metric: as it is, and adjusted for the `days` before.

    Of the metric in the two windows, week by week; none where nobody came.
    """
    if not by_week:
        return []
    moments = total(by_week)
    level, noise = abs(moments.means[0]), sample_sizes.spread(moments.select(metric.name), metric.kind)
    effect = rules.worthwhile_lift * level
    if not noise or not effect or ("rate" in noise and level + effect > 1):
        return []
    left = sample_sizes.spread(moments, metric.kind, moments.columns[1:])
    saved = {0: 0.0}
    if left:
        saved[days] = 1 - left["std_dev"] ** 2 / moments.variances[0]
    needed = sample_sizes.sample_size(effect, **noise, alpha=rules.alpha, power=rules.power)
    return [
        Size(metric.name, before, level, noise, share, max(needed * (1 - share), sample_sizes.SMALLEST_ARM))
        for before, share in saved.items()
    ]


def _lifts(size: Size, arrivals: pd.DataFrame, rules: Rules) -> list[dict[str, object]]:
    """The smallest lift of one metric after each number of weeks that was rehearsed.

    A variance that is smaller by a share counts like customers that are as many more.
    """
    came = arrivals.set_index("week")["customers_so_far"] / ARMS
    arms = {
        weeks: came[weeks]
        for weeks in REHEARSED_WEEKS
        if weeks in came.index and came[weeks] >= sample_sizes.SMALLEST_ARM
    }
    return [
        {
            "metric": size.metric,
            "adjusted_days": size.adjusted_days,
            "weeks": weeks,
            "customers_an_arm": n,
            "smallest_lift_rate": sample_sizes.minimum_effect(
                n / (1 - size.variance_saved_share), **size.noise, alpha=rules.alpha, power=rules.power
            )
            / size.level,
        }
        for weeks, n in arms.items()
    ]


def _weeks_for(customers: float, arrivals: pd.DataFrame) -> float:
    """Whole weeks until so many different customers have come; infinite where they never would."""
    so_far = arrivals["customers_so_far"].to_numpy()
    if customers <= so_far[-1]:
        return float(arrivals["week"].iloc[np.searchsorted(so_far, customers)])
    pace = arrivals["customers"].iloc[len(arrivals) // 2 :].mean()
    weeks = len(arrivals) + math.ceil((customers - so_far[-1]) / pace) if pace else math.inf
    return weeks if weeks <= MOST_WEEKS else math.inf


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["adjusted_days"] == 0]
