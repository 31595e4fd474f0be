"""The difference of shares within strata, beside another program, the formula for one stratum, and simulations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from helpers.statistics.shares import stratified_difference


def drawn(strata: int, size: int, seed: int, difference: float = 0.0) -> pd.DataFrame:
    """Rows of strata whose share, and whose share of exposed, rise together from stratum to stratum."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(strata), size)
    level = (stratum + 0.5) / strata
    exposed = rng.random(len(stratum)) < 0.2 + 0.6 * level
    outcome = rng.random(len(stratum)) < 0.1 + 0.7 * level + difference * exposed
    return pd.DataFrame({"exposed": exposed, "outcome": outcome, "stratum": stratum})


def asked(rows: pd.DataFrame):
    return stratified_difference(rows["exposed"], rows["outcome"], rows["stratum"])


def test_the_test_is_that_of_another_program():
    rows = drawn(6, 40, 1, 0.1)
    tables = [pd.crosstab(own["exposed"], own["outcome"]).to_numpy() for _, own in rows.groupby("stratum")]
    theirs = StratifiedTable([table.astype(float) for table in tables]).test_null_odds(correction=False).pvalue
    assert asked(rows).p_value == pytest.approx(theirs)


def test_of_one_stratum_it_is_the_difference_of_the_shares():
    found = stratified_difference(
        [True] * 40 + [False] * 60, [True] * 30 + [False] * 10 + [True] * 30 + [False] * 30, [0] * 100
    )
    assert found.difference == pytest.approx(0.25) and found.share == 0.75 and found.exposed == 40
    usual = np.sqrt(0.75 * 0.25 / 40 + 0.5 * 0.5 / 60)
    assert (found.upper - found.lower) / 2 / 1.959964 == pytest.approx(usual, rel=0.03)


def test_it_is_the_weighted_mean_of_the_strata_one_by_one():
    rows, sums, weights = drawn(5, 30, 2), 0.0, 0.0
    for _, own in rows.groupby("stratum"):
        n, m = own["exposed"].sum(), (~own["exposed"]).sum()
        apart = own.loc[own["exposed"], "outcome"].mean() - own.loc[~own["exposed"], "outcome"].mean()
        sums, weights = sums + apart * n * m / (n + m), weights + n * m / (n + m)
    assert asked(rows).difference == pytest.approx(sums / weights)


@pytest.mark.parametrize(("strata", "size"), [(4, 200), (150, 5)])
def test_its_limits_hold_the_truth_in_few_large_and_many_small_strata(strata, size):
    found = [asked(drawn(strata, size, seed, 0.1)) for seed in range(400)]
    assert np.mean([each.lower <= 0.1 <= each.upper for each in found]) == pytest.approx(0.95, abs=0.03)
    assert np.mean([each.difference for each in found]) == pytest.approx(0.1, abs=0.01)
    naive = [
        own[own["exposed"]]["outcome"].mean() - own[~own["exposed"]]["outcome"].mean()
        for own in (drawn(strata, size, seed, 0.1) for seed in range(20))
    ]
    assert np.mean(naive) > 0.15  # without strata


def test_strata_of_one_side_say_nothing():
    rows = drawn(3, 50, 3)
    alone = pd.DataFrame({"exposed": True, "outcome": True, "stratum": 9}, index=range(30))
    assert asked(pd.concat([rows, alone])) == asked(rows)
    assert asked(alone).exposed == 0 and np.isnan(asked(alone).difference)
    same = rows.assign(outcome=True)
    assert asked(same).difference == 0 and np.isnan(asked(same).p_value)
