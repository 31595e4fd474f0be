"""How many leavers the customers at highest risk hold."""

from __future__ import annotations

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.churn.forecast.call_list import gains, lift


def test_the_lift_of_a_random_score_is_one_within_error():
    rng = np.random.default_rng(8)
    left = rng.random(20_000) < 0.2
    lifts = np.diff(gains(rng.random(20_000), left, np.arange(11) / 10)) * 10
    error = np.sqrt(0.8 / 0.2 / 2_000)
    assert (np.abs(lifts - 1) < 3.5 * error).all()
    assert lifts.mean() == pytest.approx(1)


def test_the_lift_of_a_perfect_score_is_as_high_as_can_be_and_that_of_one_score_for_all_is_one():
    left = np.arange(1_000) < 200
    np.testing.assert_allclose(gains(left, left, [0.1, 0.2, 0.5]), [0.5, 1, 1])
    np.testing.assert_allclose(gains(np.ones(1_000), left, [0.1, 0.2, 0.5]), [0.1, 0.2, 0.5])


def test_a_weight_is_a_repetition():
    rng = np.random.default_rng(9)
    chance, left, weights = rng.integers(0, 9, 200) / 9, rng.random(200) < 0.3, rng.integers(0, 4, 200)
    shares = np.linspace(0, 1, 11)
    repeated = gains(np.repeat(chance, weights), np.repeat(left, weights), shares)
    np.testing.assert_allclose(gains(chance, left, shares, weights), repeated)


def test_the_demo_s_lift_adds_up_and_its_top_tenth_is_better_than_chance(contract_holdout):
    found = lift(contract_holdout)
    table = found.table
    assert table["left_rate"].mean() == pytest.approx(found.left_rate)
    assert table["found_share"].iloc[-1] == pytest.approx(1)
    assert table["lower"].iloc[0] > 1
    assert table["lift"].iloc[0] > 1.4 > 0.8 > table["lift"].iloc[-1]
    assert found.plot().has_data()
    assert "lift" in words_of(found)
