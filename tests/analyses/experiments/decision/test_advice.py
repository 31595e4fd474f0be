"""Decisions of all arms stand in one table, wait for the least days, and are grouped by what to do."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments.effect.lifts import effect_table
from shops import metric


@pytest.mark.parametrize(
    ("as_of", "decision", "days"),
    [
        (dt.date(2025, 1, 1), "extend", 6),
        (dt.date(2025, 1, 6), "extend", 1),
        (dt.date(2025, 1, 7), "ship", np.nan),
    ],
)
def test_a_good_effect_ships_once_the_least_days_have_passed(as_of, decision, days, two_arms, decided_row):
    row = decided_row(two_arms(2000, 2000, (0.1, 0.2)), as_of=as_of)
    assert row.decision == decision
    np.testing.assert_equal(row.days_to_extend, days)
    assert ("7 days are the least" in row.why) == (decision == "extend")


def test_without_dates_of_assignment_no_least_days_are_asked_for(two_arms, decided_row):
    rows = two_arms(2000, 2000, (0.1, 0.2)).assign(assigned_at=pd.NaT)
    assert decided_row(rows, as_of=dt.date(2025, 1, 1)).decision == "ship"


def test_the_primary_effect_of_the_decision_is_that_of_the_effects(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(2000, 2000, (0.1, 0.2))))
    row, line = experiments.decisions(trials).table.iloc[0], effect_table(trials[0], experiments.Rules()).iloc[0]
    for name in ("effect", "lower", "upper", "lift_rate"):
        assert row[name] == line[name]


def test_several_arms_are_grouped_by_what_to_do(two_arms, assigned):
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
    found = experiments.decisions(experiments.read(assigned(rows)))
    assert words_of(found) == "Ship test · better; stop test · worse. test · new: extend by 14 days."
    assert len(found.plot().get_yticklabels()) == 3
    plt.close("all")


@pytest.mark.parametrize("mean", [10.5, 9.5])
def test_a_metric_of_which_less_is_better_decides_as_its_mirror_image(mean, two_arms, decided_row):
    """What a rise does to spend, a fall does to refunds: the same rows with the values negated decide alike."""
    rows = two_arms(800, 800, spend=(10.0, mean))
    more = decided_row(rows, metric("spend"))
    less = decided_row(rows.assign(spend=-rows["spend"]), metric("spend", better="lower"))
    assert more.decision == less.decision == ("ship" if mean > 10 else "harmed")
    assert (more.effect, more.lower) == (-less.effect, -less.upper)
    for name in ("p_value", "win_probability", "expected_loss_rate"):
        assert getattr(more, name) == pytest.approx(getattr(less, name))
    if mean > 10:
        assert less.shrunken_lift_rate == pytest.approx(-more.shrunken_lift_rate)


def test_guardrails_and_secondary_metrics_of_which_less_is_better_may_not_rise(two_arms, decided_row):
    rows = two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, 11.0)).rename(columns={"spend": "refunds"})
    bought, refunds = metric("bought", "proportion"), metric("refunds", better="lower")
    guarded = decided_row(rows, bought, refunds, guardrails={"test": {"refunds": 0.02}})
    assert guarded.decision == "harmed"
    assert "it may get worse by 2.0%" in guarded.why
    assert decided_row(rows, bought, refunds).why.endswith("But these got worse beyond chance: refunds.")
    safe = decided_row(rows, bought, metric("refunds"), guardrails={"test": {"refunds": 0.02}})
    assert safe.decision == "ship"


def test_of_less_that_is_better_a_fall_is_worthwhile(two_arms, decided_row):
    row = decided_row(two_arms(15_000, 15_000, (0.2, 0.197)), metric("bought", "proportion", better="lower"))
    assert (row.decision, "To see a fall of 5% takes 1." in row.why) == ("extend", True)


def test_the_first_page_hears_of_what_ships_and_of_nothing_that_waits(two_arms, assigned):
    def told(as_of):
        return (
            experiments.decisions(experiments.read(assigned(two_arms(2000, 2000, (0.1, 0.2)))), as_of=as_of)
            .brief()
            .news
        )

    assert not told(dt.date(2025, 1, 1))
    verdict, news = told(dt.date(2025, 1, 7))
    assert str(verdict.said) == "Of 1 new versions 1 can go live; none does harm."
    assert str(news.said).startswith("Ship ") and "weigh it first" in news.said.whole


def test_of_several_versions_that_can_ship_the_one_with_the_largest_effect_is_asked_for(two_arms, assigned):
    both, best = two_arms(4000, 4000, (0.1, 0.15)), two_arms(4000, 4000, (0.1, 0.2))
    rows = pd.concat([both, best[best["variant"] == "new"].assign(variant="newer")], ignore_index=True)
    verdict, news = experiments.decisions(experiments.read(assigned(rows)), as_of=dt.date(2025, 1, 20)).brief().news
    assert str(verdict.said) == "Each of the 2 new versions can go live."
    assert "test · new: Better than control." in verdict.said.whole
    assert "test · newer: Better than control." in verdict.said.whole
    assert str(news.said) == ("Ship test · newer, whose effect is largest; better than the control, too: test · new.")
