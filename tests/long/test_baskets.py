"""Nothing goes together in a grocer's shuffled baskets; the short form is in `tests/statistics/baskets`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from curveball import lines, shuffled
from helpers.statistics.baskets import associations, incidence
from helpers.statistics.inference import adjust
from shops import SHARED

GROCERIES = SHARED / "groceries/groceries.csv.gz"
LEAST_RATIO = (
    1.1  # what the page asks for beside a p-value: goods in a tenth of the baskets are expected 6 % too rarely
)


@pytest.mark.skipif(not GROCERIES.exists(), reason="needs ../shared/data/groceries")
def test_no_pair_of_shuffled_groceries_is_associated_but_a_third_is_by_the_usual_test():
    """Computed for the specification: 36 % called by plain tests in each of ten draws, none by ours."""
    rows = pd.read_csv(GROCERIES)
    good, names = pd.factorize(rows["good"], sort=True)
    baskets = [set(each) for each in pd.Series(good).groupby(rows["basket"]).agg(list)]
    rng = np.random.default_rng(0)
    trades, ratios = 100_000, []
    for _draw in range(10):
        baskets, trades = shuffled(baskets, trades, rng), 30_000
        held = incidence(*lines(baskets))
        pairs = associations(held)
        found = np.bincount(held.indices, minlength=len(names))
        p_values = hypergeom.sf(pairs["together"] - 1, held.shape[0], found[pairs["first"]], found[pairs["second"]])
        assert 1_450 <= (adjust(p_values, "bh") < 0.05).sum() <= 1_800
        assert 0.45 <= (p_values < 0.05).mean() <= 0.52
        beyond = (pairs["adjusted_p_value"] < 0.05) & (pairs["ratio"] >= LEAST_RATIO)
        assert beyond.sum() == 0
        assert (pairs["p_value"] < 0.05).mean() <= 0.04
        ratios.append(pairs["ratio"])
    mean = pd.concat(ratios, axis="columns").mean(axis="columns")
    assert mean.median() == pytest.approx(1, abs=0.02)
