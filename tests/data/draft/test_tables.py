"""Which tables one file feeds, by its headers and values."""

from __future__ import annotations

import pytest

from helpers.data.draft import tables
from helpers.data.draft.guesses import Sql


def rows(header: str, *lines: str, times: int = 20) -> str:
    """A file with this header, and the lines again and again; {n} counts rows, {k} the times."""
    body = [line.format(n=k * len(lines) + place, k=k) for k in range(times) for place, line in enumerate(lines)]
    return "\n".join([header, *body]) + "\n"


@pytest.fixture
def fed(holding):
    """The guesses of one file, by table."""
    return lambda text, name="file__csv": {guess.table: guess for guess in tables.guesses(holding(name, text))}


@pytest.mark.parametrize(
    ("text", "table"),
    [
        (rows("Rechnungsnummer,Kundennummer,Rechnungsdatum,Gesamtbetrag", "{n},k{k},2025-01-02,5.5"), "orders"),
        (rows("订单编号,会员编号,下单时间,实付金额", "{n},k{k},2025-01-02 10:00:00,5.5"), "orders"),
        (rows("order_id,customer_id,order_date,sku,qty,price", "{k},c{k},2025-01-02,a,1,2", "{k},c{k},2025-01-02,b,2,3"), "order_items"),
        (rows("订单编号,会员ID,下单时间,商品编号,数量,单价", "A{n},m{k},2025-01-02,p1,2,5.5"), "order_items"),  # no money of its own
        (rows("會員ID,授權渠道,授權時間,是否同意", "m{k},短信,2025-01-02,同意", "m{k},短信,2025-01-03,不同意"), "consents"),
        (rows("user_id,event_name,timestamp", "u1,visit,2025-01-02 10:00:0{k}", "u2,buy,2025-01-02 10:00:00", times=9), "events"),
        (rows("member_id,start_date,end_date,plan", "m{n},2025-01-02,,gold", "m{n},2025-01-02,2025-03-01,gold"), "subscriptions"),
        (rows("ticket_id,customer_id,created_at,closed_at,priority", "{n},c1,2025-01-02,2025-01-03,high"), "tickets"),
        (rows("customer_id,nps_score,response_date,comment", "c1,9,2025-01-02,ok", "c2,3,2025-01-03,bad"), "surveys"),
        (rows("customer_id,campaign,sent_at", "c1,spring,2025-01-02", "c2,spring,2025-01-02"), "touches"),
        (rows("客户编号,注册时间,性别,城市", "{n},2025-01-02,女,上海"), "customers"),
    ],
)  # fmt: skip
def test_a_file_feeds_the_table_whose_words_and_values_it_has(fed, text, table):
    assert table in fed(text)


def test_messages_are_told_from_other_events_by_the_name_of_the_file(fed):
    text = rows("customer_id,content,sent_at", "c1,spring,2025-01-02", "c2,spring,2025-01-02")
    assert fed(text, "sms_sends__csv").keys() == {"touches"}


def test_what_customers_did_with_a_campaign_is_an_event(fed):
    text = rows("customer_id,campaign,redemption_date", "c1,spring,2025-01-02", "c2,spring,2025-01-02")
    assert fed(text, "coupon_redemptions__csv").keys() == {"events"}


def test_a_price_list_feeds_nothing_and_a_list_of_goods_is_one_of_products(fed):
    assert fed(rows("update_time,id,title,price,sale_count", "2016/11/14,A{n},cream,139,26")) == {}
    assert fed(rows("product_id,category,weight", "p{n},shoes,3"), "goods__csv").keys() == {"products"}


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


def test_a_letter_before_the_numbers_of_negative_lines_says_cancelled(fed):
    text = rows(
        "invoice,customer_id,invoice_date,sku,quantity,unit_price", "{k},c1,2025-01-02,a,2,5", "{k},c1,2025-01-02,b,2,5"
    )
    guess = fed(text + "C99,c1,2025-01-03,a,-2,5\n")["order_items"]
    assert guess.columns["cancelled"] == Sql("\"invoice\" LIKE 'C%'")


def test_lines_with_a_price_alone_are_one_unit_each_and_freight_is_paid(fed):
    text = rows("order_id,product_id,price,freight_value", "{k},a{n},5,1.5", "{k},b{n},6,1.5")
    columns = fed(text)["order_items"].columns
    assert columns["quantity"] == Sql("1") and columns["amount"] == Sql('number("price") + number("freight_value")')


def test_orders_also_describe_their_customers_by_what_stays_the_same(fed):
    text = rows(
        "order_id,customer_id,order_date,amount,country,city",
        "{n},c1,2025-01-02,5,DE,x{n}",
        "{n},c2,2025-01-02,5,FR,y{n}",
    )
    people = fed(text)["customers"]
    assert people.merge and people.columns == {"customer_id": "customer_id", "country": "country"}
    assert any(note.startswith("city: not taken") for note in people.notes)


