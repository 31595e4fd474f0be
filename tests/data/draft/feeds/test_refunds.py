"""Files of money given back, beside those of the orders."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds import refunds
from helpers.data.draft.feeds.guesses import Sql
from helpers.data.intake import files

ORDERS = "order_id,customer_id,order_date,amount\n" + "".join(f"o{n},k{n},2025-01-02,5\n" for n in range(20))
BACK = "refund_id,order_id,refund_date,refund_amount\n" + "".join(
    f"R{n}0,o{n},2025-02-0{n + 1},2.5\n" for n in range(5)
)


def test_a_row_a_refund_is_an_order_below_zero(holding):
    guess = refunds.of_refunds(holding("refunds__csv", BACK))
    assert guess.back and guess.columns == {
        "order_id": Sql("concat('refunds ', file_row)"),
        "ordered_at": "refund_date",
        "amount": Sql('-abs(number("refund_amount"))'),
    }


def test_refunds_stand_beside_the_orders_where_the_customer_is_looked_up(drafted):
    orders, back = drafted(orders__csv=ORDERS, refunds__csv=BACK).guesses
    assert not orders.back and [(join.holding.told, join.on) for join in back.joins] == [("orders.csv", "order_id")]


def test_what_the_orders_say_already_is_not_taken_off_twice(drafted):
    said = ORDERS.replace("amount\n", "amount,refund\n").replace(",5\n", ",5,1\n")
    draft = drafted(orders__csv=said, refunds__csv=BACK)
    assert [guess.back for guess in draft.guesses] == [False] and "says already" in draft.told[0]


@pytest.mark.parametrize(
    ("file", "header"),
    [
        ("refunds__csv", "refund_id,order_id,refunded_at,amount"),
        ("returns__csv", "return_id,order_id,return_date,refund_amount"),
        ("售后单__csv", "售后单号,订单号,申请时间,退款金额"),
        ("Retouren__csv", "Retoure,Bestellnummer,Datum,Betrag"),
        ("환불__csv", "환불번호,주문번호,일자,금액"),
    ],
)
def test_files_of_money_given_back_are_known_by_their_names(holding, file, header):
    lines = "".join(f"R{n}0,o{n},2025-02-0{n + 1},2.5\n" for n in range(5))
    guess = refunds.of_refunds(holding(file, f"{header}\n{lines}"))
    assert guess is not None and guess.back and guess.columns["ordered_at"] == files.fold(header.split(",")[2])
