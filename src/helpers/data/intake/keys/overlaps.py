"""Rows of a table without a key that stand in several files: exports that overlap, of which the newest counts.

Equal rows of one file are legitimate, and a few of two files may be so by chance. Two exports overlap where of the days
or orders that both tell of, most rows of one are in the other too.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.contracts import Table
from helpers.data.intake.keys import merging

MOST = 0.5  # of the rows of the export that has fewer of them
SEVERAL = 2  # orders: the end of a file cuts but one
SAME, OLDER, NEWER = "same", "older", "newer"
PAIR = [OLDER, NEWER]


def superseded(connection: ibis.BaseBackend, rows: ir.Table, table: Table) -> ir.Table | None:
    """The rows, by file and file_row, that a newer export of the same days has again; None where there are none.

    A row that may be added to later, as a contract that ends, is the same by what it was from the first on.
    """
    sames = merging.ranked(rows, rows, table.fact_at)
    day = sames[table.fact_at].date() if table.fact_at in rows.columns else ibis.null("date")
    order = sames["order_id"] if "order_id" in rows.columns else ibis.null("string")
    sames = sames.select("file", engine.ROW, merging.RANK, **{SAME: _same(sames, table)}, day=day, order=order)
    each = sames.group_by(SAME, merging.RANK).agg(rows=sames.count(), day=sames.day.min())
    files = each.group_by(SAME).agg(files=each.count())
    each = engine.held(connection, each.semi_join(files.filter(files.files > 1), SAME))
    both = _pairs(each, SAME)
    shared = both.group_by(PAIR).agg(
        shared=ibis.least(both.rows, both.rows_right).sum(), first=both.day.min(), last=both.day.max()
    )
    found = shared.execute()
    if found.empty:
        return None
    within = _in_orders(sames) if "order_id" in rows.columns else _on_days(sames, found)
    met = found.merge(within, on=PAIR)
    met = met[met["shared"] >= MOST * met["fewer"]]
    if met.empty:
        return None
    again = both.semi_join(ibis.memtable(met[PAIR]), PAIR)
    again = again.select(SAME, **{merging.RANK: again[OLDER]}).distinct()
    return engine.held(connection, sames.semi_join(again, [SAME, merging.RANK]).select("file", engine.ROW))


def _same(rows: ir.Table, table: Table) -> ir.Value:
    """What makes a row the same in another export: all that is read of it, or what of it lasts."""
    names = table.lasting or [column.name for column in table.columns]
    texts = [rows[name].cast("string").fill_null("") for name in names if name in rows.columns]
    return ibis.literal("\x1f").join(texts).hash()


def _pairs(each: ir.Table, by: str) -> ir.Table:
    """The older and the newer file of each two that have the same."""
    other = each.view()
    met = each.join(other, [each[by] == other[by], each[merging.RANK] > other[merging.RANK]])
    return met.rename(**{OLDER: merging.RANK, NEWER: f"{merging.RANK}_right"})


def _on_days(sames: ir.Table, found: pd.DataFrame) -> pd.DataFrame:
    """The rows of the file that has fewer of them on the days of which two tell alike, by pair."""
    days = sames.group_by(merging.RANK, "day").agg(rows=sames.count()).execute()
    rows = {rank: own.set_index("day")["rows"].sort_index() for rank, own in days.dropna().groupby(merging.RANK)}
    fewer = [
        min(rows[rank].loc[pair.first : pair.last].sum() for rank in (pair.older, pair.newer))
        for pair in found.itertuples()
    ]
    return found[PAIR].assign(fewer=fewer)


def _in_orders(sames: ir.Table) -> pd.DataFrame:
    """The same of the orders that two files have, where these are several."""
    each = sames.group_by("order", merging.RANK).agg(rows=sames.count())
    both = _pairs(each, "order")
    counts = both.group_by(PAIR).agg(orders=both.count(), fewer=ibis.least(both.rows.sum(), both.rows_right.sum()))
    return counts.filter(counts.orders >= SEVERAL).drop("orders").execute()
