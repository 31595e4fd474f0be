"""Every answer on every page of a report holds what its columns declare, and every saved table is documented."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import importlib
import math
import pkgutil
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
import python_calamine
from pandas.api import types

from answers import words_of
from helpers import analyses, language
from helpers.findings import Column, DeclaredTable, Finding, Kind, Listing, Sentence, declarations, formats, load, say
from helpers.findings.columns import declared, in_rows, written_as
from helpers.reports.exports.workbook import HEAD, WORKBOOK, sheets_of
from pages import Page, documented, saved_tables

IN_POINTS = (Kind.POINTS, Kind.POINTS_APART)
NUMERIC = {
    Kind.COUNT,
    Kind.NUMBER,
    Kind.SHARE,
    Kind.POINTS,
    Kind.POINTS_APART,
    Kind.DAYS,
    Kind.MONEY,
    Kind.P_VALUE,
    Kind.LIMIT,
}
NO_OCCASION = {  # columns that stand in a table only where there is a report before, a silence, other units of time …
    "Kpis": {"since_last_run_rate"},
    "Rates": {"last_run_rate"},
    "RowsOverTime": {"day"},
    "Stays": {"silence_days"},
    "SpeedBy": {"median_hours"},
    # a table of labels has the column of one kind of them, and these kinds are shown without it
    "Crossing": {"stage", "cluster"},
    "Groups": {"stage", "level"},
    "Personas": {"tier", "stage", "is_like", "cluster", "level"},
    "Preferences": {"stage", "tier", "cluster", "level"},
    "Stages": {"benefits", "segment", "tier", "cluster", "level"},
}
WORDS = {Kind.NAME, Kind.FIELD, Kind.CODE, Kind.DATE, Kind.PLAIN, Kind.FLAG}  # these say what a row is of
SENTENCES = {"benefits", "convention", "group_rule", "lift_convention", "reason", "what_to_do", "why", "unit"}
BASES = {"customers": ("customer_share",), "buyers": ("buyer_share",), "revenue": ("revenue_share",)}
MOST_UNITS = {language.ENGLISH: 25, language.CHINESE: 40}  # of a headline
MOST_NUMBERS = 3
NAMED = re.compile(
    r"“[^”]*”|[A-Z][a-z]+ \d{4}|\d+ (?:days|months)|\d{4}-\d\d(?:-\d\d)?|[近后前] ?\d+ ?[天个]|\d+ 年 \d+ 月(?: \d+ 日)?"
)
METHOD = re.compile(r"\bCI\b|\bp [=<]|Holm|Kaplan|hazard|AUC|95%|p 值|风险比|置信")
MOST_ROWS = 300  # of a table of groups; larger ones have a row a customer, who is compared in none
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def declared_tables() -> list[type[DeclaredTable]]:
    """All kinds of findings and saved tables that the analyses have."""
    for module in pkgutil.walk_packages(analyses.__path__, f"{analyses.__name__}."):
        importlib.import_module(module.name)
    kinds, waiting = [], [DeclaredTable]
    while waiting:
        waiting.extend(subclasses := waiting.pop().__subclasses__())
        own = (kind for kind in subclasses if kind.__module__.startswith("helpers."))
        kinds.extend(kind for kind in own if kind not in (Finding, Listing))
    return sorted(set(kinds), key=lambda kind: (kind.__module__, kind.__name__))


def faults(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[str]:
    """What a table holds that its columns do not declare, by name or by kind."""
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame
    found = []
    for name in flat.columns:
        try:
            column = declared(columns, str(name))
        except LookupError:
            found.append(f"{name} is not declared")
            continue
        if not fits(flat[name], column):
            found.append(f"{name} is no {column.kind}: {flat[name].dropna().head(2).tolist()}")
    return found


def fits(values: pd.Series, column: Column) -> bool:
    """Whether the values that there are are of the column's kind."""
    there = values.dropna()
    if column.kind is Kind.CODE:
        return all(column.word(code) is not None for code in there)
    if column.kind is Kind.FLAG:
        return set(there) <= {True, False}
    if column.kind is Kind.DATE:
        return types.is_datetime64_any_dtype(values) or all(hasattr(day, "year") for day in there)
    if column.kind not in NUMERIC:
        return True
    if not all(types.is_number(value) for value in there):
        return False
    numbers = there.astype(float)
    if column.kind is Kind.COUNT:
        return bool((numbers.round() == numbers).all())
    return column.kind is not Kind.P_VALUE or bool(numbers.between(0, 1).all())


