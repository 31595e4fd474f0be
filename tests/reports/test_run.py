"""One run over toy notebooks that end in every way a notebook can end, and what it leaves for its readers."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.data import datasets
from helpers.data.intake.wording.schema import Settings
from helpers.data.spans import Span
from helpers.reports import content, run
from helpers.reports.kernels import Outcome

PARAMETERS = """\
dataset: str = "demo"  # a folder under data/raw
preset: str = ""       # the mapping
as_of: str = ""        # the day
save_to: str = ""      # the tables' folder
"""


def write(folder, name, *cells, own="", needs=()):
    """A notebook of one section, "What is found?", with `cells` in it."""
    tagged = new_code_cell(PARAMETERS + own, metadata={"tags": ["parameters"]})
    body = [new_markdown_cell("## What is found?"), *map(new_code_cell, cells)]
    metadata = {
        "kernelspec": {"name": "a-kernel-of-another-machine", "display_name": "?", "language": "python"},
        "kehu": {"needs": list(needs)},
    }
    node = new_notebook(cells=[new_markdown_cell(f"# What about {name}?"), tagged, *body], metadata=metadata)
    nbformat.write(node, folder / f"{name}.ipynb")


def toy_data(folder, **words):
    (folder / "orders.csv").write_text("id\n1\n")
    customers = pd.DataFrame({"customer_id": ["a", "b"], "orders": [1, 2]})
    quarantine = pd.DataFrame({"table": ["orders"], "file_row": [2], "rule": ["missing amount"], "value": [""]})
    quarantine.to_parquet(folder / "quarantine.parquet")
    accounting = pd.DataFrame(
        {
            "table": "orders",
            "outcome": ["read", "used", "quarantined"],
            "rule": ["", "", "missing amount"],
            "rows": [3, 2, 1],
            "rows_meeting": [3, 2, 1],
            "money": float("nan"),
        }
    )
    settings = Settings("A toy shop", currency="CNY", **words)
    return SimpleNamespace(
        name="toy",
        languages=("en", "zh"),
        title="A toy shop",
        size=len(customers),
        as_of=dt.date(2025, 6, 30),
        settings=settings,
        tables={},
        customers=customers,
        accounting=accounting,
        readings=pd.DataFrame({"table": ["orders"], "column": ["amount"], "told": ["decimal comma"]}),
        quarantine_path=folder / "quarantine.parquet",
        days=pd.DataFrame(
            [("orders", "ordered_at", dt.date(2025, 3, 31), 3, "fact")],
            columns=["table", "column", "day", "rows", "kind"],
        ),
        spans={"orders": Span("orders", dt.date(2025, 1, 1), dt.date(2025, 3, 31), 1)},
        set_by=(),
        joins=(),
        inputs=(folder / "orders.csv",),
    )


@pytest.fixture(scope="module")
def opened():
    """Lets a test say which data `datasets.open` finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "folder_of", lambda dataset: datasets.RAW.resolve() / dataset)
        patch.setattr(datasets, "fingerprint", lambda dataset, preset: "as it was")
        yield lambda data: patch.setattr(datasets, "open", lambda dataset, as_of=None, preset="": data)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, opened):
    """A run of six notebooks: the finished run, what was told of it, and its folder."""
    home = tmp_path_factory.mktemp("home")
    source = home / "notebooks"
    source.mkdir()
    save = "import pathlib; pathlib.Path(save_to, 'segments.csv').write_text('a')"
    threads = "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    here = "import sys; print(sys.executable)"
    write(source, "01_good", here, "print(days)", save, threads, own="days: int = 30  # d\n")
    write(source, "02_bad", "print('before')", "1 / 0", "print('never')")
    write(source, "03_killed", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "print('never')")
    write(source, "04_slow", "import time; time.sleep(60)", "print('never')")
    write(source, "05_dependent", "print('never')", needs=["bad"])
    write(source, "06_reader", "print(open(save_to + '/segments.csv').read())", needs=["good"])
    opened(toy_data(home, notebooks={"good": {"days": 60}}))
    told = []
    done = run.report(
        "toy",
        out=home / "reports",
        cell_timeout=4,
        source=source,
        tell=lambda word, state, _: told.append((word, state)),
    )
    return SimpleNamespace(run=done, told=told, out=home / "reports", home=home, source=source)


def output(finished, word):
    """What the notebook printed, and the names of the errors it met."""
    node = nbformat.read(finished.run.folder / "notebooks" / f"{word}.ipynb", as_version=4)
    outputs = [output for cell in node.cells for output in cell.get("outputs", ())]
    return [output.get("text", output.get("ename", "")).strip() for output in outputs]


def test_each_notebook_ends_as_what_happened_to_it(finished):
    assert {word: outcome.status for word, outcome in finished.run.outcomes.items()} == {
        "good": "completed",
        "bad": "failed",
        "killed": "killed",
        "slow": "timed out",
        "dependent": "skipped",
        "reader": "completed",
    }
    assert not finished.run.completed


