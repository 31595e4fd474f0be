"""What is in the demo's baskets: sizes, tastes, pairs that go together, and goods that come back or come once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, day_number
from helpers.data.synthetic.draws import exponential, pick, uniforms
from helpers.data.synthetic.trade.goods import (
    BESTSELLERS,
    CATEGORY,
    ENDED,
    IS_CONSUMED,
    IS_ONCE,
    POPULARITY,
    PRODUCTS,
    within,
)
from helpers.data.synthetic.truth import TRUTH

SIZES = (740, 140, 50, 25, 15, 10, 8, 5, 3, 2, 1, 1)  # baskets of 1, 2 … 12 goods, of 1,000
BESIDE = (
    np.where(np.arange(PRODUCTS) < BESTSELLERS, 0.84, 1) * POPULARITY
)  # who comes for a bestseller often wants no more
SMALL = np.flatnonzero(within("图书"))
UNLIKED = 1.1  # for the goods that come with a refill, by popularity alone, and those that give way to one
REFILLED = 0.33  # of the consumables that were chosen first: so many are bought when they run out (`purchases`)
FIRST_TASTE = 0.65  # of what somebody with two favourite categories likes


def ordinary(people: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """One row per line of the orders `placed`: order (position), product, and whether it was chosen first.

    Taste chooses the first good of a basket and popularity the others. Among customers categories are favourites as
    often as they are popular, and consumables give way to the baskets that are bought for them later: so baskets of
    all sizes hold the same goods, and two of them are together as often as chance has it.
    """
    rng = uniforms("baskets")
    size = 1 + pick(rng.random(len(placed)), SIZES)
    return filled(_first_goods(people.loc[placed["customer"]], size, rng), size, rng)


def around(goods: np.ndarray, rng: np.random.Generator, more: int = 0) -> pd.DataFrame:
    """Lines as of `ordinary`, of baskets that are bought for one of the `goods` each, and hold so many `more`."""
    return filled(goods, 1 + more + pick(rng.random(len(goods)), SIZES), rng)


def filled(first: np.ndarray, size: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Lines of baskets with their `first` goods and as many others, by popularity, as their `size` has room for."""
    haste = exponential(rng.random((len(first), PRODUCTS))) / BESIDE
    haste[np.arange(len(first)), first] = -1  # it is in the basket already
    rank = np.argsort(haste, axis=1, kind="stable")
    order, place = np.nonzero(np.arange(PRODUCTS) < size[:, None])
    return pd.DataFrame({"order": order, "product": rank[order, place], "first": place == 0})


def sound(drawn: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Lines of all baskets with nothing again that is needed once, and nothing that is no longer sold."""
    return _in_season(_not_again(drawn, placed), placed)


def paired(drawn: pd.DataFrame) -> pd.DataFrame:
    """Lines of all baskets with `TRUTH.pairs` together."""
    for one, other in TRUTH.pairs:
        drawn = _brought_together(drawn, one, other)
    return drawn


def _first_goods(buyers: pd.DataFrame, size: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The first good of each basket: so often of a favourite category that `TRUTH.taste_share` of all lines are."""
    weight, share = np.where(IS_ONCE, 0, POPULARITY), POPULARITY / POPULARITY.sum()
    favourites = buyers[["first_taste", "second_taste"]].to_numpy()
    liked = (CATEGORY == favourites[:, :1]) | (CATEGORY == favourites[:, 1:])
    needed = UNLIKED * TRUTH.taste_share * size.sum() - ((size - 1) * (liked * share).sum(axis=1)).sum()
    once, by_chance = share[IS_ONCE].sum(), (liked * weight).sum(axis=1) / weight.sum()
    by_taste = (needed / (1 - once) - by_chance.sum()) / (1 - by_chance).sum()
    kind = rng.random(len(size))
    favourite = np.where(rng.random(len(size)) < FIRST_TASTE, favourites[:, 0], favourites[:, 1])
    allowed = np.where((kind < by_taste)[:, None], CATEGORY == favourite[:, None], True) * weight
    allowed = np.where((rng.random(len(size)) < once)[:, None], POPULARITY - weight, allowed)
    total = np.cumsum(allowed, axis=1)
    first = (total <= (rng.random(len(size)) * total[:, -1])[:, None]).sum(axis=1)
    yields = IS_CONSUMED[first] & (rng.random(len(size)) < REFILLED)
    others = np.cumsum(np.where(IS_CONSUMED, 0, weight))
    return np.where(yields, np.searchsorted(others, rng.random(len(size)) * others[-1], side="right"), first)


def _not_again(drawn: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """With a book where somebody would buy again what nobody needs twice."""
    customer = placed["customer"].to_numpy()[drawn["order"]]
    again = pd.DataFrame({"customer": customer, "product": drawn["product"]}).duplicated()
    book = SMALL[np.arange(len(drawn)) % len(SMALL)]
    product = np.where(again & IS_ONCE[drawn["product"]], book, drawn["product"])
    return drawn.assign(product=product).drop_duplicates(["order", "product"]).reset_index(drop=True)


def _in_season(drawn: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """With another good of its category, ten numbers on, where one is no longer sold."""
    day = placed["minute"].to_numpy()[drawn["order"]] // DAY
    product = drawn["product"].to_numpy().copy()
    for ended, last in ENDED.items():
        product[(product == ended) & (day > day_number(last))] = (ended + 10) % PRODUCTS
    return drawn.assign(product=product).drop_duplicates(["order", "product"]).reset_index(drop=True)


def _brought_together(drawn: pd.DataFrame, one: int, other: int) -> pd.DataFrame:
    """The lines with `other` beside `one` `TRUTH.pair_lift` times as often as chance has it.

    Baskets with `one` and a third good give it for an `other` of baskets without: sizes and frequencies stay.
    """
    product, order = drawn["product"].to_numpy().copy(), drawn["order"].to_numpy()
    with_one, with_other = order[product == one], order[product == other]
    size = np.bincount(order)
    by_chance = len(with_one) * len(with_other) * (size * (size - 1)).sum() / size.sum() ** 2
    missing = max(0, round(TRUTH.pair_lift * by_chance) - len(np.intersect1d(with_one, with_other)))
    exchanged = ~drawn["first"].to_numpy() & ~IS_ONCE[product] & ~np.isin(product, np.ravel(TRUTH.pairs))
    offered = np.flatnonzero(exchanged & np.isin(order, np.setdiff1d(with_one, with_other)))
    offered = offered[np.unique(order[offered], return_index=True)[1]]
    wanted = np.flatnonzero((product == other) & ~np.isin(order, with_one) & ~drawn["first"].to_numpy())
    rng = uniforms(f"pair {one} {other}")
    offered = offered[np.argsort(rng.random(len(offered)), kind="stable")][:missing]
    wanted = wanted[np.argsort(rng.random(len(wanted)), kind="stable")]
    held = set(zip(order.tolist(), product.tolist(), strict=True))
    free = iter(wanted.tolist())
    for mine in offered.tolist():
        theirs = next((each for each in free if (order[each], product[mine]) not in held), None)
        if theirs is None:
            break
        product[theirs], product[mine] = product[mine], other
        held |= {(order[theirs], product[theirs]), (order[mine], other)}
    return drawn.assign(product=product)
