"""Stays counted by the months that they lived through: how many were at risk, and how many ended."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd


def person_months(stays: ir.Table, longest: int) -> ir.Table:
    """How many stays were at risk and how many ended in each month.

    Returns group, month_of_stay, stays, months_at_risk, leavers.

    From group, started_on, entered_on (under observation from then on), ended_on (or censored then) and left. Months
    are counted from the day of the month on which a stay began, 1 … `longest`, and a stay that ends on the first day
    of its second month ends in its first. A stay that came under observation within a month counts from the next;
    one censored within a month counts one half in months_at_risk, the actuarial convention. The engine works on stays
    only once, to count alike ones; what is joined with the months no longer grows with the customers.
    """
    last = _months_begun(stays.started_on, stays.ended_on)
    spans = stays.select(
        "group",
        "left",
        entered=_months_begun(stays.started_on, stays.entered_on),
        last=stays.left.ifelse(ibis.greatest(last, 1), last),
        cut=~stays.left & (stays.ended_on.day() != stays.started_on.day()),
    )
    spans = spans.filter(spans["last"] > spans.entered)
    cells = spans.group_by("group", "entered", "last", "left", "cut").agg(stays=spans.count())
    months = ibis.memtable(pd.DataFrame({"month_of_stay": np.arange(1, longest + 1)}))
    lived = cells.join(months, (months.month_of_stay > cells.entered) & (months.month_of_stay <= cells["last"]))
    ends = lived.month_of_stay == lived["last"]
    return lived.group_by("group", "month_of_stay").agg(
        stays=lived.stays.sum(),
        months_at_risk=(lived.stays * (ends & lived.cut).ifelse(0.5, 1.0)).sum(),
        leavers=(ends & lived["left"]).ifelse(lived.stays, 0).sum(),
    )


def _months_begun(start: ir.DateValue, day: ir.DateValue) -> ir.IntegerValue:
    """Months of a stay begun by the end of a day: 0 on the day it starts, 1 up to the same day of the next month."""
    whole = (day.year() - start.year()) * 12 + day.month() - start.month()
    return whole + (day.day() > start.day()).ifelse(1, 0)
