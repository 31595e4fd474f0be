from __future__ import annotations

import dataclasses

import pytest

from answers import words_of
from helpers.analyses.offers.goods.levels import level
from helpers.analyses.offers.goods.repeats import due
from helpers.findings import NotApplicable


@pytest.fixture(scope="module")
def waiting(refilled):
    return due(refilled, 30)


def test_what_is_bought_once_is_never_due(waiting):
    assert waiting.goods["good"].tolist() == ["food"] and set(waiting.table["good"]) == {"food"}
    assert words_of(waiting).startswith("In the next 30 days some ")


def test_a_page_names_goods_and_no_customers(waiting):
    page = waiting.summary()
    assert page["good"].tolist() == ["food · kind f"] and page["listed"].tolist() == [120]
    assert page["expected_purchases"].iloc[0] == pytest.approx(waiting.table["chance_30d"].sum())
    assert waiting.plot().get_yticklabels()


def test_the_products_may_say_that_a_good_is_needed_once(refilled):
    assert isinstance(due(dataclasses.replace(refilled, once=frozenset({"food"}))), NotApplicable)


def test_where_nobody_returns_nobody_is_due(sold):
    answer = due(level(sold([{"tv"}, {"lamp"}] * 30)))
    assert isinstance(answer, NotApplicable) and "nobody is due" in words_of(answer)
