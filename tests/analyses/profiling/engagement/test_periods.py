"""Intervals of time as sentences name them in either language."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers import language
from helpers.analyses.profiling.engagement.cohort_counts import Mode
from helpers.analyses.profiling.engagement.periods import after, period, span

DAY = dt.date(2025, 12, 1)


@pytest.mark.parametrize(
    ("interval", "english", "chinese"),
    [
        ("month", ["12 months", "December 2025"], ["12 个月", "2025 年 12 月"]),
        ("week", ["12 weeks", "the week of December 1, 2025"], ["12 周", "2025 年 12 月 1 日当周"]),
        ("day", ["12 days", "December 1, 2025"], ["12 天", "2025 年 12 月 1 日"]),
    ],
)
def test_spans_and_periods_are_named_by_their_interval(interval, english, chinese):
    named = span(12, interval), period(DAY, interval)
    assert list(map(str, named)) == english
    with language.spoken("zh"):
        assert list(map(str, named)) == chinese


@pytest.mark.parametrize("interval", ["day", "week", "month"])
def test_every_mode_has_its_words(interval):
    words = {str(after(mode, interval, "3")) for mode in (Mode.ON, Mode.ON_OR_AFTER, Mode.STREAK)}
    assert len(words) == 3 and all(interval in each and "3" in each for each in words)
    assert after(Mode.BRACKET, interval, "3") == after(Mode.ON, interval, "3")
