"""What benchmarks of estimators share: CPU seconds taken in turn, and a session of R beside Python's."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """A run of the work that returns its CPU seconds."""

    def seconds() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return seconds


def in_turn(works: dict[str, Callable[[], float]], runs: int = 3) -> dict[str, float]:
    """Median seconds of each work; every round runs all of them, so that a busy moment meets them alike."""
    taken = [{name: seconds() for name, seconds in works.items()} for _ in range(runs)]
    return {name: statistics.median(one[name] for one in taken) for name in works}


def peak_megabytes(work: Callable[[], object]) -> float:
    """Most memory that the work holds at once beyond its input, the answer included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def agree(what: str, ours: object, theirs: object, digits: float) -> None:
    """Stop when two answers differ by more than the relative `digits`: times of different answers say nothing."""
    np.testing.assert_allclose(ours, theirs, rtol=digits, atol=0, err_msg=what)
    print(f"  agrees with R to {digits:.0e}: {what}")


def line(what: str, ours: float, peer: str, theirs: float, goal: float | None = None) -> None:
    """Print one comparison; the goal is how many times faster ours is to be."""
    verdict = "" if goal is None else f"   goal ≥ {goal:.4g}×: {'met' if theirs >= goal * ours else 'MISSED'}"
    ratio = f"ratio {ours / theirs:.4f}{theirs / ours:10,.1f}×"
    print(f"  {what:<22}{ours:8.4f} s   {peer:<34}{theirs:9.3f} s   {ratio}{verdict}")


class R:
    """A session of R that holds a table as `rows`; use as a context. Only where `R.is_here()`."""

    @staticmethod
    def is_here() -> bool:
        """Whether R and its survival package can be called."""
        test = ["Rscript", "-e", "library(survival)"]
        return shutil.which("Rscript") is not None and subprocess.run(test, capture_output=True).returncode == 0

    def __init__(self, rows: pd.DataFrame, setup: str) -> None:
        self.rows, self.setup = rows, setup

    def __enter__(self) -> R:
        command = ["R", "--no-save", "--no-restore", "--no-echo"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        size, width = self.rows.shape
        names = ", ".join(f'"{name}"' for name in self.rows)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows")
            self.rows.to_numpy(dtype=float).T.tofile(path)
            self._write("suppressMessages(library(survival))")
            self._write(f'rows <- as.data.frame(matrix(readBin("{path}", "double", {size * width}), {size}))')
            self._write(f"names(rows) <- c({names}); {self.setup}")
            self.numbers("nrow(rows)")  # waits until the file is read
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()

    def numbers(self, expression: str) -> list[float]:
        """The numbers an expression yields, with all their digits."""
        self._write(f'cat(sprintf("%.17g", {expression}), "\\n")')
        answer = self.process.stdout.readline().split()
        if not answer:
            raise RuntimeError(f"R stopped at {expression!r}.")
        return [float(text) for text in answer]

    def timed(self, expression: str) -> Callable[[], float]:
        """A run of the expression that returns its CPU seconds."""
        return lambda: self.numbers(f"sum(system.time({expression})[1:2])")[0]

    def _write(self, code: str) -> None:
        self.process.stdin.write(code + "\n")
        self.process.stdin.flush()
