"""A number in a workbook is the number itself, and its pattern shows it as the report's pages do."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
import python_calamine

from helpers.findings import Column, Kind, formats
from helpers.reports.exports import books, cells

VALUES = (0, 1, 5, -3, 12, 99.994, 100.5, -1234.5, 12_345.678, 0.5, 0.123, 0.05, 0.0046, 0.00004, -0.00004, 0.99999,
          0.0123, 4.5, 1e7)  # fmt: skip
LITERAL = re.compile(r'"([^"]*)"')


def rendered(pattern: str, value: float) -> str:
    """What Excel shows of a number in one of our patterns."""
    for part in pattern.split(";"):
        condition = re.match(r"\[([<>])([\d.]+)\]", part)
        if condition and not (value < float(condition[2]) if condition[1] == "<" else value > float(condition[2])):
            continue
        part = part[condition.end() :] if condition else part
        if literal := LITERAL.fullmatch(part):
            return literal[1]
        if part == "General":
            return f"{value:.15g}"
        sign, part, unit = re.fullmatch('(?:"([^"]*)")?([^"]*)(?:"([^"]*)")?', part).groups(default="")
        share, decimals = part.endswith("%"), len(part.rstrip("%").partition(".")[2])
        shown = value * 100 if share else value
        if "E" in part:
            return f"{shown:.2e}"
        return f"{sign}{shown:{',' if ',' in part else ''}.{decimals}f}{'%' if share else ''}{unit}"
    raise AssertionError(pattern)


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.DAYS, Kind.MONEY, Kind.MIXED, Kind.PLAIN,
                                  Kind.POINTS, Kind.POINTS_APART])  # fmt: skip
@pytest.mark.parametrize("value", VALUES)
def test_a_pattern_shows_what_a_page_shows(kind, value):
    shown = cells.in_unit(kind, value)
    in_a_workbook = rendered(cells.pattern(kind, shown), shown).replace("-", formats.MINUS)  # it has one of its own
    assert in_a_workbook == Column("x", kind, "x").write(value).replace("-", formats.MINUS)


@pytest.mark.parametrize("value", [0.0, 0.0004, 0.034, 0.5, 0.9996, 1.0])
def test_chances_are_shown_as_pages_show_them(value):
    assert rendered(cells.pattern(Kind.P_VALUE, value), value) == Column("p_value", Kind.P_VALUE, "x").write(value)


def test_a_cell_holds_the_number_a_day_or_a_text_and_nothing_where_there_is_none(tmp_path):
    values = [
        0.123456,
        np.float64(7),
        dt.date(2025, 3, 1),
        "=1+1",
        float("nan"),
        None,
        True,
        float("inf"),
        dt.date(1850, 1, 1),
    ]
    with books.book(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("a")
        for place, value in enumerate(values):
            column = Column("x", Kind.MIXED, "x")
            cells.put(sheet, (0, place), column, Kind.MIXED, value, lambda form: book.add_format({"num_format": form}))
        sheet.write_string(0, len(values), "end")
    (row,) = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert row == [0.123456, 7, dt.date(2025, 3, 1), "=1+1", "", "", "yes", "∞", "1850-01-01", "end"]
    assert pd.Timestamp(row[2]) == pd.Timestamp("2025-03-01")
