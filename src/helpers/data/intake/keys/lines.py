"""Rows that are lines of one order, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.contracts import ORDERS
from helpers.data.intake.keys import merging
from helpers.data.intake.rows import purchases
from helpers.data.intake.wording.schema import Policy

OFTEN = 0.05  # of the orders: where fewer have several rows, these are slips and no lines
SLIPS = 2  # orders that may stand twice, however few there are
MOST = 0.5  # of the orders with several rows in a file
MADE = ("amount", "refund", "cancelled")  # what an order of lines has though no line may have it


@dataclass(frozen=True)
class Added:
    """Orders that several rows add up to, and the rows that do; those of older exports count no more."""

    orders: ir.Table
    lines: ir.Table


def added(rows: ir.Table, policy: Policy, orders: int, ends: ir.Table | None = None) -> Added | None:
    """The orders whose `rows`, which are ranked, are lines that add up; None where none are, of so many `orders`.

    They are where many orders have several rows in a file, and most of these other amounts: a total that is repeated on
    each line is one amount. Else they are where an order is paid and given back. Of several files the newest counts,
    unless the `ends` of files (file, first, last: rows) cut an order in two.
    """
    each = rows.group_by("order_id", merging.RANK).agg(n=rows.count(), low=rows.amount.min(), high=rows.amount.max())
    by_order = each.group_by("order_id").agg(
        several=(each.n > 1).any(),
        differ=((each.n > 1) & (each.low != each.high)).any(),
        mixed=(each.low.min() < 0) & (each.high.max() > 0),
    )
    counts = by_order.agg(**{name: by_order[name].sum() for name in ("several", "differ", "mixed")}).execute()
    several, differ, mixed = counts.fillna(0).iloc[0].astype("int64")
    if not (several > OFTEN * orders and differ >= MOST * several):
        if policy.negatives == "keep" or not mixed:
            return None
        rows = rows.semi_join(by_order.filter(by_order.mixed), "order_id")
    if ends is not None:
        rows = _joined(rows, ends)
    newest = rows[merging.RANK].min().over(group_by=["order_id", purchases.below_zero(rows, policy)])
    rows = merging.placed(rows.filter(rows[merging.RANK] == newest), ORDERS)
    columns = [column.name for column in ORDERS.columns if column.name in rows.columns and not column.consumed]
    money = order_money(rows, policy) | _said_once(rows)
    return Added(merging.merged(rows, ORDERS, columns, ordered_at=rows.ordered_at.min(), **money), rows)


def alike(rows: ir.Table, orders: int) -> int:
    """How many of so many orders have several rows of one amount in a file, where many have: their total, or lines."""
    each = rows.group_by("order_id", "file").agg(n=rows.count(), low=rows.amount.min(), high=rows.amount.max())
    several = each.filter((each.n > 1) & (each.low == each.high) & (each.high > 0))
    found = int(several.select("order_id").distinct().count().execute())
    return found if found > max(SLIPS, OFTEN * orders) else 0


def _joined(rows: ir.Table, ends: ir.Table) -> ir.Table:
    """`rows` in which both parts of an order that the end of a file cuts have one rank.

    Its last lines are the first of the next file, and are not those that the file before has.
    """
    met = rows.join(ends, "file")
    each = met.group_by("order_id", "file").agg(
        begins=(met[engine.ROW] == met["first"]).any(),
        ends=(met[engine.ROW] == met["last"]).any(),
        amounts=met.amount.nunique(),
    )
    by_order = each.group_by("order_id").agg(
        files=each.count(), begins=each.begins.any(), ends=each.ends.any(),
        apart=each.amounts.sum(), fewest=each.amounts.min(),
    )  # fmt: skip
    every = rows.group_by("order_id").agg(together=rows.amount.nunique())
    by_order = by_order.join(every, "order_id")
    cut = by_order.filter(
        (by_order.files == 2) & by_order.begins & by_order.ends & (by_order.apart - by_order.together < by_order.fewest)
    )
    whole = rows.left_join(cut.select("order_id", is_cut=ibis.literal(True)), "order_id")
    ranks = ibis.ifelse(whole.is_cut.fill_null(False), 0, whole[merging.RANK])
    return whole.select(**{name: whole[name] for name in rows.columns} | {merging.RANK: ranks})


def _said_once(lines: ir.Table) -> dict[str, ir.Value]:
    """refund and discount of orders, where most lines of an order with other amounts repeat the order's."""
    found: dict[str, ir.Value] = {}
    for name in ("refund", "discount"):
        if name not in lines.columns:
            continue
        each = lines.group_by("order_id").agg(
            several=(lines.count() > 1) & (lines.amount.nunique() > 1) & (lines[name].max() > 0),
            repeats=(lines[name].fill_null(0).min() == lines[name].max()),
        )
        told = each.filter(each.several)
        share = told.agg(share=told.repeats.mean()).execute()["share"].iloc[0]
        if pd.notna(share) and share > MOST:
            found[name] = lines[name].max()
    return found


def order_money(lines: ir.Table, policy: Policy) -> dict[str, ir.Value]:
    """amount, refund and cancelled, and discount where lines have it, of the orders that `lines` add up to, by order.

    A cancelled line, or one below zero, is money given back of its order. Where no line is left, the order is cancelled
    as all its lines are, or its amount is what was given back, below zero.
    """
    amount, back = lines.amount, purchases.given_back(lines, policy)
    below = purchases.below_zero(lines, policy)
    none, known = back.all(), lines.cancelled.notnull().any()
    voided = lines.cancelled.fill_null(False).all()
    left = ibis.ifelse(voided, engine.total(amount), engine.total(amount, where=below))
    own = engine.total(lines.refund) if "refund" in lines.columns else ibis.null("float64")
    returned = ibis.cases((~none, engine.total(amount.abs(), where=back & (amount != 0))))
    off = {"discount": engine.total(lines.discount, where=~below)} if "discount" in lines.columns else {}
    return {
        "amount": ibis.ifelse(none, left, engine.total(amount, where=~below)),
        "refund": ibis.coalesce(own + returned, own, returned),
        "cancelled": ibis.cases((known, voided)),
        **off,
    }
