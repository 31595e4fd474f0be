"""A whole report of the demo beside its floor: the same notebooks as plain scripts, plus the start of their kernels.

    python tests/benchmarks/bench_run.py [runs, default 3]

The floor runs each notebook's code in a process of its own, as many side by side as the report does, imports and
figures included, and adds the time in which a kernel of this interpreter answers, once for every notebook that has to
wait for a core. Both are timed in turn; printed are medians and their ratio.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager

from helpers.data import datasets
from helpers.reports.run import NOTEBOOKS


def script(path: Path) -> str:
    """The code of a notebook as one program; `display` is a kernel's own word."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return "\n".join(["from IPython.display import display", *code])


def report() -> float:
    """Seconds of `kehu report`."""
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        subprocess.run([Path(sys.executable).parent / "kehu", "report", "--out", out], check=True, capture_output=True)
        return time.perf_counter() - started


def scripts(cores: int) -> float:
    """Seconds of all notebooks as plain scripts, `cores` side by side."""
    programs = [script(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    started = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(
            pool.map(
                lambda program: subprocess.run([sys.executable, "-c", program], check=True, capture_output=True),
                programs,
            )
        )
    return time.perf_counter() - started


def kernel_start() -> float:
    """Seconds until a new kernel of this interpreter answers."""
    manager = KernelManager()
    started = time.perf_counter()
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready()
    seconds = time.perf_counter() - started
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return seconds


def main(runs: int) -> None:
    cores = os.cpu_count() or 1
    rounds = -(-len(list(NOTEBOOKS.glob("*.ipynb"))) // cores)
    datasets.open("demo")  # prepared beforehand, for both
    pairs = [(report(), scripts(cores), kernel_start()) for _ in range(runs)]
    whole, plain, kernel = (statistics.median(column) for column in zip(*pairs))
    floor = plain + rounds * kernel
    print(
        f"report {whole:.1f} s; floor {floor:.1f} s (scripts {plain:.1f} s + {rounds} × kernel start {kernel:.2f} s), "
        f"{cores} cores; ratio {whole / floor:.2f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
