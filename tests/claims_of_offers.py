"""The claims of 08_offers, on baskets of which the truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from claims import Claim
from helpers.analyses.offers.choice.contest import rounds
from helpers.analyses.offers.choice.histories import Bought, came, known
from helpers.analyses.offers.choice.scorers import BESTSELLERS
from helpers.analyses.offers.goods.baskets import LEAST_LIFT
from helpers.statistics.baskets import associations, incidence
from shops import AS_OF

POPULARITY = 0.4 / np.arange(1, 13)  # odds in a basket of middling size: the bestseller is in a third of them
TASTELESS = "all customers buy by popularity"
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


def beaten(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any rule is told to beat bestsellers: each customer buys eight goods of twelve by popularity."""
    return np.array([_any_better(customers, rng) for _draw in range(draws)])


def _any_better(customers: int, rng: np.random.Generator) -> bool:
    good = rng.choice(len(POPULARITY), (customers, 8), p=POPULARITY / POPULARITY.sum())
    day = np.where(np.arange(8) < 5, pd.Timestamp(AS_OF) - pd.Timedelta(days=50), pd.Timestamp(AS_OF))
    bought = {"customer": np.arange(customers).repeat(8), "good": good.ravel(), "day": np.tile(day, customers)}
    purchases = Bought(
        pd.DataFrame(bought).assign(orders=1.0), pd.RangeIndex(customers), pd.RangeIndex(len(POPULARITY))
    )
    histories = known(purchases, AS_OF - dt.timedelta(days=30))
    found = rounds(histories, came(purchases, histories, 30), None)
    return any(each.chosen not in BESTSELLERS for each in found.values())


CLAIMS = (
    Claim("two goods go together", "offers/goods/baskets", ALONE, 0.05, paired, sizes=(300, 3000), costs=50),
    Claim("a rule beats bestsellers", "offers/choice/time_trial", TASTELESS, 0.05, beaten, sizes=(300,), costs=200),
)
