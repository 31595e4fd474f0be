"""Decisions wait for the least days, respect guardrails, say what is at risk, and extend by days."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.analyses.experiments.decision.advice import decisions
from helpers.analyses.experiments.effect.lifts import effect_table
from helpers.analyses.experiments.trials.arms import read
from helpers.analyses.experiments.trials.declared_rules import Rules, guardrails
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Extra, Feed, Origin, Settings
from helpers.statistics.effects.bayes import Prior

BEGAN = pd.Timestamp("2025-01-01")


def metric(name, kind="mean"):
    return Extra(name, "metrics", Origin(), type="number", kind=kind, missing="0", label=name)


METRICS = (metric("bought", "proportion"), metric("spend"))


def dataset(rows, *metrics, words=None):
    feed = Feed("experiments", (), extras=metrics or METRICS)
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={"experiments": feed},
        experiments=words or {},
        notebooks={},
    )
    rows = pd.DataFrame(rows).assign(experiment="test", customer_id=[f"c{i}" for i in range(len(rows))])
    lines = pd.DataFrame(columns=["table", "outcome", "rule", "rows", "rows_meeting"])
    return Dataset("t", dt.date(2025, 2, 1), settings, {"experiments": ibis.memtable(rows)}, lines, Path(), (), Path())


def two_arms(n_control, n_new, rates, days=1, spend=(10.0, 10.0)):
    """A 0/1 metric with exactly these rates, customers assigned evenly over `days`, spend of known mean."""
    arms = []
    for arm, n, rate, mean in zip(("control", "new"), (n_control, n_new), rates, spend, strict=True):
        at = np.arange(n)
        arms.append(
            pd.DataFrame(
                {
                    "variant": arm,
                    "bought": (at < round(n * rate)).astype(float),
                    "spend": mean + (at % 2) * 2.0 - 1.0,
                    "assigned_at": BEGAN + pd.to_timedelta(at % days, unit="D"),
                }
            )
        )
    return pd.concat(arms, ignore_index=True)


def decided(rows, *metrics, as_of=None, **rules):
    (row,) = decisions(read(dataset(rows, *metrics)), Rules(**rules), as_of).table.itertuples()
    return row


# Days


@pytest.mark.parametrize(
    ("as_of", "decision", "days"),
    [
        (dt.date(2025, 1, 1), "extend", 6),
        (dt.date(2025, 1, 6), "extend", 1),
        (dt.date(2025, 1, 7), "ship", np.nan),
    ],
)
def test_a_good_effect_ships_once_the_least_days_have_passed(as_of, decision, days):
    row = decided(two_arms(2000, 2000, (0.1, 0.2)), as_of=as_of)
    assert row.decision == decision
    np.testing.assert_equal(row.days_to_extend, days)
    assert ("7 days are the least" in row.reason) == (decision == "extend")


def test_harm_stops_an_experiment_before_the_least_days():
    assert decided(two_arms(2000, 2000, (0.2, 0.1)), as_of=dt.date(2025, 1, 2)).decision == "stop: harmed"


def test_without_dates_of_assignment_no_least_days_are_asked_for():
    rows = two_arms(2000, 2000, (0.1, 0.2)).assign(assigned_at=pd.NaT)
    assert decided(rows, as_of=dt.date(2025, 1, 1)).decision == "ship"


def test_an_experiment_is_extended_by_whole_weeks_at_the_pace_of_its_assignment():
    """1.71 times 15,000 an arm, over 14 days: 0.71 × 14 = 9.9 days more, so two weeks."""
    row = decided(two_arms(15_000, 15_000, (0.2, 0.203), days=14))
    assert (row.decision, row.days_to_extend) == ("extend", 14)
    assert "takes 1.71 times as many customers, 14 days more at the pace of its assignment." in row.reason
    found = decisions(read(dataset(two_arms(15_000, 15_000, (0.2, 0.203), days=14))))
    assert found.summary()["what_to_do"].tolist() == ["extend by 14 days"]
    assert found.headline().startswith("test · new: extend by 14 days. bought +0.300 points")


def test_a_batch_of_one_day_is_extended_by_customers_alone():
    row = decided(two_arms(15_000, 15_000, (0.2, 0.203)))
    assert row.decision == "extend"
    assert np.isnan(row.days_to_extend)
    assert "1.71 times as many customers." in row.reason


def test_a_metric_in_money_can_be_extended_too():
    """A worthwhile effect above 1 is no probability: 5 % of 40 is 2."""
    noise = np.where(np.arange(200) % 2, 12.0, -12.0)
    rows = pd.DataFrame({"variant": np.repeat(["control", "new"], 200), "spend": 40 + np.r_[noise, noise + 0.5]})
    row = decided(rows.assign(assigned_at=BEGAN), metric("spend"))
    assert row.decision == "extend"
    assert re.search(r"takes 2\.8\d times as many customers", row.reason)  # 2 × (2.8 × 12 / 2)² = 564 an arm


def test_shares_that_change_from_week_to_week_cannot_be_read():
    half = two_arms(1000, 3000, (0.1, 0.1))
    late = two_arms(3000, 1000, (0.2, 0.2)).assign(assigned_at=BEGAN + pd.Timedelta(days=7))
    row = decided(pd.concat([half, late], ignore_index=True))
    assert row.decision == "not readable"
    assert "The arms' shares changed from week to week (p < 0.001)" in row.reason
    assert np.isnan(row.win_probability)


# Guardrails


@pytest.mark.parametrize(
    ("spend", "decision", "said"),
    [
        (10.0, "ship", "better than control, and safe: spend (lift -0.62"),
        (9.82, "keep control", "not shown to be safe: spend (lift -2.4"),
        (9.0, "stop: harmed", "a guardrail is broken: spend (lift -10.6%"),
    ],
)
def test_a_guardrail_is_safe_unproven_or_broken_by_its_interval(spend, decision, said):
    """The lift of spend has a half-width of .62 % here: at -1.8 % the margin of 2 % lies inside the interval."""
    row = decided(two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, spend)), guardrails={"test": {"spend": 0.02}})
    assert row.decision == decision
    assert said in row.reason


def test_a_broken_guardrail_stops_an_arm_without_an_effect_on_the_primary_metric():
    row = decided(two_arms(2000, 2000, (0.1, 0.1), spend=(10.0, 9.0)), guardrails={"test": {"spend": 0.02}})
    assert row.decision == "stop: harmed"


def test_an_unproven_guardrail_is_extended_for_when_that_is_within_reach():
    rows = two_arms(2000, 2000, (0.1, 0.2), days=7, spend=(10.0, 9.93))
    row = decided(rows, guardrails={"test": {"spend": 0.008}})
    assert (row.decision, row.days_to_extend) == ("extend", 7)
    assert "to show that it is safe takes 1.2" in row.reason  # 2 × (2.8 × 1 / .08)² = 2,453 an arm


def test_a_guardrail_that_was_not_measured_is_not_taken_for_safe():
    words = two_arms(2000, 2000, (0.1, 0.2)).assign(spend=np.nan)
    row = decided(words, guardrails={"test": {"spend": 0.02}})
    assert row.decision == "keep control"
    assert "not shown to be safe: spend (lift not measured; 2.00% less is tolerated)" in row.reason


def test_guardrails_of_another_experiment_are_not_asked_for():
    rows = two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, 9.0))
    assert decided(rows, guardrails={"other": {"spend": 0.02}}).decision == "ship"


def test_guardrails_are_declared_in_the_settings():
    rows = two_arms(20, 20, (0.1, 0.2))
    assert guardrails(dataset(rows, words={"test": {"guardrails": {"spend": 0.02}}, "other": {}})) == {
        "test": {"spend": 0.02}
    }
    for words, message in (
        ({"spned": 0.02}, "experiments.test.guardrails = 'spned': choose one of bought, spend. Did you mean 'spend'"),
        ({"spend": -0.02}, "experiments.test.guardrails.spend = -0.02: give a number from 0"),
        (["spend"], "experiments.test.guardrails = ['spend']: a margin for each metric"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            guardrails(dataset(rows, words={"test": {"guardrails": words}}))


# Risk


def test_chance_and_loss_are_those_of_draws_from_the_belief():
    trials = read(dataset(two_arms(2000, 2000, (0.20, 0.19))))
    row = decisions(trials).table.iloc[0]
    std_error = np.sqrt(0.2 * 0.8 / 2000 + 0.19 * 0.81 / 2000)
    assert row["win_probability"] == pytest.approx(norm.cdf(-0.01 / std_error))
    draws = np.random.default_rng(2).normal(-0.01, std_error, 400_000) / 0.2
    assert row["expected_loss_rate"] == pytest.approx(np.maximum(-draws, 0).mean(), rel=0.01)
    assert (
        "chance to be better 21.2%, expected loss if shipped 5.76% of the control's level (flat prior)" in row["reason"]
    )


def test_a_sceptical_prior_can_hold_back_what_is_significant():
    rows = two_arms(2000, 2000, (0.1, 0.125))
    assert decided(rows).decision == "ship"
    doubt = decided(rows, prior=Prior(mean=-0.1, std_dev=0.03), largest_risk=0.01)
    assert doubt.decision != "ship"
    assert "shipping risks more than the tolerated 1.00%" in doubt.reason
    assert "(normal prior, mean -0.1, standard deviation 0.03)" in doubt.reason


def test_no_chance_is_said_to_be_certain():
    row = decided(two_arms(20_000, 20_000, (0.1, 0.4)))
    assert "chance to be better > 99.9%, expected loss if shipped < 0.01%" in row.reason


def test_a_control_level_of_zero_leaves_the_chance_out():
    row = decided(two_arms(200, 200, (0.0, 0.2)))
    assert np.isnan(row.win_probability)
    assert "chance" not in row.reason


# The table


def test_the_primary_effect_of_the_decision_is_that_of_the_effects():
    trials = read(dataset(two_arms(2000, 2000, (0.1, 0.2))))
    row, line = decisions(trials).table.iloc[0], effect_table(trials[0], Rules()).iloc[0]
    for name in ("effect", "lower", "upper", "lift_rate"):
        assert row[name] == line[name]


def test_several_arms_are_grouped_by_what_to_do():
    arms = [two_arms(15_000, 15_000, (0.2, rate), days=14) for rate in (0.203, 0.22, 0.18)]
    rows = pd.concat(
        [
            arms[0],
            *(
                arm[arm["variant"] == "new"].assign(variant=name)
                for arm, name in zip(arms[1:], ("better", "worse"), strict=True)
            ),
        ],
        ignore_index=True,
    )
    found = decisions(read(dataset(rows)))
    assert found.headline() == "Ship: test · better; stop: harmed: test · worse; extend by 14 days: test · new."
    assert len(found.plot().get_yticklabels()) == 3
    plt.close("all")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"least_days": -1}, "least_days = -1: give a number from 0"),
        ({"largest_risk": 50}, "largest_risk = 50: give a number from 0"),
    ],
)
def test_the_new_rules_are_checked(rule, message):
    with pytest.raises(ValueError, match=message):
        Rules(**rule)
