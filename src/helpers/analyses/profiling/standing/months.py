"""The twelve months to the report's day: their ends, and the sales and the new customers of each."""

from __future__ import annotations

import calendar
import datetime as dt
import math

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.profiling.business.windows import Trade
from helpers.data import engine, snapshot

MONTHS = 12
SALES_KPI, NEW_KPI = "revenue", "new customers"
LEAST_LOOKBACK_DAYS = 90  # before a month's new customers are counted, where the data do not hold the shop's beginning


def month_ends(as_of: dt.date) -> list[pd.Timestamp]:
    """The last days of the twelve months to `as_of`: its day of the month, or the month's last; oldest first."""
    last_of_month = as_of.day == calendar.monthrange(as_of.year, as_of.month)[1]
    days = []
    for back in reversed(range(MONTHS)):
        year, month = divmod(as_of.year * 12 + as_of.month - 1 - back, 12)
        length = calendar.monthrange(year, month + 1)[1]
        days.append(pd.Timestamp(year, month + 1, length if last_of_month else min(as_of.day, length)))
    return days


def monthly_sales(trade: Trade, lookback: float) -> dict[str, list[float]]:
    """Sales and new customers of each of the twelve months; not a number before the data begin."""
    days = snapshot.order_days(trade.by_buyer, trade.data.settings.policy)
    ends = month_ends(trade.data.as_of)
    starts = [end - pd.DateOffset(months=1) for end in ends]
    starts = [ends[place - 1] if place else start for place, start in enumerate(starts)]
    bought = days.filter(days.orders > 0)
    before = bought.day.lag().over(group_by="customer_id", order_by="day")
    gap = bought.day.delta(before, unit="day")
    arrivals = bought.mutate(new=before.isnull() | (gap > lookback) if math.isfinite(lookback) else before.isnull())

    def within(day: ir.DateValue, place: int) -> ir.BooleanValue:
        return (day > ibis.date(starts[place].date())) & (day <= ibis.date(ends[place].date()))

    money, new = (
        rows.agg(**{f"m{k}": total(within(rows.day, k)).fill_null(0) for k in range(MONTHS)}).execute().iloc[0]
        for rows, total in (
            (days, lambda where: engine.total(days.net, where=where)),
            (arrivals, lambda where: arrivals.new.sum(where=where)),
        )
    )
    first = trade.first_day
    assert first is not None, "what sales are made of has a first day"
    reached = [(start.date() + dt.timedelta(days=1) - first).days for start in starts]
    least = {SALES_KPI: 0, NEW_KPI: min(lookback, LEAST_LOOKBACK_DAYS) if math.isfinite(lookback) else 0}
    return {
        name: [float(sums.iloc[k]) if reached[k] >= least[name] else np.nan for k in range(MONTHS)]
        for name, sums in ((SALES_KPI, money), (NEW_KPI, new))
    }
