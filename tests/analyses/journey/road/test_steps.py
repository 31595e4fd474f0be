"""Funnels of published cases, and of random touchpoints against a slow loop over every rule."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.road.chains import ENTRIES, MODES, FunnelRules, rules_from
from helpers.analyses.journey.road.steps import Funnel, funnel, in_fitting_unit
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Settings
from helpers.findings import NotApplicable

HOUR, MINUTE = 1 / 24, 1 / 1440


def dataset(events: pd.DataFrame, as_of: dt.date = dt.date(2025, 1, 31), **tables: pd.DataFrame) -> Dataset:
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={},
        experiments={},
        notebooks={},
    )
    found = {name: ibis.memtable(table) for name, table in {"events": events, **tables}.items()}
    return Dataset("t", as_of, settings, found, pd.DataFrame(), Path(), (), Path())


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


def points(events: pd.DataFrame, names: str | list[str] = "ABCD"):
    road = [{"step": name, "table": "events", "where": {"event": name}} for name in names]
    return touchpoints(dataset(events), road)


def reached(found: Funnel) -> list[int]:
    return found.stages["customers"].tolist()


def seconds(found: Funnel, column: str) -> list[float]:
    return (found.stages[column].iloc[1:] * 86_400).round(6).tolist()


def test_f1_customers_and_times_between_steps():
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


def test_f2_the_window_includes_its_last_moment():
    """behaviour.md F2 (PostHog): 14 days 3, 2, mean 600 s; 5 minutes 3, 1, mean 300 s."""
    events = done(
        ("x", "s", "14:00"), ("x", "p", "14:05"), ("y", "s", "14:03"), ("z", "s", "12:00"), ("z", "p", "12:15")
    )
    for days, counts, mean in ((14, [3, 2], 600), (5 * MINUTE, [3, 1], 300)):
        found = funnel(points(events, "sp"), FunnelRules(("s", "p"), window_days=days))
        assert reached(found) == counts and seconds(found, "mean_days") == [mean]
    a_second_less = FunnelRules(("s", "p"), window_days=5 * MINUTE - 1 / 86_400)
    assert reached(funnel(points(events, "sp"), a_second_less)) == [3, 0]


def test_f6_shares_of_everybody_and_of_the_step_before():
    """behaviour.md F6 (retentioneering): ABC, AB, A, B → 3, 2, 1; of all .75, .5, .25; step on step .75, ⅔, .5."""
    rows = [
        (user, step, f"1{place}:00")
        for user, path in (("u1", "ABC"), ("u2", "AB"), ("u3", "A"), ("u4", "B"))
        for place, step in enumerate(path)
    ]
    found = funnel(points(done(*rows)), FunnelRules(("A", "B", "C")))
    assert reached(found) == [3, 2, 1]
    assert found.stages["of_all_share"].tolist() == [0.75, 0.5, 0.25]
    assert found.stages["of_step_before_share"].tolist() == pytest.approx([0.75, 2 / 3, 0.5])
    assert found.stages["of_entered_share"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_f7_any_entry_converts_where_the_first_does_not():
    """behaviour.md F7 (Mixpanel's docs): A 13:00, A 13:30, B 13:45, C 14:15; window 1 h."""
    events = done(("u", "A", "13:00"), ("u", "A", "13:30"), ("u", "B", "13:45"), ("u", "C", "14:15"))
    first, any_entry = (
        funnel(points(events), FunnelRules(("A", "B", "C"), window_days=HOUR, entry=entry)) for entry in ENTRIES
    )
    assert reached(first) == [1, 1, 0]
    assert reached(any_entry) == [1, 1, 1]
    assert any_entry.customers["entered_at"].iloc[0] == pd.Timestamp("2025-01-10 13:30")


def slow(events: pd.DataFrame, rules: FunnelRules) -> dict[str, tuple]:
    """Customer → (entry, arrivals, stopped), one touchpoint after the other, straight from the rules' words."""
    place = {name: k for k, name in enumerate(rules.steps)}
    window = pd.Timedelta(seconds=rules.window_seconds)
    found = {}
    for customer, own in events.groupby("customer_id"):
        line = sorted(
            zip(own["happened_at"], own["event"], strict=True),
            key=lambda each: (each[0], place.get(each[1], len(place))),
        )
        if rules.mode != "strict":
            line = [each for each in line if each[1] in place or each[1] in rules.exclude]
        entries = [
            at
            for at, (_, step) in enumerate(line)
            if (step in place if rules.mode == "any order" else place.get(step) == 0)
        ]
        tries = [_try(line, start, rules, window) for start in entries]
        if tries:
            found[customer] = tries[0] if rules.entry == "first" else max(tries, key=lambda each: len(each[1]))
    return found


def _try(line: list, start: int, rules: FunnelRules, window: pd.Timedelta) -> tuple:
    entered, count = line[start][0], len(rules.steps)
    arrivals, taken, broken = [entered], {line[start][1]}, False
    for at, step in line[start + 1 :]:
        if at > entered + window or len(arrivals) == count:
            break
        if step in rules.exclude:
            return entered, tuple(arrivals), True
        follows = (
            step in rules.steps and step not in taken
            if rules.mode == "any order"
            else step == rules.steps[len(arrivals)]
        )
        if follows and not broken:
            arrivals.append(at)
            taken.add(step)
        elif rules.mode == "strict":
            broken = True
    return entered, tuple(arrivals), False


@pytest.fixture(scope="module")
def crowd() -> pd.DataFrame:
    """Random events of 150 customers on a coarse clock, so that many fall on one moment."""
    rng = np.random.default_rng(7)
    size = 1500
    return pd.DataFrame(
        {
            "customer_id": rng.integers(0, 150, size).astype(str),
            "event": rng.choice(list("ABCDX"), size),
            "happened_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 60, size), unit="h"),
            "channel": "web",
            "content": "c",
        }
    )


@pytest.mark.parametrize(("mode", "entry"), list(itertools.product(MODES, ENTRIES)))
def test_the_engine_agrees_with_a_slow_loop_on_every_rule(crowd, mode, entry):
    road = points(crowd, "ABCDX")
    for window, exclude in itertools.product((6 * HOUR, 30), ((), ("X", "D"))):
        rules = FunnelRules(("A", "B", "C"), mode, window, entry, exclude)
        found, expected = funnel(road, rules).customers, slow(crowd, rules)
        told = {
            row.customer_id: (
                row.entered_at,
                tuple(at for at in (row.at_0, row.at_1, row.at_2) if at is not pd.NaT),
                row.stopped,
            )
            for row in found.itertuples()
        }
        assert told == expected, rules
        assert found["depth"].tolist() == [len(told[customer][1]) for customer in found["customer_id"]]


def test_the_random_events_meet_every_kind_of_end(crowd):
    """The comparison above would mean little were all its customers alike."""
    found = funnel(points(crowd, "ABCDX"), FunnelRules(("A", "B", "C"), "ordered", 6 * HOUR, "any", ("X",))).customers
    assert set(found["depth"]) == {1, 2, 3} and set(found["stopped"]) == {True, False}


def test_steps_of_one_moment_count_in_the_funnels_order():
    events = done(("u", "B", "12:00"), ("u", "A", "12:00"), ("u", "X", "12:00"))
    road = points(events, "ABX")
    for mode in MODES:
        assert reached(funnel(road, FunnelRules(("A", "B"), mode, exclude=("X",)))) == [1, 1]
    assert reached(funnel(road, FunnelRules(("B", "A")))) == [1, 1]


def test_an_excluded_step_ends_the_try_but_not_the_entry():
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


def test_who_may_still_get_on_is_told_apart():
    events = done(*[(f"u{n}", "A", f"2025-01-{n + 1:02d}") for n in range(30)])
    found = funnel(points(events, "AB"), FunnelRules(("A", "B"), window_days=10))
    assert found.still_open.sum() == 9  # from the 23rd on: ten days on the 31st has not ended, on 22nd it has
    assert "9 customers (30.0%) may still get on" in found.headline()


def test_few_customers_are_not_shown():
    rows = [(f"u{n}", "A", "12:00") for n in range(20)] + [(f"u{n}", "B", "13:00") for n in range(4)]
    found = funnel(points(done(*rows), "AB"), FunnelRules(("A", "B")))
    assert found.summary()["customers"].isna().tolist() == [False, True]
    assert found.summary().iloc[1].drop("step").isna().all()
    assert "fewer than 5 reached “B” within 30 days" in found.headline()
    assert [text.get_text() for text in found.plot().texts] == ["20  (100%)", "–  (–)"]
    plt.close("all")


def test_the_figure_draws_what_the_table_says(crowd):
    found = funnel(points(crowd, "ABCDX"), FunnelRules(("A", "B", "C")))
    assert [bar.get_width() for bar in found.plot().patches] == reached(found)
    low, high = found.stages["lower"].iloc[1], found.stages["upper"].iloc[1]
    assert low < found.stages["of_step_before_share"].iloc[1] < high
    plt.close("all")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mode": "loose"}, "mode = 'loose'"),
        ({"entry": "last"}, "entry = 'last'"),
        ({"window_days": -1}, "window_days = -1"),
        ({"steps": "AB"}, "steps = 'AB': a list of steps"),
        ({"steps": ("A", "A")}, "steps = 'A': stands twice"),
        ({"steps": ("A",), "exclude": ("A",)}, "stands twice"),
    ],
)
def test_rules_that_cannot_be_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        FunnelRules(**wrong)


