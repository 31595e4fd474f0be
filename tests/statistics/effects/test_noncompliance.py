"""The effect on those reached is right where the naive ones are not, which stand beside it here only to show it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from helpers.statistics.effects import (
    Moments,
    anderson_rubin,
    differences,
    wald,
)


def arm(n, events, reached, both):
    """Moments of an arm by its counts: all, those with the event, those reached, those with both."""
    kinds = [[1, 1], [0, 1], [1, 0], [0, 0]]
    rows = np.repeat(kinds, [both, reached - both, events - both, n - reached - events + both], axis=0)
    return Moments.of({"outcome": rows[:, 0], "reached": rows[:, 1]})


def test_vitamin_a():
    """Sommer & Zeger (1991); Imbens & Rubin (1997): deaths of children, of whom four in five got their dose."""
    found = differences(arm(11_588, 74, 0, 0), arm(12_094, 46, 9_675, 12))
    assert found.outcome == pytest.approx(-0.00258238, abs=5e-9)
    assert np.sqrt(found.covariance[0, 0]) == pytest.approx(0.00092783, abs=5e-8)
    assert found.reached == pytest.approx(0.79998346, abs=5e-9)
    effect = anderson_rubin(found)
    assert effect.effect == pytest.approx(-0.00322804, abs=5e-9)
    assert wald(found).effect == effect.effect
    assert effect.lower < effect.effect < effect.upper < 0
    unreached = (46 - 12) / 12_094
    of_compliers_held_out = (74 / 11_588 - unreached) / found.reached
    assert of_compliers_held_out == pytest.approx(0.00446835, abs=5e-9)
    assert 12 / 9_675 / of_compliers_held_out == pytest.approx(0.27758, abs=5e-6)
    as_treated = 12 / 9_675 - (34 + 74) / (12_094 - 9_675 + 11_588)
    per_protocol = 12 / 9_675 - 74 / 11_588
    assert (round(as_treated, 5), round(per_protocol, 5)) == (-0.00647, -0.00515)  # both wrong, twice as large


def plans(runs, n, share, times, at=0.4, seed=0):
    """`runs` plans of n customers: (runs, n) held out, reached and left, and the true effect on those reached.

    The healthier are reached more easily; whoever is reached leaves `times` as often.
    """
    rng = np.random.default_rng(seed)
    frailty = rng.standard_normal((runs, n))
    held_out = np.arange(n) < share * n
    could_be = rng.random((runs, n)) < expit(at - 0.9 * frailty)
    risk = expit(-1 + 0.8 * frailty)
    reached = could_be & ~held_out
    left = rng.random((runs, n)) < risk * np.where(reached, times, 1)
    true = (times - 1) * risk[could_be].mean()
    return held_out, reached, left, true, could_be.mean()


def judged(held_out, reached, left):
    """What each run finds: as assigned and of those reached."""
    arms = [[Moments.of({"left": y[rows], "reached": d[rows]}) for rows in (held_out, ~held_out)]
            for y, d in zip(left, reached, strict=True)]  # fmt: skip
    found = [differences(*pair) for pair in arms]
    return found, [anderson_rubin(each) for each in found]


def naive(held_out, reached, left):
    """The mean of as-treated and per-protocol differences."""
    of_reached = (left & reached).sum(axis=1) / reached.sum(axis=1)
    as_treated = of_reached - (left & ~reached).sum(axis=1) / (~reached).sum(axis=1)
    return as_treated.mean(), (of_reached - left[:, held_out].mean(axis=1)).mean()


def covered(intervals, true):
    return np.mean([each.lower <= true <= each.upper for each in intervals])


def within(share, runs, nominal=0.95):
    """Whether coverage is what chance leaves of the nominal one."""
    return abs(share - nominal) < 4 * np.sqrt(nominal * (1 - nominal) / runs)


def test_it_finds_what_the_call_does_to_those_it_reaches():
    """`offers_plan.md` 3.2: ITT −.0358, of those reached −.0612; as-treated −.1515, per-protocol −.1088."""
    held_out, reached, left, true, could_be = plans(100, 4000, 0.2, 0.75)
    found, of_reached = judged(held_out, reached, left)
    assert np.mean([each.outcome for each in found]) == pytest.approx(-0.0358, abs=0.005)
    assert true == pytest.approx(-0.0612, abs=0.001)
    assert np.mean([each.effect for each in of_reached]) == pytest.approx(true, abs=0.008)
    assert within(covered(of_reached, true), 100)
    itt = [(each.outcome - true * could_be) / np.sqrt(each.covariance[0, 0]) for each in found]
    assert within(np.mean(np.abs(itt) < norm.isf(0.025)), 100)
    assert naive(held_out, reached, left) == pytest.approx((-0.1515, -0.1088), abs=0.004)


def test_a_useless_call_saves_nobody_though_naive_differences_say_so():
    """`offers_plan.md` 3.2: without any effect per-protocol −.0476, as-treated −.0903."""
    held_out, reached, left, true, _ = plans(100, 4000, 0.2, 1.0, seed=1)
    _, of_reached = judged(held_out, reached, left)
    assert true == 0
    assert np.mean([each.effect for each in of_reached]) == pytest.approx(0, abs=0.01)
    assert within(covered(of_reached, 0), 100)
    assert naive(held_out, reached, left) == pytest.approx((-0.0903, -0.0476), abs=0.004)


def test_where_few_are_reached_the_limits_still_hold():
    """`offers_plan.md` 3.2: n = 400, 18 % reached; coverage .945."""
    held_out, reached, left, true, could_be = plans(300, 400, 0.2, 0.75, at=-1.75, seed=2)
    assert could_be == pytest.approx(0.18, abs=0.01)
    _, of_reached = judged(held_out, reached, left)
    assert within(covered(of_reached, true), 300)


def test_the_limits_are_the_effects_that_a_test_does_not_refuse():
    found = differences(arm(300, 90, 0, 0), arm(700, 180, 250, 40))
    limits = anderson_rubin(found)
    for effect, refused in ((limits.lower - 1e-6, True), (limits.lower + 1e-6, False),
                            (limits.upper - 1e-6, False), (limits.upper + 1e-6, True)):  # fmt: skip
        contrast = np.array([1, -effect])
        error = np.sqrt(contrast @ found.covariance @ contrast)
        assert (abs(found.outcome - effect * found.reached) / error > norm.isf(0.025)) is np.bool_(refused)


def test_where_everybody_is_reached_it_is_the_difference_as_assigned():
    found = differences(arm(300, 90, 0, 0), arm(700, 180, 700, 180))
    effect = anderson_rubin(found)
    reach = norm.isf(0.025) * np.sqrt(found.covariance[0, 0])
    assert (effect.lower, effect.upper) == pytest.approx((found.outcome - reach, found.outcome + reach))
    assert wald(found).lower == pytest.approx(effect.lower)


def test_where_hardly_anybody_is_reached_nothing_bounds_the_effect():
    effect = anderson_rubin(differences(arm(100, 30, 0, 0), arm(100, 25, 2, 1)))
    assert (effect.lower, effect.upper) == (-np.inf, np.inf)
    nobody = anderson_rubin(differences(arm(100, 30, 0, 0), arm(100, 25, 0, 0)))
    assert np.isnan(nobody.effect)


def test_what_is_not_known_is_not_told():
    one = Moments.of({"outcome": [1.0], "reached": [0.0]})
    found = differences(one, arm(50, 10, 20, 5))
    assert np.isnan(found.covariance).all()
    assert np.isnan(anderson_rubin(found).lower)
