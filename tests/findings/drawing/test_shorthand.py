"""A drawing in fewer letters is the same drawing."""

import re

import pytest

from helpers.findings.drawing import shorthand

DOCUMENT = """
<defs>
<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
</defs>
<g id="figure_1">
<g id="patch_1">
<path d="M 0 245 L 403 245 L 403 0 z
" style="fill: none"/>
</g>
<g clip-path="url(#p0123456789)">
<path d="M 10.04 20 L 10.09 30.55 L 15 30.5 L 16 40 C 1 2 3 4 5 6 L 5 9 z M 1 1 L 2 1" style="fill: #0072b2"/>
<path d="M 0 0 L 1 1" style="fill: #0072b2"/>
</g>
</g>
<text id="text_1" style="fill: none" transform="rotate(-0 5 6)" x="7.123" y="8.0">1.234 style="x" #p0123456789 <tspan/></text>
<clipPath id="p0123456789"><rect x="1" y="2" width="3.004" height="4"/></clipPath>
"""


@pytest.fixture
def short():
    return shorthand.shortened(DOCUMENT, "k1")


def lines(path):
    """The points of a path's straight lines, told whole."""
    x = y = "0"
    for letter, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        given = numbers.split()
        x = given[-2] if letter in "MLC" else given[0] if letter == "H" else x
        y = given[-1] if letter in "MLC" else given[0] if letter == "V" else y
        yield letter in "CMz", float(x), float(y)


def test_level_and_upright_lines_end_where_they_ended(short):
    (path,) = re.findall(r'd="(M10[^"]*)"', short)
    assert path == "M10 20V30.5H15L16 40C1 2 3 4 5 6V9zM1 1H2"
    whole = "M10.0 20L10.0 30.5L15 30.5L16 40C1 2 3 4 5 6L5 9zM1 1L2 1"
    assert list(lines(path)) == list(lines(whole))


def test_what_is_neither_filled_nor_drawn_and_groups_of_which_nothing_is_said_are_left_out(short):
    assert "245" not in short
    assert short.count("<g") == short.count("</g>") == 1  # the one that clips


def test_a_style_that_parts_share_is_said_once_and_one_of_a_single_part_stays_with_it(short):
    assert short.count("fill: #0072b2") == 1 and ".k1-a{fill: #0072b2}" in short
    assert short.count('class="k1-a"') == 2
    assert '<text style="fill: none" x="7.1" y="8">' in short


def test_a_reference_finds_its_id_and_words_stay_as_they_are(short):
    assert "url(#a)" in short and '<clipPath id="a">' in short
    assert '>1.234 style="x" #p0123456789 <tspan/></text>' in short


def test_many_styles_never_share_a_name():
    parts = "".join(f'<rect style="stroke-width: {width}"/>' * 2 for width in range(800))
    classes = re.findall('class="([^"]+)"', shorthand.shortened(parts, "k1"))
    assert len(classes) == 1600 and len(set(classes)) == 800
