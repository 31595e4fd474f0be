"""What an earlier report decided is dated and no news; what was to stop and went on is said again."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.findings import save
from helpers.reports.past import decisions


@pytest.fixture
def reports(tmp_path):
    def made(day, *, verdicts=(), arms=()):
        folder = tmp_path / day
        if verdicts:
            effects = pd.DataFrame(verdicts, columns=["action", "verdict", "cycles"])
            save(effects, folder / "tables", "action_effects")
        if arms:
            save(
                pd.DataFrame(arms, columns=["experiment", "arm", "decision"]), folder / "tables", "experiment_decisions"
            )
        return folder

    return made


def told(now, *earlier):
    return list(map(str, decisions.told(decisions.decided(now / "tables", earlier))))


def test_a_decision_is_dated_by_the_first_report_in_a_row_that_told_it(reports):
    march = reports("2025-03-31", verdicts=[("coupon", "stop", 2), ("wake", "testing", 1)])
    june = reports("2025-06-30", verdicts=[("coupon", "stop", 2), ("wake", "scale", 1)])
    now = reports("2025-09-30", verdicts=[("coupon", "stop", 2), ("wake", "scale", 3), ("renewal", "stop", 1)])
    assert told(now, june, march) == [
        "Decided on June 30, 2025 – scale: wake-up message.", "Decided on March 31, 2025 – stop: coupon.",
    ]  # fmt: skip
    assert decisions.settled(now / "tables", decisions.decided(now / "tables", [june, march])) == {
        "verdict on coupon", "verdict on wake",
    }  # fmt: skip


def test_what_was_to_stop_and_was_planned_again_is_said_again(reports):
    june = reports("2025-06-30", verdicts=[("coupon", "stop", 2)])
    assert told(reports("2025-09-30", verdicts=[("coupon", "stop", 3)]), june) == []


def test_another_decision_in_between_begins_anew(reports):
    days = [reports(f"2025-0{k}-28", arms=[("x", "b", code)]) for k, code in ((1, "ship"), (2, "keep"), (3, "ship"))]
    now = reports("2025-04-28", arms=[("x", "b", "ship")])
    assert told(now, *reversed(days)) == ["Decided on March 28, 2025 – ship: x · b."]


def test_experiments_are_news_as_long_as_one_of_their_decisions_is(reports):
    before = reports("2025-06-30", arms=[("x", "b", "ship"), ("y", "b", "extend")])
    for new, settled in (("ship", set()), ("extend", {"experiments"})):
        now = reports(f"2025-09-{len(new)}", arms=[("x", "b", "ship"), ("y", "b", new)])
        found = decisions.decided(now / "tables", [before])
        assert decisions.settled(now / "tables", found) == settled


def test_what_is_not_final_and_a_first_report_have_nothing_decided(reports):
    before = reports("2025-06-30", arms=[("x", "b", "extend")])
    assert told(reports("2025-09-30", arms=[("x", "b", "extend")]), before) == []
    assert told(reports("2025-12-31", arms=[("x", "b", "ship")])) == []
    assert told(reports("2026-03-31"), before) == []


def test_a_day_s_decisions_are_one_sentence_and_only_the_last_days_are_told(reports):
    arms = [("x", "b", "ship"), ("x", "c", "keep"), ("y", "b", "ship")]
    folders = [reports("2025-01-28", arms=[*arms, ("z", "b", "keep")])]
    for month in (2, 3, 4):
        verdicts = [(f"action_{k}", "stop", 1) for k in range(2, month + 1)]
        folders.append(reports(f"2025-0{month}-28", arms=[*arms, ("z", "b", "keep")], verdicts=verdicts))
    april, earlier = folders[-1], list(reversed(folders[:-1]))
    assert told(folders[1], folders[0]) == [
        "Decided on January 28, 2025 – ship: x · b and y · b; keep control: x · c and z · b."
    ]
    now = reports(
        "2025-05-28", arms=[*arms, ("z", "b", "keep")], verdicts=[(f"action_{k}", "stop", 1) for k in (2, 3, 4)]
    )
    assert told(now, april, *earlier) == [
        "Decided on April 28, 2025 – stop: action_4.", "Decided on March 28, 2025 – stop: action_3.",
        "Decided on February 28, 2025 – stop: action_2.", "4 earlier decisions stand.",
    ]  # fmt: skip
