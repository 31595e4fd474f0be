"""The books of a data set: what became of its rows as of a day, and how columns were read, beside the time before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts, engine, spans
from helpers.data.days import night
from helpers.data.intake.rows import purchases

READINGS = "readings.parquet"  # in the folder of what was prepared
LATER = "later than the report's day"


def as_of(accounting: pd.DataFrame, tables: Mapping[str, ir.Table], dated: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """The accounting, in which good rows of a later day are not used but an outcome of their own.

    `dated` (see `spans.dated`) tells which tables have some, but for those whose days it does not tell.
    """
    books, after = accounting.copy(), dated[dated["day"] > day]
    have_later = set(zip(after["table"], after["column"], strict=True))
    for name in accounting["table"].unique():
        fact_at = contracts.TABLES[name].fact_at
        place = (name, fact_at)
        if fact_at not in tables[name].columns or (spans.are_told(place) and place not in have_later):
            continue
        later = tables[name].filter(tables[name][fact_at] >= night(day))
        valued = later.select(worth=purchases.worth(later))
        sums = valued.aggregate(rows=valued.count(), money=engine.total(valued.worth)).execute().iloc[0]
        rows, money = int(sums["rows"]), float("nan") if sums["money"] is None else float(sums["money"])
        if rows:
            used = (books["outcome"] == "used") & (books["table"] == name)
            books.loc[used, ["rows", "rows_meeting"]] -= rows
            books.loc[used, "money"] -= money
            books.loc[len(books)] = [name, "later", LATER, rows, rows, money]
    return books


def counted(readings: pd.DataFrame, accounting: pd.DataFrame) -> pd.DataFrame:
    """The readings with the values that could not be read as the accounting counts them, where it has a rule for them.

    Shapes alone let 2024-13-45 pass for a time.
    """
    rules = accounting["rule"].str.extract(r"^(?P<column>\w+) is not a ")
    met = accounting.assign(column=rules["column"]).groupby(["table", "column"])["rows_meeting"].max()
    places = pd.MultiIndex.from_frame(readings[["table", "column"]])
    return readings.assign(unreadable=met.reindex(places).fillna(readings["unreadable"].set_axis(places)).to_numpy(int))


def beside_former(readings: pd.DataFrame, shelf: Path) -> pd.DataFrame:
    """The readings with, in `before`, that of the preparation before where it was another: a new file may change it.

    What was prepared before stands in folders of `shelf`; those that begin with a dot are not finished.
    """
    kept = list(shelf.glob(f"[!.]*/{READINGS}"))
    if not kept:
        return readings.assign(before=None)
    former = pd.read_parquet(max(kept, key=lambda path: path.stat().st_mtime_ns))[["table", "column", "told"]]
    now, then = (each.assign(feed=each.groupby(["table", "column"]).cumcount()) for each in (readings, former))
    both = now.merge(then, on=["table", "column", "feed"], how="left", suffixes=("", "_then"))
    return readings.assign(before=both["told_then"].where(both["told_then"] != both["told"], None).to_numpy())
