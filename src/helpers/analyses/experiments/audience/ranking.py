"""Whom a treatment changes most: whether customers sorted by their predicted effect are sorted at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.audience.outcome_models import Predictions
from helpers.analyses.experiments.effect.lifts import in_words
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.targeting import qini, uplift_by_group

AT_RANDOM = "in random order"


@dataclass(frozen=True)
class Uplift:
    """Predicted and actual effects of one experiment's treatments, among customers whom the models never saw.

    `fifths`: arm, fifth (1 has the largest predicted effects), customers, predicted_effect, effect, lower, upper.
    `curves`: arm, treated_share, gain_over_random, lower, upper, and a line of 0 for a random order. `coefficients`:
    arm, qini, lower, upper. The limits of curves and coefficients hold for all arms together (Bonferroni), those of
    a fifth for itself.
    """

    experiment: str
    label: str
    kind: str
    covariates: tuple[str, ...]
    fifths: pd.DataFrame
    curves: pd.DataFrame
    coefficients: pd.DataFrame
    readable: bool
    rules: Rules

    def summary(self) -> pd.DataFrame:
        """One row an arm and fifth of the tested customers, the largest predicted effects first."""
        return self.fifths

    def plot(self, ax: Axes | None = None) -> Axes:
        """What treating in the order of the prediction gains per customer over a random order (Qini curve)."""
        band = ("lower", "upper")
        return charts.line(self.curves, x="treated_share", y="gain_over_random", group="arm", band=band, ax=ax)

    def headline(self) -> str:
        """For each arm, whether the predicted effects sort customers beyond chance."""
        if not self.readable:
            return f"{self.experiment}: the arms are not as large as planned, so whom to treat cannot be told from it."
        said = " ".join(self._said(row) for row in self.coefficients.itertuples())
        return f"{self.experiment}, {self.label}, predicted from {', '.join(self.covariates)}. {said}"

    def _said(self, row: object) -> str:
        limits = (
            f"Qini {formats.number(row.qini)}, {self.rules.level} interval {formats.interval(row.lower, row.upper)}"
        )
        if row.lower <= 0 <= row.upper:
            return f"{row.arm}: no evidence that the prediction tells whom it changes most ({limits})."
        if row.upper < 0:
            return f"{row.arm}: the prediction sorts customers the wrong way round, beyond chance ({limits})."
        own = self.fifths[self.fifths["arm"] == row.arm].assign(kind=self.kind)
        most, least = (in_words(own.iloc[at], self.rules.level) for at in (0, -1))
        return (
            f"{row.arm}: the prediction tells whom it changes most ({limits}): those with the largest predicted "
            f"effects changed by {most}, those with the smallest by {least}."
        )


def uplift(
    predicted: Sequence[Predictions | NotApplicable], rules: Rules = Rules()
) -> tuple[Uplift | NotApplicable, ...]:
    """Whether each experiment's predicted effects sort customers by the actual ones; one finding an experiment.

    The effects in fifths come from the arms as they were drawn, not from the model. A prediction that says nothing
    has a Qini coefficient of 0, and its interval covers 0 as often as it says.
    """
    return tuple(each if isinstance(each, NotApplicable) else _uplift(each, rules) for each in predicted)


def _uplift(predicted: Predictions, rules: Rules) -> Uplift:
    fifths, curves, coefficients = [], [], []
    for arm in predicted.treatments:
        rows = predicted.rows["arm"].isin([predicted.control, arm])
        score = (predicted.expected[arm] - predicted.expected[predicted.control])[rows]
        treated, outcome = predicted.rows.loc[rows, "arm"] == arm, predicted.rows.loc[rows, "outcome"]
        by = uplift_by_group(score, treated, outcome, kind=predicted.metric.kind, alpha=rules.alpha)
        order = qini(score, treated, outcome, level=1 - rules.alpha / len(predicted.treatments))
        fifths.append(by.assign(arm=arm))
        curves.append(order.curve.assign(arm=arm))
        coefficients.append({"arm": arm, "qini": order.coefficient, "lower": order.lower, "upper": order.upper})
    curves.append(curves[0].assign(arm=AT_RANDOM, gain_over_random=0.0, lower=0.0, upper=0.0))
    named = {"group": "fifth", "score": "predicted_effect", "uplift": "effect"}
    columns = ["arm", "fifth", "customers", "predicted_effect", "effect", "lower", "upper"]
    return Uplift(
        predicted.experiment,
        predicted.metric.label,
        predicted.metric.kind,
        predicted.covariates,
        fifths=pd.concat(fifths, ignore_index=True).rename(columns=named)[columns],
        curves=pd.concat(curves, ignore_index=True)[["arm", "treated_share", "gain_over_random", "lower", "upper"]],
        coefficients=pd.DataFrame(coefficients),
        readable=predicted.readable,
        rules=rules,
    )
