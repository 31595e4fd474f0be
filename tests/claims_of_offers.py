"""The claims of 08_offers, on baskets of which the truth is known."""

from __future__ import annotations

import numpy as np

from claims import Claim
from helpers.analyses.offers.goods.baskets import LEAST_LIFT
from helpers.statistics.baskets import associations, incidence

POPULARITY = 0.4 / np.arange(1, 13)  # odds in a basket of middling size: the bestseller is in a third of them
ALONE = "goods come into baskets one by one; baskets differ in size, goods in popularity"


def paired(baskets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any two goods are told to go together: given sizes and frequencies all such baskets are as likely."""
    return np.array([_any_pair(baskets, rng) for _draw in range(draws)])


def _any_pair(baskets: int, rng: np.random.Generator) -> bool:
    odds = rng.lognormal(0, 1, (baskets, 1)) * POPULARITY
    held = rng.random(odds.shape) < odds / (1 + odds)
    basket, good = np.nonzero(held[held.any(axis=1)])
    pairs = associations(incidence(basket, good))
    return bool(((pairs["adjusted_p_value"] < 0.05) & (pairs["ratio"] >= LEAST_LIFT)).any())


CLAIMS = (Claim("two goods go together", "offers/goods/baskets", ALONE, 0.05, paired, sizes=(300, 3000), costs=50),)
