"""Funnels of published cases, counted by hand."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.chains import Entry, FunnelRules, Mode
from helpers.analyses.journey.road.steps import Funnel, funnel, in_fitting_unit
from helpers.analyses.journey.road.touches import touchpoints
from helpers.findings import NotApplicable
from shops import shop

HOUR, MINUTE = 1 / 24, 1 / 1440
JANUARY_31 = dt.date(2025, 1, 31)


def done(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Events from (customer, event, time): a time alone is of 2025-01-10."""
    times = [at if len(at) > 5 else f"2025-01-10 {at}" for _, _, at in rows]
    return pd.DataFrame(
        {
            "customer_id": [row[0] for row in rows],
            "event": [row[1] for row in rows],
            "happened_at": pd.to_datetime(times),
            "channel": "web",
            "content": None,
        }
    ).astype({"content": "string"})


def reached(found: Funnel) -> list[int]:
    return found.table["customers"].tolist()


def seconds(found: Funnel, column: str) -> list[float]:
    return (found.table[column].iloc[1:] * 86_400).round(6).tolist()


def test_f1_customers_and_times_between_steps(points):
    """behaviour.md F1 (PostHog's funnel tests): counts 3, 3, 2; step 2 mean 6000 s, median 7200 s; step 3 5400 s."""
    events = done(
        ("p1", "A", "12:00"),
        ("p1", "B", "13:00"),
        ("p1", "C", "15:00"),
        ("p2", "A", "14:00"),
        ("p2", "B", "16:00"),
        ("p3", "A", "14:00"),
        ("p3", "B", "16:00"),
        ("p3", "C", "17:00"),
    )
    found = funnel(points(events), FunnelRules(("A", "B", "C"), window_days=7))
    assert reached(found) == [3, 3, 2]
    assert seconds(found, "mean_days") == [6000, 5400] and seconds(found, "median_days") == [7200, 5400]


def test_f2_the_window_includes_its_last_moment(points):
    """behaviour.md F2 (PostHog): 14 days 3, 2, mean 600 s; 5 minutes 3, 1, mean 300 s."""
    events = done(
        ("x", "s", "14:00"), ("x", "p", "14:05"), ("y", "s", "14:03"), ("z", "s", "12:00"), ("z", "p", "12:15")
    )
    for days, counts, mean in ((14, [3, 2], 600), (5 * MINUTE, [3, 1], 300)):
        found = funnel(points(events, "sp"), FunnelRules(("s", "p"), window_days=days))
        assert reached(found) == counts and seconds(found, "mean_days") == [mean]
    a_second_less = FunnelRules(("s", "p"), window_days=5 * MINUTE - 1 / 86_400)
    assert reached(funnel(points(events, "sp"), a_second_less)) == [3, 0]


