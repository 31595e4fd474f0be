"""Survival curves and tests against their peers in one run: python tests/benchmarks/bench_survival.py [rows …]

Whole-day durations to 1,500, about 30 % events, two groups. CPU seconds, median of 3 runs. Peers not installed are
skipped with a word.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from helpers.statistics import survival

R_SCRIPT = """
suppressMessages(library(survival))
rows <- read.csv(commandArgs(TRUE)[1]); y <- Surv(rows$duration, rows$event)
seconds <- function(f) median(sapply(1:3, function(k) sum(system.time(f())[1:2])))
cat(seconds(function() survfit(y ~ 1)), seconds(function() survdiff(y ~ rows$group)),
    seconds(function() survfit(Surv(rows$duration, factor(rows$cause)) ~ 1)), "\\n")
"""


def customers(size: int) -> pd.DataFrame:
    """Simulated customers: duration in days, event, cause (0 = censored), group."""
    rng = np.random.default_rng(21)
    left, end = rng.exponential(1900, size), rng.uniform(0, 1500, size)
    rows = pd.DataFrame({"duration": np.ceil(np.minimum(left, end)), "event": left <= end})
    return rows.assign(cause=rows["event"] * rng.integers(1, 3, size), group=rng.integers(0, 2, size))


def cpu_seconds(work: Callable[[], object]) -> float:
    """Median CPU seconds of three runs."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def r_seconds(rows: pd.DataFrame) -> list[float] | None:
    """CPU seconds of R's survfit, survdiff and multi-state survfit, or None without R and its survival package."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        rows.assign(event=rows["event"].astype(int)).to_csv(Path(folder, "rows.csv"), index=False)
        done = subprocess.run(["Rscript", "-e", R_SCRIPT, f"{folder}/rows.csv"], capture_output=True, text=True)
    return None if done.returncode else [float(text) for text in done.stdout.split()]


def report(what: str, seconds: float, ours: float) -> None:
    print(f"  {what:<46}{seconds:9.3f} s   ours / theirs = {ours / seconds:.4f}   ({seconds / ours:,.1f}×)")


def compare(size: int) -> None:
    rows = customers(size)
    first = rows["group"] == 0
    print(f"{size:,} rows, {rows['event'].mean():.0%} events")
    ours = {
        "kaplan_meier": cpu_seconds(lambda: survival.kaplan_meier(rows["duration"], rows["event"])),
        "log_rank": cpu_seconds(lambda: survival.log_rank(rows["duration"], rows["event"], rows["group"])),
        "aalen_johansen": cpu_seconds(lambda: survival.aalen_johansen(rows["duration"], rows["cause"])),
    }
    for name, seconds in ours.items():
        print(f"  {'ours: ' + name:<46}{seconds:9.3f} s")
    fit = KaplanMeierFitter().fit
    theirs = cpu_seconds(lambda: fit(rows["duration"], rows["event"]))
    report("lifelines KaplanMeierFitter", theirs, ours["kaplan_meier"])
    parts = [rows.loc[chosen, column] for column in ("duration", "event") for chosen in (first, ~first)]
    report("lifelines logrank_test", cpu_seconds(lambda: logrank_test(*parts)), ours["log_rank"])
    in_r = r_seconds(rows)
    if in_r is None:
        print("  R survival: not installed, skipped")
    else:
        names = ("R survfit", "R survdiff", "R survfit, 2 causes")
        for name, seconds, mine in zip(names, in_r, ours.values(), strict=True):
            report(name, seconds, mine)


if __name__ == "__main__":
    for size in [int(text) for text in sys.argv[1:]] or [100_000, 1_000_000]:
        compare(size)
