"""What stands around a number."""

import pytest

from helpers.data.intake.readings.amounts import affixes
from helpers.data.intake.readings.amounts.affixes import Affix


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Affix()),
        (" €", Affix("€", money=("€",))),
        ("RMB ¥", Affix("RMB ¥", money=("RMB", "¥"))),
        ("万元", Affix("万 元", money=("元",), powers=("万",))),
        ("千万", Affix("千万", powers=("千万",))),
        ("百万美元", Affix("百万 美元", money=("美元",), powers=("百万",))),
        ("元/月", Affix("元 /月", money=("元",), unit="/月")),
        ("K", Affix("K", powers=("K",))),
        ("Mio. €", Affix("Mio. €", money=("€",), powers=("Mio.",))),
        ("万件", Affix("万 件", powers=("万",), unit="件")),
        ("千克", Affix("千克", unit="千克")),
        ("km/h", Affix("km/h", unit="km/h")),
        ("kEUR", Affix("k EUR", money=("EUR",), powers=("k",))),
        (" kUSD", Affix("k USD", money=("USD",), powers=("k",))),
        ("m²", Affix("m²", unit="m²")),
        ("°C", Affix("°C", unit="°C")),
        ("%", Affix("%", powers=("%",))),
    ],
)
def test_an_affix_is_taken_apart(text, parts):
    assert affixes.affix(text) == parts


@pytest.mark.parametrize("text", ["T€", "兆円", "TEUR €", "sq ft", "#", "~", "+", "% 万", "e", "?"])
def test_what_is_not_understood_is_no_affix(text):
    assert affixes.affix(text) is None


@pytest.mark.parametrize(
    ("token", "power"), [("%", -2), ("万", 4), ("亿", 8), ("k", 3), ("Mrd.", 9), ("crore", 7), ("m", 6)]
)
def test_powers_of_ten_are_known(token, power):
    assert affixes.exponent(token) == power


def test_one_and_many_are_one_unit():
    assert {affixes.folded(unit) for unit in ("day", "Days", "DAY", "days")} == {"day"}
    assert affixes.folded("Stk.") == affixes.folded("stk")
