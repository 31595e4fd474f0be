"""Clusters of buyers by k-means on declared features: how many are stable, the model, and everyone's cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation.cluster.descriptions import TreeRule
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
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import MEASURE
from helpers.language import _
from helpers.statistics.clusters import COUNTS, LEAST_SHARE, STABLE, cluster_counts, seeded_sample

FEATURES = ("recency_days", "orders", "monetary")
FIT_ROWS = 20_000
NOT_CLUSTERED = "Not clustered"

# Kaufman & Rousseeuw (1990), Finding Groups in Data, table 4: what a mean silhouette above each value speaks for.
STRUCTURES = (
    (0.70, say("Groups stand well apart: a strong structure.")),
    (0.50, say("Groups stand apart: a reasonable structure.")),
    (0.25, say("Groups flow into one another: a weak structure.")),
    (-1.0, say("Hardly a structure: borders drawn through a crowd.")),
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

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many groups are found again when buyers are drawn anew?")

    def headline(self) -> Sentence:
        """The number chosen; how stable and how separate its clusters are, of how many buyers, below."""
        if not self.chosen:
            return self._none()
        row = self.table.set_index("clusters").loc[self.chosen]
        return say(
            "Buyers fall into {groups} groups by themselves; the smallest holds {share} of them.",
            groups=facts.Count(self.chosen),
            share=facts.Share(row["smallest_share"]),
        ).resting_on(
            next(told for least, told in STRUCTURES if row["silhouette"] > least),
            say(
                "The most that are found again when buyers are drawn anew: worst Jaccard index {jaccard}, stable from "
                "{limit}; mean silhouette {silhouette}.",
                jaccard=facts.Number(row["worst_jaccard"]),
                limit=facts.Name(f"{STABLE:g}"),
                silhouette=facts.Number(row["silhouette"]),
            ),
            self._among(),
        )

    def _none(self) -> Sentence:
        """That no number of clusters will do, and which comes nearest."""
        near = self.table.loc[self.table["worst_jaccard"].idxmax()]
        return say("Buyers do not fall into groups by themselves, so no clusters are made.").resting_on(
            say(
                "Of 2 to {most} clusters {clusters} come nearest (worst Jaccard index {jaccard}), but: {verdict}.",
                most=facts.Count(COUNTS[-1]),
                clusters=facts.Count(near["clusters"]),
                jaccard=facts.Number(near["worst_jaccard"]),
                verdict=facts.Word(near[STRUCTURE], STRUCTURE),
            ),
            self._among(),
        )

    def _among(self) -> Sentence:
        rows, buyers = facts.Count(self.rows), facts.Count(self.buyers)
        if self.rows < self.buyers:
            return say("Among {rows} of {buyers} buyers drawn at random.", rows=rows, buyers=buyers)
        return say("Among all {buyers} buyers.", buyers=buyers)


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
    declared = _declared(features, data.customers)
    values = unsorted_buyers(data, declared).astype(float).dropna().sort_values(list(declared))
    compared = transformed(values, declared)
    values = values.loc[:, compared.nunique() > 1]
    distinct = len(compared[values.columns].drop_duplicates()) if len(values.columns) else 1
    if distinct <= COUNTS[-1]:
        few = say(
            "by {features} there are {distinct} different buyers; clusters need {least}.",
            features=facts.Listed(tuple(map(facts.Attribute, declared))),
            distinct=facts.Count(distinct),
            least=facts.Count(COUNTS[-1] + 1),
        )
        return NotApplicable(few)
    scale, rows = FeatureScale.of(values, declared), seeded_sample(len(values), FIT_ROWS, seed)
    counts = cluster_counts(scale.scaled(values.to_numpy()[rows]), seed=seed, least_share=min_share, cap=cap)
    model: ClusterModel | NotApplicable
    if counts.chosen:
        centres = counts.fits[counts.chosen].centres
        model = fitted_model(values, rows, scale, centres, seed=seed, fitted_on=str(data.as_of))
    else:
        model = NotApplicable(say("the buyers show no stable structure, so no clusters are made of them."))
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
    known = buyers(data, [*model.features, "monetary"])
    places, _ = model.placed(known)
    names = np.array([*model.names, NOT_CLUSTERED], dtype=object)  # place −1 is the last
    labels = pd.Series(names[places], index=known.index, name="cluster", dtype=object)
    by_revenue = known["monetary"].groupby(places).sum().sort_values(ascending=False).index
    lines: dict[str, object] = {model.names[place]: TreeRule(model.rules[place]) for place in by_revenue if place >= 0}
    if (places < 0).any():
        lines[NOT_CLUSTERED] = say("a feature is not known")
    remark = say(
        "The rules are a short tree's: for {share} of the buyers at the fit ({day}) it says the same as the nearest "
        "centre, which is what counts.",
        share=facts.Share(model.fidelity),
        day=facts.Name(model.fitted_on),
    )
    return replace(group(data, labels, lines), remarks=(remark,))


def misfit(data: Dataset, model: ClusterModel) -> NotApplicable | None:
    """Why a model cannot score these customers; None where it can."""
    missing = unfit(data)
    if missing:
        return missing
    lacking = model.lacking(data.customers)
    if lacking:
        columns = facts.Listed(tuple(map(facts.Attribute, lacking)))
        return NotApplicable(
            say("the cluster model needs {columns}, and this data set has no such column.", columns=columns)
        )
    return None


def _declared(features: Sequence[str] | Mapping[str, str], customers: pd.DataFrame) -> dict[str, str]:
    """Feature → transform, checked."""
    declared = dict(features) if isinstance(features, Mapping) else dict.fromkeys(features, "log1p")
    numeric = customers.select_dtypes("number").columns
    return {
        parameters.one_of("features", feature, numeric): parameters.one_of(f"features.{feature}", name, TRANSFORMS)
        for feature, name in declared.items()
    }
