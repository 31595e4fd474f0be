"""A report, a segment model, a key and a dataset.toml of commit 74cad9d serve a run of today (see make.py)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import pages
from answers import words_of
from helpers.analyses import feedback, profiling, segmentation
from helpers.data import datasets, privacy
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, load
from helpers.reports import order, run

SAMPLE = Path(__file__).resolve().parent
OLD_DAY, DAY = "2025-06-30", "2025-07-31"
SHOP = f"shop-of-{os.getpid()}"  # what is prepared of one folder is forgotten for another of its name
READERS = ["profiling", "segmentation"]  # the notebooks that read the report before


def placed(reports: Path) -> Path:
    """The sample's reports in `reports`; an index makes a finished report of a folder."""
    shutil.copytree(SAMPLE / "reports/shop", reports / SHOP)
    (reports / SHOP / OLD_DAY / "index.html").touch()
    return reports


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Path]:
    """The sample's shop in a folder of its own; what was prepared of it in the project's folder is taken away."""
    folder = tmp_path_factory.mktemp("upgraded") / SHOP
    shutil.copytree(SAMPLE / "shop", folder)
    yield folder
    for home in datasets.PREPARED.glob(f"{SHOP}-*"):
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def opened(shop) -> dict[str, Dataset]:
    """The old shop on the day of the old report and a month later, as today's version reads it."""
    return {day: datasets.open(shop, day) for day in (OLD_DAY, DAY)}


@pytest.fixture(scope="module")
def renewed(shop) -> SimpleNamespace:
    """Today's run of the notebooks that read the report before, a month after it."""
    reports = placed(shop.parent / "reports")
    with pytest.MonkeyPatch.context() as patch, pages.kernels_begin_with(pages.UNDRAWN, shop.parent):
        patch.setattr(privacy, "KEY_FILE", SAMPLE / "pseudonym.key")
        made = run.report(shop, DAY, names=READERS, languages=["en"], out=reports)
    read = {word: pages.untied((made.folder / f"{word}.html").read_text(encoding="utf-8")) for word in READERS}
    return SimpleNamespace(made=made, tables=made.folder / "tables", pages=read, old=reports / SHOP / OLD_DAY)


@pytest.fixture
def tables(tmp_path) -> Path:
    """The old report's tables, to be spoiled."""
    return placed(tmp_path / "reports") / SHOP / OLD_DAY / "tables"


