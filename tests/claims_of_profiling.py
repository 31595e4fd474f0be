"""The claims of 01_profiling, on customers of whom the truth is known."""

from __future__ import annotations

import numpy as np

from claims import Claim
from helpers.analyses.profiling.business.goals import Better
from helpers.analyses.profiling.standing.watched import direction, share_of
from helpers.findings.briefs import Direction
from helpers.findings.evidence import Z
from helpers.statistics.effects import paired_change
from helpers.statistics.forecasts import period_sum

ALIKE = "customers buy as before; some always spend more"


def moved(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether revenue is told to have moved: a third of the customers buys in a window, log-normal money."""
    level = rng.lognormal(0, 0.7, (draws, customers))
    windows = [np.where(rng.random(level.shape) < 1 / 3, level * rng.lognormal(0, 0.7, level.shape), 0) for _ in "ab"]
    each = np.stack(windows, axis=1)
    limits = np.array([paired_change(pair.sum(axis=1), pair @ pair.T, customers) for pair in each])
    lower, upper = limits.T
    return np.where(np.isnan(lower), np.nan, (lower > 0) | (upper < 0))


def apart(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether sales are told to differ from last year's: so many come in each of two windows, at random, with money."""
    changes, squares = np.zeros(draws), np.zeros(draws)
    for sign in (1, -1):
        came = np.arange(2 * customers) < rng.poisson(customers, (draws, 1))
        money = np.where(came, rng.lognormal(0, 1, came.shape), 0)
        changes, squares = changes + sign * money.sum(axis=1), squares + (money**2).sum(axis=1)
    return np.abs(changes) > Z * np.sqrt(squares)


def joined(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether members are told to have become more or fewer: as many join as leave, at random."""
    began, ended = rng.poisson(customers / 10, (2, draws))
    return np.abs(began - ended) > Z * np.sqrt(np.maximum(began + ended, 1))


def kept(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a share is told to have moved: of so many then and now, two fifths are kept."""
    then, now = rng.binomial(customers, 0.4, (2, draws))
    told = (
        direction(share_of(a, customers), share_of(b, customers), Better.HIGHER) for a, b in zip(then, now, strict=True)
    )
    return np.array([each is not Direction.LEVEL for each in told])


def off(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the sales of 60 days to come lie outside their interval: a customer orders every 30 days, money is
    log-normal, weekends are better and the level wanders by half a percent a day.
    """
    missed, days = np.full(draws, np.nan), 560
    for draw in range(draws):
        level = (
            np.exp(np.cumsum(rng.normal(0, 0.005, days)))
            * np.array([0.9, 0.9, 0.9, 1, 1.1, 1.2, 1.0])[np.arange(days) % 7]
        )
        orders = rng.poisson(customers / 30 * level)
        daily = np.bincount(np.repeat(np.arange(days), orders), rng.lognormal(0, 1, orders.sum()), days)
        found = period_sum(daily[:500], 0, 60)
        missed[draw] = np.nan if found is None else not found.lower <= daily[500:].sum() <= found.upper
    return missed


CLAIMS = (
    Claim("revenue moved beyond chance", "profiling/business/key_figures", ALIKE, 0.05, moved, costs=2),
    Claim("sales differ from last year's", "profiling/standing/sales_parts", "customers come at one rate", 0.05, apart),
    Claim("members became more or fewer", "profiling/standing/memberships", "as many join as leave", 0.05, joined),
    Claim("a share moved since last year", "profiling/standing/standings", "as many are kept as then", 0.05, kept),
    Claim(
        "interval of sales to the target's day", "profiling/business/projections", "the level of sales wanders", 0.05, off,
        costs=5,
    ),
)  # fmt: skip
