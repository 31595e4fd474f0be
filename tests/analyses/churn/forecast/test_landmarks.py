"""Landmarks: who is there on them, when each leaves afterwards, and outcomes that are known in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.landmarks import (
    at_risk,
    holdout_landmarks,
    longest_silence,
    outcomes,
    reach_days,
    report_landmark,
    training_landmarks,
    unseen,
)
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from shops import shop

LANDMARKS = pd.DatetimeIndex(["2025-03-01", "2025-06-01"])


@pytest.fixture(scope="module", params=["contract", "silence"])
def there(request, contracts, silences):
    return contracts if request.param == "contract" else silences


@pytest.mark.parametrize(("definition", "table"), [("contract", "subscriptions"), ("silence", "orders")])
def test_what_stays_are_made_of_must_reach_the_day_of_which_chances_are_told(definition, table):
    days = {"customer_id": "a", "days_ago": range(40, 90)}
    visits = {"customer_id": "a", "event": "visit", "days_ago": range(90)}
    data = shop(events=visits, subscriptions=days, orders=days | {"order_id": range(50)})
    nothing = unseen(SimpleNamespace(definition=definition), data)
    assert str(nothing.reason).startswith(f"{table} end on 2025-05-21, 40 days before 2025-06-30")
    earlier = replace(data, as_of=dt.date(2025, 5, 25))
    assert unseen(SimpleNamespace(definition=definition), earlier) is None


def order_days_of(demo):
    orders = demo.tables["orders"].execute()
    orders = orders[orders["customer_id"].notna() & ~orders["cancelled"].fillna(False).astype(bool)]
    return orders.assign(day=orders["ordered_at"].dt.normalize()).drop_duplicates(["customer_id", "day"])


def test_a_contract_is_at_risk_from_the_day_after_it_began_to_the_day_on_which_it_ends(demo, contracts):
    rows = at_risk(contracts, demo, LANDMARKS)
    for landmark in LANDMARKS:
        table = contracts.table
        running = table[(table["started_on"] < landmark) & ~(table["ended_on"] < landmark)]
        here = rows[rows["landmark_at"] == landmark]
        assert sorted(here["customer_id"]) == sorted(running["customer_id"])
    assert not rows.duplicated(["customer_id", "landmark_at"]).any()


def test_a_customer_is_silent_from_the_last_order_day_and_leaves_on_the_day_the_silence_is_complete(demo):
    silences = stays(demo, "silence", 60)
    rows = at_risk(silences, demo, LANDMARKS).set_index(["landmark_at", "customer_id"])
    days = order_days_of(demo).sort_values("day").groupby("customer_id")["day"].apply(list)
    for landmark in LANDMARKS:
        expected = {}
        for customer, ordered in days.items():
            before = [day for day in ordered if day < landmark]
            if not before or (landmark - before[-1]).days > 60:
                continue
            ends = [*ordered, pd.Timestamp.max]
            complete = [
                day + pd.Timedelta(days=60)
                for day, then in zip(ordered, ends[1:], strict=True)
                if day >= before[-1] and (then - day).days > 60
            ]
            left = complete[0] if complete and complete[0] <= pd.Timestamp(demo.as_of) else pd.NaT
            expected[customer] = (before[-1], (landmark - before[-1]).days - 1, left, len(before) - 1)
        here = rows.loc[landmark].sort_index()
        table = pd.DataFrame.from_dict(expected, orient="index", columns=["last_on", "silent_days", "left_on", "place"])
        found = here[table.columns].astype({"silent_days": "int64", "place": "int64"})
        pd.testing.assert_frame_equal(found, table.sort_index(), check_names=False, check_dtype=False)


def test_leaving_counts_from_the_landmark_and_nobody_leaves_before_the_silence_can_be_complete(demo, there):
    rows = at_risk(there, demo, LANDMARKS)
    found = outcomes(rows, report_landmark(there), 90)
    left = found["left"]
    assert left.any() and (~left).any()
    assert found["duration_days"].between(1, 90).all()
    assert (found.loc[~left, "duration_days"] == 90).all()
    assert (found["duration_days"] >= reach_days(rows))[left].all()
    first_day = rows["left_on"] == rows["landmark_at"]
    assert (found.loc[first_day, "duration_days"] == 1).all()


def test_outcomes_stop_at_the_day_they_are_known_until(demo, there):
    rows = at_risk(there, demo, LANDMARKS)
    until = LANDMARKS[-1] + pd.Timedelta(days=20)
    found = outcomes(rows, until, 90)
    later = rows["landmark_at"] == LANDMARKS[-1]
    assert found.loc[later, "duration_days"].max() == 20
    assert (rows.loc[found["left"], "left_on"] < until).all()


# Trained on earlier landmarks, tested on later ones


def test_every_outcome_trained_on_is_known_at_the_first_test_and_every_test_by_the_report(demo, there):
    tests = holdout_landmarks(there, 90)
    training = training_landmarks(there, tests[0], 90)
    assert tests[-1] + pd.Timedelta(days=90) == report_landmark(there)
    assert (tests[0] - training[-1]).days == max(90, longest_silence(there))
    rows = at_risk(there, demo, training)
    decided = rows["landmark_at"] + pd.to_timedelta(np.maximum(reach_days(rows), 90), unit="D")
    assert (decided <= tests[0]).all()
    assert 2 <= len(training) <= 12


def test_no_landmark_lies_before_ninety_days_of_history(demo, there):
    first = there.table["started_on"].min()
    early = training_landmarks(there, first + pd.Timedelta(days=longest_silence(there) + 90 + 200), 90)
    assert (early - first).days.min() >= 90
    assert training_landmarks(there, first + pd.Timedelta(days=100), 90).empty
