"""Whatever a page rests on beside its data, parameters and code is seen where it changes, and nothing else is."""

from __future__ import annotations

import platform
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.data import datasets, privacy, tombstones
from helpers.findings.drawing import typeface
from helpers.reports import content, dependencies
from helpers.reports.past import memory

READINGS = pd.DataFrame(
    {"column": ["amount"], "told": ["decimal comma"], "before": [None], "stand_ins": [np.array(["-999"])]}
)


@pytest.fixture
def now(tmp_path, monkeypatch):
    """What every page of a toy report rests on, as it is when this is called."""
    monkeypatch.setattr(datasets, "PREPARED", tmp_path)
    monkeypatch.setattr(privacy, "KEY_FILE", tmp_path / "pseudonym.key")
    privacy.own_key(privacy.KEY_FILE)

    def found(*editions, readings=READINGS, **surroundings):
        data = SimpleNamespace(name="toy", readings=readings)
        return dependencies.of_all(data, editions or ("en",), surroundings)

    return found


def changed(now, before):
    return [name for name in now if now[name] != before[name]]


def test_what_changed_nowhere_is_the_same(now):
    assert now() == now() and all(isinstance(each, str) for each in now().values())


@pytest.mark.parametrize(
    "name",
    [
        "KEHU_ENGINE",
        "KEHU_ALLOW_OUTSIDE",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    ],
)
def test_the_environment_that_kernels_read_decides_a_page(now, monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    before = now()
    monkeypatch.setenv(name, "1")
    assert changed(now(), before) == ["environment"]


def test_whom_a_report_is_mailed_to_decides_no_page_and_no_secret_is_part_of_one(now, monkeypatch):
    before = now()
    for name in ("KEHU_SMTP", "KEHU_SMTP_PASSWORD", "KEHU_DATABASE_PASSWORD", "KEHU_CHROMIUM", "KEHU_WEBHOOK", "HOME"):
        monkeypatch.setenv(name, "other")
    assert now() == before


def test_the_smallest_group_and_the_languages_decide_a_page(now):
    before = now(KEHU_SMALLEST_GROUP="10")
    assert changed(now(KEHU_SMALLEST_GROUP="11"), before) == ["environment"]
    assert changed(now("zh", "en", KEHU_SMALLEST_GROUP="10"), before) == ["languages"]


def test_who_is_erased_decides_a_page(now, tmp_path):
    before = now()
    tombstones.added(tmp_path, "other", {tombstones.CUSTOMER: ["c"]})
    assert now() == before
    tombstones.added(tmp_path, "toy", {tombstones.CUSTOMER: ["c"]})
    assert changed(now(), before) == ["erased"]


@pytest.mark.parametrize("key", [b"another", None])
def test_the_key_of_pseudonyms_and_of_who_is_held_out_decides_a_page_and_is_not_told(now, key):
    before, secret = now(), privacy.KEY_FILE.read_bytes()
    privacy.KEY_FILE.unlink() if key is None else privacy.KEY_FILE.write_bytes(key)
    assert changed(now(), before) == ["pseudonyms"] and secret.hex()[:8] not in str(before)


def test_how_columns_were_read_before_decides_a_page(now):
    before = now()
    assert changed(now(readings=READINGS.assign(before=["decimal point"])), before) == ["readings"]
    assert changed(now(readings=READINGS.assign(stand_ins=[np.array([])])), before) == ["readings"]


def test_packages_python_and_typeface_decide_a_page(now, monkeypatch, tmp_path):
    before = now()
    monkeypatch.setattr(content, "packages", lambda: "other")
    monkeypatch.setattr(platform, "python_version", lambda: "9.9")
    other = tmp_path / typeface.han_font().name
    other.write_bytes(b"other")
    monkeypatch.setattr(typeface, "han_font", lambda: other)
    assert changed(now(), before) == ["packages", "python", "typeface"]


@pytest.fixture
def given(tmp_path):
    """Parameters of a page that reads the report before, as a kernel in the draft finds it, and the plans kept."""
    save_table(tmp_path / "2025-05-31" / "tables", "kpis", pd.DataFrame({"value": [1]}))
    (tmp_path / "2025-05-31" / "tables" / "segment_model.json").write_text("{}")
    (tmp_path / "2025-05-31" / "tables" / "kpis.csv").write_text("value\n1\n")
    plans(tmp_path, "2025-05-31")
    return {"previous": "../2025-05-31/tables", "memory": ".."}


def save_table(home, name, rows):
    home.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(home / f"{name}.parquet")


def plans(home, *days):
    memory.keep(pd.DataFrame({"planned_on": pd.to_datetime(list(days)), "customer_id": "c"}), home)


def earlier(home, given):
    return dependencies.of_earlier(given, home / ".2025-06-30", "2025-06-30")


@pytest.mark.parametrize("name", ["kpis.parquet", "segment_model.json"])
def test_tables_and_models_of_the_report_before_decide_a_page_that_is_given_them(tmp_path, given, name):
    before = earlier(tmp_path, given)
    (tmp_path / "2025-05-31" / "tables" / "kpis.csv").write_text("value\n2\n")
    assert earlier(tmp_path, given) == before
    (tmp_path / "2025-05-31" / "tables" / name).write_text("other")
    assert changed(earlier(tmp_path, given), before) == ["previous"]


def test_the_first_plan_of_a_data_set_does_not_decide_the_page_that_made_it(tmp_path, given):
    (tmp_path / "plan_history.parquet").unlink()
    before = earlier(tmp_path, given)
    plans(tmp_path, "2025-06-30")
    assert earlier(tmp_path, given) == before


def test_plans_made_before_the_day_decide_a_page_that_is_given_them_and_its_own_does_not(tmp_path, given):
    before = earlier(tmp_path, given)
    plans(tmp_path, "2025-05-31", "2025-06-30")
    assert earlier(tmp_path, given) == before
    plans(tmp_path, "2025-05-31", "2025-06-15")
    assert changed(earlier(tmp_path, given), before) == ["memory"]


def test_a_page_that_is_given_nothing_of_earlier_days_rests_on_none(tmp_path, given):
    assert earlier(tmp_path, {"days": 30}) == earlier(tmp_path, {"previous": "", "memory": ""}) == {}
