"""Weights that share out the censored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics import survival
from helpers.statistics.survival.censoring_weights import rising_times, status_weights

TIMES = np.array([0.0, 1, 2.5, 3, 4, 6])


@st.composite
def followed(draw) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations of few whole days, so that events and censorings tie; events; counts of alike rows."""
    size = draw(st.integers(2, 20))
    column = lambda elements: np.array(draw(st.lists(elements, min_size=size, max_size=size)))  # noqa: E731
    return column(st.integers(1, 5)), column(st.integers(0, 1)), column(st.integers(1, 3))


def uncensored_before(durations, events, weights, time) -> float:
    """G(t−) as the product over days before t of 1 − censored/(at risk that day, without those who left that day)."""
    chance = 1.0
    for day in range(1, int(np.ceil(time))):
        at_risk = weights[(durations > day) | ((durations == day) & (events == 0))].sum()
        censored = weights[(durations == day) & (events == 0)].sum()
        chance *= 1 - censored / at_risk if at_risk else 1.0
    return chance


@settings(deadline=None, max_examples=40)
@given(followed())
def test_the_weights_equal_the_slow_loop_over_rows_and_days(rows):
    durations, events, weights = rows
    left, stayed = status_weights(durations, events, TIMES, weights)
    for k, time in enumerate(TIMES):
        until = uncensored_before(durations, events, weights, time)
        for i in range(len(durations)):
            if until == 0:
                assert np.isnan(left[k, i]) and np.isnan(stayed[k, i])
                continue
            share = weights[i] / weights.sum()
            gone = events[i] and durations[i] <= time
            known = durations[i] > time or (durations[i] == time and not events[i])
            own = uncensored_before(durations, events, weights, durations[i])
            assert left[k, i] == pytest.approx(share / own if gone else 0, abs=1e-12)
            assert stayed[k, i] == pytest.approx(share / until if known else 0, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(followed())
def test_the_left_sum_to_kaplan_meier_and_everybody_to_one(rows):
    durations, events, weights = rows
    left, stayed = status_weights(durations, events, TIMES, weights)
    curve = survival.at(survival.kaplan_meier(durations, events, weights=weights), TIMES)["survival"].to_numpy()
    np.testing.assert_allclose(left.sum(axis=1), 1 - curve, atol=1e-12)
    np.testing.assert_allclose(stayed.sum(axis=1), curve, atol=1e-12)


@settings(deadline=None, max_examples=20)
@given(followed())
def test_a_weight_is_a_repetition_and_a_row_of_weight_0_is_absent(rows):
    durations, events, weights = rows
    absent = np.append(weights, 0)
    weighted = status_weights(np.append(durations, 9), np.append(events, 0), TIMES, absent)
    repeated = status_weights(np.repeat(durations, weights), np.repeat(events, weights), TIMES)
    starts = np.cumsum(weights) - weights
    for by_weight, by_row in zip(weighted, repeated, strict=True):
        np.testing.assert_allclose(by_weight[:, :-1], np.add.reduceat(by_row, starts, axis=1), atol=1e-12)


def test_follow_up_stopped_at_the_horizon_is_known_at_the_horizon():
    """Everybody censored at 30 is known to have stayed until 30: no censoring before it, so weights are shares."""
    left, stayed = status_weights([10, 30, 30, 30], [1, 0, 1, 0], np.array([30.0]))
    assert left.tolist() == [[0.25, 0, 0.25, 0]]
    assert stayed.tolist() == [[0, 0.25, 0, 0.25]]


def test_fractional_weights_leave_nobody_behind_the_last_censoring():
    weights = np.full(7, 0.1)
    left, stayed = status_weights(np.arange(1, 8), np.zeros(7), np.array([7.0, 8.0]), weights)
    assert stayed[0].tolist() == pytest.approx([0] * 6 + [1])
    assert np.isnan(left[1]).all() and np.isnan(stayed[1]).all()
    left, stayed = status_weights([1, 2, 2], [0, 1, 0], np.array([3.0]), [0.3, 0.2, 0.1])  # (.1 + .2) − .2 > .1
    assert np.isnan(left).all() and np.isnan(stayed).all()


def test_nobody_followed_is_refused():
    with pytest.raises(ValueError, match="weights = 0 in every row"):
        status_weights([1, 2], [1, 0], TIMES, [0, 0])


@pytest.mark.parametrize("times", [[], [2, 1], [1, 1], [-1, 2]])
def test_times_that_do_not_rise_from_0_are_refused(times):
    with pytest.raises(ValueError, match="times = .*rising"):
        rising_times(times)
