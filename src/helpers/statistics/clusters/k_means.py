"""k-means (Lloyd 1982): centres from a sample of the rows, and the nearest centre of every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.cluster.vq import vq

CHUNK_ROWS = 65_536  # few enough to stay in the processor's cache
STARTS = 10
FIRST_STEPS, MAX_STEPS = 8, 300
STILL = 1e-4  # squared way of all centres in a step, over the mean variance of the features


@dataclass(frozen=True, eq=False)
class KMeansFit:
    """Centres (clusters, features) that leave the least squared distance, and that distance summed over the rows."""

    centres: np.ndarray
    inertia: float


def fit_k_means(values: ArrayLike, clusters: int, *, seed: int, starts: int = STARTS) -> KMeansFit:
    """The best of some seeded k-means fits of `values` (rows, features), all on one scale.

    Each start is k-means++ with greedy trials, so that the answer hangs little on it; the best after a few steps is
    followed to its end. The same seed gives the same centres. Where there are fewer different rows than clusters some
    centres coincide. Raises ValueError for fewer rows than clusters, or missing values. Assumes round clusters of like
    spread.
    Source: Lloyd (1982); starts: Arthur & Vassilvitskii (2007).
    """
    rows = np.ascontiguousarray(values, dtype=float)
    if rows.ndim != 2 or not 1 <= clusters <= len(rows):
        raise ValueError(f"clusters = {clusters} of an array of shape {rows.shape}: give one to as many as its rows.")
    if not np.isfinite(rows).all():
        raise ValueError(f"values = {int((~np.isfinite(rows)).sum())} missing or infinite: leave those rows out.")
    rng = np.random.default_rng(seed)
    tried = [_settled(rows, _spread_out(rows, clusters, rng), FIRST_STEPS) for _ in range(starts)]
    return _settled(rows, min(tried, key=lambda fit: fit.inertia).centres, MAX_STEPS)


def nearest_centres(
    table: pd.DataFrame, centres: ArrayLike, scale: Callable[[np.ndarray], np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The place of the centre nearest to each row, and the distance to it.

    `table` has a column a feature; `scale` brings an array (rows, features) of it to the scale of the centres, and
    works row by row. Rows with a missing value get place −1 and distance NaN; of equally near centres the first counts.
    Rows are taken chunk by chunk: beyond its answer (int16 and float) the work holds a few megabytes, however many.
    """
    centres = np.ascontiguousarray(centres, dtype=float)
    places, distances = np.full(len(table), -1, dtype=np.int16), np.full(len(table), np.nan)
    for start in range(0, len(table), CHUNK_ROWS):
        chunk = slice(start, start + CHUNK_ROWS)
        values = table.iloc[chunk].to_numpy(dtype=float, na_value=np.nan)
        values = np.ascontiguousarray(values if scale is None else scale(values))
        known = np.isfinite(values).all(axis=1)
        if known.all():
            places[chunk], distances[chunk] = vq(values, centres, check_finite=False)
        elif known.any():
            places[chunk][known], distances[chunk][known] = vq(values[known], centres, check_finite=False)
    return places, distances


def seeded_sample(rows: int, size: int, seed: int) -> np.ndarray:
    """Rising positions of `size` of the rows, drawn without replacement; of all when there are no more."""
    if rows <= size:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size, replace=False))


def _spread_out(rows: np.ndarray, clusters: int, rng: np.random.Generator) -> np.ndarray:
    """Rows to start from: each the best of some that are drawn in proportion to the squared distance so far."""
    trials = 2 + int(np.log(clusters))
    chosen = [rng.integers(len(rows))]
    squares = _squares(rows, rows[chosen[0]])
    for _ in range(clusters - 1):
        drawn = np.searchsorted(np.cumsum(squares), rng.random(trials) * squares.sum()).clip(max=len(rows) - 1)
        left = [np.minimum(squares, _squares(rows, rows[place])) for place in drawn]
        best = int(np.argmin([part.sum() for part in left]))
        chosen.append(drawn[best])
        squares = left[best]
    return rows[chosen]


def _squares(rows: np.ndarray, centre: np.ndarray) -> np.ndarray:
    apart = rows - centre
    return np.einsum("rf,rf->r", apart, apart)


def _settled(rows: np.ndarray, centres: np.ndarray, steps: int) -> KMeansFit:
    """The fit that Lloyd's steps reach from `centres`; a centre that loses all its rows stays where it is."""
    still = STILL * rows.var(axis=0).mean()
    for _ in range(steps):
        places, _ = vq(rows, centres, check_finite=False)
        sizes = np.bincount(places, minlength=len(centres))
        sums = np.stack([np.bincount(places, column, len(centres)) for column in rows.T], axis=1)
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        way, centres = ((moved - centres) ** 2).sum(), moved
        if way <= still:
            break
    _, distances = vq(rows, centres, check_finite=False)
    return KMeansFit(centres, float(distances @ distances))
