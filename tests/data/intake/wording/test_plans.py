"""Shipped actions are known to every plan, and a data set's own words lie over them."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers.data.intake.wording import settings
from helpers.data.intake.wording.plans import Plan


def test_fourteen_actions_are_shipped_each_with_a_rule_and_a_way():
    actions = Plan().actions
    assert len({action.name for action in actions}) == len(actions) == 14
    assert all(action.when and action.channels and action.use for action in actions)
    assert {action.name for action in actions if action.must} == {"service_recovery", "renewal"}


def test_own_words_lie_over_shipped_ones_setting_by_setting(tmp_path):
    text = "[plan]\nbudget = 100\n[[plan.actions]]\nname = 'save_call'\ncost = 20\n[[plan.actions]]\nname = 'own'\n"
    (tmp_path / "dataset.toml").write_text(text)
    plan = settings.read(tmp_path).plan
    by_name = {action.name: action for action in plan.actions}
    assert plan.budget == 100 and len(by_name) == 15
    assert (by_name["save_call"].cost, by_name["save_call"].outcome, by_name["save_call"].kind) == (20, "left", "keep")
    assert by_name["own"].kind == "own"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[plan]\nbudgt = 3", "plan: 'budgt' is not a setting. Did you mean 'budget'?"),
        ("[plan]\nconsent = 'maybe'", "plan.consent = 'maybe': choose one of"),
        ("[plan]\nglobal_holdout = 5", "plan.global_holdout = 5"),
        ("[plan]\nexport = ['sap']", "plan.export"),
        ("[plan]\ndays_off = ['16.2.2026']", "plan.days_off"),
        ("[plan]\ndays_off = ['2026-02-20..2026-02-16']", "plan.days_off"),
        ("[plan]\nowners_off = { ann = ['2026-02-30'] }", "plan.owners_off"),
        ("[plan]\nquiet_hours = [21, 25]", "plan.quiet_hours"),
        ("[[plan.actions]]\nname = 'wake'\nwhem = 'x'", "plan.actions"),
        ("[[plan.actions]]\nname = 'wake'\noutcome = 'joy'", "plan.actions"),
    ],
)
def test_a_wrong_word_is_told(tmp_path, toml, told):
    (tmp_path / "dataset.toml").write_text(toml)
    with pytest.raises(ValueError) as caught:
        settings.read(tmp_path)
    assert str(caught.value).startswith(told) and "pydantic" not in str(caught.value)


def test_days_off_are_written_one_by_one_or_from_and_to(tmp_path):
    text = "[plan]\ndays_off = ['2026-02-16..2026-02-18', 2026-04-05]\nowners_off = { ann = '2026-03-02' }\n"
    (tmp_path / "dataset.toml").write_text(text)
    plan = settings.read(tmp_path).plan
    assert [day.isoformat() for day in plan.days_off] == ["2026-02-16", "2026-02-17", "2026-02-18", "2026-04-05"]
    assert plan.owners_off["ann"] == (dt.date(2026, 3, 2),)
