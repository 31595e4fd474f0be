"""The shifted beta-geometric model of contracts: at every renewal a customer leaves with a chance of their own.

Those of a high chance go first, so the retention of who is left rises although nobody's loyalty grows. Counts of
renewals that came up and were lost say all there is to know; `renewals` and `cohort_renewals` make them for analysts,
of single contracts or of published survivors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaln

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.purchases.log_scale_fit import maximise

LEAST_RATE = 1e-6  # of discount a period: a tenth of a percent in a century of months


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """A fitted shifted beta-geometric model; time is in periods between renewals."""

    parameters: dict[str, float]  # alpha, beta of the beta distribution of chances to leave at a renewal
    std_errors: dict[str, float]
    log_likelihood: float

    def survival(self, periods: ArrayLike) -> np.ndarray:
        """Share of contracts that are renewed at least `periods` times; 1 at 0."""
        alpha, beta = self.parameters["alpha"], self.parameters["beta"]
        return np.exp(betaln(alpha, beta + _whole("periods", periods, least=0)) - betaln(alpha, beta))

    def retention(self, periods: ArrayLike) -> np.ndarray:
        """Share renewed at renewal 1, 2, … of those contracts that came so far."""
        alpha, beta = self.parameters["alpha"], self.parameters["beta"]
        before = _whole("periods", periods, least=1) - 1
        return (beta + before) / (alpha + beta + before)

    def residual_lifetime(self, discount_rate: float, renewals: ArrayLike) -> np.ndarray:
        """Periods still to come after the present one, discounted, of contracts with so many `renewals` behind them.

        The next renewal is about to be decided, and the period that it would begin counts in full; the one after it
        counts 1 / (1 + `discount_rate`), a rate a period. At a rate of 0 the mean is infinite where alpha is at most
        1. Raises ValueError for a rate below 0 or too near it to be summed. Source: the discounted expected residual
        lifetime (DERL) of Fader & Hardie (2010), "Customer-base valuation in a contractual setting", there by
        n = renewals + 1.
        """
        if not (discount_rate == 0 or LEAST_RATE <= discount_rate < np.inf):
            raise ValueError(
                f"discount_rate = {discount_rate!r}: 0, or at least {LEAST_RATE:g} a period. Write 0.1 for 10 %."
            )
        alpha, beta = self.parameters["alpha"], self.parameters["beta"]
        ahead = beta + _whole("renewals", renewals, least=0)
        if discount_rate == 0:
            return ahead / (alpha - 1) if alpha > 1 else np.full_like(ahead, np.inf)
        return ahead / (alpha + ahead) * _gauss(ahead + 1, alpha + ahead + 1, discount_rate)


def fit_shifted_beta_geometric(at_risk: ArrayLike, lost: ArrayLike) -> ShiftedBetaGeometric:
    """The shifted beta-geometric model of highest likelihood of counts by renewal.

    The first element counts the contracts that came to their first renewal (`at_risk`) and those of them that were not
    renewed (`lost`), the second the same of the second renewal, and so on; cohorts seen for different times, contracts
    still running and those seen only from a later renewal on are added up alike. Counts need not be whole. Raises
    ValueError for impossible counts, for nobody lost, and where the likelihood has no maximum: then customers are too
    few, or retention does not rise over time as the model has it. Assumes chances to leave that differ over customers
    by a beta distribution and that nothing changes with time. Source: Fader & Hardie (2007), "How to project customer
    retention".
    """
    at_risk, lost = _counts(at_risk, lost)
    renewed, before, ends = at_risk - lost, np.arange(len(at_risk)), lost.sum()

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        alpha, beta = theta
        staying, whole = beta + before, alpha + beta + before
        value = ends * np.log(alpha) + renewed @ np.log(staying) - at_risk @ np.log(whole)
        by_both = at_risk @ (1 / whole)
        return -value, np.array([by_both - ends / alpha, by_both - renewed @ (1 / staying)])

    start = [1.0, renewed.sum() / ends]
    found = maximise(objective, start, ["alpha", "beta"])
    return ShiftedBetaGeometric(found.parameters, found.std_errors, found.log_likelihood)


def renewals(periods: ArrayLike, ended: ArrayLike, counts: ArrayLike | None = None) -> pd.DataFrame:
    """Contracts that came to each renewal, and that were lost there: renewal (1, 2, …), at_risk, lost.

    One element a contract: `periods` whole renewals that were decided, and `ended`, whether the last of them was
    against it; else it still runs. `counts` is the number of contracts alike. Raises ValueError for parts of periods,
    negative numbers, and a contract that ended before any renewal.
    """
    counts = np.ones(np.shape(periods)) if counts is None else counts
    periods, ended, counts = _columns(periods=periods, ended=ended, counts=counts)
    periods = _whole("periods", periods, least=0)
    if not np.isin(ended, (0, 1)).all():
        raise ValueError(f"ended = {ended[~np.isin(ended, (0, 1))][0]:g}: 1 for ended and 0 for running. Compare it.")
    if (counts < 0).any():
        raise ValueError(f"counts = {counts.min():g} in a row: at least 0. Drop or mend those rows.")
    if (periods[ended == 1] == 0).any():
        raise ValueError("periods = 0 of an ended contract: it ends at a renewal. Count the one at which it ended.")
    size = int(periods.max(initial=0)) + 1
    seen = np.bincount(periods, counts, size)[1:]
    lost = np.bincount(periods, counts * ended, size)[1:]
    return _table(np.cumsum(seen[::-1])[::-1], lost)


def cohort_renewals(*survivors: Sequence[float]) -> pd.DataFrame:
    """The same table from survivors by period, a list a cohort: [1000, 869, 743] began, were renewed once, twice.

    Raises ValueError for lists that rise or have fewer than two numbers.
    """
    if not survivors:
        raise ValueError("survivors = no cohort: at least one is needed. Write [1000, 869, 743].")
    length = max(map(len, survivors)) - 1
    at_risk, lost = np.zeros(length), np.zeros(length)
    for cohort in survivors:
        left = finite_numbers(cohort, "survivors")
        if len(left) < 2 or (np.diff(left) > 0).any() or left[-1] < 0:
            raise ValueError(f"survivors = {list(cohort)}: two or more that never rise. Write [1000, 869, 743].")
        at_risk[: len(left) - 1] += left[:-1]
        lost[: len(left) - 1] -= np.diff(left)
    return _table(at_risk, lost)


def _gauss(b: np.ndarray, c: np.ndarray, rate: float) -> np.ndarray:
    """Gauss's hypergeometric function of 1, b; c at 1 / (1 + rate), by his continued fraction from its end.

    Terms decay by exp(−2 √rate) each, whatever b and c; the series and its transforms fail where these are large.
    """
    fraction = np.ones_like(b)
    for term in range(int(20 / np.sqrt(min(rate, 1.0))), 0, -1):
        j, odd = divmod(term, 2)
        if odd:
            factor = (c - 1 + j) * (b + j) / ((c - 1 + 2 * j) * (c + 2 * j))
        else:
            factor = j * (c - 1 - b + j) / ((c - 2 + 2 * j) * (c - 1 + 2 * j))
        fraction = 1 - factor / (1 + rate) / fraction
    return 1 / fraction


def _table(at_risk: np.ndarray, lost: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"renewal": np.arange(1, len(at_risk) + 1), "at_risk": at_risk, "lost": lost})


def _counts(at_risk: ArrayLike, lost: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both checked, as floats."""
    at_risk, lost = _columns(at_risk=at_risk, lost=lost)
    wrong = (lost < 0) | (lost > at_risk)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"lost = {lost[place]:g} of {at_risk[place]:g} at renewal {place + 1}: from 0 to at_risk. Count both again."
        )
    if not lost.any() or not (at_risk > lost).any():
        what = "some" if lost.any() else "none"
        raise ValueError(f"lost = {what} of {at_risk.sum():g} renewals: some, not all, are needed. Take more cohorts.")
    return at_risk, lost


def _columns(**columns: ArrayLike) -> list[np.ndarray]:
    """Finite floats of one length, or a ValueError that names them."""
    checked = {name: finite_numbers(values, name) for name, values in columns.items()}
    sizes = {name: len(values) for name, values in checked.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"rows = {sizes}: as many of each. Take them from one table.")
    return list(checked.values())


def _whole(name: str, values: ArrayLike, least: int) -> np.ndarray:
    """Whole numbers of at least `least`, or a ValueError that names them."""
    numbers = np.asarray(values, dtype=float)
    finite_numbers(numbers.ravel(), name)
    wrong = (numbers < least) | (numbers % 1 != 0)
    if wrong.any():
        raise ValueError(f"{name} = {numbers[wrong].flat[0]:g}: whole numbers, at least {least}. Count whole periods.")
    return numbers.astype(np.int64)