def figures(frame: pd.DataFrame, columns: tuple[Column, ...]) -> dict[tuple[str, frozenset], float]:
    """The named figures of a table: (name, what the row is of) → value, where the row's words tell it from others."""
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame
    kinds = {name: declared(columns, str(name)).kind for name in flat}
    words = [name for name in flat if kinds[name] in WORDS and str(name) not in SENTENCES]
    rows = flat[words].astype(str).apply(lambda row: frozenset(row.items()), axis="columns") if words else None
    keys = pd.Series([frozenset()] * len(flat), flat.index, dtype=object) if rows is None else rows
    alone = ~keys.duplicated(keep=False)
    return {
        (str(name), key): float(value)
        for name in flat
        if kinds[name] in NUMERIC - {Kind.LIMIT, Kind.P_VALUE} or kinds[name] is Kind.MIXED
        for key, value in zip(keys[alone], flat.loc[alone, name], strict=True)
        if types.is_number(value) and not pd.isna(value)
    }


def bases(frame: pd.DataFrame) -> dict[str, float]:
    """What the shares of a table are shares of, by the number beside them: 5,000 of customers by customer_share."""
    return {
        share: float((frame[number] / frame[share]).median())
        for number, shares in BASES.items()
        for share in shares
        if {number, share} <= set(frame.columns) and frame[share].gt(0).any()
    }


def disagreements(tables: list[tuple[str, pd.DataFrame, tuple[Column, ...]]]) -> list[str]:
    """Figures of one name and of the same rows that are not the same in two kinds of finding; shares of two wholes.

    `tables` are named by the kind of finding that they are of. Where one kind has two values for the same words, it
    was asked two questions (of two experiments, say), which its page tells apart: it names no figure.
    """
    met: dict[tuple[str, frozenset], dict[str, set[float]]] = {}
    for kind, frame, columns in tables:
        of_all = {(f"whole of {share}", frozenset()): whole for share, whole in bases(frame).items()}
        for figure, value in (figures(frame, columns) | of_all).items():
            met.setdefault(figure, {}).setdefault(kind, set()).add(round(value, 9))
    found = []
    for (name, key), by_kind in met.items():
        named = {kind: value for kind, values in by_kind.items() if len(values) == 1 for value in values}
        if named and max(named.values()) - min(named.values()) > 1e-6 * max(map(abs, named.values())):
            found.append(f"{name} of {dict(key) or 'all'}: {named}")
    return found


def differences_of_workbook(edition: Path, tables: Path) -> list[str]:
    """Where the workbook in an edition's folder differs from the saved `tables`, or its first sheet from the page."""
    book = python_calamine.CalamineWorkbook.from_path(edition / WORKBOOK)
    found = []
    for sheet in sheets_of(tables):
        _head, *rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)[HEAD:]
        for column, shown, cells in zip(sheet.columns, written_as(sheet.columns), zip(*rows, strict=True), strict=True):
            values = zip(in_rows(shown, sheet.table), sheet.table[str(column)].tolist(), strict=True)
            wanted = [_cell(column, 100 * value if each.kind in IN_POINTS else value) for each, value in values]
            if _in_digits(column, map(_as_saved, cells)) != _in_digits(column, wanted):
                found.append(f"{sheet.name}, {column.above()}: {cells[:3]} for {wanted[:3]}")
    page = html.unescape(re.sub(r"<[^>]+>", "", (edition / "index.html").read_text(encoding="utf-8")))
    first = book.get_sheet_by_index(0).to_python()
    told = [cell for row in first[1 : -len(book.sheet_names)] for cell in row if cell]
    said = [re.sub(r"^[▲▼◆] | \([^()]*\)$|（[^（）]*）$", "", line) for cell in told for line in cell.split("\n")]
    heads = {language._(head) for head in ("Owner", "Due on", "Result")}
    return [*found, *(line for line in said if line not in page and line not in heads)]


