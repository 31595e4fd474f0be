"""Files of known programs are told by their headers."""

from __future__ import annotations

import pytest

from helpers import language
from helpers.data.draft import presets
from helpers.data.intake.wording import settings

SHOPIFY = "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Source,Refunded Amount,Cancelled at"


def test_the_headers_of_a_preset_are_known_whatever_the_file_is_called(holding):
    (told,) = presets.told([holding("march__csv", f"{SHOPIFY}\n#1,a@b.c,paid,,USD,5,2025-01-02,web,0,\n")])
    assert told.startswith("march.csv: ") and "`preset = 'shopify'` alone" in told and "[tables.orders]" in told


@pytest.mark.parametrize(
    "headers", ["order_id,customer_id,order_date,amount", "Name,Email,Phone,City", "订单号,会员号,下单时间,金额"]
)
def test_headers_of_any_program_are_of_none(holding, headers):
    assert presets.told([holding("file__csv", f"{headers}\n1,2,3,4\n")]) == []


def test_headers_that_stand_in_expressions_alone_count_too(holding):
    wecom = "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话"
    (told,) = presets.told([holding("a__csv", f"{wecom}\n张三,,李娜,lina,,2025-01-28 10:00:00,名片分享,,,,,,\n")])
    assert "`preset = 'wecom'` alone" in told


def test_it_is_told_in_chinese_too(holding):
    rows = holding("march__csv", f"{SHOPIFY}\n#1,a@b.c,paid,,USD,5,2025-01-02,web,0,\n")
    with language.spoken("zh"):
        assert "预设" in presets.told([rows])[0]


def test_every_preset_is_of_a_program_or_of_a_public_data_set():
    of_data = {
        "cdnow", "completejourney", "helpdesk", "hillstrom", "olist", "online_retail", "superstore_zh", "telco",
        "udacity_ab",
    }  # fmt: skip
    assert set(settings.preset_names()) == of_data | set(presets.PROGRAMS)
