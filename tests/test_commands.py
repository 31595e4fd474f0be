"""Every command that a page or a help text prints does what it says.

Commands run with all their checks; only kernels are stood in for, and papermill gets the first finding of its notebook
(tests/long runs both whole). What starts tests, JupyterLab, conda or an installation is held against what there is to start.
"""

from __future__ import annotations

import copy
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.data import datasets
from helpers.findings import save
from helpers.reports import production
from helpers.reports.kernels import Kernels, Outcome

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [
    *("README.md", "CONTRIBUTING.md", "data/raw/README.md", "reports/README.md", "docs/operations.md"),
    *(str(page.relative_to(PROJECT)) for folder in ("en", "zh") for page in (PROJECT / "docs" / folder).glob("*.md")),
]
FIRST_WORDS = r"(?:make|kehu|conda|uv|python|\.venv/bin/\S+)"
ZOHO = {
    "Contacts.csv": "Record Id,Email,Lead Source,Created Time,Email Opt Out\nzcrm_1,a@example.org,Web,2024-01-02 10:00:00,false\n",
    "Invoices.csv": 'Record Id,Contact Name Id,Invoice Date,Grand Total,Status\nzcrm_9,zcrm_1,2024-02-01,"¥1,200.50",Approved\n',
}
FXIAOKE = {
    "AccountObj.csv": "_id,create_time,life_status\na,2024-01-02 10:00:00,normal\n",
    "SalesOrderObj.csv": "_id,account_id,order_time,order_amount,life_status\n1,a,2024-02-01 10:00:00,100,normal\n",
}
SHOP = {
    "dataset.toml": 'title = "My shop"\n[tables.orders]\nfile = "orders.csv"\n',
    "orders.csv": "order_id,customer_id,ordered_at,amount\n1,a,2025-01-02,10\n2,b,2025-03-04,20\n",
}


def printed() -> list[str]:
    """The commands in the pages' code blocks and between their backticks, and those that `--help` prints."""
    texts = [(PROJECT / page).read_text(encoding="utf-8") for page in PAGES]
    helps = [
        CliRunner().invoke(cli.app, [*words, "--help"]).stdout
        for words in ([], ["report"], ["check"], ["init"], ["erase"], ["prune"], ["doctor"], ["lab"])
    ]
    blocks = [
        line
        for text in texts
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
    ]
    inline = [
        code for text in [*texts, *map(unfolded, helps)] for code in re.findall(rf"`({FIRST_WORDS} [^`]+)`", text)
    ]
    listed = [
        line.strip(" •│")
        for text in helps
        for line in text.splitlines()
        if re.match(r"[ •│]*kehu (report|check|init|erase|prune)\b", line)
    ]
    commands = [line.partition("#")[0].strip() for line in [*blocks, *inline, *listed]]
    return sorted({re.sub(r" +", " ", command.split(" – ")[0]).strip() for command in commands if command})


def unfolded(text: str) -> str:
    return re.sub(r"\s*│?\n│?\s*", " ", text)


