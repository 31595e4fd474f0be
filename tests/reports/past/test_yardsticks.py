"""What a report is made by is named where it is another: definition, model, target, settings, version; else nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers import language
from helpers.data.intake.wording.programme import HealthScore
from helpers.data.intake.wording.schema import Policy
from helpers.data.intake.wording.tables import Feed
from helpers.findings import facts, say
from helpers.findings.briefs import Brief, Ground, Yardstick
from helpers.reports.pages.publish import Page
from helpers.reports.past import yardsticks
from helpers.reports.past.yardsticks import Made
from shops import words


def page(word: str, ground: Ground, what: str, said: object, amount: float = float("nan"), code: str = "") -> Page:
    brief = Brief(yardsticks=(Yardstick(ground, facts.Name(what), said, amount, code),))
    return Page(word, "?", briefs=(brief.spoken(),))


def made(*pages: Page, settings: dict[str, str] | None = None, commit: str | None = "a") -> Made:
    return Made(yardsticks.of_pages(pages), settings or {}, commit)


def told(now: Made, before: Made) -> list[str]:
    return [str(each) for each in yardsticks.differences(now, before)]


def silence(days: float, amount: bool = True) -> Page:
    said = say("no order for more than {silence}", silence=facts.Days(days))
    return page("churn", Ground.DEFINITION, "leaving", said, days if amount else float("nan"))


MODEL = page("segmentation", Ground.MODEL, "the model of segments", facts.Day(dt.date(2025, 6, 30)))


def test_nothing_is_told_where_all_is_as_it_was():
    pages = (silence(90), MODEL, page("profiling", Ground.TARGET, "churn", facts.Share(0.1)))
    settings = {"policy": "1"}
    assert told(made(*pages, settings=settings), made(*pages, settings=settings, commit="a+changes")) == []


def test_another_definition_is_named_with_what_it_was():
    assert told(made(silence(120)), made(silence(90))) == [
        "Another definition: leaving is no order for more than 120 days, before it was no order for more than 90 days."
    ]


def test_a_length_taken_from_the_data_may_move_by_a_tenth():
    assert told(made(silence(98)), made(silence(90))) == []
    assert len(told(made(silence(100)), made(silence(90)))) == 1
    assert len(told(made(silence(91, amount=False)), made(silence(90)))) == 1


def test_a_target_is_another_by_its_value_and_day_however_they_are_written():
    def wanted(said: str, code: str) -> Page:
        return page("profiling", Ground.TARGET, "churn", facts.Name(said), code=code)

    assert told(made(wanted("5.0%", "0.05")), made(wanted("5.00%", "0.05"))) == []
    assert told(made(wanted("5.0%", "0.0501")), made(wanted("5.0%", "0.05"))) != []
    assert told(made(wanted("5.0%", "0.05")), made(wanted("5.0%", ""))) == []  # of a report that kept no code


def test_another_model_is_named():
    after = page("segmentation", Ground.MODEL, "the model of segments", facts.Day(dt.date(2025, 9, 30)))
    (sentence,) = told(made(after), made(MODEL))
    assert sentence.startswith("Another model: the model of segments is September 30, 2025, before it was June 30")


def test_targets_are_named_that_are_other_new_or_gone():
    def target(kpi: str, share: float) -> Page:
        return page("profiling", Ground.TARGET, kpi, facts.Share(share))

    now, before = made(target("a", 0.2), target("b", 0.3)), made(target("a", 0.1), target("c", 0.4))
    assert told(now, before) == [
        "Another target: a, 20.0%; before it was 10.0%.", "A new target: b, 30.0%.", "No target any more: c, 40.0%.",
    ]  # fmt: skip


def test_of_a_page_that_one_report_lacks_nothing_is_told():
    assert told(made(silence(120)), made(MODEL)) == []


def test_other_settings_are_named_once_unless_a_page_told_what_they_changed():
    now = made(silence(120), settings={"policy": "2", "notebooks.churn": "2", "health": "1", "new": "1"})
    before = made(silence(90), settings={"policy": "1", "notebooks.churn": "1", "health": "1"})
    assert told(now, before)[1:] == ["Other settings in dataset.toml: policy."]


def test_another_version_is_named_where_both_are_known():
    assert told(made(commit="b"), made(commit="a")) == [
        "Another version of the programme: its changelog says which numbers changed."
    ]
    assert told(made(commit=None), made(commit="a")) == []


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"policy": Policy(refunds="keep")}, "policy"),
        ({"health": HealthScore(bands=(40, 75))}, "health"),
        ({"contractual": False}, "contractual"),
        ({"feeds": {"orders": Feed("other.csv", "orders")}}, "tables.orders"),
    ],
)
def test_each_part_of_the_settings_has_a_fingerprint_of_its_own(changed, part):
    before, now = (
        yardsticks.settings(words(**{"feeds": {"orders": Feed("a.csv", "orders")}} | each), {})
        for each in ({}, changed)
    )
    assert [name for name in now if now[name] != before[name]] == [part]


def test_what_only_says_where_and_in_which_words_is_no_setting_and_parameters_are():
    assert yardsticks.settings(words(), {}) == yardsticks.settings(words(title="b", lists=False), {})
    given = [
        yardsticks.settings(words(), {"churn": {"silence_days": days, "as_of": day, "targets": [day]}})
        for days, day in ((90, "a"), (90, "b"), (120, "a"))
    ]
    assert given[0] == given[1] != given[2]
    assert [name for name in given[2] if given[2][name] != given[0][name]] == ["notebooks.churn"]


def test_yardsticks_are_taken_from_the_pages_in_their_language():
    with language.spoken(language.CHINESE):
        (spoken,) = yardsticks.of_pages([silence(90)])
    assert spoken["page"] == "churn" and spoken["said"] == "超过 90 天没有下单"
