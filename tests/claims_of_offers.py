"""The claims of 08_offers, on baskets of which the truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from claims import Claim, each
from discontinuities import hurried
from helpers.analyses.offers.choice.contest import rounds
from helpers.analyses.offers.choice.histories import Bought, came, known
from helpers.analyses.offers.choice.scorers import BESTSELLERS
from helpers.analyses.offers.goods import ladders, upgrades
from helpers.analyses.offers.goods.baskets import is_beyond
from helpers.analyses.offers.goods.vocabulary import ADJUSTED_LIFT, EXPECTED_BASKETS, FALSE_DISCOVERY_P_VALUE
from helpers.analyses.offers.loyalty.discounts import waiting
from helpers.statistics.baskets import associations, incidence, order_p_values
from helpers.statistics.discontinuities import approach, jump
from shops import AS_OF

POPULARITY = np.array([2.0, *0.4 / np.arange(1, 12)])  # odds in a basket of middling size
SHELF = 0.4 / np.arange(1, 13)  # the shares by which tasteless customers buy
STEADY = "orders rise steadily with what was spent before; a tier changes nothing"
TASTELESS = "all customers buy by popularity"
ALONE = "goods come into baskets one by one; baskets differ in size, and one good is in most"


def paired(baskets: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any two goods are told to go together: given sizes and frequencies all such baskets are as likely."""
    return np.array([_any_pair(baskets, rng) for _draw in range(draws)])


def _any_pair(baskets: int, rng: np.random.Generator) -> bool:
    odds = rng.lognormal(0, 1, (baskets, 1)) * POPULARITY
    held = rng.random(odds.shape) < odds / (1 + odds)
    basket, good = np.nonzero(held[held.any(axis=1)])
    return _any_told(basket, good)


def _any_told(basket: np.ndarray, good: np.ndarray) -> bool:
    held = incidence(basket, good)
    names = {"expected": EXPECTED_BASKETS, "ratio": ADJUSTED_LIFT, "adjusted_p_value": FALSE_DISCOVERY_P_VALUE}
    pairs = associations(held)
    return bool(is_beyond(pairs[[*names]].rename(columns=names), held.shape[0]).any())


def filled(baskets: int, rng: np.random.Generator) -> bool:
    """The same of baskets filled one good after another, of six that are popular in very different measure."""
    wanted = np.log(np.arange(1, 7) ** -1.3) + rng.gumbel(size=(baskets, 6))
    basket, good = np.nonzero((-wanted).argsort(axis=1).argsort(axis=1) < 1 + rng.poisson(0.7, (baskets, 1)))
    return _any_told(basket, good)


