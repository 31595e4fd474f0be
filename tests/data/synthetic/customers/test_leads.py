"""The demo's leads: as many of each source as planted become customers, each of them another one."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.data.synthetic.clock import DAY, DAYS, NEVER, day_number
from helpers.data.synthetic.customers.leads import LEADS, MEAN_DAYS, SINCE, drawn
from helpers.data.synthetic.customers.people import customers
from helpers.data.synthetic.truth import TRUTH


@pytest.fixture(scope="module")
def leads():
    return drawn(customers())


def test_a_lead_becomes_one_customer_who_joins_then(leads):
    became = leads[leads["customer"] != NEVER]
    assert not became["customer"].duplicated().any()
    assert (customers()["joined"].to_numpy()[became["customer"]] == became["converted"]).all()
    assert (became["converted"] > became["created"]).all() and (became["converted"] < DAYS * DAY).all()
    assert (leads.loc[leads["customer"] == NEVER, "converted"] == NEVER).all()


def test_sources_convert_as_planted(leads):
    assert leads["source"].value_counts().to_dict() == LEADS
    old = leads[leads["created"] < (DAYS - 5 * MEAN_DAYS) * DAY]
    shares = (old["customer"] != NEVER).groupby(old["source"]).mean()
    for source, share in shares.items():
        assert share == pytest.approx(TRUTH.lead_rates[source], abs=3 * np.sqrt(0.25 / (old["source"] == source).sum()))
    new = leads[leads["source"] == "直播"]
    assert new["created"].min() >= day_number(SINCE["直播"]) * DAY
