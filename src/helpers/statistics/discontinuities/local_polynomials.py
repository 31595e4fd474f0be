"""Polynomials fitted close to a threshold, on one side of it, and how much their coefficients vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME = 1e-8  # of two distances: parts by which they may differ
BEYOND = 1e300  # where there is no row
NEIGHBOURS = 3  # of a row, by which its variance is judged
HIGHEST_LEVERAGE = 0.99  # of a row: what else would divide by 0


@dataclass(frozen=True)
class Side:
    """The rows of one side, by their distance to the threshold."""

    x: np.ndarray  # distance, its sign kept, in ascending order
    y: np.ndarray

    @property
    def distances(self) -> np.ndarray:
        """How far from the threshold rows lie, each distance once, the closest first."""
        return np.unique(np.abs(self.x))

    def within(self, bandwidth: float) -> Side:
        """The rows closer than `bandwidth`."""
        close = np.abs(self.x) < bandwidth
        return Side(self.x[close], self.y[close])

    def weights(self, bandwidth: float, order: int) -> np.ndarray:
        """What each row adds to the coefficients (order + 1, rows) of the polynomial at the threshold.

        Weighted least squares with a triangular kernel that ends at `bandwidth`; rows beyond it add nothing. More
        values of `x` than `order` are within it.
        """
        scaled = self.x / bandwidth
        powers = scaled[:, None] ** np.arange(order + 1)
        weighted = powers * np.maximum(1 - np.abs(scaled), 0)[:, None]
        return np.linalg.solve(weighted.T @ powers, weighted.T) / bandwidth ** np.arange(order + 1)[:, None]

    def residuals(self, bandwidth: float, order: int) -> np.ndarray:
        """What a polynomial leaves of each row's outcome, as if the row had no say in it (HC3)."""
        weights = self.weights(bandwidth, order)
        powers = self.x[:, None] ** np.arange(order + 1)
        leverage = np.einsum("ij,ji->i", powers, weights)
        return (self.y - powers @ (weights @ self.y)) / (1 - np.minimum(leverage, HIGHEST_LEVERAGE))

    def variances(self) -> np.ndarray:
        """Variance of each row's outcome, judged by its three nearest neighbours and all that tie with them.

        Source: Abadie & Imbens (2006), equation 14, as Calonico, Cattaneo & Titiunik (2014) use it.
        """
        values, of_row, counts = np.unique(self.x, return_inverse=True, return_counts=True)
        n_until = np.concatenate([[0], np.cumsum(counts)])
        y_until = np.concatenate([[0.0], np.cumsum(np.bincount(of_row, self.y))])
        low, high = _reach(values, n_until, min(NEIGHBOURS, len(self.x) - 1))
        others = (n_until[high + 1] - n_until[low] - 1)[of_row]
        mean = ((y_until[high + 1] - y_until[low])[of_row] - self.y) / others
        return others / (others + 1) * (self.y - mean) ** 2


def _reach(values: np.ndarray, n_until: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last value of each one's neighbourhood, grown to the nearer side until it holds `wanted` others."""
    padded = np.concatenate([[-BEYOND], values, [BEYOND]])
    low = np.arange(len(values))
    high = low.copy()
    while (short := n_until[high + 1] - n_until[low] - 1 < wanted).any():
        left, right = values - padded[low], padded[high + 2] - values
        tied = np.abs(left - right) <= SAME * np.minimum(left, right)
        low = low - (short & (tied | (left < right)))
        high = high + (short & (tied | (right < left)))
    return low, high
