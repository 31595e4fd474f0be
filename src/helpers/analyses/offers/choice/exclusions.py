"""What is not offered, and to whom: goods that are not to be had, and goods that a customer has no use for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import ibis
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from helpers.analyses.offers.choice.histories import Histories
from helpers.analyses.offers.choice.vocabulary import EXCLUSION, PAIRS_LEFT_OUT
from helpers.analyses.offers.goods.levels import Kept, Level
from helpers.analyses.offers.vocabulary import GOODS
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.data.intake.rows import purchases


class Exclusion(StrEnum):
    """Why a good is not offered, in the order in which that is asked."""

    NOT_SOLD = "not_sold"
    OUT_OF_STOCK = "out_of_stock"
    OWNED_ONCE = "owned_once"  # nobody needs a second one
    GIVEN_BACK = "given_back"
    DUE = "due"  # it is on the list of what is due already
    CATEGORY = "category"


@dataclass(frozen=True, eq=False)
class Excluded:
    """Goods that nobody is offered, goods that some customers are not, and how many there are by reason."""

    goods: np.ndarray  # of each good whether nobody is offered it
    pairs: csr_array  # 1 where a customer is not offered a good
    counts: pd.DataFrame  # a pair counts for the first reason that fits


def excluded(
    histories: Histories, data: Dataset, level: Level, due: pd.DataFrame | None, categories: Collection[str]
) -> Excluded:
    """What is not offered as of the day of `histories`, by reason.

    Whether a good is sold, in stock and needed once stands in the table of products, and is asked where goods are
    products. `due` has customer_id and good; `categories` are not offered at all.
    """
    product = _products(histories, data, level)
    owned = csr_array(histories.purchases * product["once"].to_numpy(float)).tocsr()
    by_reason: dict[Exclusion, np.ndarray | csr_array] = {
        Exclusion.NOT_SOLD: product["unsold"].to_numpy(bool),
        Exclusion.OUT_OF_STOCK: product["empty"].to_numpy(bool),
        Exclusion.OWNED_ONCE: owned,
        Exclusion.GIVEN_BACK: _matrix(histories, _given_back(data, level)),
        Exclusion.DUE: _matrix(histories, due),
        Exclusion.CATEGORY: _kind(histories, level).isin(list(categories)).to_numpy(),
    }
    goods = np.zeros(len(histories.goods), dtype=bool)
    pairs = csr_array(histories.purchases.shape)
    rows = []
    for reason, each in by_reason.items():
        if isinstance(each, np.ndarray):
            met = each & ~goods
            taken = int(np.bincount(pairs.indices, minlength=len(goods))[met].sum())
            rows.append((str(reason), int(met.sum()), int(met.sum()) * len(histories.customers) - taken))
            goods |= each
        else:
            met = csr_array((each - each.multiply(pairs)) * (~goods).astype(float))
            met.eliminate_zeros()
            rows.append((str(reason), len(np.unique(met.indices)), met.nnz))
            pairs = csr_array(pairs.maximum(each))
    return Excluded(goods, pairs, pd.DataFrame(rows, columns=[EXCLUSION, GOODS, PAIRS_LEFT_OUT]))


def _products(histories: Histories, data: Dataset, level: Level) -> pd.DataFrame:
    """Of each good whether it is not sold, out of stock, or needed once; all no where the data do not say."""
    unknown = pd.DataFrame(False, index=histories.goods, columns=["unsold", "empty", "once"])
    if "products" not in data.tables or level.chosen != Kept.PRODUCT:
        return unknown
    table, end = data.tables["products"], night(histories.until)
    unsold = (table.sold_from >= end) | (table.sold_until < end)
    said = table.select(
        "product_id",
        unsold=unsold.fill_null(False),
        empty=(table.stock <= 0).fill_null(False),
        once=table.once.fill_null(False),
    )
    return said.execute().set_index("product_id").reindex(histories.goods).fillna(False).astype(bool)


def _given_back(data: Dataset, level: Level) -> pd.DataFrame:
    """customer_id and good of what was cancelled or sent back."""
    lines, policy = data.tables["order_items"], data.settings.policy
    orders = data.tables["orders"]
    of_order = orders.select("order_id", "customer_id", whole=purchases.given_back(orders, policy))
    rows = lines.select("order_id", good=lines[level.chosen], alone=purchases.given_back(lines, policy))
    back = rows.inner_join(of_order, "order_id").filter(ibis._.whole | ibis._.alone)
    return back.select("customer_id", "good").distinct().execute()


def _kind(histories: Histories, level: Level) -> pd.Series:
    """The category of each good; where goods are categories, themselves."""
    goods = pd.Series(histories.goods)
    return goods.map(level.kinds) if level.chosen == Kept.PRODUCT else goods


def _matrix(histories: Histories, pairs: pd.DataFrame | None) -> csr_array:
    """1 for each pair of a known customer and a kept good."""
    shape = histories.purchases.shape
    if pairs is None:
        return csr_array(shape)
    row, good = histories.customers.get_indexer(pairs["customer_id"]), histories.goods.get_indexer(pairs["good"])
    both = (row >= 0) & (good >= 0)
    return csr_array((np.ones(both.sum()), (row[both], good[both])), shape=shape).sign()
