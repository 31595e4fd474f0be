"""What is cancelled or below zero is money given back, and no purchase, as far as the policy says so."""

import pytest

from helpers.data.intake.rows import purchases
from helpers.data.intake.wording.schema import Policy
from shops import shop
from shops import words as settings_of

ROWS = {
    "order_id": ["sold", "voided", "credit", "reversal", "gift", "unpriced"],
    "customer_id": list("aaaaaa"),
    "days_ago": [1] * 6,
    "amount": [10.0, 10.0, -10.0, -10.0, 0.0, None],
    "cancelled": [False, True, False, True, None, None],
}


@pytest.mark.parametrize(
    "words, made",
    [
        ({}, {"sold", "gift", "unpriced"}),
        ({"negatives": "keep"}, {"sold", "gift", "unpriced", "credit"}),
        ({"cancellations": "keep"}, {"sold", "gift", "unpriced", "voided"}),
        ({"cancellations": "keep", "negatives": "keep"}, set(ROWS["order_id"])),
    ],
)
def test_a_purchase_is_neither_cancelled_nor_below_zero_unless_the_policy_keeps_such(words, made):
    orders = shop(orders=ROWS).tables["orders"]
    assert set(purchases.made(orders, Policy(**words)).order_id.execute()) == made
    back = orders.filter(purchases.given_back(orders, Policy(**words))).order_id.execute()
    assert set(back) == set(ROWS["order_id"]) - made


@pytest.mark.parametrize(
    ("rows", "words", "net"),
    [
        ({}, {}, False),
        ({"refund": [0.0, 5.0]}, {}, True),
        ({"refund": [0.0, 5.0]}, {"refunds": "keep"}, False),
        ({"cancelled": [True, False]}, {}, True),
        ({"cancelled": [True, False]}, {"cancellations": "keep"}, False),
        ({"amount": [10.0, -10.0]}, {}, True),
        ({"amount": [10.0, -10.0]}, {"negatives": "keep"}, False),
    ],
)
def test_revenue_is_net_where_money_given_back_was_taken_off(rows, words, net):
    plain = {"order_id": ["1", "2"], "customer_id": ["a", "b"], "days_ago": [1, 2], "amount": [10.0, 10.0]}
    data = shop(orders=plain | rows, settings=settings_of(policy=Policy(**words)))
    assert data.revenue == ("net revenue" if net else "revenue")


def test_a_list_price_is_nobodys_money():
    goods = shop(products={"product_id": ["1"], "price": [9.0]}).tables["products"]
    contract = shop(subscriptions={"customer_id": ["a"], "price": [9.0]}).tables["subscriptions"]
    assert purchases.worth(goods).isnull().execute() and purchases.worth(contract).sum().execute() == 9


def test_words_in_a_column_that_is_called_after_money_are_worth_nothing():
    people = shop(customers={"customer_id": ["a"], "amount": ["much"]}).tables["customers"]
    assert purchases.worth(people).isnull().execute()


@pytest.mark.parametrize(
    ("line", "money"),
    [
        ({"quantity": -1.0, "unit_price": 10.0}, -10),
        ({"quantity": -1.0, "unit_price": -10.0}, -10),
        ({"quantity": -2.0, "amount": 10.0}, -10),
        ({"quantity": -2.0, "amount": -10.0}, -10),
        ({"quantity": 2.0, "amount": -10.0}, -10),  # a discount
        ({"quantity": None, "amount": 10.0}, 10),
    ],
)
def test_a_line_of_a_negative_quantity_was_returned_whatever_the_sign_of_its_money(line, money):
    lines = shop(as_given=True, order_items={"order_id": ["1"], **{name: [value] for name, value in line.items()}})
    assert purchases.worth(lines.tables["order_items"]).sum().execute() == money
