"""Landmarks: features that know nothing of what follows, outcomes that are known in time, and a guard that fails."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast import features as churn_features
from helpers.analyses.churn.forecast.encoding import learned, matrix
from helpers.analyses.churn.forecast.features import Features, LeakageError, features, guarded
from helpers.analyses.churn.forecast.landmarks import (
    at_risk,
    holdout_landmarks,
    longest_silence,
    outcomes,
    reach_days,
    report_landmark,
    training_landmarks,
)
from helpers.analyses.churn.forecast.models import trained
from helpers.analyses.churn.forecast.silence_chain import FIRST, LATER, chain, silence_chances
from helpers.analyses.churn.leaving.definition import stays
from helpers.data import datasets, snapshot
from shops import SHARED

LANDMARKS = pd.DatetimeIndex(["2025-03-01", "2025-06-01"])


@pytest.fixture(scope="module")
def demo():
    return datasets.open("demo")


@pytest.fixture(scope="module", params=["contract", "silence"])
def there(request, demo):
    return stays(demo, request.param)


def order_days_of(demo):
    orders = demo.tables["orders"].execute()
    orders = orders[orders["customer_id"].notna() & ~orders["cancelled"].fillna(False).astype(bool)]
    return orders.assign(day=orders["ordered_at"].dt.normalize()).drop_duplicates(["customer_id", "day"])


# Who is there, and when they leave


def test_a_contract_is_at_risk_from_the_day_after_it_began_to_the_day_on_which_it_ends(demo):
    contracts = stays(demo, "contract")
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


def test_nothing_that_happened_from_the_first_test_on_changes_the_model(demo):
    contracts = stays(demo, "contract")
    tests = holdout_landmarks(contracts, 90)
    table = contracts.table.assign(ended_on=contracts.table["ended_on"].where(contracts.table["ended_on"] < tests[0]))
    known = snapshot.cut(demo.tables, (tests[0] - pd.Timedelta(days=1)).date())
    seen = trained(contracts, demo, tests, 90, 90)
    blind = trained(replace(contracts, table=table), replace(demo, tables=known), tests, 90, 90)
    pd.testing.assert_frame_equal(seen.model.fit.coefficients, blind.model.fit.coefficients)
    pd.testing.assert_frame_equal(seen.model.fit.baseline, blind.model.fit.baseline)


def test_no_landmark_lies_before_ninety_days_of_history(demo, there):
    first = there.table["started_on"].min()
    early = training_landmarks(there, first + pd.Timedelta(days=longest_silence(there) + 90 + 200), 90)
    assert (early - first).days.min() >= 90
    assert training_landmarks(there, first + pd.Timedelta(days=100), 90).empty


# Features


def test_features_are_counted_as_a_slow_count_from_the_raw_tables_would(demo):
    contracts = stays(demo, "contract")
    rows = at_risk(contracts, demo, LANDMARKS)
    found = features(contracts, demo, rows).table
    raw = {name: demo.tables[name].execute() for name in ("tickets", "events", "surveys", "subscriptions")}
    days = order_days_of(demo)
    surveys = raw["surveys"][raw["surveys"]["question"] == raw["surveys"]["question"].mode()[0]]
    for at in np.random.default_rng(3).choice(rows.index, 40, replace=False):
        customer, landmark = rows.loc[at, "customer_id"], rows.loc[at, "landmark_at"]

        def before(table, time, customer=customer, landmark=landmark):
            return table[(table["customer_id"] == customer) & (table[time] < landmark)].sort_values(time)

        recent = landmark - pd.Timedelta(days=90)
        ordered, tickets = before(days, "day"), before(raw["tickets"], "opened_at")
        active = before(raw["events"], "happened_at")["happened_at"].dt.normalize().drop_duplicates()
        scores, periods = before(surveys, "answered_at"), before(raw["subscriptions"], "started_at")
        row = found.loc[at]
        assert row["order_days"] == len(ordered)
        assert row["order_days_90d"] == (ordered["day"] >= recent).sum()
        assert row["tickets_90d"] == (tickets["opened_at"] >= recent).sum()
        assert row["complaints_90d"] == tickets.loc[tickets["opened_at"] >= recent, "complaint"].sum()
        assert row["active_days_90d"] == (active >= recent).sum()
        assert row["active_days_30d"] == (active >= landmark - pd.Timedelta(days=30)).sum()
        assert row["plan"] == periods["plan"].iloc[-1]
        assert row["tenure_days"] == (landmark - rows.loc[at, "since_on"]).days - 1
        if len(ordered):
            assert row["recency_days"] == (landmark - ordered["day"].max()).days - 1
        if len(ordered) > 1:
            assert row["mean_gap_days"] == pytest.approx(ordered["day"].diff().dt.days.mean())
        assert (row["last_score"] == scores["score"].iloc[-1]) if len(scores) else np.isnan(row["last_score"])


def test_facts_from_the_landmark_on_change_no_feature(demo, there):
    rows = at_risk(there, demo, LANDMARKS[-1:])
    known = snapshot.cut(demo.tables, (LANDMARKS[-1] - pd.Timedelta(days=1)).date())
    everything, only_before = (features(there, data, rows) for data in (demo, replace(demo, tables=known)))
    assert len(everything.table.columns) > 10
    pd.testing.assert_frame_equal(everything.table, only_before.table)


def test_what_is_recorded_at_the_export_is_no_feature(demo, there):
    found = features(there, demo, at_risk(there, demo, LANDMARKS[-1:]))
    assert "level" in there.attributes
    assert "level" not in found.table.columns
    assert {"channel", "device"} <= set(found.fixed)


def one_feature(latest, fixed=(), made_of=True):
    landmark = pd.Series(pd.to_datetime(["2025-06-01", "2025-06-01"]))
    table = pd.DataFrame({"tickets_90d": [1.0, 0.0]})
    known = pd.DataFrame({"tickets": pd.to_datetime(latest)})
    return Features(table, {"tickets_90d": "tickets"} if made_of else {}, known, fixed, landmark)


def test_a_fact_of_the_moment_before_the_landmark_passes_the_guard_and_one_of_its_first_moment_fails():
    right = one_feature(["2025-05-31 23:59:59", None])
    assert guarded(right) is right
    with pytest.raises(LeakageError) as failed:
        guarded(one_feature(["2025-06-01 00:00:00", None]))
    for word in ("'tickets_90d'", "2025-06-01 00:00:00", "before a landmark", "Filter tickets"):
        assert word in str(failed.value)


def test_a_feature_without_a_time_fails_unless_it_is_one_that_does_not_change():
    with pytest.raises(LeakageError, match="undated"):
        guarded(one_feature([None, None], made_of=False))
    guarded(one_feature([None, None], fixed=("tickets_90d",), made_of=False))


def test_a_source_that_forgets_the_landmark_fails_the_run(demo, there, monkeypatch):
    def unfiltered(facts, spine, sums):
        known = facts.join(spine, "customer_id").mutate(age_days=1)
        return known.group_by(*churn_features.ROW).agg(**sums(known), latest_at=known.at.max()).execute()

    monkeypatch.setattr(churn_features, "_before", unfiltered)
    with pytest.raises(LeakageError, match="only facts before a landmark"):
        trained(there, demo, holdout_landmarks(there, 90), 90, 90)


# Features as covariates


def test_what_is_learned_from_some_rows_is_the_same_for_all_others():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "amount": rng.lognormal(3, 2, 400),
            "score": rng.normal(0, 1, 400),
            "plan": rng.choice(["a", "b"], 400),
            "same": 1.0,
        }
    ).assign(twice=lambda frame: 2 * frame["score"] + 1)
    table.loc[:9, "score"] = np.nan
    known, columns = learned(table, pd.Series(rng.random(400) < 0.5))
    assert [each.feature for each in known] == ["plan", "amount", "score"]
    pd.testing.assert_frame_equal(matrix(known, table.iloc[:7]), columns.iloc[:7])
    np.testing.assert_allclose(columns["amount"], np.log2(1 + table["amount"]))
    assert columns.loc[0, "score"] == pytest.approx(table["score"].mean())
    beyond = table.head(2).assign(amount=[0.0, 1e9], score=[-99.0, 99.0])
    ends = columns[["amount", "score"]].agg(["min", "max"])
    np.testing.assert_allclose(matrix(known, beyond)[["amount", "score"]], ends)


# The chain of silences


def hazards(days, first=0.01, later=0.03):
    return {FIRST: np.full(days, first), LATER: np.full(days, later)}


def test_within_one_silence_the_chance_is_that_of_no_order_until_it_is_complete():
    rng = np.random.default_rng(1)
    state = pd.DataFrame(
        {"kind": rng.choice([FIRST, LATER], 300), "silent_days": rng.integers(0, 60, 300), "silence_days": 60}
    )
    log_rates = rng.normal(0, 0.7, 300)
    horizons = np.array([10, 30, 59])
    found = silence_chances(hazards(60), log_rates, state, horizons)
    lacking = (60 - state["silent_days"]).to_numpy()
    rate = np.where(state["kind"] == FIRST, 0.01, 0.03) * np.exp(log_rates)
    exact = np.where(lacking[:, None] <= horizons, np.exp(-rate * lacking)[:, None], 0)
    np.testing.assert_allclose(found, exact, atol=0.001)


def test_beyond_one_silence_the_chance_is_that_of_simulated_customers():
    rng = np.random.default_rng(2)
    found = chain(hazards(20), np.array([0.0, np.log(3)]), np.array([25, 60]))
    for place, factor in enumerate((1, 3)):
        for kind, first in ((FIRST, 0.01), (LATER, 0.03)):
            silent, complete = np.full(20_000, 5), np.full(20_000, 999)
            hazard = np.full(20_000, first * factor)
            for day in range(1, 61):
                orders = rng.random(20_000) < -np.expm1(-hazard)
                silent = np.where(orders, 0, silent + 1)
                hazard = np.where(orders, 0.03 * factor, hazard)
                complete = np.where((silent == 20) & (complete == 999), day, complete)
            for at, horizon in enumerate((25, 60)):
                assert found[kind][at, place, 5] == pytest.approx((complete <= horizon).mean(), abs=0.012)


@pytest.mark.skipif(not (SHARED / "telco").is_dir(), reason="the telco sample is not beside the project")
def test_ends_that_all_lie_on_one_day_leave_no_landmarks():
    data = datasets.open(SHARED / "telco")
    there = stays(data)
    found = trained(there, data, pd.DatetimeIndex([report_landmark(there)]), 90, 180)
    assert "most ends lie on one day" in found.reason
    assert there.as_of == dt.date(2019, 10, 1)
