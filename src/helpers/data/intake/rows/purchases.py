"""Which rows of orders and lines are purchases, and which are money given back; what a row is worth."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from helpers.data.intake.wording.schema import Policy


def made(rows: ir.Table, policy: Policy) -> ir.Table:
    """The rows of orders, or of their lines, that are purchases: what is cancelled or below zero is none."""
    return rows.filter(~given_back(rows, policy))


def given_back(rows: ir.Table, policy: Policy) -> ir.BooleanValue:
    """Of each order or line whether it is money given back, as `policy` says: cancelled, or below zero."""
    cancelled = ibis.literal(False) if policy.cancellations == "keep" else rows.cancelled.fill_null(False)
    return cancelled | below_zero(rows, policy)


def below_zero(rows: ir.Table, policy: Policy) -> ir.BooleanValue:
    """Of each order or line whether it is money given back since its amount is negative; never where such are kept."""
    return ibis.literal(False) if policy.negatives == "keep" else (rows.amount < 0).fill_null(False)


def are_net(orders: ir.Table, policy: Policy) -> ir.BooleanScalar:
    """Whether money that was given back is taken off the revenue of these orders: else it is gross."""
    back = given_back(orders, policy) & (orders.amount != 0)
    if policy.refunds == "net":
        back = back | (orders.refund > 0)
    return back.fill_null(False).any()


def worth(rows: ir.Table) -> ir.FloatingValue:
    """The money of a row; null where its table has none, as goods, whose price nobody has paid.

    That of a returned line, whose quantity is negative, is below zero: sources write it with either sign. Columns
    beyond the contract may bear the names of money and be words.
    """
    measured = {name for name, type_ in rows.schema().items() if type_.is_numeric()}
    paid = ("amount",) if "stock" in rows.columns else ("amount", "price")
    worth = [rows[name] for name in paid if name in measured]
    if {"quantity", "unit_price"} <= measured:
        worth.append(rows.quantity * rows.unit_price)
    money = ibis.coalesce(*worth, ibis.null("float64"))
    if "quantity" not in measured:
        return money
    return ibis.ifelse((rows.quantity < 0).fill_null(False), -money.abs(), money)
