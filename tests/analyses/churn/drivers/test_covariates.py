"""Attributes as covariates: indicators against the largest group, numbers in round units, what others determine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.drivers.covariates import covariates
from helpers.analyses.churn.drivers.hazards import hazard_ratios


def test_covariates_that_others_determine_are_left_out_with_a_reason(contracts):
    price = contracts.table["plan"].map({"月付": 25.0, "季付": 22.0, "年付": 15.0})
    stays = replace(contracts, table=contracts.table.assign(fee=price), attributes=(*contracts.attributes, "fee"))
    hazards = hazard_ratios(stays)
    assert any(name.startswith("Fee") for name in hazards.left_out)
    assert "nearly determined" in hazards.without


@pytest.fixture(scope="module")
def known(contracts):
    """Stays described by a word, a number around 100 with a spread of 20, and one with few very large values."""
    rng, size = np.random.default_rng(6), len(contracts.table)
    table = contracts.table.assign(
        offer=np.where(np.arange(size) % 3, "full", "discount"),
        age=rng.normal(100, 20.3, size),
        spent=rng.lognormal(2, 1.5, size),
    )
    stays = replace(contracts, table=table, attributes=("offer", "age", "spent"))
    return table, covariates(stays, table)


def test_a_word_is_an_indicator_against_the_most_frequent_one(known):
    table, used = known
    assert (used.matrix["Offer: discount"] == (table["offer"] == "discount")).all()
    assert used.references["Offer: discount"] == "full"


def test_a_number_counts_in_round_steps_and_a_skewed_one_in_doublings(known):
    table, used = known
    np.testing.assert_allclose(used.matrix["Age, 20 more"], table["age"] / 20)
    assert used.references["Age, 20 more"] == "20 less"
    np.testing.assert_allclose(used.matrix["Spent, twice as much"], np.log2(table["spent"]))


def test_a_missing_number_takes_the_median_and_a_rare_value_counts_with_the_reference(contracts):
    table = contracts.table.assign(
        age=pd.Series(np.arange(len(contracts.table)), dtype=float).where(contracts.table.index > 0),
        offer=np.where(contracts.table.index < 6, "rare", np.where(contracts.table.index % 2, "a", "b")),
        left=contracts.table["left"].where(contracts.table.index >= 6, False),
    )
    used = covariates(replace(contracts, table=table, attributes=("offer", "age")), table)
    assert [name.split(":")[0].split(",")[0] for name in used.matrix] == ["Offer", "Age"]
    assert list(used.left_out) == ["Offer: rare"]
    step = used.matrix.iloc[:, 1]
    assert step[0] == pytest.approx(step.drop(0).median())
