"""`report.xlsx`: the first page of a report and the tables of sums behind it, in one workbook without any customer.

Each table has passed the layer that hides what would tell of too few.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.findings import Column, Kind, declarations, formats, load
from helpers.findings.columns import declared, in_rows, written_as
from helpers.findings.declarations import Declaration
from helpers.findings.privacy.disclosure import disclosed
from helpers.language import _, current, later
from helpers.reports.exports import books, cells
from helpers.reports.pages.monday import Monday, directions

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "report.xlsx"  # of each edition
SUMMARY = later("Summary")
SHEETS = {
    "kpis": later("KPIs"), "rates": later("KPI shares"), "scorecard": later("Scorecard"),
    "sales_change": later("What changed"), "stay_rates": later("Stay rates"),
    "hazard_ratios": later("Hazard ratios"), "health_backtest": later("Health, tried"),
    "experiment_decisions": later("Decisions"), "experiment_effects": later("Effects of tests"),
    "lead_conversion": later("Leads"), "onboarding": later("First steps"), "early_steps": later("Who stays after them"),
    "feature_use": later("Use of features"), "feature_stays": later("Who stays with features"),
    "pairs": later("Goods together"), "next_goods": later("Next goods"), "ladders": later("Steps up"),
    "payback": later("Cost and payback"), "referral_value": later("Worth of brought customers"),
    "referral_rate": later("Customers brought"), "offer_backtest": later("Offers, tried"),
    "membership_rules": later("Rules of membership"),
    "membership_scenarios": later("Membership scenarios"), "points_liability": later("Points owed"),
    "compliance": later("Plan carried out"), "action_effects": later("Effects of actions"),
    "personal_choice": later("Whom to choose"),
    "accounting": later("Rows of the data"), "column_profile": later("Columns of the data"),
    "definitions": later("Definitions"),
}  # fmt: skip
IS_SHARE = "is_share"  # the column that says of mixed values in its row whether they are shares
HEAD = 3  # the row of a table's headings, below its question and its answer
NARROWEST, WIDEST, WIDE = 8, 44, 60  # letters of a column
SUMMARY_WIDTHS = (WIDE, WIDE, WIDEST / 2, WIDEST / 2)  # of the first page's columns
USUAL_SIZE, LINE_HEIGHT = 11, 15  # points of letters and of lines
MEASURED = 200  # rows by which a column's width is set


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook: its sheet's name, its rows, and what is declared of it."""

    name: str
    table: pd.DataFrame
    declaration: Declaration

    @property
    def question(self) -> str:
        """What it answers, in the language that is spoken; empty where it answers no question."""
        return self.declaration.questions.get(current(), "")

    @property
    def answer(self) -> str:
        """Its headline in that language; empty where it has none."""
        return self.declaration.answers.get(current(), "")

    @property
    def columns(self) -> list[Column]:
        """What is declared of its columns, in order; one of which nothing is, or that is `aside`, is left out."""
        known = [declared(self.declaration.columns, name) for name in self.table if self._is_declared(str(name))]
        return [column for column in known if not column.aside]

    def _is_declared(self, name: str) -> bool:
        return any(column.covers(name) for column in self.declaration.columns)


def write_workbook(path: Path, tables: Path, monday: Monday, title: str, as_of: object) -> None:
    """Writes the workbook of a report in the language that is spoken: the first page, then the saved tables of sums.

    Lists of customers, of actions and of raw rows stay in their own files. No cell can be run as a formula.
    """
    sheets = list(sheets_of(tables))
    with books.book(path) as book:
        _summary(book, monday, [title, _("data to {day}").format(day=as_of)], sheets)
        patterns: dict[str, Format] = {}

        def format_of(pattern: str) -> Format:
            return patterns.setdefault(pattern, book.add_format({"num_format": pattern, "valign": "top"}))

        for sheet in sheets:
            _fill(book, sheet, format_of)


def sheets_of(tables: Path) -> Iterator[Sheet]:
    """The saved tables of a report that are sums over many, in the order of SHEETS, any other behind them."""
    there = [path.stem for path in sorted(tables.glob("*.parquet"))]
    for name in [*(name for name in SHEETS if name in there), *(name for name in there if name not in SHEETS)]:
        declaration = declarations.read(tables / f"{name}.parquet")
        table = load(tables, name)
        if declaration and not declaration.is_a_list and table is not None and len(table):
            shown = disclosed(table, declaration.columns)
            yield Sheet(_(SHEETS[name]) if name in SHEETS else formats.spaced(name), shown, declaration)


