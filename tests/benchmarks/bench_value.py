"""BG/NBD at a million customers beside its peers in one run: python tests/benchmarks/bench_value.py FOLDER [customers …]

The peers need packages that the project cannot have (lifetimes pandas 1, PyMC-Marketing pandas 3), so each lives in an
environment of its own below FOLDER, and is left out with a word where there is none:

    uv venv --python 3.11 FOLDER/lifetimes
    uv pip install --python FOLDER/lifetimes/bin/python lifetimes==0.11.3 "pandas<2" "numpy<2"
    uv venv --python 3.11 FOLDER/pymc-marketing
    uv pip install --python FOLDER/pymc-marketing/bin/python pymc-marketing==0.19.2

Customers are simulated: whole-day recency and age. CPU seconds on one BLAS thread, median of 3 rounds in which all
take turns; PyMC-Marketing runs once, from a flat prior, where its maximum a posteriori is that of the likelihood. Its
import, and a fit to 1,000 customers which is all compiling, are printed apart. Answers are compared before any time is
printed. lifetimes is also given the grouped rows, which it takes as weights although it does not make them.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from peers import in_turn, line, peak_megabytes, timed

from helpers.statistics.purchases import discounted_value, fit_bg_nbd, fit_mbg_nbd, grouped

TRUTH = {"r": 0.25, "alpha": 30.0, "a": 0.8, "b": 2.4}
WORKER = """
import json, sys, time
answers, sys.stdout = sys.stdout, sys.stderr
names = {}
for code in sys.stdin:
    start = time.process_time()
    exec(json.loads(code), names)
    print(json.dumps([time.process_time() - start, names.get("answer")]), file=answers, flush=True)
