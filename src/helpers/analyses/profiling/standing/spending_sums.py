"""What was spent on winning customers in a window of days, as far as months tell."""

from __future__ import annotations

import datetime as dt

from helpers.analyses.profiling.business.windows import Window
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.days import morning, night

MIDDLE = dt.timedelta(days=14)  # from the first of a month to its middle


def spent_in(data: Dataset, window: Window) -> float | None:
    """Money spent in the months whose middle lies in the window; None where the data tell of none of them."""
    if "spending" not in data.tables:
        return None
    rows = data.tables["spending"]
    first = rows.month.truncate("M")
    rows = rows.filter((first >= morning(window.start - MIDDLE)) & (first < night(window.end - MIDDLE)))
    sums = rows.agg(rows=rows.count(), cost=engine.total(rows.cost)).execute().iloc[0]
    return float(sums["cost"]) if sums["rows"] else None
