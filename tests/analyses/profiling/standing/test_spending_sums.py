"""Months count for the window in which their middle lies."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.analyses.profiling.business.windows import Window
from helpers.analyses.profiling.standing.spending_sums import spent_in
from shops import shop


def test_months_count_where_their_middle_lies():
    """The 90 days to 30 June begin on 2 April; to 14 June the month of June is not half over."""
    months = pd.to_datetime(["2025-03-01", "2025-04-01", "2025-05-20", "2025-06-01"])
    data = shop(spending=pd.DataFrame({"channel": "web", "month": months, "cost": [1.0, 10.0, 100.0, 1000.0]}))
    assert spent_in(data, Window(dt.date(2025, 6, 30), 90)) == 1110
    assert spent_in(data, Window(dt.date(2025, 6, 14), 90)) == 110
    assert spent_in(data, Window(dt.date(2024, 6, 30), 90)) is None


def test_without_spending_nothing_is_known():
    data = shop(customers={"customer_id": ["a"]})
    assert spent_in(data, Window(dt.date(2025, 6, 30), 90)) is None
