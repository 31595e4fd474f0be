"""Days, weeks and months as sentences name them: so many of them, one of them, and one after a customer's own."""

from __future__ import annotations

import datetime as dt

from helpers.analyses.profiling.engagement.cohort_counts import Mode
from helpers.findings import Sentence, facts, say


def span(number: int, interval: str) -> Sentence | facts.Days:
    """So many intervals: 12 months."""
    if interval == "month":
        return say("{number} months", number=facts.Count(number))
    return say("{number} weeks", number=facts.Count(number)) if interval == "week" else facts.Days(number)


def period(start: dt.date, interval: str) -> Sentence | facts.Fact:
    """The interval that begins on a day: December 2025."""
    if interval == "month":
        return facts.Month(start)
    return say("the week of {day}", day=facts.Day(start)) if interval == "week" else facts.Day(start)


def after(mode: str, interval: str, number: str) -> Sentence:
    """When customers count as back, `number` intervals after their own."""
    one = {"number": facts.Name(number)}
    if mode == Mode.ON_OR_AFTER:
        return {
            "month": say("in month {number} or later", **one),
            "week": say("in week {number} or later", **one),
            "day": say("on day {number} or later", **one),
        }[interval]
    if mode == Mode.STREAK:
        return {
            "month": say("in every month up to {number}", **one),
            "week": say("in every week up to {number}", **one),
            "day": say("on every day up to {number}", **one),
        }[interval]
    return {
        "month": say("in month {number}", **one),
        "week": say("in week {number}", **one),
        "day": say("on day {number}", **one),
    }[interval]
