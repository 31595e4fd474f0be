"""Lines are told from orders, and whose amount is whose; what was taken back is no sale."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds.guesses import Sql
from repeated import rows


def test_money_of_the_whole_order_that_stands_on_each_of_its_lines_is_counted_once(fed):
    head, lines = (
        "order_id,customer_id,order_date,sku,qty,{}",
        ("{k},c{k},2025-01-02,a,1,{k}", "{k},c{k},2025-01-02,b,2,{k}"),
    )
    found = fed(rows(head.format("order_total"), *lines))
    assert found["orders"].columns["amount"] == "order_total" and "amount" not in found["order_items"].columns
    assert found["order_items"].columns["quantity"] == "qty"
    for header, second in (("line_total", "{k}"), ("amount", "{k}"), ("order_total", "2{k}")):
        text = rows(head.format(header), lines[0], f"{{k}},c{{k}},2025-01-02,b,2,{second}")
        assert "orders" not in fed(text, f"{header}_{len(second)}__csv")


def test_lines_are_told_from_orders_by_how_often_an_order_comes(fed):
    line = "{k},c{k},2025-01-02,{n},1,5"
    lines = fed(rows("order_id,customer_id,order_date,product_id,quantity,amount", line, line))
    orders = fed(rows("order_id,customer_id,order_date,quantity,amount", "{n},c{k},2025-01-02,1,5"), "one__csv")
    assert (
        "order_items" in lines
        and "orders" not in lines
        and "2.0 rows for each 'order_id'" in lines["order_items"].notes[0]
    )
    assert "orders" in orders


def test_money_given_back_beyond_the_amount_proves_that_the_amount_is_what_was_left(fed):
    text = "order_no,order_date,paid_amount,refund_amount\n1,2025-01-02,0,37\n2,2025-01-02,50,0\n"
    assert fed(text)["orders"].columns["amount"] == Sql('number("paid_amount") + number("refund_amount")')
    kept = "order_no,order_date,paid_amount,refund_amount\n1,2025-01-02,37,37\n2,2025-01-02,50,0\n"
    assert fed(kept, "kept__csv")["orders"].columns["amount"] == "paid_amount"


def test_lines_with_a_price_alone_are_one_unit_each_and_freight_is_paid(fed):
    text = rows("order_id,product_id,price,freight_value", "{k},a{n},5,1.5", "{k},b{n},6,1.5")
    columns = fed(text)["order_items"].columns
    assert columns["quantity"] == Sql("1") and columns["amount"] == Sql('number("price") + number("freight_value")')


def test_purchases_without_an_order_number_are_one_order_a_row_or_one_a_moment(fed):
    single = fed(rows("customer_id,date,dollar_value", "c1,2025-01-1{k},5", "c2,2025-01-1{k},6", times=9))
    assert single["orders"].columns["order_id"] == Sql("file_row")
    lines = fed(
        rows("customer_id,date,sku,amount", "c1,2025-01-1{k},a,5", "c1,2025-01-1{k},b,6", times=9), "lines__csv"
    )
    assert lines["order_items"].columns["order_id"] == Sql('concat("customer_id", \' \', "date")')


def test_rows_of_returns_beside_sales_are_money_given_back(spent):
    lines = "".join(f"o{n},c{n % 3},2025-04-03,10,{'退货' if n == 5 else '销售'}\n" for n in range(6))
    assert spent(f"订单号,客户编号,下单时间,金额,单据类型\n{lines}") == {"c0": 20, "c1": 20, "c2": 0}


def test_an_amount_that_few_lines_of_one_order_come_to_is_the_whole_orders(spent):
    lines = "o1,c1,2025-04-03,茶,1,30,50\no1,c1,2025-04-03,杯,1,20,50\no2,c2,2025-04-03,茶,1,30,30\n"
    more = "".join(f"o{n},c3,2025-04-03,茶,{n},1,{n}\n" for n in range(3, 8))
    head = "订单号,会员号,下单时间,商品名称,数量,单价,订单实付金额\n"
    assert spent(head + lines + more) == {"c1": 50, "c2": 30, "c3": 25}


def test_where_no_header_says_when_it_was_ordered_the_day_of_payment_does(spent):
    text = "订单号,买家ID,支付时间,实收金额\n" + "".join(f"o{n},c1,2025-04-0{n + 1},5\n" for n in range(4))
    assert spent(text) == {"c1": 20}


def test_a_day_in_three_columns_is_one(spent):
    text = "order_id,customer_id,year,month,day,amount\n" + "".join(f"o{n},c1,2025,4,{n + 1},5\n" for n in range(4))
    assert spent(text) == {"c1": 20}


def test_a_flag_that_says_refunded_is_no_money(spent):
    text = "order_id,customer_id,order_date,amount,is_refunded\no1,c1,2025-04-03,50,1\no2,c2,2025-04-03,30,0\n"
    assert spent(text) == {"c1": 0, "c2": 30}


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("VBELN,KUNNR,ERDAT,NETWR,WAERK", "00{n},001,20250103,5,EUR"),
        ("单据编号,日期,客户编码,物料编码,数量,含税单价,价税合计", "X{n},2025-01-03,001,M1,1,5,5"),
        ("订单编号,下单时间,买家ID,实付总额", "8{n},2025-01-03 10:00:00,001,5"),
        ("下单帐号,订单号,下单时间,应付金额", "001,9{n},2025-01-03 10:00:00,5"),
        ("Id,AccountId,StageName,Amount,CloseDate,IsWon", "D{n},001,Closed Won,5,2025-01-03,true"),
    ],
)
def test_headers_of_programs_are_known(spent, header, line):
    assert spent(f"{header}\n" + "".join(line.format(n=n) + "\n" for n in range(4))) == {"001": 20}


def test_documents_of_an_erp_are_orders_and_credit_notes_are_taken_off(spent):
    lines = "1;K1;05.03.2024;Rechnung;1.234,50\n2;K2;06.03.2024;Rechnung;50,00\n3;K1;17.03.2024;Gutschrift;34,50\n"
    assert spent(f"Belegnr;Debitor;Belegdatum;Belegart;Nettobetrag\n{lines}") == {"K1": 1200, "K2": 50}
