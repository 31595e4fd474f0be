"""Tickets of half a year whose stages are drawn by chance, and their slow count."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.feedback.service.loop import STAGES

NIGHT = pd.Timestamp("2025-07-01")
DAYS = 30


def random_tickets(rng: np.random.Generator, n: int = 400, stages: tuple[str, ...] = tuple(STAGES)[1:]) -> pd.DataFrame:
    """Tickets of half a year, each stage reached by most after some days, whatever the others are."""
    opened = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 181 * 1440, n), unit="min")
    rows = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "opened_at": opened})
    rows["customer_id"] = rng.integers(0, 150, n).astype(str)
    rows["category"] = pd.array(rng.choice(["a", "b", "c", None], n, p=[0.5, 0.35, 0.05, 0.1]), dtype="string")
    for stage in stages:
        at = opened + pd.to_timedelta(rng.integers(0, 45 * 1440, n), unit="min")
        rows[STAGES[stage]] = at.where((rng.random(n) < 0.8) & (at < NIGHT))
    return rows


def reached(rows: pd.DataFrame, stages: list[str]) -> list[dict]:
    """Slow: for every ticket old enough, whether each stage came within the days."""
    found = []
    for row in rows.to_dict("records"):
        if row["opened_at"] > NIGHT - pd.Timedelta(days=DAYS):
            continue
        took = {stage: row[STAGES[stage]] - row["opened_at"] for stage in stages}
        flags = {stage: not pd.isna(t) and t <= pd.Timedelta(days=DAYS) for stage, t in took.items()}
        found.append({**flags, "category": row["category"], "customer": row["customer_id"]})
    return found
