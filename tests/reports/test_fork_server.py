"""A kernel forked from a server is one like any other, that begins with what was imported already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.reports import fork_server
from helpers.reports.kernels import Kernels

pytestmark = pytest.mark.skipif(not fork_server.IS_HERE, reason="kernels are born where a fork is borne")

THERE = """
import json, os, random, sys
print(json.dumps({"executable": sys.executable, "folder": os.getcwd(), "imported": "this" in sys.modules,
    "smallest": os.environ["KEHU_SMALLEST_GROUP"], "parent": os.getppid(), "own": os.getpid(), "lot": random.random()}))
"""


def notebook(*cells):
    tagged = new_code_cell("days: int = 30", metadata={"tags": ["parameters"]})
    return new_notebook(cells=[tagged, *map(new_code_cell, cells)])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """How kernels of one server ended, and when it was closed which of them were there."""
    home = tmp_path_factory.mktemp("draft")
    with Kernels(home, 5, surroundings={"KEHU_SMALLEST_GROUP": "11"}, modules=["this", "no.such"]) as running:
        ended = {
            "one": running.run(notebook(THERE), {}),
            "other": running.run(notebook(THERE), {}),
            "gone": running.run(notebook("import os; os._exit(3)"), {}),
            "killed": running.run(notebook("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), {}),
            "slow": running.run(notebook("import os; print(os.getpid(), flush=True)", "while True: pass"), {}),
        }
    return ended | {"home": home}


def printed(outcome):
    return "".join(output.get("text", "") for cell in outcome.notebook.cells for output in cell.get("outputs", ()))


def told(outcome):
    return json.loads(printed(outcome))


def test_it_has_what_was_imported_and_the_interpreter_folder_and_environment_of_the_run(outcomes):
    one = told(outcomes["one"])
    assert one["imported"] and one["executable"] == sys.executable and one["smallest"] == "11"
    assert one["folder"] == str(outcomes["home"])


def test_it_is_a_process_of_its_own_that_shares_no_lots_with_another(outcomes):
    one, other = told(outcomes["one"]), told(outcomes["other"])
    assert one["parent"] == other["parent"] and one["own"] != other["own"] and one["lot"] != other["lot"]


def test_how_it_ended_is_told_as_of_any_kernel(outcomes):
    assert outcomes["gone"].problem.endswith("the kernel ended by itself with exit code 3")
    assert "the kernel was killed by SIGKILL" in outcomes["killed"].problem
    assert outcomes["slow"].status == "timed out"


@pytest.mark.parametrize("word", ["one", "slow"])
def test_none_is_left_once_all_are_closed(outcomes, word):
    own = told(outcomes["one"])["own"] if word == "one" else int(printed(outcomes["slow"]).split()[0])
    with pytest.raises(ProcessLookupError):
        os.kill(own, 0)


def test_all_end_with_the_process_that_has_the_nursery_however_it_ends(tmp_path):
    program = f"""
import os, signal, threading, time
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
from helpers.reports.kernels import Kernels
home = Path({str(tmp_path)!r})
cell = "import os, pathlib; pathlib.Path('pid').write_text(str(os.getpid())); import time; time.sleep(600)"
book = new_notebook(cells=[new_code_cell("days = 1", metadata={{"tags": ["parameters"]}}), new_code_cell(cell)])
with Kernels(home, modules=["this"]) as running:
    threading.Thread(target=running.run, args=(book, {{}}), daemon=True).start()
    while not (home / "pid").exists() or not (home / "pid").read_text():
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], timeout=300)
    kernel, deadline = int((tmp_path / "pid").read_text()), time.monotonic() + 60
    while os.path.exists(f"/proc/{kernel}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{kernel}")


def test_where_there_is_no_nursery_an_ordinary_kernel_starts(tmp_path):
    command = [
        sys.executable,
        "-I",
        "-S",
        fork_server.__file__,
        fork_server.ASK,
        str(tmp_path / "nowhere"),
        "--version",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.strip().count(".") == 2


def test_what_cells_import_of_the_package_is_found_and_nothing_else():
    cells = [
        "from helpers.analyses import churn, value\nimport pandas",
        "%matplotlib inline",
        "from helpers.data import datasets",
    ]
    found = ["helpers.analyses.churn", "helpers.analyses.value", "helpers.data.datasets"]
    assert fork_server.imported([*cells, "from helpers.analyses import churn"]) == found
