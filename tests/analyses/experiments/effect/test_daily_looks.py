"""The trend of daily effects is a weighted slope, and too few days have none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.experiments.effect.daily_looks import trend


def test_too_few_days_bear_no_trend():
    daily = pd.DataFrame({"days": [0, 1], "effect": [1.0, 2.0], "variance": 1.0, "weight": 1.0})
    assert np.isnan(trend(daily)["p_value"])


def test_the_slope_is_that_of_weighted_least_squares():
    daily = pd.DataFrame({"days": [0, 1, 3], "effect": [1.0, 2.5, 3.0], "variance": 0.1, "weight": [1.0, 2.0, 1.0]})
    slope = np.polyfit(daily["days"], daily["effect"], 1, w=np.sqrt(daily["weight"]))[0]
    assert trend(daily)["change_per_day"] == pytest.approx(slope)
