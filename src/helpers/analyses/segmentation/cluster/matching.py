"""Which cluster of a new fit is which of the old one, so that names and ids outlive a refit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import misfit
from helpers.analyses.segmentation.groups import buyers
from helpers.analyses.segmentation.vocabulary import (
    CLUSTER,
    CLUSTER_ID,
    KEPT,
    OLD_CLUSTER,
    OLD_ID,
    OVERLAP_JACCARD,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS
from helpers.statistics.clusters import adjusted_rand, matched_labels, overlaps

SAME = 0.5  # Jaccard from which on a cluster of the new fit is still the old one


@dataclass(frozen=True)
class Rematch(Finding):
    """The new model with the old ids and names where clusters are still the same, and how far both models agree."""

    table: pd.DataFrame  # a row a pair of clusters with the customers in both, then those without a partner
    model: ClusterModel
    kept_share: float  # of the customers, whose id is the same under both models
    adjusted_rand: float
    customers: int
    columns = (OLD_CLUSTER, CLUSTER, OLD_ID, CLUSTER_ID, OVERLAP_JACCARD, CUSTOMERS, KEPT)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How far each cluster of the new fit overlaps with its partner."""
        drawn = self.table.dropna(subset=CLUSTER).fillna({OVERLAP_JACCARD: 0.0})
        return charts.bars(drawn, value=OVERLAP_JACCARD, label=CLUSTER, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How far does each new cluster overlap with its partner?")

    def headline(self) -> Sentence:
        """How many customers keep their cluster; how many clusters are kept, new and gone below."""
        kept = int(self.table[KEPT].sum())
        new, gone = len(self.model.ids) - kept, self.table[OLD_ID].notna().sum() - kept
        return say(
            "After the refit {share} of {customers} customers keep their cluster.",
            share=facts.Share(self.kept_share),
            customers=facts.Count(self.customers),
        ).resting_on(
            say(
                "Clusters that keep their name: {kept}; new: {new}; gone: {gone}.",
                kept=facts.Count(kept),
                new=facts.Count(new),
                gone=facts.Count(gone),
            ),
            say("Agreement of both models {rand} (adjusted Rand index).", rand=facts.Number(self.adjusted_rand)),
        )


def rematched(old: ClusterModel, new: ClusterModel, data: Dataset) -> Rematch | NotApplicable:
    """The new model renamed after the old one, by the clusters that both give to today's buyers.

    Clusters are paired so that most customers agree (Hungarian method); a pair whose Jaccard similarity is 0.5 or more
    keeps the old id and name. Every other cluster gets an id that was never used, and a name that no kept one has.
    """
    missing = misfit(data, old) or misfit(data, new)
    if missing:
        return missing
    known = buyers(data, [*old.features, *new.features])
    before, after = old.placed(known)[0], new.placed(known)[0]
    both = (before >= 0) & (after >= 0)
    if not both.any():
        return NotApplicable(say("no buyer's features are known to both models."))
    counts = _padded(overlaps(before[both], after[both]), len(old.ids), len(new.ids))
    pairs = matched_labels(counts)
    pairs = pairs.assign(kept=pairs["jaccard"] >= SAME)
    model = _renamed(old, new, {row.second: row.first for row in pairs[pairs["kept"]].itertuples()})
    kept_share = pairs.loc[pairs["kept"], "rows"].sum() / counts.sum()
    return Rematch(_matches(old, model, pairs), model, float(kept_share), adjusted_rand(counts), int(counts.sum()))


def _padded(counts: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The overlaps with a row and a column for every cluster, the last ones empty today included."""
    return np.pad(counts, [(0, rows - counts.shape[0]), (0, columns - counts.shape[1])])


def _renamed(old: ClusterModel, new: ClusterModel, partners: dict[int, int]) -> ClusterModel:
    """`new` with the ids and names of its clusters' partners (places, new → old) in `old`, and fresh ids for others."""
    fresh = itertools.count(old.next_id)
    taken = {old.names[place] for place in partners.values()}
    ids, names = [], []
    for place, name in enumerate(new.names):
        if place in partners:
            ids.append(old.ids[partners[place]])
            names.append(old.names[partners[place]])
        else:
            ids.append(next(fresh))
            names.append(f"{name} (since {new.fitted_on}, no. {ids[-1]})" if name in taken else name)
    return replace(new, ids=tuple(ids), names=tuple(names), next_id=next(fresh))


def _matches(old: ClusterModel, model: ClusterModel, pairs: pd.DataFrame) -> pd.DataFrame:
    before = pd.DataFrame({OLD_CLUSTER: old.names, OLD_ID: old.ids}).rename_axis("first").reset_index()
    after = pd.DataFrame({CLUSTER: model.names, CLUSTER_ID: model.ids}).rename_axis("second").reset_index()
    table = before.merge(pairs, on="first", how="left").merge(after, on="second", how="outer").sort_values("first")
    table = table.rename(columns={"jaccard": OVERLAP_JACCARD, "rows": CUSTOMERS})
    table = table.astype({OLD_ID: "Int64", CLUSTER_ID: "Int64"})
    return table.assign(**{KEPT: table[KEPT].eq(True)})[list(Rematch.columns)].reset_index(drop=True)
