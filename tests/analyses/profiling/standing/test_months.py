"""The ends of twelve months, and what each month brought."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from helpers.analyses.profiling.business.windows import Trade
from helpers.analyses.profiling.standing.months import month_ends, monthly_sales
from shops import shop


@pytest.mark.parametrize(
    ("as_of", "first", "february"),
    [
        (dt.date(2025, 12, 31), "2025-01-31", "2025-02-28"),
        (dt.date(2024, 12, 30), "2024-01-30", "2024-02-29"),
        (dt.date(2025, 2, 28), "2024-03-31", "2025-02-28"),
        (dt.date(2025, 6, 15), "2024-07-15", "2025-02-15"),
    ],
)
def test_months_end_on_the_report_s_day_of_the_month_or_on_their_last(as_of, first, february):
    ends = month_ends(as_of)
    assert len(ends) == 12 and ends[-1] == pd.Timestamp(as_of)
    assert str(ends[0].date()) == first and pd.Timestamp(february) in ends


def test_each_month_has_its_sales_and_its_new_customers(fading):
    told = monthly_sales(Trade(fading), math.inf)
    assert told["revenue"][-1] == 500 + 60 * 40 + sum(place % 7 for place in range(60))
    assert told["new customers"][-1] == 5 and told["new customers"][0] == 0


def test_months_before_the_data_begin_are_not_known():
    orders = {"order_id": ["a"], "customer_id": ["c"], "ordered_at": [pd.Timestamp("2025-05-20")], "amount": [7.0]}
    told = monthly_sales(Trade(shop(orders=orders)), math.inf)
    assert math.isnan(told["revenue"][0]) and math.isnan(told["revenue"][-2]) and told["revenue"][-1] == 0
