"""What a rule that gives each customer one arm is worth, told from arms drawn at random."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments
from helpers.statistics.targeting import policies

ARMS = np.array(["none", "mail", "call"], dtype=object)


def trial(rng, n, shares=(0.5, 0.3, 0.2), noise=1.0):
    """x is uniform; the mean is 10 without treatment, 10 + x with mail, 10.4 with a call."""
    x, arm = rng.random(n), rng.choice(ARMS, n, p=shares)
    outcome = 10 + x * (arm == "mail") + 0.4 * (arm == "call") + noise * rng.normal(size=n)
    return x, arm, outcome


def above(x, cut):
    return np.where(x > cut, "mail", "none").astype(object)


def test_the_value_is_the_inverse_propensity_mean_with_weights_of_each_decision_brought_to_one():
    """Against the sum written out: decision by decision, Σ y/p over Σ 1/p of those who got it, times its share."""
    x, arm, outcome = trial(np.random.default_rng(1), 400)
    policy = np.where(x > 0.7, "call", above(x, 0.3)).astype(object)
    planned = {"none": 0.5, "mail": 0.3, "call": 0.2}
    expected = 0.0
    for decision in ARMS:
        weights = [1 / planned[a] for a, p in zip(arm, policy) if a == p == decision]
        outcomes = [y for y, a, p in zip(outcome, arm, policy) if a == p == decision]
        expected += np.mean(policy == decision) * np.average(outcomes, weights=weights)
    assert policies.value(arm, outcome, policy).value == pytest.approx(expected, rel=1e-12)


def test_one_arm_for_everyone_is_worth_its_mean_and_differs_as_a_comparison_of_means_says():
    _, arm, outcome = trial(np.random.default_rng(2), 500)
    assert policies.value(arm, outcome, "mail").value == pytest.approx(outcome[arm == "mail"].mean())
    effect = compare(*(Moments.of({"y": outcome[arm == each]}) for each in ("none", "mail")), kind="mean")
    gain = policies.gain(arm, outcome, "mail", "none")
    assert (gain.value, gain.std_error) == pytest.approx((effect.effect, effect.std_error))


@pytest.mark.parametrize("cut", [0.0, 0.3, 0.5, 0.8])
def test_the_truth_is_recovered_at_every_cut(cut):
    """Mail to x > c is worth 10 + (1 − c²)/2: that over nobody, and c²/2 less than mail for everyone."""
    x, arm, outcome = trial(np.random.default_rng(3), 60_000)
    policy = above(x, cut)
    value = policies.value(arm, outcome, policy)
    over_none = policies.gain(arm, outcome, policy, "none")
    over_all = policies.gain(arm, outcome, policy, "mail")
    for found, truth in ((value, 10 + (1 - cut**2) / 2), (over_none, (1 - cut**2) / 2), (over_all, -(cut**2) / 2)):
        assert found.value == pytest.approx(truth, abs=3.5 * found.std_error + 1e-12)
        assert found.std_error < 0.02


def test_a_policy_over_three_arms_is_recovered():
    """A call below 0.4 and mail above is best: 10.4 × 0.4 + ∫ 10 + x = 0.16 + 0.42 over 10."""
    x, arm, outcome = trial(np.random.default_rng(4), 60_000)
    best = np.where(x > 0.4, "mail", "call").astype(object)
    found = policies.gain(arm, outcome, best, "mail")  # 0.4 × 0.4 − 0.08 more than mail for everyone
    assert found.value == pytest.approx(0.08, abs=3.5 * found.std_error)
    assert policies.value(arm, outcome, best).value == pytest.approx(10.58, abs=0.04)


def test_limits_cover_the_truth_about_as_often_as_they_say():
    """Gain over everyone, and value, of two decisions; 300 trials of 300 customers, SE 1.3 points.

    There is little noise, so that half of the error is how many customers of each kind the sample happens to hold.
    """
    rng = np.random.default_rng(5)
    covered = np.zeros(2)
    for _ in range(300):
        x, arm, outcome = trial(rng, 300, (0.5, 0.5, 0), noise=0.05)
        policy = above(x, 0.6)
        found = policies.gain(arm, outcome, policy, "mail"), policies.value(arm, outcome, policy)
        covered += [each.lower < truth < each.upper for each, truth in zip(found, (-0.18, 10.32))]
    assert (covered / 300 > 0.92).all() and (covered / 300 < 0.98).all()


def test_customers_on_whom_policies_agree_do_not_count_and_swapping_flips_the_sign():
    x, arm, outcome = trial(np.random.default_rng(6), 600)
    policy = above(x, 0.9)
    gain = policies.gain(arm, outcome, policy, "none")
    wild = np.where(x > 0.9, outcome, outcome * 1000)
    assert policies.gain(arm, wild, policy, "none") == gain
    back = policies.gain(arm, outcome, "none", policy)
    assert (back.value, back.lower, back.upper) == pytest.approx((-gain.value, -gain.upper, -gain.lower))
    same = policies.gain(arm, outcome, policy, policy)
    assert (same.value, same.std_error) == (0, 0)


def test_a_decision_that_nobody_got_is_unknown():
    arm = np.array(["a", "a", "a", "b", "b"])
    found = policies.value(arm, [1, 2, 3, 4, 5], ["b", "a", "a", "a", "a"])
    assert np.isnan(found.value) and np.isnan(found.lower)


def test_unusable_arguments_are_refused():
    with pytest.raises(ValueError, match="policy = 'fax': nobody got this arm. Known: a, b."):
        policies.value(["a", "b"], [1, 2], "fax")
    with pytest.raises(ValueError, match="outcome = missing or infinite in 1 of 2"):
        policies.value(["a", "b"], [1, np.nan], "a")
    with pytest.raises(ValueError, match="arm = 2 customers"):
        policies.gain(["a", "b"], [1, 2], ["a"], "b")
    with pytest.raises(ValueError, match="alpha = 5: lies between 0 and 1"):
        policies.value(["a", "a"], [1, 2], "a", alpha=5)
