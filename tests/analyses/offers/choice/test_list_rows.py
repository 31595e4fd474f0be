"""The rows of what customers are offered."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from helpers.analyses.offers.choice.contest import Task
from helpers.analyses.offers.choice.histories import known
from helpers.analyses.offers.choice.list_rows import cold_rows, list_rows
from shops import AS_OF


@pytest.fixture(scope="module")
def histories(trial_of_liking):
    return known(trial_of_liking.purchases, AS_OF)


def owned(histories, rows):
    return histories.purchases[
        histories.customers.get_indexer(rows["customer_id"]), histories.goods.get_indexer(rows["good"])
    ]


def test_goods_are_offered_again_only_to_whoever_bought_them(trial_of_liking, histories):
    none = csr_array(histories.purchases.shape)
    rows = list_rows(trial_of_liking, Task.ANY, histories, none, histories.standing, 0)
    assert (owned(histories, rows) == 1).all() and set(rows["rank"]) <= {1, 2, 3}
    assert (rows["because_of"] == rows["good"]).all() and set(rows["reason"]) == {"bought_before"}
    bought = trial_of_liking.purchases.rows.groupby(["customer", "good"])["day"].max()
    first = rows.iloc[0]
    assert first["because_on"] == bought[int(first["customer_id"][1:]), int(first["good"][1:])]


def test_new_goods_are_new_have_a_chance_that_rises_with_the_score_and_say_why(trial_of_liking, histories):
    rows = list_rows(trial_of_liking, Task.NEW, histories, histories.purchases, histories.standing, 0)
    assert not owned(histories, rows).any() and len(rows) == 3 * rows["customer_id"].nunique()
    ordered = rows.sort_values("score")
    assert (np.diff(ordered["chance"]) >= 0).all() and ordered["chance"].between(0, 1).all()
    told = rows[rows["reason"] == "bought_other"]
    assert len(told) > 100 and (owned(histories, told.assign(good=told["because_of"])) == 1).all()
    alike = told["good"].str[1:].astype(int) % 3 == told["because_of"].str[1:].astype(int) % 3
    assert alike.mean() > 0.8, "the reason is of the customer's own taste"


def test_no_good_comes_first_for_more_customers_than_may_get_it(trial_of_liking, histories):
    rows = list_rows(trial_of_liking, Task.NEW, histories, histories.purchases, histories.standing, 20)
    assert rows.loc[rows["rank"] == 1, "good"].value_counts().max() == 20
    assert not rows.duplicated(["customer_id", "good"]).any() and (rows.groupby("customer_id")["rank"].max() <= 3).all()


def test_of_whom_nothing_is_known_bestsellers_are_offered(trial_of_liking, liking, histories):
    assert cold_rows(trial_of_liking, liking, histories, histories.standing).empty
    some = known(trial_of_liking.purchases, AS_OF)
    object.__setattr__(some, "customers", histories.customers.delete([3]).insert(3, "zzz"))
    rows = cold_rows(trial_of_liking, liking, some, histories.standing)
    assert rows["customer_id"].tolist() == ["c003"] * 3 and rows["good"].tolist() == histories.goods[:3].tolist()
    assert rows["is_cold"].all() and rows["chance"].isna().all() and rows["because_on"].isna().all()
