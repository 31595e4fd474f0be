"""The mean cumulative function: known by hand, coverage where the truth is known, and what the naive number says."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.purchases import cumulative_mean


def shop(rng: np.random.Generator, customers: int) -> tuple[np.ndarray, np.ndarray]:
    """Twelve months of log-normal orders of customers who leave, and for how long each was followed: up to 18 months."""
    orders = rng.poisson(rng.gamma(1, 0.25, customers)[:, None], (customers, 12))
    orders[:, 0] += 1
    orders[np.arange(12) >= rng.geometric(0.08, customers)[:, None]] = 0
    money = np.bincount(
        np.repeat(np.arange(orders.size), orders.ravel()), rng.lognormal(0, 0.8, orders.sum()), orders.size
    )
    return money.reshape(orders.shape), np.minimum(rng.integers(0, 19, customers), 12)


def test_each_month_is_a_mean_of_those_who_were_followed_through_it():
    """Three customers: 3, 2 and 1 months followed. Months bring (4 + 2 + 6) / 3, (1 + 3) / 2; of the third one is left."""
    found = cumulative_mean([[4, 1, 8], [2, 3, 99], [6, 99, 99]], [3, 2, 1])
    assert found["month"].tolist() == [1, 2] and found["at_risk"].tolist() == [3, 2]
    assert found["mean"].tolist() == pytest.approx([4, 6])


def test_with_everybody_followed_it_is_the_mean_and_its_interval_holds_it():
    rng = np.random.default_rng(1)
    money, _ = shop(rng, 400)
    found = cumulative_mean(money, np.full(400, 12)).iloc[-1]
    assert found["mean"] == pytest.approx(money.sum(axis=1).mean())
    error = money.sum(axis=1).std(ddof=1) / 20
    assert found["upper"] - found["lower"] == pytest.approx(2 * 1.96 * error, rel=0.1)
    assert found["upper"] - found["mean"] > found["mean"] - found["lower"]  # money reaches further up


def test_the_truth_is_held_where_most_are_young_and_the_naive_mean_is_a_fifth_too_low():
    rng = np.random.default_rng(2)
    truth = shop(rng, 100_000)[0].sum(axis=1).mean()
    held, naive = [], []
    for _ in range(150):
        money, months = shop(rng, 200)
        last = cumulative_mean(money, months).iloc[11]
        held.append(last["lower"] <= truth <= last["upper"])
        naive.append(np.where(np.arange(12) < months[:, None], money, 0).sum(axis=1).mean() / truth)
    assert np.mean(held) >= 0.91
    assert np.mean(naive) == pytest.approx(0.79, abs=0.03)


def test_nobody_or_one_customer_alone_tells_nothing():
    assert cumulative_mean(np.zeros((0, 3)), []).empty
    assert cumulative_mean([[1.0, 2.0]], [2]).empty
    assert cumulative_mean([[1.0, 2.0], [1.0, 2.0]], [0, 2]).empty


def test_money_times_a_factor_is_the_result_times_it():
    money, months = shop(np.random.default_rng(3), 100)
    once, thrice = cumulative_mean(money, months), cumulative_mean(3 * money, months)
    assert thrice[["mean", "lower", "upper"]].to_numpy() == pytest.approx(
        3 * once[["mean", "lower", "upper"]].to_numpy()
    )
