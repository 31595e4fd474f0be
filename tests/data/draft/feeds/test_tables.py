"""Which tables one file feeds, by its headers and values."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds import tables
from helpers.data.draft.feeds.guesses import Sql
from repeated import rows


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


def test_members_who_joined_and_cancelled_have_contracts(fed):
    text = rows(
        "member_id,membership_type,join_date,cancel_date", "m{n},gold,2024-03-05,", "m{n},std,2024-04-05,2025-02-01"
    )
    assert fed(text)["subscriptions"].columns["started_at"] == "join_date"


def test_messages_are_told_from_other_events_by_the_name_of_the_file(fed):
    text = rows("customer_id,content,sent_at", "c1,spring,2025-01-02", "c2,spring,2025-01-02")
    assert fed(text, "sms_sends__csv").keys() == {"touches"}


def test_what_customers_did_with_a_campaign_is_an_event(fed):
    text = rows("customer_id,campaign,redemption_date", "c1,spring,2025-01-02", "c2,spring,2025-01-02")
    assert fed(text, "coupon_redemptions__csv").keys() == {"events"}


def test_a_price_list_feeds_nothing_and_a_list_of_goods_is_one_of_products(fed):
    assert fed(rows("update_time,id,title,price,sale_count", "2016/11/14,A{n},cream,139,26")) == {}
    assert fed(rows("product_id,category,weight", "p{n},shoes,3"), "goods__csv").keys() == {"products"}


def test_orders_also_describe_their_customers_by_what_stays_the_same(fed):
    text = rows(
        "order_id,customer_id,order_date,amount,country,city",
        "{n},c1,2025-01-02,5,DE,x{n}",
        "{n},c2,2025-01-02,5,FR,y{n}",
    )
    people = fed(text)["customers"]
    assert people.merge and people.columns == {"customer_id": "customer_id", "country": "country"}
    assert any(note.startswith("city: not taken") for note in people.notes)


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
