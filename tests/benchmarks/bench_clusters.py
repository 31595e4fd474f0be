"""Cluster scoring of many customers under a fixed model beside scikit-learn's predict, in one run.

    python tests/benchmarks/bench_clusters.py [customers, default 10 million]

Both get the same snapshot in memory (days, orders, money), bring it to the model's scale and name each customer's
cluster, in a process of their own. The answers are compared before anything is printed; printed are medians of
three runs in turn: wall and CPU seconds, imports apart, and the most memory the process held, in all and beyond the
snapshot.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import processes

from helpers.analyses.segmentation.cluster.fit import fitted_model
from helpers.analyses.segmentation.cluster.model import ClusterModel, FeatureScale
from helpers.statistics.clusters import fit_k_means, seeded_sample

RUNS, CLUSTERS, FIT_ROWS = 3, 6, 20_000
GOAL_S = 2.0


def snapshot(customers: int) -> pd.DataFrame:
    """Seeded customers whose recency, orders and money hang together."""
    rng = np.random.default_rng(1)
    orders = rng.geometric(rng.beta(1.2, 3, customers))
    money = np.round(orders * rng.lognormal(4, 0.8, customers), 2)
    return pd.DataFrame(
        {"recency_days": rng.integers(0, 900, customers) // orders, "orders": orders, "monetary": money}
    )


def model(customers: pd.DataFrame) -> ClusterModel:
    """Six clusters fitted to a sample of twenty thousand."""
    rows = seeded_sample(len(customers), FIT_ROWS, 1)
    some = customers.iloc[rows].astype(float).reset_index(drop=True)
    scale = FeatureScale.of(some, dict.fromkeys(some, "log1p"))
    fit = fit_k_means(scale.scaled(some.to_numpy()), CLUSTERS, seed=1)
    return fitted_model(some, np.arange(len(some)), scale, fit.centres, seed=1, fitted_on="2025-12-31")


def by_kehu(customers: pd.DataFrame, fit: ClusterModel) -> np.ndarray:
    return fit.placed(customers)[0]


def by_scikit_learn(customers: pd.DataFrame, fit: ClusterModel) -> np.ndarray:
    from sklearn.cluster import KMeans

    centres = np.array(fit.centres)
    peer = KMeans(len(centres), init=centres, n_init=1, max_iter=1).fit(centres)
    peer.cluster_centers_ = centres
    return peer.predict((np.log1p(customers.to_numpy(dtype=float) / fit.units) - fit.mean) / fit.spread)


CONTENDERS = {"kehu": by_kehu, "scikit-learn": by_scikit_learn}


def alone(name: str, folder: Path) -> None:
    """One run of one contender: its places saved, its figures printed as JSON."""
    import sklearn.cluster  # noqa: F401  imports are not what is compared

    customers = pd.read_parquet(folder / "customers.parquet")
    fit = ClusterModel.from_dict(json.loads((folder / "model.json").read_text(encoding="utf-8")))
    places = []
    processes.report(lambda: places.append(CONTENDERS[name](customers, fit)))
    np.save(folder / f"{name}.npy", places[0].astype(np.int16))


def compare(folder: Path) -> float:
    """The share of customers of whom both say the same. Raises AssertionError when it is not all but rounding."""
    first, second = (np.load(folder / f"{name}.npy") for name in CONTENDERS)
    same = float((first == second).mean())
    assert same > 1 - 1e-6, f"places differ for {1 - same:.2e} of the customers"
    return same


def main(customers: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        table = snapshot(customers)
        table.to_parquet(folder / "customers.parquet")
        (folder / "model.json").write_text(json.dumps(model(table).to_dict()), encoding="utf-8")
        del table
        medians = processes.medians(processes.in_turn(__file__, CONTENDERS, lambda name: (folder,), RUNS))
        same = compare(folder)
    print(f"{customers:,} customers, {CLUSTERS} clusters, median of {RUNS}; the same answer for {same:.6%}")
    processes.show(medians, "scikit-learn")
    print(
        "memory beyond the snapshot: " + ", ".join(f"{name} {each['more_gb']:.2f} GB" for name, each in medians.items())
    )
    processes.goal("CPU", medians["kehu"]["cpu_s"], GOAL_S, " s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000_000)
