"""Whether the chosen model foresees frequent and rare buyers alike, on the days that it did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.purchases import Model
from helpers.analyses.value.future.trial_of_models import Holdout
from helpers.analyses.value.vocabulary import EXPECTED_EACH, MEAN_ORDERS, MODEL, ORDERS_EACH, REPEATS_BEFORE
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, labels, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.language import _

FEWEST_IN_GROUP = 20
BINS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3": (3, 3), "4–6": (4, 6), labels.MANY: (7, np.inf)}


@dataclass(frozen=True)
class FrequencyCalibration(Finding):
    """Orders expected of a customer and orders made, by how often customers had come back before."""

    table: pd.DataFrame  # limits are of the orders that came
    model: Model
    columns = (REPEATS_BEFORE, CUSTOMERS, EXPECTED_EACH, ORDERS_EACH, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean that came, with its interval, and the mean expected, which has none."""
        came = self.table.assign(**{"of": _("orders made"), MEAN_ORDERS: self.table[ORDERS_EACH]})
        mean = self.table[EXPECTED_EACH]
        expected = self.table.assign(**{"of": _("orders expected"), MEAN_ORDERS: mean, LOWER: mean, UPPER: mean})
        both = pd.concat([came, expected])
        return charts.forest(both, estimate=MEAN_ORDERS, label=REPEATS_BEFORE, group="of", band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many orders were expected of a customer, and how many came?")

    def headline(self) -> Sentence:
        """Whether what came is compatible with what was expected, and where it is furthest from it."""
        outside = self.table[~self.table[EXPECTED_EACH].between(self.table[LOWER], self.table[UPPER])]
        known = {"model": facts.Word(self.model, MODEL), "groups": facts.Count(len(self.table))}
        if outside.empty:
            return say("Frequent and rare buyers were both foreseen within chance.").resting_on(
                say("“{model}” lies within the 95% interval of what came in all {groups} groups.", **known)
            )
        basis = say(
            "“{model}” is outside the 95% interval of what came in {outside} of {groups} groups; 1 in 20 is by chance.",
            outside=facts.Count(len(outside)),
            **known,
        )
        worst = outside.loc[(outside[EXPECTED_EACH] - outside[ORDERS_EACH]).abs().idxmax()]
        return say(
            "The forecast is furthest off after {repeats} repeat orders: {expected} more expected, {came} came.",
            repeats=facts.Name(worst[REPEATS_BEFORE]),
            expected=facts.Number(worst[EXPECTED_EACH]),
            came=facts.Number(worst[ORDERS_EACH]),
        ).resting_on(basis)


@if_applicable
def calibration(tried: Holdout) -> FrequencyCalibration | NotApplicable:
    """Mean orders expected by the chosen model and made, by repeat orders before; groups under 20 are left out.

    Intervals are 95 %, of the mean that came: 1.96 standard errors, each at least that of a Poisson count of the mean
    expected, since counts vary more than Poisson's under every model: where nothing came an interval still has a width.
    """
    customers = tried.customers
    groups = {name: customers[customers["frequency"].between(low, high)] for name, (low, high) in BINS.items()}
    rows = [
        {REPEATS_BEFORE: name, **_calibrated(group["orders"], group[tried.chosen])}
        for name, group in groups.items()
        if len(group) >= FEWEST_IN_GROUP
    ]
    if not rows:
        return NotApplicable(
            say("no group by repeat orders has {least} customers.", least=facts.Count(FEWEST_IN_GROUP))
        )
    return FrequencyCalibration(pd.DataFrame(rows), tried.chosen)


def _calibrated(came: pd.Series, expected: pd.Series) -> dict[str, float]:
    """Means of what came of a group of customers, and of what was expected of them, with the limits of the first."""
    mean, mean_expected = came.mean(), expected.mean()
    half = Z * np.sqrt(max(came.var(), mean_expected) / len(came))
    return {
        CUSTOMERS: len(came),
        EXPECTED_EACH: mean_expected,
        ORDERS_EACH: mean,
        LOWER: max(mean - half, 0.0),
        UPPER: mean + half,
    }
