"""Silence: order days, the gaps between them, and the first gap that is long enough to count as having left."""

from __future__ import annotations

import datetime as dt
import math

import ibis
import ibis.expr.types as ir

from helpers.data import snapshot
from helpers.data.datasets import Dataset
from helpers.reports import formats
from helpers.reports.findings import NotApplicable

GAP_SHARE = 0.95  # of the gaps between orders that a silence must outlast
LEAST_GAPS = 50  # from which a percentile of gaps can be read
LEAST_REPEATERS = 0.05  # share of customers who order again, below which silence means nothing


def order_days(data: Dataset) -> ir.Table:
    """One row a customer and order day: amount, the next order day, its place among the customer's (from 0).

    The amount is the day's before refunds, which come later and would tell of the future.
    """
    policy = data.settings.policy
    known = snapshot.order_days(data.tables["orders"], policy)
    later = known.refunds if policy["refunds"] == "net" else 0.0
    days = known.filter(known.orders > 0).select("customer_id", "day", amount=known.net + later)
    by_customer = ibis.window(group_by="customer_id", order_by="day")
    return days.mutate(next_on=days.day.lead().over(by_customer), place=ibis.row_number().over(by_customer))


def usual_silence(days: ir.Table) -> int | NotApplicable:
    """The whole days that 95 % of the gaps between order days do not exceed."""
    gaps = days.next_on.delta(days.day, unit="day")
    found = (
        days.aggregate(
            customers=(days.place == 0).ifelse(1, 0).sum().fill_null(0),
            repeaters=(days.place == 1).ifelse(1, 0).sum(),
            gaps=gaps.count(),
            days=gaps.quantile(GAP_SHARE),
        )
        .execute()
        .iloc[0]
    )
    if not found["customers"]:
        return NotApplicable("no order names its customer.")
    share = found["repeaters"] / found["customers"]
    if found["gaps"] < LEAST_GAPS or share < LEAST_REPEATERS:
        return NotApplicable(
            f"{int(found['repeaters']):,} of {int(found['customers']):,} customers ({formats.percent(share)}) ordered "
            "on a second day, so silence cannot be told from having bought once. Give silence_days to define it anyway."
        )
    return math.ceil(found["days"])


def silent_stays(days: ir.Table, silence_days: int, until: dt.date) -> ir.Table:
    """One row for each customer who had ordered by `until`: first order, and the last before the first silence."""
    seen = days.filter(days.day <= until)
    silent = seen.next_on.isnull() | (seen.next_on.delta(seen.day, unit="day") > silence_days)
    return seen.group_by("customer_id").agg(
        started_on=seen.day.min(),
        ended_on=seen.day.min(where=silent),
        first_order_amount=seen.amount.argmin(seen.day),
        silences=silent.ifelse(1, 0).sum(),
        returns=(silent & seen.next_on.notnull()).ifelse(1, 0).sum(),
    )
