"""Models that learn from earlier landmarks: blind to what follows, and true of customers whose chances are known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.landmarks import holdout_landmarks, report_landmark
from helpers.analyses.churn.forecast.models import log_ratio, trained
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.data import snapshot


@pytest.fixture(scope="module")
def members_trained(members):
    there = stays(members.data)
    return trained(there, members.data, pd.DatetimeIndex([report_landmark(there)]), 90, 180)


@pytest.fixture(scope="module")
def buyers_trained(steady_buyers):
    made = steady_buyers(np.random.default_rng(3))
    silences = stays(made.data, silence_days=60)
    return made, trained(silences, made.data, pd.DatetimeIndex([report_landmark(silences)]), 90, 180)


def test_nothing_that_happened_from_the_first_test_on_changes_the_model(demo, contracts):
    tests = holdout_landmarks(contracts, 90)
    table = contracts.table.assign(ended_on=contracts.table["ended_on"].where(contracts.table["ended_on"] < tests[0]))
    known = snapshot.cut(demo.tables, (tests[0] - pd.Timedelta(days=1)).date())
    seen = trained(contracts, demo, tests, 90, 90)
    blind = trained(replace(contracts, table=table), replace(demo, tables=known), tests, 90, 90)
    pd.testing.assert_frame_equal(seen.model.fit.coefficients, blind.model.fit.coefficients)
    pd.testing.assert_frame_equal(seen.model.fit.baseline, blind.model.fit.baseline)


@pytest.mark.parametrize("horizon", [30, 60, 90, 150])
def test_chances_are_those_of_the_truth_for_the_active_and_for_those_who_were_not_seen_lately(
    members, members_trained, horizon
):
    found = members_trained
    chances = pd.Series(found.model.chances(found.rows, found.table, np.array([horizon]))[:, 0])
    true = pd.Series(members.chance(horizon), index=members.ids)[found.rows["customer_id"]]
    lately = found.table["active_days_30d"].to_numpy() > 0
    assert sorted(found.rows["customer_id"]) == sorted(members.ids[members.there])
    for group in (lately, ~lately):  # two standard errors of the log hazard ratio are 0.14
        assert chances.to_numpy()[group].mean() == pytest.approx(true.to_numpy()[group].mean(), rel=0.14)
    assert chances.to_numpy()[~lately].mean() > 1.7 * chances.to_numpy()[lately].mean()


@pytest.mark.parametrize("horizon", [20, 40, 59, 100])
def test_a_silence_is_completed_as_often_as_orders_fail_to_come(buyers_trained, horizon):
    """Daily chances to order, so that of r silent days no order until day 60 has the chance (1 − rate)^(60 − r)."""
    buyers, found = buyers_trained
    rows = found.rows
    chances = found.model.chances(rows, found.table, np.array([horizon]))[:, 0]
    silent, rate = buyers.silent[rows["customer_id"]].to_numpy(), buyers.rate[rows["customer_id"]].to_numpy()
    assert (rows["silent_days"].to_numpy() == silent).all()
    if horizon < 60:
        true = np.where(60 - silent <= horizon, (1 - rate) ** (60 - silent), 0)
    else:  # or by an order in time for 60 silent days more, not after the first silence was complete already
        late, lacking = horizon - 60, 60 - silent
        first = (1 - rate) ** lacking
        days = np.minimum(late, lacking) + np.maximum(0, late - lacking) * (1 - first)
        true = first + days * rate * (1 - rate) ** 60
    for country in buyers.rates.values():
        here = rate == country
        assert chances[here].mean() == pytest.approx(true[here].mean(), rel=0.06, abs=0.005)


def test_what_raises_the_hazard_of_some_lowers_that_of_others(members_trained):
    """Contributions are against the mean of the rows, and of covariates beyond chance alone."""
    found = members_trained
    contributions = found.model.contributions(found.rows, found.table)
    assert contributions.sum(axis="columns").mean() == pytest.approx(0, abs=1e-9)
    unseen = found.table["active_days_30d"] == 0
    assert contributions.loc[unseen, "active_days_30d"].min() > contributions.loc[~unseen, "active_days_30d"].max()


def test_a_log_ratio_is_against_the_mean_of_the_logs():
    np.testing.assert_allclose(log_ratio(np.array([0.1, 0.4])), [-np.log(2), np.log(2)])
    assert np.isfinite(log_ratio(np.array([0.0, 1.0]))).all()


def test_ends_that_all_lie_on_one_day_leave_no_landmarks(seen_once_data, seen_once):
    found = trained(seen_once, seen_once_data, pd.DatetimeIndex([report_landmark(seen_once)]), 90, 180)
    assert "most ends lie on one day" in str(found.reason)
    assert seen_once.as_of == dt.date(2019, 10, 1)
