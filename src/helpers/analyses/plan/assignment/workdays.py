"""The days on which something can be done: no weekend or day off, but for what is worked in exchange."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from helpers.data.intake.wording.plans import Plan

SATURDAY = 5  # as a weekday's number
LOOKED_AT = 366  # days; whoever is away for longer is taken to be there


def workdays(plan: Plan, first: dt.date, count: int, owner: str = "") -> list[dt.date]:
    """The first `count` days from `first` on that `owner` works, as the settings say; `first` where there is none."""
    away = set(plan.owners_off.get(owner, ()))
    common = {day for day in _from(first) if day.weekday() < SATURDAY} - set(plan.days_off) | set(plan.workdays)
    found = list(itertools.islice((day for day in _from(first) if day in common - away), count))
    return found or [first]


def sending_day(plan: Plan, first: dt.date) -> dt.date:
    """The first day from `first` on that is no day off; what takes nobody's time may go out on a weekend."""
    return next((day for day in _from(first) if day not in plan.days_off), first)


def _from(first: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=days) for days in range(LOOKED_AT))
