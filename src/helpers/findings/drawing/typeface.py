"""The typefaces that pages and figures share, and the part of them that one page needs."""

from __future__ import annotations

import base64
import html
import importlib.util
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HAN, FIGURE = "Kehu Han", "Kehu Figure"  # the names under which pages know them
FIRST_HAN = 0x2E80  # where Unicode's blocks of Chinese radicals, characters and full-width signs begin
# Readers' own Chinese typefaces come first; the range keeps browsers from taking the face for Latin letters, and lets
# it stand in front of all others: behind them Chromium draws the first words of each size as boxes, where the machine
# has no Chinese typeface.
HAN_RANGE = "U+2E80-FFFF, U+20000-3FFFF"
WAITING = re.compile(r'<template id="places">.*?</template>', re.DOTALL)
READERS_OWN = ("PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC")


def han_font() -> Path:
    """The file of Noto Sans SC that the zhplot package carries; the package itself is not imported."""
    package = importlib.util.find_spec("zhplot")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("zhplot = missing: it carries the Chinese typeface. Install what uv.lock holds.")
    return Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def figure_font() -> Path:
    """The file of DejaVu Sans that matplotlib carries, by whose widths figures are laid out."""
    from matplotlib import get_data_path

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def with_glyphs(pages: Sequence[str]) -> list[str]:
    """HTML pages that each carry the glyphs they need: Chinese for readers whose machine has none, and of figures.

    A figure's letters keep the widths by which it was laid out. Cutting a typeface takes half a second, so it is cut
    once with all that the pages of one report need, and that small file again for each. A page without such text is
    returned as it is. What a search may find comes in the reader's own typeface.
    """
    drawn = [_drawn(page) for page in pages]
    han = [{sign for sign in set(WAITING.sub("", page)) if ord(sign) >= FIRST_HAN} for page in pages]
    chinese, figures = _cut(han_font, set().union(*han)), _cut(figure_font, set().union(*drawn))
    carried = []
    for page, signs, letters in zip(pages, han, drawn, strict=True):
        faces = [*([_face(HAN, chinese, signs, READERS_OWN, HAN_RANGE)] if signs else []),
                 *([_face(FIGURE, figures, letters, ("DejaVu Sans",))] if letters else [])]  # fmt: skip
        style = "\n".join(["<style>", *faces, "</style>", "</head>"])
        carried.append(page.replace("</head>", style, 1) if faces else page)
    return carried


def _drawn(page: str) -> set[str]:
    """The signs of the text within a page's figures, but for Chinese ones."""
    words = html.unescape("".join(re.findall(r"<text\b[^>]*>([^<]*)", page)))
    return {sign for sign in words if ord(sign) < FIRST_HAN}


def _cut(font: Callable[[], Path], signs: set[str]) -> bytes:
    """A typeface's file with the glyphs of all `signs`; nothing where there are none."""
    return _glyphs(font().read_bytes(), signs) if signs else b""


def _face(name: str, font: bytes, signs: set[str], own: Sequence[str], range_of: str = "") -> str:
    """The style that brings a typeface, in the reader's `own` file or in a cut of `font` with these `signs`."""
    local = ", ".join(f'local("{each}")' for each in own)
    data = base64.b64encode(_glyphs(font, signs)).decode()
    limits = f"unicode-range: {range_of}; " if range_of else ""
    sources = f'{local}, url(data:font/woff;base64,{data}) format("woff")'
    return f'@font-face {{ font-family: "{name}"; {limits}src: {sources}; }}'


def _glyphs(font: bytes, signs: set[str]) -> bytes:
    """A WOFF file with the glyphs of `signs` and nothing else; the same signs give the same bytes."""
    options = subset.Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True, bidi_closure=False)
    options.drop_tables += ["FFTM"]  # the stamp of the program that made DejaVu
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(signs)))
    out = io.BytesIO()
    with TTFont(io.BytesIO(font), lazy=True, recalcTimestamp=False) as whole:
        cutter.subset(whole)
        whole.flavor = "woff"
        whole.save(out)
    return out.getvalue()
