"""A verdict follows the declared rules, extends by days, and says what is at risk."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments.decision.repeated_reports import AT_THE_END
from helpers.statistics.effects import Prior
from shops import metric

BEGAN = pd.Timestamp("2025-01-01")


@pytest.mark.parametrize(
    ("sizes", "rates", "decision", "said"),
    [
        ((5000, 5000), (0.20, 0.16), "harmed", "Stop it"),
        ((50_000, 50_000), (0.20, 0.202), "keep", "A lift of 5% can be ruled out."),
        ((100_000, 100_000), (0.20, 0.206), "keep", "Too small to be worth it so far."),
        ((15_000, 15_000), (0.20, 0.203), "extend", "1.71 times as many customers"),
        ((1000, 1000), (0.20, 0.203), "keep", "out of reach"),
    ],
)
def test_decisions_follow_the_declared_rules(sizes, rates, decision, said, two_arms, decided):
    (row,) = decided(two_arms(*sizes, rates)).itertuples()
    assert row.decision == decision
    assert said in row.why


def test_a_secondary_metric_that_fell_is_named_beside_a_ship_decision(two_arms, decided):
    rows = two_arms(2000, 2000, (0.1, 0.2))
    rows["visits"] = np.where(rows["variant"] == "new", 1.0, 3.0) + np.arange(4000) % 3
    words = {"test": {"primary": "bought"}}
    (row,) = decided(rows, metric("visits"), metric("bought", "proportion"), words=words).itertuples()
    assert row.decision == "ship"
    assert row.why.endswith("But these got worse beyond chance: visits.")


def test_an_arm_below_the_smallest_size_is_too_few_to_test(two_arms, decided):
    rows = two_arms(20, 20, (0.1, 0.9))
    assert decided(rows)["why"].tolist() == ["Fewer than 30 customers in an arm: too few to test."]
    assert decided(rows, smallest_arm=20)["decision"].tolist() == ["ship"]


def test_money_of_a_handful_of_customers_in_unequal_arms_is_not_readable(decided_row):
    """One customer of 400 spends nearly all of it; with 40 in an arm that is the difference."""
    rows = pd.DataFrame({"variant": ["control"] * 40 + ["new"] * 360, "spend": np.arange(400) % 3})
    rows.loc[77, "spend"] = 900.0
    rows = rows.assign(bought=0.0)
    words = {"test": {"primary": "spend", "weights": {"control": 1, "new": 9}}}
    row = decided_row(rows, metric("spend", label="Spend"), words=words)
    assert row.decision == "unreadable"
    assert row.why.startswith(
        "“Spend” is too uneven for so few customers: a handful of them are the difference. It takes"
    )
    assert int(re.search(r"takes ([\d,]+) in the smaller arm", row.why)[1]) > 200
    equal = decided_row(rows.assign(variant=["control", "new"] * 200), metric("spend"))
    assert equal.decision == "keep"


def test_the_chance_to_be_better_rests_on_the_test_that_decides(decided_row):
    rng = np.random.default_rng(8)
    spend = rng.lognormal(0, 1, 1000) * (rng.random(1000) < 0.3) * np.where(np.arange(1000) < 100, 1, 2.5)
    words = {"test": {"weights": {"control": 1, "new": 9}}}
    rows = {"variant": ["control"] * 100 + ["new"] * 900, "spend": spend}
    row = decided_row(rows, metric("spend"), words=words)
    assert 0.001 < row.p_value < 0.2  # neither sure nor nothing
    assert row.win_probability == pytest.approx(1 - AT_THE_END * row.p_value / 2, abs=0.01)


def test_harm_stops_an_experiment_before_the_least_days(two_arms, decided_row):
    assert decided_row(two_arms(2000, 2000, (0.2, 0.1)), as_of=dt.date(2025, 1, 2)).decision == "harmed"


def test_an_experiment_is_extended_by_whole_weeks_at_the_pace_of_its_assignment(two_arms, assigned, decided_row):
    """1.71 times 15,000 an arm, over 14 days: 0.71 × 14 = 9.9 days more, so two weeks."""
    row = decided_row(two_arms(15_000, 15_000, (0.2, 0.203), days=14))
    assert (row.decision, row.days_to_extend) == ("extend", 14)
    assert "takes 1.71 times as many customers. That is 14 days more at the pace of its assignment." in row.why
    found = experiments.decisions(experiments.read(assigned(two_arms(15_000, 15_000, (0.2, 0.203), days=14))))
    assert found.summary()["what_to_do"].tolist() == ["extend by 14 days"]
    assert words_of(found).startswith(
        "Nothing is to be shipped yet: extend test · new. No evidence of an effect. “bought” +0.30 points"
    )


def test_a_batch_of_one_day_is_extended_by_customers_alone(two_arms, decided_row):
    row = decided_row(two_arms(15_000, 15_000, (0.2, 0.203)))
    assert row.decision == "extend"
    assert np.isnan(row.days_to_extend)
    assert "1.71 times as many customers." in row.why


def test_a_metric_in_money_can_be_extended_too(decided_row):
    """A worthwhile effect above 1 is no probability: 5 % of 40 is 2."""
    noise = np.where(np.arange(200) % 2, 12.0, -12.0)
    rows = pd.DataFrame({"variant": np.repeat(["control", "new"], 200), "spend": 40 + np.r_[noise, noise + 0.5]})
    row = decided_row(rows.assign(assigned_at=BEGAN), metric("spend"))
    assert row.decision == "extend"
    assert re.search(r"takes 2\.8\d times as many customers", row.why)  # 2 × (2.8 × 12 / 2)² = 564 an arm


def test_chance_and_loss_are_those_of_draws_from_the_belief(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(2000, 2000, (0.20, 0.19))))
    found = experiments.decisions(trials)
    row, why = found.table.iloc[0], found.summary()["why"].iloc[0]
    std_error = np.sqrt(0.2 * 0.8 / 2000 + 0.19 * 0.81 / 2000)
    assert row["win_probability"] == pytest.approx(norm.cdf(-0.01 / std_error))
    draws = np.random.default_rng(2).normal(-0.01, std_error, 400_000) / 0.2
    assert row["expected_loss_rate"] == pytest.approx(np.maximum(-draws, 0).mean(), rel=0.01)
    assert "Chance to be better 21.2%, expected loss if shipped 5.8% of the control's level, where nothing" in why


def test_a_sceptical_prior_can_hold_back_what_is_significant(two_arms, decided_row):
    rows = two_arms(2000, 2000, (0.1, 0.125))
    assert decided_row(rows).decision == "ship"
    doubt = decided_row(rows, prior=Prior(mean=-0.1, std_dev=0.03), largest_risk=0.01)
    assert doubt.decision != "ship"
    assert "shipping risks more than the tolerated 1.0%" in doubt.why
    assert "where a lift of −10.0% give or take 3.0% was believed before." in doubt.why


def test_no_chance_is_said_to_be_certain(two_arms, decided_row):
    row = decided_row(two_arms(20_000, 20_000, (0.1, 0.4)))
    assert "Chance to be better > 99.9%, expected loss if shipped < 0.01%" in row.why


def test_a_control_level_of_zero_leaves_the_chance_out(two_arms, decided_row):
    row = decided_row(two_arms(200, 200, (0.0, 0.2)))
    assert np.isnan(row.win_probability)
    assert "Chance to be better" not in row.why
