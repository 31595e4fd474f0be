"""Contracts: the subscription periods of a customer that touch or overlap, as one stay."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from helpers.data import engine

NEVER = dt.date(9999, 12, 31)  # the end of a period that still runs, where ends are compared in the engine


def contract_stays(subscriptions: ir.Table) -> ir.Table:
    """One row a stay: customer_id, started_on, ended_on, plan, price, reason, running_price.

    Periods of a customer that touch or overlap are one stay, of which no day is missing. Its `plan` and `price`, a
    month, are those of its first period: what it came to is only known of those who stayed. `ended_on` and `reason`
    are empty while it runs, and `running_price` is then the price of all its periods that still run. Rows without a
    customer are left out.
    """
    rows = subscriptions.filter(subscriptions.customer_id.notnull())
    rows = rows.select(
        "customer_id",
        "plan",
        "price",
        "reason",
        started_on=rows.started_at.date(),
        until=ibis.coalesce(rows.ended_at.date(), ibis.literal(NEVER)),
    )
    order = ["started_on", "until", "plan", "price", "reason"]  # to the last tie
    so_far = ibis.cumulative_window(group_by="customer_id", order_by=order)
    rows = rows.mutate(reached=rows.until.max().over(so_far))
    rows = rows.mutate(before=rows.reached.lag().over(ibis.window(group_by="customer_id", order_by=order)))
    rows = rows.mutate(new=(rows.before.isnull() | (rows.started_on.delta(rows.before, unit="day") > 1)).ifelse(1, 0))
    rows = rows.mutate(stay=rows.new.sum().over(so_far))
    began, ended = [rows[name] for name in order], [rows.until.desc(), rows.started_on.desc(), rows.reason]
    rows = engine.with_firsts(rows, ("customer_id", "stay"), plan=began, price=began, reason=ended)
    whole = rows.group_by("customer_id", "stay").agg(
        started_on=rows.started_on.min(),
        until=rows.until.max(),
        plan=engine.first(rows, "plan"),
        price=engine.first(rows, "price"),
        reason=engine.first(rows, "reason"),
        running_price=engine.total(rows.price, where=rows.until == ibis.literal(NEVER)),
    )
    ended = whole.until < ibis.literal(NEVER)
    return whole.select(
        "customer_id",
        "started_on",
        "plan",
        "price",
        "running_price",
        ended_on=ibis.cases((ended, whole.until)),
        reason=ibis.cases((ended, whole.reason)),
    )
