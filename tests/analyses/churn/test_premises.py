"""What the data say of each assumption, and when it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from answers import words_of
from helpers.analyses.churn.assumptions import trust
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.premises import Assumption, Check, Verdict
from helpers.analyses.churn.vocabulary import ASSUMPTION, VERDICT
from helpers.findings import NotApplicable

NONE = NotApplicable("not asked for.")


def check(stays: Stays, assumption: Assumption) -> Check:
    """What became of an assumption, of the curves alone."""
    (found,) = (each for each in trust(stays, NONE, NONE).checks if each.assumption == assumption)
    return found


def test_every_assumption_and_every_verdict_has_words():
    assert set(ASSUMPTION.words) == set(Assumption)
    assert set(VERDICT.words) == set(Verdict)


def test_missing_early_leavers_are_diagnosed_with_the_remedy(late, naive):
    right, wrong = (check(stays, Assumption.SEEN) for stays in (late, naive))
    assert (right.verdict, wrong.verdict) == ("noted", "fails")
    assert "observed_from" in str(wrong.consequence)
    assert f"count from then on; {late.unobserved} had ended" in str(right.evidence)


def test_ends_that_are_all_recorded_are_not_suspected(whole):
    assert check(whole, Assumption.SEEN).verdict == "holds"


@pytest.mark.parametrize(("joined_earlier", "verdict"), [(None, "untested"), (0, "holds"), (400, "fails")])
def test_customers_who_joined_before_the_first_order_are_not_taken_for_new(silences, joined_earlier, verdict):
    stays = replace(silences, joined_earlier=joined_earlier)
    row = check(stays, Assumption.FIRST_ORDER)
    assert row.verdict == verdict
    if joined_earlier:
        assert f"400 of {len(stays.table):,} customers had joined before" in str(row.evidence)


def test_ends_that_lie_on_one_day_are_dated_when_somebody_looked(seen_once):
    assert check(seen_once, Assumption.DATED).verdict == "fails"


def test_one_table_of_who_had_left_does_not_say_who_left_before_it(seen_once):
    drawn = replace(seen_once, drawn=True)
    row = check(drawn, Assumption.SEEN)
    assert row.verdict == "untested" and "observed_from" in str(row.consequence)
    assert words_of(drawn).endswith("Who left before it was drawn may be missing: then true stays are shorter.")
    assert "left truncation" in str(drawn.summary()["value"].tolist())
    since = replace(drawn, observed_from=drawn.until)
    assert "may be missing" not in words_of(since) and check(since, Assumption.SEEN).verdict == "noted"


def test_a_silence_that_many_orders_broke_is_not_leaving(silences):
    often, seldom = (replace(silences, silences=100, returns=returns) for returns in (30, 5))
    assert check(often, Assumption.SILENCE_ENDS).verdict == "fails"
    assert check(seldom, Assumption.SILENCE_ENDS).verdict == "holds"
