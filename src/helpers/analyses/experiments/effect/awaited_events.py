"""What is waited for after an assignment, and how long each customer has waited: in the engine, then as counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.analyses.experiments.effect.vocabulary import NO_ORDER_YET_SHARE, STILL_SUBSCRIBED_SHARE
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import Column

AT_RISK_TIMES = 6
FOLLOWED_ALIKE = 0.05  # by how much arms may differ in how long they were followed, before plain shares mislead
KEYS = ["experiment", "customer_id"]


@dataclass(frozen=True)
class Event:
    """What is waited for, by the table that dates it: `vocabulary.EVENT` has it in words."""

    table: str
    done: str  # heading of those who did
    waiting: Column  # the share that has not yet
    dated: Callable[[Dataset, ir.Table], ir.Table]  # assigned customers → those counted, with happened_on or null


def waits(data: Dataset, event: Event) -> ir.Table:
    """One row an experiment and customer in one arm alone, of those who can have the event.

    Columns experiment, customer_id, variant, followed_days (assignment to the day of the report), days (to the event,
    else followed_days), happened (0 or 1).
    """
    rows = data.tables["experiments"]
    arms = rows.group_by(KEYS).agg(
        variant=rows.variant.min(), other=rows.variant.max(), assigned_at=rows.assigned_at.min()
    )
    alone = arms.filter(arms.variant == arms.other, arms.assigned_at.notnull())
    assigned = alone.select(*KEYS, "variant", "assigned_at", assigned_on=alone.assigned_at.date())
    dated = event.dated(data, assigned)
    followed = ibis.date(data.as_of).delta(dated.assigned_on, unit="day")
    waited = dated.happened_on.delta(dated.assigned_on, unit="day")
    return dated.select(
        *KEYS,
        "variant",
        followed_days=followed,
        days=ibis.coalesce(waited, followed),
        happened=waited.notnull().ifelse(1, 0),
    )


def _first_orders(data: Dataset, assigned: ir.Table) -> ir.Table:
    """The day of the first order since the assignment of everyone; null for none."""
    orders = purchases.made(data.tables["orders"], data.settings.policy)
    both = assigned.left_join(orders.select("customer_id", "ordered_at"), "customer_id")
    since = both.ordered_at.min(where=both.ordered_at >= both.assigned_at)
    return both.group_by(assigned.columns).agg(happened_on=since.date())


def _ends(data: Dataset, assigned: ir.Table) -> ir.Table:
    """The last day of the stay that ran on the day of assignment, of those who had one; null where it still runs."""
    both = assigned.join(contract_stays(data.tables["subscriptions"]), "customer_id")
    there = ibis.coalesce(both.ended_on, both.assigned_on) >= both.assigned_on
    running = both.filter(both.started_on <= both.assigned_on, there)
    return running.select(*assigned.columns, happened_on=running.ended_on)


EVENTS = (
    Event("orders", "ordered", NO_ORDER_YET_SHARE, _first_orders),
    Event("subscriptions", "left", STILL_SUBSCRIBED_SHARE, _ends),
)


def counts_of(data: Dataset, event: Event) -> pd.DataFrame:
    """Customers by experiment, variant, followed_days, days and happened."""
    customers = waits(data, event)
    keys = ["experiment", "variant", "followed_days", "days", "happened"]
    return customers.group_by(keys).agg(customers=customers.count()).order_by(keys).execute()
