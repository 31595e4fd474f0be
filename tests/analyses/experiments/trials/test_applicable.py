"""A question is asked of the experiments that it holds for; the others keep their reason."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers.analyses.experiments.trials.applicable import (
    NOT_ONE_BY_ONE,
    for_each,
    hindrance,
    in_groups,
    none_one_by_one,
    one_by_one,
)
from helpers.analyses.experiments.trials.arms import read
from helpers.findings import NotApplicable
from shops import covariate, metric


@pytest.fixture(scope="module")
def both(assigned):
    """One experiment by store, and one on customers one by one."""
    rows = pd.DataFrame({"variant": ["control", "new"] * 20, "store": [f"s{at}" for at in range(40)], "spend": 1.0})
    twice = pd.concat([rows.assign(experiment=name, customer_id=rows["store"]) for name in ("stores", "customers")])
    words = {"stores": {"unit": "store"}}
    return {
        trial.name: trial for trial in read(assigned(twice, metric("spend"), covariate("store", "text"), words=words))
    }


def test_only_experiments_on_customers_are_one_by_one(both):
    assert [trial.name for trial in one_by_one(list(both.values()))] == ["customers"]


def test_the_reason_names_what_was_assigned(both):
    stores = both["stores"]
    assert str(in_groups(stores.name, stores.groups).reason) == (
        "customers of stores were assigned by store, and this answer holds for customers who are assigned one by one."
    )


def test_what_was_not_applicable_keeps_its_reason():
    missing = NotApplicable("there is none.")
    assert for_each([1, missing, 2], lambda answer: answer + 1) == (2, missing, 3)


def test_totals_and_groups_hinder_what_needs_single_customers(both):
    stores, single = both["stores"], both["customers"]
    totals = replace(single, from_totals=True)
    assert hindrance(single) is None
    assert str(hindrance(stores).reason).startswith("customers of stores were assigned")
    assert str(hindrance(totals).reason) == (
        "customers of customers came as totals by arm, and this answer needs them one by one."
    )
    assert one_by_one([stores, totals, single]) == (single,)
    assert none_one_by_one([stores]) is NOT_ONE_BY_ONE
    assert "totals" in str(none_one_by_one([stores, totals]).reason)
