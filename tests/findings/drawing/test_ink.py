from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager

from helpers.findings.drawing import ink


@pytest.fixture
def drawn():
    with mpl.rc_context():
        ink.style()
        figure, ax = plt.subplots()
        ax.plot([1, 2, 3], marker="o", label="年付 --><script>alert(1)</script> $5-$10")
        ax.fill_between([0, 1, 2], [1, 1, 1], [2, 2, 2])
        ax.legend()
        yield figure
        plt.close(figure)


def test_a_named_typeface_is_looked_up_once_and_one_that_is_set_elsewhere_each_time(monkeypatch):
    fonts, asked = font_manager.fontManager, []
    monkeypatch.setitem(vars(fonts), "findfont", None)  # so that what is set below is taken back
    del fonts.findfont

    def look_up(self, prop):
        asked.append(*prop.get_family())
        return "file"

    monkeypatch.setattr(font_manager.FontManager, "findfont", look_up)
    ink._look_up_once()
    for family in ("DejaVu Sans", "serif"):
        for _ in range(3):
            prop = font_manager.FontProperties(family=family)
            assert fonts.findfont(prop) == "file"
            prop.set_family("Noto Sans SC")  # as matplotlib does with one that it has asked for
    assert asked == ["DejaVu Sans", "serif", "serif", "serif"]
    fonts.findfont(font_manager.FontProperties(family="DejaVu Sans", weight="bold"))
    assert asked[4:] == ["DejaVu Sans"]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from the definition in WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
                 for channel in mpl.colors.to_rgb(colour)]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", ink.COLOURS[:4])
@pytest.mark.parametrize("paper", [ink.PAPER, "#16191f"])
def test_the_first_four_colours_stand_out_on_light_and_dark_paper(colour, paper):
    assert contrast(colour, paper) >= 3


def test_importing_changes_no_setting_and_never_imports_zhplot():
    program = """
import matplotlib, sys
before = dict(matplotlib.rcParams)
from helpers.findings.drawing import charts
assert dict(matplotlib.rcParams) == before
charts.style()
assert dict(matplotlib.rcParams) != before
assert "zhplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_chinese_has_glyphs(recwarn):
    with mpl.rc_context():
        ink.style()
        assert mpl.rcParams["font.family"] == ["DejaVu Sans", "Noto Sans SC"]
        assert "Noto Sans SC" in font_manager.get_font_names()
        figure, ax = plt.subplots()
        ax.set_title("客户生命周期价值")
        ink.svg(figure, "a")
        plt.close(figure)
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_the_same_figure_gives_the_same_bytes(drawn):
    assert ink.svg(drawn, "a") == ink.svg(drawn, "a")


def test_ids_of_two_figures_never_meet_and_every_reference_finds_its_id(drawn):
    one, other = (ink.svg(drawn, prefix) for prefix in ("a", "b"))
    ids = [set(re.findall(r'\bid="([^"]+)"', drawing)) for drawing in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for drawing, own in zip((one, other), ids, strict=True):
        references = set(re.findall(r'href="#([^"]+)"', drawing)) | set(re.findall(r"url\(#([^)]+)\)", drawing))
        assert references
        assert references <= own


def test_the_drawing_is_one_element_that_scales_and_holds_no_script(drawn):
    drawing = ink.svg(drawn, "a")
    root = ET.fromstring(drawing)
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert root.get("width") is None
    assert root.get("aria-hidden") == "true"
    assert "<script" not in drawing
    assert "<!--" not in drawing


def test_ink_and_paper_become_variables_of_the_page_and_the_ground_stays_clear(drawn):
    drawing = ink.svg(drawn, "a")
    assert "var(--kehu-ink" in drawing
    assert "var(--kehu-1, #0072B2)" in drawing
    assert "#ffffff" not in drawing
    for colour in set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", drawing)):
        assert colour not in ink.ROLES


def test_words_are_text_in_the_typeface_that_the_page_carries_and_the_rest_is_short(drawn):
    drawing = ink.svg(drawn, "a")
    texts = ["".join(text.itertext()) for text in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]
    assert "年付 --><script>alert(1)</script> $5-$10" in texts
    assert drawing.count("font-family") == 1 and "font-family: 'Kehu Figure', 'Kehu Han'" in drawing
    assert not re.search(r' d="[^"]*\.\d\d', drawing) and "rotate(-0" not in drawing


def test_a_price_is_not_a_formula(drawn):
    assert not any(text.get_parse_math() for text in drawn.axes[0].get_legend().get_texts())


def test_only_references_to_own_ids_are_rewritten():
    markup = '<p id="a" style="color: #abcdef"><a href="#a">x</a><a href="#elsewhere">y</a></p><style>#a td {}</style>'
    assert ink.with_own_ids(markup, "p") == (
        '<p id="p-a" style="color: #abcdef"><a href="#p-a">x</a><a href="#elsewhere">y</a></p><style>#p-a td {}</style>'
    )


def test_words_that_look_like_ids_stay_as_they_are():
    markup = '<b id="a">plan #a, id="a"</b><a href="#a">x</a>'
    assert ink.with_own_ids(markup, "p") == '<b id="p-a">plan #a, id="a"</b><a href="#p-a">x</a>'
