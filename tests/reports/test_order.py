"""An order knows what its kernels are given."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from helpers.data import datasets
from helpers.reports import order


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
