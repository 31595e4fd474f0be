"""A finding's table as readers see it: written by its declared columns, escaped, numbers under numbers."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.findings import formats
from helpers.findings.columns import Column, Kind, declared

PADDING = "1rem"  # of a table's cell, left and right, as the pages' style sheet has it
BLANK_LETTERS = 2  # how many letters this is
PHONE_SHARE = "36vw"  # of a small screen's width that words take in a table at most, before they are broken
SENTENCE_CHARACTERS = 20  # in a line of a table's cell at least, where a text is that long


def table(frame: pd.DataFrame, columns: Sequence[Column], currency: str = "") -> Styler:
    """`frame` as readers see it: each column written as it is declared in `columns`, numbers to the right, no index.

    Names of index levels become columns. Everything is escaped: markup among the data is shown, never run. Raises
    LookupError for a column that is not declared.
    """
    shown, kept = _declared(frame, columns)
    name = formats.fingerprint(*kept, shown.to_csv())  # the Styler's own would be drawn anew in every run
    styler = Styler(shown, cell_ids=False, uuid=name).hide(axis="index")
    styler = styler.format({at: _escaped(write) for at, write in enumerate(_writers(kept))})
    styler = styler.format_index(lambda at: html.escape(kept[at].above(currency)), axis="columns")
    sides = {at: [{"selector": "", "props": _side(shown[at], column)}] for at, column in enumerate(kept)}
    return styler.set_table_styles(sides, axis="index").set_table_attributes('class="kehu"')


def width(frame: pd.DataFrame, columns: Sequence[Column]) -> int:
    """How many letters a row of `frame` takes at most as readers see it, the blank around its columns included."""
    shown, kept = _declared(frame, columns)
    widest = 0
    for at, (column, write) in enumerate(zip(kept, _writers(kept), strict=True)):
        words = [*column.above().split(), *map(write, shown[at])]
        widest += max(map(formats.width, words)) + BLANK_LETTERS
    return widest


def _declared(frame: pd.DataFrame, columns: Sequence[Column]) -> tuple[pd.DataFrame, list[Column]]:
    """The table with names of index levels as columns, numbered, and what is declared of each."""
    shown = frame.reset_index() if any(name is not None for name in frame.index.names) else frame.reset_index(drop=True)
    kept = [declared(columns, str(name)) for name in shown.columns]
    return shown.set_axis(range(len(kept)), axis="columns"), kept


def _writers(columns: Iterable[Column]) -> list[Callable[[Any], str]]:
    """How each column is written: the end of an interval as the column before it."""
    writers: list[Callable[[Any], str]] = []
    for column in columns:
        writers.append(writers[-1] if column.kind is Kind.LIMIT and writers else column.write)
    return writers


def _escaped(write: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: html.escape(write(value))


def _side(values: pd.Series, column: Column) -> str:
    """Numbers stand to the right, digit under digit; numbers and dates are not broken over two lines.

    Words are not squeezed into less than half a line by the numbers beside them.
    """
    if _is_numeric(values):
        return "text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "text-align: left; white-space: nowrap"
    longest = max(map(formats.width, map(column.write, values)), default=0)
    least = f"min({0.6 * min(longest, SENTENCE_CHARACTERS):g}em, {PHONE_SHARE})"
    return f"text-align: left; min-width: calc({least} + {PADDING})"


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    return pd.api.types.is_numeric_dtype(column) or (
        len(column.dropna()) > 0 and column.dropna().map(formats.is_number).all()
    )
