"""The same orders under a shorter and a longer silence."""

from __future__ import annotations

import pytest

from answers import words_of
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.other_lengths import silence_choices
from helpers.findings import NotApplicable
from helpers.statistics import survival
from shops import shop


@pytest.fixture(scope="module")
def choices(demo):
    return silence_choices(demo)


def test_the_usual_silence_stands_between_one_a_third_shorter_and_one_a_third_longer(choices, silences):
    usual = silences.silence_days
    assert choices.table["silence_days"].tolist() == [round(0.7 * usual), usual, round(1.3 * usual)]
    assert choices.table["reactivation_rate"].is_monotonic_decreasing  # who waits longer is wrong less often
    assert choices.table["customers"].is_monotonic_decreasing  # and can tell it of fewer


def test_each_row_is_what_the_stays_under_that_silence_say(choices, demo):
    row = choices.table.iloc[0]
    shorter = stays(demo, "silence", int(row["silence_days"]))
    curve = survival.kaplan_meier(shorter.table["duration_days"], shorter.table["left"])
    assert row["stay_180d_rate"] == pytest.approx(survival.at(curve, 180)["survival"].iloc[0])
    assert row["reactivation_rate"] == shorter.return_rate
    assert row["customers"] == len(shorter.table)


def test_the_headline_says_where_the_silence_comes_from(choices, demo):
    assert "longer than 95% of the gaps between order days" in words_of(choices)
    assert "The length is the one asked for." in words_of(silence_choices(demo, 60))


def test_a_silence_longer_than_the_history_is_a_sentence(demo):
    answer = silence_choices(demo, 3660)
    assert "too few customers had ordered 3,660 days before" in str(answer.reason)
    assert isinstance(silence_choices(shop()), NotApplicable)
    with pytest.raises(ValueError, match="silence_days = 3661"):
        silence_choices(demo, 3661)
