"""Which currency a sign, a code or a word stands for."""

import pytest

from helpers.data.intake.readings.amounts import currencies


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ("€", "EUR"), ("EUR", "EUR"), ("eur", "EUR"), ("Euro", "EUR"), ("£", "GBP"), ("RMB", "CNY"), ("rmb", "CNY"),
        ("人民币", "CNY"), ("元", "CNY"), ("圆", "CNY"), ("円", "JPY"), ("美元", "USD"), ("US$", "USD"), ("HK$", "HKD"),
        ("NT$", "TWD"), ("R$", "BRL"), ("$", "$"), ("kr", "kr"), ("Rs.", "INR"), ("₹", "INR"), ("zł", "PLN"),
        ("CHF", "CHF"), ("XOF", "XOF"), ("kg", ""), ("天", ""), ("ABC", ""), ("top", ""), ("FT", ""), ("Ft", "HUF"), ("", ""),
    ],
)  # fmt: skip
def test_a_sign_stands_for_a_currency(sign, code):
    assert currencies.code(sign) == code


@pytest.mark.parametrize(
    ("signs", "code"),
    [
        ("¥", "CNY"),
        ("¥ 元", "CNY"),
        ("¥ RMB", "CNY"),
        ("¥ JPY", "JPY"),
        ("¥ 円", "JPY"),
        ("¥ JP¥", "CNY"),
        ("¥ CN¥", "JPY"),
    ],
)
def test_yen_and_yuan_are_told_apart_by_the_signs_beside_them(signs, code):
    assert currencies.settled(signs.split())["¥"] == code


def test_longer_signs_come_first_so_that_none_hides_in_another():
    assert list(currencies.settled(["$", "US$", "R$", "¥", "CN¥"])) == ["CN¥", "US$", "R$", "$", "¥"]
