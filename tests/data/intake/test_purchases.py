"""What is cancelled or below zero is money given back, and no purchase, as far as the policy says so."""

import pytest

from helpers.data.intake import purchases
from helpers.data.intake.schema import Policy
from shops import shop

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
