"""How far apart days are, which is the last that is a fact, and when ends are terms."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest

from helpers.data.intake.rows import calendar
from shops import shop

BEGUN, ENDED = ("subscriptions", "started_at"), ("subscriptions", "ended_at")


def counts(*rows_by_day: tuple[str, int]) -> pd.Series:
    """How many rows each day has."""
    return pd.Series(dict((dt.date.fromisoformat(day), rows) for day, rows in rows_by_day), dtype="int64")


def every(gap: int, number: int, rows: int = 1) -> list[tuple[str, int]]:
    """So many days from 2024 on, `gap` days apart, with rows."""
    return [(str(dt.date(2024, 1, 1) + dt.timedelta(days=gap * place)), rows) for place in range(number)]


def last(*rows_by_day: tuple[str, int]) -> str:
    return str(calendar.last_day(counts(*rows_by_day)))


def test_of_a_few_facts_one_that_is_decades_after_the_others_is_no_last_day():
    assert last(("2024-06-01", 2), ("2204-06-01", 1)) == "2024-06-01"
    assert last(("2024-06-01", 2), ("2042-06-01", 1)) == "2024-06-01"
    assert last(("2024-06-01", 2), ("2034-06-01", 1)) == "2024-06-01"
    assert last(("2024-06-01", 2), ("2042-06-01", 2)) == "2042-06-01"
    assert last(("2019-01-01", 1), ("2024-06-01", 1)) == "2024-06-01"
    assert last(("2010-01-01", 1), ("2024-06-01", 1)) == "2024-06-01"


def test_the_last_hundredth_after_a_year_without_facts_is_none():
    assert last(("2014-01-01", 300), ("2014-06-01", 300), ("2016-06-01", 2)) == "2014-06-01"
    assert last(("2014-01-01", 300), ("2014-06-01", 300), ("2016-06-01", 30)) == "2016-06-01"
    assert last(("2014-01-01", 300), ("2014-06-01", 300), ("2015-03-01", 2)) == "2015-03-01"


def test_a_lone_day_is_far_when_it_is_ten_times_as_far_as_days_usually_are():
    daily, weekly = every(1, 120), every(7, 30)
    assert last(*daily, ("2024-09-01", 1)) == daily[-1][0]  # a year late in one digit
    assert last(*daily, ("2024-09-01", 2)) == "2024-09-01"
    assert last(*daily, ("2024-05-25", 1)) == "2024-05-25"
    assert last(*weekly, ("2025-10-01", 1)) == weekly[-1][0]
    assert last(*every(70, 20), ("2029-01-01", 1)) == "2029-01-01"


def test_hardly_any_rows_over_a_month_after_days_that_each_have_some_are_no_facts():
    daily = every(1, 300, rows=2)
    end = daily[-1][0]  # 2024-10-26
    assert last(*daily, ("2024-12-09", 1)) == end  # 9 December for 12 September, say
    assert last(*daily, ("2024-11-15", 1), ("2024-12-05", 1), ("2025-01-04", 2)) == end  # ordered ahead
    assert last(*daily, ("2024-11-15", 1)) == "2024-11-15"  # within a month
    assert last(*daily, ("2024-12-09", 7)) == "2024-12-09"  # not so few
    assert last(*every(1, 90), ("2024-05-30", 1)) == "2024-05-30"  # of too few rows to know
    closed = [*every(1, 150, rows=2), ("2024-08-01", 2), *((str(dt.date(2024, 8, 2 + day)), 2) for day in range(29))]
    assert last(*closed, ("2024-10-10", 1)) == "2024-10-10"  # as long as the summer before


def test_no_fact_is_of_the_next_century_whatever_its_rows():
    assert last(("2024-06-01", 5), ("2124-06-01", 4)) == "2024-06-01"
    assert last(("2262-01-01", 5)) == "2262-01-01"
    assert calendar.last_day(counts()) is None


@pytest.mark.parametrize(("gaps", "usual"), [([], 0), ([3, 40], 40), ([1] * 100 + [30], 1), ([1] * 20 + [7, 7], 7)])
def test_the_usual_gap_is_the_largest_but_for_one_in_a_hundred(gaps, usual):
    places = [0, *pd.Series(gaps, dtype="int64").cumsum()]
    assert calendar.usual_gap([dt.date(2024, 1, 1) + dt.timedelta(days=int(place)) for place in places]) == usual


def running(of: int, ends: pd.DatetimeIndex) -> bool:
    """Whether ends are facts where one of so many contracts, all begun a day after another, has none."""
    starts = pd.date_range("2024-01-01", periods=of)
    rows = {"customer_id": range(of), "started_at": starts, "ended_at": [*ends[: of - 1], None]}
    tables = shop(as_given=True, subscriptions=rows).tables
    return calendar.is_fact(ENDED, calendar.by_day(tables), tables["subscriptions"])


def test_ends_are_facts_where_rows_still_run_and_terms_where_each_has_one_or_hardly_any_lacks_its_months():
    starts = pd.date_range("2024-01-01", periods=40)
    yearly, facts = starts + pd.DateOffset(years=1), starts + pd.to_timedelta(range(5, 205, 5), unit="D")
    assert running(10, yearly) and running(40, facts)
    assert not running(40, yearly) and not running(40, yearly - pd.Timedelta(days=1))


def test_rows_are_counted_by_day_and_those_without_one_are_not():
    times = pd.to_datetime(["2024-01-01 23:59", "2024-01-01", None], format="mixed")
    visits = shop(as_given=True, events={"customer_id": "a", "event": "x", "happened_at": times}).tables["events"]
    far = visits.mutate(happened_at=visits.happened_at + ibis.interval(years=300))  # beyond what pandas knows
    assert calendar.by_day({"events": far})["events", "happened_at"].to_dict() == {dt.date(2324, 1, 1): 2}
    assert calendar.by_day({}) == {}


def test_days_of_birth_and_days_that_were_set_are_no_facts():
    plans = {"customer_id": ["a"], "planned_at": [dt.datetime(2025, 1, 1)], "due_on": [dt.datetime(2025, 3, 1)]}
    rows = shop(as_given=True, planned_actions=plans).tables["planned_actions"]
    assert calendar.is_fact(("planned_actions", "planned_at"), {}, rows)
    assert not calendar.is_fact(("planned_actions", "due_on"), {}, rows)
    assert not calendar.is_fact(("customers", "born_on"), {}, rows)
