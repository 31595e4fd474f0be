"""Whether the chosen model foresees frequent and rare buyers alike, on the days that it did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.purchases import Model
from helpers.analyses.value.future.trial_of_models import Holdout
from helpers.analyses.value.vocabulary import EXPECTED_EACH, MEAN_ORDERS, MODEL, ORDERS_EACH, REPEATS_BEFORE
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI, Z
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER

FEWEST_IN_GROUP = 20
BINS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3": (3, 3), "4–6": (4, 6), "7 and more": (7, np.inf)}


@dataclass(frozen=True)
class FrequencyCalibration(Finding):
    """Orders expected of a customer and orders made, by how often customers had come back before."""

    table: pd.DataFrame  # limits are of the orders that came
    model: Model
    columns = (REPEATS_BEFORE, CUSTOMERS, EXPECTED_EACH, ORDERS_EACH, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean that came, with its interval, and the mean expected, which has none."""
        came = self.table.assign(**{"of": "came", MEAN_ORDERS: self.table[ORDERS_EACH]})
        mean = self.table[EXPECTED_EACH]
        expected = self.table.assign(**{"of": "expected", MEAN_ORDERS: mean, LOWER: mean, UPPER: mean})
        both = pd.concat([came, expected])
        return charts.forest(both, estimate=MEAN_ORDERS, label=REPEATS_BEFORE, group="of", band=(LOWER, UPPER), ax=ax)

    def headline(self) -> str:
        """In how many groups what came is compatible with what was expected, and where it is furthest from it."""
        outside = self.table[~self.table[EXPECTED_EACH].between(self.table[LOWER], self.table[UPPER])]
        model = MODEL.write(self.model)
        if outside.empty:
            return (
                f"By number of repeat orders before, what came is compatible with “{model}” in all "
                f"{len(self.table)} groups."
            )
        worst = outside.loc[(outside[EXPECTED_EACH] - outside[ORDERS_EACH]).abs().idxmax()]
        expected, came = formats.number(worst[EXPECTED_EACH]), formats.number(worst[ORDERS_EACH])
        return (
            f"By number of repeat orders before, “{model}” is outside the {CI} of what came in {len(outside)} of "
            f"{len(self.table)} groups (1 in 20 would be by chance). It is furthest off for customers with "
            f"{worst[REPEATS_BEFORE]}: it expected {expected} orders of each, and {came} came."
        )


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
        return NotApplicable(f"no group by repeat orders has {FEWEST_IN_GROUP} customers.")
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
