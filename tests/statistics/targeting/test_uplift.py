"""How well a score tells whom a treatment changes most."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments
from helpers.statistics.targeting.uplift import qini, sorts_by_chance, uplift_by_group


def trial(rng, n, effect, base=0.2):
    """Customers with a score between 0 and 1 whose chance is `base`, and `base` + effect(score) when treated."""
    score, treated = rng.random(n), rng.random(n) < 0.5
    outcome = rng.random(n) < base + treated * effect(score)
    return score, treated, outcome.astype(float)


def area_by_loop(score, treated, outcome):
    """The coefficient from its definition: for each distinct score, everyone at or above it is treated."""
    points = [(0.0, 0.0)]
    for cut in sorted(set(score), reverse=True):
        arms = {arm: [y for s, t, y in zip(score, treated, outcome) if s >= cut and t == arm] for arm in (True, False)}
        if arms[True] and arms[False]:
            share = (len(arms[True]) + len(arms[False])) / len(score)
            points.append((share, share * (np.mean(arms[True]) - np.mean(arms[False]))))
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(points, points[1:]))
    return area - points[-1][1] / 2


@pytest.mark.parametrize("digits", [6, 1])
def test_the_coefficient_is_the_area_between_the_curve_and_a_random_order(digits):
    """Against a loop written from the definition, without and with many equal scores."""
    score, treated, outcome = trial(np.random.default_rng(1), 150, lambda s: 0.5 * s)
    score = score.round(digits)
    found = qini(score, treated, outcome, draws=2)
    assert found.coefficient == pytest.approx(area_by_loop(score, treated, outcome), abs=1e-12)


def test_a_planted_segment_is_found_with_the_area_that_it_has():
    """An effect of 0.3 on the 30 % with the highest scores: gain min(s, 0.3) × 0.3, random s × 0.09, area 0.0315."""
    rows = trial(np.random.default_rng(2), 30_000, lambda s: 0.3 * (s > 0.7))
    found = qini(*rows, draws=100)
    assert found.coefficient == pytest.approx(0.0315, abs=4 * found.std_error)
    assert found.std_error < 0.004 and found.lower > 0.02
    curve = found.curve.set_index(found.curve["treated_share"].round(2))
    for share in (0.1, 0.3, 0.5, 0.8, 1.0):
        assert curve.loc[share, "gain"] == pytest.approx(0.3 * min(share, 0.3), abs=0.02)
    assert curve.loc[0.3, "lower"] < 0.063 < curve.loc[0.3, "upper"]


def test_a_score_that_says_nothing_comes_out_as_nothing_about_95_times_in_100():
    """The treatment works, and alike for all: only the order is worthless. 120 trials, SE 2 points."""
    rng = np.random.default_rng(3)
    covered, signs = 0, 0
    for _ in range(120):
        found = qini(*trial(rng, 300, lambda s: 0.2), draws=100, seed=rng)
        covered += found.lower <= 0 <= found.upper
        signs += found.coefficient > 0
    assert 0.88 <= covered / 120 <= 0.99
    assert 0.37 <= signs / 120 <= 0.63


def test_chance_is_how_often_dealt_out_scores_sort_as_well():
    """Against every order that four customers can stand in; a planted segment is beyond all of them."""
    score, treated, outcome = np.array([4, 3, 2, 1]), np.array([1, 0, 1, 0]), np.array([3.0, 0.0, 1.0, 1.0])
    own = area_by_loop(score, treated, outcome)
    areas = [area_by_loop(score, treated[list(way)], outcome[list(way)]) for way in permutations(range(4))]
    exact = 2 * np.mean([area >= own - 1e-12 for area in areas])
    assert sorts_by_chance(score, treated, outcome, draws=4000) == pytest.approx(min(1, exact), abs=0.04)
    planted = trial(np.random.default_rng(2), 3000, lambda s: 0.3 * (s > 0.7))
    assert sorts_by_chance(*planted, draws=200) == pytest.approx(2 / 201)


def test_only_the_order_of_the_scores_counts_and_levels_cancel():
    score, treated, outcome = trial(np.random.default_rng(4), 500, lambda s: 0.4 * s)
    found = qini(score, treated, outcome, draws=20)
    again = qini(np.exp(5 * score), treated, outcome + 7, draws=20)
    pd.testing.assert_frame_equal(found.curve, again.curve)
    assert again.coefficient == pytest.approx(found.coefficient, abs=1e-12)
    shuffled = np.random.default_rng(0).permutation(500)
    other = qini(score[shuffled], treated[shuffled], outcome[shuffled], draws=20)
    assert other.coefficient == pytest.approx(found.coefficient, abs=1e-12)


def test_one_score_for_all_has_no_order():
    _, treated, outcome = trial(np.random.default_rng(5), 300, lambda s: 0.4)
    found = qini(np.zeros(300), treated, outcome, draws=50)
    assert found.coefficient == found.lower == found.upper == 0


def test_groups_are_equal_and_hold_the_effect_of_their_customers():
    score, treated, outcome = trial(np.random.default_rng(6), 1000, lambda s: 0.5 * s)
    groups = uplift_by_group(score, treated, outcome, kind="proportion")
    assert groups["group"].tolist() == [1, 2, 3, 4, 5]
    assert groups["customers"].tolist() == [200] * 5
    assert groups["score"].is_monotonic_decreasing
    top = np.argsort(-score)[:200]
    arms = [Moments.of({"y": outcome[top][treated[top] == arm]}) for arm in (False, True)]
    effect = compare(*arms, kind="proportion")
    assert groups.loc[0, ["uplift", "lower", "upper"]].tolist() == [effect.effect, effect.lower, effect.upper]


def test_customers_with_one_score_stay_in_one_group():
    _, treated, outcome = trial(np.random.default_rng(7), 1000, lambda s: 0.1)
    score = np.repeat([3.0, 2.0, 1.0], [600, 100, 300])
    groups = uplift_by_group(score, treated, outcome)
    assert groups["customers"].tolist() == [600, 100, 300]
    assert groups["score"].tolist() == [3, 2, 1]


def test_unusable_rows_are_refused():
    with pytest.raises(ValueError, match="score = missing or infinite in 1 of 2"):
        qini([1, np.nan], [0, 1], [0, 1])
    with pytest.raises(ValueError, match="2, 2, 3 rows: one of each"):
        qini([1, 2], [0, 1], [0, 1, 1])
    with pytest.raises(ValueError, match="treated: values other than 0 and 1"):
        qini([1, 2], [0, 2], [0, 1])
    with pytest.raises(ValueError, match="treated = one arm only"):
        qini([1, 2], [1, 1], [0, 1])
    with pytest.raises(ValueError, match="groups = 0: at least 1"):
        uplift_by_group([1, 2], [0, 1], [0, 1], groups=0)
