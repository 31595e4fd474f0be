"""The model that a search chose: centres with names, rules and what a later day's drift is measured from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.segmentation.cluster.descriptions import centre_in_words, cluster_names, rules
from helpers.analyses.segmentation.cluster.model import ClusterModel, FeatureScale
from helpers.findings import formats
from helpers.statistics.clusters import nearest_centres
from helpers.statistics.distributions import bin_shares, quantile_edges

FAR = 0.99  # of the buyers are nearer to their centre than what counts as far


def fitted_model(
    values: pd.DataFrame, rows: np.ndarray, scale: FeatureScale, centres: np.ndarray, *, seed: int, fitted_on: str
) -> ClusterModel:
    """The frozen model of `centres` (on the scale) that were fitted to the `rows` of the buyers' features `values`."""
    places, distances = nearest_centres(values, centres, scale.scaled)
    edges = [quantile_edges(values[feature]) for feature in values]
    shares = [bin_shares(values[feature], inner) for feature, inner in zip(values, edges, strict=True)]
    typical = scale.unscaled(centres)
    lines, fidelity = _rules(values.iloc[rows], places[rows], typical, seed)
    ids = tuple(range(1, len(centres) + 1))
    return ClusterModel(
        **vars(scale),
        centres=tuple(map(tuple, centres.tolist())),
        ids=ids,
        next_id=len(ids) + 1,
        names=tuple(cluster_names(pd.DataFrame(centres, columns=values.columns), typical)),
        rules=lines,
        fidelity=fidelity,
        mean_distance=float(distances.mean()),
        far_distance=float(np.quantile(distances, FAR)),
        bin_edges=tuple(tuple(inner.tolist()) for inner in edges),
        bin_shares=tuple(tuple(part.tolist()) for part in shares),
        seed=seed,
        rows=len(rows),
        buyers=len(values),
        fitted_on=fitted_on,
    )


def _rules(some: pd.DataFrame, places: np.ndarray, typical: pd.DataFrame, seed: int) -> tuple[tuple[str, ...], float]:
    lines, fidelities, fidelity = rules(some, places, len(typical), seed)
    explained = [
        f"{line} (fidelity {formats.percent(share)})" if line else f"nearest to {centre_in_words(centre)}"
        for line, share, (_, centre) in zip(lines, fidelities, typical.iterrows(), strict=True)
    ]
    return tuple(explained), fidelity
