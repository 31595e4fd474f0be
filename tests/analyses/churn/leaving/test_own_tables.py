"""A table of one's own is as good as a data set: the same stays give the same answers."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.datasets import load_rossi

from answers import words_of
from helpers.analyses import churn
from helpers.findings import NotApplicable


def test_the_stays_of_a_data_set_given_as_a_table_answer_alike(contracts):
    columns = ["customer_id", "duration_days", "left", "plan", "device"]
    own = churn.stays_from(
        contracts.table[columns].rename(columns={"duration_days": "days", "left": "gone"}), "days", "gone"
    )
    pd.testing.assert_frame_equal(churn.staying(own, "plan").table, churn.staying(contracts, "plan").table)
    pd.testing.assert_frame_equal(churn.group_pairs(own, "plan").table, churn.group_pairs(contracts, "plan").table)
    both = [churn.hazard_ratios(stays, ["plan", "device"]).table for stays in (own, contracts)]
    pd.testing.assert_frame_equal(*both)
    assert own._repr_mimebundle_()[0]["text/plain"].endswith(f"of {len(own.table):,} stays of this table have ended.")


def test_the_hazard_ratios_of_a_plain_table_are_those_of_lifelines():
    rossi = load_rossi()
    ours = churn.hazard_ratios(churn.stays_from(rossi, duration="week", left="arrest"), ["fin", "age"])
    theirs = CoxPHFitter().fit(rossi[["week", "arrest", "fin", "age"]], "week", "arrest").params_
    units = [ours.used.steps[name].unit for name in ours.table["covariate"]]
    names = [ours.used.steps[name].attribute for name in ours.table["covariate"]]
    np.testing.assert_allclose(np.log(ours.table["hazard_ratio"]), theirs[names] * units, rtol=1e-5)


def test_what_asks_for_the_calendar_does_not_apply_and_the_rest_does():
    own = churn.stays_from(load_rossi(), duration="week", left="arrest")
    assert isinstance(churn.cohorts(own), NotApplicable) and isinstance(churn.retention(own), NotApplicable)
    assert "only how long they stayed" in words_of(churn.cohorts(own))
    hazards = churn.hazard_ratios(own)
    assert isinstance(churn.trust(own, hazards, churn.proportionality(hazards)), NotApplicable)
    for answer in (churn.hazard_over_tenure(own), churn.attribute_tests(own), churn.suspects(own), churn.shapes(own)):
        assert answer._repr_mimebundle_()[0]["text/plain"]


ROWS = pd.DataFrame({"days": range(30), "gone": [1, 0] * 15, "watched": 0, "plan": ["a", "b", "b"] * 10})


def test_rows_watched_late_and_a_column_that_is_the_same_for_all():
    late = ROWS.assign(days=50, watched=[10, 0] * 15, same="x")
    own = churn.stays_from(late, "days", "gone", entry="watched")
    assert own.table["entry_days"].tolist() == [10, 0] * 15
    assert own.attributes == ("plan",) and list(own.left_out) == ["same"]


def test_too_few_rows_are_no_answer():
    assert isinstance(churn.stays_from(ROWS.head(19), "days", "gone"), NotApplicable)


@pytest.mark.parametrize(
    ("change", "asked", "told"),
    [
        ({}, {"duration": "day"}, "duration = 'day'"),
        ({"days": 1.5}, {}, "duration = 1.5: 30 rows have no whole days"),
        ({"days": -1}, {}, "duration = -1"),
        ({"days": [None, *range(29)]}, {}, "1 rows have no whole days"),
        ({"gone": ["yes", "no"] * 15}, {}, "left = yes: 30 rows say neither True nor False"),
        ({"gone": [None, *[True] * 29]}, {}, "left = None: 1 rows"),
        ({"watched": 40}, {"entry": "watched"}, "entry = 'watched': 30 stays were over by then"),
    ],
)
def test_values_that_cannot_be_taken_are_told(change, asked, told):
    with pytest.raises(ValueError, match=" = ") as caught:
        churn.stays_from(ROWS.assign(**change), **{"duration": "days", "left": "gone"} | asked)
    assert told in str(caught.value)
