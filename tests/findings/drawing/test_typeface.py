"""A page carries the glyphs that its text needs, and no others."""

import base64
import io
import re

from fontTools.ttLib import TTFont

from helpers.findings.drawing import typeface

PAGE = "<html><head><title>x</title></head><body><p>{}</p>{}</body></html>"
FIGURE = "<svg><text x='1'>图 a&lt;b</text></svg>"


def carried(page):
    """The signs of each typeface that a page carries, by its name."""
    faces = re.findall(r'@font-face { font-family: "([^"]+)".*?data:font/woff;base64,([A-Za-z0-9+/=]+)', page)
    return {name: {chr(sign) for sign in _glyphs(data)} for name, data in faces}


def _glyphs(data):
    return TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()


def test_each_page_carries_its_own_chinese_and_none_of_other_pages():
    pages = typeface.with_glyphs([PAGE.format("客户 customers，", ""), PAGE.format("运营", ""), PAGE.format("x", "")])
    assert [carried(page) for page in pages] == [{typeface.HAN: set("客户，")}, {typeface.HAN: set("运营")}, {}]


def test_what_a_page_carries_draws_as_the_whole_typeface_does():
    (page, _other) = typeface.with_glyphs([PAGE.format("客户", ""), PAGE.format("运营", "")])
    (data,) = re.findall(r"base64,([A-Za-z0-9+/=]+)", page)
    cut, whole = TTFont(io.BytesIO(base64.b64decode(data))), TTFont(typeface.han_font())
    for sign in map(ord, "客户"):
        drawn, meant = (font["glyf"][font.getBestCmap()[sign]] for font in (cut, whole))
        assert drawn.getCoordinates(cut["glyf"])[0] == meant.getCoordinates(whole["glyf"])[0]


def test_a_figure_s_letters_are_carried_in_the_typeface_by_which_it_was_laid_out():
    (page,) = typeface.with_glyphs([PAGE.format("客户 customers", FIGURE)])
    assert carried(page) == {typeface.HAN: set("客户图"), typeface.FIGURE: set(" a<b")}


def test_the_chinese_typeface_is_taken_for_chinese_alone_and_after_the_reader_s_own():
    (page,) = typeface.with_glyphs([PAGE.format("客户", "")])
    assert re.search(r'unicode-range: U\+2E80-FFFF.*local\("Microsoft YaHei"\).*url\(data:', page)


def test_pages_without_such_text_are_left_alone():
    assert typeface.with_glyphs([PAGE.format("customers", "")]) == [PAGE.format("customers", "")]


def test_two_printings_are_the_same_bytes():
    page = [PAGE.format("客户", FIGURE)]
    assert typeface.with_glyphs(page) == typeface.with_glyphs(page)


def test_what_only_a_search_may_find_is_not_carried_but_all_other_words_that_wait_are():
    waiting = '<template id="tools">复制</template><template id="places"><p>运营</p></template>'
    (page,) = typeface.with_glyphs([PAGE.format("客户", waiting)])
    assert carried(page) == {typeface.HAN: set("客户复制")}
