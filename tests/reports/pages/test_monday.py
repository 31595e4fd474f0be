"""The first page: the weightiest verdict, three changes, three actions, the measures and what became of the rows."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.reports.pages.monday import ACTIONS, CHANGES, HEIGHT, MARGIN, WIDTH, gathered, rows_told, sparkline


def news(topic: str, subject: str, weight: float = 0.0) -> dict:
    return {"topic": topic, "subject": subject, "said": f"{subject}.", "basis": "because.", "weight": weight}


def brief(*told: dict, settles: tuple[str, ...] = ()) -> dict:
    return {"news": list(told), "tiles": [], "settles": settles}


def test_the_weightiest_verdict_three_changes_and_three_actions_are_told():
    briefs = [
        {
            "news": [news("verdict", "sales", 5), *(news("change", f"c{k}", k) for k in range(5))],
            "tiles": [{"name": 1}],
            "settles": [],
        },
        brief(news("verdict", "members", 9), *(news("action", f"a{k}") for k in range(5))),
    ]
    page = gathered(briefs, ["a headline"])
    assert page.verdict == "members."
    assert [each["subject"] for each in page.changes] == ["c4", "c3", "c2"] and len(page.changes) == CHANGES
    assert [each["subject"] for each in page.actions] == ["a0", "a1", "a2"] and len(page.actions) == ACTIONS
    assert page.tiles == [{"name": 1}]


def test_an_action_that_a_later_answer_weighed_is_told_by_later_answers_alone():
    call, plan = news("action", "call"), news("action", "call", 3) | {"said": "planned."}
    assert gathered([brief(call), brief(settles=("call",))], []).actions == []
    assert gathered([brief(call), brief(settles=("call",)), brief(plan)], []).actions == [plan]
    assert gathered([brief(call), brief(settles=("mail",))], []).actions == [call]


def test_without_a_verdict_the_first_headline_stands_in_its_place():
    assert gathered([], ["first", "second"]).verdict == "first"
    assert gathered([], []).verdict == ""


@pytest.mark.parametrize(
    ("signs", "changes", "quiet"),
    [(["◆", ""], 0, True), (["◆", "▼"], 0, False), (["▲", "◆"], 0, False), (["◆"], 1, False), ([""], 0, False)],
)
def test_nothing_changed_where_measures_were_compared_and_none_moved(signs, changes, quiet):
    tiles = [{"standings": [{"sign": sign}]} for sign in signs]
    page = gathered([{"news": [news("change", "a")] * changes, "tiles": tiles}], [])
    assert page.quiet == ("Nothing beyond chance changed." if quiet else "")


def test_what_only_the_season_may_have_moved_is_no_change():
    seasonal = {"sign": "▲", "seasonal": True}
    tiles = [{"standings": [seasonal, {"sign": "◆", "seasonal": False}]}]
    assert "the season may be the reason" in gathered([{"news": [], "tiles": tiles}], []).quiet
    tiles[0]["standings"].append({"sign": "▼", "seasonal": False})
    assert gathered([{"news": [], "tiles": tiles}], []).quiet == ""


def test_what_is_settled_is_no_action_but_a_change_on_it_still_is_told():
    briefs = [{"news": [news("action", "a"), news("action", "b"), news("change", "a")], "tiles": []}]
    page = gathered(briefs, [], ["apart"], {"a"})
    assert [each["subject"] for each in page.actions] == ["b"] and [each["subject"] for each in page.changes] == ["a"]
    assert page.apart == ["apart"]


def test_a_line_of_periods_begins_at_zero_and_breaks_at_a_gap():
    runs = sparkline([0.0, None, 5.0, 10.0])
    assert runs[0] == [(MARGIN, HEIGHT - MARGIN)]
    assert runs[1][-1] == (WIDTH - MARGIN, MARGIN)
    assert runs[1][0][1] == pytest.approx(HEIGHT / 2)


def test_a_line_of_nothing_or_of_zeros_does_not_fail():
    assert sparkline([None, None]) == [] and sparkline([0.0, 0.0])[0][0][1] == HEIGHT - MARGIN


def test_one_line_says_how_many_rows_were_read_and_set_aside_with_the_money_of_orders():
    rows = pd.DataFrame({
        "table": ["orders", "orders", "orders", "order_items"], "outcome": ["read", "used", "quarantined", "quarantined"],
        "rule": ["", "", "x is missing", "x is missing"], "rows": [10, 8, 2, 3], "money": [100.0, 80.0, 20.0, 20.0],
    })  # fmt: skip
    assert str(rows_told(rows, "EUR")) == "10 rows in all tables, 5 of them not used, with €20 of orders."
    assert str(rows_told(rows.assign(money=float("nan")), "EUR")) == "10 rows in all tables, 5 of them not used."
