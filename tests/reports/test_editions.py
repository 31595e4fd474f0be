"""Each edition has what was asked for in its folder, and its first page leads there."""

from __future__ import annotations

import pytest
from kills import DAY, stubbed

from helpers.reports import run
from helpers.reports.pages import publish


@pytest.fixture
def made(tmp_path):
    """Makes a report of two editions, with its own first pages; `problem` is what printing says."""
    index = publish.index
    with stubbed(tmp_path) as shop, pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.publish, "index", lambda **words: index(**words | {"printed": {}}))

        def make(problem="", **words):
            def write(path, sheets):
                if not problem:
                    path.write_text(sheets)
                return problem

            patch.setattr(run.editions.exports, "write_pdf", write)
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
