"""What makes up a report: toy notebooks that end in every way a notebook can end, and all that readers get of them."""

from __future__ import annotations

import json
import os
import sys

import pandas as pd
import pytest

from helpers.reports import run
from pages import untied
from toy_reports import output, toy_data, write


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
    assert output(finished.run, "good")[0] == sys.executable


def test_a_kernel_computes_in_one_thread_without_needless_copies_unless_the_user_says_otherwise(finished):
    usual = (os.environ.get(name, "1") for name in ("OPENBLAS_NUM_THREADS", "PANDAS_COPY_ON_WRITE"))
    assert output(finished.run, "good")[-2] == " ".join(usual)


def test_a_kernel_gives_memory_back_that_it_does_not_need_any_more(finished):
    assert output(finished.run, "good")[-1] == "1 system"


def test_dataset_toml_wins_over_the_notebooks_default(finished):
    assert output(finished.run, "good")[1] == "60"


def test_tables_saved_by_one_notebook_are_read_by_the_next_and_published(finished):
    assert output(finished.run, "reader") == ["a"]
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
    assert output(finished.run, "bad") == ["before", "ZeroDivisionError"]
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
    assert "数据止于 2025-03-31" in untied((finished.run.folder / "zh" / "index.html").read_text(encoding="utf-8"))


def test_every_page_the_index_and_the_manifest_say_how_long_before_the_day_the_data_end(finished):
    for page in ("good", "bad", "dependent", "index"):
        html = untied((finished.run.folder / f"{page}.html").read_text(encoding="utf-8"))
        assert "The data end on 2025-03-31, 91 days before the report&#39;s day" in html
    record = json.loads((finished.run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert record["day"]["behind"] == [{"table": "", "last": "2025-03-31", "days": 91, "usual_gap": None}]


def test_no_file_that_the_run_makes_itself_says_where_on_the_machine_it_was_made(finished):
    made = [path for path in finished.run.folder.rglob("*") if path.suffix in (".html", ".json", ".ipynb", ".csv")]
    telling = [path.name for path in made if str(finished.home) in path.read_text(encoding="utf-8")]
    assert made and not telling


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
    assert output(done, "reader") == ["2025-05-31"]


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
