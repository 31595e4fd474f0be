"""The sum of some days to come, by what was tried best on public shops, with an interval from past trials."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from helpers.statistics.arrays import finite_numbers

YEAR_DAYS = 364  # whole weeks, so that weekdays stay
RECENT_DAYS = 84  # by which this year is compared with the last
LATELY_DAYS = 56  # whose mean goes on
LEAST_TRIALS = 4  # that share no day
STEP_DAYS = 7  # between two trials


class Method(StrEnum):
    """How the sum is forecast."""

    LAST_YEAR = "last_year"  # the same days a year before, times how the last 84 days compare with theirs
    LATELY = "lately"  # the mean day of the last 56 days goes on


@dataclass(frozen=True)
class Forecast:
    """The sum of the days to come, and its interval by how far the same forecast was off in the past."""

    total: float
    lower: float
    upper: float
    method: Method
    trials: int  # past forecasts that share no day, which the interval rests on
    spread: float  # root mean square of the logarithm of what came over what was forecast

    def chance_above(self, sum_: float) -> float:
        """The chance that the sum of the days to come is above `sum_`, which may be below 0."""
        if sum_ <= 0:
            return 1.0
        if not self.spread:
            return float(sum_ < self.total)
        return float(t.sf(np.log(sum_ / self.total) / self.spread, self.trials))


def period_sum(daily: ArrayLike, ahead: int, length: int, level: float = 0.95) -> Forecast | None:
    """The sum of `length` days, the first of them `ahead` days after the day that follows the last of `daily`.

    By the same days of the year before, times how the last 84 days compare with the same ones a year before; where
    fewer than four trials of that fit into the past without sharing a day, by the mean day of the last 56 days. The
    interval is the forecast times exp(± t × spread): the spread is that of log(what came ÷ forecast) over past
    trials, one a week, t Student's with as many degrees of freedom as trials share no day. None where no method has
    four, or where nothing was sold lately. Assumes that forecasts go wrong as they did before, as often to either
    side.
    Source: seasonal naive with a level, and a mean, as in Hyndman & Athanasopoulos (2021, 5.2); trials from a rolling
    origin as there (5.10).
    """
    days = finite_numbers(daily, "daily")
    until = np.concatenate([[0.0], np.cumsum(days)])
    span = ahead + length
    for method, (forecast, needed) in METHODS.items():
        trials = (len(days) - needed) // span
        if trials < LEAST_TRIALS or (method is Method.LAST_YEAR and span > YEAR_DAYS):
            continue
        origins = np.arange(len(days) - span, needed - 1, -STEP_DAYS)
        with np.errstate(divide="ignore", invalid="ignore"):
            missed = np.log(_sum(until, origins + ahead, length) / forecast(until, origins, ahead, length))
        known = missed[np.isfinite(missed)]
        total = float(forecast(until, np.array([len(days)]), ahead, length)[0])
        if not (np.isfinite(total) and total > 0 and len(known) >= LEAST_TRIALS):
            continue
        spread = float(np.sqrt((known**2).mean()))
        reach = float(np.exp(t.ppf((1 + level) / 2, trials) * spread))
        return Forecast(total, total / reach, total * reach, method, trials, spread)
    return None


def _last_year(until: np.ndarray, origins: np.ndarray, ahead: int, length: int) -> np.ndarray:
    first = origins + ahead - YEAR_DAYS
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = _sum(until, origins - RECENT_DAYS, RECENT_DAYS) / _sum(
            until, origins - RECENT_DAYS - YEAR_DAYS, RECENT_DAYS
        )
    return _sum(until, first, length) * grown


def _lately(until: np.ndarray, origins: np.ndarray, ahead: int, length: int) -> np.ndarray:
    return _sum(until, origins - LATELY_DAYS, LATELY_DAYS) / LATELY_DAYS * length


def _sum(until: np.ndarray, first: np.ndarray, length: int) -> np.ndarray:
    return until[first + length] - until[first]


METHODS = {Method.LAST_YEAR: (_last_year, YEAR_DAYS + RECENT_DAYS), Method.LATELY: (_lately, LATELY_DAYS)}
