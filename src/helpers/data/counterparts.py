"""Customers who did something on a day, beside others who had not: what each had bought, and bought afterwards."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd

from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset

MOST_ACTS = 20_000
MOST_PAIRS = 400_000
RECENT_DAYS = 90
DAY = "datetime64[D]"
LONG = 1_000_000  # days; keeps the days of one customer apart from those of the next
SEED = 20_240_601
# Upper edges of the bands within which customers are alike; those of spend are the thirds of who acted.
BANDS = {"tenure_days": (30, 90, 365), "recency_days": (3, 14, 45, 120), "order_days": (1, 3)}
EARLY_DAYS = 30  # added to tenure, so that the rates of the first days are not wild
IN_ORDER = ["first_order_on", "last_order_on", "orders", "monetary", "customer_id"]


def drawn(data: Dataset, acts: pd.DataFrame, days: int, quiet_days: int) -> pd.DataFrame:
    """The `acts` (customer_id, day), and controls drawn on the same days: customer_id, day, acted.

    Both had ordered by that day and not acted in the `quiet_days` days before it; the controls not on that day
    either. Nothing later than the day chooses anybody, so a control may act afterwards, and stands as an exposed
    row then: nobody has to stay for long in order to be counted. Days are those that `days` days have followed.
    Of many acts 20,000 are drawn, and 400,000 controls at the most, by a fixed seed, from buyers in the order of
    what they bought: names count among buyers who are alike in it only.
    """
    known = [name for name in IN_ORDER if name in data.customers]
    buyers = data.customers[known].dropna(subset="first_order_on").sort_values(known, ignore_index=True)
    first = buyers["first_order_on"].to_numpy().astype(DAY).astype(int)
    who = pd.Index(buyers["customer_id"]).get_indexer(acts["customer_id"])
    when = pd.to_datetime(acts["day"]).to_numpy().astype(DAY).astype(int)
    who, when = who[who >= 0], when[who >= 0]
    keys = np.sort(who * LONG + when)
    last = np.datetime64(data.as_of - dt.timedelta(days=days), "D").astype(int)

    def usable(customer: np.ndarray, day: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Had ordered by the day, with no act from `quiet_days` days before it to before `until`."""
        begin = customer * LONG + day - quiet_days
        silent = np.searchsorted(keys, begin) == np.searchsorted(keys, customer * LONG + until)
        return silent & (first[customer] <= day) & (day <= last)

    rng = np.random.default_rng(SEED)
    exposed = np.sort(keys[usable(keys // LONG, keys % LONG, keys % LONG)])
    if len(exposed) > MOST_ACTS:
        exposed = rng.choice(exposed, MOST_ACTS, replace=False)
    controls = _candidates(exposed % LONG, len(buyers), rng)
    controls = controls[usable(controls // LONG, controls % LONG, controls % LONG + 1)]
    pairs = np.concatenate([exposed, controls])
    return pd.DataFrame({
        "customer_id": buyers["customer_id"].to_numpy()[pairs // LONG],
        "day": (pairs % LONG).astype(DAY).astype("datetime64[s]"),
        "acted": np.arange(len(pairs)) < len(exposed),
    })  # fmt: skip


def _candidates(days: np.ndarray, customers: int, rng: np.random.Generator) -> np.ndarray:
    """Keys of customers on the days of the acts: everybody on every day, or as many as may be, at random."""
    each = min(customers, MOST_PAIRS // max(1, len(days)))
    if each == customers:
        who = np.tile(np.arange(customers), len(days))
    else:
        who = rng.integers(customers, size=each * len(days))
    return pd.unique(who * LONG + np.repeat(days, each))


def histories(data: Dataset, pairs: pd.DataFrame, days: int) -> pd.DataFrame:
    """`pairs` with what orders say: up to the day orders, order_days and spend (all, and recent ones of 90 days),
    tenure_days and recency_days; after it next_days (to the next order; missing where none came within `days`) and
    later_spend within `days`. Money is net.
    """
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy).rename(on="day")
    bought = bought.mutate(ordered=bought.orders > 0)
    rows = ibis.memtable(pairs.assign(pair=np.arange(len(pairs)))[["pair", "customer_id", "day"]])
    rows = rows.mutate(day=rows.day.date()).join(bought, "customer_id")
    rows = rows.mutate(after=rows.on.delta(rows.day, unit="day"))
    past, future = rows.after <= 0, (rows.after > 0) & (rows.after <= days)
    facts = rows.group_by("pair").agg(
        orders=rows.orders.sum(where=past),
        order_days=rows.ordered.ifelse(1, 0).sum(where=past),
        recent_order_days=rows.ordered.ifelse(1, 0).sum(where=past & (rows.after > -RECENT_DAYS)).fill_null(0),
        spend=engine.total(rows.net, where=past),
        recent_spend=engine.total(rows.net, where=past & (rows.after > -RECENT_DAYS)).fill_null(0.0),
        tenure_days=-rows.after.min(where=past & rows.ordered),
        recency_days=-rows.after.max(where=past & rows.ordered),
        next_days=rows.after.min(where=future & rows.ordered),
        later_spend=engine.total(rows.net, where=future).fill_null(0.0),
    )
    return pairs.join(facts.execute().set_index("pair"), how="inner").reset_index(drop=True)


def strata(rows: pd.DataFrame) -> np.ndarray:
    """One whole number for each combination of the month and of bands of what was bought, of rows of `histories`."""
    thirds = np.unique(rows.loc[rows["acted"], "spend"].quantile([1 / 3, 2 / 3]))
    number = (rows["day"].dt.year * 12 + rows["day"].dt.month).to_numpy()
    for column, edges in {**BANDS, "spend": thirds}.items():
        band = np.searchsorted(np.asarray(edges, dtype=float), rows[column].to_numpy(dtype=float))
        number = number * (len(edges) + 1) + band
    return number


def tells(rows: pd.DataFrame) -> np.ndarray:
    """What tells of later orders beyond the bands: recency and tenure, how often and how much was ordered a day."""
    exposure = rows["tenure_days"] + EARLY_DAYS
    return np.column_stack([
        rows["recent_order_days"], np.log1p(rows["recency_days"]), np.log1p(rows["tenure_days"]),
        rows["order_days"] / exposure, rows["orders"] / exposure, rows["spend"] / exposure,
    ]).astype(float)  # fmt: skip
