"""Sentences in two languages: which is spoken, and that the catalogue lacks, loses and invents nothing."""

from __future__ import annotations

import ast
import datetime as dt
import re
from string import Formatter

import pytest

import catalogue
from helpers import language, parameters
from helpers.language import _

OTHERS = [name for name in language.LANGUAGES if name != language.ENGLISH]


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        ("", {}, "en"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", {"LANG": "de_DE.UTF-8"}, "en"),
        ("", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LC_MESSAGES": "zh_TW", "LANG": "en_GB"}, "zh"),
        ("en", {"LANG": "zh_CN"}, "en"),
        ("zh", {}, "zh"),
    ],
)
def test_what_is_asked_for_wins_over_the_environment(asked, environment, spoken):
    assert language.chosen(asked, environment) == spoken


def test_a_language_that_nobody_speaks_here_is_told():
    with pytest.raises(ValueError, match="language = 'fr': choose one of en, zh."):
        language.chosen("fr", {})


def test_a_run_s_languages_are_listed_once_each():
    assert language.listed("zh, en,zh") == ("zh", "en") and language.listed("") == ()
    with pytest.raises(ValueError, match="language = 'fr': choose one of en, zh."):
        language.listed("en,fr")


def test_answers_are_in_the_languages_of_the_run_or_in_the_one_that_is_spoken(monkeypatch):
    monkeypatch.delenv(language.EDITIONS, raising=False)
    with language.spoken("zh"):
        assert language.editions() == ("zh",)
    monkeypatch.setenv(language.EDITIONS, "en,zh")
    assert language.editions() == ("en", "zh")


def test_a_sentence_is_spoken_in_the_language_of_its_block_and_of_no_other():
    with language.spoken("zh"):
        assert language.current() == "zh" and _("it is empty") == "是空的"
        with pytest.raises(ValueError, match="日期请写成"):
            parameters.date("as_of", "30/06/2025")
    assert language.current() == "en" and _("it is empty") == "it is empty"


def test_a_sentence_gets_a_full_stop_only_where_nothing_ends_it():
    assert [language.ended(text) for text in ("no ink", "no ink.", "no ink?")] == ["no ink.", "no ink.", "no ink?"]
    with language.spoken("zh"):
        assert [language.ended(text) for text in ("没墨水", "没墨水？")] == ["没墨水。", "没墨水？"]


def test_a_day_is_written_as_the_language_does():
    day = dt.date(2025, 12, 31)
    assert language.day(day) == "December 31, 2025"
    with language.spoken("zh"):
        assert language.day(day) == "2025 年 12 月 31 日"


@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other(name):
    code = {message.id for message in catalogue.sentences() if message.id}
    assert code == {message.id for message in catalogue.kept(name) if message.id}, "run make words"


@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_is_translated(name):
    assert [message.id for message in catalogue.kept(name) if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("name", OTHERS)
def test_no_place_for_a_fact_is_lost_or_invented(name):
    def places(text: str) -> set[tuple]:
        return {(field, form, how) for _text, field, form, how in Formatter().parse(text) if field is not None}

    messages = [message for message in catalogue.kept(name) if message.id]
    assert [message.id for message in messages if places(message.id) != places(message.string)] == []


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_read_was_built_from_what_is_written(name):
    assert catalogue.path_of(name, ".mo").read_bytes() == catalogue.built(catalogue.kept(name)), "run make words"


def test_every_sentence_that_is_said_stands_whole_in_its_call():
    """What is no literal cannot be taken into a catalogue."""
    calls = [
        (path.name, call.lineno)
        for path in catalogue.SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say"
        if not isinstance(call.args[0], ast.Constant)
    ]
    assert calls == []


def test_columns_are_declared_where_the_catalogue_looks_for_their_headings():
    """A column of another module would be headed in English on Chinese pages."""
    elsewhere = [
        str(path.relative_to(catalogue.SOURCE))
        for path in (catalogue.SOURCE / "analyses").rglob("*.py")
        if path.stem != "vocabulary" and re.search(r"^[A-Z_]+ = Column\(", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert elsewhere == [], "declare them in a vocabulary"
