"""Reports made every week of one experiment in which nothing works call something no more often than one may."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.analyses import experiments
from helpers.analyses.experiments.decision.repeated_reports import AT_THE_END, Look, look
from shops import metric

RULES = experiments.Rules()


def test_twelve_weekly_reports_and_one_at_the_end_share_one_level():
    """An A/A by its z at each look: naive looks call something in a fifth, the declared ones in less than 5 %."""
    draws, weeks, a_week = 4000, 12, 200
    steps = np.random.default_rng(1).normal(size=(draws, weeks))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, weeks + 1))
    p_values = pd.DataFrame(2 * norm.sf(np.abs(z)))
    running = Look(running=True, planned_customers=4 * a_week)
    weekly = [running.p_value(p_values[week], pd.Series(a_week * (week + 1.0), range(draws))) for week in range(weeks)]
    called = pd.concat(weekly, axis=1).min(axis=1) < 0.05
    ended = Look().p_value(p_values[weeks - 1], pd.Series()) < 0.05
    assert (p_values < 0.05).any(axis=1).mean() > 0.15
    assert called.mean() < 0.01
    assert (called | ended).mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


def test_one_look_after_the_assignment_costs_little_power():
    """Of a true effect that one look finds four times in five 78.7 %, and by the band about a quarter; of one that a look
    finds in a tenth less than a tenth is lost.
    """
    effect = norm.isf(0.025) + norm.isf(0.2)
    assert norm.sf(Look().critical(1000) - effect) == pytest.approx(0.787, abs=0.003)
    assert norm.sf(Look().critical(1000) - norm.isf(0.025) - norm.isf(0.1)) > 0.09
    assert 0.15 < norm.sf(Look(True, 1000).critical(1000) - effect) < 0.4


@pytest.mark.parametrize(("as_of", "running"), [(13, True), (14, True), (20, False), (90, False)])
def test_an_assignment_has_ended_when_nobody_came_for_the_least_days(as_of, running, two_arms, assigned):
    """Customers came on 14 days, the last of them the 14th of January."""
    (trial,) = experiments.read(assigned(two_arms(700, 700, days=14)))
    day = dt.date(2025, 1, 1) + dt.timedelta(days=as_of - 1)
    assert look(trial, RULES, day).running == running
    assert look(trial, RULES, day).planned_customers == pytest.approx(4 * 700 if running else np.nan, nan_ok=True)
    assert not look(trial, RULES, None).running


def test_while_customers_are_assigned_the_band_decides_and_is_shown(two_arms, decided_row):
    rows = two_arms(1400, 1400, (0.1, 0.13), days=14)
    days = (dt.date(2025, 1, 14), dt.date(2025, 1, 25))
    early, late = (decided_row(rows, as_of=day, worthwhile_lift=0.2) for day in days)
    assert (early.look, late.look) == ("running", "ended")
    assert (early.decision, late.decision) == ("extend", "ship")
    assert early.lower < late.lower < late.upper < early.upper
    assert early.p_value > late.p_value > 0
    assert "by the band that holds at any look, as customers are still being assigned" in early.why
    assert early.win_probability == late.win_probability


def test_nothing_is_kept_for_want_of_evidence_before_the_look_that_decides(two_arms, decided_row):
    rows = two_arms(1400, 1400, (0.1, 0.11), days=14)
    days = (dt.date(2025, 1, 14), dt.date(2025, 1, 25))
    early, late = (decided_row(rows, as_of=day, worthwhile_lift=0.4) for day in days)
    assert (early.decision, late.decision) == ("extend", "keep")
    assert "What decides is the look once the assignment has ended." in early.why


def test_a_large_effect_ships_at_any_look(two_arms, decided_row):
    assert decided_row(two_arms(1400, 1400, (0.1, 0.2), days=14), as_of=dt.date(2025, 1, 14)).decision == "ship"


def test_p_values_at_the_end_are_over_four_fifths_and_the_critical_value_fits_them():
    p_value = Look().p_value(pd.Series([0.04, 0.9]), pd.Series([10.0, 10.0]))
    assert p_value.tolist() == [0.04 / AT_THE_END, 1.0]
    for each in (Look(), Look(True, 500)):
        z = each.critical(1000)
        found = each.p_value(pd.Series([2 * norm.sf(z)]), pd.Series([1000.0]))
        assert found.iloc[0] == pytest.approx(0.05)


def test_a_lift_that_ships_is_shown_shrunken(two_arms, decided_row):
    row = decided_row(two_arms(1000, 1000, (0.1, 0.13)), metric("bought", "proportion"))
    assert row.decision == "ship"
    assert 0 <= row.shrunken_lift_rate < row.lift_rate
    assert row.overstated_by > 1
    assert "A lift that ships looks larger than it is: it may be nothing." in row.why
    sure = decided_row(two_arms(9000, 9000, (0.1, 0.13)), metric("bought", "proportion"))
    assert sure.shrunken_lift_rate == pytest.approx(sure.lift_rate, rel=0.01)
    assert "looks larger than it is" not in sure.why
