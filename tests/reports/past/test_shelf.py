"""The shelf tells of each data set what the manifests of its reports keep, and nothing where they keep none."""

from __future__ import annotations

import json

import pytest

from helpers import language
from helpers.reports.pages.monday import Monday
from helpers.reports.past import shelf


@pytest.fixture
def out(tmp_path):
    def made(name, day, **record):
        folder = tmp_path / name / day
        folder.mkdir(parents=True)
        (folder / "index.html").touch()
        if record:
            (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")

    page = {"verdict": "Sales fell.", "measure": "sales", "value": "¥5"}
    states = {"a": {"status": "completed"}, "b": {"status": "failed"}}
    made("shop", "2025-03-31", first_measure=4.0)
    made("shop", "2025-06-30", first_page={"en": page, "zh": page | {"verdict": "营收下降。"}}, first_measure=5.0,
         notebooks=states, title="A shop")  # fmt: skip
    made("shop", "2024-12-31", first_measure=None)
    made("older", "2025-01-31")
    (tmp_path / "older" / "2025-01-31" / "manifest.json").write_text("{", encoding="utf-8")
    return tmp_path


def test_a_data_set_shows_its_newest_verdict_and_its_first_measure_over_all_days(out):
    _older, shop = shelf.entries(out)
    assert (shop.title, shop.verdict, shop.measure, shop.value) == ("A shop", "Sales fell.", "sales", "¥5")
    assert shop.days == ["2025-06-30", "2025-03-31", "2024-12-31"] and shop.line == [None, 4.0, 5.0]
    assert str(shop.drawn) == "3 reports: December 31, 2024 to June 30, 2025."
    assert str(shop.state) == "1 of 2 pages complete." and not shop.is_whole


def test_it_speaks_the_language_of_the_shelf_where_the_report_does(out):
    with language.spoken("zh"):
        assert shelf.entries(out)[1].verdict == "营收下降。"


def test_a_report_whose_manifest_cannot_be_read_still_stands_there(out):
    older = shelf.entries(out)[0]
    assert (older.name, older.days, older.verdict, older.line, older.state) == ("older", ["2025-01-31"], "", (), None)


def test_a_first_page_keeps_its_verdict_and_its_first_measure():
    tile = {"name": "sales", "value": "¥5", "number": 5.0}
    first = Monday("Sales fell.", "", [], [], [tile, tile | {"name": "others"}])
    assert shelf.kept(first) == {"verdict": "Sales fell.", "measure": "sales", "value": "¥5"}
    assert shelf.number(first) == 5.0 and shelf.number(Monday("", "", [], [], [])) is None
    assert shelf.kept(Monday("", "", [], [], [])) == {"verdict": "", "measure": "", "value": ""}
