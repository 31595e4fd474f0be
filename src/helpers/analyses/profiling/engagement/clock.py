"""Intervals of time: days, weeks or months of the calendar, and windows that run from a customer's own first fact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import parameters
from helpers.data import engine
from helpers.data.days import WEEKDAYS, night

INTERVALS = {"day": 1, "week": 7, "month": 30}  # and how many days of 24 hours each has on the rolling clock
KINDS = ("calendar", "rolling")
WEEK_STARTS = tuple(day.lower() for day in WEEKDAYS)  # as a parameter names them
MOST_INTERVALS = 60  # so that a customer's intervals are the bits of one whole number
LAST_BIT = 62  # 60 months of up to 31 days hold as many windows of 30 days
BEFORE_ALL = dt.date(1900, 1, 1)  # a Monday
SECOND = 1_000_000  # microseconds, the resolution of times


@dataclass(frozen=True)
class Clock:
    """`intervals` intervals of the calendar, the last of them the one that holds the day `until`.

    Cohorts are always intervals of the calendar. What comes after is counted in the same ones, or, when `kind` is
    "rolling", in windows of 24 hours, 7 days or 30 days that run from the customer's own first fact. `zone` is the zone
    on whose clocks instants are read; times without a zone, as contract tables hold, are on the wall clock already.
    Raises ValueError for an interval, kind, week start or number of intervals that there is not.
    """

    until: dt.date
    interval: str = "month"
    intervals: int = 12
    kind: str = "calendar"
    week_start: str = "monday"
    zone: str = "UTC"

    def __post_init__(self) -> None:
        parameters.one_of("interval", self.interval, INTERVALS)
        parameters.between("intervals", self.intervals, 1, MOST_INTERVALS)
        parameters.one_of("clock", self.kind, KINDS)
        parameters.one_of("week_start", self.week_start, WEEK_STARTS)

    @property
    def starts(self) -> pd.DatetimeIndex:
        """The first day of each interval, and that of the next one behind them."""
        if self.interval == "month":
            last = pd.Timestamp(self.until).to_period("M")
            return pd.period_range(last - self.intervals + 1, last + 1).to_timestamp()
        days = INTERVALS[self.interval]
        since = (pd.Timestamp(self.until) - pd.Timestamp(self._origin)).days // days * days
        last = pd.Timestamp(self._origin) + pd.Timedelta(days=since)
        return pd.date_range(end=last + pd.Timedelta(days=days), periods=self.intervals + 1, freq=f"{days}D")

    @property
    def width(self) -> pd.Timedelta:
        """Length of one window of the rolling clock."""
        return pd.Timedelta(days=INTERVALS[self.interval])

    @property
    def end(self) -> pd.Timestamp:
        """The first moment that is no longer observed."""
        return pd.Timestamp(self.until) + pd.Timedelta(days=1)

    def observed(self, facts: ir.Table, time: str) -> ir.Table:
        """`facts` with `time` on the wall clock, without those after `until` and those that name no customer."""
        local = facts.mutate(**{time: engine.local_time(facts[time], self.zone)})
        return local.filter(local.customer_id.notnull() & (local[time] < night(self.until)))

    def index(self, time: ir.TimestampValue) -> ir.IntegerValue:
        """The place of each time among the intervals, from 0; below 0 before the first of them."""
        first = self.starts[0]
        if self.interval == "month":
            return time.year().cast("int64") * 12 + time.month() - (first.year * 12 + first.month)
        days = time.date().delta(ibis.date(self._origin), unit="day").cast("int64")
        length = INTERVALS[self.interval]
        return days // length - (first - pd.Timestamp(self._origin)).days // length

    def windows_since(self, time: ir.TimestampValue, first: ir.TimestampValue) -> ir.IntegerValue:
        """Whole windows of the rolling clock from `first` to a `time` that is not before it."""
        passed = time.delta(first, unit="microsecond").cast("int64")
        return passed // (INTERVALS[self.interval] * 24 * 3600 * SECOND)

    def complete(self, cohort: pd.Series, interval: pd.Series) -> pd.Series:
        """Whether each cohort's interval (both by place) was over for all its customers when observation ended."""
        if self.kind == "calendar":
            over = pd.Series(self.starts[1:] <= self.end)
            last = int(over.sum()) - 1
            return cohort + interval <= last
        latest = pd.Series(self.starts[cohort.to_numpy() + 1], index=cohort.index)
        return latest + (interval + 1) * self.width <= self.end

    def named(self, places: pd.Series) -> pd.Series:
        """Intervals as readers call them: 2025-01, or the first day of the week, or the day."""
        layout = "%Y-%m" if self.interval == "month" else "%Y-%m-%d"
        return pd.Series(self.starts[places.to_numpy()].strftime(layout), index=places.index)

    @property
    def _origin(self) -> dt.date:
        return BEFORE_ALL + dt.timedelta(days=WEEK_STARTS.index(self.week_start) if self.interval == "week" else 0)
