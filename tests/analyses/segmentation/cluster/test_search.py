"""How many clusters there are: a known truth, a cloud without any, and what is asked of features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from answers import words_of
from helpers.analyses.segmentation.cluster.search import NOT_CLUSTERED, clusters, fitted_clusters
from helpers.analyses.segmentation.vocabulary import STRUCTURE
from shops import shop


def kinds(labels: pd.Series) -> pd.Series:
    """The planted kind of each buyer."""
    return labels.index.to_series().str.rstrip("0123456789")


def test_planted_clusters_are_recovered_named_and_told_apart_by_rules(three):
    data, search = three
    assert search.chosen == 3 and "a strong structure" in words_of(search) and "all 180 buyers." in words_of(search)
    groups = clusters(data, search)
    labels = groups.labels.astype(str)
    labels = labels[~labels.index.str.startswith("idle")]
    assert adjusted_rand_score(kinds(labels), labels) == 1
    by_kind = labels.str.lower().groupby(kinds(labels)).first()
    assert "orders" in by_kind["regular"] and "quiet" in by_kind["lapsed"] and "low" in by_kind["small"]
    assert search.model.fidelity == 1 and all("(fidelity 100%)" in rule for rule in search.model.rules)
    assert len(set(search.model.names)) == 3 and not any("luster" in name for name in search.model.names)
    assert groups.labels.astype(str).str.startswith("No completed order").sum() == 5


def test_another_seed_finds_the_same_groups(three):
    data, search = three
    again = fitted_clusters(data, seed=2)
    assert adjusted_rand_score(search.model.placed(data.customers)[0], again.model.placed(data.customers)[0]) == 1


def test_one_cloud_has_no_stable_structure_and_no_clusters():
    tastes = np.random.default_rng(3).lognormal(1, 1, (300, 3))
    customers = pd.DataFrame(np.expm1(np.log(tastes) + 5), columns=["recency_days", "taste", "monetary"])
    data = shop(known=customers.assign(customer_id=[f"c{n}" for n in range(300)], orders=1))
    search = fitted_clusters(data, ["recency_days", "taste", "monetary"])
    assert search.chosen == 0 and words_of(search).startswith("Buyers do not fall into groups by themselves")
    assert "no stable structure" in words_of(clusters(data, search))
    assert "stable" not in set(search.table["verdict"])


def test_features_transforms_and_limits_are_checked(three, planted):
    data, _ = three
    with pytest.raises(ValueError, match="features = 'monetry'.*Did you mean 'monetary'"):
        fitted_clusters(data, ["monetry"])
    with pytest.raises(ValueError, match="features.orders = 'log'.*log1p"):
        fitted_clusters(data, {"orders": "log"})
    with pytest.raises(ValueError, match="min_share"):
        fitted_clusters(data, min_share=0.6)
    with pytest.raises(ValueError, match="cap"):
        fitted_clusters(data, cap=9)
    alike = shop(known=planted().assign(orders=1))
    assert "by Orders there are 1 different buyers" in words_of(fitted_clusters(alike, ["orders"]))


def test_a_feature_that_is_the_same_for_all_once_transformed_is_left_out(planted):
    owing = planted().assign(
        monetary=lambda known: -1.0 - np.arange(len(known)), refunds=lambda known: -known["monetary"]
    )
    assert fitted_clusters(shop(known=owing), ["orders", "recency_days", "monetary"]).model.features == (
        "orders",
        "recency_days",
    )
    assert "there are 1 different buyers" in words_of(fitted_clusters(shop(known=owing), ["monetary"]))


def test_labels_are_those_of_the_nearest_centre_by_a_slow_loop(three):
    data, search = three
    model, labels = search.model, clusters(data, search).labels
    for row in data.customers[data.customers["orders"] > 0].iloc[::7].to_dict("records"):
        at = [
            (np.log1p(row[feature] / unit) - mean) / spread
            for feature, unit, mean, spread in zip(model.features, model.units, model.mean, model.spread, strict=True)
        ]
        apart = [sum((x - c) ** 2 for x, c in zip(at, centre, strict=True)) for centre in model.centres]
        assert labels[row["customer_id"]] == model.names[int(np.argmin(apart))]


def test_buyers_without_a_feature_are_not_clustered(three):
    data, search = three
    gaps = data.customers.copy()
    gaps.loc[:6, "monetary"] = np.nan
    labels = clusters(shop(known=gaps), search).labels
    assert (labels == NOT_CLUSTERED).sum() == 7
    refit = fitted_clusters(shop(known=gaps))
    assert refit.buyers == 173


def test_facts_do_not_change_with_the_order_of_rows_nor_the_snapshot_at_all(three):
    data, search = three
    before = data.customers.copy(deep=True)
    shuffled = shop(known=data.customers.sample(frac=1, random_state=1, ignore_index=True))
    again = fitted_clusters(shuffled)
    assert again.model == search.model
    pd.testing.assert_frame_equal(again.table, search.table, check_exact=True)
    pd.testing.assert_frame_equal(data.customers, before)


def test_the_figure_shows_both_measures_and_the_limit(three):
    _, search = three
    lines = {line.get_label(): line.get_ydata().tolist() for line in search.plot().lines}
    assert lines["mean silhouette"] == search.table["silhouette"].tolist()
    assert lines["worst cluster's Jaccard"] == search.table["worst_jaccard"].tolist()
    assert lines["stable from 0.75"] == [0.75] * 7


def test_every_verdict_has_words(three):
    assert set(three[1].table["verdict"]) <= set(STRUCTURE.words)
