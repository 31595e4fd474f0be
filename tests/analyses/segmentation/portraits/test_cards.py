"""A card for each segment: its numbers, what it likes, how content it is; blank where few tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.groups import group
from helpers.analyses.segmentation.portraits.cards import personas
from helpers.analyses.segmentation.portraits.likes import preferences
from helpers.analyses.segmentation.portraits.traits import traits
from helpers.findings import NotApplicable
from shops import shop

SIZE = 100  # of each of two groups


def test_a_card_holds_the_numbers_of_its_customers(data, sides):
    people = personas(data, sides, preferences(data, sides))
    cards, every = people.table.set_index("side"), data.customers.set_index("customer_id")
    odd = every[sides.labels.reindex(every.index) == "odd"]
    assert cards.loc["odd", "customers"] == SIZE
    assert cards.loc["odd", "revenue_share"] == pytest.approx(odd["monetary"].sum() / every["monetary"].sum())
    assert cards.loc["even", "complaint_rate"] == 0.5 and cards.loc["odd", "complaint_rate"] == 0
    assert "toys" in cards.loc["odd", "likes"] and "books" in cards.loc["even", "likes"]
    card = people.card("odd").set_index("line")
    assert card.loc["revenue_per_customer"].tolist() == [pytest.approx(100), pytest.approx(55)]


def test_satisfaction_is_the_latest_answer(data, tables, sides):
    latest = tables["surveys"].tail(2 * SIZE).set_index("customer_id")["score"]
    cards = personas(data, sides, NotApplicable("none")).table.set_index("side")
    even = latest[latest.index.str[1:].astype(int) % 2 == 0]
    assert cards.loc["even", "mean_nps"] == pytest.approx(even.mean())
    assert cards.loc["even", "mean_nps_error"] == pytest.approx(even.std() / np.sqrt(SIZE))
    assert "likes" not in cards


def test_the_headline_names_value_discontent_and_complaints(data, sides):
    headline = words_of(personas(data, sides, preferences(data, sides)))
    assert "A customer of “odd” brings 1.82 times the average." in headline
    assert "Least content by nps is “even”: likely " in headline
    assert headline.startswith("“even” complain most: likely 49.5% have complained, 25.0% of all customers.")


def test_no_segment_is_called_the_least_content_where_all_are_alike_or_few(data, sides):
    people = personas(data, sides, NotApplicable("none"))
    alike = people.table.assign(complaint_rate=0.3, mean_nps=[6.0, 6.5], mean_nps_error=0.4, revenue_per_customer=9.0)
    assert words_of(replace(people, table=alike)) == "2 sides have a card."
    few = people.table.assign(customers=[19, 19])
    assert words_of(replace(people, table=few)) == "2 sides have a card."


def test_what_fewer_than_five_customers_tell_is_blank(tables):
    asked = [*(f"c{n:03}" for n in range(0, 20, 2)), "c001", "c003"]  # ten of one group, two of the other
    answers = tables["surveys"][tables["surveys"]["customer_id"].isin(asked)]
    data = shop(customers=tables["customers"], orders=tables["orders"], surveys=answers)
    ids = pd.Index(data.customers["customer_id"], name="customer_id")
    names = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    cards = personas(data, group(data, names, dict.fromkeys(["even", "odd"], "")), NotApplicable("")).table.set_index(
        "side"
    )
    assert pd.isna(cards.loc["odd", "mean_nps"]) and cards.loc["even", "mean_nps"] > 0


def test_the_figure_shows_multiples_of_all_customers(data, sides):
    people = personas(data, sides, NotApplicable("none"))
    drawn = [text.get_text() for text in people.plot().texts]
    assert drawn[0] == "0.182" and len(drawn) == 10  # 10 of 55; two sides by five measures


def test_customers_without_orders_have_cards_too(tables):
    data = shop(customers=tables["customers"])
    genders = traits(data)["gender"]
    people = personas(data, group(data, genders, dict.fromkeys(genders.cat.categories, "")), NotApplicable("none"))
    assert words_of(people) == "2 genders have a card." and len(people.plot().patches) == 2
    with pytest.raises(ValueError, match="gender = 'x': no card. Choose one of"):
        people.card("x")


def test_a_card_tells_no_money_that_one_customer_makes(tables):
    orders = tables["orders"].assign(amount=lambda each: each["amount"].where(each["customer_id"] != "c001", 1e6))
    data = shop(customers=tables["customers"], orders=orders)
    ids = pd.Index(data.customers["customer_id"], name="customer_id")
    names = pd.Series([f"g{int(name[1:]) % 3}" for name in ids], ids, name="side")
    people = personas(data, group(data, names, dict.fromkeys(["g0", "g1", "g2"], "")), NotApplicable("none"))
    shown = people.to_show().set_index("side")
    hidden = shown[["revenue_share", "revenue_per_customer"]].isna()
    assert hidden.loc["g1"].all() and hidden.all(axis="columns").sum() == 2 == hidden.any(axis="columns").sum()
    assert "dominated" not in shown and "dominated" not in set(people.card("g1")["line"])
    assert "“g1” brings" not in words_of(people)