def test_an_old_report_serves_a_run_of_today(renewed):
    assert {word: outcome.problem for word, outcome in renewed.made.outcomes.items()} == dict.fromkeys(READERS, "")
    record = json.loads((renewed.made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {words["parameters"]["previous"] for words in record["notebooks"].values()} == {f"../{OLD_DAY}/tables"}
    for page in renewed.pages.values():
        assert "Traceback" not in page
        assert "no report before" not in page and "there is no model before" not in page


def test_figures_stand_beside_those_of_the_old_report(renewed):
    now, before = (load(folder, "kpis").set_index("kpi") for folder in (renewed.tables, renewed.old / "tables"))
    change = now["since_last_run_rate"].dropna()
    assert len(change) > 3
    assert change.to_dict() == pytest.approx((now["value"] / before["value"] - 1)[change.index].to_dict())


def test_shares_stand_beside_those_of_the_old_report(renewed):
    now, before = (load(folder, "rates").set_index("kpi") for folder in (renewed.tables, renewed.old / "tables"))
    assert now["last_run_rate"].notna().sum() > 5
    assert now["last_run_rate"].to_dict() == pytest.approx(before["rate"].reindex(now.index).to_dict(), nan_ok=True)


def test_columns_are_compared_with_those_of_the_old_report(opened, tables):
    before = load(tables, "column_profile")
    same_day = profiling.drift(profiling.profile_table(opened[OLD_DAY], before), before)
    assert same_day.table.empty and len(same_day.compared) > 10
    assert not isinstance(profiling.drift(profiling.profile_table(opened[DAY], before), before), NotApplicable)


def test_the_old_model_is_kept(renewed):
    now, before = (segmentation.kept_model(folder) for folder in (renewed.tables, renewed.old / "tables"))
    assert (now.fitted_on, now.used_on) == (OLD_DAY, DAY)
    assert (now.plan, now.cuts, now.clusters) == (before.plan, before.cuts, before.clusters)
    assert f"Labels come from the model of {OLD_DAY}: " in renewed.pages["segmentation"]
    assert f"Last used on {OLD_DAY}." in renewed.pages["segmentation"]


def test_every_customer_has_the_labels_that_the_old_version_gave(opened, tables):
    data, plan = opened[OLD_DAY], opened[OLD_DAY].settings.notebooks["segmentation"]
    wanted = segmentation.segment_plan(**plan["plan"], features=plan["features"], seed=1)
    used = segmentation.segment_model(data, wanted, segmentation.kept_model(tables))
    now, before = used.labels.by_customer().table, load(tables, "segments")
    pd.testing.assert_frame_equal(now, before[now.columns], check_dtype=False, check_categorical=False)


def test_pseudonyms_are_those_of_the_old_report(opened, tables, monkeypatch):
    monkeypatch.setattr(privacy, "KEY_FILE", SAMPLE / "pseudonym.key")
    names = load(tables, "advocates").set_index("customer_id")["pseudonym"]
    for data in opened.values():
        now = feedback.advocates(data).table.set_index("customer_id")["pseudonym"]
        shared = now.index.intersection(names.index)
        assert len(shared) > 300
        pd.testing.assert_series_equal(now[shared], names[shared], check_dtype=False)


@pytest.mark.parametrize("key", [None, bytes(32)])
def test_another_key_than_that_of_the_old_report_is_told_before_anything_runs(shop, tables, tmp_path, monkeypatch, key):
    path = tmp_path / "pseudonym.key"
    if key:
        path.write_bytes(key)
    monkeypatch.setattr(privacy, "KEY_FILE", path)
    with pytest.raises(ValueError, match=rf"^pseudonym.key: the report of {OLD_DAY} named customers by another key"):
        run.report(shop, DAY, names=READERS, out=tmp_path / "reports")
    assert path.exists() == bool(key)
    (tables / "advocates.parquet").unlink()
    order.check_pseudonyms_stay(tmp_path / "reports" / SHOP / DAY)


def test_the_old_settings_are_read(opened):
    """As many rows of each table are read as in the old version's accounting, and all that it used are used, or later."""
    old = pd.read_parquet(SAMPLE / "reports/shop" / OLD_DAY / "tables/accounting.parquet")
    now = profiling.accounting_lines(opened[OLD_DAY]).table

    def rows(lines: pd.DataFrame, *outcomes: str) -> dict[str, int]:
        return lines[lines["outcome"].isin(outcomes)].groupby("table")["rows"].sum().to_dict()

    assert rows(now, "read") == rows(old, "read")
    assert all(rows(now, "used", "later")[table] >= used for table, used in rows(old, "used").items())
    assert set(old["rule"]) <= set(now["rule"])


@pytest.mark.parametrize("name", ["kpis", "column_profile", "segments"])
def test_a_table_that_was_cut_off_is_told(tables, name):
    path = tables / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match=rf"^{name}.parquet: it is no whole table .* Make its report anew"):
        load(tables, name)


def test_a_table_without_a_column_of_today_is_told(opened, tables):
    before = load(tables, "column_profile").drop(columns="level")
    told = profiling.drift(profiling.profile_table(opened[DAY], before), before)
    assert words_of(told) == "Cannot be told: the report before described its columns in another form."
    with pytest.raises(ValueError, match=r"^before = a table of lower, .*it has kpi and value"):
        profiling.kpis(opened[DAY], before=load(tables, "kpis")[["lower", "upper"]])


def test_a_table_that_is_missing_is_no_error(opened, tables):
    (tables / "kpis.parquet").unlink()
    assert "since_last_run_rate" not in profiling.kpis(opened[DAY], before=load(tables, "kpis")).table


def spoil_clusters(words):
    words["clusters"]["names"] = words["clusters"]["names"][:-1]


def spoil_plan(words):
    words["plan"]["tier_names"] = ["Gold"]


def spoil_format(words):
    words["format"] = 99


def spoil_cuts(words):
    del words["cuts"]["stage"]


@pytest.mark.parametrize("spoil", [spoil_clusters, spoil_plan, spoil_format, spoil_cuts])
def test_a_model_that_cannot_be_read_is_told(tables, spoil):
    path = tables / "segment_model.json"
    words = json.loads(path.read_text(encoding="utf-8"))
    spoil(words)
    path.write_text(json.dumps(words), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^segment_model.json = .*Delete the file to begin anew"):
        segmentation.kept_model(tables)


def test_a_manifest_of_an_unknown_version_is_told(shop, tables):
    manifest = tables.parent / "manifest.json"
    manifest.write_text('{"version": 99}', encoding="utf-8")
    with pytest.raises(ValueError, match="it does not say which pages its report has"):
        run.report(shop, OLD_DAY, names=READERS, out=tables.parents[2])
