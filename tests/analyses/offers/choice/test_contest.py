"""The rules tried: personal ones win where customers have a taste, bestsellers where they have none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyses.offers.choice.conftest import bought, purchases
from helpers.analyses.offers.choice.contest import Task, penalty_of, rounds
from helpers.analyses.offers.choice.histories import came, known
from helpers.analyses.offers.choice.scorers import BESTSELLERS, OF_THEIR_OWN, PENALTIES, PENALTY, Scorer


def held(taste_share: float, split_on, seed: int = 1):
    rows = bought(purchases(taste_share, seed=seed))
    histories = known(rows, split_on)
    return histories, came(rows, histories, 100)


@pytest.fixture(scope="module")
def tasteful(split_on):
    return rounds(*held(0.9, split_on), None)


def test_where_customers_have_a_taste_a_personal_rule_wins_both_tasks(tasteful):
    for task in Task:
        assert tasteful[task].chosen not in BESTSELLERS
        row = tasteful[task].table.iloc[0]
        assert row["rule"] == tasteful[task].best and row["lower"] > 0
        assert tasteful[task].entries[tasteful[task].best].listed.shape[1] == 10


def test_where_they_have_none_bestsellers_are_used(split_on):
    for each in rounds(*held(0.0, split_on, seed=2), None).values():
        assert each.chosen == each.reference and each.reference in BESTSELLERS


def test_nothing_is_asked_of_own_goods_where_only_new_ones_count(tasteful, split_on):
    histories, _ = held(0.9, split_on)
    assert not set(tasteful[Task.NEW].table["rule"]) & set(OF_THEIR_OWN)
    entry = tasteful[Task.NEW].entries[Scorer.EASE]
    assert len(entry.listed) < len(histories.customers), "customers who bought nothing new are not asked"
    assert not (tasteful[Task.NEW].table["hit_rate_5"] > tasteful[Task.NEW].table["hit_rate_10"]).any()


def test_the_reference_is_the_better_of_both_kinds_of_bestsellers(tasteful):
    for each in tasteful.values():
        rates = each.table.set_index("rule")["hit_rate_10"]
        assert rates[each.reference] == max(rates[list(map(str, BESTSELLERS))])
        own = each.table.set_index("rule").loc[str(each.reference)]
        assert own[["gain_points", "lower", "upper"]].tolist() == [0, 0, 0] and np.isnan(own["adjusted_p_value"])
        assert each.table.set_index("rule")["gain_points"].to_dict() == pytest.approx(
            (rates - rates[each.reference]).to_dict()
        )


def test_names_and_order_of_customers_do_not_matter(split_on):
    rows = purchases(0.9)
    order = np.random.default_rng(3).permutation(200)
    other = bought(rows.assign(customer=order[rows["customer"]]))
    histories = known(other, split_on)
    found = rounds(histories, came(other, histories, 100), None)
    for task, each in rounds(*held(0.9, split_on), None).items():
        pd.testing.assert_frame_equal(found[task].table, each.table)


def test_the_penalty_is_the_one_that_orders_new_goods_best(split_on):
    histories, since = held(0.9, split_on)
    by_hand = {
        each: rounds(histories, since, None, each)[Task.NEW].table.set_index("rule").at["ease", "ndcg_10"]
        for each in PENALTIES
    }
    assert penalty_of(histories, since) == max(by_hand, key=by_hand.get)
    assert penalty_of(histories, since * 0) == PENALTY


def test_of_too_few_customers_nothing_is_told(split_on):
    rows = bought(purchases(0.9, customers=15))
    histories = known(rows, split_on)
    assert rounds(histories, came(rows, histories, 100), None) == {}
