from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.offers.goods.levels import level
from helpers.analyses.offers.goods.repeats import due
from helpers.analyses.offers.goods.trial_of_repeats import due_trial
from helpers.findings import NotApplicable


@pytest.fixture(scope="module")
def shop(sold):
    """Three hundred buyers of food with paces of their own; a third stops at some time."""
    rng = np.random.default_rng(4)
    rows = []
    for customer in range(300):
        own, day = 35 * rng.lognormal(0, 0.3), 360 - float(rng.integers(0, 120))
        rows.append((customer, int(day), "lamp"))
        while day > 0:
            rows.append((customer, int(day), "food"))
            day -= own * rng.lognormal(0, 0.25)
            if rng.random() < 0.06:
                break
    return level(sold([{good} for _c, _d, good in rows], [f"c{c}" for c, _d, _g in rows], [d for _c, d, _g in rows]))


@pytest.fixture(scope="module")
def trial(shop):
    return due_trial(shop, 30)


def test_chances_come_true_where_gaps_are_as_the_model_has_them(trial):
    assert not trial.is_off
    assert abs(trial.expected - trial.came) < trial.by_chance
    assert words_of(trial).startswith("The list of 30 days ago expected ")
    missed = (trial.table["expected_rate"] < trial.table["lower"]) | (
        trial.table["expected_rate"] > trial.table["upper"]
    )
    assert missed.sum() <= 1
    assert trial.table["bought_rate"].iloc[-1] > trial.table["bought_rate"].iloc[0] + 0.3


def test_a_customer_s_own_gap_tells_the_day_better_than_the_good_s(trial):
    assert trial.error_days < 0.9 * trial.plain_error_days


def test_the_sums_are_those_of_the_list(shop, trial):
    before = dataclasses.replace(shop, as_of=shop.as_of - dt.timedelta(days=30))
    assert trial.expected == pytest.approx(due(before, 30).table["chance_30d"].sum())
    assert trial.table["waiting"].sum() == len(due(before, 30).table)
    assert trial.came == pytest.approx((trial.table["bought_rate"] * trial.table["waiting"]).sum())


def test_a_list_that_expects_too_much_is_called_off(trial):
    wrong = dataclasses.replace(trial, expected=2.0 * trial.came)
    assert wrong.is_off and words_of(wrong).startswith("The list is off")


def test_a_list_that_failed_its_trial_says_so(shop, trial):
    wrong = dataclasses.replace(trial, expected=2.0 * trial.came)
    assert words_of(due(shop, 30, wrong)).startswith("This list is a guess")
    assert words_of(due(shop, 30, trial)) == words_of(due(shop, 30))


def test_a_short_list_is_not_tried(sold):
    rows = [("a", 100), ("a", 60), ("a", 30), ("b", 40)]
    data = sold([{good} for good, _ in rows] * 25, [f"c{n // 4}" for n in range(100)], [day for _, day in rows] * 25)
    assert isinstance(due_trial(level(data)), NotApplicable)
