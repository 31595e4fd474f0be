"""How many active customers use each feature, and again, beside a slow loop."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.feature.adoption import feature_use
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from shops import shop

AS_OF = dt.date(2025, 6, 30)
END = pd.Timestamp("2025-07-01")


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """A year of events of 200 customers: four features, one of them seldom used."""
    rng = np.random.default_rng(3)
    size = 4000
    hours = rng.integers(0, 365 * 24, size)
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in np.minimum(rng.geometric(0.02, size), 200)],
            "event": rng.choice(["search", "share", "export", "pay"], size, p=[0.6, 0.25, 0.13, 0.02]),
            "happened_at": END - pd.to_timedelta(hours + 1, unit="h"),
        }
    )


def test_shares_are_those_counted_one_by_one(events):
    found = feature_use(shop(as_of=AS_OF, events=events))
    recent = events[events["happened_at"] >= END - pd.Timedelta(days=90)]
    assert found.active == recent["customer_id"].nunique()
    day = events["happened_at"].dt.normalize()
    first_day = day.min()
    for row in found.table.to_dict("records"):
        own = events[events["event"] == row["feature"]]
        users = set(recent.loc[recent["event"] == row["feature"], "customer_id"])
        assert row["users"] == len(users) and row["adopted_share"] == pytest.approx(len(users) / found.active)
        tried, again = 0, 0
        for days in day[own.index].groupby(own["customer_id"]):
            first = days[1].min()
            if first_day + pd.Timedelta(days=90) <= first <= pd.Timestamp(AS_OF) - pd.Timedelta(days=30):
                tried += 1
                again += ((days[1] > first) & (days[1] <= first + pd.Timedelta(days=30))).any()
        if tried >= 20:
            assert (row["tried"], row["again_share"]) == (tried, pytest.approx(again / tried))
        else:
            assert np.isnan(row["again_share"])
    assert found.table["users"].is_monotonic_decreasing


def test_a_use_whose_30_days_are_not_over_does_not_count_as_not_again():
    """All use it again after 20 days; the naive share counts those who had no time for it."""
    first = END - pd.to_timedelta(np.arange(5, 185), unit="D")
    tries = pd.DataFrame({"customer_id": [f"c{n}" for n in range(180)], "happened_at": first, "event": "tour"})
    again = tries.assign(happened_at=first + pd.Timedelta(days=20))
    old = tries.head(20).assign(customer_id=[f"o{n}" for n in range(20)], happened_at=END - pd.Timedelta(days=300))
    rows = pd.concat([tries, again[again["happened_at"] < END], old])
    (row,) = feature_use(shop(as_of=AS_OF, events=rows)).table.to_dict("records")
    naive = (rows.groupby("customer_id").size() > 1).mean()
    assert row["again_share"] == 1 and naive < 0.85


def test_features_of_few_customers_are_one(events):
    rare = events.assign(event=events["event"].where(np.arange(len(events)) % 400 > 0, "rare " + events["customer_id"]))
    found = feature_use(shop(as_of=AS_OF, events=rare))
    assert not found.table["feature"].str.startswith("rare").any()
    assert found.table["users"].min() >= 5
    assert (found.table["feature"] == SMALL_GROUPS).sum() <= 1


def test_the_headline_names_the_most_used_and_the_one_used_again_least(events):
    found = feature_use(shop(as_of=AS_OF, events=events))
    least = found.table.dropna(subset="again_share").sort_values("again_share").iloc[0]
    assert str(found.headline()).startswith(
        f"{100 * found.table['adopted_share'].iloc[0]:.1f}% of active customers use “search”;"
    )
    assert f"“{least['feature']}” is used again least" in str(found.headline())
    alone = feature_use(shop(as_of=AS_OF, events=events.assign(content="page")), "content")
    assert str(alone.headline()).endswith("of active customers use “page”.")


def test_events_that_stopped_are_looked_at_until_they_did(events):
    old = events.assign(happened_at=events["happened_at"] - pd.Timedelta(days=200))
    orders = pd.DataFrame({"order_id": range(400), "customer_id": "c1", "amount": 1.0})
    orders["ordered_at"] = END - pd.to_timedelta(np.arange(400) + 1, unit="D")
    found = feature_use(shop(as_of=AS_OF, events=old, orders=orders))
    assert found.until == AS_OF - dt.timedelta(days=200)
    assert found.table["users"].tolist() == feature_use(shop(as_of=AS_OF, events=events)).table["users"].tolist()


def test_it_asks_for_what_is_missing():
    assert "export what customers do" in words_of(feature_use(shop(orders={"customer_id": ["a"], "days_ago": [1]})))
    few = {"customer_id": ["a", "b"], "event": "x", "days_ago": [1, 2]}
    assert isinstance(feature_use(shop(events=few)), NotApplicable)
    with pytest.raises(ValueError, match="feature"):
        feature_use(shop(events=few), "device")


def test_features_that_few_used_in_the_last_90_days_are_told_of_nobody():
    """Fifteen used each in half a year, four of them lately, and twelve did anything lately."""
    ago = pd.to_timedelta([120] * 11 + [5] * 4, unit="D")
    uses = [
        pd.DataFrame({"customer_id": [f"{event}{n}" for n in range(15)], "happened_at": END - ago, "event": event})
        for event in ("tour", "pay", "share")
    ]
    found = feature_use(shop(as_of=AS_OF, events=pd.concat(uses)))
    assert isinstance(found, NotApplicable) and "lately" in words_of(found)
