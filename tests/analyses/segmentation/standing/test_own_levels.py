from __future__ import annotations

import pandas as pd

from answers import words_of
from helpers.analyses.segmentation.standing.own_levels import own_levels
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from shops import shop


def members(**levels: int):
    """So many customers of each level, each with one order, of more money from level to level; "none" has no level."""
    names = [name for name, count in levels.items() for _customer in range(count)]
    customers = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(names))], "level": names})
    spent = [10 * (1 + list(levels).index(name)) for name in names]
    orders = customers[["customer_id"]].assign(order_id=customers["customer_id"], amount=spent, days_ago=5)
    customers["level"] = customers["level"].where(customers["level"] != "none")
    return shop(customers=customers, orders=orders)


def test_levels_are_those_of_the_data_and_the_best_paying_comes_first():
    found = own_levels(members(plain=30, silver=20, gold=10))
    assert found.table["level"].tolist() == ["gold", "silver", "plain"]
    assert found.table["customers"].tolist() == [10, 20, 30]
    assert found.labels.value_counts().to_dict() == {"plain": 30, "silver": 20, "gold": 10}


def test_rare_levels_are_one_group_and_customers_without_one_another():
    found = own_levels(members(plain=30, none=12, **{f"of customer {n}": 1 for n in range(12)}))
    assert set(found.table["level"]) == {"plain", UNKNOWN, SMALL_GROUPS}


def test_a_shop_without_levels_has_none_to_cross():
    data = members(none=30)
    assert isinstance(own_levels(data), NotApplicable)
    assert "no levels of customers of its own" in words_of(own_levels(data))
