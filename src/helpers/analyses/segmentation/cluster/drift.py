"""Whether the buyers of a day still look like those to whom the cluster model was fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import misfit
from helpers.analyses.segmentation.groups import buyers
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.distributions import SMALLEST_SHARE, bin_shares, index_by_chance, stability_index

STABLE, SHIFTED = 0.10, 0.25  # of the stability index, by custom (Siddiqi 2006)
MOST_FAR = 0.05  # of the buyers, where 1% was far at the fit
REFIT, WATCH, KEEP = "refit", "watch", "keep"


@dataclass(frozen=True)
class ClusterDrift:
    """How far buyers have moved since the fit, and whether the model should be fitted anew."""

    features: pd.DataFrame  # feature, stability_index, by_chance (what chance alone may reach), verdict
    far_share: float  # of the buyers, farther from their centre than 99% were at the fit
    mean_distance: float  # to the own centre, in standard deviations
    fitted_mean_distance: float
    buyers: int
    fitted_on: str
    verdict: str  # refit, watch or keep

    def summary(self) -> pd.DataFrame:
        """A row a feature, then the distances: value, the limit beyond which a refit is due, and the verdict."""
        indices = self.features.rename(columns={"feature": "measure", "stability_index": "now"}).assign(
            measure=[f"stability index of {feature.replace('_', ' ')}" for feature in self.features["feature"]],
            at_fit=0.0, refit_above=np.maximum(SHIFTED, self.features["by_chance"]),
        )  # fmt: skip
        distances = pd.DataFrame(
            {
                "measure": ["share of buyers far from their centre", "mean distance to the own centre"],
                "at_fit": [0.01, self.fitted_mean_distance],
                "now": [self.far_share, self.mean_distance],
                "refit_above": [MOST_FAR, np.nan],
                "verdict": [REFIT if self.far_share > MOST_FAR else KEEP, ""],
            }
        )
        columns = ["measure", "at_fit", "now", "refit_above", "verdict"]
        return pd.concat([indices[columns], distances], ignore_index=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The stability index of each feature."""
        return charts.bars(self.features, value="stability_index", label="feature", ax=ax)

    def headline(self) -> str:
        """What moved most since the fit, and what to do."""
        most = self.features.loc[self.features["stability_index"].idxmax()]
        index = f"stability index of {most['feature'].replace('_', ' ')} {formats.number(most['stability_index'])}"
        far = (
            f"{formats.percent(self.far_share)} of {self.buyers:,} buyers are farther from their centre than 99% "
            f"were on {self.fitted_on}"
        )
        said = {
            REFIT: "The buyers have moved away from the cluster model: fit it anew",
            WATCH: "The buyers have moved somewhat; the cluster model can stay, but look again soon",
            KEEP: "The cluster model still fits: keep it",
        }[self.verdict]
        return f"{said}. Largest {index} (under {STABLE:g} is stable, above {SHIFTED:g} is a shift); {far}."


def cluster_drift(data: Dataset, model: ClusterModel | NotApplicable) -> ClusterDrift | NotApplicable:
    """How far the buyers of this day lie from those at the fit: population stability of each feature, and distances.

    A refit is due when a feature's index is above 0.25, and above what chance alone reaches between samples of these
    sizes, or when more than 5% of the buyers are farther from their centre than 99% were at the fit; the model is kept
    without a word when all indices are under 0.1. Distances are Euclidean on the model's scale.
    """
    missing = misfit(data, model)
    if missing:
        return missing
    known = buyers(data)[list(model.features)].astype(float).dropna()
    if known.empty:
        return NotApplicable("no buyer's features are all known.")
    _, distances = model.placed(known)
    features = pd.DataFrame([_moved(known[feature], model, place) for place, feature in enumerate(model.features)])
    far_share = float((distances > model.far_distance).mean())
    verdicts = {*features["verdict"], *([REFIT] if far_share > MOST_FAR else [])}
    verdict = next(worst for worst in (REFIT, WATCH, KEEP) if worst in verdicts)
    return ClusterDrift(
        features, far_share, float(distances.mean()), model.mean_distance, len(known), model.fitted_on, verdict
    )


def _moved(values: pd.Series, model: ClusterModel, place: int) -> dict[str, object]:
    edges, expected = model.bin_edges[place], model.bin_shares[place]
    half_a_buyer = max(SMALLEST_SHARE, 0.5 / len(values))
    index = stability_index(expected, bin_shares(values, edges), smallest_share=half_a_buyer)
    chance = index_by_chance(len(expected), model.buyers, len(values), level=0.99)
    verdict = REFIT if index > max(SHIFTED, chance) else WATCH if index > max(STABLE, chance) else KEEP
    return {"feature": values.name, "stability_index": index, "by_chance": chance, "verdict": verdict}