def beaten(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether any rule is told to beat bestsellers: each customer buys eight goods of twelve by popularity."""
    return np.array([_any_better(customers, rng) for _draw in range(draws)])


def _any_better(customers: int, rng: np.random.Generator) -> bool:
    good = rng.choice(len(SHELF), (customers, 8), p=SHELF / SHELF.sum())
    day = np.where(np.arange(8) < 5, pd.Timestamp(AS_OF) - pd.Timedelta(days=50), pd.Timestamp(AS_OF))
    bought = {"customer": np.arange(customers).repeat(8), "good": good.ravel(), "day": np.tile(day, customers)}
    purchases = Bought(pd.DataFrame(bought).assign(orders=1.0), pd.RangeIndex(customers), pd.RangeIndex(len(SHELF)))
    histories = known(purchases, AS_OF - dt.timedelta(days=30))
    found = rounds(histories, came(purchases, histories, 30), None)
    return any(each.chosen not in BESTSELLERS for each in found.values())


def followed(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a good is told to follow another: both are bought at the pace of a customer, who may stop to buy."""
    pace = rng.gamma(2, 1 / 120, (draws, customers, 1)) * [1.0, 0.5]
    first, second = np.moveaxis(rng.exponential(1 / pace), -1, 0)
    stop, within = rng.exponential(500, first.shape), 30
    counted = (first > within) & (first < stop)
    gap = np.where(second < stop, second - first, np.inf)
    after, before = (((gap * side > 0) & (gap * side <= within) & counted).sum(axis=1) for side in (1, -1))
    return (order_p_values(after, before) < 0.05) & (after > before)


def risen(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether customers are told to rise: each has four orders at prices of their own, in any order."""
    dear = rng.beta(1, 1, (draws * customers, 1))
    third = (rng.random((len(dear), 4)) < dear).astype(int) + (rng.random((len(dear), 4)) < dear)
    counts = pd.DataFrame({f"in_{each}": (third == each).sum(axis=1) for each in range(3)})
    counts = counts.assign(family=np.repeat(np.arange(draws), customers), first=third[:, 0], last=third[:, -1], n=1)
    found = ladders.tested(counts).set_index("family").sort_index()
    return ((found["p_value"] < 0.05) & (found["difference_rate"] > 0)).to_numpy()


def upgraded(customers: int, rng: np.random.Generator) -> float | None:
    """Whether movers to a dearer plan are told to leave more, or less, than others alike: only time there tells."""
    tenure = rng.integers(0, 1000, 9 * customers)
    moved = rng.random(len(tenure)) < np.where(tenure > 300, 0.16, 0.016)
    left = rng.random(len(tenure)) < 1 - np.exp(-0.7 / (1 + tenure / 200))
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 360, len(tenure)), "D")
    rows = {"customer_id": np.arange(len(tenure)), "plan": "basic", "day": day, "tenure_days": tenure, "moved": moved}
    found = upgrades.apart(pd.DataFrame({**rows, "left": left.astype(float), "paid": 1.0}))
    return None if found is None else found.difference[3] < 0.05


def jumped(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether orders are told to jump at a tier's threshold: they rise with log-normal spend, and nothing else."""
    told = []
    for _draw in range(draws):
        spend = rng.lognormal(0, 0.7, customers)
        reached = jump(spend, rng.poisson(0.5 + spend), threshold=1.2)
        told.append(reached.p_value < 0.05 if reached.known else np.nan)
    return np.array(told)


def hastened(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether customers are told to hurry, or to tarry, when a tier is near: they keep to a pace of their own."""
    told = [approach(*hurried(customers, 1.0, rng), 1000) for _draw in range(draws)]
    return np.array([each.p_value < 0.05 if each.customers else np.nan for each in told])


def awaited(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether customers are told to wait for discounts: a fifth of all orders is at one, whoever orders."""
    orders = rng.integers(1, 7, (draws, customers))
    off = rng.binomial(orders, 0.2)
    return np.array([waiting(pd.Series(of), pd.Series(at)) < 0.05 for of, at in zip(orders, off, strict=True)])


CLAIMS = (
    Claim("two goods go together", "offers/goods/baskets", ALONE, 0.05, paired, sizes=(300, 3000), costs=50),
    Claim(
        "two goods go together, few goods",
        "offers/goods/baskets",
        "customers take one good after another by popularity",
        0.05,
        each(filled),
        sizes=(300, 3000),
        costs=50,
    ),
    Claim("a rule beats bestsellers", "offers/choice/time_trial", TASTELESS, 0.05, beaten, sizes=(300,), costs=200),
    Claim("a good follows another", "offers/goods/sequels", "both are popular, in any order", 0.025, followed, costs=2),
    Claim("customers rise to dearer goods", "offers/goods/ladders", "orders come in any order", 0.025, risen, costs=5),
    Claim(
        "more leave after moving to a dearer plan",
        "offers/goods/upgrades",
        "only time there tells of leaving",
        0.05,
        each(upgraded),
        costs=20,
    ),
    Claim("orders jump at a tier", "offers/loyalty/thresholds", STEADY, 0.05, jumped, sizes=(300, 3000), costs=50),
    Claim(
        "a near tier hurries", "offers/loyalty/gradients", "a pace of their own", 0.05, hastened, (300, 3000), costs=10
    ),
    Claim("customers wait for discounts", "offers/loyalty/discounts", "discounts fall by lot", 0.05, awaited, costs=10),
)
