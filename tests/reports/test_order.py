"""An order knows what its kernels are given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.data import datasets, tombstones
from helpers.data.intake.wording.schema import Settings
from helpers.reports import content, folder, order, outputs
from helpers.reports.order import Order
from helpers.reports.past import memory
from helpers.reports.predecessor import LEFT, Predecessor


def notebook(word, types=("dataset", "as_of")):
    return SimpleNamespace(word=word, title=f"What about {word}?", types=dict.fromkeys(types, "str"))


def report(folder, **words):
    folder.mkdir(parents=True)
    (folder / "index.html").touch()
    ended = {word: {"status": status} for word, status in words.items()}
    (folder / "manifest.json").write_text(json.dumps({"notebooks": ended}), encoding="utf-8")
    return folder


def test_a_notebook_is_given_those_common_parameters_that_it_declares():
    given = order.declared({"dataset": "demo", "memory": "x"}, notebook("churn"), Path("toy/2025-06-30"))
    assert given == {"dataset": "demo"}


def test_kernels_are_told_the_day_and_the_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "folder_of", lambda dataset: datasets.RAW.resolve() / dataset)
    target = tmp_path / "toy" / "2025-06-30"
    common = order.common_parameters(SimpleNamespace(as_of="2025-06-30"), "toy", "zoho", target, target)
    assert common == {
        "dataset": "toy", "preset": "zoho", "as_of": "2025-06-30", "save_to": "tables",
        "memory": "..",
    }  # fmt: skip


def test_data_elsewhere_are_told_by_the_way_to_them(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "folder_of", lambda dataset: tmp_path / "exports" / "march")
    draft = tmp_path / "reports" / "march" / ".2025-03-31"
    common = order.common_parameters(SimpleNamespace(as_of="2025-03-31"), "x", "", draft.with_name("2025-03-31"), draft)
    assert common["dataset"] == "../../../exports/march"


def test_a_page_goes_on_from_the_newest_report_before_that_has_it(tmp_path):
    target = tmp_path / "toy" / "2025-06-30"
    report(tmp_path / "toy" / "2025-03-31", churn="completed", value="completed")
    report(tmp_path / "toy" / "2025-04-30", churn="failed", value="completed")
    report(tmp_path / "toy" / "2025-05-31", value="failed")
    report(tmp_path / "toy" / "2025-07-31", churn="completed")
    before = {
        word: order.declared({}, notebook(word, ["previous"]), target)["previous"]
        for word in ("churn", "value", "journey")
    }
    assert before == {"churn": "../2025-03-31/tables", "value": "../2025-04-30/tables", "journey": ""}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What a run of one page was asked for, and its notebook."""
    (tmp_path / "orders.csv").write_text("id\n1\n")
    (tmp_path / "2025-05-31").mkdir()
    (tmp_path / "2025-05-31" / folder.MANIFEST).write_text('{"started_at": "1"}')
    monkeypatch.setattr(datasets, "PREPARED", tmp_path / "prepared")
    monkeypatch.setattr(content, "code", lambda: "code")
    page = SimpleNamespace(word="a", title="A?", name="A", needs=(), node=new_notebook(cells=[new_code_cell("1")]))
    readings = pd.DataFrame({"told": ["decimal comma"]})
    data = SimpleNamespace(
        name="toy", as_of="2025-06-30", inputs=[tmp_path / "orders.csv"], settings=Settings("toy"), readings=readings
    )
    draft, earlier = tmp_path / ".2025-06-30", [tmp_path / "2025-05-31"]
    return Order(data, [page], {"a": {"days": 30}}, draft, ("en",), earlier, listed=[page])


def of_now(asked):
    return content.fingerprint(content.inputs(asked.data.inputs))


def standing(asked, **other):
    page = {"status": "completed", "inputs": of_now(asked), **asked.made_of["a"], **other}
    home = asked.earlier[0].parent
    page[LEFT] = outputs.digits(home, asked.wanted[0], asked.listed)
    return Predecessor(home, {"a": page}, ("en",))


def is_met(asked, before):
    """Whether the report is met by what a new order of the same finds."""
    now = replace(asked)
    return now.is_met_by(before, of_now(now))


def test_a_report_of_the_same_content_is_as_it_would_be_made_now(asked):
    assert is_met(asked, standing(asked))


@pytest.mark.parametrize("other", [{"status": "failed"}, {"renewal": {"status": "failed"}}])
def test_a_page_that_failed_or_whose_renewal_did_is_not(asked, other):
    assert not is_met(asked, standing(asked, **other))


def test_a_page_whose_notebook_was_touched_since_is_not(asked):
    before = standing(asked)
    (before.folder / "notebooks").mkdir()
    (before.folder / "notebooks" / "a.ipynb").write_text("{}")
    assert not is_met(asked, before)


@pytest.mark.parametrize(
    "changed", ["data", "parameters", "cells", "tags", "name", "code", "languages", "erased", "plans", "pages"]
)
def test_whatever_decides_a_page_makes_it_another(asked, monkeypatch, changed):
    before, notebook = standing(asked), asked.wanted[0]
    if changed == "data":
        asked.data.inputs[0].write_text("id\n2\n")
    elif changed == "parameters":
        asked.settings["a"]["days"] = 31
    elif changed == "cells":
        notebook.node.cells[0].source = "2"
    elif changed == "tags":
        notebook.node.cells[0].metadata["tags"] = ["key"]
    elif changed == "name":
        notebook.name = "B"
    elif changed == "code":
        monkeypatch.setattr(content, "code", lambda: "other")
    elif changed == "languages":
        asked = replace(asked, editions=("zh", "en"))
    elif changed == "erased":
        (asked.earlier[0].parent / "prepared").mkdir()
        tombstones.added(asked.earlier[0].parent / "prepared", "toy", {tombstones.CUSTOMER: ["c"]})
    elif changed == "plans":
        asked.settings["a"]["memory"] = ".."
        before = standing(replace(asked))
        memory.keep(pd.DataFrame({"planned_on": pd.to_datetime(["2025-06-01"])}), asked.draft.parent)
    else:
        other = SimpleNamespace(word="b", title="B?", name="B", needs=(), node=new_notebook())
        pages = [notebook, other]
        asked = replace(asked, wanted=pages, listed=pages, settings=asked.settings | {"b": {}})
    now = replace(asked)
    assert not is_met(asked, before) and now.standing(before, of_now(now)) == ({"a"} if changed == "pages" else set())


def test_files_written_again_with_the_same_content_change_nothing(asked):
    before = standing(asked)
    asked.data.inputs[0].unlink()
    asked.data.inputs[0].write_text("id\n1\n")
    assert is_met(asked, before)
