"""Whom a treatment changes most is told beforehand where it can be."""

from __future__ import annotations

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.experiments.audience.ranking import uplift
from helpers.statistics.targeting import policies as policy_value
from helpers.statistics.targeting.uplift import qini


def test_uplift_of_the_womens_mail_on_odd_rows(learned):
    """known_answers/experiments.md, hillstrom: test ATE .0433248; a random score must not look good."""
    rows, (expected, told) = learned
    score = (expected["Womens E-Mail"] - expected["No E-Mail"]).to_numpy()
    treated = (rows["variant"] == "Womens E-Mail").to_numpy()
    found = qini(score, treated, rows["visit"])
    assert found.curve["gain"].iloc[-1] == pytest.approx(0.0433248, abs=5e-8)
    assert policy_value.gain(rows["variant"], rows["visit"], "Womens E-Mail", "No E-Mail").value == pytest.approx(
        0.0433248, abs=5e-8
    )
    assert "womens" in told
    assert found.lower > 0
    random = qini(np.random.default_rng(0).random(len(score)), treated, rows["visit"])
    assert random.lower < 0 < random.upper


def test_a_planted_segment_is_found(planted):
    found = uplift(planted)[0]
    assert found.coefficients["lower"].iloc[0] > 0
    fifths = found.summary()
    assert fifths["effect"].iloc[0] == pytest.approx(0.2, abs=0.1)
    assert fifths["effect"].iloc[-1] == pytest.approx(-0.15, abs=0.1)
    assert fifths["customers"].sum() == len(planted[0].rows)
    assert "it can be foretold whom it changes most." in words_of(found)
    assert "“Bought”, predicted from visits and town." in words_of(found)
