"""Files of goods, consents, points, plans and their results, under the headers of strangers."""

from __future__ import annotations

import pytest

from helpers.data.draft.feeds import programme
from helpers.data.draft.feeds.guesses import Sql


def rows(head, *lines):
    return head + "\n" + "".join(lines[n % len(lines)].format(n=n, day=n % 28 + 1) + "\n" for n in range(20))


@pytest.mark.parametrize(
    ("rule", "name", "text", "columns"),
    [
        (
            programme.of_goods, "商品表__csv", rows("商品编号,类目,标价,成本价,库存,下架日期", "p{n},茶,9.5,4.2,{n},2025-01-{day:02d}"),
            {"product_id": "商品编号", "category": "类目", "price": "标价", "cost": "成本价", "stock": "库存", "sold_until": "下架日期"},
        ),
        (programme.of_goods, "words__csv", rows("product_category_name,product_category_name_english", "p{n},q{n}"), None),
        (
            programme.of_consents, "授权__csv", rows("客户编号,渠道,授权时间,是否同意", "c{n},短信,2025-01-{day:02d},是", "c{n},电话,2025-01-02,否"),
            {"customer_id": "客户编号", "channel": "渠道", "asked_at": "授权时间", "given": "是否同意"},
        ),
        (
            programme.of_points, "会员积分__csv", rows("会员号,变动时间,积分,变动类型", "c{n},2025-01-{day:02d},50,消费获得", "c{n},2025-01-02,-5,积分兑换"),
            {
                "customer_id": "会员号", "moved_at": "变动时间", "points": "积分",
                "reason": "变动类型",
            },
        ),
        (
            programme.of_plans, "plan__csv",
            rows("task_id,customer_id,task,holdout_group,plan_date,due_date,account_manager", "t{n},c{n},call,holdout,2025-01-02,2025-01-09,Wu", "t{n},c{n},call,treat,2025-01-02,2025-01-09,Li"),
            {
                "action_key": "task_id", "customer_id": "customer_id", "action": "task", "arm": "holdout_group",
                "planned_at": "plan_date", "due_on": "due_date", "owner": "account_manager",
            },
        ),
        (
            programme.of_results, "tasks__csv",
            rows("任务编号,客户编号,计划时间,完成时间,执行结果", "t{n},c{n},2025-01-02,2025-01-{day:02d},已完成", "t{n},c{n},2025-01-02,,客户拒绝", "t{n},c{n},2025-01-02,,看情况"),
            {
                "action_key": "任务编号", "customer_id": "客户编号", "planned_at": "计划时间", "done_at": "完成时间",
                "status": "执行结果",
            },
        ),
        (
            programme.of_spending, "投放__csv", rows("投放渠道,投放月份,投放费用", "微信,2025年1月,100.5", "抖音,2025年2月,200"),
            {"channel": "投放渠道", "month": "投放月份", "cost": "投放费用"},
        ),
        (
            programme.of_spending, "report__csv", rows("date,platform,clicks,amount_spent", "2025-01-{day:02d},tiktok,{n},9.5", "2025-01-{day:02d},wechat,{n},8"),
            {"channel": "platform", "month": "date", "cost": "amount_spent"},
        ),
        (programme.of_spending, "report__csv", rows("date,channel,sales,cost", "2025-01-{day:02d},web,{n},9.5", "2025-01-{day:02d},app,{n},8"), None),
        (
            programme.of_leads, "线索__csv",
            rows("线索编号,创建时间,线索来源,负责人,转化时间,客户编号", "L{n},2025-01-{day:02d},展会,A1,2025-03-{day:02d},c{n}", "L{n},2025-01-{day:02d},官网,A2,,"),
            {
                "lead_id": "线索编号", "created_at": "创建时间", "source": "线索来源", "owner": "负责人", "converted_at": "转化时间",
                "customer_id": "客户编号",
            },
        ),
        (
            programme.of_leads, "leads__csv", rows("id,email,lead_source,created_time,converted_time", "{n},a{n}@x.org,web,2025-01-{day:02d},2025-03-{day:02d}", "{n},a{n}@x.org,fair,2025-01-{day:02d},"),
            {"lead_id": "id", "created_at": "created_time", "source": "lead_source", "converted_at": "converted_time"},
        ),
        (programme.of_leads, "orders__csv", rows("order_id,lead_id,created_at,source,amount", "o{n},l{n},2025-01-{day:02d},web,9.5"), None),
        (programme.of_leads, "tickets__csv", rows("ticket_id,customer_id,created_at,source", "t{n},c{n},2025-01-{day:02d},web"), None),
        (programme.of_spending, "orders__csv", rows("order_id,date,channel,cost", "o{n},2025-01-{day:02d},web,9.5"), None),
    ],
)  # fmt: skip
def test_a_file_is_told_by_its_headers_and_its_words_are_turned_into_those_of_the_contract(
    holding, rule, name, text, columns
):
    guess = rule(holding(name, text))
    assert (guess and guess.columns) == columns
    others = [note for note in guess.notes if "done, failed, refused, dropped" in note] if guess else []
    assert bool(others) == ("看情况" in text) == any("看情况" in note for note in others)


def test_leads_without_a_customer_are_no_blanks_to_be_filled(guessed):
    text = rows("线索编号,创建时间,来源,客户编号", "L{n},2025-01-{day:02d},展会,c{n}", "L{n},2025-01-{day:02d},官网,")
    assert guessed(线索__csv=text)["leads"].questions == []


def test_a_day_of_birth_of_the_chinese_calendar_is_marked(guessed):
    people = rows(
        "客户编号,农历生日,客户经理,城市", "c{n},1990-05-{day:02d},王芳,北京", "c{n},1985-05-{day:02d},李强,上海"
    )
    found = guessed(客户__csv=people)["customers"]
    assert (found.columns["born_on"], found.columns["lunar_birthday"]) == ("农历生日", Sql("TRUE"))
    assert found.columns["owner"] == "客户经理" and not found.extras["attributes"]


def test_a_list_of_goods_is_read_and_looked_into(guessed):
    lines = "order_id,customer_id,order_date,product_id,quantity,amount,discount\n" + "".join(
        f"o{n // 2},c{n // 2},2025-01-02,g{n % 5},1,5,0.2\n" for n in range(40)
    )
    goods = "product_id,department,stock\n" + "".join(f"g{n},{'ab'[n % 2]},{n}\n" for n in range(5))
    found = guessed(lines__csv=lines, goods__csv=goods)
    assert found["products"].columns == {"product_id": "product_id", "category": "department", "stock": "stock"}
    assert found["order_items"].columns["category"] == "department"


@pytest.mark.parametrize(("off", "mapped"), [("12.5", True), ("0.2", False)])
def test_what_is_taken_off_an_order_is_money_and_no_share(guessed, off, mapped):
    text = rows(
        "order_id,customer_id,order_date,amount,discount",
        "o{n},c{n},2025-01-{day:02d},50,0",
        f"o{{n}},c{{n}},2025-01-02,50,{off}",
    )
    found = guessed(orders__csv=text)["orders"]
    assert ("discount" in found.columns) == mapped and any("is a share" in note for note in found.notes) != mapped
