"""How far each customer is from the next tier of the membership, and how long what was spent still counts."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.analyses.plan.vocabulary import TIER_DAYS, TIER_GAP
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.findings.vocabulary import CUSTOMER_ID


def tier_gaps(data: Dataset) -> pd.DataFrame:
    """By customer_id, what lacks to the lowest tier above the customer's spend, and days until less of it counts.

    One row for each customer who spent something in the window of a tier in force and is not in the highest one; the
    share is of what the next tier takes. Empty without tiers in `[loyalty]`, or without orders.
    """
    tiers = sorted(data.settings.loyalty.tiers, key=lambda tier: tier.spend, reverse=True)
    if not tiers or "orders" not in data.tables:
        return pd.DataFrame()
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    sums = {}
    for place, tier in enumerate(tiers):
        counts = (bought.day > data.as_of - dt.timedelta(days=tier.window_days)) & (bought.day <= data.as_of)
        sums[f"spent {place}"] = engine.total(bought.net, where=counts)
        sums[f"oldest {place}"] = bought.day.min(where=counts & (bought.orders > 0))
    spent = bought.group_by(CUSTOMER_ID).agg(**sums).execute().set_index(CUSTOMER_ID)
    gaps = pd.DataFrame(index=spent.index, columns=[TIER_GAP, TIER_DAYS], dtype=float)
    reached = pd.Series(False, index=spent.index)
    for place, tier in enumerate(tiers):  # from the highest, so that the lowest one that is not reached stays
        money = spent[f"spent {place}"].astype(float).fillna(0)
        days = (pd.to_datetime(spent[f"oldest {place}"]) - pd.Timestamp(data.as_of)).dt.days + tier.window_days
        reached |= money >= tier.spend
        near = (money > 0) & ~reached
        gaps.loc[near, TIER_GAP] = 1 - money[near] / tier.spend
        gaps.loc[near, TIER_DAYS] = days[near].astype(float)
    return gaps.dropna(how="all")
