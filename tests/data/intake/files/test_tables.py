"""Headers are folded, and each is there once."""

import pytest

from helpers.data.intake.files import tables


def test_headers_that_fold_alike_stay_apart():
    names = tables.distinct(["Variant", "variant ", "", "file_row"])
    assert names == ["variant", "variant_2", "column_3", "file_row_2"]


@pytest.mark.parametrize(
    "header, folded",
    [
        ("Account Name", "account_name"),
        ("Account_Name", "account_name"),
        ("收货地址 ", "收货地址"),
        ("省/自治区", "省_自治区"),
        ("ＩＤ", "id"),
        ("  Grand  Total ($) ", "grand_total_$"),
        ("Amount (€)", "amount_€"),
        ("金额（￥）", "金额_¥"),
        ("Price£", "price_£"),
        ("Betrag in €", "betrag_in_€"),
        ("US$ paid", "us$_paid"),
        ("Bonus$", "bonus_$"),
        ("Revenue ($000s)", "revenue_$_000s"),
        ("$browser", "browser"),
        ("US$paid", "us_paid"),
    ],
)
def test_headers_fold_to_what_they_say(header, folded):
    assert tables.fold(header) == folded


def test_what_was_found_out_and_mended_is_told_and_of_a_plain_file_nothing():
    plain = tables.TextTable(None, (), mended=tables.Mended(delimiter=","))
    assert tables.told(plain) == []
    mended = tables.Mended("gb18030", ";", title_lines=2, short_rows=1_200)
    odd = tables.TextTable(None, (), mended=mended, told="sheet May; hidden sheets passed over: June")
    assert tables.told(odd) == [
        "sheet May",
        "hidden sheets passed over: June",
        "encoding gb18030",
        "delimiter ';'",
        "lines above the header: 2",
        "short rows filled up: 1,200",
    ]
