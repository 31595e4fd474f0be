"""k-means by scikit-learn: centres from a sample of the rows, and the nearest centre of every row."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.cluster.vq import vq
from threadpoolctl import threadpool_limits

CHUNK_ROWS = 65_536  # few enough to stay in the processor's cache
STARTS = 10


@dataclass(frozen=True, eq=False)
class KMeansFit:
    """Centres (clusters, features) that leave the least squared distance, and that distance summed over the rows."""

    centres: np.ndarray
    inertia: float


def fit_k_means(values: ArrayLike, clusters: int, *, seed: int, starts: int = STARTS) -> KMeansFit:
    """The best of some seeded k-means fits of `values` (rows, features), all on one scale.

    Each start is k-means++ with greedy trials, and Lloyd's steps lead it to its end. The same seed gives the same
    centres. Where there are fewer different rows than clusters some centres coincide. Takes all cores unless within
    `one_thread`. Raises ValueError for fewer rows than clusters, or missing values. Assumes round clusters of like
    spread.
    Source: Lloyd (1982); starts: Arthur & Vassilvitskii (2007); sklearn.cluster.KMeans.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    rows = np.asarray(values, dtype=float)
    if rows.ndim != 2 or not 1 <= clusters <= len(rows):
        raise ValueError(f"clusters = {clusters} of an array of shape {rows.shape}: give one to as many as its rows.")
    if not np.isfinite(rows).all():
        raise ValueError(f"values = {int((~np.isfinite(rows)).sum())} missing or infinite: leave those rows out.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different rows than clusters, as said above
        fit = KMeans(clusters, n_init=starts, random_state=seed).fit(rows)
    return KMeansFit(fit.cluster_centers_, float(fit.inertia_))


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it, scikit-learn and matrix products keep to one core.

    Notebooks run side by side: threads would only wait for one another, and burn several times the CPU.
    """
    import sklearn.cluster  # noqa: F401  a limit binds only the libraries that are loaded

    with threadpool_limits(1):
        yield


def nearest_centres(
    table: pd.DataFrame, centres: ArrayLike, scale: Callable[[np.ndarray], np.ndarray] = np.asarray
) -> tuple[np.ndarray, np.ndarray]:
    """The place of the centre nearest to each row, and the distance to it.

    `table` has a column a feature; `scale` brings an array (rows, features) of it to the scale of the centres, and
    works row by row. Rows with a missing value get place −1 and distance NaN; of equally near centres the first counts.
    Rows are taken chunk by chunk: beyond its answer (int16 and float) the work holds a few megabytes, however many.
    SciPy places them: on one core, faster than scikit-learn where distances are asked too, and without its import.
    """
    middles = np.ascontiguousarray(centres, dtype=float)
    places, distances = np.full(len(table), -1, dtype=np.int16), np.full(len(table), np.nan)
    for start in range(0, len(table), CHUNK_ROWS):
        chunk = slice(start, start + CHUNK_ROWS)
        values = table.iloc[chunk].to_numpy(dtype=float, na_value=np.nan)
        values = np.ascontiguousarray(scale(values))
        known = np.isfinite(values).all(axis=1)
        if known.all():
            places[chunk], distances[chunk] = vq(values, middles, check_finite=False)
        elif known.any():
            places[chunk][known], distances[chunk][known] = vq(values[known], middles, check_finite=False)
    return places, distances


def seeded_sample(rows: int, size: int, seed: int) -> np.ndarray:
    """Rising positions of `size` of the rows, drawn without replacement; of all when there are no more."""
    if rows <= size:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size, replace=False))
