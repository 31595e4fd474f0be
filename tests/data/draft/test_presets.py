"""Files of known programs are told by their headers."""

from __future__ import annotations

import re

import pytest

from helpers import language
from helpers.data.draft import presets
from helpers.data.intake.wording import settings

SHOPIFY = "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Source,Refunded Amount,Cancelled at"


LINE = "#1,a@b.c,paid,,USD,5,2025-01-02,web,0,\n"


def test_the_headers_of_a_preset_are_known_whatever_the_file_is_called(holding):
    found = presets.fitting([holding("march__csv", f"{SHOPIFY}\n{LINE}")])
    assert found.preset == "shopify" and list(found.tables) == ["orders"] and found.absent("orders") == []
    assert found.told() == ["march.csv: its headers are those of shopify, whose preset reads it"]


@pytest.mark.parametrize(
    "headers",
    [
        "order_id,customer_id,order_date,amount", "Name,Email,Phone,City", "订单号,会员号,下单时间,金额",
        "订单ID,客户ID,下单日期,订单金额,退款金额",  # the labels of 纷享销客, without what its rows are kept by
        SHOPIFY.replace("Email,", ""), SHOPIFY.replace(",Cancelled at", ""),
    ],
)  # fmt: skip
def test_headers_of_any_program_or_without_what_a_table_needs_are_of_none(holding, headers):
    line = re.sub("[^,]+", "1", headers)
    assert presets.fitting([holding("file__csv", f"{headers}\n{line}\n")]) is None


def test_headers_that_stand_in_expressions_alone_count_too(holding):
    wecom = "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话"
    found = presets.fitting([holding("a__csv", f"{wecom}\n张三,,李娜,lina,,2025-01-28 10:00:00,名片分享,,,,,,\n")])
    assert found.preset == "wecom"


def test_files_of_a_program_are_read_by_its_preset_and_others_as_guessed(opened):
    orders = f"{SHOPIFY},Lineitem name\n#1,a@b.c,paid,,USD,5,2025-01-02,web,0,,tea\n#1,a@b.c,,,,,2025-01-02,web,,,cup\n"
    more = "#2,d@b.c,refunded,,USD,9,2025-01-03,web,9,,cup\n"
    answers = "customer_email,survey_date,nps\n" + "".join(f"a@b.c,2025-01-0{n},{n}\n" for n in range(1, 9))
    data = opened(march__csv=orders + more, answers__csv=answers)
    assert data.customers.set_index("customer_id").monetary.to_dict() == {"a@b.c": 5, "d@b.c": 0}
    assert data.tables["surveys"].count().execute() == 8


def test_a_column_that_a_file_of_a_program_lacks_is_empty(opened):
    headers = SHOPIFY.replace("Source,", "")
    data = opened(march__csv=f"{headers}\n{LINE.replace('web,', '')}")
    assert data.customers.monetary.tolist() == [5]


def test_it_is_told_in_chinese_too(holding):
    found = presets.fitting([holding("march__csv", f"{SHOPIFY}\n{LINE}")])
    with language.spoken("zh"):
        assert "预设" in found.told()[0]


def test_every_preset_is_of_a_program_or_of_a_public_data_set():
    of_data = {
        "cdnow", "completejourney", "helpdesk", "hillstrom", "olist", "online_retail", "superstore_zh", "telco",
        "udacity_ab",
    }  # fmt: skip
    assert set(settings.preset_names()) == of_data | set(presets.PROGRAMS)
