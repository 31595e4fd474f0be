"""Every customer's score, and the exact causes of its change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.health_score.scales import scale_of
from helpers.analyses.churn.health_score.standings import contributions, health


def test_everybody_still_there_has_one_score_a_meaning_the_lowest_first(members, memberships, scores):
    own = scores.table[scores.table["basis"] == "contract"]
    there = memberships.table.loc[~memberships.table["left"], "customer_id"]
    assert set(own["customer_id"]) <= set(there) and own["customer_id"].is_unique
    assert own["health"].between(0, 100).all() and own["health"].is_monotonic_increasing
    assert (own["band"] == np.select([own["health"] <= 50, own["health"] <= 75], ["red", "yellow"], "green")).all()
    assert scores.summary()["customers"].sum() <= len(scores.table) and scores.plot().has_data()
    assert "customers are red." in words_of(scores)
    plt.close("all")


def test_causes_add_up_to_the_change_exactly(scores):
    change = scores.table["change"]
    known = change.notna()
    assert known.any() and (scores.contributions[known].sum(axis=1) - change[known]).abs().max() < 1e-7
    fell = scores.table[change < -1e-6]
    picked = scores.contributions.loc[fell.index]
    assert (picked.idxmin(axis=1) == fell["first_cause"]).all()
    assert (scores.table.loc[change.isna() | (change == 0), "first_cause"] == "").all()


def test_where_the_same_measures_are_known_a_cause_is_its_weight_times_its_change(tested):
    plan = replace(tested.own.plan, weights={"a": 3.0, "b": 1.0}, scale=scale_of(pd.DataFrame({"a": [0.0, 1]}), pd.NaT))
    now = pd.DataFrame({"a": [80.0, 80, np.nan], "b": [20.0, np.nan, 50]})
    before = pd.DataFrame({"a": [40.0, 80, 30], "b": [60.0, 40, 50]})
    parts = contributions(now, before, plan)
    assert parts.loc[0].tolist() == [30, -10]
    change = plan.scores_of(now) - plan.scores_of(before)
    assert parts.sum(axis=1).tolist() == pytest.approx(change.tolist())  # a measure gone, too
    assert parts.loc[1, "b"] > 0 and parts.loc[2, "a"] > 0  # what stood below the score, and is no longer known


def test_a_score_of_the_report_before_is_made_again_by_the_same_plan(members, tested, scores):
    """The day before is that of the table, and equal to what would have been told on it."""
    day = pd.Timestamp(scores.table["before_on"].iloc[0]) + pd.Timedelta(days=30)
    kept = pd.DataFrame({"basis": ["contract"], "scored_on": [day], "scale_on": [day]})
    later = health(tested, members, kept).table
    own = later[later["basis"] == "contract"].set_index("customer_id")
    assert (own["before_on"] == day).all()
    then = replace(members, as_of=day.date())
    plan = replace(tested.own.plan, stays=replace(tested.own.plan.stays, as_of=dt.date.fromisoformat(str(day.date()))))
    told = health(replace(tested, trials=(replace(tested.own, plan=plan),)), then).table.set_index("customer_id")
    both = own["health_before"].dropna().index
    assert own.loc[both, "health_before"].to_numpy() == pytest.approx(told.loc[both, "health"].to_numpy())
