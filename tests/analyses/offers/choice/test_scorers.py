"""The rules that are tried."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analyses.offers.choice.conftest import bought, purchases
from helpers.analyses.offers.choice.histories import known
from helpers.analyses.offers.choice.scorers import Scorer, by_group, rules

FIRST = np.arange(3)


@pytest.fixture(scope="module")
def histories(split_on):
    return known(bought(purchases(0.9, customers=60)), split_on)


def test_every_rule_scores_what_its_name_says(histories):
    groups = pd.Series(["x", "y"] * 30, index=[f"c{number:03}" for number in range(60)])
    made = rules(histories, groups, 500)
    scores = {scorer: rule.scores(FIRST) for scorer, rule in made.items()}
    x = histories.purchases.toarray()
    assert list(scores) == list(Scorer)
    assert (scores[Scorer.POPULAR] == histories.recent_buyers).all()
    assert (scores[Scorer.POPULAR_EVER] == x.sum(axis=0)).all()
    assert (scores[Scorer.OWN] == histories.orders.toarray()[:3]).all()
    assert (scores[Scorer.OWN_FADING] == histories.fading.toarray()[:3]).all()
    cosine = x.T @ x / np.sqrt(np.outer(x.sum(axis=0), x.sum(axis=0)))
    assert scores[Scorer.ALIKE] == pytest.approx(x[:3] @ (cosine - np.eye(len(cosine))))
    inverse = np.linalg.inv(x.T @ x + 500 * np.eye(len(cosine)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    assert scores[Scorer.EASE] == pytest.approx(x[:3] @ weights)
    mine = (groups.reindex(histories.customers) == groups[histories.customers[0]]).to_numpy()
    assert (scores[Scorer.POPULAR_IN_GROUP][0] == histories.recent.toarray()[mine].sum(axis=0)).all()


def test_only_what_is_wanted_is_made(histories):
    assert list(rules(histories, None, 500, (Scorer.ALIKE, Scorer.POPULAR_IN_GROUP))) == [Scorer.ALIKE]


def test_customers_without_a_group_are_one_and_new_ones_have_the_bestsellers_of_theirs(histories):
    groups = pd.Series(["x"] * 20 + [None] * 40, index=[f"c{number:03}" for number in range(60)])
    scores = by_group(histories, groups, pd.Index(["c001", "c059", "nobody"])).scores(FIRST)
    recent = histories.recent.toarray()
    in_x = (groups.reindex(histories.customers) == "x").to_numpy()
    assert (scores[0] == recent[in_x].sum(axis=0)).all()
    assert (scores[1] == recent[~in_x].sum(axis=0)).all() and (scores[1] == scores[2]).all()
