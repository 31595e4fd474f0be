"""Which header plays which part."""

from __future__ import annotations

import pytest

from helpers.data.draft.contents import roles
from repeated import rows


@pytest.mark.parametrize(
    ("header", "person"),
    [
        ("order_id,user_id,total", "user_id"),
        ("订单编号,客户编号,金额", "客户编号"),
        ("客户名称,客户编号,金额", "客户编号"),
        ("Pedido,Cliente,Importe", "cliente"),
        ("order_id,phone,total", "phone"),
        ("手机号,会员ID,金额", "会员id"),
        ("sku,colour,size", ""),
        ("customer_city,customer_state,total", ""),
    ],
)
def test_the_customer_is_found_by_the_header(holding, header, person):
    assert roles.person(holding(text=rows(header, "{n},c1,5", "{n},c2,6"))) == person


def test_of_two_identifiers_the_one_that_comes_again_is_the_person(holding):
    people = holding(text=rows("customer_id,customer_unique_id,city", "o{n},p1,x", "o{n},p2,x"))
    assert roles.person(people) == "customer_unique_id" and roles.per_row(people) == "customer_id"


def test_a_bare_id_is_the_key_of_what_the_file_is_called_after(holding):
    assert roles.person(holding("customers__csv", rows("id,city", "{n},x"))) == "id"
    assert roles.person(holding("users__csv", rows("id,name,email", "{n},ann,a@b.c"))) == "id"
    assert roles.order(holding("orders__csv", rows("id,total", "{n},5"))) == "id"
    assert roles.ticket(holding("tickets__csv", rows("id,subject", "{n},x"))) == "id"
    assert roles.order(holding("shoes__csv", rows("id,total", "{n},5"))) == ""


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Kunden_2024__csv", "customers"),
        ("data__csv", ""),
        ("customers_2024__csv", "customers"),
        ("订单明细__csv", "order_items"),
        ("orders_by_customer__csv", "orders"),
    ],
)
def test_the_name_of_a_file_speaks_of_a_table(holding, name, table):
    assert roles.about(holding(name, "a,b\n1,2\n")) == table


def test_columns_take_the_likeliest_header_that_their_values_allow(holding):
    orders = holding(text=rows("order_no,buyer_id,order_date,paid_amount,total,channel", "{n},c1,2025-01-02,4,5,web"))
    found = roles.mapped(orders, "orders", {"order_id": "order_no", "customer_id": "buyer_id"})
    assert found == {
        "order_id": "order_no", "customer_id": "buyer_id", "ordered_at": "order_date", "amount": "paid_amount", "channel": "channel",
    }  # fmt: skip
    words = holding("words__csv", rows("order_id,amount,channel", "{n},much,2025-01-02"))
    assert roles.mapped(words, "orders", {"order_id": "order_id"}) == {"order_id": "order_id"}


@pytest.mark.parametrize("header", ["order_date", "下单时间", "주문일자", "дата_заказа", "created_at"])
def test_a_header_that_is_called_a_day_is_one_above_words_where_no_other_is(holding, header):
    words = holding("words__csv", rows(f"order_id,{header}", "{n},soon", "{n},yesterday"))
    assert roles.mapped(words, "orders", {"order_id": "order_id"})["ordered_at"] == header
    both = holding("both__csv", rows(f"order_id,{header},purchase_time", "{n},soon,2025-01-02"))
    assert roles.mapped(both, "orders", {"order_id": "order_id"})["ordered_at"] == "purchase_time"


def test_six_digits_below_the_name_of_a_day_are_days(holding):
    dated = holding("dated__csv", rows("order_id,order_date,amount", "{n},240305,5", "{n},240317,6"))
    assert roles.mapped(dated, "orders", {"order_id": "order_id"})["ordered_at"] == "order_date"
    years = holding("years__csv", rows("order_id,order_date,amount", "{n},2023,5", "{n},2024,6"))
    assert roles.mapped(years, "orders", {"order_id": "order_id"})["ordered_at"] == "order_date"


def test_who_made_a_row_and_whether_there_is_a_day_are_no_days(holding):
    made = holding("made__csv", rows("order_id,created_by,date", "{n},ann,yes", "{n},bob,no"))
    assert "ordered_at" not in roles.mapped(made, "orders", {"order_id": "order_id"})


def test_freight_taxes_and_discounts_are_not_the_amount(holding):
    lines = holding(
        text=rows(
            "order_id,freight_value,tax_amount,discount_amount,total_paid", "{n},1.5,2.5,3.5,4.5", "{n},1.7,2.7,3.7,4.7"
        )
    )
    assert roles.mapped(lines, "orders", {"order_id": "order_id"})["amount"] == "total_paid"
    bare = holding("bare__csv", rows("order_id,freight_value,tax_amount", "{n},1.5,2.5", "{n},1.7,2.7"))
    assert "amount" not in roles.mapped(bare, "order_items", {"order_id": "order_id"})


@pytest.mark.parametrize("control", ["control", "Control Group", "No E-Mail", "hold_out", "对照组", "placebo"])
def test_an_arm_is_told_by_a_value_that_is_a_control(holding, control):
    trial = holding(text=rows("user_id,group", f"{{n}},{control}", "{n},new page"))
    assert roles.variant(trial) == ("group", control)


def test_a_column_of_groups_without_a_control_is_no_arm(holding):
    assert roles.variant(holding(text=rows("user_id,group", "{n},north", "{n},south"))) == ("", "")


def test_columns_that_describe_customers_are_neither_personal_nor_keys_nor_constant(holding):
    people = holding(
        text=rows("id,name,tier,spend,country,seats", "{n},ann,gold,{n}.5,cn,3", "{n},bob,silver,{n}.25,cn,5+")
    )
    assert roles.describing(people, {"id"}) == {"tier": "text", "seats": "text"} | {"spend": "number"}


def test_a_name_that_is_taken_gets_another():
    assert roles.own_name("tickets", "customers") == "tickets_given"
    assert (
        roles.own_name("tickets", "experiments") == "tickets"
        and roles.own_name("variant", "experiments") == "variant_given"
    )


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("订单编号,商品编码,商品名称,数量", {"product_id": "商品编码", "product_name": "商品名称"}),
        ("order_id,sku,description,quantity", {"product_id": "sku", "product_name": "description"}),
        ("InvoiceNo,StockCode,Description,Quantity", {"product_id": "stockcode", "product_name": "description"}),
        ("订单编号,商品名称,数量", {"product_id": "商品名称"}),
        ("order_id,product_id,product_type,quantity", {"product_id": "product_id", "category": "product_type"}),
        ("order_id,order_item_id,product_id,quantity", {"product_id": "product_id"}),
        ("order_id,product,quantity", {"product_id": "product"}),
        ("订单 ID,产品 ID,类别,子类别,数量",
         {"product_id": "产品_id", "category": "类别", "family": "子类别"}),
        ("order_id,sku,sub-category,quantity", {"product_id": "sku", "category": "sub_category"}),
    ],
)  # fmt: skip
def test_a_product_has_a_number_and_a_name_and_one_that_stands_alone_is_the_number(holding, header, found):
    texts = ("x{n}", "p1", "tea", "kind")[: header.count(",")]
    lines = holding(text=rows(header, ",".join([*texts, "2"])))
    known = roles.mapped(lines, "order_items", {})
    assert {
        name: known[name] for name in ("product_id", "product_name", "category", "family") if name in known
    } == found
