"""Sums to the target's day: what is there already and what is to come; refusals say what to export."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.business.goals import targets
from helpers.analyses.profiling.business.key_figures import kpis
from helpers.analyses.profiling.business.projections import projections
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import AS_OF, shop, words


def steady(days: int, amount: float = 10.0, first_pause: int = 0) -> Dataset:
    """An order of 8 to 12 a day for so many days, and one long before them where there is a pause."""
    ago = np.arange(days)
    rows = pd.DataFrame({
        "order_id": ago.astype(str), "customer_id": [f"c{each % 40}" for each in ago], "days_ago": ago,
        "amount": amount * np.random.default_rng(1).uniform(0.8, 1.2, days),
    })  # fmt: skip
    if first_pause:
        old = {"order_id": "old", "customer_id": "c0", "days_ago": days + first_pause, "amount": 1_000_000.0}
        rows = pd.concat([rows, pd.DataFrame([old])], ignore_index=True)
    return shop(settings=words(currency="CNY"), orders=rows)


def projected(data: Dataset, **wanted):
    goals = targets([kpis(data, 90)], [{"kpi": "revenue", "by": "2025-07-30"} | wanted], AS_OF)
    return projections(goals, data, 90)


def test_what_is_there_and_what_is_to_come_add_up():
    """By 30 July 60 of the 90 days are over."""
    data = steady(400)
    found = projected(data, value=900)
    line = found.table.iloc[0]
    paid = data.tables["orders"].execute().set_index("ordered_at")["amount"]
    assert line["so_far"] == pytest.approx(paid[paid.index > "2025-05-01"].sum())
    assert line["projected"] - line["so_far"] == pytest.approx(30 * paid[paid.index > "2025-05-05"].mean())
    assert line["lower"] < line["projected"] < line["upper"]
    assert line["projection"] == "open" and 0 < line["reached_chance"] < 1
    assert words_of(found).startswith("By the target's day revenue will likely be ¥")
    assert "¥900 may be reached or missed. In the 90 days to July 30, 2025, with its 95% interval" in words_of(found)


def test_a_target_out_of_reach_is_missed_and_weighs_what_lacks():
    found = projected(steady(400), value=2_000)
    (news,) = found.brief().news
    assert found.table["projection"].tolist() == ["missed"]
    assert news.stake == pytest.approx(2_000 - found.table["projected"].iloc[0]) and news.sure > 0.97
    assert "the target of ¥2,000 is missed." in words_of(found)
    assert projected(steady(400), value=500).brief().news == ()
    assert projected(steady(400), value=2_000, better="lower").table["projection"].tolist() == ["reached"]


def test_a_target_beyond_the_window_has_nothing_so_far():
    line = projected(steady(900), value=900, by="2025-11-30").table.iloc[0]
    assert line["so_far"] == 0
    assert line["projected"] == pytest.approx(900, rel=0.05)


def test_orders_before_a_long_pause_are_another_shop():
    assert projected(steady(400, first_pause=29), value=900).table["trials"].iloc[0] == (400 - 56) // 30


def test_orders_are_counted_beside_money():
    data = steady(400)
    goals = targets([kpis(data, 90)], [{"kpi": "orders", "value": 90, "by": "2025-07-30"}], AS_OF)
    assert projections(goals, data, 90).table["projected"].iloc[0] == pytest.approx(90)


def test_too_short_a_past_and_targets_of_other_figures_say_so():
    short = projected(steady(150), value=900)
    assert isinstance(short, NotApplicable) and "export those of 3 years, or set a nearer day" in str(short.headline())
    data = steady(400)
    for wanted in ({"kpi": "AOV", "by": "2025-07-30"}, {"kpi": "revenue", "by": str(AS_OF - dt.timedelta(days=1))}):
        goals = targets([kpis(data, 90)], [{"value": 10.0} | wanted], AS_OF)
        assert isinstance(projections(goals, data, 90), NotApplicable)
    assert isinstance(projections(NotApplicable("none"), data, 90), NotApplicable)
