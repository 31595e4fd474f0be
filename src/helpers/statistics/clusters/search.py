"""How many clusters: how tight, how separate, how stable and how large they are for each number of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from helpers import progress
from helpers.statistics.clusters.k_means import KMeansFit, fit_k_means, nearest_centres, one_thread, seeded_sample
from helpers.statistics.clusters.stability import bootstrap_stability

COUNTS = tuple(range(2, 9))
STABLE = 0.75  # Hennig (2007): a mean Jaccard from which on a cluster is taken to be stable
LEAST_SHARE = 0.03
SILHOUETTE_ROWS = 1_000
CLOUDS = 10  # draws of each kind of cloud; of five the spread is so uncertain that 1 box in 40 would be cut
CLEAR_OF_CLOUDS = 3  # standard deviations between draws of a cloud
GOOD, BEYOND, SMALL, UNSTABLE = "stable", "beyond", "small", "unstable"  # verdicts on a number of clusters
CLOUD, APART = "cloud", "apart"


@dataclass(frozen=True, eq=False)
class ClusterCounts:
    """What each number of clusters yields, the fits behind it, and the number chosen; 0 where none will do."""

    # clusters, inertia, silhouette, cloud_silhouette, adjusted_rand, worst_jaccard, smallest_share, verdict
    table: pd.DataFrame
    fits: dict[int, KMeansFit]

    @property
    def chosen(self) -> int:
        """The largest number of clusters with a good verdict; 0 where there is none."""
        return max(self.table.loc[self.table["verdict"] == GOOD, "clusters"].tolist(), default=0)


def cluster_counts(
    values: np.ndarray, *, seed: int, least_share: float = LEAST_SHARE, cap: int = COUNTS[-1]
) -> ClusterCounts:
    """k-means with 2 to 8 clusters of `values` (rows, features), judged for size, stability and separation.

    Inertia is the sum of squared distances; silhouettes are means over at most 1,000 rows; the adjusted Rand index and
    the worst cluster's Jaccard are means over 20 resamples of at most 2,000 rows (see `bootstrap_stability`). A number
    of clusters is good when it is not over `cap`, its smallest cluster has `least_share` of the rows, its worst Jaccard
    reaches .75, and its silhouette is above `cloud_silhouette`, which is only asked where the rest is good: above that
    of one cloud, and of more clusters than the clearest good number also above that of a cloud in place of each of
    these groups. For k-means cuts a box, or each of some groups in halves, the same way every time. Raises ValueError
    for fewer than eight rows.
    """
    with one_thread():
        fits = {count: fit_k_means(values, count, seed=seed) for count in COUNTS}
        judged = values[seeded_sample(len(values), SILHOUETTE_ROWS, seed)]
        places = {count: nearest_centres(pd.DataFrame(judged), fit.centres)[0] for count, fit in fits.items()}
        table = pd.DataFrame(
            [_judged(values, judged, places[count], fits[count], seed) for count in progress.bar(COUNTS)]
        )
        table.insert(3, "cloud_silhouette", np.nan)
        table["verdict"] = _sound(table, least_share, cap)
        table = _clearer(table, judged, np.zeros(len(judged), dtype=int), seed, CLOUD)
        good = table[table["verdict"] == GOOD].nlargest(1, "silhouette")
        if len(good):
            clearest = int(good["clusters"].iloc[0])
            table = _clearer(table, judged, places[clearest], seed, APART, more_than=clearest)
    return ClusterCounts(table, fits)


def mean_silhouette(values: np.ndarray, places: np.ndarray) -> float:
    """How much nearer rows are to their own cluster than to the next, from −1 to 1; NaN unless there are several.

    The mean over rows of (b − a) / max(a, b): a is the mean distance to the others of the own cluster, b that to the
    rows of the nearest other one; a row alone in its cluster counts 0. Takes time and memory with the square of the
    rows. Source: Rousseeuw (1987).
    """
    found, own = np.unique(places, return_inverse=True)
    if not 1 < len(found) < len(values):
        return np.nan
    member = np.eye(len(found))[own]
    sums, sizes, row = cdist(values, values) @ member, member.sum(axis=0), np.arange(len(values))
    within = sums[row, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[row, own] = np.inf
    between = means.min(axis=1)
    longer = np.maximum(within, between)
    gaps = np.divide(between - within, longer, out=np.zeros_like(longer), where=(longer > 0) & (sizes[own] > 1))
    return float(gaps.mean())


def cloud_silhouette(values: np.ndarray, places: np.ndarray, clusters: int, *, seed: int) -> float:
    """The mean silhouette that so many `clusters` would hardly exceed if there were no groups but those of `places`.

    `values` (rows, features) are drawn anew around the mean of their group, in a normal and in a uniform shape, with
    the spreads that it has along its principal axes: features that go together do so in the clouds. Give one group for
    a single cloud. Taken is the higher of the two shapes' mean silhouettes plus three of their standard deviations
    between draws. After the reference distributions of Tibshirani, Walther & Hastie (2001), section 2, variant b.
    """
    rng = np.random.default_rng(seed)
    _, own = np.unique(places, return_inverse=True)
    groups = [np.flatnonzero(own == group) for group in range(own.max() + 1)]
    edge = np.sqrt(3)  # a uniform variable from −√3 to √3 has variance 1
    shapes = (rng.standard_normal, lambda size: rng.uniform(-edge, edge, size))
    axes = [_principal_axes(values[rows]) for rows in groups]

    def cloud(draws: np.ndarray) -> np.ndarray:
        drawn = np.empty_like(values)
        for rows, (middle, spreads) in zip(groups, axes, strict=True):
            drawn[rows] = middle + draws[rows] @ spreads
        return drawn

    scores = [[_cut(cloud(shape(values.shape)), clusters, seed) for _ in range(CLOUDS)] for shape in shapes]
    return float(np.mean(scores, axis=1).max() + CLEAR_OF_CLOUDS * np.std(scores, axis=1, ddof=1).max())


def _principal_axes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of the rows, and their principal axes (a row each), as long as the standard deviation along them."""
    middle = values.mean(axis=0)
    _, lengths, axes = np.linalg.svd(values - middle, full_matrices=False)
    spreads = lengths[:, np.newaxis] * axes / np.sqrt(len(values))
    return middle, np.pad(spreads, ((0, values.shape[1] - len(spreads)), (0, 0)))  # fewer rows than features


