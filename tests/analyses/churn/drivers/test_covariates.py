"""Attributes as covariates: indicators against the largest group, numbers in round units, what others determine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers import language
from helpers.analyses.churn.drivers.covariates import Step, covariates
from helpers.analyses.churn.drivers.hazards import hazard_ratios


def test_covariates_that_others_determine_are_left_out_with_a_reason(contracts):
    price = contracts.table["plan"].map({"月付": 25.0, "季付": 22.0, "年付": 15.0})
    stays = replace(contracts, table=contracts.table.assign(fee=price), attributes=(*contracts.attributes, "fee"))
    hazards = hazard_ratios(stays)
    assert any(name.startswith("Fee") for name in hazards.left_out)
    assert "nearly determined" in hazards.without.whole


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


def test_words_that_are_missing_together_are_told_against_words_that_are_known(contracts):
    """Were "not known" the reference, one value of the second column would be it, and another called so."""
    place = np.arange(len(contracts.table))
    table = contracts.table.assign(
        income=pd.Series(np.where(place % 5 < 3, None, np.where(place % 2, "low", "high")), dtype="string"),
        kids=pd.Series(np.where(place % 5 < 3, None, np.where(place % 3, "none", "some")), dtype="string"),
    )
    used = covariates(replace(contracts, table=table, attributes=("income", "kids")), table)
    assert {name: used.references[name] for name in used.matrix} == {
        "Income: low": "high", "Income: (not known)": "high", "Kids: some": "none",
    }  # fmt: skip
    assert list(used.left_out) == ["Kids: (not known)"]


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


def of_many(contracts, columns: int, leavers: int, telling: bool = False):
    """Few stays with many columns drawn without regard to them; the last one tells of leaving where it is asked to."""
    rng = np.random.default_rng(10)
    left = contracts.table[contracts.table["left"]].head(leavers)
    table = pd.concat([left, contracts.table[~contracts.table["left"]].head(200)], ignore_index=True)
    drawn = {
        f"c{n:02d}": rng.choice(list("abc"), len(table)) if n % 2 else rng.integers(0, 5, len(table))
        for n in range(columns)
    }
    if telling:
        drawn["last"] = np.where(rng.random(len(table)) < np.where(table["left"], 0.7, 0.2), "x", "y")
    table = pd.concat([table, pd.DataFrame(drawn)], axis="columns")
    return replace(contracts, table=table, attributes=tuple(drawn))


@pytest.mark.parametrize("columns", [40, 150])
def test_of_more_attributes_than_the_leavers_bear_the_others_are_left_out_in_words(contracts, columns):
    """Without a correction for all that were there, the best of many are found beyond chance."""
    hazards = hazard_ratios(of_many(contracts, columns, leavers=100))
    assert len(hazards.table) <= 10
    assert str(hazards.headline()).startswith("No evidence that anything known of customers goes with leaving sooner")
    assert "attributes are left out: 100 leavers bear no more." in words_of(hazards)
    assert "too few leavers for so many attributes" in hazards.without.whole


def test_what_truly_goes_with_leaving_is_kept_and_found_among_many(contracts):
    hazards = hazard_ratios(of_many(contracts, 60, leavers=100, telling=True))
    assert hazards.table.set_index("covariate").filter(like="Last: ", axis=0)["adjusted_p_value"].item() < 0.001


def test_where_the_leavers_bear_them_all_none_is_left_out(contracts):
    used = covariates(contracts, contracts.table)
    assert used.candidates == used.matrix.shape[1]
    assert used.adjusted(pd.Series([0.01, 0.2])).tolist() == pytest.approx(
        [0.01 * used.candidates, 1.0 if used.candidates > 5 else 0.2 * (used.candidates - 1)]
    )


def test_a_covariate_is_said_in_the_language_spoken_and_kept_as_it_is(hazards):
    assert hazards.summary()["covariate"].iloc[0] == "Plan: 年付" == str(hazards.used.steps["Plan: 年付"])
    with language.spoken("zh"):
        assert hazards.summary()["covariate"].iloc[0].endswith("：年付")
        assert str(Step("age", unit=20.0)).endswith("多 20") and Step("age").reference == "一半"
    assert "Plan: 年付" in set(hazards.table["covariate"])


def test_chosen_attributes_are_in_the_model_and_no_others_and_are_said(contracts):
    first, second, *_ = contracts.attributes
    hazards = hazard_ratios(contracts, [second, first, first])
    assert set(hazards.used.chosen) == {first, second} == {step.attribute for step in hazards.used.steps.values()}
    assert "Attributes were chosen" in hazards.headline().whole
    assert len(hazards.table) < len(hazard_ratios(contracts).table)


def test_what_is_chosen_stays_though_few_leave_or_it_tells_too_well(contracts):
    chance = np.random.default_rng(3)
    many = {f"word_{place}": chance.choice([*"abcdefg"], len(contracts.table)) for place in range(12)}
    table = contracts.table.assign(
        **many, gone=np.where(contracts.table["left"], 1.0, 0.0) + chance.normal(0, 0.4, len(contracts.table))
    )
    stays = replace(contracts, table=table, attributes=("gone", *many))
    assert "gone" in {step.attribute for step in hazard_ratios(stays, ["gone"]).used.steps.values()}
    assert "written after the fact is among them: Gone." in hazard_ratios(stays, ["gone"]).headline().whole
    assert "too few leavers for so many attributes" not in {
        str(why) for why in covariates(stays, table, tuple(many)).left_out.values()
    }


@pytest.mark.parametrize(
    ("name", "told"), [("plann", "Did you mean 'plan'"), ("level", "known as of the export alone, so leaving")]
)
def test_an_attribute_that_there_is_not_is_told(contracts, name, told):
    with pytest.raises(ValueError, match="covariates = ") as caught:
        hazard_ratios(contracts, [name])
    assert told in str(caught.value)
