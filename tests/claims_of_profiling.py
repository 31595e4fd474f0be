"""The claims of 01_profiling, on customers of whom the truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from claims import Claim, each
from helpers.analyses.profiling.business.figures import ratio_interval
from helpers.analyses.profiling.business.goals import Better, targets
from helpers.analyses.profiling.business.key_figures import Kpis
from helpers.analyses.profiling.business.windows import Window
from helpers.analyses.profiling.engagement.retention_rates import groups_alike, retention_means
from helpers.analyses.profiling.records.change import drift
from helpers.analyses.profiling.records.column_profile import Measure, Profile
from helpers.analyses.profiling.standing.channels import failed
from helpers.analyses.profiling.standing.watched import direction, share_of
from helpers.findings.briefs import Direction
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE, Z
from helpers.statistics.effects import paired_change
from helpers.statistics.forecasts import period_sum

TODAY = dt.date(2025, 6, 30)
COUNTS = ("buyers", "earlier_buyers")
ALIKE = "customers buy as before; some always spend more"


def moved(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether revenue is told to have moved: a third of the customers buys in a window, log-normal money."""
    level = rng.lognormal(0, 0.7, (draws, customers))
    windows = [np.where(rng.random(level.shape) < 1 / 3, level * rng.lognormal(0, 0.7, level.shape), 0) for _ in "ab"]
    each = np.stack(windows, axis=1)
    limits = np.array([paired_change(pair.sum(axis=1), pair @ pair.T, customers) for pair in each])
    lower, upper = limits.T
    return np.where(np.isnan(lower), np.nan, (lower > 0) | (upper < 0))


def missed_mean(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the interval of what a customer brings misses it: half of them buy, log-normal money."""
    values = np.where(rng.random((draws, customers)) < 0.5, rng.lognormal(0, 1, (draws, customers)), 0)
    wrong = np.full(draws, np.nan)
    for draw in np.flatnonzero((values > 0).sum(axis=1) >= LEAST_AT_RISK):
        beside = values[draw] - values[draw].mean()
        sums, squares = (values[draw].sum(), customers), (values[draw] @ values[draw], values[draw].sum(), customers)
        lower, upper = ratio_interval(sums, squares, customers, (beside**3).sum() / (beside @ beside) ** 1.5)
        wrong[draw] = not lower <= np.exp(0.5) / 2 <= upper
    return wrong


def apart(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether sales are told to differ from last year's: so many come in each of two windows, at random, with money."""
    changes, squares = np.zeros(draws), np.zeros(draws)
    for sign in (1, -1):
        came = np.arange(2 * customers) < rng.poisson(customers, (draws, 1))
        money = np.where(came, rng.lognormal(0, 1, came.shape), 0)
        changes, squares = changes + sign * money.sum(axis=1), squares + (money**2).sum(axis=1)
    return np.abs(changes) > Z * np.sqrt(squares)


def stopped(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether one of five channels is told to have failed: so many new customers come through each, then and now."""
    told = np.zeros(draws, bool)
    for draw in range(draws):
        counts = pd.DataFrame(
            {"channel": list("abcde"), **dict(zip(COUNTS, rng.poisson(customers, (2, 5)), strict=True))}
        )
        told[draw] = failed(counts) is not None
    return told


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


def ahead(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a target of a tenth more revenue is told to be reached or on track half way: customers buy as before."""
    told = np.full(draws, np.nan)
    for draw in range(draws):
        level = rng.lognormal(0, 0.7, customers)
        now, then = (np.where(rng.random(customers) < 1 / 3, level * rng.lognormal(0, 0.7, customers), 0) for _ in "ab")
        pair = np.array([now, then])
        lower, upper = paired_change(pair.sum(axis=1), pair @ pair.T, customers)
        row = {"kpi": "revenue", "value": now.sum(), "previous": then.sum(), "lower": np.nan, "upper": np.nan,
               "change_rate": now.sum() / then.sum() - 1, "change_lower": lower, "change_upper": upper}  # fmt: skip
        reading = pd.DataFrame({"kpi": ["revenue"]})
        wanted = {"kpi": "revenue", "value": 1.1 * then.sum(), "by": TODAY + dt.timedelta(days=90)}
        found = targets([Kpis(pd.DataFrame([row]), reading, Window(TODAY, 90))], [wanted], TODAY)
        told[draw] = found.table["status"].iloc[0] in ("reached", "on_track")
    return told


def back(customers: int, rng: np.random.Generator) -> bool:
    """Whether new customers of one of five groups are told to come back more often: a third of all do, in 12 cohorts."""
    size = 1 + rng.poisson(customers / 12, (5, 12))
    cells = pd.DataFrame({"group": np.repeat(list("abcde"), 12), "interval": 1, "customers": size.ravel()})
    cells = cells.assign(returned=rng.binomial(cells["customers"], 1 / 3), mature=True)
    return groups_alike(retention_means(cells.assign(rate=cells["returned"] / cells["customers"]))) < SIGNIFICANCE


def drifts(customers: int, rng: np.random.Generator) -> bool:
    """Whether any of four columns is told to have changed since the report before: customers order often and mostly
    the same, as other customers did before.
    """
    profiles = [_profile(customers, rng) for _ in "ab"]
    return len(drift(Profile(profiles[0]), profiles[1]).table) > 0


def _profile(customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """What a report saves of the orders of so many customers: rows, gaps, and shares of the values of four columns."""
    who = np.repeat(np.arange(customers), 1 + rng.poisson(rng.gamma(2, 2, customers)))
    lines = [("", Measure.ROWS, "", len(who)), ("customer_id", Measure.DISTINCT, "", customers)]
    for column in "abcd":
        values = np.where(rng.random(len(who)) < 0.8, rng.integers(0, 5, customers)[who], rng.integers(0, 5, len(who)))
        known = rng.beta(4, 1, customers)[who] > rng.random(len(who))
        lines.append((column, Measure.MISSING_SHARE, "", 1 - known.mean()))
        shares = np.bincount(values[known], minlength=5) / known.sum()
        lines += [(column, Measure.SHARE, str(level), share) for level, share in enumerate(shares)]
    return pd.DataFrame(lines, columns=list(Profile.columns[1:])).assign(table="orders")


CLAIMS = (
    Claim("revenue moved beyond chance", "profiling/business/key_figures", ALIKE, 0.05, moved, costs=2),
    Claim("interval of what a customer brings", "profiling/business/figures", "half buy, log-normal money", 0.05, missed_mean,
          costs=4),
    Claim("sales differ from last year's", "profiling/standing/sales_parts", "customers come at one rate", 0.05, apart),
    Claim("a channel brings hardly any new customers", "profiling/standing/channels", "5 channels as before", 0.05, stopped,
          costs=5),
    Claim("members became more or fewer", "profiling/standing/memberships", "as many join as leave", 0.05, joined),
    Claim("a share moved since last year", "profiling/standing/standings", "as many are kept as then", 0.05, kept),
    Claim(
        "interval of sales to the target's day", "profiling/business/projections", "the level of sales wanders", 0.05, off,
        costs=5,
    ),
    Claim("a target is reached or on track", "profiling/business/goals", "a tenth more is wanted; customers buy as before",
          0.025, ahead, costs=10),
    Claim("new customers of one group come back more", "profiling/engagement/retention_rates", "5 groups alike", 0.05,
          each(back), costs=10),
    Claim("a column changed since the report before", "profiling/records/change",
          "other customers, alike; each orders often and mostly the same", 0.05, each(drifts), costs=25),
)  # fmt: skip
