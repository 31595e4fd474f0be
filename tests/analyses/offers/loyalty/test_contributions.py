"""What rules bring a year by three assumptions, from tables made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.offers.loyalty.contributions import scenarios
from helpers.analyses.offers.loyalty.costs import membership
from helpers.analyses.offers.loyalty.thresholds import TierEffects
from helpers.findings import NotApplicable
from shops import AS_OF


@pytest.fixture(scope="module")
def ruled_out(members):
    return replace(membership(members), margin=0.5)


def effects(more: float, reach: float) -> TierEffects:
    """Thresholds of both tiers at which orders jump by so many from 2."""
    rows = [[tier, "threshold", 100, 2.0, more, more - reach, more + reach, 0.5, 0.5] for tier in ("Silver", "Gold")]
    return TierEffects(pd.DataFrame(rows, columns=list(TierEffects.columns)), 180, AS_OF)


def test_three_assumptions_add_up(ruled_out):
    told = scenarios(ruled_out, effects(0.2, 0.1)).table
    force = told[told["rules"] == "(in force)"].set_index("scenario")
    tiers = ruled_out.table[ruled_out.table["rules"] == "(in force)"]
    earned, cost = 0.5 * tiers["member_revenue"], tiers["yearly_cost"].sum()
    assert force.loc["none", "contribution"] == pytest.approx(-cost)
    assert force.loc["break_even", "effect_rate"] * earned.sum() == pytest.approx(cost)
    seen = force.loc["measured"]
    assert seen["effect_rate"] == pytest.approx(0.1)
    assert seen["contribution"] == pytest.approx(0.1 * earned.sum() - cost)
    spread = np.sqrt(((0.05 * earned) ** 2).sum())
    assert seen["contribution_upper"] - seen["contribution"] == pytest.approx(spread)
    assert told["rules"].unique().tolist() == ["(in force)", "lower gold"]


@pytest.mark.parametrize(
    ("more", "reach", "begins"),
    [
        (1.0, 0.1, "Membership pays its cost of"),
        (-1.0, 0.1, "Membership does not pay its cost of"),
        (0.1, 2.0, "Whether membership pays its"),
    ],
)
def test_what_was_measured_decides_what_is_told(ruled_out, more, reach, begins):
    assert words_of(scenarios(ruled_out, effects(more, reach))).startswith(begins)


def test_without_a_measure_two_assumptions_are_left(ruled_out, ruled):
    told = scenarios(ruled_out, NotApplicable("no thresholds"))
    assert set(told.table["scenario"]) == {"none", "break_even"}
    assert "could not be measured" in words_of(told)
    few = membership(ruled([("a", days, 9.0) for days in (1, 420)], tiers=[{"name": "few", "spend": 1}]))
    assert isinstance(scenarios(few, effects(1, 1)), NotApplicable)


def test_it_draws_the_assumptions(ruled_out):
    assert scenarios(ruled_out, effects(0.2, 0.1)).plot().get_yticklabels()
