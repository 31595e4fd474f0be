"""The log's time."""

from helpers.data.synthetic import clock, draws
from helpers.data.synthetic.clock import DAY, DAYS


def test_days_are_counted_from_the_first_one():
    assert [clock.day_number(day) for day in ("2024-01-01", "2024-02-29", "2025-12-31")] == [0, 59, DAYS - 1]


def test_a_day_is_as_busy_as_its_weekday_and_its_season():
    weights = clock.day_weights()
    assert len(weights) == DAYS
    assert weights[:7].tolist() == list(clock.WEEKDAY_WEIGHTS)  # an ordinary week from a Monday on
    friday_of_618 = clock.day_number("2024-06-07")
    assert weights[friday_of_618] == 108 * 150 // 100
    assert weights[clock.day_number("2024-11-11")] == 90 * 170 // 100 * 450 // 100
    assert weights[clock.day_number("2025-01-29")] == 92 * 45 // 100


def test_minutes_of_a_day_lie_within_it_and_most_in_the_evening():
    minutes = clock.minute_of_day(draws.uniforms("any"), 20_000)
    assert minutes.min() >= 0 and minutes.max() < DAY
    assert abs((minutes // 60 == 21).mean() - 14 / sum(clock.HOUR_WEIGHTS)) < 0.01


def test_a_level_holds_from_its_day_on():
    level = clock.by_day({"2024-01-01": 1.0, "2024-01-03": 0.5})
    assert len(level) == DAYS and level[:4].tolist() == [1, 1, 0.5, 0.5]
