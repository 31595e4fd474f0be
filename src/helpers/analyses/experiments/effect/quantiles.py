"""What an arm changed at the middle and near the top of the values of a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.sizes import size, told
from helpers.analyses.experiments.effect.spread import Distributions
from helpers.analyses.experiments.effect.vocabulary import CONVENTION, LABEL, QUANTILE
from helpers.analyses.experiments.trials.applicable import for_each, in_groups
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import distrust, not_to_be_trusted
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_LEVEL,
    CONTROL_LEVEL,
    EFFECT,
    KIND,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
)
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, METRIC, P_VALUE, UPPER
from helpers.statistics.effects import quantile_effect, quantile_estimate, relative_effect
from helpers.statistics.inference import adjust

COMPARED = {"median": 0.5, "quantile_90": 0.9}  # by code
LARGEST_HEAP = 0.1  # share of an arm with the very value of a quantile; above it the quantile jumps or stands still


@dataclass(frozen=True)
class QuantileEffects(Finding):
    """Effects on the quantiles of a metric over all customers who count in it, those at 0 included.

    p-values are corrected over all rows, the lift's interval is Fieller's.
    """

    table: pd.DataFrame
    experiment: str
    rules: Rules
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    shown = (METRIC, QUANTILE, ARM, EFFECT, LOWER, UPPER, ADJUSTED_P_VALUE, CONTROL_LEVEL, ARM_LEVEL, KIND)
    columns = (*shown, LABEL, P_VALUE, LIFT_RATE, LIFT_RATE_LOWER, LIFT_RATE_UPPER, CONVENTION)

    def summary(self) -> pd.DataFrame:
        """One row a metric, quantile and arm, in the metric's unit."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lifts of the quantiles with their intervals."""
        quantile = self.table["quantile"].map(QUANTILE.write)
        rows = self.table.assign(
            row=self.table["arm"] + " · " + self.table["metric"].map(formats.text) + formats.colon() + quantile
        )
        rows = rows.replace([np.inf, -np.inf], np.nan)  # a lift over a level that may be 0 has no end to draw
        band = (LIFT_RATE_LOWER, LIFT_RATE_UPPER)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say(
            "{experiment}: did the middle and the top of the values move?", experiment=facts.Name(self.experiment)
        )

    def headline(self) -> Sentence:
        """The quantile that moved most surely; below it all that did, tested at once."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        moved = self.table[self.table["adjusted_p_value"] < self.rules.alpha].sort_values("adjusted_p_value")
        tested = {"quantiles": facts.Count(len(self.table)), "correction": facts.Name(self.rules.corrected_by)}
        experiment = facts.Name(self.experiment)
        if moved.empty:
            return say(
                "{experiment}: no evidence that the middle or the top of the values moved.", experiment=experiment
            ).resting_on(
                say("{quantiles} quantiles tested at once ({correction}), errors in closed form.", **tested)
                if len(self.table) > 1
                else say("One quantile tested, its error in closed form.")
            )
        first = moved.iloc[0]
        return say(
            "{experiment} · {arm}: the {quantile} of “{metric}” moved by {effect}.",
            experiment=experiment,
            arm=facts.Name(first["arm"]),
            quantile=facts.Word(first["quantile"], QUANTILE),
            metric=facts.Name(first["label"]),
            effect=size(first["effect"], first["kind"]),
        ).resting_on(
            say(
                "{moved} of {quantiles} quantiles moved beyond chance, tested at once ({correction}), errors in closed "
                "form.",
                moved=facts.Count(len(moved)),
                **tested,
            ),
            *(
                say(
                    "{arm}, {quantile} of “{metric}”: {effect} ({level} interval {interval}).",
                    arm=facts.Name(row.arm),
                    quantile=facts.Word(row.quantile, QUANTILE),
                    metric=facts.Name(row.label),
                    **told(row, self.rules.level),
                )
                for row in moved.itertuples()
            ),
        )


@analysis
def quantile_effects(
    spread: Sequence[Distributions | NotApplicable], rules: Rules = Rules()
) -> tuple[QuantileEffects | NotApplicable, ...]:
    """Effects at the median and the 90% quantile where these can move; `spread` is what `distributions` yields.

    A quantile is left out where more than a tenth of an arm share its value, or one within chance of it (most spent
    0, or whole numbers alone): there it jumps or stands still, and its error means nothing. Errors in closed form
    (see `statistics.quantile_effects`). All customers stay in, for who buys at all is itself changed by the treatment.
    """
    return for_each(spread, lambda values: _quantile_effects(values, rules))


def _quantile_effects(spread: Distributions, rules: Rules) -> QuantileEffects | NotApplicable:
    trial = spread.trial
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    lines = [
        {"quantile": quantile, **_moved(spread, metric, arm, share, rules.alpha)}
        for metric, arm in spread.counts
        if arm != trial.control and (metric, trial.control) in spread.counts
        for quantile, share in COMPARED.items()
        if all(_movable(spread.counts[metric, each], share) for each in (trial.control, arm))
    ]
    if not lines:
        return NotApplicable(
            say(
                "no metric of {experiment} has a median or 90% quantile that can move: too many customers share one "
                "value, such as 0.",
                experiment=facts.Name(trial.name),
            )
        )
    table = pd.DataFrame(lines)
    adjusted = adjust(table["p_value"], rules.correction)
    table.insert(table.columns.get_loc("p_value") + 1, "adjusted_p_value", adjusted)
    return QuantileEffects(table, trial.name, rules, distrust(trial, rules))


def _movable(counts: pd.Series, share: float) -> bool:
    """Whether enough customers lie around a quantile, and not too many on its value or on one within chance of it."""
    n = counts.sum()
    if n * min(share, 1 - share) < 2 * SMALLEST_GROUP:
        return False
    chance = 3 * np.sqrt(share * (1 - share) / n)  # three standard errors of the share below the true quantile
    near = [quantile_estimate(counts, min(share + step, 1 - 1 / n))[0] for step in (-chance, 0, chance)]
    return bool(counts[near].max() <= LARGEST_HEAP * n)


def _moved(spread: Distributions, metric: str, arm: str, share: float, alpha: float) -> dict[str, object]:
    control, treatment = spread.counts[metric, spread.trial.control], spread.counts[metric, arm]
    effect = quantile_effect(control, treatment, share, alpha=alpha)
    base = quantile_estimate(control, share)
    lift = relative_effect((effect.effect, effect.std_error), base, alpha=alpha)
    extra = spread.trial.metrics[metric]
    return {
        "metric": metric,
        "label": extra.label,
        "arm": arm,
        "kind": extra.kind,
        "control_level": effect.control,
        "arm_level": effect.treatment,
        "effect": effect.effect,
        "lower": effect.lower,
        "upper": effect.upper,
        "p_value": effect.p_value,
        "lift_rate": lift.effect,
        "lift_rate_lower": lift.lower,
        "lift_rate_upper": lift.upper,
        "convention": effect.convention,
    }
