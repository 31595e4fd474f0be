"""The PDF is what a browser prints; where there is none that is told, and the report does without."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from browsing import needs_a_browser
from helpers import language
from helpers.findings.drawing import typeface
from helpers.reports.exports import browsers, paper
from helpers.reports.pages import publish
from helpers.reports.pages.excerpts import Excerpt
from helpers.reports.pages.monday import Monday

TALL = '<figure><figcaption>Who?</figcaption><svg viewBox="0 0 400 {height}"><rect width="400" height="{height}"/></svg></figure>'
HEADLINE = "Of 1,234 customers who came in the last quarter of the year about 56% have not come back since, so far as is known."
TILE = {"name": "revenue", "value": "¥5", "periods": [1.0, None, 2.0], "drawn": "12 months", "standings": [
    {"sign": "▲", "said": "more than in the same months of the year before by 12.3 points", "direction": "better"}] * 3}  # fmt: skip
NEWS = {
    "sign": "▼",
    "said": HEADLINE,
    "direction": "worse",
    "basis": HEADLINE,
    "owner": "Head of marketing",
    "due_on": "July 7",
}


def sheets(spoken="en", height=270):
    """The fullest report that there can be: nine pages of three long answers with tall figures."""
    answers = tuple(Excerpt(f"{k} {HEADLINE}", Markup(HEADLINE), Markup(TALL.format(height=height))) for k in range(3))
    pages = [publish.Page(f"p{k}", "What about it?", "It", excerpts=answers, note=HEADLINE) for k in range(9)]
    first = Monday(HEADLINE, HEADLINE, [NEWS] * 3, [NEWS] * 3, [TILE] * 6)
    with language.spoken(spoken):
        html = publish.sheets(dataset='A "shop"</style>\\', as_of="2025-06-30", pages=pages, first=first)
        return typeface.with_glyphs([html])[0]


def printed(path):
    """How many sheets a PDF has, and their sizes in points."""
    pdf = path.read_bytes()
    sizes = re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)), {
        tuple(round(float(x)) for x in size.split()) for size in sizes
    }


@needs_a_browser
@pytest.mark.parametrize(("spoken", "height"), [("en", 270), ("zh", 2000)])
def test_the_fullest_report_is_a_sheet_of_a4_a_page_behind_the_monday_page(tmp_path, spoken, height):
    assert paper.write_pdf(tmp_path / "report.pdf", sheets(spoken, height)) == ""
    assert printed(tmp_path / "report.pdf") == (10, {(0, 0, 595, 842)})


def test_without_a_browser_that_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(browsers, "found", lambda: "")
    assert "this machine has no Chromium" in paper.write_pdf(tmp_path / "report.pdf", "")
    assert paper.has_pdf(tmp_path) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true", "/no/such/browser"])
def test_a_browser_that_stops_or_prints_nothing_is_told(tmp_path, monkeypatch, program):
    monkeypatch.setattr(browsers, "found", lambda: program)
    assert "Chromium stopped" in paper.write_pdf(tmp_path / "report.pdf", "")
    assert not paper.has_pdf(tmp_path) and not list(tmp_path.iterdir())
