"""An order knows what its kernels are given, and what it must not take away."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from helpers.data import datasets
from helpers.reports import order


def notebook(word, types=("dataset", "as_of")):
    return SimpleNamespace(word=word, title=f"What about {word}?", types=dict.fromkeys(types, "str"))


def report(folder, *words):
    folder.mkdir(parents=True)
    (folder / "index.html").touch()
    (folder / "manifest.json").write_text(json.dumps({"notebooks": dict.fromkeys(words, {})}), encoding="utf-8")
    return folder


def test_a_notebook_is_given_those_common_parameters_that_it_declares():
    assert order.declared({"dataset": "demo", "previous": "x"}, notebook("churn")) == {"dataset": "demo"}


def test_kernels_are_told_the_day_the_tables_and_the_report_before(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "folder_of", lambda dataset: datasets.RAW.resolve() / dataset)
    target = tmp_path / "toy" / "2025-06-30"
    for day in ("2025-03-31", "2025-05-31", "2025-06-30", "2025-07-31"):
        report(tmp_path / "toy" / day)
    common = order.common_parameters(SimpleNamespace(as_of="2025-06-30"), "toy", "zoho", target, target)
    assert common == {
        "dataset": "toy", "preset": "zoho", "as_of": "2025-06-30", "save_to": "tables",
            "previous": "../2025-05-31/tables", "memory": "..",
    }  # fmt: skip


def test_data_elsewhere_are_told_by_the_way_to_them_and_the_first_report_has_none_before(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "folder_of", lambda dataset: tmp_path / "exports" / "march")
    draft = tmp_path / "reports" / "march" / ".2025-03-31"
    common = order.common_parameters(SimpleNamespace(as_of="2025-03-31"), "x", "", draft.with_name("2025-03-31"), draft)
    assert (common["dataset"], common["previous"]) == ("../../../exports/march", "")


@pytest.mark.parametrize("wanted", [["churn", "value"], ["churn", "value", "journey"]])
def test_a_run_that_makes_all_pages_again_takes_none_away(tmp_path, wanted):
    order.check_nothing_is_lost(tmp_path / "absent", [notebook("churn")])
    order.check_nothing_is_lost(report(tmp_path / "day", "churn", "value"), [notebook(word) for word in wanted])


def test_a_run_that_takes_pages_away_is_refused(tmp_path):
    there = report(tmp_path / "day", "profiling", "churn", "value")
    with pytest.raises(
        ValueError,
        match=r"^notebooks = 'churn': .*day has a report with profiling, value too, .*--out reports/churn\.$",
    ):
        order.check_nothing_is_lost(there, [notebook("churn")])


@pytest.mark.parametrize("text", ["", '{"notebooks"', "[]", '{"pages": []}', '{"notebooks": null}'])
def test_a_manifest_that_does_not_name_its_pages_is_told(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"manifest.json: it does not say which pages its report has\. Move it"):
        order.check_nothing_is_lost(tmp_path, [notebook("churn")])
