"""Shops into which one story each was planted: the first page tells it, and nothing else.

The rule that ranks is in docs/methods/monday.md. Reports whole, of an even shop in which only its settings and its export
change, are made in tests/reports/past/test_comparison.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import profiling
from helpers.analyses.segmentation.keeping.labels import segment_plan
from helpers.analyses.segmentation.keeping.model_in_use import segment_model
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.reports.pages.monday import Monday, gathered
from helpers.reports.pages.publish import Page
from helpers.reports.past import yardsticks
from shops import shop, words

AS_OF = dt.date(2025, 12, 31)
TURN = pd.Timestamp("2025-10-01")  # when the story begins
CHANNELS = ("web", "fair", "friends")

Pace = Callable[[pd.Timestamp, str], float]


def even(day: pd.Timestamp, channel: str) -> float:
    """Nothing happens."""
    return 1.0


def since(times: float, channels: Sequence[str] = CHANNELS) -> Pace:
    """New customers of these channels come so many times as often from the turn on."""
    return lambda day, channel: times if day >= TURN and channel in channels else 1.0


def christmas(day: pd.Timestamp, channel: str) -> float:
    """All come three times as often in the last two months of every year."""
    return 3.0 if day.month > 10 else 1.0


def planted(pace: Pace = even, dearer: float = 1.0) -> Dataset:
    """Three years of 250 regulars and of new customers who buy once; orders cost so many times more from the turn on."""
    lots = np.random.default_rng(1)
    regulars = [f"r{number}" for number in range(250)]
    people = [(name, "", pd.Timestamp("2023-01-01")) for name in regulars]
    orders = [(name, pd.Timestamp("2023-01-01"), 50.0) for name in regulars]
    for day in pd.date_range("2023-01-01", AS_OF):
        came = [regulars[place] for place in lots.integers(0, 250, lots.poisson(5 * pace(day, "")))]
        for channel in CHANNELS:
            new = [f"{channel}{day:%y%m%d}-{number}" for number in range(lots.poisson(pace(day, channel) / 2))]
            people += [(name, channel, day) for name in new]
            came += new
        level = 100 * (dearer if day >= TURN else 1)
        orders += [(name, day, float(money)) for name, money in zip(came, lots.gamma(16, level / 16, len(came)))]
    bought = pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"])
    bought = bought.assign(order_id=np.arange(len(bought)).astype(str), refund=0.0, cancelled=False)
    customers = pd.DataFrame(people, columns=["customer_id", "channel", "joined_at"])
    return shop(as_of=AS_OF, settings=words(currency="EUR"), customers=customers, orders=bought)


def first_page(data: Dataset, *wanted: Mapping[str, Any], apart: Sequence[Any] = ()) -> Monday:
    """The first page made of what 01_profiling has for it."""
    figures, shares = profiling.kpis(data), profiling.rates(data)
    goals, sales = profiling.targets([figures, shares], wanted, AS_OF), profiling.sales_change(data)
    answers = [figures, shares, goals, sales, profiling.scorecard(data, sales, goals)]
    return gathered([each.brief().spoken() for each in answers if not isinstance(each, NotApplicable)], [], apart)


@pytest.fixture(scope="module")
def quiet() -> Dataset:
    return planted()


def test_where_nothing_happened_nothing_beyond_chance_changed(quiet):
    page = first_page(quiet)
    assert "no change beyond chance on last year" in page.verdict
    assert page.quiet == "Nothing beyond chance changed."
    assert page.changes == [] and page.actions == []


def test_new_customers_who_stop_coming_are_verdict_change_and_action():
    page = first_page(planted(since(0.05)))
    assert page.verdict.endswith("below last year: new customers have all but stopped coming.")
    (change,), (action,) = page.changes, page.actions
    assert change["said"].startswith("New customers brought ") and change["direction"] == "worse"
    assert "All 3 channels" in change["basis"] and "no single one is the reason" in change["basis"]
    assert action["said"].startswith("Find out why new customers stopped coming: about €")
    assert action["due_on"] == "January 7, 2026" and page.quiet == ""


def test_one_channel_that_fails_is_named_though_sales_hold():
    page = first_page(planted(since(0.02, ["web"])))
    assert "no change beyond chance on last year" in page.verdict
    (change,), (action,) = page.changes, page.actions
    assert change["said"].startswith("“web” has all but stopped bringing new customers; last year €")
    assert change["direction"] == "worse" and "the other channels hold" in change["basis"]
    assert action["said"].startswith("Find out why “web” hardly brings new customers any more: about €")


def test_a_christmas_peak_of_every_year_is_no_story():
    page = first_page(planted(christmas))
    assert "no change beyond chance on last year" in page.verdict
    assert page.changes == [] and page.actions == []
    assert page.quiet.startswith("Nothing beyond chance changed on last year; on the days before, the season may be")


def test_a_peak_of_a_shop_without_a_last_year_may_be_the_season():
    young = planted(christmas)
    orders = young.tables["orders"].filter(lambda rows: rows.ordered_at >= pd.Timestamp("2025-01-15"))
    page = first_page(shop(as_of=AS_OF, settings=young.settings, customers=young.tables["customers"], orders=orders))
    assert page.verdict.endswith("above the days before; last year is not known, so the season may be why.")


def test_a_target_that_is_reached_is_news_once_and_asks_nothing():
    wanted = {"kpi": "AOV", "value": 115, "by": "2026-06-30"}
    page = first_page(planted(dearer=1.3), wanted)
    *others, target = page.changes
    assert others and all("customers brought €" in each["said"] for each in others)
    assert target["said"].startswith("Target reached: revenue per order (AOV) is 1")
    assert target["said"].endswith("and 115 was wanted by June 30, 2026.") and page.actions == []


def test_a_target_that_was_reached_before_is_no_news(quiet):
    page = first_page(quiet, {"kpi": "AOV", "value": 80, "by": "2026-06-30"})
    assert page.changes == [] and page.quiet == "Nothing beyond chance changed."


def test_another_model_of_the_same_customers_is_no_news(quiet):
    before = segment_model(quiet, segment_plan())
    after = segment_model(quiet, segment_plan(), before.model, refit=True)
    older = yardsticks.of_pages([Page("segmentation", "?", briefs=(before.brief().spoken(),))])
    now = yardsticks.of_pages([Page("segmentation", "?", briefs=(after.brief().spoken(),))])
    older = [each | {"said": "that of September 30, 2025"} if each["ground"] == "model" else each for each in older]
    apart = yardsticks.differences(yardsticks.Made(now, {}, None), yardsticks.Made(older, {}, None))
    page = first_page(quiet, apart=apart)
    (told_apart,) = map(str, page.apart)
    assert told_apart.startswith(
        "Another model: the model of segments is that of December 31, 2025, before it was that"
    )
    assert page.changes == [] and page.quiet == "Nothing beyond chance changed."