COMMANDS = printed()
ONLY_NAMED = re.compile(
    r"make (test|lab|help|docs|tables|glossary|gallery|renew|words|calibration|clean|test-\w+|X)\b|conda |uv |.*bench_"
    r"|docs/recipes/fan_out.py |.* --help$|kehu lab|kehu init$|kehu init \w+://|papermill$"  # test_fan_out and tests of servers try these
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of exports and a data set with settings, as the pages name them."""
    home = tmp_path_factory.mktemp("commands")
    for name, files in {
        "march": ZOHO,
        "fxiaoke": FXIAOKE,
        "april": {"orders.csv": SHOP["orders.csv"]},
        "my_shop": SHOP,
    }.items():
        (home / name).mkdir()
        for file, text in files.items():
            (home / name / file).write_text(text, encoding="utf-8")
    return home


def words(command: str, folders: Path) -> list[str]:
    """What the shell would hand on, with the reader's own folders put in for the pages' examples."""
    own = folders / (
        "march"
        if re.search("preset.zoho", command, re.IGNORECASE)
        else "fxiaoke"
        if re.search("preset.fxiaoke", command, re.IGNORECASE)
        else "april"
        if "kehu init" in command
        else "my_shop"
    )
    if own.name == "april":  # init writes into it
        (own / "dataset.toml").unlink(missing_ok=True)
    for example in ("../exports/march", "../exports/fxiaoke", "../exports/april", "my_shop", "<name>"):
        command = command.replace(example, str(own))
    return shlex.split(command)


def kehu_words(command: str, folders: Path) -> list[str]:
    """The words that kehu gets from a command, by way of make where that calls it."""
    given = words(command, folders)
    if given[0] == "make":
        alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        done = subprocess.run(
            ["make", "-n", *given[1:]], cwd=PROJECT, env=alone, capture_output=True, text=True, check=True
        )
        given = shlex.split(done.stdout.replace("\\\n", " ").strip().splitlines()[-1])
    start = next(place for place, word in enumerate(given) if Path(word).name == "kehu")
    return given[start + 1 :]


def at_once(kernels: Kernels, notebook: nbformat.NotebookNode, parameters: dict) -> Outcome:
    """Stands in for a kernel: the notebook as it is, and a table as a notebook leaves one."""
    return Outcome("completed", 0.0, copy.deepcopy(notebook))


def test_commands_are_found_in_all_pages_and_help_texts():
    assert {"make report", "make test", "make lab"} <= set(COMMANDS)
    assert [command for command in COMMANDS if "horizon_days" in command]
    assert [command for command in COMMANDS if command.startswith("kehu check")]


@pytest.mark.parametrize(
    "command",
    [
        command
        for command in COMMANDS
        if re.search(r"make (report|check)|kehu (report|check|init)", command) and not ONLY_NAMED.match(command)
    ],
)
def test_a_report_a_check_or_an_init_that_is_printed_is_taken(folders, tmp_path, monkeypatch, command):
    monkeypatch.setattr(production.Kernels, "run", at_once)
    monkeypatch.setattr(production.publish, "page", lambda *_, **__: "")  # the next test has its page printed
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.app, kehu_words(command, folders))
    assert result.exit_code == 0, result.output
    if "report" in command:
        told = json.loads(result.stdout)["report"] if "--json" in command else result.stdout.strip().splitlines()[-1]
        assert (tmp_path / told).exists()


def test_a_parameter_that_is_printed_reaches_the_notebook_and_no_other_runs(tmp_path, monkeypatch):
    given = []

    def noted(kernels: Kernels, notebook: nbformat.NotebookNode, parameters: dict) -> Outcome:
        given.append(parameters)
        return at_once(kernels, notebook, parameters)

    monkeypatch.setattr(production.Kernels, "run", noted)
    monkeypatch.chdir(tmp_path)
    (command,) = {
        command.removeprefix(".venv/bin/") for command in COMMANDS if "horizon_days" in command and "report" in command
    }
    result = CliRunner().invoke(cli.app, shlex.split(command)[1:])
    assert "churn          completed" in result.stderr
    assert [parameters["horizon_days"] for parameters in given] == [365]
    record = (tmp_path / result.stdout.strip()).with_name("manifest.json").read_text(encoding="utf-8")
    assert '"horizon_days": 365' in record


def of_papermill(out: Path) -> list[str]:
    """The words of the papermill command that the pages print, with `out` for the notebook that it writes."""
    (command,) = [command for command in COMMANDS if "bin/papermill" in command]
    given = [word if word != "out.ipynb" else str(out) for word in shlex.split(command)]
    return [str(Path(sys.executable).with_name("papermill")), *given[1:]]


def shown_by(notebook: Path) -> list[nbformat.NotebookNode]:
    """The findings among the outputs of a notebook as it ran."""
    outputs = [output for cell in nbformat.read(notebook, 4).cells for output in cell.get("outputs", ())]
    return [output for output in outputs if "kehu" in output.get("metadata", {})]


def test_papermill_runs_the_beginning_of_a_notebook_as_printed(tmp_path):
    given = of_papermill(tmp_path / "out.ipynb")
    whole = nbformat.read(PROJECT / given[1], 4)
    first = next(place for place, cell in enumerate(whole.cells) if "display(" in cell.source)
    whole.cells = whole.cells[: first + 1]
    nbformat.write(whole, tmp_path / "beginning.ipynb")
    given[1] = str(tmp_path / "beginning.ipynb")
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert shown_by(tmp_path / "out.ipynb")


@pytest.mark.parametrize("command", [command for command in COMMANDS if re.search(r"kehu plan --export", command)])
def test_a_list_that_is_printed_is_written_again(folders, tmp_path, monkeypatch, command):
    report = tmp_path / "reports" / "my_shop" / "latest"
    names = ("customer_id", "action", "script", "offer_good", "action_key", "channel", "owner", "reason_1", "reason_2")
    row = dict.fromkeys(names, "a") | {"arm": "treat", "due_on": pd.Timestamp("2025-07-07"), "priority": 1}
    save(pd.DataFrame([row]), report / "tables", "actions")
    (report / "index.html").touch()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.app, kehu_words(command, folders))
    assert result.exit_code == 0, result.output
    assert all((tmp_path / line).exists() for line in result.stdout.split())


@pytest.mark.parametrize("command", [command for command in COMMANDS if "kehu erase" in command])
def test_an_erasure_that_is_printed_is_done(folders, tmp_path, monkeypatch, command):
    prepared = tmp_path / "prepared"
    monkeypatch.setattr(datasets, "PREPARED", prepared)
    monkeypatch.setattr(datasets.open, "__kwdefaults__", datasets.open.__kwdefaults__ | {"prepared": prepared})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked_to_be_forgotten.txt").write_text("a\n")
    result = CliRunner().invoke(cli.app, kehu_words(command, folders))
    assert result.exit_code == 0, result.output
    assert [path.name for path in (prepared / "erased").iterdir()] == ["my_shop.json"]


@pytest.mark.parametrize("command", [command for command in COMMANDS if "kehu prune" in command])
def test_a_pruning_that_is_printed_is_done(folders, tmp_path, monkeypatch, command):
    for day in ("2024-01-31", "2025-06-30"):
        (tmp_path / "reports" / "my_shop" / day).mkdir(parents=True)
        (tmp_path / "reports" / "my_shop" / day / "index.html").touch()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.app, kehu_words(command, folders))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "reports/my_shop/2024-01-31").exists() == ("--dry-run" in command)


@pytest.mark.parametrize("command", [command for command in COMMANDS if "kehu doctor" in command])
def test_a_look_at_this_machine_that_is_printed_is_taken(folders, command):
    assert "Python" in CliRunner().invoke(cli.app, kehu_words(command, folders)).stdout


def test_what_is_not_run_here_is_named_rightly():
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", (PROJECT / "Makefile").read_text(), flags=re.M))
    for command in COMMANDS:
        if command.startswith("make "):
            assert command.split()[1] in targets, command
        if "environment.yml" in command:
            assert (PROJECT / "environment.yml").exists()
        if " -m pytest" in command:
            named = [word for word in command.split() if "/" in word and not word.startswith(".")]
            assert named and all((PROJECT / word).exists() for word in named), command
        if "bench_" in command:
            assert list(PROJECT.glob(next(word for word in command.split() if "bench_" in word))), command


def test_nothing_is_printed_that_no_test_knows_how_to_try():
    tried = re.compile(
        r"make (report|check)\b|(\.venv/bin/)?kehu (report|check|init|plan|erase|prune|doctor)\b|\.venv/bin/papermill |\.venv/bin/python -m pytest "
    )
    assert [command for command in COMMANDS if not (tried.match(command) or ONLY_NAMED.match(command))] == []
