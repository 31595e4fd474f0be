"""Which rule recommends best, tried in time; public numbers in the long form, `tests/long/test_offers.py`."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest

from analyses.offers.choice.conftest import GOODS, purchases, sold
from answers import words_of
from helpers.analyses.offers.choice.contest import Task
from helpers.analyses.offers.choice.scorers import BESTSELLERS, Scorer
from helpers.analyses.offers.choice.time_trial import Trial, groups_of, tried
from helpers.analyses.offers.goods.levels import level
from helpers.findings import NotApplicable
from shops import AS_OF


def test_a_taste_is_found_and_told(trial_of_liking):
    assert isinstance(trial_of_liking, Trial)
    assert trial_of_liking.chosen(Task.NEW) not in BESTSELLERS
    assert trial_of_liking.split_on == AS_OF - dt.timedelta(days=100)
    words = words_of(trial_of_liking)
    assert words.startswith("Of ten new goods named by “")
    assert "Of ten goods named by “" in words and "95% interval of the gain: +" in words
    assert "Lists of March 22, 2025, for " in words
    assert trial_of_liking.plot().get_yticklabels()


def test_where_there_is_no_taste_the_page_says_so():
    data = sold(purchases(0.0, seed=2))
    found = tried(level(data), data, holdout_days=100)
    assert words_of(found).startswith("No evidence that any rule beats bestsellers for goods new to a customer.")
    assert found.chosen(Task.ANY) in BESTSELLERS


def test_facts_after_the_split_change_no_list(liking, trial_of_liking):
    """The same shop asked as of an earlier day knows less of what came, and lists the same."""
    rows = purchases(0.9)
    extra = rows[rows["days_ago"] < 100].assign(good=lambda table: (table["good"] + 1) % GOODS)
    other = sold(pd.concat([rows, extra], ignore_index=True))
    found = tried(level(other), other, holdout_days=100)
    assert found.penalty == trial_of_liking.penalty
    ours, theirs = (
        each.rounds[Task.ANY].entries[Scorer.POPULAR].listed[0].tolist() for each in (trial_of_liking, found)
    )
    assert ours == theirs


def test_days_are_a_fifth_of_the_time_unless_asked(liking):
    assert tried(level(liking), liking).days == 59


def test_the_group_is_a_column_of_customers():
    rows = purchases(0.9)
    ids = [f"c{number:03}" for number in range(200)]
    people = pd.DataFrame({"customer_id": ids, "city": ["x", "y"] * 100, "birth_year": 1990})
    data = sold(rows, customers=people)
    assert groups_of(data, "").name == "city" and groups_of(data, "birth_year").name == "birth_year"
    with pytest.raises(ValueError, match="by = 'town': it is no column of customers"):
        groups_of(data, "town")
    found = tried(level(data), data, holdout_days=100)
    assert Scorer.POPULAR_IN_GROUP in set(found.table["rule"])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (purchases(0.9).query("customer < 15 or days_ago >= 100"), "fewer than 20 customers bought both before"),
        (purchases(0.9).assign(good=lambda table: table["good"] % 9), "only 9 goods, which one list holds"),
    ],
)
def test_of_too_few_customers_or_goods_nothing_is_told(rows, reason):
    data = sold(rows)
    found = tried(level(data), data, holdout_days=100)
    assert isinstance(found, NotApplicable) and reason in words_of(found)


def test_guests_are_not_customers():
    data = sold(purchases(0.9))
    guests = data.tables["orders"].mutate(customer_id=ibis.null("string"))
    data.tables["orders"] = guests
    found = tried(level(data), data)
    assert "no purchase names its customer" in words_of(found)
