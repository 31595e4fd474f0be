"""Churn's answers together: what is missing is a sentence all the way down, and chance is chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import churn
from helpers.findings import NotApplicable
from shops import shop


@pytest.fixture(scope="module")
def contracts(demo) -> churn.Stays:
    return churn.stays(demo)


def test_groups_drawn_by_lot_are_no_evidence(contracts):
    lot = pd.Series(np.random.default_rng(3).choice(list("abc"), len(contracts.table)))
    bare = contracts.table[["customer_id", "duration_days", "left", "entry_days"]].assign(lot=lot)
    stays = replace(contracts, table=bare, attributes=("lot",))
    assert words_of(churn.group_pairs(stays)).startswith("Lot: no evidence")
    assert words_of(churn.attribute_tests(stays)).startswith("No evidence")
    by_plan = churn.group_pairs(contracts, "plan").headline()
    assert "“年付” customers stay" in str(by_plan) and str(by_plan).endswith("longer than “月付”.")
    assert "3 of 3." in by_plan.whole


def test_what_a_data_set_lacks_is_a_sentence_all_the_way_down():
    empty = shop()
    stays = churn.stays(empty)
    hazards = churn.hazard_ratios(stays)
    missing = [
        stays,
        churn.staying(stays, "plan"),
        churn.group_pairs(stays),
        churn.reasons(stays),
        churn.attribute_tests(stays),
        churn.suspects(stays),
        hazards,
        churn.proportionality(hazards),
        churn.risk(stays, empty),
        churn.risk_reasons(stays),
        churn.holdout(stays, empty),
        churn.lift(stays),
        churn.silence_choices(empty),
        churn.silence_errors(empty),
        churn.hazard_over_tenure(stays),
        churn.cohorts(stays),
        churn.retention(stays),
        churn.reason_ratios(hazards),
        churn.shapes(stays),
        churn.trust(stays, hazards, hazards),
    ]
    assert all(isinstance(answer, NotApplicable) for answer in missing)
    assert (
        words_of(stays)
        == "Cannot be told: this data set has no subscriptions and no orders: export one of them to see this."
    )


def test_customers_without_any_attribute_still_have_a_curve_and_a_silence_risk():
    """Buyers about every 20 days, each of whom leaves for good with a chance of one in six after every order."""
    rng = np.random.default_rng(1)
    orders = rng.geometric(1 / 6, 400)
    who = np.repeat(np.arange(400), orders)
    gaps = pd.Series(rng.gamma(8, 20 / 8, len(who)).round().clip(1))
    ago = np.repeat(rng.integers(0, 365, 400), orders) - gaps.groupby(who).cumsum()
    known = pd.DataFrame({"customer_id": [f"c{i}" for i in range(400)]})
    rows = pd.DataFrame({"customer_id": [f"c{i}" for i in who], "days_ago": ago, "amount": 10.0})
    data = shop(known=known, orders=rows[rows["days_ago"] >= 0])
    stays = churn.stays(data, silence_days=90)
    assert stays.attributes == ()
    assert churn.staying(stays).summary()["customers"].tolist() == [len(stays.table)]
    assert isinstance(churn.hazard_ratios(stays), NotApplicable)
    assert churn.risk(stays, data).table["leave_90d_rate"].between(0, 1).all()


def test_wrong_parameters_are_named(demo, contracts):
    with pytest.raises(ValueError, match="definition = 'contrat'.*Did you mean 'contract'"):
        churn.stays(demo, "contrat")
    with pytest.raises(ValueError, match="silence_days = -1"):
        churn.stays(demo, "silence", -1)
    with pytest.raises(ValueError, match="by = 'chanel'.*Did you mean 'channel'"):
        churn.staying(contracts, "chanel")
    with pytest.raises(ValueError, match="horizon_days = 30"):
        churn.risk(contracts, demo, 30)
