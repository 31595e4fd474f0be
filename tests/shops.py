"""The data sets that tests need, from one place: small shops made of a few rows, experiments, exports, and public data."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts, datasets, engine, snapshot, spans
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import strays, value_types
from helpers.data.intake.wording.schema import Settings
from helpers.data.intake.wording.tables import Extra, Feed, Origin, Role

SHARED = Path(__file__).resolve().parents[1] / "../shared/data"  # public data beside the project; absent elsewhere
AS_OF = dt.date(2025, 6, 30)
BOOKS = ["table", "outcome", "rule", "rows", "rows_meeting"]

Rows = pd.DataFrame | ir.Table | Mapping[str, Any]

ibis.set_backend(engine.connect())  # shops in memory are asked as opened data sets are


class Shop(Dataset):
    """A data set in memory, whose customers are read from its tables when they are asked for."""

    @cached_property
    def customers(self) -> pd.DataFrame:
        return snapshot.customers(self.tables, self.as_of, self.settings.policy).execute()

    @cached_property
    def days(self) -> pd.DataFrame:
        return spans.dated(self.tables, strays.of(self.tables))


def words(**given: Any) -> Settings:
    """The settings of a data set that says nothing but what is `given`."""
    return Settings(**{"title": "A toy shop"} | given)


def shop(
    *,
    as_of: dt.date = AS_OF,
    settings: Settings | None = None,
    known: pd.DataFrame | None = None,
    accounting: Iterable[tuple] | pd.DataFrame = (),
    aside: Mapping[str, Rows] | None = None,
    as_given: bool = False,
    **tables: Rows,
) -> Dataset:
    """A data set of these contract tables (orders=…, tickets=…), opened as of a day.

    A column `days_ago` becomes the time of its rows, counted back from `AS_OF`. Columns of the contract that are not
    given are missing in every row, and facts after `as_of` are cut off; with `as_given` the tables stay as they are.
    `known` is the snapshot, one row a customer, where the tables shall not make it; `accounting` has rows of `BOOKS`.
    """
    made = {name: _table(name, rows, as_given) for name, rows in tables.items()}
    books = (
        accounting
        if isinstance(accounting, pd.DataFrame)
        else pd.DataFrame(list(accounting), columns=BOOKS).assign(money=float("nan"))
    )
    left = {name: _table(name, rows, as_given=True) for name, rows in (aside or {}).items()}
    cut = made if as_given else snapshot.cut(made, as_of)
    data = Shop("shop", as_of, settings or words(), cut, books, Path(), (), Path(), left)
    if known is not None:
        vars(data)["customers"] = known
    return data


def metric(name: str, kind: str = "mean", missing: str = "0", *, label: str = "", **more: Any) -> Extra:
    """A metric of an experiment, as dataset.toml would declare it; missing values count as 0."""
    return Extra(name, "metrics", Origin(), type="number", kind=kind, missing=missing, label=label or name, **more)


def covariate(name: str, type: str = "number") -> Extra:
    """A column known before the assignment, as dataset.toml would declare it."""
    return Extra(name, "covariates", Origin(), type=type)


def feed(table: str, *extras: Extra) -> Feed:
    """The feed of a contract table with these extra columns."""
    by_role = {role: {extra.name: extra for extra in extras if extra.role == role} for role in get_args(Role)}
    return Feed(("a.csv",), table, **by_role)


def trial(
    rows: Rows,
    *extras: Extra,
    as_of: dt.date = AS_OF,
    experiments: Mapping[str, dict[str, Any]] | None = None,
    accounting: Iterable[tuple] | pd.DataFrame = (),
    **tables: Rows,
) -> Dataset:
    """A data set with the experiment `test` of these rows (variant, metrics …), one new customer each if none is named.

    `extras` are its metrics and covariates; `experiments` what the settings say of experiments, by name.
    """
    frame = pd.DataFrame(rows)
    frame = frame.assign(
        **{name: value for name, value in {"experiment": "test", "customer_id": [f"c{row}" for row in range(len(frame))]}.items()
           if name not in frame}
    )  # fmt: skip
    settings = words(feeds={"experiments": feed("experiments", *extras)}, experiments=dict(experiments or {}))
    return shop(as_of=as_of, settings=settings, accounting=accounting, as_given=True, experiments=frame, **tables)


def export(path: Path, preset: str, files: Mapping[str, str | bytes], as_of: str | None = None) -> Dataset:
    """A data set of these files, which are written to a folder of `path` and read by the preset."""
    folder = path / preset
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(dedent(content).lstrip("\n").encode() if isinstance(content, str) else content)
    return datasets.open(folder, as_of, preset, prepared=path / "prepared")


def workbook(sheets: Mapping[str, Iterable[Iterable[str]]]) -> bytes:
    """The least workbook that a reader accepts: sheets of inline text, by their names."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    named, related, parts = "", "", {}
    for place, (name, rows) in enumerate(sheets.items(), start=1):
        named += f"<sheet name='{name}' sheetId='{place}' r:id='r{place}'/>"
        related += f"<Relationship Id='r{place}' Type='{office}/worksheet' Target='worksheets/{place}.xml'/>"
        cells = ("".join(f"<c t='inlineStr'><is><t>{cell}</t></is></c>" for cell in row) for row in rows)
        lines = "".join(f"<row r='{line}'>{row}</row>" for line, row in enumerate(cells, start=1))
        parts[f"xl/worksheets/{place}.xml"] = f"<worksheet xmlns='{main}'><sheetData>{lines}</sheetData></worksheet>"
    parts |= {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'>"
        f"<Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'>{related}</Relationships>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return file.getvalue()


def _table(name: str, rows: Rows, as_given: bool) -> ir.Table:
    if isinstance(rows, ir.Table):
        return rows
    contract, frame = contracts.TABLES[name], pd.DataFrame(rows)
    if "days_ago" in frame:
        times = pd.Timestamp(AS_OF) - pd.to_timedelta(frame["days_ago"], unit="D")
        frame = frame.drop(columns="days_ago").assign(**{contract.fact_at: times})
    table = ibis.memtable(frame)
    return table if as_given or name == "customers" else value_types.completed(table, contract)


def books_of(data: Dataset, table: str) -> dict[str, tuple[int, int]]:
    """Rows of one table by rule, and for the rules all rows that break them; guests by their outcome."""
    lines = data.accounting[data.accounting["table"] == table]
    by_name = lines["rule"].where((lines["rule"] != "") & (lines["outcome"] != "guest"), lines["outcome"])
    return dict(zip(by_name, zip(lines["rows"], lines["rows_meeting"], strict=True), strict=True))
