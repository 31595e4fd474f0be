"""Sessions in the shop."""

from helpers.data.synthetic import visits


def test_a_session_takes_its_steps_in_order_three_minutes_apart(people, placed):
    steps = visits.events(people, placed)
    assert steps["minute"].is_monotonic_increasing and steps["minute"].min() >= 0
    counts = steps["step"].value_counts().sort_index()
    assert counts.is_monotonic_decreasing and counts.index.tolist() == [0, 1, 2, 3]
