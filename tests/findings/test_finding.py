from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers import language
from helpers.findings import Column, Finding, Kind, Listing, NotApplicable, Sentence, facts, finding, if_applicable, say
from helpers.findings.drawing import charts, ink
from helpers.findings.finding import EDITIONS
from helpers.findings.vocabulary import CUSTOMERS, REVENUE

LEVEL = Column("level", Kind.NAME, "level")


@dataclass(frozen=True)
class Levels(Finding):
    """A finding to show: customers by level."""

    table: pd.DataFrame
    columns = (LEVEL, CUSTOMERS, REVENUE)
    sentence: str = 'Gold & "silver" <b>lead</b>.'
    currency: str = ""

    def plot(self, ax=None):
        return charts.bars(self.table.head(3), value=CUSTOMERS, label="level", ax=ax)

    def headline(self) -> Sentence:
        return Sentence(self.sentence)


def levels(rows: int = 3) -> Levels:
    return Levels(pd.DataFrame({"level": [f"level {n}" for n in range(rows)], "customers": np.arange(rows) + 100}))


class Elements(HTMLParser):
    """The elements of a fragment; fails on one that is closed out of turn."""

    VOID = {"br", "img", "meta", "input"}

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict]] = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def shown(answer):
    """What a notebook keeps of a finding that is the last line of a cell: the data by MIME type, and the metadata."""
    return InteractiveShell.instance().display_formatter.format(answer)


def test_headline_figure_and_table_come_in_this_order_as_sound_markup():
    data, _ = shown(levels())
    elements = Elements(data["text/html"])
    assert elements.open == []
    names = [tag for tag, _ in elements.found]
    assert names.index("h3") < names.index("figure") < names.index("svg") < names.index("table")


def test_the_figure_s_alternative_text_is_the_headline():
    data, metadata = shown(levels())
    figure = next(attributes for _, attributes in Elements(data["text/html"]).found if attributes.get("role") == "img")
    assert figure["aria-label"] == str(levels().headline()) == data["text/plain"]
    note = {"headline": str(levels().headline()), "applicable": True, "name": "levels", "kind": "Levels"}
    assert metadata == {"kehu": note}


def test_a_finding_is_named_for_its_kind_and_for_what_tells_it_from_others_in_every_language():
    @dataclass(frozen=True)
    class LevelsBy(Levels):
        """Levels by something."""

        by: str = "First_channel"

    with language.spoken("zh"):
        assert LevelsBy(levels().table).name == "levels-by-first-channel"


def test_markup_in_a_headline_is_shown_as_text():
    assert "<b>" not in shown(levels())[0]["text/html"]


def test_a_long_table_is_folded():
    assert "The first 20 of 1,033 rows." in shown(levels(1033))[0]["text/html"]
    assert "kehu-cut" not in shown(levels(20))[0]["text/html"]


def test_a_listing_shows_its_table_under_its_caption_in_every_edition_and_tells_nothing(monkeypatch):
    word = Column("which", Kind.CODE, "which", words={"orders": "orders"})
    listing = Listing(levels().table, (LEVEL, CUSTOMERS), facts.Word("orders", word))
    monkeypatch.setenv(language.EDITIONS, "en,zh")
    data, metadata = shown(listing)
    assert "<caption>orders</caption>" in data["text/html"] and ">Customers</th>" in data["text/html"]
    assert ">客户数</th>" in data[EDITIONS]["zh"]["html"] and metadata == {}


def test_bars_that_are_all_zero_are_left_to_the_table():
    none, some = levels().table.assign(customers=0), levels().table.assign(customers=[0, 0, 100])
    markup = shown(Levels(none))[0]["text/html"]
    assert "<figure" not in markup and markup.count("<tr>") == 1 + 3
    assert "<figure" in shown(Levels(some))[0]["text/html"]


def test_amounts_are_in_the_currency_given():
    spend = pd.DataFrame({"level": ["gold"], "customers": [1], "revenue": [1234.0]})
    assert "Revenue (£)" in shown(Levels(spend, currency="GBP"))[0]["text/html"]
    assert "Revenue<" in shown(Levels(spend))[0]["text/html"]


