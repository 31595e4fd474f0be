"""The model of given centres: its distances, bins, ids and rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.cluster.fit import fitted_model
from helpers.analyses.segmentation.cluster.model import FeatureScale


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    """Forty buyers of one order and sixty of nine, who differ in nothing else."""
    return pd.DataFrame({"orders": np.repeat([1.0, 9.0], [40, 60])})


def test_a_model_holds_what_a_later_day_is_measured_by(values):
    scale = FeatureScale.of(values, {"orders": "linear"})
    centres = scale.scaled(np.array([[1.0], [7.0]]))
    model = fitted_model(values, np.arange(100), scale, centres, seed=1, fitted_on="2025-06-30")
    apart = 2 / np.std(np.repeat([1.0, 9.0], [40, 60]))  # sixty buyers lie two orders from their centre
    assert model.mean_distance == pytest.approx(0.6 * apart) and model.far_distance == pytest.approx(apart)
    assert (model.ids, model.next_id, model.rows, model.buyers, model.seed) == ((1, 2), 3, 100, 100, 1)
    assert sum(model.bin_shares[0]) == pytest.approx(1) and len(model.bin_edges) == 1
    assert model.fidelity == 1 and model.rules == ("orders ≤ 5 (fidelity 100%)", "orders > 5 (fidelity 100%)")


def test_a_cluster_that_no_rule_reaches_is_told_by_its_centre(values):
    scale = FeatureScale.of(values, {"orders": "linear"})
    centres = scale.scaled(np.array([[1.0], [9.0], [30.0]]))
    model = fitted_model(values, np.arange(100), scale, centres, seed=1, fitted_on="2025-06-30")
    assert model.rules[2] == "nearest to orders 30"
