"""Cox against its peers in one run: python tests/benchmarks/bench_cox.py [rows …]

Ten covariates, whole-day durations to 1,500, about 30 % events. CPU seconds on one BLAS thread, median of 3 runs.
Peers that are not installed are skipped with a word; statsmodels and robust lifelines run on what they can take.
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
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.statistics import proportional_hazard_test
from statsmodels.duration.hazard_regression import PHReg

from helpers.statistics import cox

R_SCRIPT = """
suppressMessages(library(survival))
rows <- read.csv(commandArgs(TRUE)[1])
x <- as.matrix(rows[, grep("^x", names(rows))]); y <- Surv(rows$duration, rows$event)
seconds <- function(f) median(sapply(1:3, function(k) sum(system.time(f())[1:2])))
cat(seconds(function() coxph.fit(x, y, NULL, NULL, NULL, coxph.control(), NULL, "efron", NULL)),
    seconds(function() coxph(y ~ x)), "\\n")
"""


def customers(size: int) -> pd.DataFrame:
    """Simulated customers: x0 … x9, duration in days, event."""
    rng = np.random.default_rng(20)
    x = rng.normal(size=(size, 10))
    left = rng.exponential(1900 * np.exp(-x @ np.linspace(-0.4, 0.4, 10)))
    end = rng.uniform(0, 1500, size)
    rows = pd.DataFrame(x, columns=[f"x{j}" for j in range(10)])
    return rows.assign(duration=np.ceil(np.minimum(left, end)), event=left <= end)


def cpu_seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Median CPU seconds of the work."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def r_seconds(rows: pd.DataFrame) -> tuple[float, float] | None:
    """CPU seconds of R's coxph.fit and coxph, or None without R and its survival package."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        rows.assign(event=rows["event"].astype(int)).to_csv(Path(folder, "rows.csv"), index=False)
        done = subprocess.run(["Rscript", "-e", R_SCRIPT, f"{folder}/rows.csv"], capture_output=True, text=True)
    if done.returncode:
        return None
    core, whole = map(float, done.stdout.split())
    return core, whole


def report(what: str, seconds: float, ours: float) -> None:
    print(f"  {what:<46}{seconds:9.3f} s   ours / theirs = {ours / seconds:.4f}   ({seconds / ours:,.1f}×)")


def compare(size: int) -> None:
    rows = customers(size)
    covariates = rows.filter(like="x")
    print(f"{size:,} rows, {rows['event'].mean():.0%} events")
    fit = cox.fit_cox(covariates, rows["duration"], rows["event"])
    ours = cpu_seconds(lambda: cox.fit_cox(covariates, rows["duration"], rows["event"]))
    print(f"  {'ours: fit_cox':<46}{ours:9.3f} s")
    in_r = r_seconds(rows)
    if in_r is None:
        print("  R survival: not installed, skipped")
    else:
        report("R coxph.fit (C core)", in_r[0], ours)
        report("R coxph", in_r[1], ours)
    peer = CoxPHFitter()
    report("lifelines CoxPHFitter", cpu_seconds(lambda: peer.fit(rows, "duration", "event")), ours)
    apart = np.abs(peer.params_.to_numpy() - fit.coefficients["coef"]).max()
    print(f"    largest difference of a coefficient: {apart:.1e}")
    if size <= 20_000:
        model = PHReg(rows["duration"], covariates, rows["event"], ties="efron")
        report("statsmodels PHReg", cpu_seconds(model.fit), ours)
    else:
        print("  statsmodels PHReg: minutes at this size, compared at 20,000 rows only")
    scikit_survival(rows, ours)

    robust = cpu_seconds(lambda: cox.fit_cox(covariates, rows["duration"], rows["event"], robust=True))
    print(f"  {'ours: robust errors':<46}{robust:9.3f} s")
    if size <= 100_000:
        theirs = cpu_seconds(lambda: CoxPHFitter().fit(rows, "duration", "event", robust=True), 1)
        report("lifelines, robust (1 run of minutes)", theirs, robust)
    drift = cpu_seconds(lambda: cox.proportional_hazards_test(fit))
    print(f"  {'ours: proportional_hazards_test':<46}{drift:9.3f} s")
    if size <= 100_000:
        theirs = cpu_seconds(lambda: proportional_hazard_test(peer, rows, time_transform="km"), 1)
        report("lifelines proportional_hazard_test (1 run)", theirs, drift)
    print(f"  {'ours: concordance':<46}{cpu_seconds(lambda: type(fit).concordance.func(fit)):9.3f} s")
    predict(fit, rows)


def scikit_survival(rows: pd.DataFrame, ours: float) -> None:
    try:
        from sksurv.linear_model import CoxPHSurvivalAnalysis
        from sksurv.util import Surv
    except ImportError:
        print("  scikit-survival: not installed, skipped")
        return
    y = Surv.from_arrays(rows["event"], rows["duration"])
    x = rows.filter(like="x").to_numpy()
    report("scikit-survival", cpu_seconds(lambda: CoxPHSurvivalAnalysis(ties="efron").fit(x, y)), ours)


def predict(fit: cox.CoxFit, rows: pd.DataFrame) -> None:
    covariates, elapsed = rows.filter(like="x"), rows["duration"].clip(upper=1000)
    horizons = 30.0 * np.arange(1, 13)
    seconds = cpu_seconds(lambda: fit.conditional_survival(covariates, elapsed, horizons))
    tracemalloc.start()
    fit.conditional_survival(covariates, elapsed, horizons)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"  {'ours: conditional survival, 12 horizons':<46}{seconds:9.3f} s   (peak {peak:.0f} MB)")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for size in [int(text) for text in sys.argv[1:]] or [20_000, 100_000, 1_000_000]:
        compare(size)
