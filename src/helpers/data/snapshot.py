"""Customers as of a day: the contract tables cut at that day, and one row a customer that sums them up."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine
from helpers.data.days import night
from helpers.data.intake.rows import purchases
from helpers.data.intake.wording.schema import Policy

# What is only known once a subscription has ended, or an action was done.
ENDING, DOING = ("ended_at", "reason"), ("status", "cost")


def cut(tables: dict[str, ir.Table], as_of: dt.date) -> dict[str, ir.Table]:
    """The tables as they looked at the end of `as_of`: later rows are gone, later times inside a row are empty."""
    end = night(as_of)
    known = {name: _known(contracts.TABLES[name], table, end) for name, table in tables.items()}
    if "order_items" in known and "orders" in known:
        known["order_items"] = known["order_items"].semi_join(known["orders"], "order_id")
    return known


def _known(contract: contracts.Table, table: ir.Table, end: ir.TimestampScalar) -> ir.Table:
    if contract.fact_at not in table.columns:
        return table
    fact_at = table[contract.fact_at]
    rows = table.filter(fact_at.isnull() | (fact_at < end))
    times = [
        column.name
        for column in contract.columns
        if column.type == contracts.TIME and column.fact and column.name in table.columns
        if column.name != contract.fact_at
    ]
    later = {name: ibis.cases((rows[name] < end, rows[name])) for name in times}
    if contract.name == "subscriptions":
        later |= {name: ibis.cases((rows.ended_at < end, rows[name])) for name in ENDING}
    if contract.name == "action_results":
        open_ = (rows.done_at >= end).fill_null(False)
        later |= {name: ibis.cases((~open_, rows[name])) for name in DOING}
    return rows.mutate(**later) if later else rows


def customers(tables: dict[str, ir.Table], as_of: dt.date, policy: Policy) -> ir.Table:
    """One row a customer, from tables cut at `as_of`.

    Money is in the data set's currency, net of refunds and cancellations as `policy` says; days are whole days
    between dates. `frequency`, `t_x_days`, `age_days` and `mean_repeat_spend` are the buy-till-you-die summary
    (Fader, Hardie & Lee 2005): repeat order days, first to last order day, first order day to `as_of`, and mean
    spend of the repeat days. Columns whose table is missing are absent, and private ones of customers.
    """
    parts = {
        "customers": _customer_summary,
        "orders": lambda table: order_summary(table, as_of, policy),
        "subscriptions": _subscription_summary,
        "tickets": _ticket_summary,
        "surveys": _survey_summary,
    }
    summaries = [summary(tables[name]) for name, summary in parts.items() if name in tables]
    known = [
        table.select("customer_id").distinct()
        for name, table in tables.items()
        if name not in parts and "customer_id" in table.columns
    ]
    if not (summaries or known):  # tables of totals name nobody
        known = [next(iter(tables.values())).select(customer_id=ibis.null("string")).limit(0)]
    whole = _side_by_side(summaries, known)
    if "tickets" in tables:
        whole = whole.mutate(tickets=whole.tickets.fill_null(0), complaints=whole.complaints.fill_null(0))
    if "orders" in tables:
        sums = ("orders", "frequency", "monetary", "refunds")
        whole = whole.mutate(**{name: whole[name].fill_null(0) for name in sums})
    if "subscriptions" in tables:
        whole = whole.mutate(subscription=whole.subscription.fill_null("none"))
    return _with_tenure(whole, as_of)


def order_summary(orders: ir.Table, as_of: dt.date, policy: Policy) -> ir.Table:
    """Recency, frequency, money and the buy-till-you-die summary of each customer with a row in `orders`.

    Two steps, customer-days then customers: days are counted without a distinct count, which engines spill badly.
    """
    days = order_days(orders, policy)
    bought = days.orders > 0
    summary = days.group_by("customer_id").agg(
        first_order_on=days.day.min(where=bought),
        last_order_on=days.day.max(where=bought),
        order_days=bought.sum(),
        orders=days.orders.sum(),
        monetary=engine.total(days.net),
        refunds=engine.total(days.refunds),
        day_spend=engine.total(days.net, where=bought),
        first_day_spend=days.net.argmin(days.day, where=bought),
    )
    frequency = ibis.greatest(summary.order_days - 1, 0)
    return summary.select(
        "customer_id",
        first_order_on=summary.first_order_on.cast("timestamp"),
        last_order_on=summary.last_order_on.cast("timestamp"),
        recency_days=_days_between(summary.last_order_on, as_of),
        orders=summary.orders.cast("int32"),
        frequency=frequency.cast("int32"),
        monetary=summary.monetary,
        refunds=summary.refunds,
        t_x_days=summary.last_order_on.delta(summary.first_order_on, unit="day"),
        age_days=_days_between(summary.first_order_on, as_of),
        mean_repeat_spend=(summary.day_spend - summary.first_day_spend) / frequency.nullif(0),
    )


def order_days(orders: ir.Table, policy: Policy) -> ir.Table:
    """Orders, net money and refunds by customer_id and day, without the orders that name no customer.

    What `policy` takes for money given back, as a cancelled order, is none: days may have 0 orders.
    """
    amount, refund = orders.amount.fill_null(0.0), orders.refund.fill_null(0.0)
    none = purchases.given_back(orders, policy)
    back = ibis.ifelse(none, amount.abs(), refund)
    taken_off = ibis.ifelse(none, 0.0, refund if policy.refunds == "net" else 0.0)
    net = ibis.ifelse(none, ibis.least(amount, 0.0), amount) - taken_off
    rows = orders.select("customer_id", day=orders.ordered_at.date(), bought=none.ifelse(0, 1), net=net, back=back)
    rows = rows.filter(rows.customer_id.notnull())
    sums = {"orders": rows.bought.sum(), "net": engine.total(rows.net), "refunds": engine.total(rows.back)}
    return rows.group_by("customer_id", "day").agg(**sums)


def _customer_summary(customers: ir.Table) -> ir.Table:
    customers = customers.drop(
        *(column.name for column in contracts.CUSTOMERS.columns if column.private and column.name in customers.columns)
    )
    if "joined_at" not in customers.columns:
        return customers
    return customers.mutate(joined_on=_day(customers.joined_at)).drop("joined_at")


def _subscription_summary(subscriptions: ir.Table) -> ir.Table:
    """State and the latest period of each subscriber."""
    order = [subscriptions.started_at.desc(), subscriptions.ended_at.desc(nulls_first=True), subscriptions.plan.asc()]
    last = subscriptions.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
    last = last.filter(last.place == 0)
    spans = subscriptions.group_by("customer_id").agg(
        subscribed_on=_day(subscriptions.started_at.min()), running=subscriptions.ended_at.isnull().any()
    )
    both = spans.join(last.select("customer_id", "plan", "ended_at", "reason"), "customer_id")
    return both.select(
        "customer_id",
        "subscribed_on",
        "plan",
        subscription=both.running.ifelse("active", "ended"),
        subscription_ended_on=ibis.cases((~both.running, _day(both.ended_at))),
        subscription_reason=ibis.cases((~both.running, both.reason)),
    )


def _ticket_summary(tickets: ir.Table) -> ir.Table:
    return tickets.group_by("customer_id").agg(
        tickets=tickets.count(), complaints=tickets.complaint.fill_null(False).ifelse(1, 0).sum().cast("int32")
    )


def _survey_summary(surveys: ir.Table) -> ir.Table:
    """The latest answer of each customer; of several in one moment the first by question, then the highest score."""
    order = [surveys.answered_at.desc(), surveys.question.asc(nulls_first=False), surveys.score.desc()]
    last = surveys.mutate(place=ibis.row_number().over(group_by="customer_id", order_by=order))
    last = last.filter(last.place == 0)
    return last.select(
        "customer_id",
        last_survey_on=_day(last.answered_at),
        last_survey_question=last.question,
        last_survey_score=last.score,
    )


def _side_by_side(summaries: list[ir.Table], known: list[ir.Table]) -> ir.Table:
    """The summaries joined on customer_id, one row for every customer that any of the tables names."""
    if len(summaries) == 1 and not known:
        return summaries[0]
    ids = (
        ibis.union(*[table.select("customer_id") for table in (*summaries, *known)], distinct=True)
        if len(summaries) + len(known) > 1
        else known[0]
    )
    for summary in summaries:
        ids = ids.left_join(summary, "customer_id").drop("customer_id_right")
    return ids.filter(ids.customer_id.notnull())


def _with_tenure(whole: ir.Table, as_of: dt.date) -> ir.Table:
    """Adds tenure_days: days since the customer joined, or was first seen to order or subscribe."""
    since = [whole[name] for name in ("joined_on", "first_order_on", "subscribed_on") if name in whole.columns]
    if not since:
        return whole
    first = ibis.coalesce(*since) if len(since) > 1 else since[0]
    return whole.mutate(tenure_days=_days_between(first.date(), as_of))


def _days_between(earlier: ir.DateValue, as_of: dt.date) -> ir.IntegerValue:
    return ibis.date(as_of).delta(earlier, unit="day")


def _day(time: ir.TimestampValue) -> ir.TimestampValue:
    return time.truncate("D")