def test_a_step_that_is_no_touchpoint_is_refused(crowd):
    with pytest.raises(ValueError, match="steps = 'E': choose one of A, B, C, D, X"):
        funnel(points(crowd, "ABCDX"), FunnelRules(("A", "E")))


def test_without_steps_to_go_there_is_no_funnel(crowd):
    assert isinstance(funnel(NotApplicable("no.")), NotApplicable)
    assert "fewer than two steps" in funnel(points(crowd, "A")).headline()
    assert "nobody was met at “Q”" in funnel(points(crowd, "QA")).headline()


def test_days_are_shown_in_the_unit_that_reads_best():
    for days, column, value in ((3.0, "t_days", 3.0), (0.5, "t_hours", 12.0), (0.01, "t_minutes", 14.4)):
        shown = in_fitting_unit(pd.DataFrame({"t_days": [np.nan, days]}), "t_days")
        assert shown[column].iloc[1] == pytest.approx(value)


def test_rules_are_read_from_a_setting_and_a_slip_is_told():
    assert rules_from({"mode": "strict", "steps": ["a", "b"]}) == FunnelRules(("a", "b"), "strict")
    assert rules_from({}) == FunnelRules()
    with pytest.raises(ValueError, match=r"^funnel = 'window'.*Did you mean 'window_days'"):
        rules_from({"window": 7})
