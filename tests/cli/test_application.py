"""The command line: what it says, on which stream, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.cli import lab as jupyterlab
from helpers.data import datasets, draft
from helpers.findings import save
from helpers.reports import run


def invoke(*words):
    return CliRunner().invoke(cli.app, list(words))


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Who runs the tests may speak another language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_a_check_of_data_older_than_a_schedule_allows_ends_with_3(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "PREPARED", tmp_path / "prepared")
    (tmp_path / "dataset.toml").write_text('[tables.events]\nfile = "events.csv"\n')
    (tmp_path / "events.csv").write_text("customer_id,event,happened_at\na,visit,2025-06-01\nb,visit,2025-06-02\n")
    words = ("check", "--dataset", str(tmp_path), "--as-of", "2025-06-30", "--fresh-within")
    assert [invoke(*words, days).exit_code for days in ("27", "28")] == [3, 0]


@pytest.mark.parametrize("command", ["report", "check"])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dataset", "no_such_data"], "no_such_data"),
        (["--as-of", "30/06/2025"], "as_of = '30/06/2025': write a date as 'YYYY-MM-DD'."),
    ],
)
def test_bad_input_is_one_sentence_on_stderr_and_exit_code_2(monkeypatch, tmp_path, command, words, message):
    monkeypatch.setattr(run.notebooks, "discover", lambda _: [])
    monkeypatch.chdir(tmp_path)
    result = invoke(command, *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("kehu: ") and message in result.stderr
    assert result.stderr.count("\n") == 1 and "Traceback" not in result.stderr


@pytest.fixture
def corner(tmp_path, monkeypatch):
    """A folder with a shop's orders, of which one in three names no customer, and without dataset.toml."""
    monkeypatch.setattr(datasets.open, "__kwdefaults__", datasets.open.__kwdefaults__ | {"prepared": tmp_path / "p"})
    monkeypatch.setattr(run, "report", lambda *_, **__: pytest.fail("a run was started"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "corner"
    folder.mkdir()
    (folder / "orders.csv").write_text(
        "Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Telefon\n"
        "1;a;2025-01-02;5;0170123\n2;b;2025-03-04;6;0170124\n3;;2025-03-04;7;0170125\n"
    )
    return folder


def test_a_folder_without_settings_is_told_how_to_get_some(corner):
    told = invoke("check", "--dataset", "corner")
    assert told.exit_code == 2 and "Run `kehu init corner`" in told.stderr


def test_init_writes_settings_that_check_accepts_and_shows_no_personal_value(corner):
    made = invoke("init", "corner")
    assert made.exit_code == 0 and "Written: corner/dataset.toml" in made.stdout
    assert "9999999" in made.stdout and "0170123" not in made.stdout + (corner / "dataset.toml").read_text()
    checked = invoke("check", "--dataset", "corner")
    assert checked.exit_code == 0 and "corner, as of March 4, 2025: 2 customers" in checked.stdout


def test_init_writes_over_settings_only_when_forced(corner):
    (corner / "dataset.toml").write_text("# mine\n")
    refused = invoke("init", "corner")
    assert refused.exit_code == 2 and (corner / "dataset.toml").read_text() == "# mine\n"
    assert refused.stderr == "kehu: folder = 'corner': it has a dataset.toml. Give --force to write over it.\n"
    assert invoke("init", "corner", "--force").exit_code == 0
    assert "[tables.orders]" in (corner / "dataset.toml").read_text()


def test_init_of_a_database_writes_into_a_folder_of_its_name(corner, monkeypatch):
    monkeypatch.setattr(datasets, "RAW", corner.parent / "raw")
    (corner.parent / "raw").mkdir()
    found, url = draft.drafted(corner), "mysql://analyst@db.host/my%20shop"
    monkeypatch.setattr(draft, "of_database", lambda url: (found, draft.Database(url, {}, "`")))
    made = invoke("init", url)
    assert made.exit_code == 0 and made.stdout.endswith(
        "raw/my_shop/dataset.toml. Read it, then run: kehu check --dataset my_shop\n"
    )
    assert f'[source]\nurl = "{url}"' in (corner.parent / "raw" / "my_shop" / "dataset.toml").read_text()
    assert invoke("init", url).exit_code == 2
    refused = invoke("init", "mysql://analyst:s3cret@db.host/shop")
    assert refused.exit_code == 2 and "it holds a password" in refused.stderr and "s3cret" not in refused.stderr


def test_init_says_where_a_folder_holds_no_customers(corner):
    (corner / "orders.csv").write_text("basket,good\n1,milk\n1,bread\n2,milk\n")
    told = invoke("init", "corner")
    assert told.exit_code == 2 and "no file names a customer" in told.stderr
    assert not (corner / "dataset.toml").exists()


def test_check_accounts_for_every_row_without_running_a_notebook(corner):
    invoke("init", "corner")
    told = invoke("check", "--dataset", "corner")
    assert "             3  read\n             2  used\n             1  whole, but name no customer" in told.stdout
    assert "churn         applies; with subscriptions, customers it says more" in told.stdout


def test_check_is_strict_when_asked_and_prints_json(corner):
    invoke("init", "corner")
    assert invoke("check", "--dataset", "corner", "--strict").exit_code == 3
    told = json.loads(invoke("check", "--dataset", "corner", "--json").stdout)
    assert told["customers"] == 2 and told["tables"]["orders"]["rows"]["guests"] == 1
    (corner / "orders.csv").write_text("Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag\n1;a;2025-01-02;5\n")
    assert invoke("check", "--dataset", "corner", "--strict").exit_code == 0


def test_init_check_and_their_errors_speak_chinese_by_option_or_environment(corner, monkeypatch):
    assert "已写入 corner/dataset.toml" in invoke("init", "corner", "--language", "zh").stdout
    assert "由 kehu init 写成" in (corner / "dataset.toml").read_text(encoding="utf-8")
    assert (
        "corner，数据截至 2025 年 3 月 4 日：2 位客户"
        in invoke("check", "--dataset", "corner", "--language", "zh").stdout
    )
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "已有 dataset.toml" in invoke("init", "corner").stderr
    assert "日期请写成" in invoke("check", "--as-of", "30/06/2025").stderr
    assert "it has a dataset.toml" in invoke("init", "corner", "--language", "en").stderr


@pytest.fixture
def linked(tmp_path, monkeypatch):
    """A data set whose orders are a link to a file outside its folder."""
    monkeypatch.setattr(datasets.open, "__kwdefaults__", datasets.open.__kwdefaults__ | {"prepared": tmp_path / "p"})
    monkeypatch.setenv(datasets.OUTSIDE, "")  # so that it is put back
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dataset.toml").write_text("[tables.orders]\nfile = 'orders.csv'\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2025-01-01,5\n")
    (folder / "orders.csv").symlink_to(tmp_path / "orders.csv")
    return folder


def test_files_outside_the_folder_are_read_only_where_the_command_allows_it(linked):
    refused = invoke("check", "--dataset", str(linked))
    assert refused.exit_code == 2 and "outside the folder 'shop'" in refused.stderr
    allowed = invoke("check", "--dataset", str(linked), "--allow-outside")
    assert allowed.exit_code == 0 and ": 1 customers" in allowed.stdout


def test_check_also_reads_the_parameters_of_notebooks(linked):
    toml = linked / "dataset.toml"
    toml.write_text(toml.read_text() + "[notebooks.churn]\nhorizon_day = 90\n")
    told = invoke("check", "--dataset", str(linked), "--allow-outside")
    assert told.exit_code == 2 and "horizon_day" in told.stderr and "Did you mean 'horizon_days'" in told.stderr


@pytest.mark.parametrize(("locale", "spoken"), [("zh_CN.UTF-8", "zh"), ("de_DE.UTF-8", "en")])
def test_lab_has_its_kernels_speak_the_language_of_the_system(monkeypatch, locale, spoken):
    surroundings = []
    monkeypatch.setattr(os, "execve", lambda file, words, environment: surroundings.append(environment))
    monkeypatch.setattr(jupyterlab, "strip_outputs_on_commit", lambda project: False)
    monkeypatch.setenv("LC_ALL", locale)
    assert invoke("lab").exit_code == 0
    heard = subprocess.run(
        [sys.executable, "-c", "from helpers import language; print(language.current(), *language.editions())"],
        env=surroundings[0], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert heard.stdout.split() == [spoken, spoken]


@pytest.mark.parametrize(("is_root", "leave"), [(True, ["--allow-root"]), (False, [])])
def test_lab_opens_jupyterlab_of_this_environment_in_the_notebooks_folder(monkeypatch, is_root, leave):
    calls, set_up = [], []
    monkeypatch.setattr(os, "execve", lambda *words: calls.append(words[:2]))
    monkeypatch.setattr(jupyterlab, "runs_as_root", lambda: is_root)
    monkeypatch.setattr(jupyterlab, "strip_outputs_on_commit", lambda project: set_up.append(project))
    told = invoke("lab", "--no-browser", "--port", "8899")
    assert told.exit_code == 0 and ("You are root" in told.stderr) == is_root
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        str(datasets.PROJECT / "notebooks"),
        "--no-browser",
        "--port",
        "8899",
    ]
    assert calls == [(sys.executable, [*command, *leave])] and set_up == [datasets.PROJECT]


def test_a_plan_is_written_again_for_a_crm_without_a_run(tmp_path):
    shop, report = tmp_path / "shop", tmp_path / "reports" / "shop" / "2025-06-30"
    shop.mkdir()
    (shop / "dataset.toml").write_text('[tables.customers]\nfile = "customers.csv"\n')
    rows = {"arm": ["treat", "holdout"], "channel": "企业微信", "owner": None, "due_on": pd.Timestamp("2025-07-07")}
    names = ("customer_id", "action", "script", "offer_good", "action_key")
    save(pd.DataFrame(rows | {name: [f"{name} a", f"{name} b"] for name in names}), report / "tables", "actions")
    (report / "index.html").write_text("")
    where = ["--dataset", str(shop), "--out", str(tmp_path / "reports")]
    result = invoke("plan", "--export", "wecom", "--as-of", "2025-06-30", *where)
    assert result.exit_code == 0 and result.stdout.strip().endswith("exports/wecom.csv")
    written = (report / "exports" / "wecom.csv").read_text(encoding="utf-8-sig")
    assert "action_key a" in written and "action_key b" not in written
    assert "there is no report" in invoke("plan", "--as-of", "2025-07-31", *where).stderr
    assert invoke("plan", "--export", "sap", *where).exit_code == 2
    assert invoke("plan", "--export", "sap", "--export", "wecom", *where).exit_code == 2, "each --export counts"


@pytest.mark.parametrize("command", ["report", "check"])
def test_help_teaches_by_example(command):
    result = invoke(command, "--help")
    assert result.exit_code == 0
    assert f"kehu {command} --dataset ../exports/march --preset zoho" in result.stdout


def test_help_loads_nothing_heavy():
    """What the command line imports before it knows the command is paid by every call."""
    program = "import sys, json; from helpers import cli; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"pandas", "numpy", "ibis", "duckdb", "papermill", "nbformat", "matplotlib", "helpers.reports.run"}
    assert heavy.isdisjoint(json.loads(done.stdout))


def test_a_draft_that_cannot_be_written_is_told_and_the_settings_before_stay(tmp_path, monkeypatch):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,5\n2,b,2024-01-02,6\n")
    (folder / "dataset.toml").write_text("title = 'Mine'\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    done = CliRunner().invoke(cli.app, ["init", str(folder), "--force"])
    assert done.exit_code == 2 and "dataset.toml: it cannot be written (No space left on device)" in done.output
    assert (folder / "dataset.toml").read_text() == "title = 'Mine'\n"
    assert {path.name for path in folder.iterdir()} == {"orders.csv", "dataset.toml"}


def test_old_reports_are_pruned_as_the_rule_says(tmp_path):
    for day in ("2025-01-01", "2025-01-02"):
        (tmp_path / "toy" / day).mkdir(parents=True)
        (tmp_path / "toy" / day / "index.html").touch()
    told = invoke("prune", "--keep", "1 day", "--out", str(tmp_path), "--dry-run")
    assert told.exit_code == 0 and "toy: reports to remove: 1" in told.stdout
    assert "reports removed: 1" in invoke("prune", "--keep", "1 day", "--out", str(tmp_path)).stdout
    assert not (tmp_path / "toy" / "2025-01-01").exists()
    refused = invoke("prune", "--keep", "1", "--out", str(tmp_path), "--language", "zh")
    assert refused.exit_code == 2 and "保留多少份" in refused.stderr
