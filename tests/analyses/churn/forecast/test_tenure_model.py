"""Where no earlier days can be looked back to: the length of the stay and what is recorded of customers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.churn.forecast.chances import Risk, risk
from helpers.analyses.churn.forecast.tenure_model import tenure_model
from helpers.findings import NotApplicable


@pytest.fixture(scope="module")
def seen_once_risk(seen_once, seen_once_data):
    return risk(seen_once, seen_once_data)


def test_without_landmarks_the_length_of_the_stay_tells_and_the_page_says_so(seen_once_risk):
    assert isinstance(seen_once_risk, Risk)
    assert "rest on the length of the stay" in words_of(seen_once_risk)
    assert "most ends lie on one day" in words_of(seen_once_risk)
    top = seen_once_risk.table[seen_once_risk.tenths.reindex(seen_once_risk.table.index) == 1]
    assert (top["main_reason"] == "plan Month-to-month").mean() > 0.8
    assert not seen_once_risk.table["second_reason"].str.contains("total charges").any()
    assert seen_once_risk.untold == seen_once_risk.table["leave_90d_rate"].isna().sum() > 0


def test_of_constant_rates_the_chance_depends_on_the_plan_and_not_on_the_tenure(whole):
    """Exponential stays of 150 and of 300 days: within 60 days 33 % and 18 % leave, however long they have been there."""
    found = tenure_model(whole)
    chances = found.model.chances(found.rows, found.table, np.array([60]))[:, 0]
    long = (found.table["tenure_days"] > 200).to_numpy()
    for plan, mean in {"a": 150, "b": 300}.items():
        here = (found.table["plan"] == plan).to_numpy()
        for some in (here & long, here & ~long):
            assert np.nanmean(chances[some]) == pytest.approx(1 - np.exp(-60 / mean), abs=0.05)


def test_to_predict_are_those_who_are_there(whole):
    found = tenure_model(whole)
    assert sorted(found.rows["customer_id"]) == sorted(whole.table.loc[~whole.table["left"], "customer_id"])


def test_without_leavers_or_attributes_there_is_no_model(whole):
    nobody = replace(whole, table=whole.table.assign(left=False))
    assert str(tenure_model(nobody).reason) == "0 leavers are too few for a model of what goes with leaving."
    assert isinstance(tenure_model(replace(whole, attributes=())), NotApplicable)
