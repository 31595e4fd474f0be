"""Holdouts are drawn the same way each time, and as large as the effect to be seen asks."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest

from helpers.statistics.designs import held_out, minimum_effect, share_to_hold_out, smallest_seen

KEY = bytes(range(32))
CUSTOMERS = [f"C{number}" for number in range(4000)]
RATE = 0.159
STD_DEV = np.sqrt(RATE * (1 - RATE))


def test_the_draw_is_the_digest_of_season_family_and_customer():
    digest = hmac.new(KEY, b"2025-07-01|save|C7", hashlib.sha256).digest()
    draw = int.from_bytes(digest[:8], "big") / 2**64
    assert held_out(KEY, "2025-07-01", "save", ["C7"], draw + 1e-9).all()
    assert not held_out(KEY, "2025-07-01", "save", ["C7"], draw - 1e-9).any()


def test_the_same_customers_are_held_out_again_in_any_order():
    first = held_out(KEY, "S1", "save", CUSTOMERS, 0.2)
    again = held_out(KEY, "S1", "save", CUSTOMERS[::-1], 0.2)
    assert (first == again[::-1]).all()


def test_a_larger_holdout_has_everybody_of_a_smaller_one():
    small, large = (held_out(KEY, "S1", "save", CUSTOMERS, share) for share in (0.1, 0.5))
    assert large[small].all()


def test_the_share_is_as_asked_and_draws_of_families_are_independent():
    save, coupon = (held_out(KEY, "S1", family, CUSTOMERS, 0.3) for family in ("save", "coupon"))
    for drawn in (save, coupon):
        assert drawn.mean() == pytest.approx(0.3, abs=3 * np.sqrt(0.21 / 4000))
    assert (save & coupon).mean() == pytest.approx(0.09, abs=0.015)


@pytest.mark.parametrize("others", [{"season": "S2"}, {"key": bytes(32)}])
def test_another_season_or_key_holds_out_others(others):
    given = {"key": KEY, "season": "S1"}
    first, second = (held_out(family="f", customers=CUSTOMERS, share=0.5, **each) for each in (given, given | others))
    assert 0.4 < (first == second).mean() < 0.6


def test_nobody_and_nothing():
    assert not held_out(KEY, "S1", "save", CUSTOMERS, 0).any()
    assert held_out(KEY, "S1", "save", [], 0.1).shape == (0,)
    with pytest.raises(ValueError, match="share = 1"):
        held_out(KEY, "S1", "save", CUSTOMERS, 1)


@pytest.mark.parametrize(
    ("customers", "points"),
    [(300, (19.7, 14.8, 11.8)), (1000, (10.8, 8.1, 6.5)), (3000, (6.2, 4.7, 3.7)), (10000, (3.4, 2.6, 2.0))],
)
def test_why_a_tenth_is_not_always_enough(customers, points):
    """`offers_plan.md` 3.7: smallest difference seen four times in five at 15.9 %; 10, 20 and 50 % held out."""
    seen = [round(100 * smallest_seen(customers, share, std_dev=STD_DEV), 1) for share in (0.1, 0.2, 0.5)]
    assert tuple(seen) == points


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_of_many_it_is_the_smallest_effect_of_the_t_test(share):
    of_t = minimum_effect(5000 * share, std_dev=STD_DEV, ratio=(1 - share) / share)
    assert smallest_seen(5000, share, std_dev=STD_DEV) == pytest.approx(of_t, rel=2e-3)


def test_the_share_sees_just_the_effect():
    share = share_to_hold_out(10_000, 0.03, std_dev=STD_DEV)
    assert 0 < share < 0.5
    assert smallest_seen(10_000, share, std_dev=STD_DEV) == pytest.approx(0.03)


def test_of_few_customers_half_is_held_out():
    assert share_to_hold_out(300, 0.03, std_dev=STD_DEV) == 0.5
    assert smallest_seen(0, 0.5, std_dev=STD_DEV) == np.inf


def test_an_effect_of_nothing_is_not_planned_for():
    with pytest.raises(ValueError, match="effect = 0"):
        share_to_hold_out(300, 0.0, std_dev=STD_DEV)
