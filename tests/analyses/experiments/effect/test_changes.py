"""What an experiment changed is told once, with what is sure and what only holds for one metric."""

from __future__ import annotations

from answers import words_of
from helpers.analyses import experiments
from shops import metric


def test_the_surest_effect_is_the_headline(demo_trials):
    coupon, aa, copy = experiments.effects(demo_trials)
    sale = "“Bought in the mini-programme sale”"
    assert str(coupon.headline()) == f"spring_coupon · treatment raised {sale}: +5.5 points."
    assert str(copy.headline()) == f"push_copy · story_copy raised {sale}: +3.8 points."
    assert "1 of 6 effects are beyond chance, all tested at once (Holm)" in words_of(copy)
    assert str(aa.headline()) == "No evidence that checkout_aa changed anything."
    assert "2 of 3 effects are beyond chance" in words_of(coupon) and "alone" not in words_of(coupon)
    assert f"treatment, {sale}: 17.3% against 11.8% in the control, +5.5 points (95% interval" in words_of(coupon)


def test_a_fall_is_told_as_one(two_arms, assigned):
    (found,) = experiments.effects(experiments.read(assigned(two_arms(500, 500, spend=(10.0, 9.0)), metric("spend"))))
    assert str(found.headline()) == "test · new lowered “spend”: −1."


def test_what_cannot_be_told_is_said(two_arms, assigned):
    def told(rows):
        return words_of(experiments.effects(experiments.read(assigned(rows)))[0])

    assert told(two_arms(10, 10)).startswith("test: too few customers, or nothing varies, so no effect can be told.")
    assert "has no second arm" in told(two_arms(50, 50).assign(variant="control"))


def test_what_holds_for_one_metric_alone_is_named_as_such(two_arms, assigned):
    """p is .03 of one metric, and .06 as the smaller of two."""
    rows = assigned(two_arms(400, 400, rates=(0.1, 0.15)), words={"test": {"primary": "bought"}})
    (found,) = experiments.effects(experiments.read(rows))
    assert str(found.headline()) == "test · new changed “bought” by +5.0 points, judged by this metric alone."
    assert "None of 2 effects is beyond chance, all tested at once (Holm)." in words_of(found)


def test_a_share_of_which_too_few_converted_is_not_told_and_what_it_decides_is(two_arms, assigned):
    """Of the control's 400 customers 4 bought; the effect would tell how many."""
    rows = assigned(two_arms(400, 400, rates=(0.01, 0.15)), words={"test": {"primary": "bought"}})
    (found,) = experiments.effects(experiments.read(rows))
    bought = found.to_show().iloc[0]
    assert bought[["control_level", "effect", "lower", "upper"]].isna().all() and bought["arm_level"] == 0.15
    assert str(found.to_tell()) == "test · new raised “bought”: (not shown)."
