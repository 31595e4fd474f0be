from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from helpers.statistics import survival
from helpers.statistics.baskets.sequels import followed_shares, order_p_values


def test_shares_of_a_window_are_those_of_kaplan_and_meier():
    """Row by row against the curve of `statistics.survival`, which R agrees with."""
    rng = np.random.default_rng(0)
    days, rows = 10, []
    for row in range(3):
        waited, seen = rng.integers(1, 25, 60), rng.integers(0, 14, 60)
        rows.append(
            pd.DataFrame(
                {
                    "row": row,
                    "time": np.minimum(np.minimum(waited, seen), days),
                    "event": waited <= np.minimum(seen, days),
                }
            )
        )
    people = pd.concat(rows)
    counts = np.zeros((2, 3, days + 1), dtype=int)
    np.add.at(counts, (1 - people["event"].astype(int), people["row"], people["time"]), 1)
    followed, lost = counts
    found = followed_shares(followed, lost, [60] * 3)
    curve = survival.kaplan_meier(people["time"], people["event"], groups=people["row"])
    last = curve.groupby("group").last()
    np.testing.assert_allclose(found["rate"], 1 - last["survival"])
    np.testing.assert_allclose(found[["lower", "upper"]], 1 - last[["upper", "lower"]])


def test_order_is_tested_by_customers_who_did_one_of_both():
    after, before = np.array([25, 7, 0]), np.array([3, 7, 0])
    expected = [binomtest(25, 28).pvalue, 1, 1]
    assert order_p_values(after, before).tolist() == pytest.approx(expected)
