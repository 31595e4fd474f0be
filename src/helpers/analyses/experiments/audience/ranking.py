"""Whom a treatment changes most: whether customers sorted by their predicted effect are sorted at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.audience.outcome_models import Predictions
from helpers.analyses.experiments.effect.lifts import in_words
from helpers.analyses.experiments.trials.applicable import for_each
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import (
    ARM,
    EFFECT,
    FIFTH,
    GAIN_OVER_RANDOM,
    PREDICTED_EFFECT,
    TREATED_SHARE,
)
from helpers.findings import Finding, NotApplicable, Sentence, charts, formats
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.effects import Kind
from helpers.statistics.targeting import qini, uplift_by_group

AT_RANDOM = "in random order"


@dataclass(frozen=True)
class Uplift(Finding):
    """Predicted and actual effects of one experiment's treatments, among customers whom the models never saw.

    `table` has the tested customers by arm and fifth, the best predicted effects first; gains are for the better.
    `curves`: arm, treated_share, gain_over_random, lower, upper, and a line of 0 for a random order. `coefficients`:
    arm, qini, lower, upper. The limits of curves and coefficients hold for all arms together (Bonferroni), those of a
    fifth for itself.
    """

    table: pd.DataFrame
    experiment: str
    label: str
    kind: Kind
    covariates: tuple[str, ...]
    curves: pd.DataFrame
    coefficients: pd.DataFrame
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    rules: Rules
    columns = (ARM, FIFTH, CUSTOMERS, PREDICTED_EFFECT, EFFECT, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """What treating in the order of the prediction gains per customer over a random order (Qini curve)."""
        band = (LOWER, UPPER)
        return charts.line(self.curves, x=TREATED_SHARE, y=GAIN_OVER_RANDOM, group="arm", band=band, ax=ax)

    def headline(self) -> str:
        """For each arm, whether the predicted effects sort customers beyond chance."""
        if self.distrust:
            return f"{self.experiment}: whom to treat cannot be told from it. {self.distrust}"
        coefficients = self.coefficients[["arm", "qini", "lower", "upper"]]
        arms = " ".join(self._arm_words(*row) for row in coefficients.itertuples(index=False))
        return f"{self.experiment}, {self.label}, predicted from {', '.join(self.covariates)}. {arms}"

    def _arm_words(self, arm: str, qini: float, lower: float, upper: float) -> str:
        limits = f"Qini {formats.number(qini)}, {self.rules.level} CI {formats.interval(lower, upper)}"
        if lower <= 0 <= upper:
            return f"{arm}: no evidence that the prediction tells whom it changes most ({limits})."
        if upper < 0:
            return f"{arm}: the prediction sorts customers the wrong way round, beyond chance ({limits})."
        own = self.table[self.table["arm"] == arm].assign(kind=self.kind)
        most, least = (in_words(own.iloc[at], self.rules.level) for at in (0, -1))
        return (
            f"{arm}: the prediction tells whom it changes most ({limits}): those with the largest predicted "
            f"effects changed by {most}, those with the smallest by {least}."
        )


def uplift(
    predicted: Sequence[Predictions | NotApplicable], rules: Rules = Rules()
) -> tuple[Uplift | NotApplicable, ...]:
    """Whether each experiment's predicted effects sort customers by the actual ones; one finding an experiment.

    The effects in fifths come from the arms as they were drawn, not from the model. A prediction that says nothing
    has a Qini coefficient of 0, and its interval covers 0 as often as it says.
    """
    return for_each(predicted, lambda outcomes: _uplift(outcomes, rules))


def _uplift(predicted: Predictions, rules: Rules) -> Uplift:
    fifths, curves, coefficients = [], [], []
    way = predicted.metric.direction  # gains are for the better
    for arm in predicted.treatments:
        rows = predicted.rows["arm"].isin([predicted.control, arm])
        score = (predicted.expected[arm] - predicted.expected[predicted.control])[rows] * way
        treated, outcome = predicted.rows.loc[rows, "arm"] == arm, predicted.rows.loc[rows, "outcome"]
        by = uplift_by_group(score, treated, outcome, kind=predicted.metric.kind, alpha=rules.alpha)
        order = qini(score, treated, way * outcome, level=1 - rules.alpha / len(predicted.treatments))
        fifths.append(by.assign(arm=arm, score=way * by["score"]))
        curves.append(order.curve.assign(arm=arm))
        coefficients.append({"arm": arm, "qini": order.coefficient, "lower": order.lower, "upper": order.upper})
    curves.append(curves[0].assign(arm=AT_RANDOM, gain_over_random=0.0, lower=0.0, upper=0.0))
    named = {"group": "fifth", "score": "predicted_effect", "uplift": "effect"}
    return Uplift(
        pd.concat(fifths, ignore_index=True).rename(columns=named)[list(Uplift.columns)],
        predicted.experiment,
        predicted.metric.label,
        predicted.metric.kind,
        predicted.covariates,
        curves=pd.concat(curves, ignore_index=True)[["arm", "treated_share", "gain_over_random", "lower", "upper"]],
        coefficients=pd.DataFrame(coefficients),
        distrust=predicted.distrust,
        rules=rules,
    )
