"""Customers came in one ratio from week to week, and none was treated too early."""

from __future__ import annotations

from dataclasses import replace

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from answers import words_of
from arrivals import BEGAN, dataset, two_arms
from helpers.analyses.experiments.trials.arms import read
from helpers.analyses.experiments.validity.arrivals import assignment, changed_ratio_p_value, weekly


def test_shares_by_week_are_tested_for_independence():
    rows = two_arms(700)
    late = (rows["assigned_at"] >= BEGAN + pd.Timedelta(days=7)) & (rows["variant"] == "new") & (rows.index % 3 == 0)
    rows = rows[~late]
    (trial,) = read(dataset(rows))
    week = (rows["assigned_at"] - BEGAN).dt.days // 7 + 1
    expected = pd.crosstab(rows["variant"], week)
    found = weekly(trial)
    assert (
        found.pivot(index="arm", columns="week", values="customers").to_numpy().tolist() == expected.to_numpy().tolist()
    )
    assert found.groupby("week")["arm_share"].sum().tolist() == pytest.approx([1, 1])
    assert changed_ratio_p_value(trial) == pytest.approx(chi2_contingency(expected, correction=False).pvalue)
    data = dataset(rows)
    told = assignment((trial,), data).headline()
    assert str(told) == "test: the arms' shares changed from week to week, so they differ in when customers came."
    assert "Shares that changed: test (p < 0.001)." in told.whole


def test_weeks_with_few_customers_are_counted_with_the_one_before():
    late = two_arms(20, days=1).assign(
        assigned_at=BEGAN + pd.Timedelta(days=24), customer_id=[f"l{i}" for i in range(40)]
    )
    few = pd.DataFrame({"customer_id": ["x"], "variant": ["new"], "assigned_at": [BEGAN + pd.Timedelta(days=16)]})
    rows = pd.concat([two_arms(70), few, late], ignore_index=True)
    found = weekly(read(dataset(rows))[0])
    assert found.groupby("week")["customers"].sum().to_dict() == {1: 70, 2: 71, 4: 40}
    assert changed_ratio_p_value(read(dataset(rows))[0]) > 0.9


def test_a_first_week_with_few_customers_is_counted_with_the_next():
    early = pd.DataFrame({"customer_id": ["y"], "variant": ["new"], "assigned_at": [BEGAN - pd.Timedelta(days=7)]})
    found = weekly(read(dataset(pd.concat([two_arms(70), early], ignore_index=True)))[0])
    assert found.groupby("week")["customers"].sum().to_dict() == {2: 71, 3: 70}


def test_the_demos_arms_came_in_one_ratio(demo, demo_trials):
    found = assignment(demo_trials, demo)
    assert found.table["weeks"].tolist() == [2, 2, 2]
    assert "stayed the same: spring_coupon (p = 0." in words_of(found)
    assert "When a customer was first treated is not in the data." in words_of(found)
    assert len(found.plot().lines) == 7
    plt.close("all")


def test_customers_exposed_before_their_assignment_are_counted():
    rows = two_arms(50)
    exposed = rows["assigned_at"] + pd.to_timedelta(np.where(np.arange(100) < 7, -1, 0), unit="h")
    rows = rows.assign(exposed_at=exposed.where(np.arange(100) < 60))
    data = dataset(rows)
    (line,) = assignment(read(data), data).summary().itertuples()
    assert (line.exposed, line.exposed_before) == (60, 7)
    assert "7 of 60 customers of test were treated before they were assigned" in words_of(assignment(read(data), data))


def test_customers_who_were_never_treated_are_told_and_stay_in_the_comparison():
    """Of fifty customers of the new arm every fifth was never reached; in the control nobody is treated."""
    rows = two_arms(50)
    reached = (rows["variant"] == "new") & (rows.index // 2 % 5 > 0)
    data = dataset(rows.assign(exposed_at=rows["assigned_at"].where(reached)))
    found = assignment(read(data), data)
    (line,) = found.table.itertuples()
    assert (line.exposed, line.never_exposed, line.treated) == (40, 10, 50)
    assert "10 of 50 customers whom test was to treat never were (20.0%)" in words_of(found)
    assert read(data)[0].arms["customers"].tolist() == [50, 50]
    unknown = dataset(rows.assign(exposed_at=pd.NaT))
    assert assignment(read(unknown), unknown).table["never_exposed"].tolist() == [0]


def test_customers_in_two_arms_are_counted_with_the_rows_that_were_set_aside():
    rows = two_arms(50)
    other = {"control": "new", "new": "control"}
    twice = rows.head(3).assign(variant=rows["variant"].head(3).map(other), experiment="test")
    data = replace(dataset(rows), aside={"experiments": ibis.memtable(pd.concat([twice, rows.tail(9)]).fillna("test"))})
    found = assignment(read(data), data)
    assert found.summary()["met_in_two_arms"].tolist() == [3]
    assert "3 customers of test were met in two arms, counting the rows that were set aside." in words_of(found)
    assert assignment(read(dataset(rows)), dataset(rows)).summary()["met_in_two_arms"].tolist() == [0]


def test_a_campaign_with_the_experiments_name_is_its_exposure():
    rows = two_arms(50)
    touches = pd.DataFrame(
        {
            "customer_id": ["c0", "c0", "c1", "c2"],
            "campaign": ["test", "test", "test", "other"],
            "touched_at": [
                BEGAN - pd.Timedelta(days=1),
                *[BEGAN + pd.Timedelta(days=1)] * 2,
                BEGAN - pd.Timedelta(days=9),
            ],
        }
    )
    data = dataset(rows, touches=touches)
    (line,) = assignment(read(data), data).summary().itertuples()
    assert (line.exposed, line.exposed_before) == (2, 1)
    later = dataset(rows, touches=touches[1:])
    assert "Nobody was treated before the assignment." in words_of(assignment(read(later), later))
