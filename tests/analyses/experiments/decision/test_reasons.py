"""What is said of an arm depends on what is known of it, and never says more."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analyses.experiments.decision.reasons import Aim, chance, enough, overstated, ruled_out, takes
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.statistics.effects import Exaggeration, Prior, posterior

RULES = Rules()


@pytest.mark.parametrize(("aim", "word"), [(Aim.LIFT, "lift of 5%"), (Aim.FALL, "fall of 5%"), (Aim.SAFETY, "safe")])
def test_what_more_customers_would_show_is_named(aim, word):
    assert word in str(enough(aim, RULES))
    assert word in str(takes(aim, 1.7, RULES)) and "1.70 times" in str(takes(aim, 1.7, RULES))


def test_a_fall_is_ruled_out_where_less_is_better():
    assert str(ruled_out(Aim.FALL, RULES)) == "A fall of 5% can be ruled out."


def test_the_belief_that_chances_start_from_is_said():
    assert str(chance(posterior(0.1, 0.05))).endswith("where nothing was believed before.")
    assert "a lift of 2.0% give or take 3.0%" in str(chance(posterior(0.1, 0.05, prior=Prior(0.02, 0.03))))
    assert chance(posterior(np.nan, np.nan)) is None


def test_only_a_lift_that_looks_clearly_too_large_is_said_to():
    assert overstated(0.1, Exaggeration(0.099, 1.01)) is None
    assert overstated(0.1, Exaggeration(np.nan, np.nan)) is None
    assert str(overstated(0.3, Exaggeration(0.1, 2.0))).endswith("expect 10.0% rather than 30.0%.")
    assert str(overstated(0.3, Exaggeration(0.0, 3.0))).endswith("it may be nothing.")