def _summary(book: Workbook, monday: Monday, stamp: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """The first page: the verdict, what changed, what to do, the measures, and what the other sheets hold."""
    sheet = book.add_worksheet(_(SUMMARY))
    sheet.hide_gridlines(2)
    for place, letters in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(place, place, letters)
    bold, large, wrapped, head = (_format(book, name) for name in ("bold", "large", "wrapped", "head"))
    lines: list[tuple[Sequence[object], Format]] = [
        (stamp, wrapped), ([monday.verdict], large), ([monday.basis], wrapped), ([], wrapped)
    ]  # fmt: skip
    blocks = [
        ([_("What changed"), _("How sure?")], [[_moved(each), each["basis"]] for each in monday.changes]),
        ([_("Not news")], [[each.whole] for each in monday.apart]),
        ([_("What to do"), _("Why?"), _("Owner"), _("Due on")],
         [[each["said"], each["basis"], each["owner"], each["due_on"]] for each in monday.actions]),
        ([_("How the measures stand"), "", _("Result")],
         [[tile["name"], "\n".join(map(_moved, tile["standings"])), tile["value"]] for tile in monday.tiles]),
    ]  # fmt: skip
    for heads, rows in blocks:
        if rows:
            lines += [(heads, head), *((row, wrapped) for row in rows), ([], wrapped)]
    lines.append(([_("What the other sheets hold")], head))
    for row, (line, format) in enumerate(lines):
        sheet.set_row(row, _height(line, format.font_size))
        for place, value in enumerate(line):
            sheet.write_string(row, place, books.text(value), format)
    for row, each in enumerate(sheets, len(lines)):
        sheet.write_url(row, 0, f"internal:'{each.name}'!A1", bold, string=each.name)
        sheet.set_row(row, _height(["", each.answer or each.question], wrapped.font_size))
        sheet.write_string(row, 1, books.text(each.answer or each.question), wrapped)
    _printed(sheet)


def _height(line: Sequence[object], size: float) -> float:
    """How high a row of the first page is, in points: not every program makes room for words that are wrapped."""
    lines = [
        sum(math.ceil(max(formats.width(part), 1) * size / USUAL_SIZE / letters) for part in str(value).split("\n"))
        for value, letters in zip(line, SUMMARY_WIDTHS, strict=False)
    ]
    return LINE_HEIGHT * size / USUAL_SIZE * max(lines, default=1)


def _moved(each: Mapping[str, Any]) -> str:
    """A change with its sign, and in a word whether it is good."""
    told = f"{each['sign']} {each['said']}".lstrip()
    word = directions().get(each["direction"]) if each["sign"] else None
    return _("{change} ({direction})").format(change=told, direction=word) if word else told


def _fill(book: Workbook, sheet: Sheet, format_of: cells.Formats) -> None:
    """One sheet: question and answer above, then the table with its headings, which stay when one scrolls."""
    made = book.add_worksheet(sheet.name)
    columns, currency = sheet.columns, sheet.declaration.currency
    made.write_string(0, 0, books.text(sheet.question or sheet.name), _format(book, "bold"))
    made.write_string(1, 0, books.text(sheet.answer))
    shared = sheet.table[IS_SHARE].tolist() if IS_SHARE in sheet.table else [False] * len(sheet.table)
    for place, (column, shown_as) in enumerate(zip(columns, written_as(columns), strict=True)):
        heading, values = column.above(currency), sheet.table[str(column)].tolist()
        shown_in = in_rows(shown_as, sheet.table)
        made.write_string(HEAD, place, books.text(heading), _format(book, "head"))
        made.set_column(place, place, _width(heading, shown_in, values))
        for row, (value, is_share, shown) in enumerate(zip(values, shared, shown_in, strict=True), HEAD + 1):
            kind = Kind.SHARE if shown.kind is Kind.MIXED and is_share is True else shown.kind
            cells.put(made, (row, place), column, kind, value, format_of)
    made.freeze_panes(HEAD + 1, 1)
    made.autofilter(HEAD, 0, HEAD + len(sheet.table), len(columns) - 1)
    made.repeat_rows(HEAD)
    _printed(made)


def _width(heading: str, columns: Sequence[Column], values: Sequence[Any]) -> float:
    shown = [column.write(value) for column, value in zip(columns[:MEASURED], values[:MEASURED], strict=True)]
    widest = max(map(formats.width, [*heading.split(), *shown]), default=0)
    return min(WIDEST, max(NARROWEST, widest + 2))


def _printed(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _format(book: Workbook, name: str) -> Format:
    looks: dict[str, dict[str, Any]] = {
        "bold": {"bold": True, "valign": "top"},
        "large": {"bold": True, "font_size": 16, "text_wrap": True, "valign": "top"},
        "wrapped": {"text_wrap": True, "valign": "top"},
        "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    }
    return book.add_format(looks[name])
