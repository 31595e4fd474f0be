"""How far to trust it: each assumption, what the data say of it, and its code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from answers import words_of

from helpers.analyses.churn.assumptions import Verdict, trust
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import VERDICT
from helpers.findings import NotApplicable

NONE = NotApplicable("not asked for.")


def check(stays: Stays, assumption: str) -> pd.Series:
    """The row of the assumption whose text holds `assumption`, of the curves alone."""
    table = trust(stays, NONE, NONE).table
    return table[table["assumption"].str.contains(assumption)].iloc[0]


def test_every_verdict_has_words():
    assert set(VERDICT.words) == set(Verdict)


def test_missing_early_leavers_are_diagnosed_with_the_remedy(late, naive):
    right, wrong = (check(stays, "seen from") for stays in (late, naive))
    assert (right["verdict"], wrong["verdict"]) == ("noted", "fails")
    assert "observed_from" in wrong["consequence"]
    assert f"count from then on; {late.unobserved} had ended" in right["evidence"]


def test_ends_that_are_all_recorded_are_not_suspected(whole):
    assert check(whole, "seen from")["verdict"] == "holds"


@pytest.mark.parametrize(("joined_earlier", "verdict"), [(None, "untested"), (0, "holds"), (400, "fails")])
def test_customers_who_joined_before_the_first_order_are_not_taken_for_new(silences, joined_earlier, verdict):
    stays = replace(silences, joined_earlier=joined_earlier)
    row = check(stays, "a customer's first order is in the data")
    assert row["verdict"] == verdict
    if joined_earlier:
        assert f"400 of {len(stays.table):,} customers had joined before" in row["evidence"]


def test_ends_that_lie_on_one_day_are_dated_when_somebody_looked(seen_once):
    assert check(seen_once, "dated when they happened")["verdict"] == "fails"


def test_one_table_of_who_had_left_does_not_say_who_left_before_it(seen_once):
    drawn = replace(seen_once, drawn=True)
    row = check(drawn, "seen from their beginning")
    assert row["verdict"] == "untested" and "observed_from" in row["consequence"]
    assert words_of(drawn).endswith("Who left before it was drawn may be missing: then true stays are shorter.")
    assert "left truncation" in str(drawn.summary()["value"].tolist())
    since = replace(drawn, observed_from=drawn.until)
    assert "may be missing" not in words_of(since) and check(since, "seen from")["verdict"] == "noted"


def test_a_silence_that_many_orders_broke_is_not_leaving(silences):
    often, seldom = (replace(silences, silences=100, returns=returns) for returns in (30, 5))
    assert check(often, "is leaving")["verdict"] == "fails"
    assert check(seldom, "is leaving")["verdict"] == "holds"


def test_the_headline_counts_what_was_tested_and_names_what_fails(contracts, hazards, drift, seen_once):
    assert words_of(trust(contracts, hazards, drift)) == (
        "All 5 assumptions that can be tested hold; 3 cannot be tested."
    )
    failing = words_of(trust(seen_once, NONE, NONE))
    assert "do not hold: " in failing and "ends are dated when they happened" in failing


def test_a_model_brings_its_own_assumptions(contracts, hazards, drift):
    alone, with_model = trust(contracts, NONE, NONE).table, trust(contracts, hazards, drift).table
    assert set(alone["assumption"]) < set(with_model["assumption"])
    few = replace(hazards, leavers=10 * len(hazards.table) - 1, separated=True)
    table = trust(contracts, few, drift).table.set_index("assumption")["verdict"]
    assert table["at least 10 leavers for each covariate"] == "fails"
    assert table["every ratio can be estimated"] == "fails"


def test_the_share_followed_falls_from_all_to_none(contracts):
    followed = trust(contracts, NONE, NONE).followed["survival"]
    assert followed.iloc[0] <= 1
    assert followed.is_monotonic_decreasing
    assert np.isclose(followed.iloc[-1], 0)
