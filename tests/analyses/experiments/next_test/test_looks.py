"""A test that is looked at every week errs as often as said, at the bars of the table and at the usual one."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from answers import words_of
from helpers.analyses.experiments.next_test.looks import weekly_looks
from helpers.analyses.experiments.next_test.rehearsal import Plan
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import NotApplicable


def plan(came, weeks):
    """A plan after a rehearsal in which so many customers came by week, for a test of so many weeks."""
    sizes = pd.DataFrame(
        {
            "metric": ["bought", "spend"],
            "adjusted_days": 0,
            "customers_an_arm": [500.0, 900.0],
            "weeks_to_assign": [weeks, 2.0 * weeks],
        }
    )
    arrivals = pd.DataFrame({"week": range(1, len(came) + 1), "customers": came})
    return Plan(sizes, pd.DataFrame(), arrivals.assign(customers_so_far=np.cumsum(came)), 28, Rules())


def test_looks_at_these_bars_err_as_often_as_said_and_naive_ones_as_often_too():
    """200,000 tests in which nothing works, as sums of independent weeks."""
    looks = weekly_looks(plan([100, 80, 60, 60], 4))
    assert looks.table["information_share"].tolist() == pytest.approx(np.cumsum([100, 80, 60, 60]) / 300)
    rng, runs = np.random.default_rng(1), 200_000
    walk = np.cumsum(rng.normal(0, np.sqrt([100, 80, 60, 60]), (runs, 4)), axis=1)
    z = np.abs(walk) / np.sqrt(np.cumsum([100, 80, 60, 60]))
    error = 3 * np.sqrt(0.05 * 0.95 / runs)
    assert (z > looks.table["z"].to_numpy()).any(axis=1).mean() == pytest.approx(0.05, abs=error)
    naive = (z > norm.isf(0.025)).any(axis=1).mean()
    assert naive == pytest.approx(looks.naive_error_share, abs=2 * error)
    assert looks.table["alpha_spent_share"].iloc[-1] == pytest.approx(0.05)


def test_the_first_bar_is_high_and_the_last_near_the_usual_one():
    looks = weekly_looks(plan([50] * 8, 8))
    assert looks.table["look_p_value"].is_monotonic_increasing
    assert looks.table["look_p_value"].iloc[0] < 0.001 < 0.03 < looks.table["look_p_value"].iloc[-1] < 0.05
    assert looks.table["look_p_value"].tolist() == pytest.approx((2 * norm.sf(looks.table["z"])).tolist())
    told = words_of(looks)
    assert told.startswith("Looked at every week by the usual bar, 17.6% of the tests in which nothing works would")
    assert "p < 0.05 at each of 8 looks. It is 5% of them if p < 0.001 stands for beyond chance at the first" in told
    assert len(looks.plot().lines[0].get_xdata()) == 8
    plt.close("all")


def test_one_look_is_the_usual_test():
    looks = weekly_looks(plan([50, 50], 1), Rules(alpha=0.1))
    assert looks.table["look_p_value"].tolist() == pytest.approx([0.1])
    assert looks.naive_error_share == pytest.approx(0.1)
    assert words_of(looks) == (
        "The next test has one look, after one week: the usual bar holds. p < 0.1 stands for beyond chance."
    )


def test_the_test_is_as_long_as_planned_for_the_metric_that_shows_the_lift_first():
    assert weekly_looks(plan([50] * 8, 3)).table["week"].tolist() == [1, 2, 3]
    assert weekly_looks(plan([50] * 8, 12)).table["week"].tolist() == list(range(1, 13))


def test_a_test_of_more_than_two_years_is_looked_at_for_as_long_as_was_rehearsed():
    assert weekly_looks(plan([50] * 6, np.inf)).table["week"].tolist() == [1, 2, 3, 4, 5, 6]


def test_beyond_the_rehearsal_customers_come_at_the_pace_of_its_second_half():
    shares = weekly_looks(plan([90, 50, 30, 10], 6)).table["information_share"]
    assert shares.tolist() == pytest.approx(np.array([90, 140, 170, 180, 200, 220]) / 220)


def test_weeks_in_which_nearly_nobody_came_are_looked_at_with_the_next():
    looks = weekly_looks(plan([0, 100, 0, 100, 0], 5))
    assert looks.table["information_share"].tolist() == pytest.approx([0.5, 1.0])
    assert looks.table["week"].tolist() == [3, 5]


def test_without_a_plan_there_are_no_looks():
    assert isinstance(weekly_looks(NotApplicable("this data set has no orders to plan from.")), NotApplicable)
