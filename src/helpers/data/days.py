"""Where a day begins and ends: the one place that turns days into moments, and the constants of the calendar."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

YEAR_DAYS = 365.25  # in the mean, leap years counted
MONTH_DAYS = YEAR_DAYS / 12
DAY_MINUTES = 1_440
DAY_SECONDS = 86_400
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def morning(day: dt.date) -> ir.TimestampScalar:
    """The first moment of `day`."""
    return ibis.timestamp(dt.datetime.combine(day, dt.time()))


def night(day: dt.date) -> ir.TimestampScalar:
    """The first moment after `day`."""
    return morning(day + dt.timedelta(days=1))
