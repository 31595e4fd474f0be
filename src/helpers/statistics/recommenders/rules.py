"""Rules that score every good for every customer: sums of terms, so that the largest term says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

BLOCK_ROWS = 5_000  # customers at a time
NO_TERM = -1
TIE = 1e-9  # scores that differ by less are equal: the goods' standing decides


class Rule(Protocol):
    """Scores of all goods for some customers."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """A new array (rows, goods): the higher the better."""

    def causes(self, rows: np.ndarray, goods: np.ndarray) -> np.ndarray:
        """The feature that adds most to the score of one good for each row; NO_TERM where none adds anything."""


@dataclass(frozen=True, eq=False)
class Weighted:
    """Scores are what is known of a customer times what that says of each good: `profiles` (customers, features),
    sparse, times `weights` (features, goods); without weights the features are the goods themselves.

    Bestsellers have one feature that all customers share, bestsellers of a segment one for each segment; for goods a
    customer bought the features are the goods, and weights between goods make them speak for others.
    """

    profiles: csr_array
    weights: np.ndarray | None = None

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The products of the rows' profiles and the weights."""
        known = self.profiles[rows]
        return known.toarray() if self.weights is None else known @ self.weights

    def causes(self, rows: np.ndarray, goods: np.ndarray) -> np.ndarray:
        """The feature with the largest product; of equals the first."""
        causes = np.full(len(rows), NO_TERM)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            causes[block] = self._causes(rows[block], goods[block])
        return causes

    def _causes(self, rows: np.ndarray, goods: np.ndarray) -> np.ndarray:
        known = self.profiles[rows]
        row = np.repeat(np.arange(len(rows)), np.diff(known.indptr))
        each = goods[row]
        terms = known.data * (known.indices == each if self.weights is None else self.weights[known.indices, each])
        order = np.lexsort((known.indices, -terms, row))
        first = order[np.unique(row[order], return_index=True)[1]]
        causes = np.full(len(rows), NO_TERM)
        causes[row[first]] = np.where(terms[first] > 0, known.indices[first], NO_TERM)
        return causes


@dataclass(frozen=True, eq=False)
class Ranks:
    """Several rules together: minus the mean of the ranks that they give a good. `standing` as in `best`."""

    rules: tuple[Rule, ...]
    standing: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Minus the mean rank, where the best good of a rule has rank 0."""
        return -np.mean([_ranks(rule.scores(rows) + TIE * self.standing) for rule in self.rules], axis=0)

    def causes(self, rows: np.ndarray, goods: np.ndarray) -> np.ndarray:
        """The cause of the first rule that has one."""
        causes = np.full(len(rows), NO_TERM)
        for rule in self.rules:
            causes = np.where(causes == NO_TERM, rule.causes(rows, goods), causes)
        return causes


def _ranks(scores: np.ndarray) -> np.ndarray:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, order, np.arange(scores.shape[1], dtype=scores.dtype)[None], axis=1)
    return ranks
