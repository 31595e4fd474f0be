"""The chance that a silence will be reached, from how long a customer has been silent so far."""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.statistics.survival import kaplan_meier

FIRST, LATER = "after the first order", "after a later order"


def known_by(days: ir.Table, day: dt.date) -> ir.Table:
    """Order days as they were known at the end of `day`."""
    rows = days.filter(days.day <= day)
    return rows.mutate(next_on=ibis.cases((rows.next_on <= day, rows.next_on)))


def order_hazards(days: ir.Table, as_of: dt.date, silence_days: int) -> dict[str, np.ndarray]:
    """Chance to order on day 1, 2, … `silence_days` after an order, given none since; for first and for later orders.

    From a table of counts by gap, made in the engine; gaps still open at `as_of` are censored there.
    """
    gap = ibis.coalesce(days.next_on, ibis.literal(as_of)).delta(days.day, unit="day")
    counts = (
        days.select(kind=(days.place == 0).ifelse(FIRST, LATER), gap=gap, closed=days.next_on.notnull().ifelse(1, 0))
        .group_by("kind", "gap", "closed")
        .agg(n=ibis._.count())
        .order_by("kind", "gap", "closed")
        .execute()
    )
    hazards = {}
    for kind in (FIRST, LATER):
        rows = counts[counts["kind"] == kind]
        hazards[kind] = np.zeros(silence_days)
        if len(rows):
            curve = kaplan_meier(rows["gap"], rows["closed"], weights=rows["n"])
            curve = curve[curve["time"].between(1, silence_days)]
            hazards[kind][curve["time"].to_numpy(int) - 1] = curve["events"] / curve["at_risk"]
    return hazards


def alert_chances(hazards: dict[str, np.ndarray], horizon_days: int) -> dict[str, np.ndarray]:
    """Chance that the silence is reached within h days from r silent days: an array (h, r) for each kind of last order.

    A renewal chain by days: an order on day r + 1 starts again at 0 as "later", none moves on to r + 1, and the
    last state is the end. Assumes that gaps tell nothing of each other beyond first and later.
    """
    silence = len(hazards[LATER])
    chances = {kind: np.zeros((horizon_days + 1, silence + 1)) for kind in (FIRST, LATER)}
    for kind in chances:
        chances[kind][:, silence] = 1.0
    for h in range(1, horizon_days + 1):
        again = chances[LATER][h - 1, 0]
        for kind, table in chances.items():
            table[h, :silence] = hazards[kind] * again + (1 - hazards[kind]) * table[h - 1, 1:]
    return chances


def active(days: ir.Table, as_of: dt.date, silence_days: int) -> pd.DataFrame:
    """Customers who had been silent for less than `silence_days` at `as_of`: customer_id, first_on, last_on, kind."""
    table = days.group_by("customer_id").agg(
        first_on=days.day.min(), last_on=days.day.max(), last_place=days.place.max()
    )
    recent = table.filter(table.last_on > as_of - dt.timedelta(days=silence_days)).order_by("customer_id").execute()
    dates = {name: pd.to_datetime(recent[name]) for name in ("first_on", "last_on")}
    return recent.assign(**dates, kind=np.where(recent["last_place"] == 0, FIRST, LATER)).drop(columns="last_place")


def alerted(days: ir.Table, silence_days: int, after: dt.date, until: dt.date) -> set[str]:
    """Customers whose silence was reached after one day and by another, as all orders up to then tell."""
    gap = days.next_on.delta(days.day, unit="day")
    window = {day: day - dt.timedelta(days=silence_days) for day in (after, until)}
    began = (days.day > window[after]) & (days.day <= window[until])
    silent = days.filter(began & (days.next_on.isnull() | (gap > silence_days)))
    return set(silent.select("customer_id").distinct().execute()["customer_id"])
