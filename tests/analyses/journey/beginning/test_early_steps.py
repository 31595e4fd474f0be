"""How many newcomers take each step early, by cohort."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.beginning.early_steps import Onboarding, onboarding
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.findings.briefs import Direction
from shops import shop

AS_OF = dt.date(2025, 6, 30)
MONTHS = pd.period_range("2025-01", "2025-06", freq="M")
SIZE = 40


def begun(data: Dataset) -> Onboarding | NotApplicable:
    return onboarding(data, touchpoints(data))


def welcomed(shares: list[float], days: float = 3, table: str = "events") -> Dataset:
    """Forty newcomers on the fifth of each month, of whom such a share took a tour (or ordered) so many days later."""
    people = [(f"{month}-{n}", month.start_time + pd.Timedelta(days=4)) for month in MONTHS for n in range(SIZE)]
    customers = pd.DataFrame(people, columns=["customer_id", "joined_at"])
    takes = np.concatenate([np.arange(SIZE) < round(share * SIZE) for share in shares])
    at = customers["joined_at"] + pd.Timedelta(days=days)
    visits = customers[["customer_id"]].assign(event="visit", happened_at=customers["joined_at"])
    orders = customers[["customer_id"]].assign(ordered_at=at, amount=50.0, order_id=range(len(customers)))[takes]
    tours = customers[["customer_id"]].assign(event="tour", happened_at=at)[takes]
    done = visits if table == "orders" else pd.concat([visits, tours])
    return shop(as_of=AS_OF, customers=customers, events=done, **({"orders": orders} if table == "orders" else {}))


def test_shares_count_the_days_of_each_newcomer():
    soon, later, late = (begun(welcomed([0.5] * 6, days)) for days in (6.9, 7, 30))
    row = soon.steps.set_index("step").loc["tour"]
    assert (row["newcomers"], row["reached_7d_share"], row["reached_30d_share"]) == (200, 0.5, 0.5)
    assert later.steps.set_index("step").loc["tour", ["reached_7d_share", "reached_30d_share"]].tolist() == [0, 0.5]
    assert late.steps.set_index("step").loc["tour", "reached_30d_share"] == 0


def test_a_cohort_counts_when_the_days_of_all_its_newcomers_are_over():
    table = begun(welcomed([0.5] * 6)).table
    tours = table[table["step"] == "tour"].set_index("came_in")
    assert tours["reached_30d_share"].isna().tolist() == [False] * 5 + [True]  # of June, 30 days are not over
    assert tours["reached_7d_share"].notna().tolist() == [True] * 5 + [False]  # nor are 7, for who came on the last
    assert tours["newcomers"].tolist() == [SIZE] * 6


def test_newer_customers_who_reach_a_step_less_often_are_told():
    found = begun(welcomed([0.8, 0.7, 0.6, 0.45, 0.3, 0.0]))
    assert str(found.headline()) == (
        "Newer customers reach “tour” early less often: 30.0% of those who came in May 2025, 57.0% of all."
    )
    assert "1 of 2 steps rise or fall from cohort to cohort beyond chance" in words_of(found)


def test_a_cohort_whose_days_are_not_over_does_not_make_newer_ones_worse():
    """The naive share counts June, of whom nobody had 30 days: it falls though all take the tour equally often."""
    data = welcomed([0.5] * 5 + [0.0])
    found = begun(data)
    naive = found.newcomers.waits["tour"].lt(30).groupby(found.newcomers.came_on.dt.to_period("M")).mean()
    assert naive.iloc[-1] == 0
    assert "no evidence that newer ones differ" in str(found.headline())


def test_orders_that_newcomers_no_longer_place_stand_on_the_first_page_by_their_money():
    (news,) = begun(welcomed([0.8, 0.7, 0.6, 0.45, 0.3, 0.0], table="orders")).brief().news
    before, now = 0.7, (0.6 + 0.45 + 0.3) / 3  # orders are known from the first one on, after January's came
    assert news.stake == pytest.approx((now - before) * 3 * SIZE * 50)
    assert news.direction is Direction.WORSE and news.sure > 0.99
    (tour,) = begun(welcomed([0.8, 0.7, 0.6, 0.45, 0.3, 0.0])).brief().news
    assert np.isnan(tour.stake)
    assert begun(welcomed([0.5] * 6)).brief().news == ()


def test_few_newcomers_a_month_are_put_together_to_quarters():
    rng = np.random.default_rng(3)
    joined = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 540, 150)), unit="D")
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(150)], "joined_at": joined})
    events = people[["customer_id"]].assign(event="visit", happened_at=joined)
    assert begun(shop(as_of=AS_OF, customers=people, events=events)).table["came_in"].iloc[0] == "2024 Q1"


def test_nobody_who_was_followed_long_enough_is_no_answer():
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(30)], "joined_at": pd.Timestamp("2025-06-20")})
    events = people[["customer_id"]].assign(event="visit", happened_at=pd.Timestamp("2025-06-21"))
    assert "is followed for 30 days yet" in words_of(begun(shop(as_of=AS_OF, customers=people, events=events)))
    assert isinstance(onboarding(shop(customers=people), NotApplicable("no road")), NotApplicable)
