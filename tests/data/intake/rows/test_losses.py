"""How much may be lost in reading, and what is said when it is more."""

import pandas as pd
import pytest

from helpers.data.intake.rows import losses, rules
from helpers.data.intake.rows.rules import Rule
from helpers.data.intake.wording.tables import Feed
from shops import BOOKS

UNREADABLE = Rule("amount is not a number", lambda rows: rows.amount.isnull(), "amount")


def checked(read: int, lost: int, *, outcome: str = "quarantined", chosen: bool = False, **words) -> None:
    """The check of a table of which `lost` of `read` rows broke a rule."""
    rule = Rule(UNREADABLE.name, UNREADABLE.broken, "amount", chosen=chosen)
    lines = [("orders", "read", "", read, read), ("orders", "used", "", read - lost, read - lost)]
    lines.append(("orders", outcome, rule.name, lost, lost))
    quarantine = pd.DataFrame({"rule": rule.name, rules.VALUE: [f"{place} pcs" for place in range(lost)]})
    losses.check(Feed(("a.csv",), "orders", **words), pd.DataFrame(lines, columns=BOOKS), quarantine, {0: rule})


def test_up_to_a_fifth_may_be_lost_and_always_three():
    checked(100, 20)
    checked(4, 3)


def test_more_than_a_fifth_stops_with_the_rule_and_three_values():
    with pytest.raises(ValueError) as caught:
        checked(100, 21)
    assert str(caught.value) == (
        "orders: 21 of its 100 rows would be lost, or what they tell. Most of them: amount is not a number ('0 pcs', "
        "'1 pcs', '2 pcs'). "
        'Correct the column or what dataset.toml says of it, or write accept_loss = ["amount is not a number"] in '
        "[tables.orders]."
    )


def test_what_the_settings_accept_or_choose_is_no_surprise():
    checked(100, 60, accept_loss=(UNREADABLE.name,))
    checked(100, 60, chosen=True)


def test_every_feed_of_a_table_accepts_for_all_of_it():
    other = Feed(("b.csv",), "orders", accept_loss=(UNREADABLE.name,))
    checked(100, 60, also=(other,))


@pytest.mark.parametrize(
    "name",
    [
        "line does not split into the header's columns",
        "row repeats (all columns equal)",
        "ordered_at is 1970-01-01, which stands for no day",
        "ordered_at is more than a year after all else (2025-03-31)",
    ],
)
def test_a_rule_that_these_rows_keep_may_be_accepted(name):
    checked(100, 0, accept_loss=(name,))


def test_a_rule_that_there_is_not_is_told_with_the_nearest():
    with pytest.raises(ValueError) as caught:
        checked(100, 0, accept_loss=("amount is no number",))
    assert str(caught.value) == (
        "tables.orders.accept_loss = 'amount is no number': orders has no such rule. Copy its name from `kehu check`. "
        "Did you mean 'amount is not a number'?"
    )
    with pytest.raises(ValueError, match=r"^tables\.orders\[2\]\.accept_loss = 'amount'"):
        checked(100, 0, also=(Feed(("b.csv",), "orders", accept_loss=("amount",)),))


@pytest.mark.parametrize("words", [{}, {"chosen": True}, {"accept_loss": (UNREADABLE.name,)}, {"outcome": "guest"}])
def test_a_table_of_which_nothing_is_left_is_an_error_whatever_was_accepted(words):
    with pytest.raises(ValueError, match="^orders: none of its 2 rows can be used. Most of them: amount is not a n"):
        checked(2, 2, **words)


@pytest.mark.parametrize(("subject", "stops"), [("amount", True), ("refund", True), ("paid_at", False)])
def test_money_that_cannot_be_read_stops_as_lost_rows_do(subject, stops):
    rule = Rule(f"{subject} is not what it should be", UNREADABLE.broken, subject, empties=True)
    lines = [("orders", "read", "", 100, 100), ("orders", "used", "", 100, 100)]
    lines.append(("orders", "emptied", rule.name, 21, 21))
    quarantine = pd.DataFrame({"rule": [], rules.VALUE: []})
    books = pd.DataFrame(lines, columns=BOOKS)
    if stops:
        with pytest.raises(ValueError, match="21 of its 100 rows would be lost, or what they tell"):
            losses.check(Feed(("a.csv",), "orders"), books, quarantine, {0: rule})
        losses.check(Feed(("a.csv",), "orders", accept_loss=(rule.name,)), books, quarantine, {0: rule})
    else:
        losses.check(Feed(("a.csv",), "orders"), books, quarantine, {0: rule})


def test_guests_are_no_loss():
    checked(100, 90, outcome="guest")


def test_an_empty_table_loses_nothing():
    checked(0, 0)
