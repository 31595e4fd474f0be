"""Buyers of three planted kinds, and their clusters."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.cluster.search import ClusterSearch, fitted_clusters
from helpers.data.datasets import Dataset
from shops import shop

PLAN = {"regular": (3, 20, 2000), "lapsed": (300, 2, 6000), "small": (40, 1, 5)}  # recency, orders, money


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def buyers_of_three_kinds(each: int = 60, seed: int = 8) -> pd.DataFrame:
    """Three kinds of buyers, named in their ids, and five customers without an order."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(list(PLAN), each)
    recency, orders, money = np.array([PLAN[kind] for kind in kinds]).T
    buyers = pd.DataFrame(
        {
            "customer_id": [f"{kind}{place}" for place, kind in enumerate(kinds)],
            "recency_days": (recency * rng.uniform(1, 1.3, len(kinds))).astype(int),
            "orders": orders,
            "monetary": (money * rng.uniform(0.8, 1.25, len(kinds))).round(2),
        }
    )
    idle = pd.DataFrame({"customer_id": [f"idle{n}" for n in range(5)], "orders": 0, "monetary": 0.0})
    return pd.concat([buyers, idle], ignore_index=True)


@pytest.fixture(scope="session")
def planted() -> Callable[..., pd.DataFrame]:
    """A function of `each` (how many of a kind) and `seed` that plants three kinds of buyers."""
    return buyers_of_three_kinds


@pytest.fixture(scope="session")
def three(planted) -> tuple[Dataset, ClusterSearch]:
    """A shop of three kinds of buyers, and the search for its clusters."""
    data = shop(known=planted())
    return data, fitted_clusters(data)
