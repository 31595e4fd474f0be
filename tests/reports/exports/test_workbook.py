"""The workbook of a report: its first page, then the tables of sums in the edition's words; no customer, no formula."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass

import pandas as pd
import pytest
import python_calamine

from helpers import language
from helpers.findings import Column, Finding, Kind, save, say
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, LOWER, REVENUE, SHARE
from helpers.reports.exports.workbook import HEAD, SHEETS, write_workbook
from helpers.reports.pages.monday import Monday

KPI = Column("kpi", Kind.CODE, "which", words={"orders": "orders"})
FIRST = Monday(
    "=cmd|' /C calc'!A1", "resting on much",
    [{"sign": "▼", "said": "new customers brought less", "direction": "worse", "basis": "in 90 days"}],
    [{"said": "Call them", "basis": "why", "owner": "Ann", "due_on": "2025-07-07"}],
    [{"name": "revenue", "value": "¥5", "standings": [{"sign": "", "said": "as before", "direction": ""}]}],
)  # fmt: skip


@dataclass(frozen=True)
class Sums(Finding):
    """Sums over many."""

    table: pd.DataFrame
    columns = (KPI, CUSTOMERS, SHARE, LOWER, REVENUE)
    currency: str = "CNY"

    def title(self):
        return say("What to do")

    def headline(self):
        return say("What changed")


IS = Column("is", Kind.NAME, "what it is", aside=True)


@dataclass(frozen=True)
class Differences(Sums):
    """What changed, shares and amounts."""

    columns = (Column("effect", Kind.NUMBER, "what changed", by=IS, kinds={"share": Kind.POINTS}), LOWER, IS)


@dataclass(frozen=True)
class People(Sums):
    """A row a customer."""

    columns = (CUSTOMER_ID, CUSTOMERS)


@pytest.fixture
def tables(tmp_path, monkeypatch):
    monkeypatch.setenv(language.EDITIONS, "en,zh")
    rows = {"kpi": ["orders", "=2"], "customers": [5, 1200], "share": [0.1234, None], "lower": [0.1, 0.00001]}
    folder = tmp_path / "tables"
    save(Sums(pd.DataFrame(rows | {"revenue": [1.5, -3], "=undeclared": 1})), folder, "kpis")
    save(Sums(pd.DataFrame(rows)), folder, "another_one")
    save(Sums(pd.DataFrame({"kpi": [], "customers": []})), folder, "rates")
    save(People(pd.DataFrame({"customer_id": ["c1"], "customers": [1]})), folder, "segments")
    save(pd.DataFrame({"customer_id": ["c2"]}), folder, "plain")
    return folder


def sheets(path):
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def written(tables, spoken="en", name="report.xlsx"):
    path = tables.parent / name
    with language.spoken(spoken):
        write_workbook(path, tables, FIRST, "A shop", "2025-06-30")
    return path


def test_the_first_page_stands_first_with_the_answer_of_every_sheet(tables):
    summary = sheets(written(tables))["Summary"]
    text = [cell for row in summary for cell in row if cell]
    for said in (FIRST.verdict, FIRST.basis, "▼ new customers brought less (worse)", "Call them", "Ann", "2025-07-07",
                 "revenue", "¥5", "as before"):  # fmt: skip
        assert said in text
    assert [row[:2] for row in summary[-2:]] == [["KPIs", "What changed"], ["Another one", "What changed"]]


def test_sums_have_declared_headings_and_numbers_below_their_question_and_answer(tables):
    rows = sheets(written(tables))["KPIs"]
    assert [rows[0][0], rows[1][0]] == ["What to do", "What changed"]
    assert rows[HEAD] == ["KPI", "Customers", "Share", "Lower", "Revenue (¥)"]
    assert rows[HEAD + 1 :] == [["orders", 5, 0.1234, 0.1, 1.5], ["=2", 1200, "", 0.00001, -3]]


def test_lists_of_customers_empty_tables_and_what_is_not_declared_are_left_out(tables):
    made = sheets(written(tables))
    assert list(made) == ["Summary", "KPIs", "Another one"]
    assert not {"c1", "c2", "=undeclared"} & {cell for rows in made.values() for row in rows for cell in row}


def test_each_edition_has_its_own_words(tables):
    made = sheets(written(tables, "zh"))
    assert list(made)[:2] == ["摘要", "关键指标"]
    assert ["▼ new customers brought less（更差）"] == [row[0] for row in made["摘要"] if "less" in row[0]]
    assert made["关键指标"][0][0] == "该怎么做" and made["关键指标"][HEAD][-1].endswith("（元）")


def test_no_cell_is_a_formula_heads_stay_and_numbers_are_shown_as_on_pages(tables):
    with zipfile.ZipFile(written(tables)) as book:
        marks = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        looks = book.read("xl/styles.xml").decode()
    assert not any("<f>" in sheet for sheet in marks)
    assert "frozen" in marks[1] and f'topLeftCell="B{HEAD + 2}"' in marks[1]
    assert "#,##0.0%" in looks and "&quot;&lt; 0.01%&quot;" in looks


def test_two_workbooks_of_one_report_are_equal_to_the_byte(tables):
    assert written(tables).read_bytes() == written(tables, name="again.xlsx").read_bytes()


def test_every_sheet_has_a_name_of_its_own_that_excel_takes():
    for spoken in language.LANGUAGES:
        with language.spoken(spoken):
            names = [language._(name) for name in ("Summary", *SHEETS.values())]
        assert len({name.casefold() for name in names}) == len(names)
        assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_words_that_are_wrapped_have_the_room_that_they_need(tmp_path, tables):
    basis = "客户" * 45 + "\n" + "x" * 61  # 180 letters' room and one too many: three lines and two
    first = Monday("营收" * 21, "", [], [{"said": "a", "basis": basis, "owner": "", "due_on": ""}], [])
    write_workbook(tmp_path / "report.xlsx", tables, first, "Shop", "2025-06-30")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    heights = dict(re.findall(r'<row r="(\d+)"[^>]* ht="([^"]+)"', sheet))
    assert float(heights["6"]) == 5 * 15
    assert float(heights["2"]) == pytest.approx(3 * 15 * 16 / 11, abs=0.3)  # 84 letters at 16 points


def test_a_difference_of_shares_is_in_points_in_its_row_alone(tables):
    rows = {"effect": [0.055, 2.5], "lower": [0.021, 1.5], "is": ["share", "mean"]}
    save(Differences(pd.DataFrame(rows)), tables, "z")
    path = written(tables, "zh")
    assert sheets(path)["Z"][HEAD:] == [["效果", "下限"], [5.5, 2.1], [2.5, 1.5]]
    with zipfile.ZipFile(path) as book:
        assert "&quot;+&quot;#,##0.0&quot; 个百分点&quot;" in book.read("xl/styles.xml").decode()
