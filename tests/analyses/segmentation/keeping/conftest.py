"""A shop on two days, its first model, and one search for clusters a shop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.cluster.search import fitted_clusters
from helpers.analyses.segmentation.groups import Groups, categorical
from helpers.analyses.segmentation.keeping import model_in_use
from helpers.analyses.segmentation.keeping.labels import segment_plan
from helpers.analyses.segmentation.keeping.model_in_use import ModelInUse, segment_model
from helpers.analyses.segmentation.keeping.moves import Migration, migration
from helpers.data.datasets import Dataset
from shops import AS_OF, shop


@pytest.fixture(scope="session")
def searches() -> dict:
    """The clusters that were searched for, by data set and what was asked."""
    return {}


@pytest.fixture(scope="module", autouse=True)
def one_search_a_shop(searches):
    """The clusters of a shop are searched for once: plans that differ in their cuts ask for the same ones."""

    def fitted(data, *words):
        key = (id(data), repr(words))
        if key not in searches:
            searches[key] = data, fitted_clusters(data, *words)  # the data too, so that no other gets its id
        return searches[key][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_in_use, "fitted_clusters", fitted)
        yield


@pytest.fixture(scope="session")
def shops() -> list[Dataset]:
    """A shop of steady regulars and one-timers, on two days of the same data, three days apart."""
    rng = np.random.default_rng(2)
    customer = np.concatenate([np.repeat(np.arange(150), 12), np.arange(150, 450)])
    orders = pd.DataFrame(
        {
            "order_id": np.arange(len(customer)).astype(str),
            "customer_id": [f"c{each:03d}" for each in customer],
            "amount": rng.gamma(4, 25, len(customer)) * np.where(customer < 150, 1, 3),
            "days_ago": np.concatenate([rng.integers(0, 420, 1_800), rng.integers(200, 420, 300)]),
        }
    )
    return [shop(orders=orders, as_of=AS_OF - dt.timedelta(days=days)) for days in (3, 0)]


@pytest.fixture(scope="module")
def first(one_search_a_shop, shops) -> ModelInUse:
    """The model made for the first of the two days, when there was none before."""
    return segment_model(shops[0], segment_plan())


@pytest.fixture(scope="session")
def tier() -> Callable[..., Groups]:
    """A function of pairs of a tier and how many customers are in it."""

    def group(pairs: list[tuple[str, int]], kind: str = "tier", first: int = 0) -> Groups:
        names = [name for name, size in pairs for _ in range(size)]
        index = pd.Index([f"c{first + place:03}" for place in range(len(names))], name="customer_id")
        rules = dict.fromkeys(["gold", "silver", "bronze"], "a rule")
        return Groups(pd.DataFrame(), kind, categorical(pd.Series(names, index, name=kind), rules), rules)

    return group


@pytest.fixture
def moved(tier) -> Migration:
    """Of 20 silver 6 rise and 4 fall, of 30 bronze 9 rise to silver; 10 gold stay; 7 come."""
    before = tier([("gold", 10), ("silver", 20), ("bronze", 30)])
    after = tier([("gold", 16), ("silver", 10), ("bronze", 4), ("silver", 9), ("bronze", 21), ("bronze", 7)])
    values = pd.Series(10.0, after.labels.index).where(after.labels != "gold", 100.0)
    return migration(before, after, values, days=91)
