"""How many baskets would hold two goods if only the sizes of baskets and the frequencies of goods mattered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

TOLERANCE = 1e-9  # of a size or a frequency, relative
MOST_STEPS = 100


@dataclass(frozen=True)
class Margins:
    """The chances of goods in baskets that keep all sizes and frequencies in the mean, and are random otherwise.

    `chances` has a row a distinct size (`sizes`, of which there are `baskets`) and a column a distinct frequency
    (`frequencies`, which so many `goods` have); `place` is the column of each good.
    """

    sizes: np.ndarray
    baskets: np.ndarray
    frequencies: np.ndarray
    goods: np.ndarray
    place: np.ndarray
    chances: np.ndarray

    def expected(self) -> np.ndarray:
        """Baskets with two different goods, by their distinct frequencies; over all pairs as many as there are.

        The chances of two goods are multiplied, and corrected so that a basket of s goods holds s(s − 1)/2 pairs.
        """
        squares = self.chances**2 @ self.goods
        with np.errstate(divide="ignore", invalid="ignore"):
            correction = self.sizes * (self.sizes - 1) / (self.sizes**2 - squares)
        weights = self.baskets * np.where(self.sizes > 1, correction, 0)
        return self.chances.T * weights @ self.chances

    def expected_of_popular(self) -> np.ndarray:
        """The same by the chances of two goods in a basket of exactly its size, πij ≈ πi πj (1 − (1 − πi)(1 − πj)/d).

        Of two goods that are both in more than a tenth of the baskets `expected` is some 6 % too low, and this is not.
        Source: Hájek (1964), equation 5.27; d is the variance of the size if goods came alone.
        """
        p, others = self.chances, self.chances * (1 - self.chances)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = 1 / (others @ self.goods)
            pairs = self.sizes**2 - p**2 @ self.goods - ((others @ self.goods) ** 2 - others**2 @ self.goods) * part
            correction = self.sizes * (self.sizes - 1) / pairs
        known = (self.sizes > 1) & np.isfinite(correction) & np.isfinite(part)
        weights = self.baskets * np.where(known, correction, 0)
        return p.T * weights @ p - others.T * (weights * np.where(known, part, 0)) @ others


def kept_margins(sizes: ArrayLike, frequencies: ArrayLike) -> Margins:
    """The random baskets with these sizes and frequencies: p = xy/(1 + xy), x of the basket and y of the good.

    `sizes` are the goods of each basket, `frequencies` the baskets of each good, none 0; both add up to the same
    number of lines, else ValueError. Solved for distinct sizes and frequencies by Newton's steps in logarithms, which
    also serve where a good is in every basket, or a basket has every good. Source: Saracco, Di Clemente, Gabrielli &
    Squartini (2015), the bipartite configuration model.
    """
    of_basket, of_good = np.asarray(sizes), np.asarray(frequencies)
    if len(of_basket) == 0 or of_basket.sum() != of_good.sum() or min(of_basket.min(), of_good.min()) < 1:
        raise ValueError(
            f"sizes, frequencies = {of_basket.sum()} and {of_good.sum()} lines: both count the same lines, and none is "
            "0. Take both from one table."
        )
    size, baskets = np.unique(of_basket, return_counts=True)
    frequency, place, goods = np.unique(of_good, return_inverse=True, return_counts=True)
    wanted = baskets * size.astype(float), goods * frequency.astype(float)
    x = np.log(size / np.sqrt(of_good.sum()))
    y = np.log(frequency / np.sqrt(of_good.sum()))
    chances = _chances(x, y)
    for _step in range(MOST_STEPS):
        cells = baskets[:, None] * goods * chances
        gaps = wanted[0] - cells.sum(axis=1), wanted[1] - cells.sum(axis=0)
        if all((np.abs(gap) <= TOLERANCE * want).all() for gap, want in zip(gaps, wanted, strict=True)):
            break
        x, y = _nearer(x, y, cells * (1 - chances), gaps)
        chances = _chances(x, y)
    return Margins(size, baskets, frequency, goods, place, chances)


def _chances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(x[:, None] + y)))


def _nearer(
    x: np.ndarray, y: np.ndarray, curvature: np.ndarray, gaps: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """One Newton step: the goods are solved for the baskets, of whose sizes there are few. No logarithm moves far."""
    own, theirs = curvature.sum(axis=1), curvature.sum(axis=0)
    part = curvature / theirs
    schur = np.diag(own) - part @ curvature.T
    step = np.linalg.lstsq(schur, gaps[0] - part @ gaps[1], rcond=None)[0]
    answer = (gaps[1] - curvature.T @ step) / theirs
    longest = max(1.0, np.abs(step).max(), np.abs(answer).max())
    return x + step / longest, y + answer / longest
