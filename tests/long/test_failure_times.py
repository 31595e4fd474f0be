"""The coverage of ratios of failure times, over more samples than tests/analyses/churn/drivers has time for."""

from __future__ import annotations

import numpy as np
import pytest

from analyses.churn.drivers.test_failure_times import covered
from helpers.analyses.churn.drivers.failure_times import SHAPES


@pytest.mark.parametrize("name", SHAPES)
def test_intervals_cover_the_true_ratios_although_customers_were_seen_late(name):
    assert covered(name, np.random.default_rng(4), 20) >= 0.85
