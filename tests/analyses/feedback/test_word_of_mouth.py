"""Advocates are ranked by what a slow count finds, and named by pseudonym alone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.word_of_mouth import advocates
from helpers.data import privacy
from helpers.findings import NotApplicable
from shops import AS_OF, shop

IDS = [f"person-{each:03d}" for each in range(80)]


@pytest.fixture
def data(monkeypatch, tmp_path):
    rng = np.random.default_rng(8)
    referred = pd.array(
        [None, *(IDS[int(place * rng.random() ** 3)] if rng.random() < 0.6 else None for place in range(1, 80))],
        dtype="string",
    )
    customers = pd.DataFrame({"customer_id": IDS, "referred_by": referred, "opted_out": np.arange(80) == 1})
    events = pd.DataFrame(
        {
            "customer_id": rng.choice(IDS, 600),
            "event": "visit",
            "content": rng.choice(list("abcdef"), 600),
            "happened_at": pd.Timestamp("2025-06-30") - pd.to_timedelta(rng.integers(0, 700 * 24, 600), unit="h"),
        }
    )
    monkeypatch.setattr(privacy, "KEY_FILE", tmp_path / "key")
    return shop(events=events, known=customers)


def test_measures_are_those_of_a_slow_count(data):
    found = advocates(data).table.set_index("customer_id")
    by = dict(zip(data.customers["customer_id"], data.customers["referred_by"], strict=True))
    events = data.tables["events"].execute()
    events = events[events["happened_at"].dt.date > AS_OF - dt.timedelta(days=365)]
    for person in found.index:
        brought = [each for each in IDS if not pd.isna(by[each]) and by[each] == person]
        own = events[events["customer_id"] == person]
        assert found.loc[person, "referrals"] == len(brought)
        assert found.loc[person, "reach"] == sum(not pd.isna(by[each]) and by[each] in brought for each in IDS)
        assert found.loc[person, "activity"] == own["happened_at"].dt.date.nunique()
        assert found.loc[person, "depth"] == own["content"].nunique()
    assert found["score"].is_monotonic_decreasing and found["score"].between(0, 100).all()


def test_who_asked_not_to_be_contacted_is_left_out_and_nobody_is_named(data):
    found = advocates(data)
    assert IDS[1] not in set(found.table["customer_id"])
    shown = (
        found.summary().to_string()
        + words_of(found)
        + " ".join(label.get_text() for label in found.plot().get_yticklabels())
    )
    assert not [each for each in IDS if each in shown]
    assert found.table["pseudonym"].is_unique


def test_a_customer_brought_twice_over_outranks_one_who_only_looks(data):
    found = advocates(data).table
    most = found.loc[found["referrals"].idxmax()]
    assert most["score"] > found.loc[found["referrals"] == 0, "score"].median()


def test_without_referrals_it_says_that_it_ranks_the_busy(data):
    found = advocates(shop(events=data.tables["events"], known=data.customers.drop(columns="referred_by")))
    assert found.measures == ("activity", "depth") and "tells who is busy" in words_of(found)
    assert isinstance(advocates(shop(known=data.customers.drop(columns="referred_by"))), NotApplicable)


def test_equals_stand_in_the_order_of_their_ids_whatever_the_order_of_customers(data):
    again = shop(events=data.tables["events"], known=data.customers.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(advocates(data).table, advocates(again).table)
    assert advocates(data).table["score"].duplicated().any()
