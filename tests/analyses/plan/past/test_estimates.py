"""Arms are compared as assigned; what one would claim without arms is another number, and wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
from helpers.analyses.plan.past.estimates import arm_difference, claim, money, on_reached
from helpers.analyses.plan.past.execution import with_results
from helpers.analyses.plan.past.outcomes import outcomes


def rows_of(**given):
    data, history = plans.tried(**given)
    return outcomes(data, with_results(data, history), 90)


def test_the_difference_is_that_of_the_arms_means():
    rows = rows_of(n=200, gain=0.4)
    found = arm_difference(rows, rows["ordered"])
    means = rows.groupby("arm")["ordered"].mean()
    assert found.effect == pytest.approx(means["treat"] - means["holdout"])
    assert found.both.reached == pytest.approx(rows.loc[rows["arm"] == "treat", "done"].mean())
    assert np.isnan(found.alike)  # one plan alone


def test_plans_of_other_shares_are_combined_and_not_pooled():
    first = rows_of(n=300, share=0.5, base=0.1, seed=1)
    second = rows_of(n=300, share=0.1, base=0.45, seed=2).assign(plan_on=pd.Timestamp("2025-03-10"), holdout_share=0.1)
    rows = pd.concat([first, second], ignore_index=True)
    pooled = rows.groupby("arm")["ordered"].mean()
    found = arm_difference(rows, rows["ordered"])
    assert pooled["treat"] - pooled["holdout"] > 0.08  # wrong: nothing was changed
    assert abs(found.effect) < 0.05
    assert 0 < found.alike <= 1


def test_plans_of_few_do_not_count_for_more_than_their_customers():
    """By their own variances the plan whose few held out bought nothing would decide."""
    many = rows_of(n=1000, share=0.1, seed=1)
    few = rows_of(n=60, share=0.1, seed=2).assign(plan_on=pd.Timestamp("2025-03-10"))
    few = few.assign(ordered=few["ordered"].where(few["arm"] == "treat", 0.0))
    rows = pd.concat([many, few], ignore_index=True)
    each = [arm_difference(plan, plan["ordered"]).effect for plan in (many, few)]
    weights = [np.prod(arms) / sum(arms) for arms in (plan["arm"].value_counts() for plan in (many, few))]
    found = arm_difference(rows, rows["ordered"])
    assert found.effect == pytest.approx(np.average(each, weights=weights))
    assert found.lower < 0 < found.upper
    assert 0.5 < found.chance_positive < 1


def test_money_is_capped_and_what_was_spent_before_taken_out():
    rng = np.random.default_rng(0)
    before = rng.gamma(2, 50, 400)
    rows = pd.DataFrame(
        {"spend": before + rng.normal(0, 5, 400), "spend_before": before, "arm": ["treat", "holdout"] * 200}
    )
    adjusted = money(rows)
    assert adjusted.std() < 0.3 * rows["spend"].std()
    assert adjusted.mean() == pytest.approx(rows["spend"].mean(), rel=0.02)
    rows.loc[0, "spend"] = 1e6
    assert money(rows).max() < 1000


def test_of_whom_hardly_anybody_was_reached_nothing_is_told():
    rows = rows_of(n=200, reached=0.02)
    found = arm_difference(rows, rows["ordered"])
    assert np.isnan(on_reached(found.both, rows[rows["arm"] == "treat"], 0.0).effect)


def test_what_one_would_claim_is_far_from_what_was_changed():
    """A useless action that the healthy get: orders seem to rise with it."""
    rows = rows_of(n=1000, gain=0.0)
    found = arm_difference(rows, rows["ordered"])
    assert abs(found.effect) < 0.08
    assert claim(rows, "ordered") > 0.3
    assert claim(rows, "left") < -0.15


def test_a_bad_quarter_is_followed_by_a_better_one_without_any_action():
    """`offers_plan.md` 3.2: regression to the mean, chosen for a fall to 0, and for being at the top."""
    rng = np.random.default_rng(5)
    rates = rng.gamma(1, 1.2, 600_000)
    first, now, after = (rng.poisson(rates) for _ in range(3))
    fell, top = (first >= 2) & (now == 0), now >= 5
    assert after[fell].mean() == pytest.approx(1.25, abs=0.03)
    assert (now[top].mean(), after[top].mean()) == pytest.approx((6.20, 3.87), abs=0.09)
