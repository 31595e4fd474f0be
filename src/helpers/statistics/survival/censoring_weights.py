"""Inverse probability of censoring weights: how many customers each row stands for once the censored are shared out.

A row whose follow-up ends before a time tells nothing of its status at that time; the rows like it that were followed
longer carry its weight instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.arrays import event_flags, finite_numbers
from helpers.statistics.survival.risk_sets import FollowUp, follow_up_rows, tally


def status_weights(
    durations: ArrayLike, events: ArrayLike, times: np.ndarray, weights: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Share of all customers for whom each row stands among those who had left, and who had stayed, at each time.

    Two arrays (times, rows). A row with its event at T ≤ t weighs 1/G(T−) among the left; one known to have stayed
    until t (T > t, or censored at t itself) weighs 1/G(t−) among the stayed; one censored before weighs nothing. G(t−)
    is the chance not to be censored before t, by the reverse Kaplan–Meier in which events come before the censorings
    of the same time. At each time the weights sum to 1, those of the left to 1 − the Kaplan–Meier survival; both are
    NaN where nobody was followed so long. `weights` are counts of alike rows, 0 allowed. `durations` and `times` share
    a unit and start at 0. Raises ValueError for unusable rows. Assumes that being censored tells nothing of the event,
    nor of the prediction. Source: Graf et al. (1999); Robins & Rotnitzky (1992).
    """
    rows = follow_up_rows(durations, event_flags(events), None, weights, None)
    if not rows.weights.any():
        raise ValueError("weights = 0 in every row: somebody must be followed. Check the counts.")
    share = rows.weights / rows.weights.sum()
    event = rows.outcomes == 1
    at_own_end, at_times = _uncensored(rows, times)
    left = np.divide(share, at_own_end, out=np.zeros(len(share)), where=event & (share > 0))
    known_until = np.where(event, rows.durations, np.nextafter(rows.durations, np.inf))  # the censored through the end
    beyond = known_until > times[:, None]
    left, stayed = np.where(beyond, 0.0, left), np.where(beyond, share, 0.0)
    followed = at_times > 0
    stayed[followed] /= at_times[followed, None]
    left[~followed] = stayed[~followed] = np.nan
    return left, stayed


def _uncensored(rows: FollowUp, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance not to be censored before each row's own end, and before each of the times."""
    distinct, slot = np.unique(rows.durations, return_inverse=True)
    censored, events = tally(slot, rows.outcomes, rows.weights, (len(distinct), 2)).T
    at_risk = np.cumsum((censored + events)[::-1])[::-1] - events
    staying = at_risk - censored
    staying[staying < 1e-12 * at_risk] = 0.0  # what rounding leaves of fractional weights is nobody
    step = np.divide(staying, at_risk, out=np.ones_like(at_risk), where=at_risk > 0)
    before = np.concatenate([[1.0], np.cumprod(step)])
    return before[slot], before[np.searchsorted(distinct, times)]


def rising_times(times: ArrayLike) -> np.ndarray:
    """Times as a vector that rises from at least 0, or a ValueError."""
    checked = finite_numbers(np.atleast_1d(times), "times")
    if not len(checked) or checked[0] < 0 or (np.diff(checked) <= 0).any():
        raise ValueError(f"times = {checked.tolist()}: one or more, rising, from at least 0. Sort them, each once.")
    return checked
