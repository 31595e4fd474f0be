"""Whom to treat: what choosing an arm for each customer gains over treating everyone alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.audience.outcome_models import Predictions
from helpers.analyses.experiments.audience.vocabulary import (
    GAIN,
    OUTCOME,
    OVER_ALL,
    OVER_ALL_LOWER,
    OVER_ALL_UPPER,
    OVER_NONE,
    OVER_NONE_LOWER,
    OVER_NONE_UPPER,
    POLICY,
    TREATED_SHARE,
)
from helpers.analyses.experiments.effect.sizes import limits, size
from helpers.analyses.experiments.trials.applicable import for_each
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import not_to_be_trusted
from helpers.analyses.experiments.vocabulary import KIND
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.language import _
from helpers.statistics.effects import Kind
from helpers.statistics.targeting import policies as policy_value

CHOSEN = "the arm predicted best for each"
CUTS = (0.2, 0.4, 0.6, 0.8)  # shares of customers, those with the largest predicted effects first


@dataclass(frozen=True)
class Targeting(Finding):
    """What policies would bring in one experiment's primary metric, among customers whom the models never saw.

    `table` begins with the policy that chooses for each customer; gains are against the control for everyone, and
    against `best` for everyone, the treatment that did best in the other half. `given` is the share of customers to
    whom the choice gives each arm.
    """

    table: pd.DataFrame
    experiment: str
    control: str
    best: str
    label: str
    kind: Kind
    better: str  # higher or lower
    given: pd.Series
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    rules: Rules
    columns = (
        POLICY,
        TREATED_SHARE,
        OUTCOME,
        OVER_NONE,
        OVER_NONE_LOWER,
        OVER_NONE_UPPER,
        OVER_ALL,
        OVER_ALL_LOWER,
        OVER_ALL_UPPER,
        KIND,
    )

    def plot(self, ax: Axes | None = None) -> Axes:
        """What each policy gains over the control, and over the best treatment, for everyone."""
        over = _("over {arm} for everyone")
        against = {
            "over_none": over.format(arm=facts.Name(self.control)),
            "over_all": over.format(arm=facts.Name(self.best)),
        }
        rows = [
            self.table[["policy", column, f"{column}_lower", f"{column}_upper"]]
            .set_axis(["policy", "gain", "lower", "upper"], axis="columns")
            .assign(against=words, policy=self.table["policy"].map(POLICY.write))
            for column, words in against.items()
        ]
        gains, gain, band = pd.concat(rows, ignore_index=True), GAIN.of_kind(self.kind), (LOWER, UPPER)
        return charts.forest(gains, estimate=gain, label="policy", group="against", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("{experiment}: whom to treat?", experiment=facts.Name(self.experiment))

    def headline(self) -> Sentence:
        """Whether choosing for each customer beats one arm for all; below it by how much, and who would get what."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        experiment, shares = facts.Name(self.experiment), self.given[self.given > 0]
        if len(shares) == 1:
            return say(
                "{experiment}: the prediction would give everyone {arm}, so there is nothing to choose.",
                experiment=experiment,
                arm=facts.Name(shares.index[0]),
            )
        chosen = self.table.iloc[0]
        given = (say("{arm} {share}", arm=facts.Name(arm), share=facts.Share(share)) for arm, share in shares.items())
        return self._claim(chosen).resting_on(
            self._gain(chosen, "over_all", self.best),
            self._gain(chosen, "over_none", self.control),
            say("The prediction would choose: {shares}.", shares=facts.Listed(tuple(given))),
        )

    def _claim(self, chosen: pd.Series) -> Sentence:
        experiment = facts.Name(self.experiment)
        least, most = ("lower", "upper") if self.better == "higher" else ("upper", "lower")
        way = 1 if self.better == "higher" else -1
        if min(way * chosen[f"over_all_{least}"], way * chosen[f"over_none_{least}"]) > 0:
            return say("{experiment}: choosing whom to treat beats treating everyone alike.", experiment=experiment)
        if min(way * chosen[f"over_all_{most}"], way * chosen[f"over_none_{most}"]) < 0:
            return say(
                "{experiment}: choosing whom to treat is worse than treating everyone alike.", experiment=experiment
            )
        return say(
            "No evidence that choosing whom to treat beats treating everyone alike in {experiment}.",
            experiment=experiment,
        )

    def _gain(self, chosen: pd.Series, column: str, instead: str) -> Sentence:
        """What choosing gains over one arm for everyone."""
        return say(
            "“{metric}”: {effect} ({level} interval {interval}) against {arm} for everyone.",
            metric=facts.Name(self.label),
            effect=size(chosen[column], self.kind),
            level=facts.Name(self.rules.level),
            interval=limits(chosen[f"{column}_lower"], chosen[f"{column}_upper"], self.kind),
            arm=facts.Name(instead),
        )


