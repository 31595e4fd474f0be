"""Pieces of expressions, and what a guess uses."""

from __future__ import annotations

from helpers.data.draft.feeds.guesses import Guess, Sql, name, stem, texts


def test_headers_and_values_are_quoted_so_that_they_stay_what_they_are():
    assert name('订单 "A"') == '"订单 ""A"""'
    assert texts(["paid", "it's off"]) == "'paid', 'it''s off'"


def test_a_file_is_called_by_its_name_without_its_endings(held):
    (one, many) = held(
        **{"coupon-redemptions__csv__gz": "a,b\n1,2\n", "visits_1__csv": "c,d\n1,2\n", "visits_2__csv": "c,d\n3,4\n"}
    ).holdings
    assert stem(one) == "coupon_redemptions" and stem(many) == "visits"


def test_headers_in_expressions_are_not_among_those_that_a_guess_uses(holding):
    guess = Guess("orders", holding(text="a,b\n1,2\n"), {"order_id": "a", "amount": Sql('number("b")')})
    assert guess.used == {"a"}
