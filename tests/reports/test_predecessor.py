"""A report that stands says what it is made of, and which of its pages rest on which."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.reports import content, predecessor
from helpers.reports.kernels import Outcome
from helpers.reports.predecessor import Kept, Predecessor

MADE_OF = {"inputs": "1", "source": "2", "parameters": {"days": 30}, "beside": "3"}
DONE = MADE_OF | {"status": "completed", "left": content.of_files([], Path())}


def notebook(word, *needs, saves=()):
    cells = [new_code_cell(f'save({name}, save_to, "{name}")') for name in saves]
    return SimpleNamespace(word=word, needs=needs, node=new_notebook(cells=cells))


CHAIN = [notebook("a"), notebook("b", "a"), notebook("c", "b"), notebook("d")]


def anew(asked, there, made_of=None):
    made_of = made_of or dict.fromkeys("abcd", MADE_OF)
    standing = Predecessor(Path("nowhere"), there).standing(CHAIN, made_of)
    return "".join(each.word for each in predecessor.anew(CHAIN, asked, there, standing))


def test_pages_that_need_one_are_made_anew_with_it_and_those_it_needs_stay():
    there = dict.fromkeys("abcd", DONE)
    assert [anew([word], there) for word in "abcd"] == ["abc", "bc", "c", "d"]


def test_pages_that_are_not_there_are_not_added_but_where_they_are_needed():
    assert anew("b", {"a": DONE}) == "b" and anew("b", {}) == "ab" and anew("c", {"d": DONE}) == "abc"


@pytest.mark.parametrize(
    "other", [{"inputs": "9"}, {"source": "9"}, {"parameters": {}}, {"beside": "9"}, {"status": "failed"}]
)
def test_a_needed_page_of_another_making_is_made_anew_and_what_hangs_on_it_too(other):
    there = dict.fromkeys("abcd", DONE) | {"a": DONE | other}
    assert anew("c", there) == "c" and anew("b", there) == "abc"


@pytest.mark.parametrize("text", ["", '{"notebooks"', "[]", '{"pages": []}', '{"notebooks": null}'])
def test_a_manifest_that_does_not_name_its_pages_is_told(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"manifest.json: it does not say which pages its report has\. Move its folder"
    ):
        predecessor.of(tmp_path)


def test_where_there_is_no_report_there_is_no_predecessor(tmp_path):
    assert predecessor.of(tmp_path) is None


def test_pages_of_older_records_are_of_the_reports_own_files(tmp_path):
    record = {"started_at": "2026-01-05T08:00:00+00:00", "inputs": [], "notebooks": {"a": {"status": "completed"}}}
    (tmp_path / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    (page,) = predecessor.of(tmp_path).pages.values()
    assert page["inputs"] == content.fingerprint([]) and page["made_at"].startswith("2026-01-05")


def test_a_page_that_no_notebook_makes_any_more_is_told_not_lost(tmp_path):
    before = Predecessor(tmp_path / "2025-06-30", {"a": DONE, "z": DONE})
    with pytest.raises(ValueError, match="the report of 2025-06-30 has the page z too"):
        predecessor.check_known(before, CHAIN)


def test_a_kept_page_speaks_only_where_it_is_not_as_a_run_would_make_it():
    ended = Outcome("completed", 0.0, new_notebook())
    record = {"inputs": "1", "made_at": "2026-01-05T08:00:00+00:00"}
    assert Kept(ended, record, inputs="1").note == ""
    assert "2026-01-05, from other files" in Kept(ended, record, inputs="2").note
    assert "making it anew did not succeed" in Kept(ended, record, inputs="1", problem="no ink").note


def test_other_languages_than_those_of_pages_that_stay_are_refused():
    before = Predecessor(None, {}, ("zh", "en"))
    before.check_spoken(("en", "zh"), ["a"])
    before.check_spoken((), ["a"])
    before.check_spoken(("en",), [])
    with pytest.raises(ValueError, match="language = 'en': a stay as they are, in zh, en"):
        before.check_spoken(("en",), ["a"])


def test_the_tables_of_a_page_that_stays_are_neither_mixed_nor_linked(tmp_path):
    old, draft = tmp_path / "old", tmp_path / "draft"
    for home, names in ((old, "xyz"), (draft, "yn")):
        (home / "tables").mkdir(parents=True)
        for name in names:
            (home / "tables" / f"{name}.csv").write_text(f"{home.name} {name}")
    before = Predecessor(old, {})
    before.restore(draft, [notebook("a", saves=("x", "n"))], [notebook("b", saves=("y",))])
    left = {path.stem: path.read_text() for path in (draft / "tables").iterdir()}
    assert left == {"x": "old x", "y": "draft y", "z": "old z"}
    (draft / "tables" / "x.csv").write_text("changed")
    assert (old / "tables" / "x.csv").read_text() == "old x"


def test_files_made_of_a_list_stay_with_it(tmp_path):
    (tmp_path / "old" / "exports").mkdir(parents=True)
    (tmp_path / "old" / "exports" / "zoho.csv").touch()
    before = Predecessor(tmp_path / "old", {})
    plan, voice = notebook("plan", saves=("actions",)), notebook("voice", saves=("voice",))
    before.carry(tmp_path / "new", [voice], [plan, voice])
    assert not (tmp_path / "new" / "exports").exists()
    before.carry(tmp_path / "new", [plan], [plan, voice])
    assert (tmp_path / "new" / "exports" / "zoho.csv").exists()
