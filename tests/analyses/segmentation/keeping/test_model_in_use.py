"""The segment model is kept from report to report, and replaced only with a reason."""

from __future__ import annotations

import dataclasses
import datetime as dt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.keeping.labels import segment_plan
from helpers.analyses.segmentation.keeping.model_file import SegmentModel
from helpers.analyses.segmentation.keeping.model_in_use import Why, compared_on, keep, labels_under, segment_model
from helpers.analyses.segmentation.keeping.moves import migration, seen, spent
from helpers.analyses.segmentation.standing.value_tiers import BANDS
from helpers.analyses.segmentation.vocabulary import WHY
from helpers.findings import NotApplicable
from shops import shop

PLAN = segment_plan()


def test_a_report_scores_with_the_one_before_it(first, shops):
    used = segment_model(shops[1], PLAN, first.model)
    assert used.why == "kept" and used.model is first.model
    assert used.labels.rfm.cuts == first.labels.rfm.cuts and used.labels.tiers.cuts == first.labels.tiers.cuts
    assert used.labels.stages.limits.overall == first.labels.stages.limits.overall
    assert isinstance(used.search, NotApplicable) and "only where the customer does" in words_of(used)


def test_where_no_groups_were_found_later_reports_do_not_search_again(first, shops):
    """So of twelve weekly reports one alone may take a cloud for groups."""
    none = dataclasses.replace(first.model, clusters=NotApplicable("no stable structure."))
    used = segment_model(shops[1], PLAN, none)
    assert used.why == "kept" and isinstance(used.search, NotApplicable) and used.model.clusters is none.clusters


@pytest.mark.parametrize(
    ("words", "refit", "why"),
    [({}, True, "asked"), ({"bins": 4}, False, "other_plan"), ({"tiers": {"names": "levels"}}, False, "other_plan")],
)
def test_another_is_made_when_asked_for_or_when_the_plan_is_another(first, shops, words, refit, why):
    used = segment_model(shops[1], segment_plan(**words), first.model, refit)
    assert used.why == why and used.model.fitted_on == "2025-06-30"
    same = used.agreement.set_index("kind")["same_share"]
    assert {"segment", "tier", "stage"} <= set(same.index) and same.between(0, 1).all()
    assert "though they did nothing" in words_of(used)


def test_the_model_that_is_used_is_a_yardstick_which_only_a_refit_changes(first, shops):
    def said(used):
        return [str(each.said) for each in used.brief().yardsticks]

    assert said(segment_model(shops[1], PLAN, first.model)) == said(first)
    assert said(segment_model(shops[1], PLAN, first.model, refit=True)) == [
        "that of June 30, 2025", "money of the last 12 months",
    ]  # fmt: skip
    forever = segment_model(shops[1], segment_plan(tiers={"months": 0}))
    assert said(forever)[1] == "all money"


def test_another_is_made_when_the_customers_are_others(first):
    rng = np.random.default_rng(3)
    bought = pd.DataFrame(
        {
            "order_id": np.arange(900).astype(str),
            "amount": rng.gamma(4, 9_000, 900),
            "customer_id": [f"n{each}" for each in rng.integers(0, 300, 900)],
            "days_ago": rng.integers(0, 20, 900),
        }
    )
    used = segment_model(shop(orders=bought), PLAN, first.model)
    assert used.why == "drifted" and used.drift.verdict == "refit"


def test_cuts_that_somebody_decided_on_are_never_fitted(shops, first):
    plan = segment_plan(cuts={"recency": [30, 60, 90, 180], "tier": [100, 500, 1000, 2000]})
    used = segment_model(shops[1], plan, first.model)
    assert used.labels.rfm.cuts.recency == (30, 60, 90, 180) and used.labels.tiers.cuts == (100, 500, 1000, 2000)
    assert used.labels.rfm.cuts.monetary != first.labels.rfm.cuts.monetary  # another plan: the rest is made anew