def test_what_does_not_apply_is_a_sentence_and_nothing_else():
    data, metadata = shown(NotApplicable("the data set has no <tickets>."))
    assert data["text/html"] == "<p>Cannot be told: the data set has no &lt;tickets&gt;.</p>"
    assert metadata["kehu"]["applicable"] is False


def test_a_finding_that_cannot_be_shown_fails_without_printing_its_customers(monkeypatch):
    def broken(figure, prefix):
        raise RuntimeError("no ink")

    open_before = plt.get_fignums()
    shown(levels())
    assert plt.get_fignums() == open_before
    monkeypatch.setattr(ink, "svg", broken)
    with pytest.raises(RuntimeError):
        levels()._repr_mimebundle_()
    assert plt.get_fignums() == open_before
    data, _ = shown(levels())
    assert data == {"text/plain": "<Levels>"}


def test_a_table_with_a_column_that_nobody_declared_is_not_shown():
    with pytest.raises(LookupError, match="column = 'phone': it is not declared"):
        Levels(levels().table.assign(phone="13800138000"))._repr_mimebundle_()


def test_the_numbers_of_a_finding_are_its_own_columns_and_no_others():
    assert levels(3).numbers("level", "customers", rows=2).split() == [
        "level",
        "customers",
        "level",
        "0",
        "100",
        "level",
        "1",
        "101",
    ]
    with pytest.raises(KeyError, match="customer_rate"):
        levels().numbers("level", "customer_rate")
    assert NotApplicable("there are no orders.").numbers("level") == "Cannot be told: there are no orders."


def test_what_rests_on_a_missing_answer_is_missing_too():
    answer = if_applicable(lambda first, second=2, *, third=3: (first, second, third))
    assert answer(1, third=4) == (1, 2, 4)
    assert answer(NotApplicable("there are no orders."), 5) == finding.MISSING_ABOVE


def test_showing_twice_gives_the_same_bytes_and_two_findings_share_no_id():
    once, again = (shown(levels())[0]["text/html"] for _ in range(2))
    assert once == again
    other = shown(Levels(levels().table, "Another sentence."))[0]["text/html"]
    ids = [set(re.findall(r'\bid="([^"]+)"', markup)) for markup in (once, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


@dataclass(frozen=True)
class Told(Finding):
    """A finding with a title and a basis."""

    table: pd.DataFrame
    columns = (CUSTOMERS,)

    def title(self) -> Sentence:
        return say("On this page")

    def plot(self, ax=None):
        return charts.bars(self.table.assign(name="a"), value=CUSTOMERS, label="name", ax=ax)

    def headline(self) -> Sentence:
        return say("as of {day}", day=facts.Name("<today>")).resting_on(say("The tables behind it"))


def test_a_finding_shows_its_headline_what_it_rests_on_and_the_question_of_its_figure():
    data, _ = shown(Told(pd.DataFrame({CUSTOMERS: [7]})))
    assert ">as of &lt;today&gt;</h3>" in data["text/html"]
    assert '<p class="kehu-basis">The tables behind it</p>' in data["text/html"]
    assert "<figcaption>On this page</figcaption>" in data["text/html"]
    assert data["text/plain"] == "as of <today>"


def test_one_output_carries_all_editions_of_a_run_the_first_one_in_front(monkeypatch):
    monkeypatch.setenv(language.EDITIONS, "zh,en")
    with plt.rc_context():
        charts.style()
        data, metadata = shown(Told(pd.DataFrame({CUSTOMERS: [7]})))
    assert data["text/plain"] == metadata["kehu"]["headline"] == "数据截至 <today>"
    assert "本页目录" in data["text/html"] and "On this page" not in data["text/html"]
    other = data[EDITIONS]["en"]
    assert other["headline"] == "as of <today>" and "On this page" in other["html"]


def test_what_does_not_apply_says_so_in_all_editions(monkeypatch):
    monkeypatch.setenv(language.EDITIONS, "en,zh")
    data, _ = shown(NotApplicable(say("this rests on an answer that is missing above.")))
    assert data["text/plain"] == "Cannot be told: this rests on an answer that is missing above."
    assert data[EDITIONS]["zh"]["headline"] == "暂时无法判断：所依据的上文结果缺失。"
