"""The portrait: folding of small groups, and which fields describe customers."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import words_of
from helpers.analyses.profiling.people.groups import NOT_RECORDED, Aspect, fields, folded, portrait
from helpers.analyses.profiling.vocabulary import ASPECT
from helpers.findings import NotApplicable
from helpers.findings.folding import OTHERS, SMALL_GROUPS
from shops import shop


def test_small_groups_become_one():
    shown = folded(pd.Series({"a": 20, "b": 4, "c": 3, "d": 9}))
    assert shown.to_dict() == {"a": 20, "d": 9, SMALL_GROUPS: 7}


def test_a_single_small_group_takes_the_next_larger_one_with_it():
    shown = folded(pd.Series({"a": 20, "b": 2, "c": 6}))
    assert shown.to_dict() == {"a": 20, SMALL_GROUPS: 8}


def test_groups_past_the_most_become_other_values_but_gaps_keep_their_name():
    shown = folded(pd.Series({"a": 20, "b": 8, "c": 7, NOT_RECORDED: 6}), most=1)
    assert shown.to_dict() == {"a": 20, OTHERS: 15, NOT_RECORDED: 6}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30))
def test_nobody_is_lost_and_no_group_under_five_is_shown(sizes):
    counts = pd.Series(sizes, [f"g{place}" for place in range(len(sizes))])
    shown = folded(counts)
    assert shown.sum() == counts.sum()
    assert shown.min() >= min(5, counts.sum())
    assert len(shown) <= 14


def test_of_the_values_that_are_folded_the_smallest_go_first_and_bands_keep_their_order():
    shown = folded(pd.Series({"18–24": 9, "25–34": 30, "35–44": 2, "45–54": 7, "55–64": 8, "65–74": 4}), most=2)
    assert list(shown.items()) == [("18–24", 9), ("25–34", 30), (OTHERS, 15), (SMALL_GROUPS, 6)]


def test_small_groups_of_customers_are_folded_and_gaps_named():
    people = pd.DataFrame({
        "customer_id": [f"c{n}" for n in range(1, 11)], "gender": ["F"] * 6 + ["M"] * 4,
        "birth_year": [1990] * 9 + [None], "channel": ["rare"] + ["shop"] * 9,
    })  # fmt: skip
    order = {"order_id": ["o"], "customer_id": ["ghost"], "amount": [1.0], "days_ago": [5]}
    whole = portrait(shop(customers=people, orders=order))
    groups = {
        field: dict(zip(rows["field_value"], rows["customers"], strict=True))
        for field, rows in whole.table.groupby("field", sort=False)
    }
    assert list(groups)[:3] == ["Gender", "Age band", "Channel"]
    assert groups["Gender"] == {"F": 6, "(small groups)": 5} and groups["Channel"] == {"(small groups)": 11}
    rows = whole.summary().set_index("field")
    assert tuple(rows.loc["Gender", ["largest_group", "customers"]]) == ("F", 6)
    assert pd.isna(rows.loc["Channel", "largest_group"])


def test_the_field_that_is_recorded_least_is_named(demo):
    whole = portrait(demo)
    recorded = whole.summary().query("aspect not in ['behaviour', 'preferences', 'needs']")
    gaps = recorded.set_index("field")["not_recorded_share"]
    household = demo.customers["household_size"].isna().mean()
    assert gaps.max() == pytest.approx(household) and household > demo.customers["plan"].isna().mean()
    assert words_of(whole).endswith(f"“{gaps.idxmax()}” is recorded least: none for {household:.1%}.")
    assert (whole.table.groupby("field")["customers"].sum() == len(demo.customers)).all()


def test_only_the_aspects_asked_for_are_shown(tea):
    whole = portrait(tea, ["preferences"])
    assert set(whole.table["aspect"]) == {"preferences"}
    with pytest.raises(ValueError, match="aspects = 'habits': choose one of"):
        portrait(tea, ["habits"])


def test_every_aspect_has_its_words_and_fields_have_one_each(tea):
    assert set(Aspect) == set(ASPECT.words)
    described = {field.name: field.aspect for field in fields(tea)}
    assert described == {
        "gender": Aspect.DEMOGRAPHICS, "age_band": Aspect.DEMOGRAPHICS, "channel": Aspect.ACQUISITION,
        "last_order": Aspect.BEHAVIOUR, "orders": Aspect.BEHAVIOUR, "spend": Aspect.BEHAVIOUR,
        "main_category": Aspect.PREFERENCES, "main_order_channel": Aspect.PREFERENCES,
        "time_of_orders": Aspect.PREFERENCES, "main_need": Aspect.NEEDS,
    }  # fmt: skip


def test_few_customers_have_no_portrait(tea):
    assert isinstance(portrait(shop(customers={"customer_id": list("abcd"), "gender": ["F"] * 4})), NotApplicable)
    nothing = portrait(tea, ["attributes"])
    assert words_of(nothing) == "Cannot be told: nothing describes customers by attributes."
