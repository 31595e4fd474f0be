"""The matched difference: a slow mean over strata, limits that hold when rows of a cluster depend on each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from helpers.statistics.effects.matching import LEAST_CONTROLS, match


def test_the_difference_is_the_slow_mean_over_the_exposed_of_what_controls_of_their_stratum_had():
    rng = np.random.default_rng(1)
    strata, exposed = rng.integers(0, 12, 300), rng.random(300) < 0.3
    strata[:3], exposed[:3] = 99, [True, True, False]  # one control is not enough
    outcome = rng.normal(strata, 1) + 2 * exposed
    matched = match(exposed, strata, np.arange(300))
    gaps, own, alike = [], [], []
    for at in np.flatnonzero(exposed):
        others = outcome[~exposed & (strata == strata[at])]
        if len(others) >= LEAST_CONTROLS:
            own.append(outcome[at])
            alike.append(others.mean())
            gaps.append(outcome[at] - others.mean())
    assert len(gaps) < exposed.sum()
    assert matched.pairs == len(gaps)
    assert matched.means(outcome) == pytest.approx((np.mean(own), np.mean(alike)))
    assert matched.difference(outcome)[0] == pytest.approx(np.mean(gaps))


DRAWS = 300


def chances(share: float) -> tuple[float, float]:
    """Between what shares of the draws something as likely as `share` is seen, but for once in 500 times."""
    return tuple(np.array(binom.interval(0.998, DRAWS, share)) / DRAWS)


def draws(rows_each: int, effect: float = 0.0):
    """Estimates and limits over many data sets in which clusters have `rows_each` rows with a share of their own."""
    rng, found = np.random.default_rng(2), []
    for _ in range(DRAWS):
        cluster = np.repeat(np.arange(400), rows_each)
        strata = rng.integers(0, 4, 400)[cluster]
        exposed = rng.random(len(cluster)) < 0.1 + 0.1 * strata
        own = rng.normal(0, 1, 400)[cluster]
        outcome = strata + own + rng.normal(0, 1, len(cluster)) + effect * exposed
        found.append(match(exposed, strata, cluster).difference(outcome))
    return np.array(found)


@pytest.mark.parametrize("rows_each", [1, 6])
def test_limits_cover_the_truth_as_often_as_they_say_also_with_several_rows_a_cluster(rows_each):
    found = draws(rows_each, effect=0.3)
    assert abs(found[:, 0].mean() - 0.3) < 3.1 * found[:, 0].std() / np.sqrt(DRAWS)
    lowest, highest = chances(0.95)
    assert lowest <= ((found[:, 1] <= 0.3) & (0.3 <= found[:, 2])).mean() <= highest


def test_what_covariates_tell_within_strata_is_taken_off():
    """The exposed of a stratum have a covariate that is higher by 1, worth 3: unadjusted it looks like an effect."""
    rng = np.random.default_rng(3)
    strata, exposed = rng.integers(0, 4, 4_000), rng.random(4_000) < 0.2
    covariate = strata + exposed + rng.normal(0, 1, 4_000)
    outcome = 10 * strata + 3 * covariate + 0.5 * exposed + rng.normal(0, 1, 4_000)
    matched = match(exposed, strata, np.arange(4_000))
    assert matched.difference(outcome)[0] == pytest.approx(3.5, abs=0.3)
    two = matched.adjusted(np.column_stack([outcome, -outcome]), covariate[:, None])
    adjusted = matched.difference(two[:, 0])
    assert two[:, 1] == pytest.approx(-two[:, 0])
    assert matched.adjusted(outcome, covariate[:, None]) == pytest.approx(two[:, 0])
    assert adjusted[0] == pytest.approx(0.5, abs=0.1)
    assert adjusted[1] < 0.5 < adjusted[2]


def test_p_values_are_even_where_there_is_no_difference():
    p = draws(3)[:, 3]
    for share in (0.05, 0.5):
        lowest, highest = chances(share)
        assert lowest <= np.mean(p < share) <= highest


def test_where_nothing_varies_or_nobody_matches_there_are_no_limits():
    exposed, cluster = np.array([True] * 5 + [False] * 5), np.arange(10)
    same = match(exposed, np.zeros(10), cluster).difference(np.ones(10))
    assert same[0] == 0 and np.isnan(same[1:]).all()
    apart = match(exposed, exposed, cluster)
    assert apart.pairs == 0 and apart.means(np.ones(10)) == (0, 0)
