"""Moments of columns, as a value that adds: cells from one engine query become totals, segments and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Moments:
    """Number of rows, means, variances and covariances of named columns; `a + b` are those of the rows of both.

    `means` has k entries, `scatter` is the k × k matrix of sums of products of deviations from the means, `cubes` the
    sums of their third powers, which tell how skewed a column is: NaN where nobody summed them up.
    All columns of one value share `n`: a metric that is missing for some rows has a value of its own, built
    from its own rows, so a missing value raises ValueError here. With n = 0 the means are NaN.
    """

    n: int
    columns: tuple[str, ...]
    means: np.ndarray
    scatter: np.ndarray
    cubes: np.ndarray = field(default_factory=lambda: np.array(np.nan))

    def __post_init__(self) -> None:
        k = len(self.columns)
        n = _row_count(self.n)
        means = np.array(self.means, dtype=float) if n else np.full(k, np.nan)
        # One row does not deviate from its own mean; engines answer NULL there.
        scatter = np.array(self.scatter, dtype=float) if n > 1 else np.zeros((k, k))
        if means.shape != (k,) or scatter.shape != (k, k):
            raise ValueError(
                f"moments of {_listed(self.columns)} = means {means.shape}, scatter {scatter.shape}: "
                f"{k} columns have means ({k},) and scatter ({k}, {k}). Give one entry for each column."
            )
        if len(set(self.columns)) < k:
            raise ValueError(f"columns = {_listed(self.columns)}: each name stands once. Rename the repeated column.")
        finite = np.isfinite(means) & np.isfinite(np.diag(scatter))
        if finite.all():
            finite = np.isfinite(scatter).all(axis=0)
        if n and not finite.all():
            raise ValueError(
                f"{self.columns[np.argmin(finite)]} = missing or infinite: no such value may reach an estimator. "
                "Fill it or leave the row out, so that n follows the metric."
            )
        for column, squares in zip(self.columns, np.diag(scatter), strict=True):
            if squares < 0:
                raise ValueError(f"{column}: variance below 0 cannot be. Check the sums or variances handed in.")
        cubes = np.array(np.broadcast_to(self.cubes, (k,)), dtype=float) if n > 1 else np.zeros(k)
        arrays = {"means": means, "scatter": scatter, "cubes": cubes}
        for array in arrays.values():
            array.setflags(write=False)
        for name, value in ({"n": n, "columns": tuple(self.columns)} | arrays).items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, rows: pd.DataFrame | Mapping[str, Sequence[float]]) -> Moments:
        """Moments of the rows of a table, or of equally long arrays by name."""
        frame = pd.DataFrame(rows)
        values = frame.to_numpy(dtype=float, na_value=np.nan)
        means = values.mean(axis=0) if len(values) else np.zeros(frame.shape[1])
        deviations = values - means
        columns = tuple(map(str, frame.columns))
        return cls(len(values), columns, means, deviations.T @ deviations, (deviations**3).sum(axis=0))

    @classmethod
    def from_variances(
        cls,
        n: int,
        means: Mapping[str, float],
        variances: Mapping[str, float],
        covariances: Mapping[tuple[str, str], float] | None = None,
    ) -> Moments:
        """Moments from what an engine aggregates: count, avg, var_samp and covar_samp (divisor n - 1).

        `covariances` has each pair of columns once, in either order. NULL means and variances are accepted
        where an engine must give them: n = 0, and for variances n = 1.
        """
        columns = tuple(means)
        matrix = _symmetric(columns, variances, covariances or {})
        return cls(n, columns, np.array([means[c] for c in columns]), matrix * (_row_count(n) - 1))

    @classmethod
    def from_sums(
        cls,
        n: int,
        sums: Mapping[str, float],
        squares: Mapping[str, float],
        products: Mapping[tuple[str, str], float] | None = None,
    ) -> Moments:
        """Moments from plain sums, sums of squares and, for each pair of columns, sums of products.

        Digits cancel when the mean is large beside the standard deviation: prefer `from_variances` where the
        engine has it. A variance that rounding alone makes negative becomes 0.
        """
        columns = tuple(sums)
        rows = max(_row_count(n), 1)
        totals = np.array([sums[c] for c in columns], dtype=float)
        raw = _symmetric(columns, squares, products or {})
        scatter = raw - np.outer(totals, totals) / rows
        rounded = np.eye(len(columns), dtype=bool) & (scatter < 0) & (scatter > -1e-12 * np.abs(raw))
        return cls(n, columns, totals / rows, np.where(rounded, 0.0, scatter))

    @classmethod
    def of_cells(
        cls, columns: Sequence[str], n: np.ndarray, means: np.ndarray, scatter: np.ndarray, cubes: np.ndarray
    ) -> Moments:
        """Moments of the rows of many cells at once: n (cells,), means and cubes (cells, k), scatter (cells, k, k).

        What `total` gives, faster. Cells without rows are passed over, whatever their means.
        """
        k, met = len(columns), n > 0
        if not met.any():
            return cls(0, tuple(columns), np.zeros(k), np.zeros((k, k)))
        n, means = n[met], means[met]
        total = means[0] + n @ (means - means[0]) / n.sum()  # from a mean near by, so that large means keep digits
        shifts = means - total
        # One row does not deviate from its own mean; engines answer NULL there.
        several, weights = n > 1, n[:, None]
        within = np.where(several[:, None, None], scatter[met], 0.0)
        third = np.where(several[:, None], cubes[met], 0.0) + weights * shifts**3
        third += 3 * shifts * np.diagonal(within, axis1=1, axis2=2)
        scatter = within.sum(axis=0) + (shifts * weights).T @ shifts
        return cls(int(n.sum()), tuple(columns), total, scatter, third.sum(axis=0))

    @property
    def covariances(self) -> np.ndarray:
        """Covariance matrix (divisor n - 1) in the order of `columns`; NaN with fewer than two rows."""
        return self.scatter / (self.n - 1) if self.n > 1 else np.full_like(self.scatter, np.nan)

    @property
    def variances(self) -> np.ndarray:
        """Variance of each column (divisor n - 1); NaN with fewer than two rows."""
        return np.diag(self.covariances)

    def select(self, *columns: str) -> Moments:
        """The same rows, only these columns, in this order."""
        for column in columns:
            if column not in self.columns:
                raise ValueError(
                    f"column = {column!r}: not among {_listed(self.columns)}. Select one of these columns."
                )
        at = [self.columns.index(column) for column in columns]
        return Moments(self.n, columns, self.means[at], self.scatter[np.ix_(at, at)], self.cubes[at])

    def __add__(self, other: Moments) -> Moments:
        """Moments of the rows of both, exactly: the pairwise update of Chan, Golub & LeVeque (1983), for products."""
        if not isinstance(other, Moments):
            return NotImplemented
        if self.columns != other.columns:
            raise ValueError(
                f"columns = {_listed(other.columns)}: moments of {_listed(self.columns)} add only to moments of "
                "the same columns. Select them in the same order first."
            )
        if not (self.n and other.n):
            return self if self.n else other
        n = self.n + other.n
        shift = other.means - self.means
        scatter = self.scatter + other.scatter + np.outer(shift, shift) * (self.n * other.n / n)
        cubes = self.cubes + other.cubes + shift**3 * (self.n * other.n * (self.n - other.n) / n**2)
        cubes += 3 * shift * (self.n * np.diag(other.scatter) - other.n * np.diag(self.scatter)) / n
        return Moments(n, self.columns, self.means + shift * (other.n / n), scatter, cubes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moments):
            return NotImplemented
        return (
            (self.n, self.columns) == (other.n, other.columns)
            and np.array_equal(self.means, other.means, equal_nan=True)
            and np.array_equal(self.scatter, other.scatter)
            and np.array_equal(self.cubes, other.cubes, equal_nan=True)
        )


def total(cells: Iterable[Moments]) -> Moments:
    """Moments of the rows of all cells, of which there is at least one."""
    return reduce(Moments.__add__, cells)


def _row_count(n: int) -> int:
    if not (n >= 0 and n == int(n)):
        raise ValueError(f"n = {n}: a number of rows is 0, 1, 2, … Count the rows of the metric.")
    return int(n)


def _symmetric(
    columns: tuple[str, ...], diagonal: Mapping[str, float], pairs: Mapping[tuple[str, str], float]
) -> np.ndarray:
    """Square matrix from its diagonal and each pair of columns once."""
    matrix = np.empty((len(columns), len(columns)))
    for i, first in enumerate(columns):
        matrix[i, i] = np.nan if pd.isna(diagonal[first]) else diagonal[first]
        for j, second in enumerate(columns[:i]):
            pair = (first, second) if (first, second) in pairs else (second, first)
            if pair not in pairs:
                raise ValueError(
                    f"{second} and {first}: no covariance or sum of products given. "
                    "Hand in each pair once, or build one value for each column."
                )
            matrix[i, j] = matrix[j, i] = np.nan if pd.isna(pairs[pair]) else pairs[pair]
    return matrix


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns)
