"""Whether the buyers of a day still look like those to whom the cluster model was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import misfit
from helpers.analyses.segmentation.groups import buyers
from helpers.analyses.segmentation.vocabulary import (
    AT_FIT,
    DRIFT,
    FEATURE,
    NOW,
    REFIT_ABOVE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import BY_CHANCE, MEASURE, STABILITY_INDEX
from helpers.language import _
from helpers.statistics.distributions import SMALLEST_SHARE, bin_shares, index_by_chance, stability_index

UNMOVED, SHIFTED = 0.10, 0.25  # of the stability index, by custom (Siddiqi 2006)
MOST_FAR = 0.05  # of the buyers, where 1% was far at the fit


class Verdict(StrEnum):
    """What to do with the cluster model, the worst first."""

    REFIT = "refit"
    WATCH = "watch"
    KEEP = "keep"


SENTENCES = {
    Verdict.REFIT: say("The buyers have moved away from the cluster model: fit it anew."),
    Verdict.WATCH: say("The buyers have moved somewhat; the cluster model can stay, but look again soon."),
    Verdict.KEEP: say("The cluster model still fits: keep it."),
}


@dataclass(frozen=True)
class ClusterDrift(Finding):
    """How far buyers have moved since the fit, and whether the model should be fitted anew."""

    table: pd.DataFrame  # a row a feature
    far_share: float  # of the buyers, farther from their centre than 99% were at the fit
    mean_distance: float  # to the own centre, in standard deviations
    fitted_mean_distance: float
    buyers: int
    fitted_on: str
    verdict: Verdict
    columns = (FEATURE, STABILITY_INDEX, BY_CHANCE, DRIFT)
    shown = (MEASURE, AT_FIT, NOW, REFIT_ABOVE, DRIFT)

    def summary(self) -> pd.DataFrame:
        """A row a feature, then the distances: value, the limit beyond which a refit is due, and the verdict."""
        indices = pd.DataFrame(
            {
                MEASURE: [
                    _("stability index of {feature}").format(feature=formats.label(feature).lower())
                    for feature in self.table[FEATURE]
                ],
                AT_FIT: 0.0,
                NOW: self.table[STABILITY_INDEX],
                REFIT_ABOVE: np.maximum(SHIFTED, self.table[BY_CHANCE]),
                DRIFT: self.table[DRIFT],
            }
        )
        distances = pd.DataFrame(
            {
                MEASURE: [_("share of buyers far from their centre"), _("mean distance to the own centre")],
                AT_FIT: [0.01, self.fitted_mean_distance],
                NOW: [self.far_share, self.mean_distance],
                REFIT_ABOVE: [MOST_FAR, np.nan],
                DRIFT: [str(_of_distance(self.far_share)), ""],
            }
        )
        return pd.concat([indices, distances], ignore_index=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The stability index of each feature."""
        return charts.bars(self.table, value=STABILITY_INDEX, label=FEATURE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How far did each feature move since the fit?")

    def headline(self) -> Sentence:
        """What to do; what moved most since the fit below."""
        most = self.table.loc[self.table["stability_index"].idxmax()]
        return SENTENCES[self.verdict].resting_on(
            say(
                "Largest stability index: {index}, of {feature} (under {unmoved} is stable, above {shifted} a shift).",
                index=facts.Number(most["stability_index"]),
                feature=facts.Attribute(most["feature"]),
                unmoved=facts.Name(f"{UNMOVED:g}"),
                shifted=facts.Name(f"{SHIFTED:g}"),
            ),
            say(
                "{share} of {buyers} buyers are farther from their centre than 99% were on {day}.",
                share=facts.Share(self.far_share),
                buyers=facts.Count(self.buyers),
                day=facts.Name(self.fitted_on),
            ),
        )


def cluster_drift(data: Dataset, model: ClusterModel | NotApplicable) -> ClusterDrift | NotApplicable:
    """How far the buyers of this day lie from those at the fit: population stability of each feature, and distances.

    A refit is due when a feature's index is above 0.25, and above what chance alone reaches between samples of these
    sizes, or when more than 5% of the buyers are farther from their centre than 99% were at the fit; the model is kept
    without a word when all indices are under 0.1. Distances are Euclidean on the model's scale.
    """
    if isinstance(model, NotApplicable):
        return model
    missing = misfit(data, model)
    if missing:
        return missing
    known = buyers(data, model.features).astype(float).dropna()
    if known.empty:
        return NotApplicable(say("no buyer's features are all known."))
    _, distances = model.placed(known)
    features = pd.DataFrame([_of_feature(known[feature], model, place) for place, feature in enumerate(model.features)])
    far_share = float((distances > model.far_distance).mean())
    verdicts = {*features[DRIFT], _of_distance(far_share)}
    verdict = next(worst for worst in Verdict if worst in verdicts)
    return ClusterDrift(
        features, far_share, float(distances.mean()), model.mean_distance, len(known), model.fitted_on, verdict
    )


def _of_feature(values: pd.Series, model: ClusterModel, place: int) -> dict[str, object]:
    edges, expected = model.bin_edges[place], model.bin_shares[place]
    half_a_buyer = max(SMALLEST_SHARE, 0.5 / len(values))
    index = stability_index(expected, bin_shares(values, edges), smallest_share=half_a_buyer)
    chance = index_by_chance(len(expected), model.buyers, len(values), level=0.99)
    moved, somewhat = index > max(SHIFTED, chance), index > max(UNMOVED, chance)
    verdict = Verdict.REFIT if moved else Verdict.WATCH if somewhat else Verdict.KEEP
    return {FEATURE: values.name, STABILITY_INDEX: index, BY_CHANCE: chance, DRIFT: str(verdict)}


def _of_distance(far_share: float) -> Verdict:
    return Verdict.REFIT if far_share > MOST_FAR else Verdict.KEEP
