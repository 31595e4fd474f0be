"""A ratio is as planned, close to it, or broken; of many only what chance would hardly explain among them is close."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments.trials.ratios import ratio_states, sample_ratio_states

RULES = experiments.Rules()


@pytest.mark.parametrize(
    ("p_value", "state"),
    [(0.0, "broken"), (0.00099, "broken"), (0.001, "close"), (0.009, "close"), (0.05, "planned"), (1, "planned"), (np.nan, "untested")],
)  # fmt: skip
def test_one_ratio_is_told_by_its_own_p_value(p_value, state):
    assert ratio_states([p_value], RULES) == [state]


def test_of_twenty_ratios_one_below_a_twentieth_is_what_chance_gives():
    others = list(np.linspace(0.06, 1, 19))
    assert ratio_states([0.03, *others], RULES)[0] == "planned"
    assert ratio_states([0.002, *others], RULES)[0] == "close"
    assert ratio_states([0.0009, *others], RULES)[0] == "broken"  # others beside it make none sound
    assert ratio_states([0.03, *[np.nan] * 19], RULES)[0] == "close"  # what was not tested is no test


def test_the_page_and_the_decision_follow_one_fact(two_arms, assigned):
    rows = [
        two_arms(1000, n, (0.1, 0.2)).assign(experiment=name)
        for name, n in (("even", 1000), ("near", 1130), ("off", 1300))
    ]
    trials = experiments.read(
        assigned(pd.concat(rows, ignore_index=True).assign(customer_id=[f"c{i}" for i in range(6430)]))
    )
    assert sample_ratio_states(trials, RULES) == ["planned", "close", "broken"]
    health, decisions = experiments.health(trials), experiments.decisions(trials)
    decided = decisions.table.set_index("experiment")
    assert health.table.drop_duplicates("experiment")["sample_ratio"].tolist() == ["planned", "close", "broken"]
    assert "Close to plan: near (p = 0.005)." in words_of(health)
    assert "As large as planned: even (p > 0.999)." in words_of(health)
    assert decided["decision"].to_dict() == {"even": "ship", "near": "ship", "off": "unreadable"}
    assert ["only close to plan (p = 0.005)" in reason for reason in decisions.summary()["why"]] == [False, True, False]
    distrusted = [words_of(answer) for answer in experiments.effects(trials) if answer.distrust]
    assert len(distrusted) == 1 and distrusted[0].startswith("off: trust none of this until")


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"control": 1}, "Customers are in an arm that was not planned (new): find out why first."),
        ({"control": 1, "new": 0}, "Customers are in an arm that was not planned (new): find out why first."),
        ({"control": 1, "new": 1, "third": 1}, "The arms are not as large as planned (p < 0.001): find out why first."),
    ],
)
def test_an_arm_that_was_not_planned_or_never_came_is_named(two_arms, assigned, weights, sentence):
    trials = experiments.read(assigned(two_arms(500, 500, (0.1, 0.3)), words={"test": {"weights": weights}}))
    assert set(experiments.decisions(trials).table["decision"]) == {"unreadable"}
    told = f"test cannot be read: repair the assignment first. test: {sentence}"
    assert words_of(experiments.health(trials)) == told
    assert sentence in words_of(experiments.effects(trials)[0])
