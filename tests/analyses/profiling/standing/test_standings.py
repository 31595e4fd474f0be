"""The scorecard of a small shop and of the demo: values, directions, targets, tiles."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from helpers.analyses.profiling.business.goals import targets
from helpers.analyses.profiling.business.key_figures import kpis
from helpers.analyses.profiling.business.key_shares import rates
from helpers.analyses.profiling.business.windows import Window
from helpers.analyses.profiling.standing.sales_parts import sales_change
from helpers.analyses.profiling.standing.standings import Scorecard, scorecard
from helpers.findings import NotApplicable, say
from shops import AS_OF, shop

NO_PERIODS = pd.DataFrame({"kpi": ["retention", "churn", "CSAT", "revenue"], "value": [0.4, 0.4, 0.4, 0.4]})
NO_TARGETS = NotApplicable(say("no targets are set."))


@pytest.fixture(scope="module")
def card(fading):
    return scorecard(fading, sales_change(fading, 10), NO_TARGETS, 10)


def test_sales_and_new_customers_stand_beside_last_year_with_their_directions(card):
    at = card.table.set_index("kpi")
    assert at.loc["new customers", ["value", "last_year", "on_last_year"]].to_list() == [5, 50, "worse"]
    assert at.loc["revenue", "on_last_year"] == "worse"


def test_a_tile_tells_name_value_comparison_and_twelve_months(card):
    tile = card.brief().tiles[1].spoken()
    assert (tile["name"], tile["value"]) == ("new customers", "5")
    assert tile["standings"][-1] == {
        "said": "−90.0% on last year",
        "direction": "worse",
        "sign": "▼",
        "seasonal": False,
    }
    assert len(tile["periods"]) == 12 and tile["periods"][-1] == 5
    assert tile["drawn"].startswith("The last twelve months: ")


def test_a_share_that_moved_beyond_chance_is_news_and_members_are_told_once():
    line = {"value": 0.5, "previous": 0.5, "on_before": "level", "last_year": 0.4, "on_last_year": "better",
            "is_share": True}  # fmt: skip
    told = news(line | {"kpi": "retention"}, line | {"kpi": "churn", "last_year": math.nan, "on_before": "worse"},
                line | {"kpi": "CSAT", "on_last_year": "level"}, line | {"kpi": "revenue"})  # fmt: skip
    assert [each.subject for each in told] == ["retention", "members"]
    assert str(told[0].said) == "Against last year buyers who bought again moved by +10.0 points, to 50.0%."
    assert [each.direction for each in told] == ["better", "worse"]


def news(*lines):
    return Scorecard(pd.DataFrame(lines).assign(target=math.nan), NO_PERIODS, Window(AS_OF, 90)).brief().news


def test_the_window_is_a_yardstick(card):
    assert [str(each.said) for each in card.brief().yardsticks] == ["10 days"]


def test_the_headline_counts_better_and_worse(card):
    better = (card.table["on_last_year"] == "better").sum()
    worse = (card.table["on_last_year"] == "worse").sum()
    assert (better, worse) == (0, 2)
    assert str(card.headline()) == "Of 2 measures 2 got worse than last year; none improved."


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (("better", "worse"), "Of 2 measures 1 improved on last year and 1 got worse."),
        (("better", "level"), "Of 2 measures 1 improved on last year; none got worse."),
        (("level", "level"), "None of 2 measures moved beyond chance on last year."),
    ],
)
def test_a_headline_says_none_in_words(card, moved, told):
    assert str(replace(card, table=card.table.assign(on_last_year=moved)).headline()) == told


def test_a_target_stands_on_its_tile(demo):
    figures, shares = kpis(demo), rates(demo)
    goals = targets([figures, shares], [{"kpi": "retention", "value": 0.99, "by": "2025-12-31"}], demo.as_of)
    card = scorecard(demo, sales_change(demo), goals)
    tile = next(tile for tile in card.brief().tiles if str(tile.name) == "buyers who bought again")
    assert tile.standings[-1].spoken() == {
        "said": "target 99.0% by December 31, 2025: missed", "direction": "worse", "sign": "", "seasonal": False
    }  # fmt: skip
    assert len(card.table) == 6


def test_without_anything_to_measure_there_is_no_scorecard():
    data = shop(customers={"customer_id": ["a"]})
    assert isinstance(scorecard(data, sales_change(data), NO_TARGETS), NotApplicable)
