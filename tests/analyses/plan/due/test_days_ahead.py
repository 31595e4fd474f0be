"""What comes: customers by week, never fewer than five, and feasts by their day."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.analyses import plan
from helpers.findings import NotApplicable

AS_OF = dt.date(2026, 6, 1)


def test_birthdays_are_counted_by_week_and_few_are_not_shown():
    known = plan.Portraits(pd.DataFrame({"birthday_in_days": [1.0] * 6 + [10.0] * 3 + [61.0] * 9}))
    found = plan.calendar(known, AS_OF)
    births = found.table[found.table["occasion"] == "birthday"]
    assert births["customers"].tolist() == [6] and births["week"].tolist() == [pd.Timestamp("2026-06-01")]
    assert "60 days: 6" in found.headline().whole
    found.plot()


def test_feasts_have_their_days():
    table = plan.calendar(plan.Portraits(pd.DataFrame()), AS_OF).table.set_index("occasion")
    assert table["day"].to_dict() == {"618": pd.Timestamp("2026-06-18"), "端午": pd.Timestamp("2026-06-19")}


def test_a_time_without_anything_is_told():
    quiet = plan.calendar(plan.Portraits(pd.DataFrame()), dt.date(2026, 3, 5), days=20)
    assert isinstance(quiet, NotApplicable)
