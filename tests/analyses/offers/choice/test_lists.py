"""What each customer is offered."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses.offers.choice.conftest import purchases, sold
from answers import words_of
from helpers.analyses.offers.choice.lists import Offers, recommend
from helpers.analyses.offers.choice.time_trial import tried
from helpers.analyses.offers.goods.levels import level


@pytest.fixture(scope="module")
def offered(trial_of_liking, liking):
    return recommend(trial_of_liking, liking, margin=0.5)


def test_each_customer_has_up_to_three_goods_a_list(offered):
    assert isinstance(offered, Offers) and list(offered.table) == list(offered.columns)
    sizes = offered.table.groupby(["customer_id", "task"]).size()
    assert sizes.max() == 3 and set(offered.table["task"]) == {"again", "new"}
    assert offered.table["customer_id"].nunique() == 200
    assert not offered.table.duplicated(["customer_id", "good"]).any()


def test_the_margin_expected_is_chance_times_price_times_margin(offered):
    assert offered.table["expected_margin"].to_numpy() == pytest.approx(offered.table["chance"].to_numpy() * 2.0 * 0.5)


def test_no_good_comes_first_for_more_than_a_tenth(offered):
    new = offered.table[(offered.table["task"] == "new") & (offered.table["rank"] == 1)]
    assert offered.most_first == 20 and new["good"].value_counts().max() <= 20
    assert offered.summary()["first_offers"].min() >= 5
    assert offered.goods["offer_share"].sum() == pytest.approx(1) == offered.goods["sales_share"].sum()
    assert offered.plot().get_yticklabels()
    words = words_of(offered)
    assert words.startswith("200 customers are offered goods; first comes most often “")
    assert "One good comes first for at most 20 customers" in words and "No good is excluded for anybody." in words


def test_what_is_due_or_of_a_category_that_is_not_offered_is_left_out_and_counted(trial_of_liking, liking, offered):
    due = offered.table[offered.table["task"] == "again"].groupby("customer_id").head(1)[["customer_id", "good"]]
    found = recommend(trial_of_liking, liking, due)
    met = found.table.merge(due, on=["customer_id", "good"])
    assert met.empty and f"on the list of what is due {len(due)}" in words_of(found)


def test_what_is_due_and_what_is_dearer_stand_beside_the_lists(trial_of_liking, liking, offered):
    again = offered.table[offered.table["task"] == "again"].groupby("customer_id").head(1)
    due = again[["customer_id", "good"]].assign(last_on=pd.Timestamp("2025-06-01"), chance_30d=0.25)
    up = pd.DataFrame({"customer_id": ["c001"], "family": ["phones"], "chance": [0.5]})
    found = recommend(trial_of_liking, liking, due, up, margin=0.5).table
    listed = found[found["task"] == "due"]
    assert len(listed) == len(due) and set(listed["expected_margin"]) == {0.25 * 2.0 * 0.5}
    assert found[found["task"] == "up"][["customer_id", "good"]].to_numpy().tolist() == [["c001", "phones"]]
    assert not found[found["task"] != "up"].duplicated(["customer_id", "good"]).any()


def test_bestsellers_are_offered_where_they_won_and_customers_without_orders_get_them():
    rows = purchases(0.0, seed=2)
    ids = [f"c{number:03}" for number in range(201)]
    data = sold(rows, customers=pd.DataFrame({"customer_id": ids, "city": ["x", "y", "x"] * 67}))
    found = recommend(tried(level(data), data, holdout_days=100), data)
    assert found.most_first == 0 and "Bestsellers won the trial" in words_of(found)
    cold = found.table[found.table["is_cold"]]
    assert cold["customer_id"].tolist() == ["c200"] * 3 and set(cold["reason"]) == {"group_bestseller"}
    assert "Of 1 customers no purchase is known" in words_of(found)


def test_a_share_is_from_0_to_1(trial_of_liking, liking):
    with pytest.raises(ValueError, match="largest_share = 2"):
        recommend(trial_of_liking, liking, largest_share=2)
