"""Contracts of customers of whom some move to a dearer plan, whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.datasets import Dataset
from shops import shop

PLANS = {"basic": 10.0, "gold": 30.0}


def shop_of(customers: int = 600, *, ratio: float = 1.0, renews: bool = False, seed: int = 1) -> Dataset:
    """Contracts whose hazard of leaving falls with time; a third of those there after about a year move to gold.

    From then on these leave `ratio` times as fast. With `renews` the others renew basic when they could have moved.
    """
    rng = np.random.default_rng(seed)
    begin = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1000, customers), "D")
    until = rng.weibull(0.4, customers) * 200
    turn = rng.integers(300, 430, customers)
    moves = (rng.random(customers) < 1 / 3) & (until > turn)
    until = np.where(moves, turn + (until - turn) / ratio, until).round()
    rows = []
    for place in range(customers):
        name, parts = f"c{place}", [("basic", 0.0, until[place])]
        if until[place] > turn[place] and (moves[place] or renews):
            second = "gold" if moves[place] else "basic"
            parts = [("basic", 0.0, float(turn[place])), (second, float(turn[place]), until[place])]
        for plan, first, last in parts:
            at, end = (begin[place] + pd.Timedelta(days=round(day)) for day in (first, last))
            ended = end if end <= pd.Timestamp("2025-06-30") else pd.NaT
            rows.append((name, at, ended, plan, PLANS[plan]))
    frame = pd.DataFrame(rows, columns=["customer_id", "started_at", "ended_at", "plan", "price"])
    return shop(subscriptions=frame[frame["started_at"] <= "2025-06-30"])
