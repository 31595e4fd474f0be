"""Each edition has what was asked for in its folder, and its first page leads there."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from helpers.reports import production, run
from helpers.reports.exports import of_lines, of_paths
from helpers.reports.pages import publish
from helpers.reports.pages.monday import Monday
from kills import DAY, stubbed


@pytest.fixture
def made(tmp_path):
    """Makes a report of two editions, with its own first pages; `problem` is what printing says."""
    index = publish.index
    with stubbed(tmp_path) as shop, pytest.MonkeyPatch.context() as patch:
        patch.setattr(production.publish, "index", lambda **words: index(**words | {"printed": {}}))

        def make(problem="", **words):
            def write(path, sheets):
                if not problem:
                    path.write_text(sheets)
                return problem

            patch.setattr(production.editions.exports, "write_pdf", write)
            return run.report("toy", source=shop.source, out=shop.out, **words)

        yield make


def test_paper_is_printed_where_it_is_asked_for_in_each_language(made):
    folder = made(pdf=True).folder
    assert folder.name == DAY and "data to 2025-06-30" in (folder / "report.pdf").read_text()
    assert "数据截至 2025-06-30" in (folder / "zh" / "report.pdf").read_text()
    assert all('href="report.pdf"' in (place / "index.html").read_text() for place in (folder, folder / "zh"))


def test_it_is_not_where_it_is_not_asked_for(made):
    folder = made().folder
    assert not (folder / "report.pdf").exists() and "report.pdf" not in (folder / "index.html").read_text()


def test_where_it_cannot_be_the_run_says_so_once_and_all_else_is_there(made):
    done = made("No PDF was made.", pdf=True)
    assert done.problem == "No PDF was made." and done.completed
    assert (done.folder / "report.xlsx").exists() and "report.pdf" not in (done.folder / "index.html").read_text()


def test_a_report_without_its_paper_is_not_skipped_where_that_is_asked_for(made, monkeypatch):
    made()
    monkeypatch.setattr(run.exports, "has_pdf", lambda report: (report / "report.pdf").exists())
    assert made(if_changed=True).skipped
    assert not made(if_changed=True, pdf=True).skipped
    assert made(if_changed=True, pdf=True).skipped


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_the_mail_of_each_edition_needs_nothing_that_mail_programs_lack(made):
    folder = made().folder
    for place in (folder, folder / "zh"):
        mail = (place / "mail.html").read_text(encoding="utf-8")
        found = Elements(mail).found
        assert not {"script", "style", "svg", "link", "a", "iframe", "form"} & {tag for tag, _ in found}
        sources = [
            value for _, named in found for name, value in named.items() if name in ("src", "href", "background")
        ]
        assert all(source.startswith("data:image/png;base64,") for source in sources)
        assert all("class" not in named for _, named in found) and "var(" not in mail and "url(" not in mail
        assert len(mail) < 40_000
    assert '<html lang="zh">' in mail and "数据截至 2025-06-30" in mail


def test_the_mail_says_what_the_first_page_says():
    tile = {"name": "revenue", "value": "¥5", "number": 5.0, "periods": [1.0, None, 2.0], "drawn": "12 months",
            "standings": [{"sign": "▼", "said": "−5% on <last> year", "direction": "worse"}]}  # fmt: skip
    news = {
        "sign": "▲",
        "said": "Ann's & Bob's",
        "direction": "level",
        "basis": "",
        "owner": "Head",
        "due_on": "July 7",
    }
    first = Monday("Sales are level.", "Resting on much.", [news], [news], [tile])
    pages = [
        publish.Page("a", "?", "Leaving", answer="Half leave.", sketch=("M0 0L9 0L9 9Z", "M0 0L9 9")),
        publish.Page("b", "?", "Voice", lacking="No tickets."),
        publish.Page("c", "?", "Plan", status="failed", problem="no ink"),
    ]
    draw = {"lines": of_lines, "paths": of_paths}
    mail = publish.letter(dataset="A <shop>", as_of="2025-06-30", pages=pages, first=first, draw=draw)
    said = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", mail)))
    for words in ("A <shop> · Monday page", "Sales are level.", "Resting on much.", "▲ Ann's & Bob's", "Head · by July 7",
                  "revenue ¥5", "▼ −5% on <last> year worse", "Leaving Half leave.", "Voice No tickets.", "Plan Failed: no ink."):  # fmt: skip
        assert words in said, words
    pictures = [named for tag, named in Elements(mail).found if tag == "img"]
    assert [named["alt"] for named in pictures] == ["12 months", ""]
