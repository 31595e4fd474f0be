"""Who was in which tier at the end of each of the last months, and what each customer spent in the month after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.programme import Tier

MONTHS = 12
YEAR = 365


@dataclass(frozen=True)
class Spells:
    """Money of customers by month: what each had spent by its beginning, by window, and what each spent in it.

    Customers stand in the order of their ids.
    """

    days: tuple[dt.date, ...]  # the report's day, and the last day before each month; the latest first
    spent: dict[int, np.ndarray]  # by window's days: (customers, days), what was spent within it by the day
    paid: np.ndarray  # (customers, months), what was spent in the month that begins after days[1:]

    @property
    def years(self) -> float:
        """How long the months are together."""
        return (self.days[0] - self.days[-1]).days / YEAR

    def tiers(self, rules: Iterable[Tier]) -> np.ndarray:
        """The place of each customer's tier on each day among `rules`, the lowest 0; -1 where there is none.

        A customer is in the highest tier whose spend is reached within the days that end with the day, both included.
        """
        place = np.full((len(self.paid), len(self.days)), -1, dtype=np.int8)
        for row, tier in enumerate(rules):
            place[self.spent[tier.window_days] >= tier.spend] = row
        return place


def spells(data: Dataset, windows: Iterable[int]) -> Spells | None:
    """The months before the report's day, at most twelve, before which the longest of the `windows` was observed.

    Money is net, as `data`'s policy says. None where not even one month was.
    """
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    first = bought.filter(bought.orders > 0).day.min().execute()
    if first is None or pd.isna(first):
        return None
    windows = sorted(set(windows))
    marks = [data.as_of - dt.timedelta(days=round(month * YEAR / MONTHS)) for month in range(MONTHS + 1)]
    days = tuple(day for day in marks if day - dt.timedelta(days=windows[-1] - 1) >= pd.Timestamp(first).date())
    if len(days) < 2:
        return None
    sums = {}
    for place, day in enumerate(days):
        until = bought.day <= day
        for window in windows:
            since = bought.day > day - dt.timedelta(days=window)
            sums[f"spent {window} {place}"] = engine.total(bought.net, where=since & until).fill_null(0)
        if place:
            within = (bought.day > day) & (bought.day <= days[place - 1])
            sums[f"paid {place}"] = engine.total(bought.net, where=within).fill_null(0)
    table = bought.group_by("customer_id").agg(**sums).order_by("customer_id").drop("customer_id").execute()

    def side_by_side(name: str, places: range) -> np.ndarray:
        return np.stack([table.pop(f"{name} {place}").to_numpy() for place in places], axis=1)  # each is let go

    spent = {window: side_by_side(f"spent {window}", range(len(days))) for window in windows}
    return Spells(days, spent, side_by_side("paid", range(1, len(days))))
