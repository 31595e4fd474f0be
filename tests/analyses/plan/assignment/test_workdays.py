"""What takes somebody's time is due on days on which they work; nothing is due on a day off."""

from __future__ import annotations

import datetime as dt

from helpers.analyses.plan.assignment.workdays import sending_day, workdays
from helpers.data.intake.wording.plans import Plan

FESTIVAL = Plan(
    days_off=["2026-02-15..2026-02-23"], workdays=["2026-02-14", "2026-02-28"], owners_off={"ann": ["2026-02-24"]}
)


def days(*numbers):
    return [dt.date(2026, *each) for each in numbers]


def test_a_week_is_monday_to_friday():
    assert workdays(Plan(), dt.date(2026, 1, 3), 5) == days((1, 5), (1, 6), (1, 7), (1, 8), (1, 9))


def test_days_off_are_passed_over_and_weekends_worked_in_exchange_are_not():
    assert workdays(FESTIVAL, dt.date(2026, 2, 13), 3) == days((2, 13), (2, 14), (2, 24))
    assert workdays(FESTIVAL, dt.date(2026, 2, 27), 2) == days((2, 27), (2, 28))


def test_an_owner_s_own_days_off_are_the_owner_s_alone():
    assert workdays(FESTIVAL, dt.date(2026, 2, 16), 1, "ann") == days((2, 25))
    assert workdays(FESTIVAL, dt.date(2026, 2, 16), 1, "bob") == days((2, 24))


def test_who_is_always_away_is_taken_to_be_there():
    away = Plan(owners_off={"ann": ["2026-01-01..2026-12-31", "2027-01-01..2027-12-31"]})
    assert workdays(away, dt.date(2026, 1, 5), 5, "ann") == days((1, 5))


def test_what_nobody_sends_by_hand_goes_out_on_a_weekend_and_on_no_day_off():
    assert sending_day(Plan(), dt.date(2026, 1, 3)) == dt.date(2026, 1, 3)
    assert sending_day(FESTIVAL, dt.date(2026, 2, 16)) == dt.date(2026, 2, 24)
