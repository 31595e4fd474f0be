"""Rules and readings in the language that is spoken."""

from __future__ import annotations

import re

import pytest

from helpers import language
from helpers.data.intake import files, terms
from helpers.data.intake.files import tables
from helpers.data.intake.readings.amounts import marks
from helpers.data.intake.readings.dates import counts, day_order, eras, layouts, weeks


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("decimal comma, thousands point, €", "小数逗号, 千位点, €"),
        ("万 as 10,000, ¥ as CNY", "万 记为 10,000, ¥ 记为 CNY"),
        ("是, 有/否 as 1/0", "是, 有/否 记为 1/0"),
        ("day first, two-digit years, 69 to 99 as 19..", "日在前, 两位年份，69 至 99 为 19.."),
        ("offsets, on the clocks of Asia/Shanghai", "带时区偏移，换成 Asia/Shanghai 的时间"),
        (
            "the number in each text, out of 5, 'n/a', 'no' have no number",
            "取文字中的数字, 满分 5, 'n/a', 'no' 中没有数字",
        ),
        ("decimal comma, made EUR: 1 USD = 0.9, 1 GBP = 1.1", "小数逗号, 折成 EUR：1 USD = 0.9, 1 GBP = 1.1"),
        ("yes/no", "yes/no"),
    ],
)
def test_readings_are_told_in_the_language_and_what_the_values_say_as_it_stands(words, said):
    assert terms.told(words).replace("no number in 'n/a', 'no'", "'n/a', 'no' have no number") == words
    with language.spoken("zh"):
        assert terms.told(words) == said


def test_numbers_that_may_stand_for_none_are_told_one_by_one():
    assert terms.doubted(["-999", "9,999,999.99"]) == "-999 may stand for none, 9,999,999.99 may stand for none"
    assert terms.doubted([]) == ""
    with language.spoken("zh"):
        assert terms.doubted(["€ 99999999"]) == "€ 99999999 可能表示空值"


@pytest.mark.parametrize(
    "words",
    [
        *marks.GROUPS.values(),
        *day_order.NAMES.values(),
        *layouts.EPOCHS,
        layouts.EXCEL,
        weeks.ISO_WEEKS,
        *eras.ERAS,
        *counts.COUNTS,
    ],
)
def test_every_word_of_the_readings_is_known(words):
    with language.spoken("zh"):
        assert re.search("[一-龥]", terms.told(words))


def test_everything_that_is_mended_in_files_is_known():
    counts = dict.fromkeys(tables.MENDED, 1200)
    mended = files.Mended("gb18030", ";", backslashes=True, **counts)
    cells = "sheet May, 2; hidden sheets passed over: a, b; cells merged downwards: 3, whose text stands in each row"
    text = files.TextTable(None, (), mended=mended, told=cells)
    assert len(files.told(text)) == 6 + len(counts)
    with language.spoken("zh"):
        for words in files.told(text):
            assert re.match("[一-龥]|文|NUL", terms.told(words)) and not re.search("[a-z]{3}[: ]", terms.told(words))
