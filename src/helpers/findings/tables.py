"""A finding's table as readers see it: written by its declared columns, escaped, numbers under numbers."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence

import pandas as pd

from helpers.findings import formats
from helpers.findings.columns import Column, declared, in_rows, written_as
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.language import _

PADDING = "1rem"  # of a table's cell, left and right, as the pages' style sheet has it
BLANK_LETTERS = 2  # how many letters this is
PHONE_SHARE = "36vw"  # of a small screen's width that words take in a table at most, before they are broken
ROWS_SHOWN, ROWS_KEPT = 20, 100  # of a table on a page: at once, and behind its switch
LETTERS_BESIDE = 56  # of a row, for which there is room beside a figure
SENTENCE_CHARACTERS = 20  # in a line of a table's cell at least, where a text is that long

# Of a table by its name, for a notebook too: digit under digit, numbers and days on one line.
STYLE = (
    "table :is(th, td) { text-align: left } table :is(.n, .d) { white-space: nowrap } "
    "table .n { text-align: right; font-variant-numeric: tabular-nums }"
)
# The rows behind a table's switch; a script that looks for rows says so by the class.
FOLD = (
    ".kehu-rows:has(.kehu-cut):not(.kehu-found, :has(.kehu-cut :checked)) "
    f"tbody tr:nth-child(n + {ROWS_SHOWN + 1}) {{ display: none }}"
)


def table(
    frame: pd.DataFrame, columns: Sequence[Column], currency: str = "", *, caption: str = "", name: str = ""
) -> str:
    """`frame` as readers see it: each column written as it is declared in `columns`, numbers to the right, no index.

    Names of index levels become columns. Everything is escaped: markup among the data is shown, never run. Raises
    LookupError for a column that is not declared. The element's id is `name`, by default one made of what it holds.
    """
    shown, kept, cells = _declared(frame, columns)
    name = name or fingerprint(*kept, shown.to_csv())
    sides = [_side(shown[at]) for at in range(len(kept))]
    heads = [
        f"<th{side or _room(shown[at], column)}>{html.escape(column.above(currency))}</th>"
        for at, (column, side) in enumerate(zip(kept, sides, strict=True))
    ]
    marked = [[f"<td{side}>{html.escape(cell)}</td>" for cell in each] for each, side in zip(cells, sides, strict=True)]
    lines = "\n".join(f"<tr>{''.join(row)}</tr>" for row in zip(*marked, strict=True))
    title = f"<caption>{html.escape(caption)}</caption>\n" if caption else ""
    head = f"<thead><tr>{''.join(heads)}</tr></thead>"
    style = f"<style>{STYLE.replace('table', f'#{name}')}</style>"
    return f'{style}\n<table class="kehu" id="{name}">\n{title}{head}\n<tbody>\n{lines}\n</tbody></table>'


def folded(
    frame: pd.DataFrame, columns: Sequence[Column], currency: str = "", *, caption: str = "", name: str = ""
) -> str:
    """The table as a page has it: in a box that scrolls sideways, all rows but the first 20 behind a switch.

    No script is needed for that. Of a long table the first 100 rows stand on the page, of a list of customers only
    those that are shown. Empty where there are no rows.
    """
    if frame.empty:
        return ""
    most = ROWS_SHOWN if CUSTOMER_ID in frame else ROWS_KEPT
    rows = table(frame.head(most), columns, currency, caption=caption, name=name)
    box = f'<div class="kehu-table" tabindex="0" style="overflow-x: auto">{rows}</div>'
    cut = _cut(len(frame), most)
    style = f"<style>{FOLD}</style>" if cut else ""
    return f'<div class="kehu-rows">{style}{box}<p class="kehu-tools">{cut}</p></div>'


def _cut(rows: int, most: int) -> str:
    """How many rows are shown, and the switch for those that wait."""
    if rows <= ROWS_SHOWN:
        return ""
    told = _("The first {shown} of {rows} rows.").format(shown=ROWS_SHOWN, rows=f"{rows:,}")
    wanted = _("Show all {rows} rows") if rows <= most else _("Show {rows} rows")
    switch = f'<label><input type="checkbox"> {wanted.format(rows=f"{min(rows, most):,}")}</label>'
    return f'<span class="kehu-cut"><span>{told}</span> {switch if most > ROWS_SHOWN else ""}</span>'


def fingerprint(*parts: str) -> str:
    """A short name for these texts, the same in every run."""
    return "k" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def is_narrow(frame: pd.DataFrame, columns: Sequence[Column]) -> bool:
    """Whether the rows that a page shows of the table have room beside the figure."""
    return frame.empty or width(frame.head(ROWS_SHOWN), columns) <= LETTERS_BESIDE


def width(frame: pd.DataFrame, columns: Sequence[Column]) -> int:
    """How many letters a row of `frame` takes at most as readers see it, the blank around its columns included."""
    _shown, kept, cells = _declared(frame, columns)
    return sum(
        max(map(formats.width, [*column.above().split(), *each])) + BLANK_LETTERS
        for column, each in zip(kept, cells, strict=True)
    )


def _declared(frame: pd.DataFrame, columns: Sequence[Column]) -> tuple[pd.DataFrame, list[Column], list[list[str]]]:
    """The table with names of index levels as columns, numbered, what is declared of each, and how its cells read."""
    shown = frame.reset_index() if any(name is not None for name in frame.index.names) else frame.reset_index(drop=True)
    known = [declared(columns, str(name)) for name in shown.columns]
    cells = [
        [each.write(value) for each, value in zip(in_rows(column, shown), shown.iloc[:, at], strict=True)]
        for at, column in enumerate(written_as(known))
    ]
    seen = [at for at, column in enumerate(known) if not column.aside]
    kept = shown.iloc[:, seen].set_axis(range(len(seen)), axis="columns")
    return kept, [known[at] for at in seen], [cells[at] for at in seen]


def _side(values: pd.Series) -> str:
    """The attribute of a column's cells: `n` for numbers, `d` for days; words have none."""
    if _is_numeric(values):
        return ' class="n"'
    return ' class="d"' if pd.api.types.is_datetime64_any_dtype(values) else ""


def _room(values: pd.Series, column: Column) -> str:
    """The attribute of a head over words, which are not squeezed into less than half a line by the numbers beside."""
    longest = max(map(formats.width, map(column.write, values)), default=0)
    least = f"min({0.6 * min(longest, SENTENCE_CHARACTERS):g}em, {PHONE_SHARE})"
    return f' style="min-width: calc({least} + {PADDING})"'


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    known = column.dropna()
    return pd.api.types.is_numeric_dtype(column) or (len(known) > 0 and all(map(formats.is_number, known)))
