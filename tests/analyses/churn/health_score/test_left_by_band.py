"""Who left of the red, the yellow and the green."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.health_score.left_by_band import health_bands


def test_shares_are_counted_from_the_rows_and_fall_from_red_to_green(tested):
    bands = health_bands(tested)
    own = bands.table[bands.table["basis"] == "contract"].set_index("band")
    score, left = tested.own.score, tested.own.rows["left"]
    assert own.loc["red", "left_rate"] == pytest.approx(left[score <= 50].mean())
    assert own.loc["red", "customer_days"] == (score <= 50).sum()
    assert (own["lower"] < own["left_rate"]).all() and (own["left_rate"] < own["upper"]).all()
    assert bands.falling["contract"] and bands.missed == pytest.approx((score[left] > 75).mean())
    assert "had been green" in words_of(bands) and bands.plot().has_data()
    plt.close("all")


def test_a_customer_scored_three_times_counts_for_little_more_than_once(tested):
    """Naive intervals take every row for a customer of its own."""
    own = tested.own
    thrice = pd.concat([own.rows] * 3, ignore_index=True)
    scores = pd.concat([own.scores] * 3, ignore_index=True)
    once, more = health_bands(tested), health_bands(replace(tested, trials=(replace(own, rows=thrice, scores=scores),)))
    width = [each.table.iloc[0]["upper"] - each.table.iloc[0]["lower"] for each in (once, more)]
    assert width[1] == pytest.approx(width[0], rel=0.01)


def test_a_small_band_has_no_share_and_no_trend_is_no_evidence(tested):
    own, rng = tested.own, np.random.default_rng(1)
    flat = own.scores.assign(
        **{own.plan.weighting: rng.permutation(np.r_[np.full(12, 90.0), rng.uniform(0, 75, len(own.rows) - 12)])}
    )
    bands = health_bands(replace(tested, trials=(replace(own, scores=flat),)))
    assert np.isnan(bands.table.set_index("band").loc["green", "left_rate"])
    assert str(bands.headline()) == "Too few customers were red, or green, to compare who left."
    even = own.scores.assign(**{own.plan.weighting: rng.uniform(0, 100, len(own.rows))})
    bands = health_bands(replace(tested, trials=(replace(own, scores=even),)))
    assert str(bands.headline()) == "No evidence that red customers leave more often than green ones."
