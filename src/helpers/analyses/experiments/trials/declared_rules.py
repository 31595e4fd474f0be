"""The rules by which an experiment is read and decided, declared before its numbers are seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers import parameters
from helpers.data.datasets import Dataset
from helpers.statistics.effects import FLAT, Prior
from helpers.statistics.inference import CORRECTIONS

Margins = Mapping[str, float]  # guardrail metric → worsening that is tolerated, relative to the control's level

CORRECTION_NAMES = {"holm": "Holm", "hochberg": "Hochberg", "bh": "Benjamini–Hochberg", "by": "Benjamini–Yekutieli"}


@dataclass(frozen=True)
class Rules:
    """What counts as evidence, as worthwhile and as readable; each value is checked, ValueError names the wrong one.

    More of a metric is better, unless the settings say `better = "lower"`. `worthwhile_lift` is the smallest lift of
    the primary metric (fall, where less is better), relative to the control's level, that is worth shipping. Intervals
    are of level 1 - alpha. `prior` is what was believed of the primary metric's lift beforehand. `guardrails` are those
    of each experiment by name: metrics that may not get worse by more than their margin, whatever the primary metric
    does.
    """

    alpha: float = 0.05
    correction: str = "holm"
    worthwhile_lift: float = 0.05
    power: float = 0.8
    longest_extension: float = 3.0  # an experiment may grow to this many times its size, not further
    largest_imbalance: float = 0.1  # standard deviations between the arms before the experiment
    sample_ratio_alpha: float = 0.001
    largest_two_arm_share: float = 0.01  # of customers met in two arms
    smallest_arm: int = 30  # customers counted in the primary metric; below it the tests' approximations are off
    least_days: int = 7  # from the first assignment to the report's day, so that every weekday is in it
    largest_risk: float = 0.005  # what shipping may be expected to lose, relative to the control's level
    prior: Prior = FLAT
    guardrails: Mapping[str, Margins] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parameters.between("alpha", self.alpha, 0.0001, 0.5)
        parameters.one_of("correction", self.correction, CORRECTIONS)
        parameters.between("worthwhile_lift", self.worthwhile_lift, 0, 10)
        parameters.between("power", self.power, 0.51, 0.999)
        parameters.between("longest_extension", self.longest_extension, 1, 100)
        parameters.between("largest_imbalance", self.largest_imbalance, 0, 10)
        parameters.between("sample_ratio_alpha", self.sample_ratio_alpha, 0, 0.5)
        parameters.between("largest_two_arm_share", self.largest_two_arm_share, 0, 1)
        parameters.between("smallest_arm", self.smallest_arm, 2, 1_000_000)
        parameters.between("least_days", self.least_days, 0, 365)
        parameters.between("largest_risk", self.largest_risk, 0, 10)

    @property
    def worthwhile(self) -> str:
        """The worthwhile lift as a reader sees it: 5%."""
        return f"{100 * self.worthwhile_lift:g}%"

    @property
    def corrected_by(self) -> str:
        """Whose correction several tests get."""
        return CORRECTION_NAMES[self.correction]

    @property
    def level(self) -> str:
        """The level of the intervals as a reader sees it: 95%."""
        return f"{100 * (1 - self.alpha):g}%"


def guardrails(data: Dataset) -> dict[str, Margins]:
    """The guardrails that the settings declare, by experiment.

    Written as `guardrails = { spend = 0.02 }` under `[experiments.<name>]`: spend may fall by 2 % of the control's
    level at most.
    """
    declared = data.settings.experiments
    return {name: dict(words.guardrails) for name, words in declared.items() if words.guardrails}
