"""The goods that a rule scores best, for many customers, a block of them at a time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from helpers.statistics.recommenders.rules import BLOCK_ROWS, TIE, Rule

NONE = -1  # the place in a list for which no good is left


def best(
    rule: Rule,
    rows: np.ndarray,
    places: int,
    *,
    standing: np.ndarray,
    barred: csr_array | None = None,
    block_rows: int = BLOCK_ROWS,
) -> tuple[np.ndarray, np.ndarray]:
    """The `places` best goods of each of the customers `rows`, best first, and their scores: two arrays (rows, places).

    `standing` has a number of 0 to 1 for each good, all different: of goods with one score the one of higher standing
    comes first, so that neither the order of the columns nor the processor's rounding decides; −inf is
    a good not to be listed for anybody. `barred`, a row a customer as in the rule, has an entry for each good not to be
    listed for that customer. Where too few goods are left, NONE and −inf.
    """
    listed = np.full((len(rows), places), NONE, dtype=np.int32)
    scored = np.full((len(rows), places), -np.inf)
    small = TIE * standing
    for start in range(0, len(rows), block_rows):
        block = slice(start, start + block_rows)
        scores = rule.scores(rows[block])
        scores += small
        if barred is not None:
            hidden = barred[rows[block]]
            scores[np.repeat(np.arange(hidden.shape[0]), np.diff(hidden.indptr)), hidden.indices] = -np.inf
        goods, values = _largest(scores, min(places, scores.shape[1]))
        listed[block, : goods.shape[1]] = np.where(np.isfinite(values), goods, NONE)
        scored[block, : goods.shape[1]] = values
    return listed, scored


def _largest(scores: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the largest `places` values of each row, largest first."""
    goods = np.argpartition(scores, -places, axis=1)[:, -places:] if places < scores.shape[1] else None
    goods = np.broadcast_to(np.arange(scores.shape[1]), scores.shape) if goods is None else goods
    values = np.take_along_axis(scores, goods, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(goods, order, axis=1), np.take_along_axis(values, order, axis=1)