def test_f6_shares_of_everybody_and_of_the_step_before(points):
    """behaviour.md F6 (retentioneering): ABC, AB, A, B → 3, 2, 1; of all .75, .5, .25; step on step .75, ⅔, .5."""
    rows = [
        (user, step, f"1{place}:00")
        for user, path in (("u1", "ABC"), ("u2", "AB"), ("u3", "A"), ("u4", "B"))
        for place, step in enumerate(path)
    ]
    found = funnel(points(done(*rows)), FunnelRules(("A", "B", "C")))
    assert reached(found) == [3, 2, 1]
    assert found.table["of_all_share"].tolist() == [0.75, 0.5, 0.25]
    assert found.table["of_step_before_share"].tolist() == pytest.approx([0.75, 2 / 3, 0.5])
    assert found.table["of_entered_share"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_f7_any_entry_converts_where_the_first_does_not(points):
    """behaviour.md F7 (Mixpanel's docs): A 13:00, A 13:30, B 13:45, C 14:15; window 1 h."""
    events = done(("u", "A", "13:00"), ("u", "A", "13:30"), ("u", "B", "13:45"), ("u", "C", "14:15"))
    first, any_entry = (
        funnel(points(events), FunnelRules(("A", "B", "C"), window_days=HOUR, entry=entry)) for entry in Entry
    )
    assert reached(first) == [1, 1, 0]
    assert reached(any_entry) == [1, 1, 1]
    assert any_entry.customers["entered_at"].iloc[0] == pd.Timestamp("2025-01-10 13:30")


def test_steps_of_one_moment_count_in_the_funnels_order(points):
    events = done(("u", "B", "12:00"), ("u", "A", "12:00"), ("u", "X", "12:00"))
    road = points(events, "ABX")
    for mode in Mode:
        assert reached(funnel(road, FunnelRules(("A", "B"), mode, exclude=("X",)))) == [1, 1]
    assert reached(funnel(road, FunnelRules(("B", "A")))) == [1, 1]


def test_an_excluded_step_ends_the_try_but_not_the_entry(points):
    events = done(
        ("u", "A", "12:00"),
        ("u", "X", "12:30"),
        ("u", "B", "13:00"),
        ("v", "A", "12:00"),
        ("v", "B", "12:30"),
        ("v", "X", "13:00"),
    )
    found = funnel(points(events, "ABX"), FunnelRules(("A", "B"), exclude=("X",)))
    assert reached(found) == [2, 1]
    assert found.customers.set_index("customer_id")["stopped"].to_dict() == {"u": True, "v": False}


def test_only_those_whose_window_has_ended_are_counted(points):
    """30 set out on 30 days, all but the last two order at once; nine have less than ten days by the end of the 31st."""
    rows = [(f"u{n}", "A", f"2025-01-{n + 1:02d} 00:00") for n in range(30)]
    rows += [(f"u{n}", "B", f"2025-01-{n + 1:02d} 01:00") for n in range(10, 28)]
    found = funnel(points(done(*rows), "AB", JANUARY_31), FunnelRules(("A", "B"), window_days=10))
    assert reached(found) == [21, 11] and found.table["of_all_share"].tolist() == [1, 11 / 21]
    assert found.waiting.sum() == 9 and found.converted.sum() == 18
    assert "9 customers more are not counted yet: their window has not ended." in words_of(found)


def test_where_every_window_is_open_there_are_no_shares(points):
    events = done(*[(f"u{n}", step, "12:00") for n in range(30) for step in "AB"])
    found = funnel(points(events, "AB", JANUARY_31), FunnelRules(("A", "B")))
    assert reached(found) == [0, 0] and found.table["of_entered_share"].isna().all()
    assert words_of(found).startswith("Fewer than 5 customers set out whose window has ended: too few")


def test_of_several_tries_one_whose_window_has_ended_counts(points):
    """Had the open try counted, customers would leave the count just because they got on at last."""
    rows = [("u", "A", "2025-01-02"), ("u", "A", "2025-01-30"), ("u", "B", "2025-01-31")]
    found = funnel(points(done(*rows), "AB", JANUARY_31), FunnelRules(("A", "B"), "ordered", 9, "any"))
    assert reached(found) == [1, 0] and not found.waiting.any()


def test_few_customers_are_not_shown(points):
    rows = [(f"u{n}", "A", "12:00") for n in range(20)] + [(f"u{n}", "B", "13:00") for n in range(4)]
    found = funnel(points(done(*rows), "AB"), FunnelRules(("A", "B")))
    assert found.summary()["customers"].isna().tolist() == [False, True]
    assert found.summary().iloc[1].drop("step").isna().all()
    assert words_of(found).startswith("Fewer than 5 of 20 customers at “A” reach “B” within 30 days.")
    assert [text.get_text() for text in found.for_readers().plot().texts] == ["20  (100%)", "–  (–)"]
    plt.close("all")


def test_the_figure_draws_what_the_table_says(clicked_road):
    found = funnel(clicked_road, FunnelRules(("A", "B", "C")))
    assert [bar.get_width() for bar in found.plot().patches] == reached(found)
    low, high = found.table["lower"].iloc[1], found.table["upper"].iloc[1]
    assert low < found.table["of_step_before_share"].iloc[1] < high
    plt.close("all")


def test_a_step_that_is_no_touchpoint_is_refused(clicked_road):
    with pytest.raises(ValueError, match="steps = 'E': choose one of A, B, C, D, X"):
        funnel(clicked_road, FunnelRules(("A", "E")))


def test_without_steps_to_go_there_is_no_funnel(clicks, points):
    assert isinstance(funnel(NotApplicable("no.")), NotApplicable)
    assert "fewer than two steps" in words_of(funnel(points(clicks, "A")))
    assert "nobody was met at “Q”" in words_of(funnel(points(clicks, "QA")))


def test_days_are_shown_in_the_unit_that_reads_best():
    for days, column, value in ((3.0, "t_days", 3.0), (0.5, "t_hours", 12.0), (0.01, "t_minutes", 14.4)):
        shown = in_fitting_unit(pd.DataFrame({"t_days": [np.nan, days]}), "t_days")
        assert shown[column].iloc[1] == pytest.approx(value)


def test_in_any_order_the_steps_are_timed_as_they_came(points):
    events = done(("u", "B", "12:00"), ("u", "A", "13:00"), ("u", "C", "15:00"))
    found = funnel(points(events), FunnelRules(("A", "B", "C"), mode="any order"))
    assert found.table["step"].tolist() == [f"any {k} of 3 steps" for k in (1, 2, 3)]
    assert seconds(found, "median_days") == [3600, 7200]


@pytest.mark.parametrize("names", [("1", "2"), ("E1", "E30"), ("evt_4", "buy"), ("9f86d081", "60303ae2")])
def test_events_that_are_codes_make_no_funnel_until_their_order_is_named(points, names):
    events = pd.concat([done((f"p{n}", name, "12:00")) for n in range(6) for name in names], ignore_index=True)
    met = touchpoints(shop(events=events))
    answer = funnel(met)
    assert isinstance(answer, NotApplicable)
    assert "events are codes" in words_of(answer) and names[0] in words_of(answer)
    assert reached(funnel(met, FunnelRules(names)))[0] == 6  # asked for, they are in order
    assert reached(funnel(points(events, names)))[0] == 6


def test_events_in_words_are_no_codes():
    events = pd.concat([done((f"p{n}", name, "12:00")) for n in range(6) for name in ("view", "加购", "B2B")])
    assert touchpoints(shop(events=events.reset_index(drop=True))).coded == ()


def test_the_weakest_step_is_named_where_it_is_weaker_than_the_next_beyond_chance(points):
    """Of 60 half go on at both steps; then 15 of 60, and 12 of these 15; of 18 there are too few to be told."""

    def worst(*reached: int) -> str:
        rows = [(f"c{n:02}", step, f"12:{at:02}") for at, (step, k) in enumerate(zip("ABC", reached)) for n in range(k)]
        return words_of(funnel(points(done(*rows)), FunnelRules(("A", "B", "C"))))

    assert "No evidence that one step is taken by fewer than all others." in worst(60, 30, 15)
    assert "the widest gap is before “B”" in worst(90, 24, 20)
    assert "From “A” to “B” 26.7% go on." in worst(90, 24, 20)
    assert "fewer" not in worst(60, 18, 14) and "gap" not in worst(60, 18, 14)
