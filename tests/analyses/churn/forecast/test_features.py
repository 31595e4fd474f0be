"""Features that know nothing of what follows their landmark, and a guard that fails where one does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast import features as churn_features
from helpers.analyses.churn.forecast.features import Features, LeakageError, features, guarded
from helpers.analyses.churn.forecast.landmarks import at_risk, holdout_landmarks
from helpers.analyses.churn.forecast.models import trained
from helpers.data import engine, snapshot

LANDMARKS = pd.DatetimeIndex(["2025-03-01", "2025-06-01"])


@pytest.fixture(scope="module", params=["contract", "silence"])
def there(request, contracts, silences):
    return contracts if request.param == "contract" else silences


def order_days_of(demo):
    orders = demo.tables["orders"].execute()
    orders = orders[orders["customer_id"].notna() & ~orders["cancelled"].fillna(False).astype(bool)]
    return orders.assign(day=orders["ordered_at"].dt.normalize()).drop_duplicates(["customer_id", "day"])


def test_features_are_counted_as_a_slow_count_from_the_raw_tables_would(demo, contracts):
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
    assert "level" not in there.attributes and "level" not in found.table.columns
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
    def unfiltered(facts, spine, source):
        known = facts.join(spine, "customer_id").mutate(age_days=1)
        place = churn_features.PLACE
        known = engine.with_firsts(known, [place], **source.order(known))
        sums = known.group_by(place).agg(**source.sums(known), latest_at=known.at.max())
        return sums.execute().set_index(place)

    monkeypatch.setattr(churn_features, "_before", unfiltered)
    with pytest.raises(LeakageError, match="only facts before a landmark"):
        trained(there, demo, holdout_landmarks(there, 90), 90, 90)
