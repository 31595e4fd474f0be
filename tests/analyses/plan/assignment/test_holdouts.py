"""How many are held out: as many as it takes, none of what must be done, a tenth of what is proven."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

import plans
from helpers.analyses import plan
from helpers.analyses.plan.assignment.selection import Chosen
from helpers.analyses.plan.past.estimates import FIRST_LEVEL
from helpers.findings import NotApplicable, say
from helpers.statistics.designs import smallest_seen

NOTHING = NotApplicable(say("nothing."))
GREET = {"name": "greet", "when": "orders >= 1", "channel": "SMS", "effect": 0.5}


def power(action, effects=NOTHING):
    data = plans.monday_shop(60, settings=plans.actions(action))
    known = plan.known(data, "")
    pairs = pd.DataFrame({"customer_id": known.table.index, "action": action["name"]})
    chosen = Chosen(pd.DataFrame(), pairs, pd.DataFrame(), 0.0, 60)
    return plan.power(chosen, data, known, effects, plan.history(data), dt.date(2025, 7, 7))


def test_of_few_half_is_held_out_and_the_table_says_what_that_shows():
    row = power(GREET).table.iloc[0]
    level = row["expected_level"]
    assert row["holdout_share"] == 0.5 and 0 < level < 1
    for percent in (10, 20, 50):
        expected = smallest_seen(60, percent / 100, std_dev=(level * (1 - level)) ** 0.5, alpha=FIRST_LEVEL)
        assert row[f"smallest_seen_{percent}"] == pytest.approx(expected)


def test_no_larger_effect_is_worth_having_than_that_all_order():
    row = power(GREET | {"horizon_days": 3000, "effect": 3.0}).table.iloc[0]
    assert 0.4 < row["expected_level"] and row["worthwhile"] == pytest.approx(1 - row["expected_level"])


@pytest.mark.parametrize(
    ("over", "share"), [({"must": True}, 0.0), ({"holdout": 0.25}, 0.25), ({"outcome": "spend"}, 0.5)]
)
def test_the_settings_can_say_how_many(over, share):
    assert power(GREET | over).table["holdout_share"].tolist() == [share]


def test_of_a_proven_action_a_tenth_is_held_out():
    effects = plan.effects(*plans.tried(n=1200, gain=0.3, reached=0.5, action="greet"))
    assert effects.table["verdict"].tolist() == ["scale"]
    assert power(GREET, effects).table["holdout_share"].tolist() == [0.1]


def test_where_nobody_is_held_out_it_says_so():
    assert str(power(GREET).headline()).startswith("This plan alone is too small to show of any of its 1 actions")
    assert "nobody will know" in str(power(GREET | {"must": True}).headline())
