"""How complete records are: what fills a field, and customers by fields filled."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.people.filled_fields import completeness
from helpers.findings import NotApplicable
from shops import shop


def test_words_for_nothing_do_not_fill_a_field(tea):
    whole = completeness(tea)
    filled = whole.table.set_index("field")["filled"]
    assert filled.to_dict() == {"Gender": 54, "Channel": 30, "Birth year": 30}
    assert whole.records["customers"].sum() == 60 and whole.filled_share == pytest.approx(114 / 180)
    assert whole.records["customers"].min() >= 5


def test_completeness_counts_customers_by_fields_filled(tea):
    """By hand: gender lacks for each tenth, channel for the later half, birth year for each even customer."""
    filled = [bool(n % 10) + (n < 30) + n % 2 for n in range(60)]
    counts = completeness(tea).records.set_index("fields_filled")["customers"].to_dict()
    assert counts["3"] == filled.count(3) and counts["2"] == filled.count(2)
    assert sum(counts.values()) == 60


def test_numbers_that_few_customers_reach_are_joined_to_the_number_beneath_and_the_lowest_to_the_one_above():
    """Customers with 3, 2, 1 and no fields: 2, 9, 8 and 3."""
    filled = [3] * 2 + [2] * 9 + [1] * 8 + [0] * 3
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(filled))]})
    for place, name in enumerate(("gender", "channel", "city"), start=1):
        people[name] = ["x" if number >= place else None for number in filled]
    records = completeness(shop(customers=people)).records
    assert dict(zip(records["fields_filled"], records["customers"], strict=True)) == {"2 to 3": 11, "0 to 1": 11}
    assert records["share"].sum() == 1


def test_all_fields_filled_is_said_in_a_sentence_and_few_customers_are_not_described():
    people = {"customer_id": [f"c{n}" for n in range(6)], "gender": ["F"] * 6}
    assert words_of(completeness(shop(customers=people))) == (
        "All 1 fields that describe customers are filled, for every customer."
    )
    assert isinstance(completeness(shop(customers={name: rows[:4] for name, rows in people.items()})), NotApplicable)
    assert words_of(completeness(shop(customers={"customer_id": people["customer_id"]}))) == (
        "Cannot be told: no table describes the customers."
    )
