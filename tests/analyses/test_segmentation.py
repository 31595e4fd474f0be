"""The door of segmentation: what holds of every answer, from one room to the next."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import segmentation
from helpers.analyses.segmentation.keeping.labels import labelled
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop


def labels_of(data: Dataset) -> segmentation.Labels:
    """The usual labels; clusters are tested in a room of their own."""
    return labelled(data, segmentation.segment_plan(), NotApplicable("not asked for"))


@pytest.fixture(scope="module")
def buyers() -> Dataset:
    """200 customers, of one order or many."""
    rng = np.random.default_rng(5)
    customer = np.repeat(np.arange(200), rng.geometric(0.4, 200))
    orders = {
        "order_id": [f"o{place}" for place in range(len(customer))],
        "customer_id": [f"c{each}" for each in customer],
        "days_ago": rng.integers(0, 400, len(customer)),
        "amount": rng.lognormal(3, 1, len(customer)).round(2),
    }
    return shop(orders=orders)


def test_the_order_of_the_snapshots_rows_changes_nothing(buyers):
    shuffled = dataclasses.replace(buyers)
    vars(shuffled)["customers"] = buyers.customers.sample(frac=1, random_state=1, ignore_index=True)
    tables = [labels_of(data).by_customer().table for data in (buyers, shuffled)]
    pd.testing.assert_frame_equal(*tables)
    changes = [segmentation.steadiness(data).table for data in (buyers, shuffled)]
    pd.testing.assert_frame_equal(*changes, check_exact=True)


def test_the_snapshot_is_left_as_it_was(buyers):
    before = buyers.customers.copy(deep=True)
    labels_of(buyers).by_customer()
    segmentation.steadiness(buyers)
    pd.testing.assert_frame_equal(buyers.customers, before)


def test_money_times_a_hundred_moves_no_tier_and_no_stage(buyers):
    """Tiers are made of ranks and stages of days; only the cuts of money are a hundred times as high."""
    orders = buyers.tables["orders"]
    richer = dataclasses.replace(buyers, tables={**buyers.tables, "orders": orders.mutate(amount=orders.amount * 100)})
    vars(richer)["customers"] = buyers.customers.assign(monetary=buyers.customers["monetary"] * 100)
    labels, others = labels_of(buyers), labels_of(richer)
    assert others.tiers.cuts == pytest.approx([100 * cut for cut in labels.tiers.cuts])
    for kind in ("tier", "stage"):
        assert (labels.given[kind].labels == others.given[kind].labels).all()


def test_without_buyers_the_answer_is_not_applicable():
    few = shop(orders={"customer_id": [f"c{n}" for n in range(19)], "days_ago": range(19), "amount": 10.0})
    labels = labels_of(few)
    assert "19 customers ordered" in words_of(labels.rfm)
    every = [
        labels.rfm,
        *labels.groupings.values(),
        segmentation.steadiness(few),
        segmentation.crossing(labels.tiers, labels.stages),
    ]
    assert all(isinstance(answer, NotApplicable) for answer in every)
    assert labels.by_customer().table.empty
    assert list(labels.by_customer().table) == list(segmentation.CustomerLabels.columns)