def test_stage_limits_of_each_group_are_kept():
    rng = np.random.default_rng(5)
    customer = np.repeat(np.arange(80), 9)
    gap = np.where(customer < 40, 7, 40)
    orders = pd.DataFrame(
        {
            "order_id": np.arange(720).astype(str),
            "customer_id": customer.astype(str),
            "amount": 10.0,
            "days_ago": np.round((np.tile(np.arange(9), 80) + rng.random(720)) * gap),
        }
    )
    people = pd.DataFrame({"customer_id": np.arange(80).astype(str), "channel": np.repeat(["fast", "slow"], 40)})
    data, plan = shop(orders=orders, customers=people), segment_plan(stage_by="channel")
    used = segment_model(data, plan)
    again = segment_model(data, plan, SegmentModel.from_json(used.model.to_json()))
    assert again.why == "kept"
    limits = again.labels.stages.limits.given()
    assert limits == used.labels.stages.limits.given() and limits["fast"][0] < limits["slow"][0]


def test_where_nothing_can_be_labelled_it_says_why_and_keeps_nothing(tmp_path):
    data = shop(customers=pd.DataFrame({"customer_id": ["a", "b"]}))
    used = segment_model(data, PLAN)
    assert isinstance(used.finding, NotApplicable) and used.labels.by_customer().table.empty
    keep(used, data, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_day_compared_with_is_that_of_the_report_before_or_the_one_asked_for(shops, first):
    assert compared_on(shops[1], first.model, 0) == shops[0].as_of
    assert compared_on(shops[1], first.model, 30) == dt.date(2025, 5, 31)
    assert compared_on(shops[1], None, 0) == dt.date(2025, 4, 1)


def test_every_model_in_use_draws_and_speaks(first, shops, shows_itself):
    refitted = segment_model(shops[1], PLAN, first.model, refit=True)
    for used in (first, refitted):
        assert used.plot().has_data() and len(used.summary())
        assert shows_itself(used) and shows_itself(used.search)
        plt.close("all")
    assert shows_itself(refitted.drift) and shows_itself(refitted.rematch)


def test_two_reports_keep_the_labels_of_customers_who_did_nothing(two_days):
    """A naive refit of the cuts moves 8 to 9 % of the M scores of customers who bought nothing (value.md, traps)."""
    before, after = two_days
    one = segment_model(before, PLAN)
    two = segment_model(after, PLAN, SegmentModel.from_json(one.model.to_json()))
    assert two.why == "kept"
    tables = [each.labels.by_customer().table.set_index("customer_id") for each, data in ((one, before), (two, after))]
    snapshots = [data.customers.set_index("customer_id") for data in (before, after)]
    ids = snapshots[0].index[snapshots[0]["orders"] > 0]
    bought = snapshots[1]["orders"].reindex(ids) != snapshots[0]["orders"].reindex(ids)
    idle = ids[~bought]
    assert 0.25 * len(ids) < len(idle) < 0.75 * len(ids)
    for label in ("f_score", "m_score"):
        assert (tables[0].loc[idle, label] == tables[1].loc[idle, label]).all(), label
    r_before, r_after = (table.loc[idle, "r_score"].astype(int) for table in tables)
    assert (r_after <= r_before).all() and (r_after < r_before).any()  # they have been silent for longer, nothing else
    t_before, t_after = (table.loc[idle, "tier"].map(BANDS.index) for table in tables)
    assert (t_after <= t_before).all() and (t_after < t_before).any()  # orders have left the window, none came in
    naive = segment_model(after, PLAN, one.model, refit=True)
    anew = naive.labels.by_customer().table.set_index("customer_id")
    shifted = (anew.loc[idle, "m_score"] != tables[0].loc[idle, "m_score"]).mean()
    assert 0.05 < shifted < 0.20
    agreement = naive.agreement.set_index("kind")["same_share"]
    assert agreement["segment"] < 0.9 and "cluster" not in agreement  # its buyers are one crowd
    moved = migration(
        labels_under(before, two).segments,
        two.labels.segments,
        spent(after),
        91,
        seen(before),
    )
    assert str(moved.headline()).startswith("In 91 days ")


def test_every_reason_has_words():
    assert set(WHY.words) == set(Why)


def test_a_window_beyond_ten_years_is_refused(shops):
    with pytest.raises(ValueError, match="compare_days = 3661: give a number from 0 to 3660"):
        compared_on(shops[1], None, 3661)
