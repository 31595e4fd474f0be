"""Whether customers may be contacted, by what exports write of it."""

from __future__ import annotations

import pytest

ORDERS = "order_id,customer_id,order_date,amount\n" + "".join(f"o{n},c{n % 4},2025-01-0{n + 1},5\n" for n in range(8))


def refusing(opened, header: str, *values: str) -> list[str]:
    """The customers who may not be contacted, of four whose further column has these values."""
    people = f"customer_id,city,{header}\n" + "".join(f"c{n},Ulm,{value}\n" for n, value in enumerate(values))
    table = opened(customers__csv=people, orders__csv=ORDERS).customers
    known = dict(zip(table["customer_id"], table["opted_out"], strict=True)) if "opted_out" in table else {}
    return sorted(who for who, refused in known.items() if refused is True)


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("accepts_marketing", "yes", "no"), ("Email Marketing Consent", "TRUE", "FALSE"), ("Accepts Email Marketing", "1", "0"),
        ("marketing_opt_in", "Y", "N"), ("newsletter", "ja", "nein"), ("email_subscribed", "true", "false"), ("opt_in", "1", "0"),
        ("acepta_marketing", "sí", "no"), ("是否接收营销", "是", "否"), ("允许推送", "是", "否"), ("同意接收短信", "是", "否"), ("수신동의", "Y", "N"),
        ("订阅状态", "已订阅", "已退订"), ("email_status", "subscribed", "unsubscribed"), ("consent", "granted", "revoked"),
    ],
)  # fmt: skip
def test_who_did_not_agree_may_not_be_contacted_and_of_others_nothing_is_known(opened, header, yes, no):
    assert refusing(opened, header, yes, no, "", yes) == ["c1"]


@pytest.mark.parametrize(
    "header",
    ["unsubscribed", "Email Opt Out", "do_not_email", "HasOptedOutOfEmail", "no_marketing", "do_not_disturb", "退订", "勿扰", "是否免打扰"],
)  # fmt: skip
def test_who_refused_may_not_be_contacted(opened, header):
    assert refusing(opened, header, "1", "0", "0", "1") == ["c0", "c3"]


@pytest.mark.parametrize(
    "header", ["privacy_policy_consent", "是否同意隐私协议", "is_vip", "paperless", "retained_opt"]
)
def test_flags_of_other_things_say_nothing_of_it(opened, header):
    assert refusing(opened, header, "1", "0", "0", "1") == []


def test_of_several_channels_e_mail_counts(opened):
    assert refusing(opened, "accepts_sms_marketing,accepts_email_marketing", "0,1", "0,1", "1,0", "0,1") == ["c2"]
