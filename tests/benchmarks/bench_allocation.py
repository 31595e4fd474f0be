"""How long a choice of one action each takes, and how far it can be from the best one.

    .venv/bin/python tests/benchmarks/bench_allocation.py

1 M customers × 8 actions within a budget and limits of three channels and five people: at most 30 CPU s, a gap of 1e-4.
"""

from __future__ import annotations

import time

import numpy as np

from helpers.statistics.allocation import allocate

COSTS = np.array([12, 6, 3, 1, 0.5, 0.1, 2, 8])
CHANNELS = np.array([0, 1, 2, 2, 1, 3, 0, 3])


def instance(n: int) -> dict:
    """`n` customers, two in five actions impossible; calls are made by one of five people."""
    rng = np.random.default_rng(3)
    values = rng.gamma(1.2, 6, (n, 8)) * rng.uniform(0, 1, (n, 1)) - 0.3 * COSTS
    values[rng.random((n, 8)) < 0.4] = np.nan
    callers = np.where(np.isin(np.arange(8), (0, 6)), rng.integers(4, 9, (n, 1)), -1)
    sizes = [0.05 * n, 0.2 * n, np.inf, 0.3 * n, *[0.008 * n] * 5]
    return {"values": values, "costs": COSTS, "budget": 0.6 * n, "groups": [CHANNELS, callers], "sizes": sizes}


def main() -> None:
    """One line a size."""
    for n in (1_000, 10_000, 100_000, 1_000_000):
        given = instance(n)
        start = time.process_time()
        found = allocate(**given)
        print(f"{n:>9,} customers: {time.process_time() - start:6.2f} CPU s, gap {found.gap:.1e}")


if __name__ == "__main__":
    main()
