"""The cells of a workbook's tables: numbers that one can reckon with, shown as the report's pages show them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.findings import Column, Kind, formats
from helpers.language import _
from helpers.reports.exports import books

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Formats = Callable[[str], "Format"]  # a pattern → the workbook's format of it
FIRST_YEAR = 1900  # that a workbook's days reach back to
TINY = 1e-4  # below which numbers are written with an exponent


def put(sheet: Worksheet, at: tuple[int, int], column: Column, kind: Kind, value: Any, format_of: Formats) -> None:
    """Writes a value of `column`: a number of this `kind` or a day in the pattern of the pages, all else as a text.

    Money has the three digits that readers see, a difference of shares is in points; the saved tables have all.
    """
    row, place = at
    if formats.is_missing(value):
        return
    if isinstance(value, dt.date) and value.year >= FIRST_YEAR:
        moment = pd.Timestamp(value)
        whole = moment == moment.normalize()
        sheet.write_datetime(
            row, place, moment.to_pydatetime(), format_of("yyyy-mm-dd" if whole else "yyyy-mm-dd hh:mm")
        )
    elif formats.is_number(value) and math.isfinite(value):
        shown = float(in_unit(kind, value))
        sheet.write_number(row, place, shown, format_of(pattern(kind, shown)))
    else:
        sheet.write_string(row, place, books.text(column.write(value)))


def in_unit(kind: Kind, value: Any) -> Any:
    """A number of this kind as a cell holds it: money to three digits, a difference of shares in points."""
    if kind is Kind.MONEY:
        return formats.rounded(value)
    return 100 * value if kind in (Kind.POINTS, Kind.POINTS_APART) else value


def pattern(kind: Kind, value: float) -> str:
    """The pattern in which Excel shows a number `in_unit` of this kind as `findings.formats` writes it."""
    if kind is Kind.P_VALUE:
        return '[<0.001]"< 0.001";[>0.999]"> 0.999";0.000'
    if kind is Kind.SHARE:
        return _share(value)
    if kind in (Kind.POINTS, Kind.POINTS_APART):
        return _points(value, is_signed=kind is Kind.POINTS)
    if kind is Kind.PLAIN:
        return "0" if value == int(value) else "General"
    if value == int(value):
        return "#,##0"
    if kind in (Kind.MONEY, Kind.PRICE):
        return "#,##0" if abs(value) >= 100 else "#,##0.00"
    return "0.00E+00" if abs(value) < TINY else _with_decimals("#,##0", formats.decimals(value))


def _share(value: float) -> str:
    """Of a share: what only rounds to none or all is shown in words, as on pages."""
    shown = formats.percent(value)
    if shown.startswith(("<", ">")):
        return f'"{shown}"'
    return _with_decimals("#,##0", len(shown.removesuffix("%").partition(".")[2])) + "%"


def _points(value: float, is_signed: bool) -> str:
    """Of points: with their unit, and their sign where it is wanted; a pattern shows that of what is below zero."""
    shown = formats.hundredths(value / 100)
    sign = '"+"' if is_signed and value > 0 else ""
    if shown.startswith(("<", ">")):
        return f'"{_("{number} points").format(number=shown)}"'
    return f'{sign}{_with_decimals("#,##0", len(shown.partition(".")[2]))}"{_("{number} points").format(number="")}"'


def _with_decimals(whole: str, decimals: int) -> str:
    return f"{whole}.{'0' * decimals}" if decimals else whole