"""
LIFETIMES = {
    "import": "import numpy as np; from lifetimes import BetaGeoFitter",
    "fit": "fit = BetaGeoFitter().fit(*rows[:3]); answer = [fit.params_[name] for name in ['r', 'alpha', 'a', 'b']]",
    "fit to groups": "BetaGeoFitter().fit(*cells[:3], weights=cells[3])",
    "predict": "answer = fit.conditional_expected_number_of_purchases_up_to_time(180, *rows[:3])[:1000].tolist()",
}
MARKETING = {
    "import": "import numpy as np, pandas as pd; from pymc_marketing.clv import BetaGeoModel; "
    "from pymc_extras.prior import Prior; flat = {name: Prior('HalfFlat') for name in ['r', 'alpha', 'a', 'b']}",
    "fit": "data = pd.DataFrame(dict(zip(['frequency', 'recency', 'T'], rows))).rename_axis('customer_id').reset_index();"
    " fit = BetaGeoModel(data.head(size), model_config=flat); fit.fit(method='map', progressbar=False);"
    " answer = [float(fit.fit_result[name].squeeze()) for name in ['r', 'alpha', 'a', 'b']]",
}


class Peer:
    """A Python of another environment that holds the customers as `rows` and `cells`; use as a context."""

    def __init__(self, python: Path, rows: np.ndarray, cells: np.ndarray, load: str) -> None:
        self.python, self.tables, self.load = python, {"rows": rows, "cells": cells}, load

    def __enter__(self) -> Peer:
        self.process = subprocess.Popen(
            [self.python, "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.seconds_of_import, _ = self.run(self.load)
        for name, table in self.tables.items():
            with tempfile.TemporaryDirectory() as folder:
                np.save(Path(folder, "table.npy"), table)
                self.run(f"{name} = np.load({str(Path(folder, 'table.npy'))!r})")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()

    def run(self, code: str) -> tuple[float, list[float]]:
        """CPU seconds that the code took, and what it left as `answer`."""
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.python.parents[1].name} stopped at {code!r}.")
        return tuple(json.loads(answer))

    def timed(self, code: str) -> Callable[[], float]:
        """A run of the code that returns its CPU seconds."""
        return lambda: self.run(code)[0]


def customers(size: int) -> np.ndarray:
    """Simulated customers: frequency, recency and age in whole days, one row each."""
    rng = np.random.default_rng(50)
    rate = rng.gamma(TRUTH["r"], 1 / TRUTH["alpha"], size)
    dropout = rng.beta(TRUTH["a"], TRUTH["b"], size)
    age = rng.integers(180, 274, size).astype(float)
    x, last, time = np.zeros((3, size))
    lives = np.arange(size)
    while lives.size:
        time[lives] += rng.exponential(1 / rate[lives])
        lives = lives[time[lives] <= age[lives]]
        x[lives] += 1
        last[lives] = time[lives]
        lives = lives[rng.random(lives.size) > dropout[lives]]
    return np.array([x, np.minimum(np.ceil(last), age), age])


def compare(size: int, folder: Path) -> None:
    rows = customers(size)
    counts = grouped(*rows)
    cells = np.array([counts.x, counts.t_x, counts.age, counts.counts])
    print(f"\n{size:,} customers, {len(counts.x):,} distinct histories")
    fit = fit_bg_nbd(*rows)
    ours = {
        "fit_bg_nbd": timed(lambda: fit_bg_nbd(*rows)),
        "expected_purchases": timed(lambda: fit.expected_purchases(180, *rows)),
    }
    seconds = beside_lifetimes(folder / "lifetimes/bin/python", rows, cells, ours)
    beside_marketing(folder / "pymc-marketing/bin/python", rows, cells, seconds["fit_bg_nbd"])
    year = dict(periods=12, period_length=30.4, discount_rate=0.01)
    alone = {
        "fit_mbg_nbd": lambda: fit_mbg_nbd(*rows),
        "p_alive": lambda: fit.p_alive(*rows),
        "discounted_value": lambda: discounted_value(fit, 20.0, *rows, **year),
    }
    for name, taken in in_turn({name: timed(work) for name, work in alone.items()}).items():
        print(f"  {name:<22}{taken:8.4f} s, {peak_megabytes(alone[name]):.0f} MB at its peak")
    print(f"  {'fit_bg_nbd':<22}{'':10}  {peak_megabytes(lambda: fit_bg_nbd(*rows)):.0f} MB at its peak")


def same(what: str, ours: object, theirs: object, digits: float) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=digits, err_msg=what)
    print(f"  agrees to {digits:.0e}: {what}")


def beside_lifetimes(
    python: Path, rows: np.ndarray, cells: np.ndarray, ours: dict[str, Callable[[], float]]
) -> dict[str, float]:
    """Seconds of ours, beside those of lifetimes where it is there."""
    if not python.exists():
        print("  lifetimes has no environment in the folder: skipped.")
        return in_turn(ours)
    fit = fit_bg_nbd(*rows)
    with Peer(python, rows, cells, LIFETIMES["import"]) as peer:
        same("parameters, with lifetimes", list(fit.parameters.values()), peer.run(LIFETIMES["fit"])[1], 1e-3)
        expected = fit.expected_purchases(180, *rows[:, :1000])
        same("expected purchases, with lifetimes", expected, peer.run(LIFETIMES["predict"])[1], 1e-3)
        theirs = {name: peer.timed(LIFETIMES[name]) for name in ["fit", "fit to groups", "predict"]}
        seconds = in_turn(ours | theirs)
    line("fit_bg_nbd", seconds["fit_bg_nbd"], "lifetimes BetaGeoFitter", seconds["fit"], 10)
    line("fit_bg_nbd", seconds["fit_bg_nbd"], "lifetimes, given our groups", seconds["fit to groups"])
    line("expected_purchases", seconds["expected_purchases"], "lifetimes", seconds["predict"])
    return seconds


def beside_marketing(python: Path, rows: np.ndarray, cells: np.ndarray, ours: float) -> None:
    if not python.exists():
        print("  PyMC-Marketing has no environment in the folder: skipped.")
        return
    with Peer(python, rows, cells, MARKETING["import"]) as peer:
        peer.run(
            "size = 1000; " + MARKETING["fit"]
        )  # compiled code is kept on disk: the first fit ever is slower still
        compiling, _ = peer.run("size = 1000; " + MARKETING["fit"])
        taken, answer = peer.run(f"size = {rows.shape[1]}; " + MARKETING["fit"])
        same("parameters, with PyMC-Marketing", list(fit_bg_nbd(*rows).parameters.values()), answer, 1e-2)
        line("fit_bg_nbd", ours, "PyMC-Marketing MAP less compiling", taken - compiling)
        print(f"  PyMC-Marketing's import takes {peer.seconds_of_import:.1f} s, compiling {compiling:.1f} s.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for size in [int(text) for text in sys.argv[2:]] or [100_000, 1_000_000]:
        compare(size, Path(sys.argv[1]))
