"""A page carries the Chinese glyphs that its text needs, and no others."""

import base64
import io
import re

from fontTools.ttLib import TTFont

from helpers.findings import typeface

PAGE = "<html><head><title>x</title></head><body><p>{}</p><svg><text>图</text></svg></body></html>"


def carried(page):
    (data,) = re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page)
    return {chr(code) for code in TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()}


def test_the_glyphs_of_all_texts_are_carried_and_those_of_figures_are_not():
    pages = typeface.with_han([PAGE.format("客户 customers，"), PAGE.format("运营")])
    assert [carried(page) for page in pages] == [set("客户，运营")] * 2


def test_pages_without_chinese_are_left_alone():
    assert typeface.with_han([PAGE.format("customers")]) == [PAGE.format("customers")]


def test_two_printings_are_the_same_bytes():
    assert typeface.with_han([PAGE.format("客户")]) == typeface.with_han([PAGE.format("客户")])
