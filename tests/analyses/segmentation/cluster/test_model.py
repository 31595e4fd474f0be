"""The frozen model: to JSON and back to the last digit, and each buyer scored alone."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.cluster.model import ClusterModel, FeatureScale
from helpers.analyses.segmentation.cluster.search import clusters, fitted_clusters
from shops import shop


def test_a_linear_feature_is_scaled_as_it_is(three):
    data, _ = three
    model = fitted_clusters(data, {"recency_days": "linear", "monetary": "log1p"}).model
    buyers = data.customers[data.customers["orders"] > 0]
    assert model.mean[0] == pytest.approx(buyers["recency_days"].mean())
    low = buyers["monetary"].quantile(0.05)
    assert model.units == (1, low) and model.mean[1] == pytest.approx(np.log1p(buyers["monetary"] / low).mean())
    means = [buyers["recency_days"][model.placed(buyers)[0] == place].mean() for place in range(len(model.ids))]
    assert model.unscaled(model.centres)["recency_days"].tolist() == pytest.approx(means)


def test_the_model_survives_json_to_the_last_digit(three):
    data, search = three
    text = json.dumps(search.model.to_dict(), allow_nan=False)
    again = ClusterModel.from_dict(json.loads(text))
    assert again == search.model
    pd.testing.assert_series_equal(clusters(data, again).labels, clusters(data, search).labels)


def test_a_damaged_model_is_refused(three):
    saved = three[1].model.to_dict()
    with pytest.raises(ValueError, match="without rules"):
        ClusterModel.from_dict({name: value for name, value in saved.items() if name != "rules"})
    with pytest.raises(ValueError, match="different lengths"):
        ClusterModel.from_dict({**saved, "names": saved["names"][:2]})


def test_a_model_from_before_features_had_units_labels_as_it_did(three):
    """As version 1 left it: log1p of the features as they are."""
    data, search = three
    buyers = data.customers[data.customers["orders"] > 0]
    logs = np.log1p(buyers[list(search.model.features)].to_numpy(dtype=float))
    saved = search.model.to_dict() | {"mean": logs.mean(axis=0).tolist(), "spread": logs.std(axis=0).tolist()}
    saved["centres"] = [((logs[place] - saved["mean"]) / saved["spread"]).tolist() for place in (0, 60, 120)]
    model = ClusterModel.from_dict({name: value for name, value in saved.items() if name != "units"})
    assert model.units == (1, 1, 1)
    assert model.placed(buyers)[1][[0, 60, 120]] == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_frozen_model_scores_each_buyer_alone(three, planted):
    """Whoever else is in the data: with half of the buyers gone and strangers come, the others keep their labels."""
    data, search = three
    before = clusters(data, search).labels.astype(str)
    strangers = planted(40, seed=1).assign(customer_id=lambda table: "new" + table["customer_id"])
    strangers["monetary"] *= 50
    fewer = shop(known=pd.concat([data.customers.iloc[::2], strangers], ignore_index=True))
    after = clusters(fewer, search.model).labels.astype(str)
    both = before.index.intersection(after.index)
    assert len(both) > 90 and (after[both] == before[both]).all()


def test_a_scale_brings_features_to_mean_0_and_spread_1_and_back():
    values = pd.DataFrame({"orders": [1.0, 2, 9], "monetary": [-5.0, 0, 40], "none": [0.0, -1, 0]})
    scale = FeatureScale.of(values[["orders", "monetary"]], {"orders": "linear", "monetary": "log1p"})
    assert FeatureScale.of(values, dict.fromkeys(values, "log1p")).units == (1.1, 40, 1)
    values = values[["orders", "monetary"]]
    scaled = scale.scaled(values.to_numpy())
    assert scaled.mean(axis=0) == pytest.approx([0, 0], abs=1e-12) and scaled.std(axis=0) == pytest.approx([1, 1])
    back = scale.unscaled(scaled)
    assert back["orders"].tolist() == pytest.approx([1, 2, 9])
    assert back["monetary"].tolist() == pytest.approx([0, 0, 40], abs=1e-12)  # below zero counts as zero


def test_a_buyer_without_a_feature_has_no_place(three):
    data, search = three
    places, distances = search.model.placed(data.customers.head(3).assign(orders=[1.0, np.nan, 2]))
    assert places[1] == -1 and np.isnan(distances[1]) and places[0] >= 0 and distances[0] > 0
    assert search.model.lacking(data.customers.drop(columns="orders")) == ["orders"]
