"""A whole report of the demo beside plain papermill and nbconvert on the same notebooks, and beside its floor.

    python tests/benchmarks/bench_run.py [runs, default 3]

All are timed in turn, wall and CPU seconds of all their processes; printed are medians, and how many times those of
`papermill + nbconvert` they are. The peer runs the notebooks one after the other with papermill, each with a kernel of
its own, and prints each with `jupyter nbconvert --to html`: one language, no first page, no index, no workbook. Beside
it are `kehu report --fresh` in one language and in both, `kehu report` where nothing changed since, and the floor: the
code of the notebooks as plain scripts, figures drawn, nothing printed.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from processes import goal, medians

from helpers.data import datasets
from helpers.reports import notebooks
from helpers.reports.run import NOTEBOOKS

BIN = Path(sys.executable).parent
PEER, SECOND, FRESH = "papermill + nbconvert", "kehu, nothing changed", "kehu, both languages"
QUIET = {"check": True, "capture_output": True}


def fresh(out: Path, languages: str) -> None:
    """A report of all notebooks."""
    subprocess.run([BIN / "kehu", "report", "--fresh", "--language", languages, "--out", out], **QUIET)


def again(out: Path) -> None:
    """A report of what stands already in both languages."""
    subprocess.run([BIN / "kehu", "report", "--language", "en,zh", "--out", out], **QUIET)


def peer(out: Path) -> None:
    """The notebooks as reports run them, by the commands of papermill and nbconvert."""
    out.mkdir()
    for notebook in notebooks.discover(NOTEBOOKS):
        path, ran = out / f"{notebook.word}.ipynb", out / f"{notebook.word}.ran.ipynb"
        nbformat.write(notebook.node, path)
        given = ["-p", "save_to", "tables", "-k", "python3", "--cwd", out]
        subprocess.run([BIN / "papermill", path, ran, *given], **QUIET)
        subprocess.run([BIN / "jupyter", "nbconvert", "--to", "html", ran], **QUIET)


def scripts(out: Path) -> None:
    """The code of all notebooks as plain scripts, as many side by side as there are cores."""
    nodes = [notebook.node for notebook in notebooks.discover(NOTEBOOKS)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(lambda node: subprocess.run([sys.executable, "-c", script(node)], **QUIET), nodes))


def script(node: nbformat.NotebookNode) -> str:
    """The code of a notebook as one program; `display` is a kernel's own word."""
    code = [cell.source for cell in node.cells if cell.cell_type == "code"]
    return "\n".join(["from IPython.display import display", *code])


def took(work: Callable[[Path], None], out: Path) -> dict[str, float]:
    """Wall and CPU seconds of all processes of the work."""
    before, wall = _cpu(), time.perf_counter()
    work(out)
    return {"wall_s": time.perf_counter() - wall, "cpu_s": _cpu() - before}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(runs: int) -> None:
    datasets.open("demo")  # prepared beforehand, for all
    contenders: dict[str, Callable[[Path], None]] = {
        PEER: peer,
        "kehu, one language": lambda out: fresh(out.with_name("one"), "en"),
        FRESH: lambda out: fresh(out.with_name("both"), "en,zh"),
        SECOND: lambda out: again(out.with_name("both")),
        "plain scripts": scripts,
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            for name, work in contenders.items():
                found[name].append(took(work, Path(home) / "peer"))
                print(json.dumps({name: found[name][-1]}), flush=True)
    middle = medians(found)
    for name, figures in middle.items():
        beside = {key: figures[key] / middle[PEER][key] for key in figures}
        print(f"{name:22}  wall {figures['wall_s']:6.1f} s ({beside['wall_s']:.2f}×)  "
              f"CPU {figures['cpu_s']:6.1f} s ({beside['cpu_s']:.2f}×)")  # fmt: skip
    goal("CPU of a second report, of the first", middle[SECOND]["cpu_s"] / middle[FRESH]["cpu_s"], 0.6, "×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
