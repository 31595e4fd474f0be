"""Which header of which file answers to which column, and which headers are dropped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from helpers.data import contracts, headers
from helpers.data.datasets import Dataset
from helpers.data.intake import files
from helpers.data.intake.wording import mentions
from helpers.data.intake.wording.tables import Feed
from helpers.language import _

OF_ORDERS = ("orders", "order_items")


@dataclass(frozen=True)
class Header:
    """A header of the files of one table: the column that it answers to, or else the one that it is likest to."""

    table: str
    name: str
    column: str  # empty: dropped
    likely: str  # for a dropped one: table.column that nothing answers to yet; else empty


@dataclass(frozen=True)
class _File:
    """A file as one feed reads it: its headers, with those looked up for it, and the column that each answers to."""

    table: str
    name: str
    headers: tuple[str, ...]
    answers: dict[str, str]


def mapping(data: Dataset) -> list[Header]:
    """The headers of all files, table by table; one that any table of its file uses is dropped by none."""
    known = _files(data)
    used: dict[str, set[str]] = defaultdict(set)
    for file in known:
        used[file.name] |= file.answers.keys()
    rows = []
    for table in dict.fromkeys(file.table for file in known):
        mine = [file for file in known if file.table == table]
        answers = {header: column for file in mine for header, column in file.answers.items()}
        mapped = {each for column in answers.values() for each in column.split(", ")}
        lacking = [f"{table}.{column.name}" for column in contracts.TABLES[table].columns if column.name not in mapped]
        shown = [name for file in mine for name in file.headers if name in answers or name not in used[file.name]]
        for header in dict.fromkeys(shown):
            likely = "" if header in answers else headers.likeliest(header, lacking) or _status(table, header, lacking)
            rows.append(Header(table, header, answers.get(header, ""), likely))
    return rows


def undone(dropped: Header) -> list[str]:
    """The sentence on a header that seems to say which orders are none, and is not read."""
    table, _dot, column = dropped.likely.partition(".")
    if column != "cancelled" or headers.likeness(dropped.name, table, column) < headers.LEAST:
        return []
    words = _(
        "{table}: {header} is not read, and no order counts as cancelled. If it says which are, write so: cancelled = "
        "{{ sql = '''\"{header}\" IN ('…')''' }}"
    )
    return [words.format(table=table, header=dropped.name)]


def _status(table: str, header: str, lacking: list[str]) -> str:
    """The column that a dropped status tells of, while nothing says which orders are cancelled; else empty."""
    cancelled = f"{table}.cancelled"
    is_one = headers.likeness(header, "orders", "status") >= headers.LEAST
    return cancelled if is_one and table in OF_ORDERS and cancelled in lacking else ""


def _files(data: Dataset) -> list[_File]:
    found = []
    for line in data.files.itertuples():
        feed = data.settings.feeds[line.table].each[line.feed]
        asked = mentions.of_origins(feed)
        names = (*line.headers, *(name for name in line.looked_up if name in asked))
        found.append(_File(line.table, line.file, names, _answers(feed, names)))
    return found


def _answers(feed: Feed, found: tuple[str, ...]) -> dict[str, str]:
    """The column that each header answers to; several where it stands in expressions too."""
    answers: dict[str, str] = {}
    for column, origin in mentions.origins(feed).items():
        asked = (
            mentions.in_sql(origin.sql)
            if origin.sql
            else [headers.answering(list(map(files.fold, origin.headers)), found)]
        )
        for header in asked:
            if header in found:
                answers[header] = f"{answers[header]}, {column}" if header in answers else column
    for rule in feed.rules:
        for header in mentions.in_sql(rule.keep):
            if header in found:
                answers.setdefault(header, rule.rule)
    for join in feed.join:
        for header in map(files.fold, join.on):
            if header in found:
                answers.setdefault(header, join.file)
    return answers
