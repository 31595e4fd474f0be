"""The regimes side by side: experiments without an effect, looked at five times, with real-looking rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.statistics.designs import boundaries, confidence_sequence, naive_error
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments

RUNS, LOOKS, ROWS = 3000, 5, 300  # rows a look and arm


def read_out(control: np.ndarray, treatment: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Effect and standard error of the cumulative rows, of (run, look, row) arrays: one (run, look) array each."""
    n = ROWS * np.arange(1, control.shape[1] + 1)
    means, variances = [], []
    for rows in (control, treatment):
        sums, squares = rows.sum(axis=2).cumsum(axis=1), (rows**2).sum(axis=2).cumsum(axis=1)
        means.append(sums / n)
        variances.append((squares / n - (sums / n) ** 2) / (n - 1))
    return means[1] - means[0], np.sqrt(variances[0] + variances[1])


@pytest.fixture(scope="module")
def without_effect() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(30)
    return read_out(*(rng.gamma(1.5, 20, (RUNS, LOOKS, ROWS)) for _ in range(2)))


def bounds(rate: float, runs: int = RUNS) -> tuple[float, float]:
    return stats.binom.interval(0.999, runs, rate)


def test_rows_are_read_out_as_by_compare():
    rng = np.random.default_rng(31)
    arms = rng.gamma(1.5, 20, (2, 1, 2, ROWS))
    effect, std_error = read_out(*arms)
    expected = compare(*(Moments.of({"spend": arm.ravel()}) for arm in arms), kind="mean")
    assert (effect[0, -1], std_error[0, -1]) == pytest.approx((expected.effect, expected.std_error))


def test_naive_peeking_rejects_far_too_often(without_effect):
    effect, std_error = without_effect
    rejected = (np.abs(effect / std_error) > stats.norm.isf(0.025)).any(axis=1).sum()
    low, high = bounds(naive_error(LOOKS))
    assert low <= rejected <= high
    assert rejected > bounds(0.05)[1]


@pytest.mark.parametrize("spending", ["pocock", "obrien-fleming", "lan-demets-pocock", "lan-demets-obrien-fleming"])
def test_group_sequential_boundaries_reject_as_often_as_stated(without_effect, spending):
    effect, std_error = without_effect
    rejected = (np.abs(effect / std_error) > boundaries(LOOKS, spending)["z"].to_numpy()).any(axis=1).sum()
    low, high = bounds(0.05)
    assert low <= rejected <= high


def test_lan_demets_boundaries_hold_for_unequal_and_skipped_looks(without_effect):
    effect, std_error = without_effect
    kept = [0, 3, 4]
    z = boundaries([0.2, 0.8, 1.0], "lan-demets-pocock")["z"].to_numpy()
    rejected = (np.abs(effect / std_error)[:, kept] > z).any(axis=1).sum()
    low, high = bounds(0.05)
    assert low <= rejected <= high


def sequences(effect: np.ndarray, std_error: np.ndarray, rows: int, runs: int) -> list[pd.DataFrame]:
    n = 2 * rows * np.arange(1, effect.shape[1] + 1)
    return [confidence_sequence(effect[run], std_error[run], n, tuning=n[-1]) for run in range(runs)]


def test_a_confidence_sequence_rejects_at_most_as_often_as_stated_and_loses_power_for_it(without_effect):
    runs = 800
    looks = sequences(*without_effect, ROWS, runs)
    assert sum(run["p_value"].iloc[-1] < 0.05 for run in looks) <= bounds(0.05, runs)[1]
    shifted = without_effect[0] + 4 * without_effect[1][:, -1:], without_effect[1]
    always_valid = sum(run["p_value"].iloc[-1] < 0.05 for run in sequences(*shifted, ROWS, 200))
    planned = boundaries(LOOKS, "obrien-fleming")["z"].to_numpy()
    group = (np.abs(shifted[0] / shifted[1])[:200] > planned).any(axis=1).sum()
    assert 100 < always_valid < group


def test_a_confidence_sequence_holds_when_every_batch_is_looked_at():
    """300 looks of 10 rows each: naive reading errs more than a third of the time, the sequence at most 5 %."""
    rng = np.random.default_rng(32)
    runs, batches = 400, 300
    n = 10 * np.arange(1, batches + 1)
    effect = rng.normal(0, np.sqrt(2 / 10), (runs, batches)).cumsum(axis=1) / np.arange(1, batches + 1)
    std_error = np.broadcast_to(np.sqrt(2 / n), effect.shape)
    looks = sequences(effect, std_error, 10, runs)
    ever = [bool(((run["lower"] > 0) | (run["upper"] < 0)).any()) for run in looks]
    assert sum(ever) <= bounds(0.05, runs)[1]
    assert (np.abs(effect / std_error) > 1.96).any(axis=1).mean() > 1 / 3
