"""Somebody who waits for a long cell sees a bar; a report, a short cell and a script do not."""

from __future__ import annotations

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from helpers import progress

LONG = """import time
from helpers import progress
progress.PATIENCE_SECONDS = 0.05
done = [time.sleep(0.02) for step in progress.bar(range(10))]
len(done)"""
SHORT = LONG.replace("PATIENCE_SECONDS = 0.05", "PATIENCE_SECONDS = 600")


@pytest.fixture(scope="module")
def printed_for_somebody():
    """What a kernel prints of code that JupyterLab sends it, which lets a cell ask for input."""
    manager, client = start_new_kernel()

    def printed(code: str) -> str:
        texts: list[str] = []

        def heard(message: dict) -> None:
            texts.extend(message["content"].get(key, "") for key in ("text", "ename"))

        client.execute_interactive(code, allow_stdin=True, timeout=120, output_hook=heard)
        return "".join(texts)

    yield printed
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_somebody_who_waits_sees_how_far_it_is(printed_for_somebody):
    assert "/10 [" in printed_for_somebody(LONG)


def test_a_cell_that_is_soon_done_prints_nothing(printed_for_somebody):
    assert printed_for_somebody(SHORT) == ""


def test_the_outputs_of_a_report_have_no_bar():
    """nbclient runs the cells of papermill, and of reports."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LONG)])
    (cell,) = NotebookClient(notebook, kernel_name="python3").execute().cells
    assert [output.output_type for output in cell.outputs] == ["execute_result"]
    assert cell.outputs[0].data["text/plain"] == "10"


def test_a_script_gets_its_steps_as_they_are():
    steps = range(3)
    assert progress.bar(steps) is steps