def test_purchases_without_an_order_number_are_one_order_a_row_or_one_a_moment(fed):
    single = fed(rows("customer_id,date,dollar_value", "c1,2025-01-1{k},5", "c2,2025-01-1{k},6", times=9))
    assert single["orders"].columns["order_id"] == Sql("file_row")
    lines = fed(
        rows("customer_id,date,sku,amount", "c1,2025-01-1{k},a,5", "c1,2025-01-1{k},b,6", times=9), "lines__csv"
    )
    assert lines["order_items"].columns["order_id"] == Sql('concat("customer_id", \' \', "date")')


def test_a_scale_up_to_ten_is_a_recommendation_and_up_to_five_a_satisfaction(fed):
    text = "customer_id,score,answered_at\na,{},2025-01-02\nb,3,2025-01-03\n"
    assert fed(text.format(10))["surveys"].columns["question"] == Sql("'nps'")
    assert fed(text.format(5), "five__csv")["surveys"].columns["question"] == Sql("'csat'")


def test_a_guess_is_dated_by_what_customers_did_and_not_by_when_they_came(fed):
    assert tables.is_dated(fed(rows("order_id,order_date,amount", "{n},2025-01-02,5"))["orders"])
    assert not tables.is_dated(fed(rows("customer_id,joined_at,city", "{n},2025-01-02,x"), "people__csv")["customers"])


def test_what_changes_while_somebody_is_a_customer_is_marked_where_the_table_has_no_history(holding):
    lines = "".join(f"c{n},{'ab'[n % 2]},{n % 7},{'xy'[n % 2]}{{}}\n" for n in range(20))
    (guess,) = tables.guesses(holding(text="customer_id,tier,points,device\n" + lines.format(*[""] * 20)))
    assert guess.exported == ("tier", "points") and "no earlier day" in guess.notes[0]
    assert guess.extras["attributes"] == {
        "points": '{ from = "points", type = "number", as_of_export = true }',
        "device": '"device"',
    }
    text = "customer_id,tier,points,device,updated_at\n" + lines.format(*[",2025-01-02"] * 20)
    (guess,) = tables.guesses(holding("history__csv", text))
    assert not guess.exported and "as_of_export" not in str(guess.extras)


@pytest.mark.parametrize(
    ("head", "kinds", "told"),
    [
        ("campaign", ("NPS 2025", "spring"), Sql("CASE WHEN \"campaign\" IN ('NPS 2025') THEN 'survey' END")),
        ("campaign,message_type", ("a,survey", "a,offer"), Sql("CASE WHEN \"message_type\" IN ('survey') THEN 'survey' END")),
        ("活动", ("满意度调查", "618"), Sql("CASE WHEN \"活动\" IN ('满意度调查') THEN 'survey' END")),
        ("campaign,用途", ("a,满意度回访", "a,营销"), Sql("CASE WHEN \"用途\" IN ('满意度回访') THEN 'survey' ELSE \"用途\" END")),
        ("campaign,purpose", ("spring,service", "spring,offer"), "purpose"),
        ("campaign,是否问卷", ("a,是", "b,否"), Sql("CASE WHEN flag(\"是否问卷\") THEN 'survey' END")),
        ("campaign", ("summer", "spring"), None),
    ],
)  # fmt: skip
def test_invitations_to_surveys_are_told_by_purpose_kind_flag_or_campaign(holding, head, kinds, told):
    lines = "".join(f"c{n},2025-01-{n % 28 + 1:02d} 10:00,{kinds[n % 2]}\n" for n in range(30))
    (guess,) = tables.guesses(holding("touches__csv", f"customer_id,sent_at,{head}\n{lines}"))
    assert guess.table == "touches" and guess.columns.get("purpose") == told


def test_a_column_that_says_nothing_in_two_ways_describes_nobody(fed):
    assert "extra" not in fed(rows("customer_id,extra,city", "{n},-,Bonn", "{n},unknown,Ulm"))["customers"].used


@pytest.mark.parametrize(
    ("scores", "question"),
    [("4/5 3/5", "csat"), ("8/10 6/10", "nps"), ("★★★★☆ ★☆☆☆☆", "csat"), ("80% 60%", "csat"), ("非常满意 满意", "csat"), ("五星 三星", "csat")],
)  # fmt: skip
def test_scores_in_other_forms_are_scores_all_the_same(fed, scores, question):
    one, other = scores.split()
    found = fed(rows("customer_id,score,response_date", f"c1,{one},2025-01-02", f"c2,{other},2025-01-03"))["surveys"]
    assert found.columns["score"] == "score" and found.columns["question"] == Sql(f"'{question}'")


def test_money_and_days_in_digits_of_other_scripts_are_money_and_days(fed):
    lines = "{n},c{k},۲۰۲۴-۰۳-۰۱,١٢٫٥,شیراز", "{n},c{k},۲۰۲۴-۰۳-۰۲,\\900,بندرعباس"
    found = fed(rows("order_id,customer_id,order_date,amount,city", *lines))
    assert {"ordered_at", "amount"} <= found["orders"].columns.keys()
