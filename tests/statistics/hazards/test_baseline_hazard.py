"""The baseline hazard of a Cox model: running sums by stratum, steps in time, and the survival that follows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.hazards.baseline_hazard import baseline_table, cumulative_hazard, survival_table

TABLE = baseline_table(pd.Index(["a", "a", "b"]), np.array([2.0, 5.0, 3.0]), np.array([0.1, 0.3, 0.2]))


def test_the_hazard_is_summed_within_each_stratum():
    assert TABLE["cumulative_hazard"].tolist() == pytest.approx([0.1, 0.4, 0.2])
    assert TABLE["stratum"].tolist() == ["a", "a", "b"]


def test_strata_stay_in_the_order_that_they_have():
    turned = baseline_table(pd.Index(["b", "a", "a"]), np.array([3.0, 2.0, 5.0]), np.array([0.2, 0.1, 0.3]))
    assert turned["cumulative_hazard"].tolist() == pytest.approx([0.2, 0.1, 0.4])


def test_the_hazard_so_far_is_0_before_the_first_event_and_jumps_at_each():
    times = np.array([0.0, 1.9, 2.0, 4.9, 5.0, 7.0])
    assert cumulative_hazard(TABLE, "a", 8.0, times).tolist() == pytest.approx([0, 0, 0.1, 0.1, 0.4, 0.4])
    assert cumulative_hazard(TABLE, "b", 8.0, times).tolist() == pytest.approx([0, 0, 0, 0.2, 0.2, 0.2])


def test_beyond_the_follow_up_nothing_is_known():
    hazard = cumulative_hazard(TABLE, "a", 5.0, np.array([5.0, 5.1]))
    assert hazard[0] == pytest.approx(0.4)
    assert np.isnan(hazard[1])


def test_a_stratum_without_events_has_no_hazard():
    assert cumulative_hazard(TABLE, "c", 8.0, np.array([1.0, 8.0])).tolist() == [0, 0]


def test_survival_is_that_of_a_loop_over_customers_and_times():
    rng = np.random.default_rng(2)
    hazards, case, risk = rng.random((4, 3)), rng.integers(0, 3, 7), rng.lognormal(size=7)
    table = survival_table(iter(hazards), case, risk, np.arange(4))
    assert table.shape == (7, 4)
    for customer in range(7):
        for time in range(4):
            expected = np.exp(-hazards[time][case[customer]] * risk[customer])
            assert table[customer, time] == pytest.approx(expected)


def test_what_is_not_known_of_the_hazard_is_not_known_of_survival():
    table = survival_table([np.array([0.1, np.nan])], np.array([0, 1]), np.ones(2), np.array([30.0]))
    assert table[0, 0] == pytest.approx(np.exp(-0.1))
    assert np.isnan(table[1, 0])
