"""Customers who may take a dearer good, or a dearer plan, next: those of families and plans where it is found wise."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.offers.goods.ladders import ReadyCustomers, UpSell
from helpers.analyses.offers.goods.upgrades import ARROW, FOLLOWED_DAYS, TENURES, UP, MovedUp, periods
from helpers.analyses.offers.goods.vocabulary import LEFT_DIFFERENCE, MOVE, STEP
from helpers.analyses.offers.vocabulary import FAMILY, STEP_CHANCE
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, analysis
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, LOWER, UPPER
from helpers.statistics.shares import wilson_interval

DEARER_PLAN = "dearer_plan"
NOBODY = pd.DataFrame({column: [] for column in ReadyCustomers.columns})


@analysis
def ready_customers(ladder: UpSell | NotApplicable, moves: MovedUp | NotApplicable, data: Dataset) -> ReadyCustomers:
    """Whom a dearer good or plan may be offered, as `up_sell` and `moved_up` found; nobody where nothing speaks for it.

    Goods of families in which customers rise, and plans that others moved to without leaving more for it.
    """
    goods = ladder.customers.table if isinstance(ladder, UpSell) else NOBODY
    plans = of_plans(moves, data) if isinstance(moves, MovedUp) else NOBODY
    return ReadyCustomers(pd.concat([each for each in (goods, plans) if len(each)] or [NOBODY], ignore_index=True))


def of_plans(moves: MovedUp, data: Dataset) -> pd.DataFrame:
    """Customers on a plan, with the share of those on it as long half a year ago who have moved up since."""
    worse = (moves.table[ADJUSTED_P_VALUE] < SIGNIFICANCE) & (moves.table[LEFT_DIFFERENCE] > 0)
    wise = moves.table.loc[~worse, MOVE]
    then, now = (_running(data, data.as_of - dt.timedelta(days=days)) for days in (FOLLOWED_DAYS, 0))
    then["target"] = then["next_plan"].where(then["turn"] == UP)
    parts = [NOBODY]
    for plan, target in then[["plan", "target"]].dropna().drop_duplicates().itertuples(index=False):
        if plan + ARROW + target in set(wise):
            own = then[then["plan"] == plan]
            chances = (own["target"] == target).groupby(own["band"]).agg(["size", "sum"])
            met = now[now["plan"] == plan].join(chances[chances["size"] >= LEAST_AT_RISK], on="band", how="inner")
            lower, upper = wilson_interval(met["sum"], met["size"])
            parts.append(pd.DataFrame({
                CUSTOMER_ID: met["customer_id"], FAMILY: target, STEP: DEARER_PLAN,
                STEP_CHANCE: met["sum"] / met["size"], LOWER: lower, UPPER: upper,
            }))  # fmt: skip
    return pd.concat([each for each in parts if len(each)] or parts, ignore_index=True)


def _running(data: Dataset, day: dt.date) -> pd.DataFrame:
    """The periods that run beyond a day, as `periods` has them, with the band of the days since they began."""
    rows = periods(data.tables["subscriptions"])
    rows = rows.filter(rows.started_on <= ibis.literal(day), rows.until > ibis.literal(day))
    table = rows.order_by("customer_id", "started_on", "until", "plan").execute()
    days = (pd.Timestamp(day) - pd.to_datetime(table["started_on"])).dt.days
    return table.assign(band=np.searchsorted(TENURES, days))
