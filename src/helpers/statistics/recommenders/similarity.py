"""What the purchase of one good says of another: weights between goods, learnt from who bought both."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csr_array


def cosines(together: np.ndarray) -> np.ndarray:
    """Weights (good, good): the cosine of the columns of two goods, 0 of a good with itself and of one nobody bought.

    `together` is X'X, how many bought both, where X has a 1 for each good that a customer bought.
    Source: Sarwar et al. (2001); Deshpande & Karypis (2004).
    """
    lengths = np.sqrt(np.diag(together))
    shares = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    weights = together * shares[:, None] * shares
    np.fill_diagonal(weights, 0)
    return weights


def ridge_weights(together: np.ndarray, penalty: float) -> np.ndarray:
    """Weights (good, good) by which goods foretell one another linearly: EASE.

    Column j are the coefficients of a ridge regression of who bought good j on who bought every other good, without
    intercept; 0 on the diagonal: a good does not foretell itself. `together` is X'X as in `cosines`, `penalty` λ > 0
    draws all towards 0. B = −P / diag P off the diagonal with P = (X'X + λI)⁻¹. Raises ValueError for other penalties.
    Source: Steck (2019), Embarrassingly shallow autoencoders, equation 8.
    """
    if not penalty > 0:
        raise ValueError(f"penalty = {penalty}: above 0. Write 500, or choose one by an earlier trial.")
    matrix = np.array(together, dtype=float, order="F")
    matrix.flat[:: len(matrix) + 1] += penalty
    factor, _ = lapack.dpotrf(matrix, overwrite_a=1)  # a positive definite matrix: half the work of any inverse
    inverse, _ = lapack.dpotri(factor, overwrite_c=1)
    upper = np.triu(inverse, 1)
    weights = (upper + upper.T) / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def bought_together(purchases: csr_array) -> np.ndarray:
    """How many customers bought both of two goods, and on the diagonal how many bought each."""
    return (purchases.T @ purchases).toarray()
