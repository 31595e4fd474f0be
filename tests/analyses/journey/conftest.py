"""Touchpoints and messages that several files of this word ask about, beside the slow loops that tell the truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.journey.message.pressure import Fatigue, fatigue
from helpers.analyses.journey.message.sent import Messages, messages
from helpers.analyses.journey.road.touches import Touchpoints, touchpoints
from shops import shop

NIGHT = pd.Timestamp("2025-07-01")  # the end of the shops' day
DAYS = 5  # in which an order follows a message
Points = Callable[..., Touchpoints]


def read(road: Touchpoints) -> Touchpoints:
    """The same touchpoints as a table of their own, so that not every answer picks them from five tables anew."""
    return replace(road, rows=ibis.memtable(road.rows.execute()))


@pytest.fixture(scope="session")
def points() -> Points:
    """A function of events (customer_id, event, happened_at), the names of those that are steps, in order, and a day."""

    def make(events: pd.DataFrame, names: Sequence[str] = "ABCD", as_of: dt.date = dt.date(2025, 3, 31)) -> Touchpoints:
        road = [{"step": name, "table": "events", "where": {"event": name}} for name in names]
        return read(touchpoints(shop(as_of=as_of, events=events), road))

    return make


@pytest.fixture(scope="session")
def clicks() -> pd.DataFrame:
    """Random events of 150 customers on a coarse clock, so that many fall on one moment."""
    rng = np.random.default_rng(7)
    size = 1500
    return pd.DataFrame(
        {
            "customer_id": rng.integers(0, 150, size).astype(str),
            "event": rng.choice(list("ABCDX"), size),
            "happened_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 60, size), unit="h"),
            "channel": "web",
            "content": "c",
        }
    )


@pytest.fixture(scope="session")
def clicked_road(points: Points, clicks: pd.DataFrame) -> Touchpoints:
    """The touchpoints of `clicks`."""
    return points(clicks, "ABCDX")


@pytest.fixture(scope="session")
def walks() -> Points:
    """A function of walks (customer_id, step, day of 2025 from 1); steps in alphabetical order, as of 2025-07-01.

    The steps `order` and `sent` are orders and messages, all others events.
    """

    def make(table: pd.DataFrame) -> Touchpoints:
        at = pd.Timestamp("2025-01-01") + pd.to_timedelta(table["day"] - 1, unit="D")
        events = table.assign(event=table["step"], happened_at=at, channel="web", content="c")
        orders = events.loc[events["event"] == "order", ["customer_id"]].assign(ordered_at=at)
        touches = events.loc[events["event"] == "sent", ["customer_id"]].assign(touched_at=at)
        events = events[["customer_id", "event", "happened_at", "channel", "content"]]
        data = shop(as_of=dt.date(2025, 7, 1), events=events, orders=orders, touches=touches)
        own = {"order": {"table": "orders"}, "sent": {"table": "touches"}}
        road = [
            {"step": name, **own.get(name, {"table": "events", "where": {"event": name}})}
            for name in sorted(table["step"].unique())
        ]
        return read(touchpoints(data, road))

    return make


@pytest.fixture(scope="session")
def walkers() -> pd.DataFrame:
    """Three hundred customers with one to nine touchpoints on whole days of half a year, several on one day."""
    rng = np.random.default_rng(11)
    sizes = rng.integers(1, 10, 300)
    return pd.DataFrame(
        {
            "customer_id": np.repeat([f"c{n}" for n in range(300)], sizes),
            "step": rng.choice(["a", "b", "order", "sent"], sizes.sum(), p=[0.5, 0.05, 0.25, 0.2]),
            "day": rng.integers(1, 183, sizes.sum()),
        }
    )


@pytest.fixture(scope="session")
def walked(walks: Points, walkers: pd.DataFrame) -> Touchpoints:
    """The touchpoints of `walkers`."""
    return walks(walkers)


@pytest.fixture(scope="session")
def lines(walkers: pd.DataFrame) -> dict[str, list[tuple[int, str]]]:
    """Each walker's (day, step) in order; the steps of one day in the order of the road, which is alphabetical."""
    return {
        customer: sorted(zip(own["day"], own["step"], strict=True)) for customer, own in walkers.groupby("customer_id")
    }


@pytest.fixture(scope="session")
def touches() -> pd.DataFrame:
    """Two thousand messages to 400 customers over half a year, on whole hours; busier customers open more."""
    rng = np.random.default_rng(5)
    customer = np.minimum(rng.geometric(0.01, 2000), 400)
    sent = NIGHT - pd.to_timedelta(rng.integers(0, 180 * 24, 2000) + 1, unit="h")
    opened = rng.random(2000) < np.where(customer < 50, 0.5, 0.25)
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in customer],
            "touched_at": sent,
            "campaign": rng.choice(["spring", "summer", "odd"], 2000, p=[0.6, 0.399, 0.001]),
            "channel": rng.choice(["sms", "mail"], 2000),
            "opened_at": sent.where(opened),
            "clicked_at": sent.where(opened & (rng.random(2000) < 0.4)),
        }
    )


@pytest.fixture(scope="session")
def orders() -> pd.DataFrame:
    """Fifteen hundred orders of these customers, a fifth of them cancelled."""
    rng = np.random.default_rng(6)
    at = NIGHT - pd.to_timedelta(rng.integers(0, 200 * 24, 1500) + 1, unit="h")
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in rng.integers(1, 401, 1500)],
            "ordered_at": at,
            "cancelled": rng.random(1500) < 0.2,
        }
    )


@pytest.fixture(scope="session")
def sent(touches: pd.DataFrame, orders: pd.DataFrame) -> Messages:
    """The messages that can be followed for five days."""
    return messages(shop(touches=touches, orders=orders), DAYS)


@pytest.fixture(scope="session")
def tired(sent: Messages) -> Fatigue:
    """The responses to these messages by how many came before."""
    return fatigue(sent)


@pytest.fixture(scope="session")
def followed(touches: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The same messages, one after the other in a slow loop."""
    own = {
        customer: rows["ordered_at"].tolist() for customer, rows in orders[~orders["cancelled"]].groupby("customer_id")
    }
    others = {customer: rows["touched_at"].tolist() for customer, rows in touches.groupby("customer_id")}
    window, month = pd.Timedelta(days=DAYS), pd.Timedelta(days=30)
    first, rows = touches["touched_at"].min(), []
    for row in touches.itertuples():
        at, bought = row.touched_at, own.get(row.customer_id, [])
        if at + window >= NIGHT:
            continue
        near = sum(at - month <= each <= at for each in others[row.customer_id]) - 1
        rows.append(
            {
                "customer_id": row.customer_id,
                "campaign": row.campaign,
                "channel": row.channel,
                "sent_at": at,
                "opened": row.opened_at is not pd.NaT,
                "clicked": row.clicked_at is not pd.NaT,
                "ordered": any(at <= each <= at + window for each in bought),
                "ordered_before": any(at - window <= each < at for each in bought),
                "messages_before": near if at >= first + month else np.nan,
            }
        )
    return pd.DataFrame(rows)
