"""Canaries: a report of the demo with made-up people in every text column, none of whom may be found in it.

In each column a name, a phone number, an e-mail address, a 身份证 number and a customer id stand for one to four
customers, fewer than are ever shown by themselves, and in several of their rows. Every notebook runs once on that copy.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import pages
from helpers.data import contracts, datasets
from helpers.data.intake import files
from helpers.data.intake.wording import settings
from helpers.data.intake.wording.tables import Feed
from helpers.reports.run import Run
from pages import Page

ROWS_EACH = 8  # of a customer, where there are as many: counting rows must not be taken for counting customers
KINDS = ("name", "phone", "e-mail", "身份证 number", "customer id")
RARE = "龘靐齉爩鱻麤灪龗厵"  # the demo has none of these, so that a part of a name is known as well
ALONE = r"(?<![a-z\d]){}(?![a-z\d])"
NUMBERS = (
    r"1990731\d{4}",
    r"11010119900307\d{3}[\dX]?",
)  # a phone and a 身份证; digits within a longer number are none
PEOPLE = (f"[{RARE}]{{1,2}}", "kanari[a-z]{2}", *(rf"(?<!\d){each}(?!\d)" for each in NUMBERS), ALONE.format(r"C\d{4}"))
TELLING = re.compile("|".join([*PEOPLE, ALONE.format(r"[OT]\d{5}")]), re.IGNORECASE)  # orders and tickets, too
BESIDE = ("手机号", "Email", "出生年份")  # of customers: two that nothing maps, and one in which a text is set aside


@dataclass(frozen=True)
class Reported:
    """A finished report of planted data."""

    run: Run
    data: datasets.Dataset
    out: Path  # the folder of all reports
    pages: list[Page]
    places: dict[str, str]  # for each canary its column and kind

    def files(self, *suffixes: str) -> list[Path]:
        """The report's files with these suffixes, the list of all reports among them."""
        return [path for path in sorted(self.out.rglob("*")) if path.is_file() and path.suffix in suffixes]

    def told(self, words: str) -> set[str]:
        """The canaries and identifiers found in `words`, each with the column that it comes from."""
        found = set(TELLING.findall(words))
        return {f"{mark} ({self._place(mark)})" for mark in found}

    def _place(self, mark: str) -> str:
        return next((place for value, place in self.places.items() if mark.lower() in value.lower()), "the demo")


@contextmanager
def reported(home: Path) -> Iterator[Reported]:
    """The report of a copy of the demo in which canaries are planted; `home` is an empty folder."""
    folder = home / f"shop{os.getpid()}"  # what is prepared of it is kept by this name
    shutil.copytree(datasets.RAW / "demo", folder)
    places = plant(folder)
    data = datasets.open(folder)
    try:
        made, noted = pages.report(str(folder), home)
        yield Reported(made, data, home / "reports", noted, places)
    finally:
        shutil.rmtree(data.snapshot_path.parent)


def people(n: int) -> dict[str, str]:
    """The canaries of column number `n`, by kind."""
    word = f"kanari{chr(97 + n // 26)}{chr(97 + n % 26)}"
    name = "欧阳" + RARE[n // len(RARE)] + RARE[n % len(RARE)]
    values = (name, f"1990731{n:04}", f"{word}@{word}.example", id_number(f"11010119900307{n:03}"), f"C9{n:03}")
    return dict(zip(KINDS, values, strict=True))


def id_number(first: str) -> str:
    """The 身份证 number of 18 digits that begins with these 17 (GB 11643-1999, check digit of ISO 7064 MOD 11-2)."""
    total = sum(int(digit) << place for place, digit in zip(range(17, 0, -1), first, strict=True))
    return first + "10X98765432"[total % 11]


def sentence(value: str) -> str:
    """What somebody writes who wants to be reached."""
    return f"质量太差，要求退款，请联系{value} quickly"


def plant(folder: Path) -> dict[str, str]:
    """Puts canaries into the files of the data set in `folder`; for each the column that it stands in and its kind."""
    places: dict[str, str] = {}
    for feed in settings.read(folder).feeds.values():
        path, contract = files.find(folder, feed.file)[-1], contracts.TABLES[feed.table]
        if feed.table in ("products", "spending"):
            continue  # goods and channels are nobody's, and pages name them
        frame, form = read(path)
        headers = text_columns(frame, feed)
        owner = frame["订单编号" if feed.table == "order_items" else headers["customer_id"]].copy()
        free = set(owner) - {""}
        for column, header in headers.items():
            values = frame[header] if header in frame else owner
            owners = iter(owner[(values != "") & owner.isin(free)].value_counts().index)
            known = contract.column(column)
            for n, (kind, value) in enumerate(people(len(places) // len(KINDS)).items()):
                few = [next(owners) for _ in range(1 + n % 4)]
                free -= set(few)
                rows = [row for one in few for row in owner.index[owner == one][:ROWS_EACH]]
                written = sentence(value) if known and known.type == contracts.PROSE else value
                frame.loc[rows[:1] if contract.key == (column,) else rows, header] = written
                places[value] = f"{feed.table}.{column}, {kind}"
        frame.fillna("").to_csv(path, index=False, **form)
    return places


def text_columns(frame: pd.DataFrame, feed: Feed) -> dict[str, str]:
    """The text columns that can be read from a file, and its header for each; a new one for those that it lacks."""
    headers = {files.fold(header): header for header in frame.columns}
    contract = contracts.TABLES[feed.table]
    words = [column.name for column in contract.columns if column.type in contracts.WORDS and not column.consumed]
    wanted = {name: (name,) for name in words}
    wanted |= {name: origin.headers for name, origin in feed.columns.items() if name in wanted}
    wanted |= {extra.name: extra.origin.headers for extra in feed.extras if extra.type == contracts.TEXT}
    wanted |= {header: (header,) for header in BESIDE if feed.table == "customers"}
    if feed.table == "order_items":  # its lines belong to orders, and through them to customers
        wanted = {name: names for name, names in wanted.items() if name not in ("order_id", "customer_id")}
    return {
        name: next((headers[found] for found in map(files.fold, names) if found in headers), name)
        for name, names in wanted.items()
    }


def read(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """A file of the demo as text, and the encoding and the separator that it is to be written with again."""
    encoding = files.detected_encoding(path).replace("utf-8", "utf-8-sig")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding=encoding) as lines:
        first = lines.readline()
    form = {"encoding": encoding, "sep": max(files.DELIMITERS, key=first.count)}
    return pd.read_csv(path, dtype=str, keep_default_na=False, **form), form
