"""Customers without a value of a metric, what the rule makes of them, and whether arms lose them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.ratios import Ratio, ratio_states
from helpers.analyses.experiments.validity.arrivals import listed
from helpers.analyses.experiments.validity.vocabulary import (
    A_MISSING_VALUE,
    COUNTED,
    MISSING,
    MISSING_SHARE,
    UNEQUAL_LOSS_P_VALUE,
)
from helpers.analyses.experiments.vocabulary import ARM, EXPERIMENT
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS, METRIC


@dataclass(frozen=True)
class MissingValues(Finding):
    """Customers without a value, and what the rule makes of them: by arm, of each metric that lacks values."""

    table: pd.DataFrame
    states: dict[tuple[str, str], Ratio]  # experiment and metric → whether its arms leave out the same share
    shown = (EXPERIMENT, METRIC, ARM, MISSING_SHARE, A_MISSING_VALUE, COUNTED, UNEQUAL_LOSS_P_VALUE)
    columns = (*shown, CUSTOMERS, MISSING)

    def summary(self) -> pd.DataFrame:
        """One row a metric and arm, and whether the arms leave out alike."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of customers without a value by metric and arm."""
        rows = self.table.assign(
            label=self.table["experiment"] + " · " + self.table["metric"] + " · " + self.table["arm"]
        )
        return charts.bars(rows, value=MISSING_SHARE, label="label", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share of each arm's customers has no value?")

    def headline(self) -> Sentence:
        """Where arms lose customers unequally, and what a missing value means."""
        counts_as_0 = self.table["a_missing_value"] == "0"
        zero, left_out = (self.table.loc[rows, "metric"].unique() for rows in (counts_as_0, ~counts_as_0))
        as_0 = say("A missing value of {metrics} counts as 0, so everyone counts.", metrics=listed(zero))
        without = say("Customers without a value do not count in {metrics}.", metrics=listed(left_out))
        told = [as_0] * bool(len(zero)) + [without] * bool(len(left_out))
        warnings = [
            _unequal(experiment, metric, state)
            for state in (Ratio.BROKEN, Ratio.CLOSE)
            for (experiment, metric), of in self.states.items()
            if of is state
        ]
        first, *rest = warnings + told
        return first.resting_on(*rest)


def _unequal(experiment: str, metric: str, state: Ratio) -> Sentence:
    """A warning of arms that leave out other shares of their customers."""
    names = {"experiment": facts.Name(experiment), "metric": facts.Name(metric)}
    if state is Ratio.BROKEN:
        return say(
            "In {experiment} the arms lose customers of {metric} unequally, so it compares unlike groups.", **names
        )
    return say("In {experiment} the arms lose customers of {metric} not quite equally: watch them.", **names)


@analysis
def missing_values(trials: Sequence[Trial], rules: Rules = Rules()) -> MissingValues | NotApplicable:
    """Missing values by arm, of metrics with any; where they mean "not eligible", tested for equal shares in arms."""
    if not trials:
        return NO_EXPERIMENTS
    lines = [
        _missing(trial, metric, row.arm, row.customers)
        for trial in trials
        for metric in trial.metrics
        for row in trial.arms.itertuples()
    ]
    if not lines:
        return NotApplicable(say("no experiment has a metric."))
    shares = pd.DataFrame(lines)
    shares = shares[shares.groupby(["experiment", "metric"])["missing"].transform("sum") > 0]
    if shares.empty:
        return NotApplicable(say("no metric lacks a value, so every customer counts in every metric."))
    tested = shares.drop_duplicates(["experiment", "metric"])
    states = ratio_states(tested["unequal_loss_p_value"], rules)
    by_metric = dict(zip(zip(tested["experiment"], tested["metric"], strict=True), states, strict=True))
    return MissingValues(shares.reset_index(drop=True), by_metric)


def _missing(trial: Trial, metric: str, arm: str, customers: int) -> dict[str, object]:
    missing = customers - trial.recorded[arm, metric]
    rule = trial.metrics[metric].missing
    return {
        "experiment": trial.name,
        "metric": metric,
        "arm": arm,
        "customers": customers,
        "missing": missing,
        "missing_share": missing / customers if customers else np.nan,
        "a_missing_value": rule,
        "counted": trial.moments[arm, metric].n,
        "unequal_loss_p_value": trial.eligible_p_value(metric) if rule != "0" else np.nan,
    }
