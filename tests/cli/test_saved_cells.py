"""What is committed of a notebook: what somebody wrote, and the printed numbers that tests compare."""

import copy
import json

import pytest

from helpers.cli.saved_cells import committed, stripped
from helpers.data.datasets import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebooks_are_as_they_would_be_committed(path):
    text = path.read_text(encoding="utf-8")
    assert stripped(text) == text


def test_outputs_numbers_of_runs_and_what_the_lab_adds_go_and_what_is_checked_stays():
    before = json.loads(NOTEBOOKS[2].read_text(encoding="utf-8"))
    ran = copy.deepcopy(before)
    warned = {"name": "stderr", "output_type": "stream", "text": ["a warning"]}
    for cell in ran["cells"]:
        cell["metadata"] |= {"collapsed": False, "scrolled": True, "execution": {"iopub.status.busy": "now"}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = 77
            cell["outputs"] = [warned, *cell["outputs"]] if cell["outputs"] else [warned]
    ran["metadata"]["language_info"] |= {"version": "3.13.1", "file_extension": ".py"}
    ran["metadata"]["kernelspec"]["display_name"] = "Kehu"
    assert committed(ran) == before


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD\n{}", "[1, 2]", '{"cells": 3}', '{"cells": [{}], "metadata": {}}'])
def test_what_is_no_notebook_stays_as_it_is(text):
    assert stripped(text) == text
