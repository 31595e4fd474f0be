"""Pages with tables in them: HTML, which programs like to name .xls, and the XML of Excel 2003."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import ibis

from helpers.data.intake.files.cells import cell_rows
from helpers.data.intake.files.encodings import as_utf8
from helpers.data.intake.files.kinds import HEAD, UTF_16
from helpers.data.intake.files.tables import Layout, TextTable
from helpers.language import _

DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
READ_AS = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "shift_jis": "cp932"}  # as browsers do
WIDEST = 1_000  # columns or rows that one cell may span
BLOCK = 1 << 20

Row = tuple[int, list[str]]  # the number of its table, and its cells


def page_rows(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    """The rows of the page's table with the most of them; ValueError where it has none."""
    readable = _as_utf8(path, layout.encoding, scratch)
    sizes = Counter(table for table, _ in _rows(readable))
    if not sizes:
        raise ValueError(
            _("{file}: it is a web page without a table. Export the table itself, as CSV or xlsx.").format(
                file=path.name
            )
        )
    largest = sizes.most_common(1)[0][0]
    told = f"the largest of {len(sizes)} tables" if len(sizes) > 1 else ""
    rows = (row for table, row in _rows(readable) if table == largest)
    return cell_rows(connection, path.name, rows, scratch, told)


def _as_utf8(path: Path, encoding: str, scratch: Path) -> Path:
    """The page as UTF-8: from the encoding that settings name, or it says itself, or, where that is wrong, it has."""
    declared = _declared(path)
    if encoding == "auto" and declared != "auto":
        try:
            return as_utf8(path, declared, scratch)
        except ValueError:
            pass
    return as_utf8(path, encoding, scratch)


def _declared(path: Path) -> str:
    """The encoding that a page says it has; "auto" where it says none that is known."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head[:2] in UTF_16:
        return "utf-16"
    said = DECLARED.search(head)
    try:
        name = codecs.lookup(said[1].decode()).name if said else "auto"
    except LookupError:
        return "auto"
    return READ_AS.get(name, name)


def _rows(path: Path) -> Iterator[Row]:
    """The rows of all tables of a page, as they end."""
    page = _Page()
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        while block := stream.read(BLOCK):
            page.feed(block)
            yield from page.taken()
    page.close()
    page.handle_endtag("table")
    yield from page.taken()


class _Table:
    """A table of which a row is being read."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.row: list[str] | None = None
        self.text: list[str] | None = None  # of the cell that is open
        self.across = 1
        self.down: dict[int, tuple[int, str]] = {}  # by column: rows that a cell above still reaches, and its text


class _Page(HTMLParser):
    """Collects the rows of tables, which may stand within each other, and whose ends may be left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = 0
        self.open: list[_Table] = []
        self.done: list[Row] = []

    def taken(self) -> list[Row]:
        """The rows that have ended since this was last asked."""
        done, self.done = self.done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.open.append(_Table(self.tables))
            self.tables += 1
        elif self.open:
            table, said = self.open[-1], dict(attrs)
            match tag:
                case "tr" | "row":
                    self._end_row(table)
                    table.row = []
                case "td" | "th" | "cell":
                    self._begin_cell(table, said)
                case "br" if table.text is not None:
                    table.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            table = self.open[-1]
            match tag:
                case "td" | "th" | "cell":
                    _end_cell(table)
                case "tr" | "row":
                    self._end_row(table)
                case "table":
                    self._end_row(table)
                    self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].text is not None:
            self.open[-1].text.append(data)

    def _begin_cell(self, table: _Table, said: dict[str, str | None]) -> None:
        _end_cell(table)
        if table.row is None:
            table.row = []
        place = _number(said.get("ss:index"), 0)
        table.row += [""] * (place - 1 - len(table.row))
        _reach_down(table)
        across = _number(said.get("colspan"), 1) + _number(said.get("ss:mergeacross"), 0)
        down = _number(said.get("rowspan"), 1) + _number(said.get("ss:mergedown"), 0)
        table.text, table.across = [], max(across, 1)
        if down > 1:
            table.down[len(table.row)] = down, ""

    def _end_row(self, table: _Table) -> None:
        _end_cell(table)
        if table.row is not None:
            _reach_down(table)
            self.done.append((table.number, table.row))
            table.row = None


def _end_cell(table: _Table) -> None:
    if table.row is None or table.text is None:
        return
    text, column = " ".join("".join(table.text).split()), len(table.row)
    if column in table.down:
        table.down[column] = table.down[column][0] - 1, text
    table.row += [text, *[""] * (table.across - 1)]
    table.text = None


def _reach_down(table: _Table) -> None:
    """Cells of rows above stand in the places that they reach down to."""
    while table.row is not None and (column := len(table.row)) in table.down:
        rows, text = table.down.pop(column)
        if rows > 1:
            table.down[column] = rows - 1, text
        table.row.append(text)


def _number(text: str | None, default: int) -> int:
    return min(int(text), WIDEST) if text and text.isdecimal() else default
