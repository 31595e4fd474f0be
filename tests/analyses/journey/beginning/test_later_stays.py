"""Whether newcomers who take a step early stay, from one landmark, beside the number that looks over the whole stay."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.journey.beginning.early_steps import onboarding
from helpers.analyses.journey.beginning.later_stays import later_stays
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop

AS_OF = dt.date(2025, 6, 30)
END = pd.Timestamp(AS_OF)


def members(n: int, seed: int, early_hazard: float = 1.0, rate: float = 0.02) -> tuple[Dataset, pd.DataFrame]:
    """Members who leave at a rate of 1 in 150 days and take a tour at `rate` a day while they stay; who they are.

    `early_hazard` times as fast leave those who took it within their first 30 days, after these.
    """
    rng = np.random.default_rng(seed)
    began = END - pd.to_timedelta(rng.integers(150, 500, n), unit="D")
    tour = rng.exponential(1 / rate, n)
    life = rng.exponential(150, n)
    early = (tour < 30) & (life > 30)
    life = np.where(early, 30 + (life - 30) / early_hazard, life)
    people = pd.DataFrame(
        {"customer_id": [f"c{each}" for each in range(n)], "began": began, "tour": tour, "life": life}
    )
    ended = people["began"] + pd.to_timedelta(people["life"].round(), unit="D")
    contracts = people[["customer_id"]].assign(started_at=began, ended_at=ended.where(ended <= END))
    toured = people[people["tour"] < people["life"]]
    at = (toured["began"] + pd.to_timedelta(toured["tour"], unit="D")).dt.floor("s")
    events = toured[["customer_id"]].assign(event="tour", happened_at=at)
    visits = people[["customer_id"]].assign(event="visit", happened_at=began)
    late = visits.head(30).assign(happened_at=END - pd.to_timedelta(range(30), unit="D"))  # events are told until then
    return shop(as_of=AS_OF, subscriptions=contracts, events=pd.concat([events, visits, late])), people


def asked(data: Dataset):
    points = touchpoints(data)
    return later_stays(onboarding(data, points), data, points)


def test_a_step_without_effect_is_no_evidence_though_those_who_ever_took_it_stay_longer():
    data, people = members(1500, 9)
    ever, left = people["tour"] < people["life"], data.tables["subscriptions"].execute()["ended_at"].notna()
    naive = (~left)[ever].mean() - (~left)[~ever].mean()
    assert naive > 0.15
    found = asked(data)
    (tour,) = found.table[found.table["step"] == "tour"].to_dict("records")
    assert abs(tour["difference_rate"]) < naive / 2 and tour["adjusted_p_value"] > 0.05
    assert str(found.headline()) == "No evidence that newcomers who take a step early stay more or less often."


def test_a_step_after_which_fewer_leave_is_told_as_an_association():
    data, _ = members(1500, 5, early_hazard=0.4)
    found = asked(data)
    assert str(found.headline()).startswith("Newcomers who reach “tour” early stay more often: ")
    assert "This is an association, not an effect." in words_of(found)
    worse, _ = members(1500, 5, early_hazard=3.0)
    assert str(asked(worse).headline()).startswith("Newcomers who reach “tour” early stay less often: ")


def test_the_shares_are_those_of_who_was_there_after_30_days_counted_one_by_one():
    data, people = members(400, 6)
    last = people["life"].round()  # days of the contract, whose last one is the day on which it ended
    there = people[last >= 30]
    takers = there[there["tour"] < 30]
    found = asked(data)
    (tour,) = found.table[found.table["step"] == "tour"].to_dict("records")
    assert found.customers == len(there) and found.gone == len(people) - len(there)
    kept = (takers["life"].round() >= 120).mean()
    assert tour["takers"] <= len(takers) and abs(tour["stayed_share"] - kept) < 0.03  # but for months without others
    assert f"{found.gone} had no contract then and are left out." in words_of(found)


def test_cohorts_that_differ_in_both_make_no_difference():
    """Newer customers take the tour more often and leave more often; within a month the two have nothing in common."""
    rng = np.random.default_rng(10)
    n = 2000
    new = rng.random(n) < 0.5
    joined = np.where(new, np.datetime64("2024-11-05"), np.datetime64("2024-03-05"))
    tour, back = rng.random(n) < np.where(new, 0.7, 0.3), rng.random(n) < np.where(new, 0.4, 0.8)
    people = pd.DataFrame({"customer_id": [f"c{each}" for each in range(n)], "joined_at": pd.to_datetime(joined)})
    at = {"visit": 0, "tour": 5, "back": 60}
    doing = {"visit": np.ones(n, bool), "tour": tour, "back": back}
    events = pd.concat(
        people[["customer_id"]].assign(event=name, happened_at=people["joined_at"] + pd.Timedelta(days=day))[
            doing[name]
        ]
        for name, day in at.items()
    )
    found = asked(shop(as_of=AS_OF, customers=people, events=events))
    (line,) = found.table[found.table["step"] == "tour"].to_dict("records")
    assert back[tour].mean() - back[~tour].mean() < -0.1  # what is seen without cohorts
    assert line["adjusted_p_value"] > 0.05
    assert "To stay is here to do anything at all in the 90 days after." in words_of(found)


def test_it_says_what_is_too_few():
    few, _ = members(30, 1)
    assert isinstance(asked(few), NotApplicable)
    never, _ = members(600, 2, rate=0.0001)
    assert "no step was taken early by 20 newcomers" in words_of(asked(never))
