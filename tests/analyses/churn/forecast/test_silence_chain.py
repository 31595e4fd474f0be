"""The chance that a silence will be complete: in closed form within one silence, simulated beyond it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.silence_chain import After, chain, silence_chances


def hazards(days, first=0.01, later=0.03):
    return {After.FIRST: np.full(days, first), After.LATER: np.full(days, later)}


def test_within_one_silence_the_chance_is_that_of_no_order_until_it_is_complete():
    rng = np.random.default_rng(1)
    state = pd.DataFrame(
        {
            "kind": rng.choice([After.FIRST, After.LATER], 300),
            "silent_days": rng.integers(0, 60, 300),
            "silence_days": 60,
        }
    )
    log_rates = rng.normal(0, 0.7, 300)
    horizons = np.array([10, 30, 59])
    found = silence_chances(hazards(60), log_rates, state, horizons)
    lacking = (60 - state["silent_days"]).to_numpy()
    rate = np.where(state["kind"] == After.FIRST, 0.01, 0.03) * np.exp(log_rates)
    exact = np.where(lacking[:, None] <= horizons, np.exp(-rate * lacking)[:, None], 0)
    np.testing.assert_allclose(found, exact, atol=0.001)


def test_beyond_one_silence_the_chance_is_that_of_simulated_customers():
    rng = np.random.default_rng(2)
    found = chain(hazards(20), np.array([0.0, np.log(3)]), np.array([25, 60]))
    for place, factor in enumerate((1, 3)):
        for kind, first in ((After.FIRST, 0.01), (After.LATER, 0.03)):
            silent, complete = np.full(20_000, 5), np.full(20_000, 999)
            hazard = np.full(20_000, first * factor)
            for day in range(1, 61):
                orders = rng.random(20_000) < -np.expm1(-hazard)
                silent = np.where(orders, 0, silent + 1)
                hazard = np.where(orders, 0.03 * factor, hazard)
                complete = np.where((silent == 20) & (complete == 999), day, complete)
            for at, horizon in enumerate((25, 60)):
                assert found[kind][at, place, 5] == pytest.approx((complete <= horizon).mean(), abs=0.012)