def _in_digits(column: Column, values: Iterable[object]) -> list[object]:
    """The same values, money with the three digits that readers see; a limit may be of money."""
    of_money = column.kind in (Kind.MONEY, Kind.LIMIT, Kind.MIXED)
    return [formats.rounded(each) if of_money and isinstance(each, float) else each for each in values]


def _cell(column: Column, value: object) -> object:
    """What a workbook's cell is to hold of a saved value: numbers and days themselves, all else in words."""
    if formats.is_missing(value):
        return ""
    if formats.is_number(value):
        return round(float(value), 9) if math.isfinite(value) else column.write(value)
    return pd.Timestamp(value) if isinstance(value, dt.date) else column.write(value)


def _as_saved(cell: object) -> object:
    return pd.Timestamp(cell) if isinstance(cell, dt.date) else round(cell, 9) if isinstance(cell, float) else cell


def units(words: str) -> int:
    """How much there is to read: a Chinese character, a number with its signs and a word of letters each count as one."""
    return len(re.findall(r"[一-鿿]|[-+−¥$£€]?\d[\d,.]*%?|[A-Za-z][\w'’-]*", words))


def burdens(finding: Finding) -> list[str]:
    """What makes a headline more than one claim that a director reads at once, in either language."""
    headline, found = finding.headline(), [] if finding.title() else ["no title"]
    for edition, most in MOST_UNITS.items():
        with language.spoken(edition):
            words = str(headline)
        told = NAMED.sub("", words)
        if units(words) > most:
            found.append(f"{units(words)} units: {words}")
        if len(re.findall(r"\d[\d,.]*", told)) > MOST_NUMBERS:
            found.append(f"many numbers: {words}")
        if METHOD.search(told):
            found.append(f"method: {words}")
    return found


@pytest.fixture
def pages(reported) -> list[Page]:
    return reported.pages


def test_a_headline_is_one_claim_that_a_director_reads_at_once(pages):
    found = {type(each).__name__: burdens(each) for page in pages for each in page.findings}
    assert {name: burden for name, burden in found.items() if burden} == {}


def test_a_headline_that_is_a_burden_is_found():
    @dataclasses.dataclass(frozen=True)
    class Heavy(Finding):
        table: pd.DataFrame

        def headline(self) -> Sentence:
            return say("of 1, 2, 3 and 4 (p = {p})" + " and more" * 12, p=1)

    found = burdens(Heavy(pd.DataFrame()))
    assert found[0] == "no title" and {burden.split(":")[0] for burden in found[1:]} >= {"many numbers", "method"}
    assert any("units" in burden for burden in found)


def test_every_finding_is_frozen_with_its_table_first_and_every_column_in_words():
    kinds = declared_tables()
    assert len(kinds) > 100
    for kind in kinds:
        assert dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen, kind
        given = [each.name for each in dataclasses.fields(kind) if not each.kw_only]
        assert given[0] == "table", kind
        assert kind.columns, f"{kind.__name__} declares no columns"
        assert all(
            isinstance(column, Column) and column.meaning for column in (*kind.columns, *getattr(kind, "shown", ()))
        ), kind


def test_tables_hold_what_their_columns_declare(pages):
    found = {}
    for place, finding in enumerate(finding for page in pages for finding in page.findings):
        kind = f"{place} {type(finding).__name__}"
        found[kind, "table"] = faults(finding.table, finding.columns)
        found[kind, "summary"] = faults(finding.summary(), finding.shown or finding.columns)
    for name, answer in (line for page in pages for line in page.saved.items()):
        found[name, "saved"] = faults(answer.table, answer.columns)
    assert {what: fault for what, fault in found.items() if fault} == {}


def test_every_finding_says_a_sentence(pages):
    said = {words_of(finding) for page in pages for finding in page.findings}
    assert [words for words in said if not words.endswith(".")] == []


def test_every_declared_column_is_met_but_for_those_that_the_demo_has_no_occasion_for(pages):
    met: dict[type, set[str]] = {}
    for finding in (finding for page in pages for finding in page.findings):
        met.setdefault(type(finding), set()).update(map(str, finding.table.reset_index().columns))
    declares = {kind: {str(column) for column in kind.columns if not column.is_pattern} for kind in met}
    absent = {kind.__name__: declares[kind] - met[kind] for kind in met if declares[kind] - met[kind]}
    assert absent == NO_OCCASION


