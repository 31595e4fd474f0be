"""Each story has its sentence: who bought more, who less, and whether new customers are all but gone."""

from __future__ import annotations

import pytest

from helpers.analyses.profiling.standing.sales_verdicts import fallen, level, risen, seasonal
from helpers.findings import facts

KNOWN = {"change": facts.Share(0.1), "against": facts.Name("last year")}


@pytest.mark.parametrize(
    ("new", "old", "stopped", "end"),
    [
        (-1, 1, True, "existing customers buy more, new ones have all but stopped coming."),
        (-1, 1, False, "existing customers buy more, new ones much less."),
        (-1, -1, False, "both new and existing customers bring less."), (-1, 0, False, "new customers bring less."),
        (-1, 0, True, "new customers have all but stopped coming."),
        (-1, -1, True, "existing customers bring less, new ones have all but stopped coming."),
        (1, -1, False, "new customers bring more, existing ones much less."),
        (0, -1, False, "existing customers bring less."), (0, 0, False, "Sales are 10.0% below last year."),
    ],
)  # fmt: skip
def test_of_sales_that_fell_it_is_said_through_whom(new, old, stopped, end):
    assert str(fallen(new, old, stopped=stopped, **KNOWN)).endswith(end)


@pytest.mark.parametrize(
    ("new", "old", "end"),
    [
        (1, 1, "both new and existing customers bring more."), (1, -1, "new customers bring more, existing ones less."),
        (-1, 1, "existing customers buy more, fewer new ones come."), (1, 0, "new customers bring more."),
        (0, 1, "existing customers bring more."), (0, 0, "Sales are 10.0% above last year."),
    ],
)  # fmt: skip
def test_of_sales_that_rose_it_is_said_through_whom(new, old, end):
    assert str(risen(new, old, **KNOWN)).endswith(end)


def test_of_the_days_just_before_the_season_is_named():
    assert str(seasonal(True, **KNOWN)).startswith("Sales are 10.0% above last year; last year is not known")
    assert "10.0% below" in str(seasonal(False, **KNOWN)) and str(seasonal(False, **KNOWN)).endswith("may be why.")


def test_of_sales_that_are_level_it_is_said_who_moved_against_whom():
    told = [
        str(level(new, stopped=stopped, against=KNOWN["against"]))
        for new, stopped in ((1, False), (-1, True), (-1, False))
    ]
    ends = ("new customers bring more, existing ones less.", "new ones have all but stopped coming.", "new ones less.")
    assert all(each.endswith(end) for each, end in zip(told, ends, strict=True))
