"""One run: what its order may ask, what it renews and keeps of a report that is there, and what it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import datasets
from helpers.reports import content, production, run
from toy_reports import toy_data


def test_the_report_lies_under_data_set_and_day_with_latest_and_an_index_of_all(finished):
    assert finished.run.folder == finished.out / "toy" / "2025-06-30"
    assert sorted(path.name for path in (finished.out / "toy").iterdir()) == ["2025-06-30", "latest"]
    assert os.readlink(finished.out / "toy" / "latest") == "2025-06-30"
    assert "2025-06-30" in (finished.out / "index.html").read_text(encoding="utf-8")


def test_the_manifest_says_what_was_run_with_what(finished):
    text = (finished.run.folder / "manifest.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["dataset"] == "toy" and record["as_of"] == "2025-06-30"
    assert record["notebooks"]["good"]["parameters"] == {
        "dataset": "toy",
        "preset": "",
        "as_of": "2025-06-30",
        "save_to": "tables",
        "days": 60,
    }
    assert record["notebooks"]["slow"]["status"] == "timed out"
    assert record["notebooks"]["slow"]["seconds"] >= 4
    assert [entry["file"] for entry in record["inputs"]] == ["orders.csv"]
    assert record["readings"] == [{"table": "orders", "column": "amount", "told": "decimal comma"}]
    assert record["accounting"][2]["rows"] == 1
    assert record["packages"]["pandas"] == pd.__version__
    assert str(finished.home) not in text and str(datasets.PROJECT) not in text


def refuse(*_, **__):
    pytest.fail("a kernel was started")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"parameters": {"dyas": "3"}}, "dyas: no such parameter"),
        ({"parameters": {"days": "many"}}, "days = 'many': give a whole number."),
        ({"names": ["god"]}, "Did you mean 'good'?"),
        ({"as_of": "30/06/2025"}, "as_of = '30/06/2025': write a date as 'YYYY-MM-DD'."),
    ],
)
def test_a_slip_in_the_order_is_told_before_data_are_read_or_a_kernel_starts(finished, monkeypatch, words, message):
    monkeypatch.setattr(production, "Kernels", refuse)
    monkeypatch.setattr(datasets, "open", refuse)
    with pytest.raises(ValueError) as told:
        run.report("toy", **{"source": finished.source, "out": finished.home / "none", **words})
    assert message in str(told.value)
    assert not (finished.home / "none").exists()


def test_a_run_of_one_page_renews_it_and_what_hangs_on_it_and_keeps_all_else(shop):
    shop.make()
    done = shop.make("worth")
    assert shop.ran == ["worth", "actions"] and list(done.kept) == ["groups", "voice"]
    assert {name: shop.tables[name] for name in ("groups", "worth", "voice", "actions")} == {
        "groups": "groups 1", "worth": "worth 2", "voice": "voice 1", "actions": "actions 2",
    }  # fmt: skip
    assert "voice of round 1" in shop.pages["voice"] and "worth of round 2" in shop.pages["worth"]
    assert list(shop.record["notebooks"]) == ["groups", "worth", "voice", "plan"]
    assert all(f'href="{word}.html"' in page for word in shop.record["notebooks"] for page in shop.pages.values())
    assert not any("This page was made" in page for page in shop.pages.values())
    assert done.replaced and [path.name for path in (shop.out / "toy").iterdir() if path.name.startswith(".")] == []


def test_a_needed_page_is_made_anew_where_it_would_not_be_the_same(shop):
    shop.make()
    shop.make("plan", parameters={})
    assert shop.ran == ["actions"]
    (shop.home / "orders.csv").write_text("id\n1\n2\n")
    shop.make("plan")
    assert shop.ran == ["groups", "worth", "actions"]


def test_a_page_that_stays_says_where_it_was_made_from_other_files(shop):
    shop.make()
    (shop.home / "orders.csv").write_text("id\n1\n2\n")
    shop.make("groups")
    day = shop.record["notebooks"]["voice"]["made_at"][:10]
    note = f"This page was made on {day}, from other files than the rest of this report."
    assert note in shop.pages["voice"] and note in shop.pages["index"]
    assert not any(note in shop.pages[word] for word in ("groups", "worth", "plan"))
    assert "由其他文件生成" in (shop.out / "toy/2025-06-30/zh/voice.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [(), ("worth",)])
def test_a_page_whose_renewal_fails_stays_with_its_tables_and_says_so(shop, names):
    shop.make()
    shop.fail = {"worth"}
    done = shop.make(*names, fresh=not names)
    assert not done.completed and done.outcomes["plan"].status == "skipped" and {"worth", "plan"} <= set(done.kept)
    assert (shop.tables["worth"], shop.tables["actions"]) == ("worth 1", "actions 1")
    for word in ("worth", "plan"):
        assert "making it anew did not succeed" in shop.pages[word]
    assert "worth of round 1" in shop.pages["worth"]
    assert shop.record["notebooks"]["worth"]["renewal"]["problem"] == "in 'What?': no ink"
    assert (done.folder / "notebooks" / "worth.failed.ipynb").exists()
    shop.fail = set()
    shop.make()
    assert "worth of round 3" in shop.pages["worth"] and "did not succeed" not in shop.pages["worth"]


def test_a_page_that_had_failed_stays_as_it_was_in_a_run_of_others(shop):
    shop.fail = {"voice"}
    shop.make()
    shop.make("groups")
    assert "Failed: in &#39;What?&#39;: no ink." in shop.pages["index"]


def test_a_run_of_some_pages_where_there_is_no_report_makes_these_and_what_they_need(shop):
    shop.make("worth")
    assert shop.ran == ["groups", "worth"] and "voice" not in shop.record["notebooks"]
    shop.make("voice")
    assert shop.ran == ["voice"] and list(shop.record["notebooks"]) == ["groups", "worth", "voice"]


def test_a_run_of_what_has_not_changed_is_skipped_where_that_is_asked(shop):
    shop.make()
    done = shop.make(if_changed=True)
    assert done.skipped and shop.ran == [] and done.completed and done.replaced
    assert shop.make("voice", if_changed=True).skipped
    assert not shop.make(if_changed=True, parameters={"days": "31"}).skipped and "groups" in shop.ran
    shop.make()
    (shop.home / "orders.csv").write_text("id\n1\n2\n")
    assert not shop.make(if_changed=True).skipped and len(shop.ran) == 4


def test_a_report_stands_no_more_once_one_before_it_is_made_though_all_its_pages_do(shop):
    shop.make()
    before = shop.out / "toy" / "2025-03-31"
    before.mkdir()
    (before / "index.html").touch()
    (before / "manifest.json").write_text('{"started_at": "1", "notebooks": {}}', encoding="utf-8")
    done = shop.make(if_changed=True)
    assert not done.skipped and shop.ran == [] and len(done.taken_over) == 4
    assert shop.make(if_changed=True).skipped


def test_a_page_that_failed_is_tried_again_though_nothing_changed(shop):
    shop.fail = {"voice"}
    shop.make()
    assert not shop.make(if_changed=True).skipped
    shop.fail = set()
    assert not shop.make(if_changed=True).skipped and shop.make(if_changed=True).skipped


def test_a_second_report_of_the_same_runs_nothing_and_says_from_when_its_pages_are(shop):
    first = shop.make()
    tables, pages, made_at = shop.tables, shop.pages, shop.record["started_at"]
    ran = {word: (first.folder / "notebooks" / f"{word}.ipynb").read_bytes() for word in first.outcomes}
    done = shop.make()
    assert shop.ran == [] and done.completed and not done.skipped and done.outcomes == {}
    assert (shop.tables, shop.pages) == (tables, pages)
    assert {word: (done.folder / "notebooks" / f"{word}.ipynb").read_bytes() for word in ran} == ran
    assert done.taken_over == shop.record["taken_over"] == dict.fromkeys(["groups", "worth", "voice", "plan"], made_at)
    assert shop.make().taken_over == done.taken_over  # from when it ran, not from when it was last taken over


def test_all_run_again_where_that_is_asked(shop):
    shop.make()
    assert shop.make(fresh=True).taken_over == {} and len(shop.ran) == 4
    shop.make("worth", fresh=True)
    assert shop.ran == ["groups", "worth", "actions"]


def test_only_what_changed_runs_again_and_what_rests_on_it(shop):
    shop.make()
    done = shop.make(parameters={"days": "31"})
    assert shop.ran == ["groups", "worth", "actions"] and list(done.taken_over) == ["voice"]
    assert shop.tables["groups"] == "groups 2" and shop.tables["voice"] == "voice 1"
    (shop.home / "orders.csv").write_text("id\n1\n2\n")
    assert shop.make(parameters={"days": "31"}).taken_over == {}


@pytest.mark.parametrize("touch", [lambda path: path.write_text("other"), lambda path: path.unlink()])
def test_a_page_whose_tables_were_touched_runs_again_and_what_rests_on_it(shop, touch):
    done = shop.make()
    touch(done.folder / "tables" / "worth.csv")
    assert list(shop.make().taken_over) == ["groups", "voice"] and shop.ran == ["worth", "actions"]
    assert shop.tables["worth"] == "worth 2"


def test_a_page_of_which_the_code_changed_while_it_was_made_is_taken_over_by_none(shop, monkeypatch):
    moments = iter(["one", "two"])
    monkeypatch.setattr(content, "code", lambda: next(moments, "one"))
    shop.make()
    assert shop.make().taken_over == {} and len(shop.make().taken_over) == 4


def test_a_page_that_no_notebook_makes_any_more_goes_with_its_tables(shop):
    shop.make()
    next(shop.home.glob("notebooks/*voice.ipynb")).unlink()
    shop.make()
    assert shop.ran == [] and "voice" not in shop.tables and "voice" not in shop.pages


def test_data_that_change_during_a_run_give_no_report(shop, monkeypatch):
    shop.make()
    moments = iter(["as it was", "other"])
    monkeypatch.setattr(datasets, "fingerprint", lambda dataset, preset: next(moments))
    with pytest.raises(ValueError, match=r"^data set = 'toy': its files changed while the report was made\."):
        shop.make()
    assert "voice of round 1" in (shop.out / "toy/2025-06-30/voice.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("notebooks", [{"good": {"dyas": 3}}, {"good": {"days": "many"}}, {"god": {"days": 3}}])
def test_a_slip_in_dataset_toml_is_told_before_a_kernel_starts(finished, monkeypatch, tmp_path, notebooks):
    monkeypatch.setattr(production, "Kernels", refuse)
    monkeypatch.setattr(datasets, "open", lambda *_, **__: toy_data(tmp_path, notebooks=notebooks))
    with pytest.raises(ValueError, match=r"god|dyas|days"):
        run.report("toy", source=finished.source, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


PROGRAM = """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    import toy_reports as toys
    from helpers.data import datasets
    from helpers.reports import run

    home = Path({home!r})
    note = "import os; open('../../pid', 'w').write(str(os.getpid()))"
    toys.write(home, "01_long", note, "import time; time.sleep(3600)")
    datasets.open = lambda *_, **__: toys.toy_data(home)
    datasets.folder_of = lambda dataset: datasets.RAW.resolve() / dataset
    datasets.fingerprint = lambda dataset, preset: ""
    run.report("toy", source=home, out=home / "reports")
"""


def test_ctrl_c_ends_the_kernels_and_leaves_no_folder(tmp_path):
    program = textwrap.dedent(PROGRAM.format(tests=str(Path(__file__).parents[1]), home=str(tmp_path)))
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # else a job in the background hears none
    )
    noted = tmp_path / "reports" / "pid"
    deadline = time.monotonic() + 600
    while not (noted.exists() and noted.read_text()):
        assert time.monotonic() < deadline and process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)
    assert "KeyboardInterrupt" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)
    assert list((tmp_path / "reports" / "toy").iterdir()) == []
