"""Rows that are lines of one order, and what they add up to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.contracts import ORDERS
from helpers.data.intake.keys import merging
from helpers.data.intake.rows import purchases
from helpers.data.intake.wording.schema import Policy

OFTEN = 0.05  # of the orders: where fewer have several rows, these are slips and no lines
MOST = 0.5  # of the orders with several rows in a file
MADE = ("amount", "refund", "cancelled")  # what an order of lines has though no line may have it


def added(rows: ir.Table, policy: Policy, orders: int) -> ir.Table | None:
    """The orders whose `rows`, which are ranked, are lines that add up; None where none are, of so many `orders`.

    They are where many orders have several rows in a file, and most of these other amounts: a total that is repeated on
    each line is one amount. Else they are where an order is paid and given back. Of several files the newest counts.
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
    newest = rows[merging.RANK].min().over(group_by=["order_id", purchases.below_zero(rows, policy)])
    rows = merging.placed(rows.filter(rows[merging.RANK] == newest), ORDERS)
    columns = [column.name for column in ORDERS.columns if column.name in rows.columns and not column.consumed]
    return merging.merged(rows, ORDERS, columns, ordered_at=rows.ordered_at.min(), **order_money(rows, policy))


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
