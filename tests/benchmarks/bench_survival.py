"""Survival curves and tests beside their peers in one run: python tests/benchmarks/bench_survival.py [rows …]

Whole-day durations to 1,500, about 30 % events, two groups; 100,000 and 1,000,000 rows by default. CPU seconds, median
of 3 rounds in which all take turns. Answers are compared with R's before any time is printed. R's survival package
(Debian: r-cran-survival) is skipped with a word where it is not installed; its curve of two causes takes a minute at
1,000,000 rows and is timed at up to 100,000. lifelines breaks ties of causes at random, so its curve is not compared.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import sys

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from peers import R, agree, in_turn, line, timed

from helpers.statistics import survival

R_SETUP = "y <- Surv(rows$duration, rows$event); causes <- Surv(rows$duration, factor(rows$cause))"
R_CALLS = {
    "R survfit": "survfit(y ~ 1)",
    "R survdiff": "survdiff(y ~ rows$group)",
    "R survfit, 2 causes": "survfit(causes ~ 1)",
}
DAYS = [30, 90, 365, 1000, 1400]


def customers(size: int) -> pd.DataFrame:
    """Simulated customers: duration in days, event, cause (0 = censored), group."""
    rng = np.random.default_rng(21)
    left, end = rng.exponential(1900, size), rng.uniform(0, 1500, size)
    rows = pd.DataFrame({"duration": np.ceil(np.minimum(left, end)), "event": left <= end})
    return rows.assign(cause=rows["event"] * rng.integers(1, 3, size), group=rng.integers(0, 2, size))


def check(rows: pd.DataFrame, r: R, causes: bool) -> None:
    """Stop unless ours are R's answers."""
    curve = survival.at(survival.kaplan_meier(rows["duration"], rows["event"]), DAYS)
    at_days = f"summary(survfit(y ~ 1, conf.type = 'log-log'), times = c({str(DAYS)[1:-1]}))"
    for column, theirs in {"survival": "surv", "std_error": "std.err", "lower": "lower", "upper": "upper"}.items():
        agree(f"Kaplan–Meier, {column} at days {DAYS}", curve[column], r.numbers(f"{at_days}${theirs}"), 1e-10)
    test = survival.log_rank(rows["duration"], rows["event"], rows["group"])
    agree("log-rank χ²", [test.statistic], r.numbers("survdiff(y ~ rows$group)$chisq"), 1e-9)
    if causes:
        table = survival.aalen_johansen(rows["duration"], rows["cause"])
        first = table.loc[table["cause"] == 1].set_index("time")["incidence"].loc[DAYS]
        theirs = r.numbers(f"summary(survfit(causes ~ 1), times = c({str(DAYS)[1:-1]}))$pstate[, 2]")
        agree(f"incidence of cause 1 at days {DAYS}", first, theirs, 1e-10)


def compare(size: int, with_r: bool) -> None:
    rows, causes = customers(size), size <= 100_000
    print(f"\n{size:,} rows, {rows['event'].mean():.0%} events")
    works = {
        "kaplan_meier": timed(lambda: survival.kaplan_meier(rows["duration"], rows["event"])),
        "log_rank": timed(lambda: survival.log_rank(rows["duration"], rows["event"], rows["group"])),
        "aalen_johansen": timed(lambda: survival.aalen_johansen(rows["duration"], rows["cause"])),
        "lifelines KaplanMeierFitter": timed(lambda: KaplanMeierFitter().fit(rows["duration"], rows["event"])),
    }
    first = rows["group"] == 0
    parts = [rows.loc[chosen, column] for column in ("duration", "event") for chosen in (first, ~first)]
    works["lifelines logrank_test"] = timed(lambda: logrank_test(*parts))
    if not with_r:
        report(in_turn(works))
        return
    with R(rows, R_SETUP) as r:
        check(rows, r, causes)
        calls = {name: r.timed(call) for name, call in R_CALLS.items() if causes or "causes" not in name}
        report(in_turn(works | calls))


def report(seconds: dict[str, float]) -> None:
    pairs = {
        "kaplan_meier": {"lifelines KaplanMeierFitter": None, "R survfit": 3},
        "log_rank": {"lifelines logrank_test": None, "R survdiff": 3},
        "aalen_johansen": {"R survfit, 2 causes": None},
    }
    for ours, peers in pairs.items():
        for peer, goal in peers.items():
            if peer in seconds:
                line(ours, seconds[ours], peer, seconds[peer], goal)


if __name__ == "__main__":
    with_r = R.is_here()
    if not with_r:
        print("R with its survival package is not installed: skipped.")
    for size in [int(text) for text in sys.argv[1:]] or [100_000, 1_000_000]:
        compare(size, with_r)
