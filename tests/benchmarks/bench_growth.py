"""What each notebook and a whole report take as a shop grows: the demo's shop at the sizes asked for.

    python tests/benchmarks/bench_growth.py FOLDER [customers …, default 5000 50000] [word …, default all and the report]

The shops (`grown`) are made in FOLDER and stay there, a thousand customers some 1.7 MB. A word such as `churn` runs
that notebook alone, `report` the whole. Each notebook runs in a process of its own, cell by cell as a kernel runs them
and on the tables that those before it saved; reading and preparing the files comes first, as `reading`. Of the whole
report the memory is that of all its processes at one moment, pages that they share counted once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
import psutil
from grown import shop
from processes import Figures, measured, report

from helpers.data import datasets
from helpers.reports.kernels import USUAL
from helpers.reports.run import NOTEBOOKS

READING, WHOLE = "reading", "report"
WORDS = {path.stem.split("_", 1)[1]: path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
SECONDS = 0.25  # between two looks at the memory of a report's processes


def notebook(word: str, home: Path, tables: Path) -> None:
    """Runs the notebook's cells in this process, as a kernel does."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    for cell in nbformat.read(WORDS[word], as_version=4).cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type == "code" and "closer" not in tags:
            shell.run_cell(cell.source, store_history=True).raise_error()
        if "parameters" in tags:
            shell.push({"dataset": str(home), "save_to": str(tables)})


def whole(home: Path) -> Figures:
    """What `kehu report` takes: wall, CPU, and the most memory of all its processes at one moment."""
    with tempfile.TemporaryDirectory() as out:
        command = [Path(sys.executable).parent / "kehu", "report", "--dataset", home, "--out", out]
        started, peak = time.perf_counter(), 0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, sum(_own(each) for each in _family(process.pid)))
            time.sleep(SECONDS)
        took = {"wall_s": time.perf_counter() - started, "cpu_s": ended[2].ru_utime + ended[2].ru_stime}
        if ended[1]:
            raise RuntimeError(f"kehu report ended with {os.waitstatus_to_exitcode(ended[1])}")
        return {**took, "peak_gb": peak / 1e9}


def _family(parent: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(parent)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _own(process: psutil.Process) -> int:
    """Bytes of memory of a process, its share of what it has in common with others."""
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def sizes(folder: Path, customers: Iterable[int], words: list[str]) -> dict[int, dict[str, Figures]]:
    """Of each size what each word takes, which is printed as soon as it is known."""
    took: dict[int, dict[str, Figures]] = {}
    for size in customers:
        home, tables = shop(folder, size), folder / f"tables_{size}"
        took[size] = {}
        for word in words:
            figures = whole(home) if word == WHOLE else measured(__file__, word, home, tables)
            if figures:
                took[size][word] = figures
                print(
                    f"{size:>9,} {word:13} CPU {figures['cpu_s']:7.1f} s  peak {figures['peak_gb'] * 1e3:6.0f} MB  "
                    f"wall {figures['wall_s']:7.1f} s",
                    flush=True,
                )
    return took


def show_growth(took: dict[int, dict[str, Figures]]) -> None:
    """Print for each word what a customer more takes, from each size to the next."""
    for few, many in zip(list(took), list(took)[1:]):
        for word in [word for word in took[many] if word in took[few]]:
            more = {key: took[many][word][key] - took[few][word][key] for key in ("cpu_s", "peak_gb")}
            print(
                f"{few:,} to {many:,}: {word:13} {more['cpu_s'] / (many - few) * 1e6:7.1f} µs CPU and "
                f"{more['peak_gb'] / (many - few) * 1e6:6.2f} kB a customer more"
            )


def main(folder: str, *asked: str) -> None:
    os.environ |= {name: os.environ.get(name, usual) for name, usual in USUAL.items()}  # as kernels have
    customers = [int(each) for each in asked if each.isdigit()] or [5_000, 50_000]
    words = [each for each in asked if not each.isdigit()] or [READING, *WORDS, WHOLE]
    show_growth(sizes(Path(folder), customers, words))


if __name__ == "__main__":
    if sys.argv[1] == "--only":
        word, (home, tables) = sys.argv[2], map(Path, sys.argv[3:])
        report(lambda: datasets.open(home) and None if word == READING else notebook(word, home, tables))
    else:
        main(*sys.argv[1:])
