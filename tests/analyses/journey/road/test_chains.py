"""How far customers get by the rules of a funnel: random touchpoints beside a slow loop over every rule."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from helpers.analyses.journey.road.chains import Entry, FunnelRules, Mode, furthest, rules_from

HOUR = 1 / 24
NIGHT = pd.Timestamp("2025-02-01")


def slow(events: pd.DataFrame, rules: FunnelRules) -> dict[str, tuple]:
    """Customer → (entry, arrivals, stopped), one touchpoint after the other, straight from the rules' words."""
    place = {name: k for k, name in enumerate(rules.steps)}
    window = pd.Timedelta(seconds=rules.window_seconds)
    best = {}
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
            best[customer] = (
                tries[0]
                if rules.entry == "first"
                else max(tries, key=lambda each: (each[0] + window < NIGHT, len(each[1])))
            )
    return best


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


def arrivals(row, rules: FunnelRules) -> tuple:
    """The times of the steps reached: in any order as they came, else in the order of the steps."""
    times = tuple(at for at in (row.at_0, row.at_1, row.at_2) if at is not pd.NaT)
    return tuple(sorted(times)) if rules.mode == "any order" else times


@pytest.mark.parametrize(("mode", "entry"), list(itertools.product(Mode, Entry)))
def test_the_engine_agrees_with_a_slow_loop_on_every_rule(clicks, mode, entry, clicked_road):
    for window, exclude in itertools.product((6 * HOUR, 30), ((), ("X", "D"))):
        rules = FunnelRules(("A", "B", "C"), mode, window, entry, exclude)
        tries = furthest(clicked_road.rows, rules, NIGHT).execute()
        reached = {row.customer_id: (row.entered_at, arrivals(row, rules), row.stopped) for row in tries.itertuples()}
        assert reached == slow(clicks, rules), rules
        assert tries["depth"].tolist() == [len(reached[customer][1]) for customer in tries["customer_id"]]


def test_the_random_events_meet_every_kind_of_end(clicked_road):
    """The comparison above would mean little were all its customers alike."""
    rules = FunnelRules(("A", "B", "C"), "ordered", 6 * HOUR, "any", ("X",))
    tries = furthest(clicked_road.rows, rules, NIGHT).execute()
    assert set(tries["depth"]) == {1, 2, 3} and set(tries["stopped"]) == {True, False}


def test_the_entry_is_described_by_its_own_touchpoint(clicks, clicked_road):
    tries = furthest(clicked_road.rows, FunnelRules(("A", "B")), NIGHT).execute()
    assert len(tries) == clicks.loc[clicks["event"] == "A", "customer_id"].nunique()
    assert set(tries["channel"]) == {"web"} and set(tries["content"]) == {"c"} and tries["campaign"].isna().all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"mode": "loose"}, "mode = 'loose'"),
        ({"entry": "last"}, "entry = 'last'"),
        ({"window_days": -1}, "window_days = -1"),
        ({"steps": "AB"}, "steps = 'AB': a list of steps"),
        ({"steps": ("A", "A")}, "steps = 'A': stands twice"),
        ({"steps": ("A",), "exclude": ("A",)}, "stands twice"),
    ],
)
def test_rules_that_cannot_be_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        FunnelRules(**wrong)


def test_rules_are_read_from_a_setting_and_a_slip_is_told():
    assert rules_from({"mode": "strict", "steps": ["a", "b"]}) == FunnelRules(("a", "b"), "strict")
    assert rules_from({}) == FunnelRules()
    with pytest.raises(ValueError, match=r"^funnel = 'window'.*Did you mean 'window_days'"):
        rules_from({"window": 7})