def test_most_findings_are_met_on_the_demo_and_none_fails_to_show_itself(pages):
    met = {type(finding) for page in pages for finding in page.findings}
    findings = [kind for kind in declared_tables() if issubclass(kind, Finding)]
    assert len(met) >= 0.9 * len(findings), sorted(kind.__name__ for kind in set(findings) - met)


def test_one_measure_has_one_name_population_and_window(pages):
    """No two figures of one name, of the same rows, disagree over all pages and saved tables of a run."""
    answers = [answer for page in pages for answer in (*page.findings, *page.saved.values())]
    tables = [
        (f"{type(answer).__module__}.{type(answer).__name__}", frame, columns)
        for answer in answers
        if isinstance(answer, DeclaredTable)
        for frame, columns in (
            (answer.table, answer.columns),
            *([(answer.summary(), answer.shown or answer.columns)] if isinstance(answer, Finding) else []),
        )
        if len(frame) <= MOST_ROWS
    ]
    assert len(tables) > 100
    assert disagreements(tables) == []


@pytest.mark.parametrize(("edition", "folder"), [("en", "."), ("zh", "zh")])
def test_the_workbook_says_what_the_saved_tables_and_the_first_page_say(reported, edition, folder):
    with language.spoken(edition), language.calling(reported.run.data.settings.own_words):
        assert differences_of_workbook(reported.run.folder / folder, reported.run.folder / "tables") == []


def test_a_workbook_that_says_something_else_is_caught(reported, tmp_path):
    tables = tmp_path / "tables"
    shutil.copytree(reported.run.folder / "tables", tables)
    kpis, declaration = load(tables, "kpis"), declarations.read(tables / "kpis.parquet")
    declarations.write(kpis.assign(value=kpis["value"] + 1), tables / "kpis.parquet", declaration)
    with language.calling(reported.run.data.settings.own_words):
        (found, *others) = differences_of_workbook(reported.run.folder, tables)
    assert found.startswith("KPIs, Result") and not others


def test_two_figures_of_one_name_that_disagree_are_caught():
    segment, revenue = Column("segment", Kind.NAME, "the segment"), Column("revenue", Kind.MONEY, "money")
    share = Column("revenue_share", Kind.SHARE, "share of it")
    one = pd.DataFrame({"segment": ["gold", "rest"], "revenue": [60.0, 40.0], "revenue_share": [0.6, 0.4]})
    columns = (segment, revenue, share)
    assert disagreements([("a", one, columns), ("b", one[::-1], columns)]) == []
    found, whole = disagreements([("a", one, columns), ("b", one.assign(revenue=[61.0, 40.0]), columns)])
    assert found.startswith("revenue of {'segment': 'gold'}") and "'b': 61.0" in found
    assert whole.startswith("whole of revenue_share of all")
    net = pd.DataFrame({"tier": ["x", "y"], "revenue": [6.0, 3.0], "revenue_share": [2 / 3, 1 / 3]})
    (other,) = disagreements([("a", one, columns), ("b", net, (Column("tier", Kind.NAME, "tier"), revenue, share))])
    assert other.startswith("whole of revenue_share of all")


def test_the_documentation_of_saved_tables_is_what_they_declare(pages):
    """To renew it: `make tables`."""
    assert DOCUMENT.read_text(encoding="utf-8") == documented(saved_tables(pages))


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([0.5], Column("n", Kind.COUNT, "n")), (["a"], Column("s", Kind.CODE, "s", words={"b": "B"})), ([2.0], Column("p", Kind.P_VALUE, "p")),
        ([2], Column("f", Kind.FLAG, "f")), (["12%"], Column("r", Kind.SHARE, "r")), (["hello"], Column("d", Kind.DATE, "d")), ([{}], Column("x", Kind.NUMBER, "x")), ([3], Column("d", Kind.DATE, "d")),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_caught(values, column):
    assert faults(pd.DataFrame({str(column): values}), (column,))
    assert faults(pd.DataFrame({str(column): [None]}), (column,)) == []


def test_a_column_that_nobody_declared_is_caught():
    assert faults(pd.DataFrame({"phone": ["1"]}), ()) == ["phone is not declared"]
