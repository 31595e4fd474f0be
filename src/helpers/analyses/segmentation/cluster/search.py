"""Clusters of buyers by k-means on declared features: how many are stable, the model, and everyone's cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation.cluster.fit import fitted_model
from helpers.analyses.segmentation.cluster.model import TRANSFORMS, ClusterModel, FeatureScale, transformed
from helpers.analyses.segmentation.groups import Groups, buyers, group, unfit, unsorted_buyers
from helpers.analyses.segmentation.vocabulary import (
    ADJUSTED_RAND,
    CLOUD_SILHOUETTE,
    CLUSTERS,
    GOODNESS,
    INERTIA,
    SILHOUETTE,
    SMALLEST_SHARE,
    STRUCTURE,
    WORST_JACCARD,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.vocabulary import MEASURE
from helpers.language import _
from helpers.statistics.clusters import COUNTS, LEAST_SHARE, STABLE, cluster_counts, seeded_sample

FEATURES = ("recency_days", "orders", "monetary")
FIT_ROWS = 20_000
NOT_CLUSTERED = "Not clustered"

# Kaufman & Rousseeuw (1990), Finding Groups in Data, table 4: what a mean silhouette above each value speaks for.
STRUCTURES = (
    (0.70, "a strong structure"),
    (0.50, "a reasonable structure"),
    (0.25, "a weak structure, where groups flow into one another"),
    (-1.0, "hardly a structure: borders drawn through a crowd"),
)


@dataclass(frozen=True)
class ClusterSearch(Finding):
    """How 2 to 8 clusters of the buyers would do, and the model with the number chosen, if one is."""

    table: pd.DataFrame  # a row a number of clusters
    model: ClusterModel | NotApplicable
    rows: int  # that were fitted
    buyers: int  # with all features known
    columns = (
        CLUSTERS,
        INERTIA,
        SILHOUETTE,
        CLOUD_SILHOUETTE,
        ADJUSTED_RAND,
        WORST_JACCARD,
        SMALLEST_SHARE,
        STRUCTURE,
    )

    @property
    def chosen(self) -> int:
        """The number of clusters chosen; 0 where there is no stable structure."""
        return len(self.model.centres) if isinstance(self.model, ClusterModel) else 0

    def plot(self, ax: Axes | None = None) -> Axes:
        """The worst cluster's Jaccard and the mean silhouette by number of clusters, and where stable begins."""
        drawn = {WORST_JACCARD: _("worst cluster's Jaccard"), SILHOUETTE: _("mean silhouette")}
        limit = _("stable from {}").format(f"{STABLE:g}")
        wide = self.table.rename(columns=drawn).assign(**{limit: STABLE})
        tidy = wide.melt(CLUSTERS, [*drawn.values(), limit], MEASURE, GOODNESS)
        return charts.line(tidy, x=CLUSTERS, y=GOODNESS, group=MEASURE, ax=ax)

    def headline(self) -> str:
        """The number chosen, how stable and how separate its clusters are, and how many buyers were looked at."""
        some = (
            f"{self.rows:,} of {self.buyers:,} buyers drawn at random"
            if self.rows < self.buyers
            else f"all {self.buyers:,} buyers"
        )
        if not self.chosen:
            near = self.table.loc[self.table["worst_jaccard"].idxmax()]
            return (
                f"No stable structure among {some}: of 2 to {COUNTS[-1]} clusters, {near['clusters']:.0f} come "
                f"nearest (worst cluster's mean Jaccard {formats.number(near['worst_jaccard'])}), but the verdict is "
                f"“{STRUCTURE.write(near[STRUCTURE])}”. No clusters are made."
            )
        row = self.table.set_index("clusters").loc[self.chosen]
        structure = next(words for least, words in STRUCTURES if row["silhouette"] > least)
        return (
            f"{self.chosen} clusters, the most that are found again when buyers are drawn anew: the worst "
            f"cluster's mean Jaccard is {formats.number(row['worst_jaccard'])} (stable from {STABLE:g}) in {some}. "
            f"Mean silhouette {formats.number(row['silhouette'])}: {structure}. The smallest holds "
            f"{formats.percent(row['smallest_share'])} of the buyers."
        )


