"""How long running contracts are expected to last: as observed of each plan, and beyond that by a model's retention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.days import MONTH_DAYS, YEAR_DAYS
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.statistics.purchases import fit_shifted_beta_geometric

MOST_STEPS, FARTHEST_STEP = 12, 3.0  # of Newton's, and of a logarithm: from there on a search is safer
NOTHING_LEFT = 1e-9  # a step of the logarithms that leads nowhere any more
SPREADS = np.geomspace(1e-4, 10, 16)  # 1 / (alpha + beta), at which the steps may start


def months_begun(start: pd.Series, day: pd.Series) -> pd.Series:
    """Months of a stay begun by the end of a day: 0 on the day it starts, 1 up to the same day of the next month."""
    return _months_between(start, day) + (day.dt.day > start.dt.day)


def months_completed(start: pd.Series, day: pd.Series) -> pd.Series:
    """Months of a stay completed by the end of a day: 1 from the same day of the next month on."""
    return _months_between(start, day) - (day.dt.day < start.dt.day)


@dataclass(frozen=True)
class Spans:
    """Kinds of stays, an element each: at risk at all times from `first` to `last`, and whether they left at `last`."""

    first: np.ndarray
    last: np.ndarray  # before `first` of a stay that was at risk at no time
    left: np.ndarray

    def life_table(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many were at risk, and how many left, at times 0, 1, 2 …; `counts` is of each kind."""
        seen = self.last >= self.first
        first, last, counts = self.first[seen], self.last[seen], counts[seen]
        size = int(last.max(initial=0)) + 1
        entering, gone = np.bincount(first, counts, size), np.bincount(last + 1, counts, size + 1)[:size]
        return np.cumsum(entering - gone), np.bincount(last, counts * self.left[seen], size)


@dataclass(frozen=True)
class Tenures:
    """Kinds of stays with one plan, by days of tenure and, where a month was observed to its end, by months."""

    days: Spans
    months: Spans

    def watched(self, counts: np.ndarray) -> int:
        """The longest tenure, in days, at which at least 20 stays were observed."""
        return int(np.flatnonzero(self.days.life_table(counts)[0] >= LEAST_AT_RISK).max(initial=0))

    def log_survival(self, counts: np.ndarray, watched: int, last: int) -> np.ndarray:
        """Logarithm of the survival at days 0 … `last`: Kaplan–Meier's, and beyond `watched` the model's of months."""
        at_risk, ends = (numbers[: watched + 1] for numbers in self.days.life_table(counts))
        with np.errstate(divide="ignore"):
            observed = np.cumsum(np.log1p(-ends / np.maximum(at_risk, 1)))
        by_month = self._by_month(counts, int(last / MONTH_DAYS) + 2)
        beyond = np.interp(np.arange(watched, last + 1) / MONTH_DAYS, np.arange(len(by_month)), by_month)
        return np.concatenate([observed, observed[-1] + beyond[1:] - beyond[0]])[: last + 1]

    def _by_month(self, counts: np.ndarray, last: int) -> np.ndarray:
        """Logarithm of survival at 0 … `last` months by a shifted beta-geometric model of the months observed.

        Where its likelihood has no maximum, as when retention does not rise, retention is one number: its limit.
        """
        at_risk, ends = (numbers[1:] for numbers in self.months.life_table(counts))
        found = rising_retention(at_risk, ends)
        if found is None:
            lost_share = ends.sum() / max(at_risk.sum(), 1)
            return np.arange(last + 1) * np.log(max(1 - lost_share, np.finfo(float).tiny))
        alpha, beta = found
        return np.concatenate([[0.0], -np.cumsum(np.log1p(alpha / (beta + np.arange(last))))])


def months_ahead(
    log_survival: np.ndarray, tenures: np.ndarray, watched: int, horizon_days: int, discount_rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Discounted months that contracts of each tenure (days) are expected to last within the horizon.

    Also how many of these lie at tenures beyond `watched` days. Survival u days on, given the tenure t, is
    S(t + u) / S(t); a day counts by its middle, at `discount_rate` a year. `log_survival` reaches from day 0 to the
    longest tenure and the horizon together.
    """
    day = np.arange(len(log_survival))
    discount = -np.log1p(discount_rate) / YEAR_DAYS
    worth = np.concatenate([[0.0], np.cumsum(np.exp(log_survival + discount * (day + 0.5)))]) / MONTH_DAYS
    now = np.exp(log_survival[tenures] + discount * tenures)
    seen_until = np.clip(watched, tenures, tenures + horizon_days)
    end = worth[tenures + horizon_days]
    with np.errstate(invalid="ignore"):  # where nobody stays so long (a resample may say so), what follows is not known
        return (end - worth[tenures]) / now, (end - worth[seen_until]) / now


def rising_retention(at_risk: np.ndarray, lost: np.ndarray) -> np.ndarray | None:
    """alpha and beta of `fit_shifted_beta_geometric`, in a fraction of its time; None where there is no maximum.

    `at_risk` and `lost` count contracts by month of tenure, from the first. Hundreds of resamples ask for it. Where
    contracts that differ a little are no likelier than contracts all alike there is nothing to seek; elsewhere Newton's
    steps start at the best of some spreads, and only where these do not get there a search does. Assumes one maximum.
    """
    before, renewed, ends = np.arange(len(lost)), at_risk - lost, lost.sum()
    if not renewed.sum() * ends or before @ (renewed * (at_risk.sum() / renewed.sum()) - at_risk) <= 0:
        return None
    spread = SPREADS[:, None]  # with it a loss has chance share / (1 + spread · month)
    share = np.minimum(ends / (at_risk / (1 + spread * before)).sum(axis=1), 0.99)[:, None]
    chances = np.log(share + 0 * before) @ lost + np.log1p(spread * before - share) @ renewed
    best = int(np.argmax(chances - np.log1p(spread * before) @ at_risk))
    found = _maximum_near(np.array([share[best, 0], 1 - share[best, 0]]) / SPREADS[best], at_risk, lost)
    if found is not None:
        return found
    try:
        parameters = fit_shifted_beta_geometric(at_risk, lost).parameters
    except ValueError:
        return None
    return np.array([parameters["alpha"], parameters["beta"]])


def _maximum_near(parameters: np.ndarray, at_risk: np.ndarray, lost: np.ndarray) -> np.ndarray | None:
    """alpha and beta of highest likelihood by Newton's steps of their logarithms; None where these do not get there."""
    before, renewed, ends = np.arange(len(lost)), at_risk - lost, lost.sum()
    for _ in range(MOST_STEPS):
        alpha, beta = parameters
        once, whole = 1 / (beta + before), 1 / (alpha + beta + before)
        both, both_squared = at_risk @ whole, at_risk @ whole**2
        slopes = np.array([ends - alpha * both, beta * (renewed @ once - both)])
        across = -alpha * beta * both_squared
        by_alpha = alpha * both - alpha**2 * both_squared
        by_beta = beta**2 * (renewed @ once**2 - both_squared) - slopes[1]
        determinant = by_alpha * by_beta - across**2
        if not (by_alpha > 0 and determinant > 0):
            return None
        step = np.array([by_beta * slopes[0] - across * slopes[1], by_alpha * slopes[1] - across * slopes[0]])
        step /= determinant
        size = np.abs(step).max()
        if not size < FARTHEST_STEP:
            return None
        parameters = parameters * np.exp(step)
        if size < NOTHING_LEFT:
            return parameters
    return None


def _months_between(start: pd.Series, day: pd.Series) -> pd.Series:
    return 12 * (day.dt.year - start.dt.year) + day.dt.month - start.dt.month
