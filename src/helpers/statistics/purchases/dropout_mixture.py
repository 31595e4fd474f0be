"""What a customer of unknown loyalty still buys: purchases until dropout, over the spread of dropout probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigh_tridiagonal

FEWEST, MOST = 8, 1024  # nodes of the quadrature, doubled from the one to the other
AGREED = 1e-9  # between so many nodes and twice as many; errors about square when nodes double


def purchases_before_dropout(horizon: ArrayLike, r: ArrayLike, alpha: ArrayLike, a: float, b: ArrayLike) -> np.ndarray:
    """Expected purchases over `horizon` of customers who are alive at its start.

    A customer buys at a rate drawn from Gamma(r, alpha) and drops out after each purchase with a probability p drawn
    from Beta(a, b): the answer is the mean of (1 − (alpha / (alpha + p · horizon))^r) / p over p. Arguments broadcast;
    horizon and alpha are in one unit of time, at least 0 and above 0. The same number is written
    (a+b−1)/(a−1) · [1 − (alpha/(alpha+t))^r · ₂F₁(r, b; a+b−1; t/(alpha+t))] by Fader, Hardie & Lee (2005, eq. 9),
    and there is 0 ÷ 0 at a = 1 and at a + b = 1, overflow for large r and b, and cancellation near all of these. The
    mean has no such places: every term is above 0. By Gauss–Jacobi quadrature (Golub & Welsch 1969), with more nodes
    where needed: 10 digits as long as r · horizon / alpha, what would be bought without dropout, is below 30,000.
    """
    horizon, r, alpha, b = np.broadcast_arrays(*(np.asarray(values, float) for values in (horizon, r, alpha, b)))
    shape = horizon.shape
    reach, r, b = (horizon / alpha).ravel(), r.ravel(), b.ravel()
    purchases = np.zeros(reach.size)
    open_rows = np.flatnonzero(reach > 0)
    nodes = FEWEST
    while open_rows.size and nodes <= MOST:
        mean = _mean(nodes, reach[open_rows], r[open_rows], a, b[open_rows])
        unsettled = np.abs(mean - purchases[open_rows]) > AGREED * mean
        purchases[open_rows] = mean
        open_rows = open_rows[unsettled]
        nodes *= 2
    return purchases.reshape(shape)


def _mean(nodes: int, reach: np.ndarray, r: np.ndarray, a: float, b: np.ndarray) -> np.ndarray:
    """The mean over p by so many nodes, of each row."""
    shapes, code = np.unique(b, return_inverse=True)
    rules = np.array([_rule(nodes, a, shape) for shape in shapes])  # (distinct b, (dropout, weight), nodes)
    mean = np.zeros(len(reach))
    for j in range(nodes):
        dropout, weight = rules[code, 0, j], rules[code, 1, j]
        mean -= weight * np.expm1(-r * np.log1p(dropout * reach)) / dropout
    return mean


def _rule(nodes: int, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights by which the mean over Beta(a, b) of a polynomial of degree 2 · nodes − 1 is exact."""
    k = np.arange(1, nodes)
    s = 2 * k + a + b - 2
    centre = np.concatenate([[a / (a + b)], (2 * k * (k + a + b - 1) + (a + b - 2) * a) / (s * (s + 2))])
    later, t = k[1:], s[1:]
    variance = a * b / ((a + b) ** 2 * (a + b + 1))  # what the next line is for k = 1, but for 0 ÷ 0 where a + b = 1
    paired = (later * (later + a - 1) * (later + b - 1) * (later + a + b - 2)) / (t**2 * (t**2 - 1))
    paired = np.concatenate([[variance], paired])
    dropout, vectors = eigh_tridiagonal(centre, np.sqrt(paired))
    return np.maximum(dropout, np.finfo(float).tiny), vectors[0] ** 2