@analysis
def targeting(
    predicted: Sequence[Predictions | NotApplicable], rules: Rules = Rules()
) -> tuple[Targeting | NotApplicable, ...]:
    """The value of giving each customer the arm predicted best, and of treating only a share; one an experiment.

    Values are inverse-propensity means over the arms as they were drawn, differences are taken on the same customers
    (see `policy_value`), limits are of level 1 - alpha each. The verdict rests on the one policy that no cut has to be
    chosen for, and asks it to beat both alternatives, so no correction is due. What a treatment costs is not counted.
    """
    return for_each(predicted, lambda outcomes: _targeting(outcomes, rules))


def _targeting(predicted: Predictions, rules: Rules) -> Targeting:
    chosen = (predicted.metric.direction * predicted.expected).idxmax(axis=1).to_numpy(dtype=object)
    lines = [_line(predicted, policy, given, rules.alpha) for policy, given in _policies(predicted, chosen).items()]
    arms = [predicted.control, *predicted.treatments]
    return Targeting(
        pd.DataFrame(lines).assign(kind=predicted.metric.kind),
        predicted.experiment,
        predicted.control,
        predicted.best,
        predicted.metric.label,
        predicted.metric.kind,
        predicted.metric.better,
        distrust=predicted.distrust,
        rules=rules,
        given=pd.Series(chosen).value_counts(normalize=True).reindex(arms, fill_value=0.0),
    )


def _policies(predicted: Predictions, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Which arm each tested customer would get: the one predicted best, one for all, or the best for a share.

    Customers with one prediction are treated alike, so shares can differ from the cuts, and cuts can coincide.
    """
    control, best = predicted.control, predicted.best
    policies = {CHOSEN: chosen}
    policies |= {
        f"{arm} for everyone": np.full(len(chosen), arm, dtype=object) for arm in (control, *predicted.treatments)
    }
    effects = predicted.metric.direction * (predicted.expected[best] - predicted.expected[control])
    place = (effects.rank(method="average", ascending=False).to_numpy() - 0.5) / len(chosen)
    for treated in (place < cut for cut in CUTS):
        if 0 < treated.mean() < 1:
            name = f"{best} for the {treated.mean():.0%} predicted to gain most"
            policies[name] = np.where(treated, best, control).astype(object)
    return policies


def _line(predicted: Predictions, policy: str, given: np.ndarray, alpha: float) -> dict[str, object]:
    arm, outcome = predicted.rows["arm"], predicted.rows["outcome"]
    line = {
        "policy": policy,
        "treated_share": (given != predicted.control).mean(),
        "outcome": policy_value.value(arm, outcome, given, alpha=alpha).value,
    }
    for name, instead in (("over_none", predicted.control), ("over_all", predicted.best)):
        gain = policy_value.gain(arm, outcome, given, instead, alpha=alpha)
        line |= {name: gain.value, f"{name}_lower": gain.lower, f"{name}_upper": gain.upper}
    return line
