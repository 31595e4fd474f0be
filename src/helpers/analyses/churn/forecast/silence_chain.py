"""The chance that a silence will be complete, from how long it has lasted and a rate of ordering again."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

GRID_STEP = 0.1  # of log rates, between which chances are interpolated: an error below 0.001


class After(StrEnum):
    """Which order a silence follows."""

    FIRST = "first"
    LATER = "later"


def silence_chances(
    hazards: dict[str, np.ndarray], log_rates: np.ndarray, state: pd.DataFrame, horizons: np.ndarray
) -> np.ndarray:
    """Chance of each customer that a silence is complete within each of `horizons` whole days: (customers, horizons).

    `hazards` of an order on day 1, 2, … after the first order and after a later one are multiplied by exp(`log_rates`)
    for each customer. `state` has kind, silent_days so far and the silence_days that are complete, one row a customer.
    """
    grid = np.arange(np.floor(log_rates.min() / GRID_STEP), np.ceil(log_rates.max() / GRID_STEP) + 2) * GRID_STEP
    below = np.searchsorted(grid, log_rates, side="right") - 1
    part = (log_rates - grid[below]) / GRID_STEP
    chances = np.empty((len(state), len(horizons)))
    for silence, rows in state.groupby("silence_days").indices.items():
        tables = chain({kind: hazard[:silence] for kind, hazard in hazards.items()}, grid, horizons)
        for kind, table in tables.items():
            at = rows[state["kind"].to_numpy()[rows] == kind]
            silent = state["silent_days"].to_numpy()[at]
            low, high = table[:, below[at], silent], table[:, below[at] + 1, silent]
            chances[at] = (low + part[at] * (high - low)).T
    return chances


def chain(hazards: dict[str, np.ndarray], log_rates: np.ndarray, horizons: np.ndarray) -> dict[str, np.ndarray]:
    """Chance that a silence is complete within h days from r silent days: (horizons, log rates, r) for each kind.

    A renewal chain by days: an order on day r + 1 starts again at 0 as `LATER`, none moves on to r + 1, and the last
    state is the end. Assumes that gaps tell nothing of each other beyond the customer's rate, and first or later.
    """
    orders = {kind: -np.expm1(-np.exp(log_rates)[:, None] * hazard) for kind, hazard in hazards.items()}
    silence = len(hazards[After.LATER])
    reached = {kind: np.zeros((len(log_rates), silence + 1)) for kind in orders}
    kept = {kind: np.empty((len(horizons), len(log_rates), silence + 1)) for kind in orders}
    for table in reached.values():
        table[:, silence] = 1.0
    for day in range(int(max(horizons)) + 1):
        again = reached[After.LATER][:, :1].copy()
        for kind, table in reached.items():
            if day:
                table[:, :silence] = orders[kind] * again + (1 - orders[kind]) * table[:, 1:]
            kept[kind][np.asarray(horizons) == day] = table
    return kept