def test_a_problem_names_the_section_and_the_cell(finished):
    problems = {word: outcome.problem for word, outcome in finished.run.outcomes.items() if outcome.problem}
    assert problems == {
        "bad": "in 'What is found?', cell 4: ZeroDivisionError: division by zero",
        "killed": "in 'What is found?', cell 3: the kernel was killed by SIGKILL; "
        "a machine that runs out of memory does this",
        "slow": "in 'What is found?', cell 3: the cell ran longer than 4 s",
        "dependent": "needs bad, which did not complete",
    }


def test_progress_is_told_from_waiting_to_the_end(finished):
    assert [state for word, state in finished.told if word == "good"] == ["waiting", "running", "completed"]
    assert [state for word, state in finished.told if word == "dependent"] == ["waiting", "skipped"]
    assert finished.told.index(("reader", "running")) > finished.told.index(("good", "completed"))


def test_the_kernel_is_this_interpreter_whatever_kernelspec_the_notebook_names(finished):
    assert output(finished, "good")[0] == sys.executable


def test_a_kernel_computes_in_one_thread_unless_the_user_says_otherwise(finished):
    assert output(finished, "good")[-1] == os.environ.get("OPENBLAS_NUM_THREADS", "1")


def test_dataset_toml_wins_over_the_notebooks_default(finished):
    assert output(finished, "good")[1] == "60"


def test_tables_saved_by_one_notebook_are_read_by_the_next_and_published(finished):
    assert output(finished, "reader") == ["a"]
    assert sorted(path.name for path in (finished.run.folder / "tables").iterdir()) == [
        "quarantine.csv",
        "quarantine.parquet",
        "segments.csv",
        "snapshot.csv",
        "snapshot.parquet",
    ]
    snapshot = pd.read_parquet(finished.run.folder / "tables" / "snapshot.parquet")
    assert snapshot.to_dict("list") == {"customer_id": ["a", "b"], "orders": [1, 2]}


