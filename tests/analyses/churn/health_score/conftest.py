"""A small club whose members order less, and complain, before they leave."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.health_score.rankings import HealthBacktest, health_backtest
from helpers.analyses.churn.health_score.standings import Health, health
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import Stays
from helpers.data.datasets import Dataset
from shops import shop, words

LAST_DAY = dt.date(2025, 6, 30)
MEMBERS, DAYS = 260, 500


def club(seed: int = 1, last: dt.date = LAST_DAY, **settings: object) -> Dataset:
    """Members for 150 days or more: in the last 60 of those who leave, one order in three, and a complaint in two."""
    rng = np.random.default_rng(seed)
    came = rng.integers(0, 300, MEMBERS)
    left = came + 150 + rng.exponential(250, MEMBERS).astype(int)
    first = pd.Timestamp(LAST_DAY) - pd.Timedelta(days=DAYS)
    at = np.sort(rng.integers(0, DAYS + 1, (MEMBERS, 40)), axis=1)
    there = (at >= came[:, None]) & (at <= left[:, None])
    there &= (at < left[:, None] - 60) | (rng.random(at.shape) < 1 / 3)
    who, place = np.nonzero(there)
    ids = np.array([f"c{member:03}" for member in range(MEMBERS)])
    days = first + pd.to_timedelta(at[who, place], unit="D")
    orders = pd.DataFrame({"order_id": range(len(who)), "customer_id": ids[who], "ordered_at": days, "amount": 10.0})
    complaining = rng.random(MEMBERS) < 0.5
    opened = first + pd.to_timedelta(left - rng.integers(5, 60, MEMBERS), unit="D")
    tickets = pd.DataFrame({"ticket_id": range(MEMBERS), "customer_id": ids, "opened_at": opened, "complaint": True})
    ended = first + pd.to_timedelta(left, unit="D")
    contracts = pd.DataFrame({"customer_id": ids, "started_at": first + pd.to_timedelta(came, unit="D")})
    contracts = contracts.assign(ended_at=ended.where(ended <= pd.Timestamp(last)), plan="club", price=5.0)
    tables = {"orders": orders, "tickets": tickets[complaining], "subscriptions": contracts}
    known = pd.DataFrame({"customer_id": ids})
    return shop(as_of=last, known=known, settings=words(contractual=True, **settings), **tables)


@pytest.fixture(scope="session")
def members() -> Dataset:
    return club()


@pytest.fixture(scope="session")
def memberships(members) -> Stays:
    return stays(members)


@pytest.fixture(scope="session")
def tested(members, memberships) -> HealthBacktest:
    return health_backtest(memberships, members)


@pytest.fixture(scope="session")
def scores(members, tested) -> Health:
    return health(tested, members)
