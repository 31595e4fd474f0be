from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.offers.goods.consumption import listed
from shops import AS_OF


@pytest.fixture(scope="module")
def rows(refilled):
    table, goods = listed(refilled, AS_OF, 30)
    assert goods["good"].tolist() == ["food"] and goods["repeat_rate"].iloc[0] > 0.9
    return table


def test_days_and_gaps_are_those_of_a_loop(rows, refills):
    days = {}
    for customer, ago, good in refills:
        if good == "food":
            days.setdefault(f"c{customer:03}", set()).add(ago)
    mine = rows.set_index("customer_id")
    assert set(mine.index) == set(days)
    last = pd.Timestamp(AS_OF) - pd.to_timedelta([min(days[each]) for each in mine.index], unit="D")
    assert (mine["last_on"] == last).all()
    assert ((mine["due_on"] - mine["last_on"]).dt.days == np.ceil(mine["gap_days"])).all()
    gaps = {each: -np.diff(sorted(ago, reverse=True)) for each, ago in days.items()}
    own = pd.Series({each: np.exp(np.log(gap).mean()) for each, gap in gaps.items()})
    together = np.corrcoef(np.log(mine["gap_days"]), np.log(own[mine.index]))[0, 1]
    assert together > 0.95 and mine["gap_days"].std() < own.std()  # each is drawn towards the good's


def test_the_chance_is_high_when_the_day_is_near(rows):
    soon = rows["due_on"].between(pd.Timestamp(AS_OF), pd.Timestamp(AS_OF) + pd.Timedelta(days=20))
    assert soon.sum() > 20 and rows.loc[soon, "chance_30d"].min() > 0.5
    assert rows["chance_30d"].is_monotonic_decreasing


def test_days_after_the_report_are_not_seen(refilled):
    earlier = AS_OF - dt.timedelta(days=100)
    table, _goods = listed(refilled, earlier, 30)
    assert table["last_on"].max() <= pd.Timestamp(earlier)
