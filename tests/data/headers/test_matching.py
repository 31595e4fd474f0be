"""How like a stranger's header is to a column of the contract."""

from __future__ import annotations

import pytest

from helpers.data import contracts, headers
from helpers.data.intake import files


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("InvoiceNo", "orders.order_id"),
        ("订单编号", "orders.order_id"),
        ("Rechnungsnummer", "orders.order_id"),
        ("Order Reference", "orders.order_id"),
        ("Verkaufsbeleg", "orders.order_id"),
        ("Auftraggeber", "orders.customer_id"),
        ("往来单位", "orders.customer_id"),
        ("customers.id", "subscriptions.customer_id"),
        ("account_code", "subscriptions.customer_id"),
        ("activated_at", "subscriptions.started_at"),
        ("Nettowert", "orders.amount"),
        ("household_id", "orders.customer_id"),
        ("客户 ID", "customers.customer_id"),
        ("Kundennummer", "customers.customer_id"),
        ("Order Date", "orders.ordered_at"),
        ("fecha_pedido", "orders.ordered_at"),
        ("下单时间", "orders.ordered_at"),
        ("Grand Total", "orders.amount"),
        ("montant_ttc", "orders.amount"),
        ("Menge", "order_items.quantity"),
        ("preço", "order_items.unit_price"),
        ("满意度", "surveys.score"),
        ("退会日期", "subscriptions.ended_at"),
        ("訂單編號", "orders.order_id"),
        ("實付金額", "orders.amount"),
        ("會員 ID", "orders.customer_id"),
        ("注文番号", "orders.order_id"),
        ("合計金額", "orders.amount"),
        ("주문일자", "orders.ordered_at"),
        ("고객번호", "orders.customer_id"),
        ("Номер заказа", "orders.order_id"),
        ("Data ordine", "orders.ordered_at"),
        ("Codice cliente", "customers.customer_id"),
        ("Transaktionscode", "orders.order_id"),
        ("Absender E-Mail-Adresse", "orders.customer_id"),
        ("Brutto", "orders.amount"),
    ],
)
def test_words_of_the_trade_are_known_in_several_languages(header, column):
    folded = files.fold(header).replace("ç", "c")
    assert headers.likeness(folded, *column.split(".")) >= 0.9


def test_the_same_word_is_liker_than_a_part_and_a_part_than_a_misspelling():
    same = headers.likeness("order_id", "orders", "order_id")
    part = headers.likeness("shop_order_id", "orders", "order_id")
    near = headers.likeness("ordr_date", "orders", "ordered_at")
    assert same == 1 > part > near >= headers.LEAST


@pytest.mark.parametrize(("header", "column"), [("border", "order_id"), ("resource", "channel"), ("colour", "amount")])
def test_words_that_only_look_alike_are_unlike(header, column):
    assert headers.likeness(header, "orders", column) < headers.LEAST


def test_the_best_of_several_headers_is_the_likeliest_and_none_where_none_is_like():
    assert headers.best(["colour", "net_amount", "amount"], "orders", "amount") == "amount"
    assert headers.best(["colour", "size"], "orders", "amount") == ""


def test_a_header_has_a_likeliest_column_among_those_that_are_free():
    assert headers.likeliest("paid_on_date_paid", ["orders.paid_at", "orders.channel"]) == "orders.paid_at"
    assert headers.likeliest("colour", ["orders.paid_at"]) == ""


def test_the_vocabulary_is_folded_and_speaks_of_columns_that_there_are():
    words = [word for text in headers.MEANINGS.values() for word in text.split()]
    assert [word for word in words if files.fold(word) != word] == []
    beyond = {"orders.status", "orders.beside", "order_items.freight", "touches.kind", "touches.invitation"}
    named = {f"{table.name}.{column.name}" for table in contracts.TABLES.values() for column in table.columns}
    assert headers.MEANINGS.keys() - beyond <= named


@pytest.mark.parametrize(
    ("header", "words", "said"),
    [
        ("e_mail", headers.PERSONAL, True),
        ("birth_date", headers.PERSONAL, True),
        ("客户手机号", "手机", True),
        ("email_sent", "email phone", True),
        ("emails", "email phone", False),
        ("birth_rate_date", "birth_date", False),
    ],
)
def test_a_header_speaks_of_a_word_that_it_has_whole(header, words, said):
    assert headers.speaks(header, words) == said


def test_a_name_without_a_sign_is_answered_by_the_one_header_that_has_it_but_for_a_sign():
    assert headers.answering(["amount"], ["id", "amount_€"]) == "amount_€"
    assert headers.answering(["amount"], ["amount_€", "amount"]) == "amount"
    assert headers.answering(["amount"], ["amount_€", "amount_$"]) == ""  # either may be meant
    assert headers.answering(["total", "amount"], ["amount", "total"]) == "total"


def test_the_sign_of_a_currency_makes_a_header_no_less_likely():
    for header in ("Total", "金额", "Price"):
        assert headers.likeness(files.fold(f"{header} (€)"), "orders", "amount") == headers.likeness(
            files.fold(header), "orders", "amount"
        )
    assert [headers.unsigned(each) for each in ("amount_€", "us$_paid", "größe_m", "€")] == [
        "amount", "paid", "größe_m", "",
    ]  # fmt: skip