def fitted_clusters(
    data: Dataset,
    features: Sequence[str] | Mapping[str, str] = FEATURES,
    seed: int = 1,
    min_share: float = LEAST_SHARE,
    cap: int = COUNTS[-1],
) -> ClusterSearch | NotApplicable:
    """The largest number of clusters, up to `cap`, that is stable and none of whose clusters is under `min_share`.

    Features are transformed by log1p in a unit of their own (see `FeatureScale`), or each as a mapping of feature to
    log1p or linear says, then brought to mean 0 and standard deviation 1. Buyers who lack a feature are left out, and
    so is a feature that is the same for all. Fitted on at most 20,000 buyers; stability and silhouettes are judged on
    fewer (see `cluster_counts`, which also says what is asked beside stability). They are drawn with `seed` from the
    buyers in order of their features, so that no id and no order of rows counts. Raises ValueError for a feature that
    is not a number of the snapshot, another transform, a share outside 0 … 0.5 or a cap outside 2 … 8.
    """
    parameters.between("min_share", min_share, 0, 0.5)
    parameters.between("cap", cap, COUNTS[0], COUNTS[-1])
    missing = unfit(data)
    if missing:
        return missing
    known = unsorted_buyers(data)
    declared = _declared(features, known)
    values = known[list(declared)].astype(float).dropna().sort_values(list(declared))
    compared = transformed(values, declared)
    values = values.loc[:, compared.nunique() > 1]
    distinct = len(compared[values.columns].drop_duplicates()) if len(values.columns) else 1
    if distinct <= COUNTS[-1]:
        return NotApplicable(
            f"by {', '.join(declared)} there are {distinct} different buyers; clusters need {COUNTS[-1] + 1}."
        )
    scale, rows = FeatureScale.of(values, declared), seeded_sample(len(values), FIT_ROWS, seed)
    counts = cluster_counts(scale.scaled(values.to_numpy()[rows]), seed=seed, least_share=min_share, cap=cap)
    model: ClusterModel | NotApplicable
    if counts.chosen:
        centres = counts.fits[counts.chosen].centres
        model = fitted_model(values, rows, scale, centres, seed=seed, fitted_on=str(data.as_of))
    else:
        model = NotApplicable("the buyers show no stable structure, so no clusters are made of them.")
    return ClusterSearch(counts.table, model, len(rows), len(values))


def clusters(data: Dataset, fit: ClusterModel | ClusterSearch | NotApplicable) -> Groups | NotApplicable:
    """The cluster of every buyer under a model, or that of a search, as it is: nothing is fitted to `data`.

    A buyer of whom a feature is not known is not clustered. Rules are those of the model's tree; the label itself is
    that of the nearest centre.
    """
    model = fit.model if isinstance(fit, ClusterSearch) else fit
    if isinstance(model, NotApplicable):
        return model
    missing = misfit(data, model)
    if missing:
        return missing
    known = buyers(data)
    places, _ = model.placed(known)
    names = np.array([*model.names, NOT_CLUSTERED], dtype=object)  # place −1 is the last
    labels = pd.Series(names[places], index=known.index, name="cluster", dtype=object)
    by_revenue = known["monetary"].groupby(places).sum().sort_values(ascending=False).index
    lines = {model.names[place]: model.rules[place] for place in by_revenue if place >= 0}
    if (places < 0).any():
        lines[NOT_CLUSTERED] = "a feature is not known"
    remark = (
        f"The rules are a short tree's: for {formats.percent(model.fidelity)} of the buyers at the fit "
        f"({model.fitted_on}) it says the same as the nearest centre, which is what counts."
    )
    return replace(group(data, labels, lines), remark=remark)


def misfit(data: Dataset, model: ClusterModel) -> NotApplicable | None:
    """Why a model cannot score these customers; None where it can."""
    missing = unfit(data)
    if missing:
        return missing
    lacking = model.lacking(data.customers)
    if lacking:
        return NotApplicable(f"the cluster model needs {', '.join(lacking)}, and this data set has no such column.")
    return None


def _declared(features: Sequence[str] | Mapping[str, str], known: pd.DataFrame) -> dict[str, str]:
    """Feature → transform, checked."""
    declared = dict(features) if isinstance(features, Mapping) else dict.fromkeys(features, "log1p")
    numeric = known.select_dtypes("number").columns
    return {
        parameters.one_of("features", feature, numeric): parameters.one_of(f"features.{feature}", name, TRANSFORMS)
        for feature, name in declared.items()
    }
