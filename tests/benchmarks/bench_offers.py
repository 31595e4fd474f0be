"""08_offers in one run: pairs of goods beside mlxtend, ten goods each beside implicit, goods that are due, and the page.

    python tests/benchmarks/bench_offers.py [baskets, default 1 million]

Baskets are drawn by popularity from 1,000 goods, 4.4 in the mean; pairs are those in a thousandth of the baskets or
more. mlxtend's `fpgrowth` and `association_rules` get the same matrix, and must find the same pairs; ours also say how
many were to be expected. Ten goods each of a fifth as many customers are those of `bench_recommenders`. Without the peers
(`uv sync --group benchmarks`) ours stand alone. Printed are CPU seconds. Goals: pairs with expectations in 1 s, scoring no
slower than implicit, the page on the demo, imports and figures included, in 8 s.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import bench_recommenders
import ibis
import numpy as np
import pandas as pd
from bench_run import QUIET, script, took
from peers import line, timed
from processes import goal
from scipy.sparse import csr_array

from helpers.analyses.offers.goods.consumption import listed
from helpers.analyses.offers.goods.levels import Kept, Level
from helpers.data import datasets, engine
from helpers.reports import notebooks
from helpers.reports.run import NOTEBOOKS
from helpers.statistics.baskets import associations, incidence, pair_counts

GOODS, SUPPORT, GOAL_S, PAGE_S = 1_000, 0.001, 1.0, 8.0
AS_OF = dt.date(2025, 12, 31)


def drawn(baskets: int) -> csr_array:
    """Baskets of long-tailed sizes, goods by popularity."""
    rng = np.random.default_rng(1)
    popularity = 1 / np.arange(1, GOODS + 1) ** 0.8
    sizes = 1 + rng.poisson(3.4, baskets)
    goods = rng.choice(GOODS, sizes.sum(), p=popularity / popularity.sum())
    return incidence(np.repeat(np.arange(baskets), sizes), goods)


def by_mlxtend(baskets: csr_array) -> pd.DataFrame:
    from mlxtend.frequent_patterns import association_rules, fpgrowth

    table = pd.DataFrame.sparse.from_spmatrix(baskets.astype(bool))
    sets = fpgrowth(table, min_support=SUPPORT, max_len=2)
    return association_rules(sets, metric="support", min_threshold=SUPPORT)


def pairs_beside_mlxtend(baskets: int) -> None:
    held = drawn(baskets)
    counts = pair_counts(held)
    often = int((counts["together"] >= SUPPORT * baskets).sum())
    ours = timed(lambda: associations(held, least_expected=SUPPORT * baskets))
    seconds = min(ours() for _run in range(3))
    print(f"{baskets:,} baskets × {GOODS:,} goods, {often:,} pairs at support ≥ {SUPPORT}")
    print(
        f"  pairs with expectations {seconds:.2f} s   goal ≤ {GOAL_S:g} s: {'met' if seconds <= GOAL_S else 'MISSED'}"
    )
    if find_spec("mlxtend") is None:
        print("  mlxtend is not here: `uv sync --group benchmarks` brings it.")
        return
    assert len(by_mlxtend(held)) == 2 * often, "mlxtend finds other pairs"
    line("pairs", seconds, "mlxtend fpgrowth + rules", timed(lambda: by_mlxtend(held))())


def due_goods(customers: int) -> None:
    """Six purchases a customer in two years, of ten consumables."""
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({
        "customer_id": np.repeat(np.arange(customers), 6).astype(str),
        "good": rng.choice(list("abcdefghij"), 6 * customers),
        "ordered_at": pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 730, 6 * customers), unit="D"),
    })  # fmt: skip
    ibis.set_backend(engine.connect())
    lines = ibis.memtable(rows).mutate(order_id=ibis.literal("o")).cache()
    level = Level(
        pd.DataFrame(), Kept.PRODUCT, lines, pd.Series(dtype=object), pd.Series(dtype=object), frozenset(), AS_OF
    )
    found = []
    seconds = timed(lambda: found.append(listed(level, AS_OF, 30)))()
    told = found[0]
    print(f"due goods of {customers:,} customers: {seconds:.1f} s, {0 if told is None else len(told[0]):,} rows")


def the_page() -> None:
    """The code of the notebook on the demo as a plain script."""
    datasets.open("demo")  # prepared beforehand
    node = next(each.node for each in notebooks.discover(NOTEBOOKS) if each.word == "offers")
    cpu = min(
        took(lambda _: subprocess.run([sys.executable, "-c", script(node)], **QUIET), Path())["cpu_s"] for _ in "123"
    )
    goal("CPU of 08_offers on the demo", cpu, PAGE_S, " s")


if __name__ == "__main__":
    size = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    pairs_beside_mlxtend(size)
    due_goods(size)
    bench_recommenders.main(size // 5)
    the_page()
