"""How far to trust it: each assumption, what the data say of it, and its code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from answers import words_of
from helpers import language
from helpers.analyses.churn.assumptions import trust
from helpers.findings import NotApplicable

NONE = NotApplicable("not asked for.")


def test_the_headline_counts_what_was_tested_and_names_what_fails(contracts, hazards, drift, seen_once):
    assert words_of(trust(contracts, hazards, drift)) == (
        "All 5 assumptions that can be tested hold. Assumptions that cannot be tested: 3."
    )
    failing = trust(seen_once, NONE, NONE).headline()
    assert str(failing).endswith("assumptions that can be tested do not hold.")
    assert "Not so: ends are dated when they happened." in failing.whole


def test_a_model_brings_its_own_assumptions(contracts, hazards, drift):
    alone, with_model = trust(contracts, NONE, NONE).table, trust(contracts, hazards, drift).table
    assert set(alone["assumption"]) < set(with_model["assumption"])
    few = replace(hazards, leavers=10 * len(hazards.table) - 1, separated=True)
    table = trust(contracts, few, drift).table.set_index("assumption")["verdict"]
    assert table["enough"] == "fails"
    assert table["estimated"] == "fails"


def test_evidence_and_consequence_are_said_in_the_language_spoken(contracts, hazards, drift):
    found = trust(contracts, hazards, drift)
    assert found.summary()["consequence"].iloc[-1] == "one ratio says it all"
    with language.spoken("zh"):
        assert found.summary()["consequence"].iloc[-1] == "一个倍数足以代表全程"


def test_the_share_followed_falls_from_all_to_none(contracts):
    followed = trust(contracts, NONE, NONE).followed["survival"]
    assert followed.iloc[0] <= 1
    assert followed.is_monotonic_decreasing
    assert np.isclose(followed.iloc[-1], 0)
