"""What a tier changes: nothing where members only are who they are, and a planted jump where there is one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.offers.loyalty.costs import membership
from helpers.analyses.offers.loyalty.thresholds import tier_effects
from helpers.findings import NotApplicable

TIER = {"name": "Gold", "spend": 1000}


def shoppers(jump: float, bunched: float = 0.0) -> pd.DataFrame:
    """Spend on one day before the tier's, and orders after it at a rate that rises with spend and jumps at 1,000."""
    rng = np.random.default_rng(11)
    spend = rng.lognormal(6.7, 0.7, 1500).round(2)
    near = (spend > 850) & (spend < 1000) & (rng.random(1500) < bunched)
    spend = np.where(near, 1000 + rng.random(1500) * 60, spend).round(2)
    later = rng.poisson(0.5 + spend / 600 + jump * (spend >= 1000))
    before = pd.DataFrame({"customer_id": [f"c{row}" for row in range(1500)], "days_ago": 200, "amount": spend})
    far = before.head(1).assign(days_ago=560, amount=1.0)
    after = before.loc[np.repeat(before.index, later)]
    after = after.assign(
        days_ago=rng.permuted(np.tile(np.arange(1, 101), (len(after) // 100 + 1)))[: len(after)], amount=9.0
    )
    return pd.concat([far, before, after], ignore_index=True)


def told(ruled, **rows):
    data = ruled(shoppers(**rows), tiers=[TIER])
    return tier_effects(membership(data), data)


def test_members_order_more_and_the_threshold_changes_nothing(ruled):
    effects = told(ruled, jump=0.0)
    members, threshold = (effects.table.set_index("comparison").loc[each] for each in ("members", "threshold"))
    assert members["lower"] > 1
    assert threshold["lower"] < 0 < threshold["upper"] and threshold["bunching_p_value"] > 0.05
    words = words_of(effects)
    assert words.startswith("No evidence that reaching a tier makes customers order more or less.")
    assert "times the orders of all others, which says nothing of the tier." in words


def test_a_planted_jump_is_told(ruled):
    effects = told(ruled, jump=3.0)
    row = effects.effects.iloc[0]
    assert row["lower"] < 3 < row["upper"] and row["adjusted_p_value"] < 0.05
    assert words_of(effects).startswith("Reaching “Gold” brings")


def test_where_spend_bunches_nothing_is_told(ruled):
    effects = told(ruled, jump=3.0, bunched=0.95)
    assert effects.effects.empty
    assert words_of(effects).startswith("What “Gold” changes cannot be told: spend is crowded on one side")


def test_what_is_not_known_is_said(ruled, spending):
    proposed = ruled(spending, proposals={"new": [TIER]})
    short = ruled(spending[spending["days_ago"] < 400], tiers=[TIER | {"window_days": 300}])
    for data in (proposed, short):
        assert isinstance(tier_effects(membership(data), data), NotApplicable)
    rich = ruled(spending, tiers=[TIER | {"spend": 1e6}])
    assert words_of(tier_effects(membership(rich), rich)).startswith("What a tier changes cannot be told: too few")


def test_days_are_checked(members):
    with pytest.raises(ValueError, match="days"):
        tier_effects(membership(members), members, days=3)


def test_it_draws_both_comparisons(ruled):
    assert told(ruled, jump=0.0).plot().get_legend_handles_labels()[1]
