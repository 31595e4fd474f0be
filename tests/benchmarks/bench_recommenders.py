"""The ten best goods of every customer by cosines, beside implicit's, in one run; one thread each.

    python tests/benchmarks/bench_recommenders.py [customers, default 200,000]

Without implicit (`uv sync --group benchmarks` brings it) ours runs alone. It gets as many
neighbours as there are goods, so that both answer the same question; the share of places with the same good is printed.
"""

from __future__ import annotations

import sys

import numpy as np
import peers
from scipy.sparse import csr_array, csr_matrix
from threadpoolctl import threadpool_limits

from helpers.statistics.recommenders import Weighted, best, bought_together, cosines

GOODS, PLACES, MEAN_GOODS = 3_000, 10, 20


def purchases(customers: int) -> csr_array:
    """Seeded purchases, by popularity as 1 / rank^.8; customers bought 20 goods in the mean."""
    rng = np.random.default_rng(1)
    share = 1 / np.arange(1, GOODS + 1) ** 0.8
    bought = rng.geometric(1 / MEAN_GOODS, customers)
    row, good = np.repeat(np.arange(customers), bought), rng.choice(GOODS, bought.sum(), p=share / share.sum())
    return csr_array((np.ones(len(row)), (row, good)), shape=(customers, GOODS)).sign()


def by_kehu(matrix: csr_array) -> np.ndarray:
    rule = Weighted(matrix, cosines(bought_together(matrix)))
    standing = 1 - np.arange(GOODS) / GOODS
    return best(rule, np.arange(matrix.shape[0]), PLACES, standing=standing, barred=matrix)[0]


def by_implicit(matrix: csr_array) -> np.ndarray:
    from implicit.nearest_neighbours import CosineRecommender

    rows = csr_matrix(matrix)
    model = CosineRecommender(K=GOODS, num_threads=1)
    model.fit(rows, show_progress=False)
    return model.recommend(np.arange(rows.shape[0]), rows, N=PLACES, filter_already_liked_items=True)[0]


def main(customers: int) -> None:
    matrix = purchases(customers)
    answers: dict[str, np.ndarray] = {}

    def kept(name: str, work) -> None:
        answers[name] = work(matrix)

    works = {"kehu": peers.timed(lambda: kept("kehu", by_kehu))}
    try:
        import implicit.nearest_neighbours  # noqa: F401

        works["implicit"] = peers.timed(lambda: kept("implicit", by_implicit))
    except ImportError:
        print("implicit is not installed: ours alone")
    with threadpool_limits(1):
        seconds = peers.in_turn(works, runs=1)
    if "implicit" not in seconds:
        print(f"{customers:,} customers: {seconds['kehu']:.1f} CPU s")
        return
    same = (np.sort(answers["kehu"]) == np.sort(answers["implicit"])).mean()
    print(f"{customers:,} customers × {GOODS:,} goods; the same goods in {same:.2%} of places")
    peers.line("cosine, ten each", seconds["kehu"], "implicit", seconds["implicit"], goal=1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 200_000)