def test_a_failed_notebook_keeps_what_it_had_found(finished):
    assert output(finished, "bad") == ["before", "ZeroDivisionError"]
    assert "before" in (finished.run.folder / "bad.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["good", "bad", "killed", "slow", "dependent", "reader"])
def test_every_notebook_has_a_page_and_the_index_leads_to_it(finished, word):
    page = (finished.run.folder / f"{word}.html").read_text(encoding="utf-8")
    number = [path.stem for path in finished.source.iterdir() if path.stem.endswith(word)]
    assert f"What about {number[0]}?" in page
    assert f'href="{word}.html"' in (finished.run.folder / "index.html").read_text(encoding="utf-8")


def test_every_page_and_the_index_stand_in_each_language_of_the_data_set(finished):
    for name in ("good", "bad", "index"):
        page = (finished.run.folder / "zh" / f"{name}.html").read_text(encoding="utf-8")
        assert '<html lang="zh">' in page and f'href="../{name}.html" lang="en" hreflang="en">English</a>' in page
        other = (finished.run.folder / f"{name}.html").read_text(encoding="utf-8")
        assert '<html lang="en">' in other and f'href="zh/{name}.html" lang="zh" hreflang="zh">中文</a>' in other
    assert "数据止于 2025-03-31" in (finished.run.folder / "zh" / "index.html").read_text(encoding="utf-8")


def test_the_report_lies_under_data_set_and_day_with_latest_and_an_index_of_all(finished):
    assert finished.run.folder == finished.out / "toy" / "2025-06-30"
    assert sorted(path.name for path in (finished.out / "toy").iterdir()) == ["2025-06-30", "latest"]
    assert os.readlink(finished.out / "toy" / "latest") == "2025-06-30"
    assert "2025-06-30" in (finished.out / "index.html").read_text(encoding="utf-8")


def test_every_page_the_index_and_the_manifest_say_how_long_before_the_day_the_data_end(finished):
    for page in ("good", "bad", "dependent", "index"):
        html = (finished.run.folder / f"{page}.html").read_text(encoding="utf-8")
        assert "The data end on 2025-03-31, 91 days before the report&#39;s day" in html
    record = json.loads((finished.run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert record["day"]["behind"] == [{"table": "", "last": "2025-03-31", "days": 91, "usual_gap": None}]


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


def test_no_file_that_the_run_makes_itself_says_where_on_the_machine_it_was_made(finished):
    made = [path for path in finished.run.folder.rglob("*") if path.suffix in (".html", ".json", ".ipynb", ".csv")]
    telling = [path.name for path in made if str(finished.home) in path.read_text(encoding="utf-8")]
    assert made and not telling


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
    monkeypatch.setattr(run, "Kernels", refuse)
    monkeypatch.setattr(datasets, "open", refuse)
    with pytest.raises(ValueError) as told:
        run.report("toy", **{"source": finished.source, "out": finished.home / "none", **words})
    assert message in str(told.value)
    assert not (finished.home / "none").exists()


@pytest.fixture
def shop(tmp_path, opened, monkeypatch):
    """A toy report of four pages made without kernels: `make(names)` runs, `fail` names what stops, `ran` what ran."""
    source = tmp_path / "notebooks"
    source.mkdir()
    save = "save(rows, save_to, {name!r})"
    write(source, "01_groups", save.format(name="groups"), own="days: int = 30  # d [1 to 90]\n")
    write(source, "02_worth", save.format(name="worth"), needs=["groups"])
    write(source, "03_voice", save.format(name="voice"))
    write(source, "04_plan", save.format(name="actions"), needs=["worth"])
    opened(toy_data(tmp_path))
    shop = SimpleNamespace(ran=[], fail=set(), out=tmp_path / "reports", home=tmp_path, round=0)

    def at_once(kernels, notebook, parameters):
        (word,) = [cell.source.split("'")[1] for cell in notebook.cells if cell.source.startswith("save(")]
        shop.ran.append(word)
        tables = kernels.cwd / "tables"
        tables.mkdir(exist_ok=True)
        (tables / f"{word}.csv").write_text(f"{word} {shop.round}", encoding="utf-8")
        node = copy.deepcopy(notebook)
        node.cells.append(new_markdown_cell(f"{word} of round {shop.round}"))
        stopped = word in shop.fail
        return Outcome("failed" if stopped else "completed", 0.0, node, "in 'What?': no ink" if stopped else "")

    def make(*names, **words):
        shop.round += 1
        shop.ran.clear()
        done = run.report("toy", names=names, source=source, out=shop.out, **words)
        shop.tables = {path.stem: path.read_text(encoding="utf-8") for path in (done.folder / "tables").glob("*.csv")}
        pages = [path for path in done.folder.glob("*.html") if path.stem != "mail"]
        shop.pages = {path.stem: path.read_text(encoding="utf-8") for path in pages}
        shop.record = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
        return done

    monkeypatch.setattr(run.Kernels, "run", at_once)
    shop.make = make
    return shop


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


def test_a_finding_that_cannot_show_itself_fails_its_notebook_and_prints_nobody(tmp_path, opened):
    broken = """class Broken(Finding):
    table = pd.DataFrame({"name": ["C-" + "4711"]})
    columns = (Column("name", Kind.NAME, "who"),)
    def headline(self): return Sentence("All is well.")
    def plot(self): raise RuntimeError("no ink")
"""
    write(
        tmp_path,
        "01_broken",
        "import pandas as pd\nfrom helpers.findings import Column, Finding, Kind, Sentence\n" + broken,
        "Broken()",
        "display(Broken())",
    )
    opened(toy_data(tmp_path))
    done = run.report("toy", out=tmp_path / "reports", source=tmp_path)
    assert done.outcomes["broken"].status == "failed"
    assert done.outcomes["broken"].problem == "in 'What is found?', cell 4: RuntimeError: no ink"
    assert "C-4711" not in (done.folder / "broken.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("notebooks", [{"good": {"dyas": 3}}, {"good": {"days": "many"}}, {"god": {"days": 3}}])
def test_a_slip_in_dataset_toml_is_told_before_a_kernel_starts(finished, monkeypatch, tmp_path, notebooks):
    monkeypatch.setattr(run, "Kernels", refuse)
    monkeypatch.setattr(datasets, "open", lambda *_, **__: toy_data(tmp_path, notebooks=notebooks))
    with pytest.raises(ValueError, match=r"god|dyas|days"):
        run.report("toy", source=finished.source, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_notebook_that_asks_for_it_reads_the_tables_of_the_newest_report_of_an_earlier_day(tmp_path, opened):
    for day in ("2025-04-30", "2025-05-31", "2025-07-31"):
        (tmp_path / "reports" / "toy" / day / "tables").mkdir(parents=True)
        (tmp_path / "reports" / "toy" / day / "index.html").touch()
        (tmp_path / "reports" / "toy" / day / "tables" / "day.txt").write_text(day)
    source = tmp_path / "notebooks"
    source.mkdir()
    write(source, "01_reader", "print(open(previous + '/day.txt').read())", own='previous: str = ""  # p\n')
    opened(toy_data(tmp_path))
    done = run.report("toy", out=tmp_path / "reports", source=source)
    assert output(SimpleNamespace(run=done), "reader") == ["2025-05-31"]


PROGRAM = """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    import test_run as toys
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
    program = textwrap.dedent(PROGRAM.format(tests=os.path.dirname(__file__), home=str(tmp_path)))
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


def test_a_data_set_can_do_without_lists_of_customers(tmp_path, opened):
    write(tmp_path, "01_one", "1")
    opened(toy_data(tmp_path, lists=False))
    made = run.report("toy", out=tmp_path / "reports", source=tmp_path, languages=("en",))
    names = {path.name for path in (made.folder / "tables").iterdir()}
    assert names == {"snapshot.parquet", "quarantine.parquet"}
    assert ".csv" not in (made.folder / "index.html").read_text(encoding="utf-8")


def test_each_edition_has_a_workbook_to_which_its_first_page_leads(finished):
    for folder in (finished.run.folder, finished.run.folder / "zh"):
        assert (folder / "report.xlsx").exists()
        assert 'href="report.xlsx"' in (folder / "index.html").read_text(encoding="utf-8")
