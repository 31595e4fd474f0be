"""Years that are counted from the beginning of an era."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest

from helpers.data.intake.readings import eras
from helpers.data.intake.readings.eras import MINGUO, NAMED_ERA


def named(text, layout):
    time = eras.times(ibis.literal(text), layout).cast("string").execute()
    return dt.datetime.fromisoformat(time) if time else None


@pytest.mark.parametrize(
    ("text", "layout", "day"),
    [
        ("民國113年3月5日", NAMED_ERA, dt.datetime(2024, 3, 5)),
        ("中華民國 99年12月31日", NAMED_ERA, dt.datetime(2010, 12, 31)),
        ("令和元年5月1日", NAMED_ERA, dt.datetime(2019, 5, 1)),
        ("平成31/4/30", NAMED_ERA, dt.datetime(2019, 4, 30)),
        ("R6.3.5", NAMED_ERA, dt.datetime(2024, 3, 5)),
        ("113/03/05", MINGUO, dt.datetime(2024, 3, 5)),
        ("1130305", MINGUO, dt.datetime(2024, 3, 5)),
        ("113/02/30", MINGUO, None),
        ("2024/03/05", MINGUO, None),
        ("soon", NAMED_ERA, None),
    ],
)
def test_a_year_of_an_era_is_one_of_the_calendar(text, layout, day):
    assert named(text, layout) == day
