"""How alike two labellings of the same rows are, and how far clusters come back when the rows are drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.clusters.k_means import fit_k_means, nearest_centres

RESAMPLES = 20
RESAMPLE_ROWS = 2_000
STARTS = 2  # of a refit; one alone would blame the data for a bad start


@dataclass(frozen=True, eq=False)
class Stability:
    """Means over bootstrap resamples: the adjusted Rand index of a refit, and each cluster's Jaccard similarity."""

    adjusted_rand: float
    jaccards: np.ndarray  # (clusters,), 1 for a cluster that always comes back whole


def overlaps(first: ArrayLike, second: ArrayLike) -> np.ndarray:
    """How many rows have each pair of labels, as a matrix; labels are places 0, 1, 2 …"""
    rows, columns = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if rows.shape != columns.shape or rows.size == 0:
        raise ValueError(f"labels = {rows.size} and {columns.size}: label the same rows, one or more, twice.")
    shape = rows.max() + 1, columns.max() + 1
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def adjusted_rand(counts: np.ndarray) -> float:
    """Agreement of two labellings from their `overlaps`: 1 for the same groups, 0 on average by chance.

    1 as well where neither labelling tells any rows apart, or both tell all of them. Source: Hubert & Arabie (1985).
    """
    counts = np.asarray(counts, dtype=float)
    together, first, second, pairs = (
        _pairs(part) for part in (counts, counts.sum(axis=1), counts.sum(axis=0), counts.sum())
    )
    expected, most = first * second / pairs if pairs else 0.0, (first + second) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def jaccards(counts: np.ndarray) -> np.ndarray:
    """Size of intersection over size of union for every pair of groups, from their `overlaps`; 0 for empty groups."""
    counts = np.asarray(counts, dtype=float)
    union = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) - counts
    return np.divide(counts, union, out=np.zeros_like(counts), where=union > 0)


def bootstrap_stability(
    values: np.ndarray, centres: np.ndarray, *, seed: int, resamples: int = RESAMPLES, rows: int = RESAMPLE_ROWS
) -> Stability:
    """How well k-means of resampled rows finds the clusters again that `centres` make of `values` (rows, features).

    A resample draws as many rows as there are, with replacement, or `rows` of a longer table: what is then judged is
    a fit to that many, which wanders more. It is fitted anew; each cluster's Jaccard similarity is that with the most
    similar new cluster, among the different rows drawn. Clusters under .75 are not stable, those under .5 dissolve.
    Stability is no proof of separate groups: a single long cloud is cut in half the same way each time.
    Source: Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    rng = np.random.default_rng(seed)
    found, _ = nearest_centres(pd.DataFrame(values), centres)
    agreements, similar = [], []
    for _ in range(resamples):
        drawn = rng.integers(len(values), size=min(rows, len(values)))
        refit = fit_k_means(values[drawn], len(centres), seed=int(rng.integers(2**31)), starts=STARTS)
        different = np.unique(drawn)
        again, _ = nearest_centres(pd.DataFrame(values[different]), refit.centres)
        counts = overlaps(found[different], again)
        agreements.append(adjusted_rand(counts))
        similar.append(_best(counts, len(centres)))
    return Stability(float(np.mean(agreements)), _mean_of_known(np.array(similar)))


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _best(counts: np.ndarray, clusters: int) -> np.ndarray:
    """Each cluster's Jaccard with its most similar one; NaN for a cluster of which no row was drawn."""
    best = np.where(counts.sum(axis=1) > 0, jaccards(counts).max(axis=1), np.nan)
    return np.pad(best, (0, clusters - len(best)), constant_values=np.nan)


def _mean_of_known(similar: np.ndarray) -> np.ndarray:
    known = ~np.isnan(similar)
    return np.where(known, similar, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
