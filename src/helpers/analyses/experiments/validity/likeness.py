"""Whether the arms were alike before the experiment in what was known of their customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.vocabulary import ARM_MEAN, CONTROL_MEAN, COVARIATE, DIFFERENCE
from helpers.analyses.experiments.vocabulary import ARM, EXPERIMENT
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, UPPER
from helpers.statistics.effects import Moments
from helpers.statistics.inference import adjust


@dataclass(frozen=True)
class Balance(Finding):
    """Standardised difference between each arm and the control in what was known before assignment."""

    table: pd.DataFrame
    rules: Rules
    columns = (EXPERIMENT, ARM, COVARIATE, CONTROL_MEAN, ARM_MEAN, DIFFERENCE, LOWER, UPPER, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """The differences, each covariate by its name in words."""
        return self.table.assign(**{COVARIATE: self.table[COVARIATE].map(_named)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Differences with their intervals around none."""
        rows = self.table.assign(
            label=lambda rows: rows["experiment"] + " · " + rows["arm"] + " · " + rows["covariate"].map(_named)
        )
        return charts.forest(rows, estimate=DIFFERENCE, label="label", band=(LOWER, UPPER), reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Were the arms alike in what was known of customers before?")

    def headline(self) -> Sentence:
        """Whether the arms were alike; below it how far the largest difference is from what is tolerated."""
        known = self.table.dropna(subset=DIFFERENCE)
        if known.empty:
            return say("Too few customers to say whether the arms were alike before the experiment.")
        large = known["difference"].abs() > self.rules.largest_imbalance
        far = known[large & (known["adjusted_p_value"] < self.rules.alpha)]
        worst = known.loc[known["difference"].abs().idxmax()]
        limit = facts.Name(f"{self.rules.largest_imbalance:g}")
        largest = say(
            "The largest difference is {difference} standard deviations ({covariate}, {experiment} · {arm}); {limit} "
            "is tolerated.",
            difference=facts.Number(worst["difference"]),
            covariate=facts.Name(_named(worst["covariate"])),
            experiment=facts.Name(worst["experiment"]),
            arm=facts.Name(worst["arm"]),
            limit=limit,
        )
        if len(far):
            return say(
                "The arms were unlike before: {far} of {differences} differences are beyond chance and too large.",
                far=facts.Count(len(far)),
                differences=facts.Count(len(known)),
            ).resting_on(largest)
        if large.any():
            return say("No evidence that the arms were unlike before.").resting_on(
                largest, say("A fair draw of so few customers explains it.")
            )
        return say("The arms were alike in what was known of customers before.").resting_on(largest)


def _named(covariate: str) -> str:
    """A covariate, or a value of one such as “region: north”, in words."""
    return formats.text(covariate) if ": " in covariate else str(facts.Trait(covariate))


@analysis
def balance(trials: Sequence[Trial], rules: Rules = Rules()) -> Balance | NotApplicable:
    """Standardised mean differences of the covariates, each arm less the control.

    (m₁ − m₀) / √((s₁² + s₀²) / 2) (Austin 2009), with the large-sample interval of Hedges & Olkin (1985). Values in
    words are compared as shares, the most common ones only. Customers without a value are left out, and so are
    experiments that assigned whole groups. Arms of fewer than the rules' smallest have a difference, whatever the draw:
    there it is NaN. Where an arm is small, a fair draw leaves differences above what is tolerated: an alarm asks for
    both, a difference so large, and one beyond chance (z test, corrected over all).
    """
    if not trials:
        return NO_EXPERIMENTS
    if not one_by_one(trials):
        return none_one_by_one(trials)
    lines = [
        {
            "experiment": trial.name,
            "arm": arm,
            "covariate": covariate,
            **_difference(trial.covariates[trial.control, covariate], trial.covariates[arm, covariate], rules),
        }
        for trial in one_by_one(trials)
        for arm, covariate in trial.covariates
        if arm != trial.control and (trial.control, covariate) in trial.covariates
    ]
    if not lines:
        return NotApplicable(say("the settings declare nothing that was known before the assignment (covariates)."))
    table = pd.DataFrame(lines)
    return Balance(table.assign(adjusted_p_value=adjust(table.pop("p_value"), rules.correction)), rules)


def _difference(control: Moments, arm: Moments, rules: Rules) -> dict[str, float]:
    enough = min(control.n, arm.n) >= rules.smallest_arm
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing varies, or too few rows: NaN
        spread = np.sqrt((control.variances[0] + arm.variances[0]) / 2) if enough else np.nan
        difference = (arm.means[0] - control.means[0]) / (spread or np.nan)
        std_error = np.sqrt(np.divide(1, control.n) + np.divide(1, arm.n) + difference**2 / (2 * (control.n + arm.n)))
    reach = norm.isf(rules.alpha / 2) * std_error
    return {
        "control_mean": control.means[0],
        "arm_mean": arm.means[0],
        "difference": difference,
        "lower": difference - reach,
        "upper": difference + reach,
        "p_value": 2 * norm.sf(abs(difference / std_error)),
    }
