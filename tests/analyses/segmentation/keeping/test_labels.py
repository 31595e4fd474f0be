"""Every label of every customer, as a plan asks for them, under given cuts or new ones."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from helpers.analyses.segmentation.groups import KIND_COLUMNS, NO_ORDER
from helpers.analyses.segmentation.keeping.labels import (
    KINDS,
    Labels,
    given_cuts,
    labelled,
    segment_plan,
    used_cuts,
    with_cuts,
)
from helpers.analyses.segmentation.standing.value_tiers import BANDS
from helpers.analyses.segmentation.vocabulary import KIND
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop


def labels_of(data: Dataset, **words) -> Labels:
    """Labels by a plan of `words`; clusters are tested in a room of their own."""
    return labelled(data, segment_plan(**words), NotApplicable("not asked for"))


def test_customers_with_equal_values_get_equal_labels(regulars, labels):
    rfm = labels.rfm
    known = regulars.customers[regulars.customers["orders"] > 0].set_index("customer_id").join(rfm.customers)
    for value, score in (("recency_days", "r_score"), ("orders", "f_score"), ("monetary", "m_score")):
        assert (known.groupby(value)[score].nunique() == 1).all()
    tier = labels_of(regulars, tiers={"months": 0}, cuts={"tier": [10, 40, 90, 200]}).tiers.labels.reindex(known.index)
    assert (tier.groupby(known["monetary"]).nunique() == 1).all()


def test_every_customer_gets_one_segment_tier_and_stage(regulars, labels):
    table = labels.by_customer().table
    assert list(table) == ["customer_id", "r_score", "f_score", "m_score", "segment", "tier", "stage", "cluster"]
    assert table["customer_id"].tolist() == sorted(regulars.customers["customer_id"]) and table["customer_id"].is_unique
    assert table[["segment", "tier", "stage"]].notna().all(axis=None) and table["cluster"].isna().all()
    idle = table[table["r_score"].isna()]
    assert len(idle) == 10 and "x" in set(idle["customer_id"])
    assert set(idle["segment"]) == {NO_ORDER} and set(idle["stage"]) == {"Potential 潜在客户"}
    assert set(idle["tier"]) == {BANDS[0]}


def test_the_cuts_of_one_report_keep_the_labels_of_the_next(random_orders, labels):
    """Twenty more customers move the quantiles; under the first report's cuts nobody of the others changes."""
    first = labels
    ids = [f"new{n}" for n in range(20)]
    new = pd.DataFrame({"customer_id": ids, "order_id": ids, "days_ago": range(20), "amount": 500.0})
    more = shop(orders=pd.concat([random_orders[~random_orders["cancelled"]], new.assign(cancelled=False)]))
    cuts = {**dataclasses.asdict(first.rfm.cuts), "tier": first.tiers.cuts, "stage": first.stages.limits.given()}
    kept, moved = labels_of(more, cuts=cuts), labels_of(more)
    same = first.rfm.customers.index
    for column in ("r_score", "m_score"):
        assert (kept.rfm.customers[column].reindex(same) == first.rfm.customers[column]).all()
        assert (moved.rfm.customers[column].reindex(same) != first.rfm.customers[column]).any()
    for kind in ("segment", "tier", "stage"):
        assert (kept.groupings[kind].labels.reindex(same) == first.groupings[kind].labels.reindex(same)).all()


def test_cuts_with_a_wrong_name_or_order_are_refused():
    with pytest.raises(ValueError, match="cuts = 'recent'.*Did you mean 'recency'"):
        given_cuts({"recent": [1]})
    with pytest.raises(ValueError, match="cuts.recency = .*rising order"):
        given_cuts({"recency": {"": [1, 2]}})  # only stages may differ by group
    with pytest.raises(ValueError, match="cuts.tier = .*rising order"):
        given_cuts({"tier": [2, 1]})


def test_facts_after_as_of_change_nothing(random_orders, members, labels):
    later = pd.DataFrame({"customer_id": ["c1", "c2", "unborn"], "days_ago": [-1, -40, -3], "amount": [9999.0, 1, 7]})
    later = later.assign(order_id=["l1", "l2", "l3"], cancelled=False)
    again = labels_of(shop(orders=pd.concat([random_orders, later]), customers=members))
    pd.testing.assert_frame_equal(again.by_customer().table, labels.by_customer().table)
    assert again.stages.remarks == labels.stages.remarks


def test_a_plan_with_a_slip_is_told():
    for setting, message in (
        ({"bin": 4}, "plan = 'bin'"),
        ({"bins": 99}, "bins = 99"),
        ({"cuts": {"recency": [9, 1]}}, "rising"),
    ):
        with pytest.raises(ValueError, match=message):
            segment_plan(**setting)


def test_used_cuts_give_the_same_labels_and_never_replace_those_of_the_plan(regulars, labels):
    again = labelled(regulars, with_cuts(segment_plan(), used_cuts(labels)), NotApplicable("not asked for"))
    pd.testing.assert_frame_equal(again.by_customer().table, labels.by_customer().table)
    own = with_cuts(segment_plan(cuts={"recency": [7], "stage": [1, 2, 3, 4]}), used_cuts(labels)).cuts
    assert own.rfm.recency == (7,) and own.stage == (1, 2, 3, 4)
    assert own.rfm.monetary == labels.rfm.cuts.monetary and own.tier == labels.tiers.cuts


def test_every_kind_of_label_has_words_and_a_column():
    assert set(KIND.words) == {*KINDS, "level"} == set(KIND_COLUMNS)
