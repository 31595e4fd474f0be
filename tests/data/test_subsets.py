"""A subset has the rows of its customers alone; who asks for nobody, or for too few, is told so."""

import numpy as np
import pandas as pd
import pytest

from helpers.data import subsets
from helpers.data.datasets import Dataset
from shops import shop

PEOPLE = [f"c{place:02}" for place in range(30)]


def goods() -> Dataset:
    """Thirty customers: a third came through the store; each has an order of one line, and there is a guest's order."""
    channel = ["store" if place % 3 == 0 else None if place == 1 else "app" for place in range(30)]
    return shop(
        customers={"customer_id": PEOPLE, "channel": channel, "joined_at": pd.Timestamp("2025-01-01")},
        orders={
            "order_id": [f"o{place}" for place in range(31)],
            "customer_id": [*PEOPLE, None],
            "ordered_at": pd.Timestamp("2025-03-01"),
            "amount": np.arange(31.0),
        },
        order_items={"order_id": [f"o{place}" for place in range(31)], "product_id": "p", "ordered_at": pd.Timestamp("2025-03-01")},
        products={"product_id": ["p", "q"], "product_name": ["Pen", "Ink"]},
        planned_actions={
            "action_key": [f"a{place}" for place in range(30)], "customer_id": PEOPLE, "action": "call", "arm": "treat",
            "planned_at": pd.Timestamp("2025-04-01"),
        },
        action_results={
            "action_key": ["a0", "a1", "a3"], "customer_id": [None, None, "c03"], "planned_at": pd.Timestamp("2025-04-01"),
            "status": "done",
        },
        experiment_totals={"experiment": ["e"], "variant": ["a"], "customers": [9]},
        aside={"orders": {"order_id": ["x", "y"], "customer_id": ["c00", "c01"]}},
    )  # fmt: skip


def ids(data: Dataset, table: str, column: str = "customer_id") -> set:
    return set(data.tables[table].execute()[column])


STORE = {f"c{place:02}" for place in range(0, 30, 3)}


@pytest.mark.parametrize(
    "meant",
    [
        lambda data: "channel == 'store'",
        lambda data: data.customers["channel"] == "store",
        lambda data: sorted(STORE),
        lambda data: pd.Series(sorted(STORE), name="anything"),
        lambda data: pd.DataFrame({"customer_id": [*STORE, "nobody"]}),
        lambda data: pd.DataFrame(index=pd.Index(sorted(STORE), name="customer_id")),
    ],
)
def test_a_rule_flags_and_ids_mean_customers(meant):
    data = goods()
    kept = data.where(meant(data))
    assert set(kept.customers["customer_id"]) == ids(kept, "customers") == ids(kept, "orders") == STORE
    assert (kept.subset.customers, kept.subset.of) == (10, 30)


def test_lines_follow_their_orders_results_their_plans_and_nothing_of_nobody_is_left():
    kept = goods().where("channel == 'store'")
    assert ids(kept, "order_items", "order_id") == ids(kept, "orders", "order_id") == {f"o{p}" for p in range(0, 30, 3)}
    assert ids(kept, "action_results", "action_key") == {"a0", "a3"}
    assert ids(kept, "products", "product_id") == {"p", "q"}
    assert "experiment_totals" not in kept.tables
    assert list(kept.aside["orders"].execute()["order_id"]) == ["x"]


def test_a_subset_of_a_subset_is_told_by_both_rules_and_the_data_set_stays_as_it_was():
    data = goods()
    before = len(data.customers)
    kept = data.where("channel != 'nowhere'").where("monetary >= 10", called="good ones")
    assert kept.subset == subsets.Subset("channel != 'nowhere', good ones", len(kept.customers), 30)
    assert len(kept.customers) == 20 and len(data.customers) == before and data.subset is None


@pytest.mark.parametrize(
    ("meant", "told"),
    [
        ("chanel == 'store'", "Did you mean 'channel'"),
        ("channel", "it is no yes or no"),
        ("channel == 'web'", "0 customers, fewer than the 10"),
        ("customer_id < 'c05'", "5 customers, fewer than the 10"),
        ([], "0 customers, fewer than the 10"),
        ([1, 2, 3], "1, 2: none of these ids is a customer here, where they look like 'c00', 'c01'"),
        (pd.Series([True, False]), "2 flags: they stand beside other rows than the 30 customers"),
        (pd.DataFrame({"id": PEOPLE}), "a table of id: it has no column customer_id"),
    ],
)
def test_who_asks_for_nobody_or_too_few_is_told(meant, told):
    with pytest.raises(ValueError, match="where = ") as caught:
        goods().where(meant)
    assert told in str(caught.value)


def test_flags_that_are_not_known_mean_nobody():
    data = goods()
    flags = (data.customers["channel"] == "app").astype("boolean").mask(data.customers["channel"].isna())
    assert data.where(flags).subset.customers == 19