def _judged(values: np.ndarray, judged: np.ndarray, places: np.ndarray, fit: KMeansFit, seed: int) -> dict[str, float]:
    found, _ = nearest_centres(pd.DataFrame(values), fit.centres)
    stability = bootstrap_stability(values, fit.centres, seed=seed)
    return {
        "clusters": len(fit.centres),
        "inertia": fit.inertia,
        "silhouette": mean_silhouette(judged, places),
        "adjusted_rand": stability.adjusted_rand,
        "worst_jaccard": stability.jaccards.min(),
        "smallest_share": np.bincount(found, minlength=len(fit.centres)).min() / len(found),
    }


def _sound(table: pd.DataFrame, least_share: float, cap: int) -> pd.Series:
    """What stands against each number of clusters, if anything."""
    against = [table["clusters"] > cap, table["smallest_share"] < least_share, ~(table["worst_jaccard"] >= STABLE)]
    return pd.Series(np.select(against, [BEYOND, SMALL, UNSTABLE], GOOD), index=table.index, dtype=object)


def _clearer(
    table: pd.DataFrame, judged: np.ndarray, groups: np.ndarray, seed: int, otherwise: str, more_than: int = 1
) -> pd.DataFrame:
    """The table with the verdict `otherwise` on good numbers of clusters no clearer than clouds instead of `groups`."""
    asked = (table["verdict"] == GOOD) & (table["clusters"] > more_than)
    clusters = table.loc[asked, "clusters"]
    clouds = [cloud_silhouette(judged, groups, count, seed=seed) for count in progress.bar(clusters)]
    limits = pd.Series(clouds, clusters.index, dtype=float)
    cloud = table["cloud_silhouette"].where(~asked, limits)
    fails = asked & ~(table["silhouette"] > cloud)
    return table.assign(cloud_silhouette=cloud, verdict=table["verdict"].mask(fails, otherwise))


def _cut(cloud: np.ndarray, clusters: int, seed: int) -> float:
    fit = fit_k_means(cloud, clusters, seed=seed, starts=2)
    return mean_silhouette(cloud, nearest_centres(pd.DataFrame(cloud), fit.centres)[0])
