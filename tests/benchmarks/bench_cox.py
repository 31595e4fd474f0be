"""Cox beside its peers in one run: python tests/benchmarks/bench_cox.py [rows …]

Ten covariates, whole-day durations to 1,500, about 30 % events; 20,000, 100,000 and 1,000,000 rows by default. CPU
seconds on one BLAS thread, median of 3 rounds in which all take turns; beyond 100,000 rows Python's peers run once.
Answers are compared with R's before any time is printed, and with the Python peers' coefficients after it.
R's survival package (Debian: r-cran-survival) is skipped with a word where it is not installed, and so is
scikit-survival: it is GPL-3 and no part of the project; to include it install it in a folder on PYTHONPATH.
lifelines' robust errors and its test of proportional hazards are timed once and up to 100,000 rows, where the errors
take five minutes; both are other statistics than R's and ours on tied days, so only their times are compared.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import sys
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.statistics import proportional_hazard_test
from peers import R, agree, in_turn, line, peak_megabytes, timed
from statsmodels.duration.hazard_regression import PHReg

from helpers.statistics import hazards

R_SETUP = """x <- as.matrix(rows[, grep("^x", names(rows))]); y <- Surv(rows$duration, rows$event)"""
R_CORE = "core <- coxph.fit(x, y, NULL, NULL, NULL, coxph.control(), NULL, 'efron', NULL, resid = FALSE)"
DAYS = [30, 90, 365, 1000, 1400]
HORIZONS = 30.0 * np.arange(1, 13)


def customers(size: int) -> pd.DataFrame:
    """Simulated customers: x0 … x9 (column by column in memory, as an engine returns them), duration in days, event."""
    rng = np.random.default_rng(20)
    x = rng.normal(size=(size, 10))
    left = rng.exponential(1900 * np.exp(-x @ np.linspace(-0.4, 0.4, 10)))
    end = rng.uniform(0, 1500, size)
    rows = pd.DataFrame({f"x{j}": column for j, column in enumerate(x.T)})
    return rows.assign(duration=np.ceil(np.minimum(left, end)), event=left <= end)


def check(fit: hazards.CoxFit, robust: hazards.CoxFit, r: R) -> None:
    """Stop unless ours are R's answers; leaves R's fit in the session as `fit`."""
    r.numbers(f"{{{R_CORE}; fit <- coxph(y ~ x); 0}}")
    agree("coefficients", fit.coefficients["coef"], r.numbers("fit$coefficients"), 1e-7)
    agree("standard errors", fit.coefficients["std_error"], r.numbers("sqrt(diag(fit$var))"), 1e-7)
    agree("log-likelihoods", fit.log_likelihood, r.numbers("core$loglik"), 1e-12)
    survival = fit.survival(fit.means.to_frame().T, DAYS).iloc[0]
    at_days = f"with(basehaz(fit), exp(-hazard[findInterval(c({str(DAYS)[1:-1]}), time)]))"
    agree(f"survival of the mean customer at days {DAYS}", survival, r.numbers(at_days), 1e-8)
    test = hazards.proportional_hazards_test(fit)["statistic"]
    agree("χ² of proportional hazards", test, r.numbers("cox.zph(fit, terms = FALSE)$table[, 1]"), 1e-6)
    if len(fit.index) <= 20_000:  # minutes in R beyond that
        errors = r.numbers("sqrt(diag(coxph(y ~ x, robust = TRUE)$var))")
        agree("robust standard errors", robust.coefficients["std_error"], errors, 1e-7)


def python_peers(rows: pd.DataFrame) -> dict[str, Callable[[], np.ndarray]]:
    """Fits of the Python peers; each yields its coefficients."""
    x = rows.filter(like="x")
    peers = {
        "lifelines CoxPHFitter": lambda: CoxPHFitter().fit(rows, "duration", "event").params_.to_numpy(),
        "statsmodels PHReg": lambda: PHReg(rows["duration"], x, rows["event"], ties="efron").fit().params,
    }
    try:
        from sksurv.linear_model import CoxPHSurvivalAnalysis
        from sksurv.util import Surv
    except ImportError:
        print("  scikit-survival is not installed: skipped.")
        return peers
    y = Surv.from_arrays(rows["event"], rows["duration"])
    return peers | {"scikit-survival": lambda: CoxPHSurvivalAnalysis(ties="efron").fit(x.to_numpy(), y).coef_}


def compare(size: int, with_r: bool) -> None:
    rows = customers(size)
    data = rows.filter(like="x"), rows["duration"], rows["event"]
    print(f"\n{size:,} rows, {rows['event'].mean():.0%} events")
    fit, robust = hazards.fit_cox(*data), hazards.fit_cox(*data, robust=True)
    works = {
        "fit_cox": timed(lambda: hazards.fit_cox(*data)),
        "robust fit_cox": timed(lambda: hazards.fit_cox(*data, robust=True)),
        "PH test": timed(lambda: hazards.proportional_hazards_test(fit)),
    }
    if with_r:
        with R(rows, R_SETUP) as r:
            check(fit, robust, r)
            calls = {"coxph.fit": R_CORE, "coxph": "coxph(y ~ x)", "cox.zph": "cox.zph(fit, terms = FALSE)"}
            works |= {f"R {name}": r.timed(call) for name, call in calls.items()}
            seconds = in_turn(works)
        goal = 1 / 0.6 if size >= 10_000 else None
        line("fit_cox", seconds["fit_cox"], "R coxph.fit (C core)", seconds["R coxph.fit"], goal)
        line("fit_cox", seconds["fit_cox"], "R coxph", seconds["R coxph"])
        line("PH test", seconds["PH test"], "R cox.zph", seconds["R cox.zph"])
    else:
        seconds = in_turn(works)
    beside_python(rows, fit, seconds)
    print(f"  {'fit_cox':<22}{peak_megabytes(lambda: hazards.fit_cox(*data)):8.0f} MB at its peak")
    predict(fit, rows)


def beside_python(rows: pd.DataFrame, fit: hazards.CoxFit, ours: dict[str, float]) -> None:
    peers = python_peers(rows)
    seconds = in_turn({name: timed(work) for name, work in peers.items()}, 3 if len(rows) <= 100_000 else 1)
    for name, taken in seconds.items():
        line("fit_cox", ours["fit_cox"], name, taken, 3 if "lifelines" in name else None)
    if len(rows) <= 20_000:
        for name, work in peers.items():
            print(f"    coefficients of {name} differ by at most {np.abs(work() - fit.coefficients['coef']).max():.0e}")
    if len(rows) <= 100_000:
        taken = timed(lambda: CoxPHFitter().fit(rows, "duration", "event", robust=True))()
        goal = 500 if len(rows) == 100_000 else None
        line("robust fit_cox", ours["robust fit_cox"], "lifelines, robust (1 run)", taken, goal)
        peer = CoxPHFitter().fit(rows, "duration", "event")
        taken = timed(lambda: proportional_hazard_test(peer, rows, time_transform="km"))()
        line("PH test", ours["PH test"], "lifelines PH test (1 run)", taken, 50)


def predict(fit: hazards.CoxFit, rows: pd.DataFrame) -> None:
    """Survival over 12 horizons of everybody, given how long each has stayed."""
    covariates, elapsed = rows.filter(like="x"), rows["duration"].clip(upper=1000)
    work = lambda: fit.conditional_survival(covariates, elapsed, HORIZONS)  # noqa: E731
    some = covariates.head(5)
    after, before = (fit.survival(some, elapsed[[0]] + h).to_numpy()[:, 0] for h in (90.0, 0.0))
    same = fit.conditional_survival(some, np.full(5, elapsed[0]), [90.0]).to_numpy()[:, 0]
    np.testing.assert_allclose(same, after / before, rtol=1e-12)
    taken, peak = in_turn({"": timed(work)})[""], peak_megabytes(work)
    met = "met" if taken < 1 and peak < 300 else "MISSED"
    verdict = f"   goal < 1 s and < 300 MB: {met}" if len(rows) == 1_000_000 else ""
    print(f"  {'12 horizons':<22}{taken:8.4f} s, {peak:.0f} MB at its peak{verdict}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with_r = R.is_here()
    if not with_r:
        print("R with its survival package is not installed: skipped.")
    for size in [int(text) for text in sys.argv[1:]] or [20_000, 100_000, 1_000_000]:
        compare(size, with_r)
