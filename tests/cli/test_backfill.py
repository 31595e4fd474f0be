"""A range of days stands for past reports, the oldest first."""

from __future__ import annotations

import pytest
import typer

from helpers.cli import backfill
from helpers.cli.endings import INTERRUPTED


@pytest.mark.parametrize(
    ("as_of", "every", "days"),
    [
        ("2025-01-01..2025-04-01", "month", ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]),
        ("2025-01-31..2025-05-01", "month", ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]),
        ("2024-01-30..2024-03-30", "month", ["2024-01-30", "2024-02-29", "2024-03-30"]),
        ("2025-02-28..2025-04-30", "month", ["2025-02-28", "2025-03-31", "2025-04-30"]),
        ("2024-11-30..2025-06-01", "quarter", ["2024-11-30", "2025-02-28", "2025-05-31"]),
        ("2025-12-29..2026-01-11", "week", ["2025-12-29", "2026-01-05"]),
        ("2025-02-27..2025-03-01", "day", ["2025-02-27", "2025-02-28", "2025-03-01"]),
        ("2025-06-30 .. 2025-06-30", "week", ["2025-06-30"]),
        ("2249-12-30..2250-12-31", "quarter", ["2249-12-30", "2250-03-30", "2250-06-30", "2250-09-30", "2250-12-30"]),
    ],
)
def test_a_range_is_parted_in_steps_from_its_first_day(as_of, every, days):
    assert backfill.days(as_of, every) == days


def test_one_day_and_none_stand_for_themselves():
    assert backfill.days("2025-06-30", "") == ["2025-06-30"] and backfill.days("", "") == [""]


@pytest.mark.parametrize(
    ("as_of", "every", "message"),
    [
        ("2025-06-30", "month", "every = 'month': it parts a range"),
        ("2025-06-30..2025-01-31", "month", "write FIRST..LAST, the earlier day first"),
        ("2025-06-30..", "month", "write FIRST..LAST"),
        ("2025-06-31..2025-12-31", "month", "write a date as 'YYYY-MM-DD'"),
        ("2025-01-01..2025-02-01..2025-03-01", "month", "write a date as 'YYYY-MM-DD'"),
        ("2025-01-31..2025-06-30", "", "every = '': choose one of day, week, month, quarter"),
        ("2025-01-31..2025-06-30", "moth", "Did you mean 'month'?"),
    ],
)
def test_a_range_that_cannot_be_is_told(as_of, every, message):
    with pytest.raises(ValueError) as told:
        backfill.days(as_of, every)
    assert message in str(told.value)


def test_a_day_that_fails_does_not_end_the_rest_and_progress_is_told(capsys):
    made = []

    def make(day):
        made.append(day)
        if day == "b":
            raise typer.Exit(2)

    backfill.each("abc", make)
    assert made == ["a", "b", "c"]
    assert [line[20:] for line in capsys.readouterr().err.splitlines()] == [
        f"Report {place} of 3: {day}" for place, day in ((1, "a"), (2, "b"), (3, "c"))
    ]


def test_an_interrupt_ends_all():
    def make(day):
        raise typer.Exit(INTERRUPTED)

    with pytest.raises(typer.Exit):
        backfill.each("ab", make)
