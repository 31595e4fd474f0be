"""Rows of one key as one row: of each column the first value that says something, the row that counts most first."""

from __future__ import annotations

import datetime as dt
import re

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.contracts import UPDATED_AT, Table

RANK, PLACE = "file_rank", "place"  # of files, the newest first; of the rows of a key, the one that counts most first


def ranked(rows: ir.Table, every: ir.Table, fact_at: str) -> ir.Table:
    """`rows` with the rank of their file among those of `every` row.

    First comes the file whose newest fact is latest, then natural order of names (orders-10 after orders-2). When a
    file was written says nothing: a copy changes it.
    """
    names = rows.select("file").distinct().execute()["file"]
    if len(names) < 2:
        return rows.mutate(**{RANK: ibis.literal(0)})
    fact = every[fact_at] if fact_at in every.columns else ibis.null("timestamp")
    dated = every.select("file", at=fact).filter(lambda each: each.file.isin(list(names)))
    newest = dated.group_by("file").agg(newest=dated["at"].max()).execute().set_index("file")["newest"]
    order = sorted(names, key=lambda name: (_moment(newest[name]), _natural(name)), reverse=True)
    return rows.mutate(**{RANK: ibis.cases(*((rows.file == name, rank) for rank, name in enumerate(order)), else_=0)})


def placed(rows: ir.Table, table: Table) -> ir.Table:
    """`rows`, which are ranked, with the place of each among those of its key.

    The row that was changed last counts most; then that of the newest file, the first in it, or the last where rows are
    the steps of one thing, which began with the first.
    """
    latest = [rows[UPDATED_AT.name].desc(nulls_first=False)] if UPDATED_AT.name in rows.columns else []
    within = [rows[engine.ROW].asc()]
    if table.history:
        within = [rows[table.fact_at].desc(nulls_first=False), rows[engine.ROW].desc()]
    order = [*latest, rows[RANK].asc(), *within]
    begun = {table.fact_at: rows[table.fact_at].min().over(group_by=list(table.key))} if table.history else {}
    return rows.mutate(**begun, **{PLACE: ibis.row_number().over(group_by=list(table.key), order_by=order)})


def merged(rows: ir.Table, table: Table, columns: list[str], **sums: ir.Value) -> ir.Table:
    """One row a key of `rows`, which are placed: in each of `columns` the first value, or what `sums` say."""
    first = rows.filter(rows[PLACE] == 0)
    if not sums and _says_all(first, columns):
        return first.select(*columns)
    values = {name: rows[name].first(order_by=rows[PLACE]) for name in columns if name not in table.key}
    return rows.group_by(list(table.key)).agg(**values | sums).select(*columns)


def differing(rows: ir.Table, table: Table, columns: list[str]) -> int:
    """How many keys have rows in one file that say different things."""
    others = [name for name in columns if name not in table.key]
    ends = {f"{end}_{place}": getattr(rows[name], end)() for place, name in enumerate(others) for end in ("min", "max")}
    each = rows.group_by([*table.key, "file"]).agg(**ends)
    differ = [(each[f"min_{place}"] != each[f"max_{place}"]).fill_null(False) for place in range(len(others))]
    return int(each.filter(ibis.or_(*differ)).select(*table.key).distinct().count().execute()) if differ else 0


def _says_all(rows: ir.Table, columns: list[str]) -> bool:
    """Whether no row lacks a value, which another would have to be asked for."""
    return not rows.filter(ibis.or_(*(rows[name].isnull() for name in columns))).limit(1).count().execute()


def _moment(newest: pd.Timestamp | None) -> dt.datetime:
    return dt.datetime.min if pd.isna(newest) else pd.Timestamp(newest).to_pydatetime()


def _natural(name: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]
