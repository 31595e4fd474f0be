"""Whether the score knew before, said as it is."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.forecast.landmarks import ONE_DAY
from helpers.analyses.churn.health_score.rankings import HealthBacktest, health_backtest
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.findings import NotApplicable


def test_of_members_who_order_less_before_they_leave_the_score_knows_it(tested):
    assert tested.own.plan.basis == "contract" and set(tested.table["basis"]) == {"contract", "silence"}
    overall = tested.summary().set_index(["basis", "weighting"])
    assert overall.loc[("contract", "equal"), "auc_lower"] > 0.55
    assert "tells who leaves better than" in words_of(tested) or "No evidence" in words_of(tested)
    assert tested.plot().has_data()
    plt.close("all")


def test_every_line_is_counted_from_the_rows(tested):
    own, plan = tested.own, tested.own.plan
    for line in tested.table[tested.table["basis"] == "contract"].to_dict("records"):
        here = (
            own.rows["landmark_at"] == line["landmark_on"] + ONE_DAY
            if pd.notna(line["landmark_on"])
            else own.rows["left"] >= 0
        )
        rows, score = own.rows[here], own.scores.loc[here, line["weighting"]]
        assert line["customers"] == rows["customer_id"].nunique()
        assert line["left_rate"] == pytest.approx(rows["left"].mean())
        green, red = score > plan.edges[1], score <= plan.edges[0]
        assert line["missed_share"] == pytest.approx(green[rows["left"]].mean(), nan_ok=True)
        assert line["false_alarm_share"] == pytest.approx((~rows["left"])[red].mean(), nan_ok=True)
        assert line["auc_lower"] <= line["auc"] <= line["auc_upper"]


def said(tested: HealthBacktest, by: float) -> str:
    """The headline where the score is right by so much more often than recency, each draw a little off."""
    own, name = tested.own, tested.own.plan.weighting
    noise = np.random.default_rng(1).normal(0, 0.01, len(own.draws))
    draws = own.draws.copy()
    draws[name, 0] = draws["recency", 0] + by + noise
    return str(replace(tested, trials=(replace(own, draws=draws),)).headline())


def test_the_headline_can_say_better_worse_and_no_evidence(tested):
    assert said(tested, 0.05).startswith("The health score tells who leaves better than the time since")
    assert said(tested, -0.05).startswith("The health score tells who leaves worse than the time since")
    assert said(tested, 0.0).startswith("No evidence that the health score tells who leaves better than the time")


def test_better_than_recency_is_no_praise_where_recency_is_worse_than_a_coin(tested):
    own, name = tested.own, tested.own.plan.weighting
    draws = own.draws - own.draws[name, 0].mean() + 0.5
    draws["recency", 0] = draws[name, 0] - 0.05
    told = replace(tested, trials=(replace(own, draws=draws),)).headline()
    assert str(told) == "No evidence that the health score tells who leaves."


def test_the_scale_of_the_report_before_is_kept(members, memberships, tested):
    kept = pd.DataFrame({"basis": ["contract"], "scale_on": [tested.own.landmarks[0] - ONE_DAY], "scored_on": pd.NaT})
    again = health_backtest(memberships, members, None, kept)
    assert again.own.plan.scale.landmark_at == tested.own.landmarks[0] != tested.own.plan.scale.landmark_at
    assert again.own.scores["equal"].to_list() != tested.own.scores["equal"].to_list()


def test_where_somebody_looked_once_there_is_no_trial(telephones_data):
    found = health_backtest(stays(telephones_data), telephones_data)
    assert isinstance(found, NotApplicable) and "no earlier day can be tried" in str(found.headline())
