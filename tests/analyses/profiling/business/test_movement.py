"""What moved between two windows: published arithmetic, and the interval of the quick ratio."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.movement import (
    Movement,
    churn_shares,
    movement,
    quick_ratio_figures,
    retention_shares,
)
from helpers.analyses.profiling.business.windows import Trade, Window
from shops import AS_OF, shop, words


def units(before: list[float], now: list[float]) -> ibis.Table:
    frame = pd.DataFrame({"before": before, "now": now}, dtype=float)
    return ibis.memtable(frame.assign(there_before=frame["before"] != 0, there_now=frame["now"] != 0))


def test_the_quick_ratio_equals_the_published_one():
    """Case Q1 of behaviour.md (pitchkit): gained 20 + 8, lost 5 + 3."""
    moves = movement(units([0, 10, 15, 3, 7], [20, 18, 10, 0, 7]))
    assert (moves.new, moves.expansion, moves.contraction, moves.churned) == (20, 8, 5, 3)
    assert moves.quick_ratio == 3.5


def test_of_a_hundred_at_the_start_eighty_remain():
    """Case Q2 (posthog.com): churn 20 %; who comes anew is in neither number."""
    moves = movement(units([5] * 100 + [0] * 30, [6] * 80 + [0] * 20 + [9] * 30))
    assert (moves.at_start, moves.remaining) == (100, 80)
    assert 1 - moves.remaining / moves.at_start == pytest.approx(0.2)


def test_nothing_lost_has_no_quick_ratio():
    assert np.isnan(movement(units([1, 0], [2, 3])).quick_ratio)


def test_its_interval_covers_the_true_ratio_as_often_as_it_says():
    """Half of the customers gain 10 times a gamma, half lose 5 times one: the true ratio is 2."""
    rng, covered = np.random.default_rng(5), 0
    for _ in range(600):
        step = np.where(rng.random(400) < 0.5, 10.0, -5.0) * rng.gamma(2, 0.5, 400)
        gained, lost = step.clip(0), (-step).clip(0)
        moves = Movement(400, 400, 400, 0.0, gained.sum(), lost.sum(), 0.0, (gained**2).sum(), (lost**2).sum())
        lower, upper = moves.quick_ratio_interval()
        covered += lower <= 2 <= upper
    assert 0.92 <= covered / 600 <= 0.98


def test_the_sums_that_the_interval_rests_on_are_those_of_the_customers():
    moves = movement(units([0, 10, 15, 3, 7], [20, 18, 10, 0, 7]))
    assert (moves.customers, moves.gained_squared, moves.lost_squared) == (5, 20**2 + 8**2, 5**2 + 3**2)


def test_buyers_of_the_window_before_are_retained_or_gone_and_no_contract_ended(corner_shop):
    """30 days: nobody ordered in the 30 before. 85 days: c1 bought on 5 January alone, and c3 only since."""
    window = Window(AS_OF, 30)
    assert retention_shares(Trade(corner_shop), window) == churn_shares(Trade(corner_shop), window) == []
    orders = {"order_id": list("uvwxyz"), "customer_id": list("abcabd"), "days_ago": [70, 75, 80, 5, 100, 6]}
    trade = Trade(shop(orders=orders | {"amount": [10.0, 10, 10, 25, 10, 5]}))
    (stayed,) = retention_shares(trade, Window(AS_OF, 50))
    assert stayed.now == (1, 3)  # a of a, b and c; d is new
    assert churn_shares(trade, Window(AS_OF, 50)) == []
    assert np.isnan(stayed.before).all()
    (ratio,) = quick_ratio_figures(trade, Window(AS_OF, 50))
    assert ratio.value == (15 + 5) / (10 + 10)
    assert ratio.definition.denominator == "20 of revenue lost"


def test_where_the_business_is_one_of_contracts_those_who_left_are_counted_by_contract(corner_shop):
    runs = pd.DataFrame({"subscription_id": list("wxyz"), "customer_id": list("aabc"), "price": [10.0, 5, 20, 40]})
    runs["started_at"] = pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-01", "2025-06-10"])
    runs["ended_at"] = pd.to_datetime([None, "2025-06-20", "2025-06-12", None])
    tables = {"subscriptions": runs, "orders": corner_shop.tables["orders"]}
    (left,) = churn_shares(Trade(shop(settings=words(contractual=True), **tables)), Window(AS_OF, 30))
    assert left.now == (1, 2)  # b of a and b
    assert left.definition.denominator == "customers with a running subscription on 2025-05-31"
    (ratio,) = quick_ratio_figures(Trade(shop(settings=words(contractual=True), **tables)), Window(AS_OF, 30))
    assert ratio.value == 40 / (5 + 20)
