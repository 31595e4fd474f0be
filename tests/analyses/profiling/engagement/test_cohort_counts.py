"""Cohorts that came back: published triangles, and every choice against a slow loop over random events."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect
from collections import Counter

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.engagement.clock import INTERVALS, Clock
from helpers.analyses.profiling.engagement.cohort_counts import COHORTS, Mode, Return, retention_cells

FIRST = dt.datetime(2020, 6, 10, 5)  # d(0) of behaviour.md
RECURRING = Return(cohorts="recurring")
A = {"p1": [0, 1, 2, 5, 5 + 4 / 24, 6], "p2": [1, 2, 3, 6]}


def facts(days: dict[str, list[float]], event: str = "view") -> list[tuple[str, dt.datetime, str]]:
    return [(who, FIRST + dt.timedelta(days=day), event) for who, when in days.items() for day in when]


def table(rows: list[tuple[str, dt.datetime, str]]) -> ibis.Table:
    return ibis.memtable(pd.DataFrame(rows, columns=["customer_id", "happened_at", "event"]))


def triangle(cells: pd.DataFrame) -> list[list[int]]:
    return [rows["returned"].to_list() for _, rows in cells.groupby("cohort")]


def padded(rows: list[list[int]]) -> list[list[int]]:
    """The triangle as published, where zeros at the end of a row are left out."""
    return [row + [0] * (len(rows) - at - len(row)) for at, row in enumerate(rows)]


def daily(until: int, intervals: int) -> Clock:
    return Clock((FIRST + dt.timedelta(days=until)).date(), "day", intervals)


def test_recurring_cohorts_by_day_equal_the_published_triangle():
    """Case R1 of behaviour.md (PostHog, test_day_interval)."""
    found = retention_cells(table(facts(A)), daily(10, 11), time="happened_at", back=RECURRING)
    assert triangle(found) == padded([
        [1, 1, 1, 0, 0, 1, 1], [2, 2, 1, 0, 1, 2], [2, 1, 0, 1, 2], [1, 0, 0, 1], [], [1, 1], [2], [], [], [], [],
    ])  # fmt: skip
    assert found["mature"].all()


def test_recurring_cohorts_by_month_equal_the_published_triangle():
    """Case R2 (PostHog, test_month_interval)."""
    months = {"p1": [1, 2, 3, 5, 6, 9], "p2": [1, 2, 3, 6, 7, 11]}
    rows = [(who, dt.datetime(2020, month, 10), "view") for who, when in months.items() for month in when]
    clock = Clock(dt.date(2020, 11, 10), "month", 11)
    found = retention_cells(table(rows), clock, time="happened_at", back=RECURRING)
    assert triangle(found) == padded([
        [2, 2, 2, 0, 1, 2, 1, 0, 1, 0, 1], [2, 2, 0, 1, 2, 1, 0, 1, 0, 1], [2, 0, 1, 2, 1, 0, 1, 0, 1], [],
        [1, 1, 0, 0, 1, 0, 0], [2, 1, 0, 1, 0, 1], [1, 0, 0, 0, 1], [], [1, 0, 0], [0, 0], [1],
    ])  # fmt: skip
    november = found["cohort"].dt.month + found["interval"] == 11
    assert (found["mature"] == ~november).all()


def test_coming_back_on_or_after_equals_the_published_triangle():
    """Case R4 (PostHog, test_rolling_retention)."""
    days = {"p1": [0, 3, 4], "p2": [0, 1], "p3": [1, 2, 3], "p4": [3, 4], "p5": [4]}
    found = retention_cells(
        table(facts(days)), daily(5, 5), time="happened_at", back=Return("on_or_after", cohorts="recurring")
    )
    assert triangle(found) == [[2, 1, 1, 0, 0], [1, 1, 0, 0], [3, 2, 0], [3, 0], [0]]


def test_two_facts_asked_of_a_return_equal_the_published_triangle():
    """Case R5 (PostHog, minimum occurrences): only day 5 of p1 holds two."""
    found = retention_cells(
        table(facts(A)), daily(10, 11), time="happened_at", back=Return(occurrences=2, cohorts="recurring")
    )
    assert triangle(found) == padded([
        [1, 0, 0, 0, 0, 1], [2, 0, 0, 0, 1], [2, 0, 0, 1], [1], [], [1], [2], [], [], [], [],
    ])  # fmt: skip


def test_first_sign_ups_that_come_back_to_a_page_equal_the_published_triangle():
    """Case R7 (PostHog, test_first_time_retention): x signed up before the window first, so it is in no cohort."""
    sign_ups = {"x": [-5, -1], "p1": [-1, 1, 2, 3, 4], "p2": [-1], "p3": [0], "p4": [2]}
    events = table(facts(sign_ups, "sign_up") + facts(A | {"p3": [1, 3, 4, 5], "p4": [3, 5]}))
    back = Return(starts={"event": "sign_up"}, returns={"event": ["view"]})
    found = retention_cells(events, daily(5, 7), time="happened_at", back=back)
    assert triangle(found) == [
        [2, 1, 2, 2, 1, 0, 1], [1, 1, 0, 1, 1, 1], [0] * 5, [1, 1, 0, 1], [0] * 3, [0, 0], [0],
    ]  # fmt: skip


def start_of(moment: dt.datetime, clock: Clock) -> dt.date:
    day = moment.date()
    if clock.interval == "month":
        return day.replace(day=1)
    if clock.interval == "day":
        return day
    first = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].index(clock.week_start)
    return day - dt.timedelta(days=(day.weekday() - first) % 7)


def next_start(day: dt.date, clock: Clock) -> dt.date:
    if clock.interval == "month":
        return (day + dt.timedelta(days=32)).replace(day=1)
    return day + dt.timedelta(days=INTERVALS[clock.interval])


def slow_triangle(rows, clock: Clock, back: Return) -> dict[tuple[dt.date, int], tuple[int, int, bool]]:
    """Customers, returned and mature of each cell, by the definitions, one customer and one interval at a time."""
    starts = [start_of(dt.datetime.combine(clock.until, dt.time()), clock)]
    while len(starts) < clock.intervals:
        starts.insert(0, start_of(dt.datetime.combine(starts[0] - dt.timedelta(days=1), dt.time()), clock))
    ends = [next_start(day, clock) for day in starts]
    night = dt.datetime.combine(clock.until + dt.timedelta(days=1), dt.time())
    length = dt.timedelta(days=INTERVALS[clock.interval])
    people: dict[str, list[dt.datetime]] = {}
    for who, at, _ in sorted(rows):
        if at < night:
            people.setdefault(who, []).append(at)
    cells = {}
    for c, start in enumerate(starts):
        there = []  # of each member of the cohort, the intervals k after it that hold enough facts
        for times in people.values():
            inside = [at for at in times if start <= at.date() < ends[c]]
            if not inside or (back.cohorts == "first" and times[0].date() < start):
                continue
            if clock.kind == "calendar":
                held = [bisect(starts, at.date()) - 1 - c for at in times]
            else:
                held = [(at - inside[0]) // length for at in times]
            there.append({k for k, facts in Counter(held).items() if k >= 0 and facts >= back.occurrences})

        edges = [0, *back.brackets] if back.mode == "bracket" else range(clock.intervals)
        for low, high in zip(edges, edges[1:]):
            span = range(low + 1, high + 1)
            if c + span[0] >= clock.intervals:
                continue
            came = {
                "on": lambda held, span=span: span[0] in held,
                "bracket": lambda held, span=span: any(k in held for k in span),
                "streak": lambda held, span=span: all(k in held for k in range(1, span[-1] + 1)),
                "on_or_after": lambda held, span=span: any(k >= span[0] for k in held),
            }[back.mode]
            over = (
                c + span[-1] < len(ends) and dt.datetime.combine(ends[c + span[-1]], dt.time()) <= night
                if clock.kind == "calendar"
                else dt.datetime.combine(ends[c], dt.time()) + (span[-1] + 1) * length <= night
            )
            cells[start, span[0]] = (len(there), sum(map(came, there)), over)
    return cells


def random_facts(seed: int, interval: str) -> list[tuple[str, dt.datetime, str]]:
    """Fifty customers with 1 to 30 facts over what may be a little longer than the window, many at midnight."""
    rng = np.random.default_rng(seed)
    length, rows = 9 * INTERVALS[interval] * 24, []
    for person in range(50):
        came = rng.integers(0, length)
        hours = came + rng.exponential(length / 6, rng.integers(1, 31)).astype(int)
        hours = np.where(rng.random(len(hours)) < 0.3, hours // 24 * 24, hours)
        rows += [(f"c{person}", dt.datetime(2023, 11, 20) + dt.timedelta(hours=int(hour)), "view") for hour in hours]
    return rows


CHOICES = list(itertools.product(Mode, ("day", "week", "month"), ("calendar", "rolling"), COHORTS))


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.long) for turn in (1, 2))])
def test_every_mode_clock_and_cohort_equals_a_slow_loop_with_and_without_groups_in_turn(turn):
    for at, (mode, interval, kind, cohorts) in list(enumerate(CHOICES))[turn::3]:
        split = at // 2 % 2 == at % 2  # each kind of clock and of cohort with groups, in every mode, and without
        rows, occurrences = random_facts(at, interval), 1 + (at // 4 + split) % 2
        week_start = ("monday", "wednesday", "sunday")[at % 3]
        until = {"day": dt.date(2023, 11, 28), "week": dt.date(2024, 1, 17), "month": dt.date(2024, 7, 18)}[interval]
        clock = Clock(until, interval, 8, kind, week_start)
        back = Return(mode, (1, 3, 6) if mode == "bracket" else (), occurrences, cohorts)
        groups = {who: "odd" if int(who[1:]) % 2 else "even" for who, *_ in rows}
        by = ibis.memtable(pd.DataFrame(groups.items(), columns=["customer_id", "group"])) if split else None
        found = retention_cells(table(rows), clock, time="happened_at", back=back, groups=by)
        assert found["returned"].sum() > 0
        for name in ("odd", "even") if split else (None,):
            part = found[found["group"] == name] if split else found
            some = [row for row in rows if not split or groups[row[0]] == name]
            slow = slow_triangle(some, clock, back)
            fast = {
                (cell.cohort.date(), cell.interval): (cell.customers, cell.returned, cell.mature)
                for cell in part.itertuples() if cell.interval > 0
            }  # fmt: skip
            slow = {cell: values for cell, values in slow.items() if not split or values[0]}
            assert fast == slow, (mode, interval, kind, cohorts, occurrences, name)


def test_a_week_begins_on_the_day_that_is_asked_for():
    """Saturday 11 to Sunday 19 January 2020."""
    rows = [("p", dt.datetime(2020, 1, day), "view") for day in range(11, 20)]
    found = {
        day: triangle(
            retention_cells(table(rows), Clock(dt.date(2020, 1, 19), "week", 3, week_start=day), time="happened_at")
        )
        for day in ("sunday", "monday")
    }
    assert found["sunday"] == [[1, 1, 1], [0, 0], [0]] and found["monday"] == [[0, 0, 0], [1, 1], [0]]


def test_instants_are_read_on_the_clocks_of_the_zone():
    """23:30 UTC on 31 January is February in Shanghai."""
    instants = pd.to_datetime(["2025-01-31 23:30", "2025-03-10 12:00"], utc=True).astype("datetime64[us, UTC]")
    rows = ibis.memtable(pd.DataFrame({"customer_id": ["p", "p"], "happened_at": instants}))
    for zone, expected in (("UTC", [[1, 0, 1], [0, 0], [0]]), ("Asia/Shanghai", [[0, 0, 0], [1, 1], [0]])):
        clock = Clock(dt.date(2025, 3, 31), "month", 3, zone=zone)
        assert triangle(retention_cells(rows, clock, time="happened_at")) == expected


def test_facts_after_the_last_day_and_without_a_customer_are_never_seen():
    rows = facts(A)
    later = [("p2", FIRST + dt.timedelta(days=11), "view"), (None, FIRST, "view")]
    asked = {"time": "happened_at", "back": RECURRING}
    pd.testing.assert_frame_equal(
        retention_cells(table(rows + later), daily(10, 11), **asked),
        retention_cells(table(rows), daily(10, 11), **asked),
    )


def test_what_cannot_be_asked_for_is_refused():
    with pytest.raises(ValueError, match="mode = 'after'.*choose one of on, on_or_after"):
        Return("after")
    for brackets in ((), (3, 2), (0, 1)):
        with pytest.raises(ValueError, match="brackets = .*rising"):
            Return("bracket", brackets)
    with pytest.raises(ValueError, match=r"brackets = \[1\]"):
        Return("on", (1,))
    with pytest.raises(ValueError, match="cohorts = 'firsts'.*Did you mean 'first'"):
        Return(cohorts="firsts")
    with pytest.raises(ValueError, match="column of returns = 'evnt': choose one of customer_id.*Did you mean 'event'"):
        retention_cells(table(facts(A)), daily(5, 5), time="happened_at", back=Return(returns={"evnt": "view"}))
