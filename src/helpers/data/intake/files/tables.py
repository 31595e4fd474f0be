"""What every file becomes: text under folded headers, each of them once."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.intake.readings.amounts import currencies

MENDED = {  # counts of Mended, in words
    "undecodable": "places that cannot be decoded and read �",
    "title_lines": "lines above the header",
    "blank_lines": "blank lines",
    "odd_line_ends": "lines that end unlike the header",
    "byte_order_marks": "byte order marks within",
    "nul_bytes": "NUL bytes",
    "short_rows": "short rows filled up",
    "long_rows": "long rows cut of empty fields",
    "stray_quotes": "rows with a stray quote",
    "unclosed_quotes": "rows with a quote that is never closed",
}
SIGN = "|".join(
    re.escape(sign.casefold()) + (r"(?![^\W\d_])" if sign.endswith("$") else "")
    for sign in sorted(currencies.SIGNS.keys() - {currencies.BACKSLASH}, key=len, reverse=True)
)
UNSPLIT = "line does not split into the header's columns"


@dataclass(frozen=True)
class Layout:
    """How one file is written; the defaults are found out from the file."""

    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str = ""
    fields: tuple[tuple[str, int, int], ...] = ()
    skip: int = 0
    query: str = ""


class Aside(NamedTuple):
    """A row that was set aside: the number of its first line in the file (from 1), its text, and the rule."""

    line: int
    text: str
    rule: str


@dataclass(frozen=True)
class Mended:
    """What was decided about a text file, and how many of its lines, rows or characters were mended.

    `delimiter` is empty for a table of one column. Rows that were set aside are not counted here, but listed.
    """

    encoding: str = "utf-8"
    delimiter: str = ""
    backslashes: bool = False  # they stand before quotes inside quotes
    undecodable: int = 0  # places that are not in the encoding: they read �
    title_lines: int = 0  # lines above the header
    blank_lines: int = 0
    odd_line_ends: int = 0  # lines that end otherwise than the header
    byte_order_marks: int = 0  # past the file's beginning
    nul_bytes: int = 0
    short_rows: int = 0  # filled up with empty fields at the end
    long_rows: int = 0  # which lost empty fields at the end
    stray_quotes: int = 0  # rows with a quote where none belongs
    unclosed_quotes: int = 0  # rows with a quote that is never closed


@dataclass(frozen=True)
class TextTable:
    """The rows of one file under folded headers, with `file_row`.

    `rejects` names the engine's table of unsplit lines; `aside` are rows that were found to be no records before.
    `stored` says that the rows are quickly read again, as from Parquet. `told` says where in the file they stand, and
    what of it was passed over, where there is a choice.
    """

    rows: ir.Table
    headers: tuple[str, ...]
    rejects: str = ""
    aside: tuple[Aside, ...] = ()
    mended: Mended | None = None
    told: str = ""
    stored: bool = False


def set_aside(connection: ibis.BaseBackend, table: TextTable) -> list[Aside]:
    """The rows of a file that are in the table of no one, in the file's order; once its rows have been read."""
    unsplit = engine.rejected_lines(connection, table.rejects) if table.rejects else []
    return sorted([*table.aside, *(Aside(line, text, UNSPLIT) for line, text in unsplit)])


def told(table: TextTable) -> list[str]:
    """What was found out about a file, and mended in it, a few words each: encoding gb18030, blank lines: 2."""
    found = table.told.split("; ") if table.told else []
    if table.mended is None:
        return found
    mended = table.mended
    found += [f"encoding {mended.encoding}"] if mended.encoding != "utf-8" else []
    found += [f"delimiter {mended.delimiter!r}"] if mended.delimiter not in ("", ",") else []
    found += ["backslashes before quotes"] if mended.backslashes else []
    counts = ((words, getattr(mended, name)) for name, words in MENDED.items())
    return [*found, *(f"{words}: {count:,}" for words, count in counts if count)]


def fold(header: str) -> str:
    """A header as it is matched: full-width made plain, case-folded, runs of other characters made `_`.

    A currency's sign is a word: Amount (€) is amount_€. One ahead of a word is none: $browser is browser.
    """
    plain = unicodedata.normalize("NFKC", header).casefold()
    return "_".join(re.findall(rf"{SIGN}|[^\W_]+", plain))


def distinct(headers: list[str]) -> list[str]:
    """Folded headers, each once: the second `variant` becomes `variant_2`, an empty one `column_3`."""
    folded = [fold(header) or f"column_{place}" for place, header in enumerate(headers, start=1)]
    seen = Counter([engine.ROW])
    names = []
    for name in folded:
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names
