"""What customers bought around a day of their own, and whether the arms bought alike before they were assigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import cells
from helpers.analyses.experiments.validity.arrivals import daily
from helpers.analyses.experiments.validity.vocabulary import HISTORY_DAYS
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_LEVEL,
    ARM_N,
    CONTROL_LEVEL,
    CONTROL_N,
    EXPERIMENT,
    KIND,
    LIFT_RATE,
    ORDER_METRIC,
)
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.tables import Extra, Origin
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics.effects import Kind, Moments, skewed_difference
from helpers.statistics.inference import adjust

METRICS: dict[str, Kind] = {"bought": "proportion", "orders": "count", "net_spend": "mean"}
MOST_HISTORY_DAYS, LEAST_HISTORY_DAYS = 90, 7  # of the time before an assignment that is compared


def order_metrics() -> dict[str, Extra]:
    """The metrics that orders give, by name; whoever did not order counts as 0."""
    return {
        name: Extra(name, "metrics", Origin(), type="number", kind=kind, missing="0") for name, kind in METRICS.items()
    }


def with_orders(rows: ir.Table, data: Dataset, windows: Mapping[str, tuple[int, int]]) -> ir.Table:
    """`rows` (customer_id, day, …) with bought (0/1), orders and net spend in `windows` around the day.

    A window has the suffix of its columns, and its first and last day after the day; negative ones lie before it.
    0 for customers who had no order then; cancellations and refunds as the data set's policy says.
    """
    days = snapshot.order_days(data.tables["orders"], data.settings.policy).rename(ordered_on="day")
    met = rows.select("customer_id", "day").distinct().inner_join(days, "customer_id")
    distance = met.ordered_on.delta(met.day, unit="day")
    sums: dict[str, ir.Value] = {}
    for suffix, (first, last) in windows.items():
        inside = distance.between(first, last)
        orders = met.orders.sum(where=inside)
        sums |= {
            f"bought{suffix}": (orders > 0).ifelse(1.0, 0.0),
            f"orders{suffix}": orders,
            f"net_spend{suffix}": engine.total(met.net, where=inside),
        }
    joined = rows.left_join(met.group_by("customer_id", "day").agg(**sums), ["customer_id", "day"])
    return joined.select(*rows.columns, **{name: joined[name].fill_null(0) for name in sums})


@dataclass(frozen=True)
class Before(Finding):
    """Differences between the arms in what customers bought before they were assigned: there should be none."""

    table: pd.DataFrame
    rules: Rules
    shown = (EXPERIMENT, ARM, ORDER_METRIC, LIFT_RATE, LOWER, UPPER, ADJUSTED_P_VALUE)
    columns = (*shown, HISTORY_DAYS, CONTROL_N, ARM_N, KIND, CONTROL_LEVEL, ARM_LEVEL, P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row an experiment, arm and metric; lifts relative to the control."""
        return self.readable[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lifts before the assignment, around none."""
        names = (
            self.table["experiment"] + " · " + self.table["arm"] + " · " + self.table["metric"].map(ORDER_METRIC.write)
        )
        rows = self.table.assign(row=names)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=(LOWER, UPPER), reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Did the arms buy alike before they were assigned?")

    def headline(self) -> Sentence:
        """Whether any difference is beyond chance; below it how many were tested, and over which days."""
        large = self.table[[CONTROL_N, ARM_N]].min(axis="columns") >= self.rules.smallest_arm
        tested = self.table[large].dropna(subset="adjusted_p_value")
        if tested.empty:
            return say("Too few customers bought anything before the experiments to compare the arms.")
        days, differences = facts.Days(tested["history_days"].max()), facts.Count(len(tested))
        far = tested[tested["adjusted_p_value"] < self.rules.alpha]
        if far.empty:
            return say("Before the experiments the arms bought alike.").resting_on(
                say(
                    "None of {differences} differences in up to {days} before the assignment is beyond chance, all "
                    "tested at once (smallest {p}).",
                    differences=differences,
                    days=days,
                    p=facts.PValue(tested["adjusted_p_value"].min()),
                )
            )
        named = (
            say(
                "{metric}, {experiment} · {arm} ({p})",
                metric=facts.Word(row.metric, ORDER_METRIC),
                experiment=facts.Name(row.experiment),
                arm=facts.Name(row.arm),
                p=facts.PValue(row.adjusted_p_value),
            )
            for row in far.itertuples()
        )
        return say(
            "Before the experiments the arms already bought unlike: {far} of {differences} differences are beyond "
            "chance.",
            far=facts.Count(len(far)),
            differences=differences,
        ).resting_on(
            say(
                "In up to {days} before the assignment: {differences}.",
                days=days,
                differences=facts.Listed(tuple(named)),
            ),
            say("What differed before cannot be credited to the experiment."),
        )


@analysis
def before(trials: Sequence[Trial], data: Dataset, rules: Rules = Rules()) -> Before | NotApplicable:
    """A/A test on the pre-period: each arm against the control in the orders of up to 90 days before the assignment.

    The days end with the day before each customer's own assignment. An experiment is compared if orders reach back a
    week before its first assignment. Tests as for the effects themselves.
    """
    if not trials:
        return NO_EXPERIMENTS
    if not one_by_one(trials):
        return none_one_by_one(trials)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    began = pd.to_datetime(data.tables["orders"].ordered_at.min().execute()).normalize()
    fair = one_by_one(trials)
    days = [(daily(trial)["day"].min() - began).days for trial in fair]  # NaN of a trial without dates
    known = [
        (trial, min(reach, MOST_HISTORY_DAYS))
        for trial, reach in zip(fair, days, strict=True)
        if reach >= LEAST_HISTORY_DAYS
    ]
    if not known:
        least = facts.Days(LEAST_HISTORY_DAYS)
        return NotApplicable(say("no experiment has {days} of orders before its first assignment.", days=least))
    columns = [column for column in Before.columns if column != ADJUSTED_P_VALUE]
    table = pd.DataFrame(_lines(data, known, rules.alpha), columns=columns)
    return Before(table.assign(adjusted_p_value=adjust(table["p_value"], rules.correction)), rules)


def _lines(data: Dataset, known: Sequence[tuple[Trial, int]], alpha: float) -> list[dict[str, object]]:
    """A line an experiment, metric and arm; `known` has how many days before are compared."""
    metrics, keys = order_metrics(), ("experiment", "variant")
    bought = with_orders(_assigned(data), data, {"": (-MOST_HISTORY_DAYS, -1)})
    summed = cells(bought, metrics, by=keys)
    moments = {metric: summed.moments(metric, keys) for metric in metrics}
    return [
        {
            "experiment": trial.name,
            "arm": arm,
            "metric": metric,
            "history_days": days,
            **_difference(cell[trial.name, trial.control], cell[trial.name, arm], metrics[metric].kind, alpha),
        }
        for trial, days in known
        for metric, cell in moments.items()
        for arm in trial.treatments
        if {(trial.name, trial.control), (trial.name, arm)} <= set(cell)
    ]


def _assigned(data: Dataset) -> ir.Table:
    """Customers of one arm alone, with the day of their assignment: experiment, customer_id, variant, day."""
    table = data.tables["experiments"]
    rows = table.filter(table.assigned_at.notnull())
    arms = rows.group_by("experiment", "customer_id").agg(
        variant=rows.variant.min(), last_arm=rows.variant.max(), day=rows.assigned_at.min().date()
    )
    return arms.filter(arms.variant == arms.last_arm).drop("last_arm")


def _difference(control: Moments, arm: Moments, kind: Kind, alpha: float) -> dict[str, float]:
    lift = skewed_difference(control, arm, kind=kind, relative=True, alpha=alpha)
    plain = skewed_difference(control, arm, kind=kind, alpha=alpha)
    return {
        "control_n": control.n,
        "arm_n": arm.n,
        "control_level": plain.control,
        "arm_level": plain.treatment,
        "lift_rate": lift.effect,
        "lower": lift.lower,
        "upper": lift.upper,
        "p_value": plain.p_value,
    }
