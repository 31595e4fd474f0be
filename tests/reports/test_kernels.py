"""A kernel runs a notebook to its end, or says in one sentence where and why it stopped."""

from __future__ import annotations

import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.reports import kernels
from helpers.reports.kernels import Kernels


def notebook(*cells, heading="## What is found?"):
    tagged = new_code_cell("days: int = 30", metadata={"tags": ["parameters"]})
    return new_notebook(cells=[tagged, new_markdown_cell(heading), *map(new_code_cell, cells)])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """How three notebooks ended, run one after the other in a folder."""
    home = tmp_path_factory.mktemp("draft")
    with Kernels(home) as running:
        whole = running.run(notebook("import sys, os; print(sys.executable, os.getcwd(), days)"), {"days": 60})
        broken = running.run(notebook("x = 1", "raise ValueError('days = 0: too few.')", "print('never')"), {})
        gone = running.run(notebook("exit_code = __import__('os')._exit(3)"), {})
    return {"whole": whole, "broken": broken, "gone": gone, "home": home}


def printed(outcome):
    return "".join(output.get("text", "") for cell in outcome.notebook.cells for output in cell.get("outputs", ()))


def test_a_notebook_runs_in_this_interpreter_in_the_given_folder_with_its_parameters(outcomes):
    assert outcomes["whole"].status == "completed" and outcomes["whole"].problem == ""
    assert printed(outcomes["whole"]).split() == [sys.executable, str(outcomes["home"]), "60"]
    assert outcomes["whole"].seconds > 0


def test_an_error_ends_it_where_it_happened_with_its_own_words(outcomes):
    assert outcomes["broken"].status == "failed"
    assert outcomes["broken"].problem == "in 'What is found?', cell 3: ValueError: days = 0: too few."
    assert "never" not in printed(outcomes["broken"])


def test_a_kernel_that_ends_by_itself_is_said_to_have_done_so(outcomes):
    assert outcomes["gone"].status == "killed"
    assert outcomes["gone"].problem.endswith("the kernel ended by itself with exit code 3")


def test_kernels_that_are_started_at_once_have_sockets_of_their_own(tmp_path, monkeypatch):
    def slow(**given):
        time.sleep(0.05)
        return SimpleNamespace(provisioner=None, **given)

    monkeypatch.setattr(kernels, "AsyncKernelManager", slow)
    with Kernels(tmp_path) as running, ThreadPoolExecutor(4) as threads:
        managers = list(threads.map(lambda _: running.new_manager(), range(4)))
    assert len({manager.ip for manager in managers}) == len({manager.connection_file for manager in managers}) == 4


def test_a_kernel_that_does_not_answer_in_time_is_said_not_to_have_started(tmp_path, monkeypatch):
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "slow.py").write_text("import time; time.sleep(600)", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setattr(kernels, "START_SECONDS", 1)
    with Kernels(tmp_path) as running:
        outcome = running.run(notebook("print('never')"), {})
    assert outcome.status == "killed" and outcome.problem.startswith("its kernel did not start: ")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (None, "the kernel ended by itself with exit code None"),
        (-signal.SIGTERM, "the kernel was killed by SIGTERM"),
        (-signal.SIGKILL, "the kernel was killed by SIGKILL; a machine that runs out of memory does this"),
    ],
)
def test_how_a_kernel_died_is_told_by_its_exit_code(code, sentence):
    assert kernels._how_it_died(code) == sentence


def test_nothing_is_left_of_kernels_that_were_closed(tmp_path):
    with Kernels(tmp_path) as running:
        sockets = running._sockets
        assert sockets.is_dir()
    assert not sockets.exists() and running.closed
