"""Whom a treatment changes most: whether customers sorted by their predicted effect are sorted at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.audience.outcome_models import Predictions
from helpers.analyses.experiments.audience.vocabulary import FIFTH, GAIN_OVER_RANDOM, PREDICTED_EFFECT, TREATED_SHARE
from helpers.analyses.experiments.effect.sizes import limits, size
from helpers.analyses.experiments.trials.applicable import for_each
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import not_to_be_trusted
from helpers.analyses.experiments.vocabulary import ARM, EFFECT, KIND
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.language import _, later
from helpers.statistics.effects import Kind
from helpers.statistics.targeting import qini, sorts_by_chance, uplift_by_group

AT_RANDOM = later("in random order")


@dataclass(frozen=True)
class Uplift(Finding):
    """Predicted and actual effects of one experiment's treatments, among customers whom the models never saw.

    `table` has the tested customers by arm and fifth, the best predicted effects first; gains are for the better.
    `curves`: arm, treated_share, gain_over_random, lower, upper, and a line of 0 for a random order. `coefficients`:
    arm, qini, lower, upper, p_value. The limits of curves and coefficients, and the p-value, hold for all arms
    together (Bonferroni), the limits of a fifth for itself.
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
    columns = (ARM, FIFTH, CUSTOMERS, PREDICTED_EFFECT, EFFECT, LOWER, UPPER, KIND)

    def plot(self, ax: Axes | None = None) -> Axes:
        """What treating in the order of the prediction gains per customer over a random order (Qini curve)."""
        gain, band = GAIN_OVER_RANDOM.of_kind(self.kind), (LOWER, UPPER)
        curves = self.curves.assign(arm=self.curves["arm"].replace(AT_RANDOM, _(AT_RANDOM)))
        return charts.line(curves, x=TREATED_SHARE, y=gain, group="arm", band=band, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say(
            "{experiment}: what would treating those it changes most first gain over a random order?",
            experiment=facts.Name(self.experiment),
        )

    def headline(self) -> Sentence:
        """Whether the predicted effects of an arm sort customers; below it each arm with its measure."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        arms = list(self.coefficients.itertuples(index=False))
        return self._claim(arms).resting_on(
            *(each for row in arms for each in self._arm_words(row)),
            say(
                "“{metric}”, predicted from {covariates}.",
                metric=facts.Name(self.label),
                covariates=facts.Listed(tuple(map(facts.Trait, self.covariates))),
            ),
        )

    def _claim(self, arms: list[Any]) -> Sentence:
        experiment = facts.Name(self.experiment)
        sure = [row for row in arms if row.p_value < self.rules.alpha]
        for row in sure:
            if row.lower > 0:
                return say(
                    "{experiment} · {arm}: it can be foretold whom it changes most.",
                    experiment=experiment,
                    arm=facts.Name(row.arm),
                )
        for row in sure:
            if row.upper < 0:
                return say(
                    "{experiment} · {arm}: the prediction sorts customers the wrong way round, so do not use it.",
                    experiment=experiment,
                    arm=facts.Name(row.arm),
                )
        return say("{experiment}: no evidence that one can foretell whom it changes most.", experiment=experiment)

    def _arm_words(self, row: Any) -> list[Sentence]:
        """The measure of one arm, and what it changed for those who come first and last in its order."""
        qini = say(
            "{arm}: Qini coefficient {qini} ({level} interval {interval}).",
            arm=facts.Name(row.arm),
            qini=facts.Number(row.qini),
            level=facts.Name(self.rules.level),
            interval=facts.Range(facts.Number(row.lower), facts.Number(row.upper)),
        )
        if row.lower <= 0 or row.p_value >= self.rules.alpha:
            return [qini]
        own = self.table[self.table["arm"] == row.arm]
        most, least = (own.iloc[at] for at in (0, -1))
        return [
            qini,
            say(
                "{arm}: the fifth with the largest predicted effects changed by {most} ({most_interval}), the one with "
                "the smallest by {least} ({least_interval}).",
                arm=facts.Name(row.arm),
                most=size(most["effect"], self.kind),
                most_interval=limits(most["lower"], most["upper"], self.kind),
                least=size(least["effect"], self.kind),
                least_interval=limits(least["lower"], least["upper"], self.kind),
            ),
        ]


@analysis
def uplift(
    predicted: Sequence[Predictions | NotApplicable], rules: Rules = Rules()
) -> tuple[Uplift | NotApplicable, ...]:
    """Whether each experiment's predicted effects sort customers by the actual ones; one finding an experiment.

    The effects in fifths come from the arms as they were drawn, not from the model. A prediction that says nothing
    has a Qini coefficient of 0; that one says something is told where its interval leaves 0 out and hardly any of the
    scores dealt out anew has one as far from 0 (both corrected for the arms).
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
        fifths.append(by.assign(arm=arm, score=way * by["score"], kind=predicted.metric.kind))
        curves.append(order.curve.assign(arm=arm))
        found = {"arm": arm, "qini": order.coefficient, "lower": order.lower, "upper": order.upper}
        chance = sorts_by_chance(score, treated, way * outcome) if order.lower > 0 or order.upper < 0 else 1.0
        coefficients.append({**found, "p_value": min(1.0, chance * len(predicted.treatments))})
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
