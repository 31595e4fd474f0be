"""What comes: customers by week, never fewer than five, and feasts by their day."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd

import shops
from helpers.analyses import plan
from helpers.data.intake.wording.plans import Plan
from helpers.findings import NotApplicable

AS_OF = dt.date(2026, 6, 1)


def opened(as_of=AS_OF, **words):
    data = shops.shop(orders={"customer_id": ["a"], "order_id": ["1"], "amount": [1.0], "days_ago": [9]}, as_of=as_of)
    return dataclasses.replace(data, settings=dataclasses.replace(data.settings, plan=Plan(**words)))


NOTHING = plan.Portraits(pd.DataFrame())


def test_birthdays_are_counted_by_week_and_few_are_not_shown():
    known = plan.Portraits(pd.DataFrame({"birthday_in_days": [1.0] * 6 + [10.0] * 3 + [61.0] * 9}))
    found = plan.calendar(known, opened())
    births = found.table[found.table["occasion"] == "birthday"]
    assert births["customers"].tolist() == [6] and births["week"].tolist() == [pd.Timestamp("2026-06-01")]
    assert "60 days: 6" in found.headline().whole
    found.plot()


def test_feasts_have_their_days():
    table = plan.calendar(NOTHING, opened()).table.set_index("occasion")
    assert table["day"].to_dict() == {"618": pd.Timestamp("2026-06-18"), "端午": pd.Timestamp("2026-06-19")}


def test_a_time_without_anything_is_told():
    quiet = plan.calendar(NOTHING, opened(dt.date(2026, 3, 5)), days=20)
    assert isinstance(quiet, NotApplicable)


def test_tiers_and_goods_that_are_due_are_counted_by_week_too():
    known = plan.Portraits(pd.DataFrame({"tier_window_days": [20.0] * 12, "due_in_days": [3.0] * 11 + [np.nan]}))
    table = plan.calendar(known, opened()).table.dropna(subset="customers").set_index("occasion")
    assert table["customers"].to_dict() == {"due": 11, "tier": 12}


def test_days_off_stand_there_once_they_are_written():
    data = opened(dt.date(2026, 2, 9), days_off=["2026-02-15..2026-02-23", "2026-04-05"], workdays=["2026-02-14"])
    table = plan.calendar(NOTHING, data, days=30).table.set_index("occasion")
    days = {"workday": pd.Timestamp("2026-02-14"), "day_off": pd.Timestamp("2026-02-15")}
    assert table["day"][list(days)].to_dict() == days
    assert "weekend work, on February 14, 2026" in plan.calendar(NOTHING, data).headline().whole
