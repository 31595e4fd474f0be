"""Orders and their lines, each made whole by the other: lines find their order, orders their money."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from helpers.data import engine
from helpers.data.intake import keys
from helpers.data.intake.rows import purchases
from helpers.data.intake.wording.schema import Settings
from helpers.language import _

ORDERS, LINES, ID, OFF = "orders", "order_items", "order_id", "discount"
ALIKE = 0.005  # two sums of money that differ by less are the same

Found = tuple[str, str, str, int, int]  # table, key, found, keys, of: a line of `Dataset.keys`
Whole = tuple[dict[str, ir.Table], list[Found]]


def whole(
    tables: Mapping[str, ir.Table], settings: Settings, connection: ibis.BaseBackend, owners: ir.Table | None
) -> Whole:
    """The tables of orders and of their lines as they are completed by each other, and what was found out about ids.

    Lines get their amounts, and the order that they are of where its id was shared, by its `owners`. Orders are made
    of lines, or get what money they lack from them, what was taken off it too. Raises ValueError for orders whose
    money is nowhere to be found.
    """
    orders, lines = tables.get(ORDERS), tables.get(LINES)
    if lines is None:
        return _with_money(orders, None, settings), []
    found: list[Found] = []
    lines = lines.mutate(amount=purchases.worth(lines))
    if orders is None:
        if not settings.feeds[LINES].merge:
            lines, found = _owned(lines, connection)
        return {ORDERS: _made_of(lines, settings), LINES: lines}, found
    if owners is not None:
        lines, found = _placed(lines, owners)
    return _with_money(orders, lines, settings) | {LINES: lines}, found


def _owned(lines: ir.Table, connection: ibis.BaseBackend) -> tuple[ir.Table, list[Found]]:
    """Lines that carry customer and time, with ids of their own where several share one."""
    owners = engine.held(connection, keys.owners(lines, ID, "ordered_at"))
    if not owners.count().execute():
        return lines, []
    ids = int(lines.select(ID).distinct().count().execute())
    found = [(LINES, ID, what, n, ids) for what, n in keys.counts(owners, ID).items() if n]
    return keys.owned(lines, owners, ID, "ordered_at"), found


def _placed(lines: ir.Table, owners: ir.Table) -> tuple[ir.Table, list[Found]]:
    """Lines whose order id was shared, with that of the one order that has their customer and day, as far as they say.

    Where several have, or none has, a line keeps its id, and has no order.
    """
    day = lines.ordered_at.date().cast("string").fill_null("")
    lines = lines.mutate(whose=lines.customer_id.fill_null(""), on=day)
    each = lines.semi_join(owners, ID).select(ID, "whose", "on").distinct()
    known = owners.select(ID, "owner", "own", first=owners.since.cast("string"), last=owners.until.cast("string"))
    met = each.join(known.distinct(), ID)
    met = met.filter(
        (met.whose == "") | (met.whose == met.owner),
        (met.on == "") | ((met.on >= met["first"]) & (met.on <= met["last"])),
    )
    one = met.group_by(ID, "whose", "on").agg(n=met.count(), own=met.own.min())
    one = one.filter(one.n == 1)
    ids = each.select(ID).distinct()
    lost = int(each.anti_join(one, [ID, "whose", "on"]).select(ID).distinct().count().execute())
    placed = lines.left_join(one.drop("n"), [ID, "whose", "on"])
    columns = {name: placed[name] for name in lines.columns if name not in ("whose", "on")}
    lines = placed.select(**columns | {ID: ibis.coalesce(placed.own, placed[ID])})
    return lines, [(LINES, ID, "unplaced", lost, int(ids.count().execute()))] if lost else []


def _made_of(lines: ir.Table, settings: Settings) -> ir.Table:
    """One order for each id among lines that carry the customer and the time themselves."""
    customer, at = lines.customer_id.min(), lines.ordered_at.min()
    money = keys.order_money(lines, settings.policy)
    orders = lines.group_by(ID).agg(customer_id=customer, ordered_at=at, **money)
    return orders.filter(orders.ordered_at.notnull())


def _with_money(orders: ir.Table | None, lines: ir.Table | None, settings: Settings) -> dict[str, ir.Table]:
    """Orders, each with what it lacks from its own lines: the amount, what was taken off and what was given back."""
    if orders is None:
        return {}
    counts = orders.agg(rows=orders.count(), without=orders.amount.isnull().sum()).execute().iloc[0]
    if counts["rows"] and counts["rows"] == counts["without"] and lines is None:
        raise ValueError(_("orders: missing amount, and no order_items to sum it from. Map one in dataset.toml."))
    if lines is None or not (counts["without"] or _gives_back(lines) or OFF in lines.columns):
        return {}
    sums = lines.group_by(ID).agg(**keys.order_money(lines, settings.policy))
    sums = sums.rename(of_lines="amount", back="refund", voided="cancelled")
    met = orders.left_join(sums.rename(off=OFF) if OFF in sums.columns else sums, ID)
    amount = ibis.coalesce(met.amount, met.of_lines)
    back = ibis.cases(((amount - met.of_lines).abs() < ALIKE, met.back))
    completed = {"amount": amount, "refund": ibis.coalesce(met.refund, back)}
    completed["cancelled"] = ibis.coalesce(met.cancelled, met.voided)
    if OFF in sums.columns:
        completed[OFF] = ibis.coalesce(met[OFF], met.off) if OFF in orders.columns else met.off
    return {ORDERS: met.select(**{name: met[name] for name in orders.columns} | completed)}


def _gives_back(lines: ir.Table) -> bool:
    """Whether any line says that it was cancelled, or is below zero."""
    return bool((lines.cancelled | (lines.amount < 0)).any().execute())
