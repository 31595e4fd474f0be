"""New customers beside what was spent to win them, and what each has brought by month since the first order."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.days import MONTH_DAYS
from helpers.findings import NotApplicable, say
from helpers.findings.vocabulary import COHORT, CUSTOMER_ID
from helpers.statistics.purchases import cumulative_mean

CHANNEL = "channel"
NO_SPENDING = NotApplicable(
    say("no table says what winning customers cost: export channel, month and cost as `spending`.")
)
NO_CHANNELS = NotApplicable(
    say("no order tells of a customer who says through which channel one came: map `channel` of customers.")
)
NONE_MATCH = NotApplicable(
    say("no new customer came by a channel, in a month, on which money was spent: compare the channels' names.")
)


@dataclass(frozen=True)
class Newcomers:
    """New customers of the channels and months that have a cost, and these costs."""

    customers: pd.DataFrame  # by customer_id: channel, cohort, months followed
    amounts: np.ndarray  # (customers, months since the first order), money
    spent: pd.DataFrame  # channel, month, cohort, cost; one row each channel and month that is over
    unmatched: float  # money spent on channels that no new customer names

    def by_month(self, chosen: np.ndarray, margin: float, alpha: float) -> pd.DataFrame:
        """What the chosen customers have brought by the end of each month, on average: see `cumulative_mean`."""
        return cumulative_mean(margin * self.amounts[chosen], self.customers["months"].to_numpy()[chosen], alpha)


def newcomers(data: Dataset, horizon_months: int) -> Newcomers | NotApplicable:
    """Customers whose first order fell into a month of their channel's spending, from its first month to its last.

    Months that are not over by `as_of` are left out, for their spending is not matched yet. Who joined before the
    orders begin is no new customer. Channels are compared without regard to case and blanks around them.
    """
    if "spending" not in data.tables:
        return NO_SPENDING
    if "orders" not in data.tables or CHANNEL not in data.customers:
        return NO_CHANNELS
    spent = _spent(data)
    people = _first_orders(data)
    if spent.empty or people.empty:
        return NO_SPENDING if spent.empty else NO_CHANNELS
    months = spent.groupby(CHANNEL)["month"].agg(["min", "max"])
    both = people.join(months, on=CHANNEL, how="inner")
    both = both[(both["month"] >= both["min"]) & (both["month"] <= both["max"])]
    if both.empty:
        return NONE_MATCH
    matched = spent[CHANNEL].isin(both[CHANNEL])
    kept = both.drop(columns=["min", "max"]).sort_index()
    amounts = _amounts(data, kept, horizon_months)
    return Newcomers(kept, amounts, spent[matched], float(spent.loc[~matched, "cost"].sum()))


def _spent(data: Dataset) -> pd.DataFrame:
    """Cost by channel and month, of the months that are over."""
    rows = data.tables["spending"]
    rows = rows.select(channel=rows.channel.strip().lower(), month=rows.month.truncate("M").date(), cost=rows.cost)
    sums = rows.group_by("channel", "month").agg(cost=engine.total(rows.cost)).execute()
    sums = sums.assign(month=pd.to_datetime(sums["month"]), cost=sums["cost"].astype(float))
    over = sums["month"] + pd.offsets.MonthEnd(0) <= pd.Timestamp(data.as_of)
    return _with_cohorts(sums[over]).sort_values([CHANNEL, "month"], ignore_index=True)


def _first_orders(data: Dataset) -> pd.DataFrame:
    """By customer_id: channel, month and cohort of the first order, and whole months since; without old customers."""
    known = [name for name in (CHANNEL, "first_order_on", "joined_on") if name in data.customers]
    people = data.customers[[CUSTOMER_ID, *known]].set_index(CUSTOMER_ID).dropna(subset=[CHANNEL, "first_order_on"])
    if "joined_on" in people:
        people = people[~(people["joined_on"] < people["first_order_on"].min())]
    first = pd.to_datetime(people["first_order_on"])
    followed = ((pd.Timestamp(data.as_of) - first).dt.days / MONTH_DAYS).astype(int)
    frame = pd.DataFrame({
        CHANNEL: people[CHANNEL].astype(str).str.strip().str.lower(), "named": people[CHANNEL].astype(str).str.strip(),
        "month": first.dt.to_period("M").dt.to_timestamp(), "first": first, "months": followed,
    })  # fmt: skip
    return _with_cohorts(frame)


def _with_cohorts(frame: pd.DataFrame) -> pd.DataFrame:
    """With the quarter of each month, such as 2025 Q1."""
    month = frame["month"].dt
    return frame.assign(**{COHORT: month.year.astype(str) + " Q" + month.quarter.astype(str)})


def _amounts(data: Dataset, people: pd.DataFrame, horizon_months: int) -> np.ndarray:
    """Net money of each customer by month since the first order, the month of which is the first."""
    days = snapshot.order_days(data.tables["orders"], data.settings.policy)
    firsts = ibis.memtable(pd.DataFrame({CUSTOMER_ID: people.index, "first": people["first"].dt.date.to_numpy()}))
    rows = days.join(firsts, CUSTOMER_ID)
    since = rows.day.delta(rows["first"].cast("date"), unit="day")
    rows = rows.mutate(age=(since / MONTH_DAYS).floor().cast("int64"))
    within = rows.filter((rows.age >= 0) & (rows.age < horizon_months))
    sums = within.group_by(CUSTOMER_ID, "age").agg(money=engine.total(within.net)).execute()
    amounts = np.zeros((len(people), horizon_months))
    amounts[people.index.get_indexer(sums[CUSTOMER_ID]), sums["age"]] = sums["money"].astype(float)
    return amounts
