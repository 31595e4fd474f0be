"""The Chinese typeface that pages and figures share, and the part of it that one page needs."""

from __future__ import annotations

import base64
import importlib.util
import io
import re
from collections.abc import Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Kehu Han"
FIRST_HAN = 0x2E80  # where Unicode's blocks of Chinese radicals, characters and full-width signs begin


def han_font() -> Path:
    """The file of Noto Sans SC that the zhplot package carries; the package itself is not imported."""
    package = importlib.util.find_spec("zhplot")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("zhplot = missing: it carries the Chinese typeface. Install what uv.lock holds.")
    return Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def with_han(pages: Sequence[str]) -> list[str]:
    """HTML pages that each carry the Chinese glyphs of all their texts, for readers whose machine has none.

    Cutting the typeface takes half a second, so the pages of one report share the cut. Text inside figures is drawn
    already. Pages without Chinese text among them are returned as they are.
    """
    texts = [re.sub(r"<svg\b.*?</svg>", "", page, flags=re.DOTALL) for page in pages]
    han = "".join(sorted({sign for text in texts for sign in text if ord(sign) >= FIRST_HAN}))
    if not han:
        return list(pages)
    glyphs = base64.b64encode(_glyphs(han)).decode()
    face = f'@font-face {{ font-family: "{FAMILY}"; src: url(data:font/woff;base64,{glyphs}) format("woff"); }}'
    return [page.replace("</head>", f"<style>\n{face}\n</style>\n</head>", 1) for page in pages]


def _glyphs(text: str) -> bytes:
    """The WOFF file with the glyphs of `text` and nothing else; the same text gives the same bytes."""
    options = subset.Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    out = io.BytesIO()
    with TTFont(han_font(), lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        font.flavor = "woff"
        font.save(out)
    return out.getvalue()
