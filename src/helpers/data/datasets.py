"""Data sets by name or path: prepared once for as long as their files stay the same, then opened as of a day."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq

from helpers import language, parameters
from helpers.data import engine, own_columns, snapshot, spans, subsets, tombstones
from helpers.data.intake import settlement
from helpers.data.intake.rows import purchases
from helpers.data.intake.servers import copies
from helpers.data.intake.wording import settings
from helpers.data.intake.wording.schema import Settings
from helpers.data.preparation import books, contract_tables, inputs, joins, prepared_tables
from helpers.data.shelf import Shelf, leased
from helpers.data.spans import Span
from helpers.language import _

PROJECT = Path(__file__).resolve().parents[3]
RAW = PROJECT / "data" / "raw"
PREPARED = PROJECT / "data" / "prepared"
CUSTOMERS = "customers.parquet"  # the snapshot, in a folder of its own
HAN, KANA = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3040-\u30ff]")  # both: Japanese
ENGINE = "KEHU_ENGINE"  # in the environment, for the kernels of a report too
OUTSIDE = "KEHU_ALLOW_OUTSIDE"  # in the environment, for the kernels of a report


def _no_keys() -> pd.DataFrame:
    return pd.DataFrame(columns=list(settlement.KEYS))


@dataclass(frozen=True)
class Dataset:
    """One data set as of a day: what its customers did up to then, and how its raw rows were accounted for."""

    name: str
    as_of: dt.date
    settings: Settings
    tables: dict[str, ir.Table]  # contract tables, cut at as_of
    accounting: pd.DataFrame  # table, outcome, rule, rows, rows_meeting, money
    quarantine_path: Path  # Parquet: table, file, file_row, rule, value
    inputs: tuple[Path, ...]  # the raw files
    snapshot_path: Path | None  # Parquet: one row a customer; None: the tables are summed up when they are asked
    aside: dict[str, ir.Table] = field(default_factory=dict)  # rows that break a rule, cut at as_of too
    # table, column, told, values, unreadable, stand_ins, before
    readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    files: pd.DataFrame = field(default_factory=pd.DataFrame)  # table, feed, file, headers, looked_up, told, rows
    keys: pd.DataFrame = field(default_factory=_no_keys)  # table, key, found, keys, of
    days_path: Path = Path()  # Parquet: see `spans.dated`
    joins: tuple[joins.Meeting, ...] = ()  # how keys met when the tables were prepared
    set_by: tuple[str, ...] = ()  # what set `as_of`: columns such as orders.ordered_at, or observed_on; else the caller
    subset: subsets.Subset | None = None  # which customers alone it has; None: all
    answers: dict[Hashable, Any] = field(init=False, default_factory=dict, repr=False, compare=False)  # `remembered`

    @property
    def title(self) -> str:
        """The name that readers see in the language that is spoken."""
        return language.called(self.settings.title) or self.settings.title

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its reports, the first one first: as the settings say, else that of title and headers."""
        headers = [header for headers in self.files.get("headers", ()) for header in headers]
        words = " ".join([self.settings.title, *headers])
        chinese = HAN.search(words) and not KANA.search(words)
        return self.settings.languages or (language.CHINESE if chinese else language.ENGLISH,)

    @cached_property
    def is_net(self) -> bool:
        """Whether money that was given back is taken off the revenue."""
        orders = self.tables.get("orders")
        return orders is not None and bool(purchases.are_net(orders, self.settings.policy).execute())

    @property
    def revenue(self) -> str:
        """What money from orders is called."""
        return "net revenue" if self.is_net else "revenue"

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The snapshot: one row a customer (see `snapshot.customers`)."""
        if self.snapshot_path is None:
            whole = snapshot.customers(self.tables, self.as_of, self.settings.policy)
            return whole.order_by("customer_id").to_pyarrow().to_pandas()
        # column by column, each let go once it is copied: half of the memory that pandas' reader takes
        return pq.read_table(self.snapshot_path).to_pandas(split_blocks=True, self_destruct=True)

    @cached_property
    def size(self) -> int:
        """How many customers it has."""
        return len(self.customers) if self.snapshot_path is None else pq.read_metadata(self.snapshot_path).num_rows

    @cached_property
    def days(self) -> pd.DataFrame:
        """The rows of each day by table and column, also of days after `as_of` (see `spans.dated`)."""
        return pd.read_parquet(self.days_path)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """From when to when each table with dated facts reaches by `as_of`."""
        return spans.spans(self.days, self.as_of)

    def where(self, customers: subsets.Meant, called: str = "") -> Dataset:
        """The data set of some customers alone, which every analysis of it respects and says.

        `customers` is a rule over the columns of `data.customers`, such as `"channel == 'store' and orders > 1"` or
        `"'2025-07-01' <= joined_on < '2025-10-01'"`; or flags beside them; or ids. `called` is what answers call them,
        by default the rule. Snapshot and tables lose all rows of others; what tells of the export as a whole, such as
        the accounting of its rows, stays. Raises ValueError for what means nobody, or too few to show.
        """
        ids, subset = subsets.chosen(self.customers, customers, called, self.settings.smallest_group)
        if self.subset is not None:
            subset = subset._replace(rule=f"{self.subset.rule}, {subset.rule}", of=self.subset.of)
        tables, aside = (subsets.cut(tables, ids) for tables in (self.tables, self.aside))
        return replace(self, tables=tables, aside=aside, snapshot_path=None, subset=subset)

    def join(self, frame: pd.DataFrame | pd.Series, on: str = "customer_id") -> Dataset:
        """The data set with the columns of `frame` beside its customers, as attributes that every analysis can take.

        `frame` has a row a customer, whose id is in its column or index `on`. Analyses of earlier days take what it
        tells for known then, so join what was so when customers came. Raises ValueError for what cannot be joined.
        """
        columns = own_columns.own(frame, on, self.customers)
        tables = own_columns.tables_with(self.tables, columns, self.customers)
        return replace(
            self, tables=tables, settings=own_columns.settings_with(self.settings, columns), snapshot_path=None
        )


def open(
    dataset: str | Path,
    as_of: str | dt.date | None = None,
    preset: str = "",
    *,
    prepared: Path = PREPARED,
    url: str = "",
    allow_outside: bool = False,
) -> Dataset:
    """The data set `dataset` (a folder under data/raw, or a path) as of a day, by default its last.

    Prepares the contract tables in `prepared` unless they are there for the same files. The engine of `url`, or of the
    environment KEHU_ENGINE, or of the settings computes with them, else DuckDB in this process. Files outside the data
    set's folder are read only where the caller says `allow_outside`, or the environment KEHU_ALLOW_OUTSIDE=1. Raises
    ValueError with one sentence for a folder, setting, file, engine or day that cannot be used.
    """
    asked, folder = parameters.date("as_of", as_of), folder_of(dataset)
    words = settings.read(folder, preset)
    erased, shelf = tombstones.of(prepared, folder.name), inputs.shelf_of(folder, preset, prepared)
    allowed = allow_outside or os.environ.get(OUTSIDE) == "1"
    inputs.copied(folder, words, shelf, erased, missing=True, allow_outside=allowed)
    read = inputs.paths(folder, words, shelf, erased, allowed)
    key = inputs.key(folder, words, read, erased)
    shelf.path.mkdir(parents=True, exist_ok=True)
    url = engine.checked(url or os.environ.get(ENGINE, "") or words.engine.url)
    reader = engine.elsewhere(url) if url else engine.connect(read, shelf.path)

    def fill(draft: Path) -> None:
        try:
            with engine.connected(read, shelf.path) as connection:
                contract_tables.prepare(connection, shelf, folder, words, draft, erased)
        except engine.ERRORS:  # as of a file that is not there any more
            check_unchanged()
            raise
        check_unchanged()

    def check_unchanged() -> None:
        if inputs.key(folder, words, read, erased) != key:
            told = _("data set = {folder!r}: its files changed while they were read. Open it again.")
            raise ValueError(told.format(folder=folder.name))

    home = _kept(shelf, key, reader, fill)
    tables, dated = prepared_tables.of(reader, home), pd.read_parquet(home / contract_tables.DAYS)
    day, set_by = _day(asked, dated, words, folder)

    def sum_up(draft: Path) -> None:
        with nullcontext() if url else engine.connected(read, shelf.path) as connection:
            known = snapshot.cut(prepared_tables.of(connection, home) if connection else tables, day)
            snapshot.customers(known, day, words.policy).order_by("customer_id").to_parquet(draft / CUSTOMERS)

    return Dataset(
        folder.name,
        day,
        words,
        snapshot.cut(tables, day),
        books.as_of(pd.read_parquet(home / "accounting.parquet"), tables, dated, day),
        home / "quarantine.parquet",
        read,
        _kept(shelf, "-".join([key, str(day), *([reader.name] if url else [])]), reader, sum_up) / CUSTOMERS,
        snapshot.cut(prepared_tables.of(reader, home, prepared_tables.ASIDE), day),
        pd.read_parquet(home / books.READINGS),
        pd.read_parquet(home / "files.parquet"),
        pd.read_parquet(home / "keys.parquet"),
        home / contract_tables.DAYS,
        joins.read(home / contract_tables.JOINS),
        set_by,
    )


def fingerprint(dataset: str | Path, preset: str = "") -> str:
    """Hexadecimal digits that change with the settings and files of a data set, which is not read for them."""
    folder = folder_of(dataset)
    words, erased = settings.read(folder, preset), tombstones.of(PREPARED, folder.name)
    shelf = inputs.shelf_of(folder, preset, PREPARED)
    read = inputs.paths(folder, words, shelf, erased, os.environ.get(OUTSIDE) == "1")
    return inputs.key(folder, words, read, erased)


def copied(
    dataset: str | Path, preset: str = "", *, prepared: Path = PREPARED, tell: copies.Tell = lambda name, rows: None
) -> list[copies.Copied]:
    """What is new in the database of a data set, read and kept: what is opened from now on has it.

    `tell` hears of each table how many rows have come. Nothing is read for a data set without a database.
    """
    folder = folder_of(dataset)
    words, erased = settings.read(folder, preset), tombstones.of(prepared, folder.name)
    shelf, allowed = inputs.shelf_of(folder, preset, prepared), os.environ.get(OUTSIDE) == "1"
    return inputs.copied(folder, words, shelf, erased, tell, allow_outside=allowed)


def _kept(shelf: Shelf, name: str, connection: ibis.BaseBackend, fill: Callable[[Path], None]) -> Path:
    """The folder `name` of the shelf, whole, and leased while the connection lives; filled where it is not there."""
    home = shelf.path / name
    if not leased(home, connection):
        with shelf.locked():
            if not leased(home, connection):  # another process may have filled it meanwhile
                with shelf.building(home) as draft:
                    fill(draft)
                leased(home, connection)
    return home


def folder_of(dataset: str | Path) -> Path:
    """The folder that `dataset` names; ValueError listing the known ones when there is none."""
    for folder in (RAW / dataset, Path(dataset).expanduser()):
        if str(dataset) and folder.is_dir():
            return folder.resolve()
    known = sorted(path.name for path in RAW.iterdir() if path.is_dir()) if RAW.is_dir() else []
    hint = parameters.nearest(str(dataset), known)
    raise ValueError(
        _("dataset = {name!r}: no such folder under data/raw, nor at that path.{hint} Known: {known}.").format(
            name=str(dataset), hint=hint, known=", ".join(known)
        )
    )


def _day(asked: dt.date | None, days: pd.DataFrame, words: Settings, folder: Path) -> tuple[dt.date, tuple[str, ...]]:
    """The report's day, and what set it where the caller did not."""
    if asked:
        return asked, ()
    if observed := parameters.date("observed_on", words.observed_on):
        return observed, ("observed_on",)
    if last := spans.last_day(days):
        return last, spans.set_by(days, last)
    raise ValueError(
        _("as_of: {name!r} has no dates, so its last day is not known. Give the report's day.").format(name=folder.name)
    )
