"""Clusters with a known truth, the frozen model that keeps them, drift away from it, and refits that keep names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses.segmentation.cluster.drift import KEEP, REFIT, cluster_drift
from helpers.analyses.segmentation.cluster.matching import rematched
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import NOT_CLUSTERED, ClusterSearch, clusters, fitted_clusters
from helpers.analyses.segmentation.cluster.descriptions import cluster_names, rules
from helpers.data import datasets
from helpers.findings import NotApplicable

AS_OF = dt.date(2025, 6, 30)
PLAN = {"regular": (3, 20, 2000), "lapsed": (300, 2, 6000), "small": (40, 1, 5)}  # recency, orders, money


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A data set whose snapshot the tests replace."""
    folder = tmp_path_factory.mktemp("data") / "shop"
    folder.mkdir()
    orders = pd.DataFrame({"order_id": ["a", "b"], "customer_id": ["x", "y"], "ordered_at": str(AS_OF), "amount": 5.0})
    orders.to_csv(folder / "orders.csv", index=False)
    (folder / "dataset.toml").write_text('currency = "CNY"\n[tables.orders]\nfile = "orders.csv"\n', encoding="utf-8")
    return datasets.open(folder, AS_OF, prepared=folder.parent / "prepared")


def shop(opened, customers: pd.DataFrame):
    data = dataclasses.replace(opened)
    vars(data)["customers"] = customers
    return data


def planted(each: int = 60, seed: int = 8) -> pd.DataFrame:
    """Three kinds of buyers, named in their ids, and five customers without an order."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(list(PLAN), each)
    recency, orders, money = np.array([PLAN[kind] for kind in kinds]).T
    buyers = pd.DataFrame(
        {
            "customer_id": [f"{kind}{place}" for place, kind in enumerate(kinds)],
            "recency_days": (recency * rng.uniform(1, 1.3, len(kinds))).astype(int),
            "orders": orders,
            "monetary": (money * rng.uniform(0.8, 1.25, len(kinds))).round(2),
        }
    )
    idle = pd.DataFrame({"customer_id": [f"idle{n}" for n in range(5)], "orders": 0, "monetary": 0.0})
    return pd.concat([buyers, idle], ignore_index=True)


@pytest.fixture(scope="module")
def three(opened):
    data = shop(opened, planted())
    return data, fitted_clusters(data)


def kinds(labels: pd.Series) -> pd.Series:
    """The planted kind of each buyer."""
    return labels.index.to_series().str.rstrip("0123456789")


def test_planted_clusters_are_recovered_named_and_told_apart_by_rules(three):
    data, search = three
    assert search.chosen == 3 and "a strong structure" in search.headline() and "all 180 buyers" in search.headline()
    found = clusters(data, search)
    labels = found.labels.astype(str)
    labels = labels[~labels.index.str.startswith("idle")]
    assert adjusted_rand_score(kinds(labels), labels) == 1
    by_kind = labels.str.lower().groupby(kinds(labels)).first()
    assert "orders" in by_kind["regular"] and "quiet" in by_kind["lapsed"] and "low" in by_kind["small"]
    assert search.model.fidelity == 1 and all("(fidelity 100%)" in rule for rule in search.model.rules)
    assert len(set(search.model.names)) == 3 and not any("luster" in name for name in search.model.names)
    assert found.labels.astype(str).str.startswith("No completed order").sum() == 5


def test_another_seed_finds_the_same_groups(three):
    data, search = three
    again = fitted_clusters(data, seed=2)
    assert adjusted_rand_score(search.model.placed(data.customers)[0], again.model.placed(data.customers)[0]) == 1


def test_one_cloud_has_no_stable_structure_and_no_clusters(opened):
    tastes = np.random.default_rng(3).lognormal(1, 1, (300, 3))
    customers = pd.DataFrame(np.expm1(np.log(tastes) + 5), columns=["recency_days", "taste", "monetary"])
    data = shop(opened, customers.assign(customer_id=[f"c{n}" for n in range(300)], orders=1))
    search = fitted_clusters(data, ["recency_days", "taste", "monetary"])
    assert search.chosen == 0 and search.headline().startswith("No stable structure among all 300 buyers")
    assert "no stable structure" in clusters(data, search).headline()
    assert "stable" not in set(search.summary()["verdict"])


def test_features_transforms_and_limits_are_checked(three, opened):
    data, _ = three
    with pytest.raises(ValueError, match="features = 'monetry'.*Did you mean 'monetary'"):
        fitted_clusters(data, ["monetry"])
    with pytest.raises(ValueError, match="features.orders = 'log'.*log1p"):
        fitted_clusters(data, {"orders": "log"})
    with pytest.raises(ValueError, match="min_share"):
        fitted_clusters(data, min_share=0.6)
    with pytest.raises(ValueError, match="cap"):
        fitted_clusters(data, cap=9)
    alike = shop(opened, planted().assign(orders=1))
    assert "by orders there are 1 different buyers" in fitted_clusters(alike, ["orders"]).headline()


def test_a_linear_feature_is_scaled_as_it_is(three):
    data, _ = three
    model = fitted_clusters(data, {"recency_days": "linear", "monetary": "log1p"}).model
    buyers = data.customers[data.customers["orders"] > 0]
    assert model.mean[0] == pytest.approx(buyers["recency_days"].mean())
    assert model.mean[1] == pytest.approx(np.log1p(buyers["monetary"]).mean())
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


def test_a_frozen_model_scores_each_buyer_alone(three, opened):
    """Whoever else is in the data: with half of the buyers gone and strangers come, the others keep their labels."""
    data, search = three
    before = clusters(data, search).labels.astype(str)
    strangers = planted(40, seed=1).assign(customer_id=lambda table: "new" + table["customer_id"])
    strangers["monetary"] *= 50
    fewer = shop(opened, pd.concat([data.customers.iloc[::2], strangers], ignore_index=True))
    after = clusters(fewer, search.model).labels.astype(str)
    both = before.index.intersection(after.index)
    assert len(both) > 90 and (after[both] == before[both]).all()


def test_labels_are_those_of_the_nearest_centre_by_a_slow_loop(three):
    data, search = three
    model, labels = search.model, clusters(data, search).labels
    for row in data.customers[data.customers["orders"] > 0].iloc[::7].to_dict("records"):
        at = [
            (np.log1p(row[feature]) - mean) / spread
            for feature, mean, spread in zip(model.features, model.mean, model.spread, strict=True)
        ]
        apart = [sum((x - c) ** 2 for x, c in zip(at, centre, strict=True)) for centre in model.centres]
        assert labels[row["customer_id"]] == model.names[int(np.argmin(apart))]


def test_buyers_without_a_feature_are_not_clustered_and_a_lost_column_is_said(three, opened):
    data, search = three
    gaps = data.customers.copy()
    gaps.loc[:6, "monetary"] = np.nan
    labels = clusters(shop(opened, gaps), search).labels
    assert (labels == NOT_CLUSTERED).sum() == 7
    refit = fitted_clusters(shop(opened, gaps))
    assert refit.buyers == 173
    lost = shop(opened, data.customers.rename(columns={"recency_days": "days"}))
    assert "needs recency_days" in cluster_drift(lost, search.model).headline()


def test_facts_do_not_change_with_the_order_of_rows_nor_the_snapshot_at_all(three, opened):
    data, search = three
    before = data.customers.copy(deep=True)
    shuffled = shop(opened, data.customers.sample(frac=1, random_state=1, ignore_index=True))
    again = fitted_clusters(shuffled)
    assert again.model == search.model
    pd.testing.assert_frame_equal(again.search, search.search, check_exact=True)
    pd.testing.assert_frame_equal(data.customers, before)


def test_rules_find_what_their_fidelity_says():
    rng = np.random.default_rng(2)
    values = pd.DataFrame({"orders": rng.integers(1, 20, 1000), "monetary": rng.lognormal(4, 1, 1000)})
    places = np.where(values["orders"] > 6, 0, np.where(values["monetary"] > 55.5, 1, 2))
    places[:50] = 2
    lines, found, fidelity = rules(values, places, 4, seed=1)
    assert lines[0] == "orders > 6" and lines[3] == ""
    assert lines[1].startswith("orders ≤ 6 and monetary > 5") and lines[2].startswith("orders ≤ 6 and monetary ≤ 5")
    limit = float(lines[1].rpartition(" ")[2])
    said = np.where(values["orders"] > 6, 0, np.where(values["monetary"] > limit, 1, 2))
    assert fidelity == (said == places).mean() < 1
    assert found == [pytest.approx((said == places)[places == place].mean()) for place in range(3)] + [0]


def test_alike_centres_get_different_names():
    centres = pd.DataFrame({"recency_days": [0.1, 0.2, -2.0], "orders": [1.3, 2.6, 0.0]})
    typical = pd.DataFrame({"recency_days": [30.0, 33.0, 2.0], "orders": [6.0, 18.0, 2.0]})
    assert cluster_names(centres, typical) == [
        "Most orders, orders about 6",
        "Most orders, orders about 18",
        "Very recent",
    ]
    close = typical.assign(orders=[6.00001, 6.00002, 2.0])
    assert len(set(cluster_names(centres, close))) == 3


def test_nothing_has_drifted_on_the_day_of_the_fit(three):
    data, search = three
    drift = cluster_drift(data, search.model)
    assert drift.verdict == KEEP and drift.features["stability_index"].tolist() == [0, 0, 0]
    assert drift.far_share == pytest.approx(0.01, abs=0.01) and drift.mean_distance == drift.fitted_mean_distance
    assert drift.headline().startswith("The cluster model still fits")


def test_drift_is_seen_in_the_feature_that_moved(three, opened):
    data, search = three
    older = shop(opened, data.customers.assign(recency_days=data.customers["recency_days"] * 2))
    drift = cluster_drift(older, search.model)
    verdicts = drift.features.set_index("feature")["verdict"]
    assert verdicts["recency_days"] == REFIT == drift.verdict and verdicts["monetary"] == KEEP
    assert drift.mean_distance > drift.fitted_mean_distance and drift.headline().startswith(
        "The buyers have moved away"
    )
    assert drift.summary().iloc[0]["now"] == drift.features["stability_index"].iloc[0] > 0.25


def test_strangers_far_from_every_centre_call_for_a_refit(three, opened):
    data, search = three
    far = (
        planted(5, seed=2)
        .query("orders > 0")
        .assign(customer_id=lambda table: "far" + table["customer_id"], orders=900, monetary=1e6)
    )
    drift = cluster_drift(shop(opened, pd.concat([data.customers, far], ignore_index=True)), search.model)
    assert drift.far_share == pytest.approx(17 / 195, abs=0.006) and drift.verdict == REFIT


def test_few_buyers_differ_by_chance_and_seldom_call_for_a_refit(three, opened):
    data, search = three
    buyers = data.customers[data.customers["orders"] > 0]
    drifts = [cluster_drift(shop(opened, buyers.sample(24, random_state=seed)), search.model) for seed in range(30)]
    assert sum((drift.features["stability_index"] > 0.25).any() for drift in drifts) > 10
    assert sum(drift.verdict == REFIT for drift in drifts) <= 2


def test_ids_and_names_outlive_a_refit_whatever_the_new_numbers(three):
    data, search = three
    old = dataclasses.replace(search.model, ids=(4, 7, 9), next_id=10, names=("A", "B", "C"))
    turned = [2, 0, 1]
    new = dataclasses.replace(search.model, centres=tuple(search.model.centres[place] for place in turned))
    found = rematched(old, new, data)
    assert found.model.ids == (9, 4, 7) and found.model.names == ("C", "A", "B") and found.model.next_id == 10
    assert found.kept_share == 1 == found.adjusted_rand and "100% of 180 customers keep" in found.headline()


def test_a_new_cluster_gets_an_id_that_was_never_used_and_a_name_of_its_own(three):
    """The small cluster is split; the old model has used ids up to 11, of which two are long gone."""
    data, search = three
    model = search.model
    old = dataclasses.replace(model, ids=(2, 5, 8), next_id=12)
    small = model.names.index(
        next(name for name in model.names if "lowest" in name.lower() or "low spend" in name.lower())
    )
    centre = np.array(model.centres[small])
    away = tuple((centre + [0.02, 0, 0]).tolist())
    new = dataclasses.replace(
        model,
        centres=(*model.centres, away),
        ids=(1, 2, 3, 4),
        next_id=5,
        names=(*model.names, model.names[small]),
        rules=(*model.rules, "x"),
        fitted_on="2025-09-30",
    )
    found = rematched(old, new, data)
    kept = [place for place in range(4) if found.model.ids[place] < 12]
    assert set(found.model.ids) - {12} <= {2, 5, 8} and len(kept) == 3 and found.model.next_id == 13
    fresh = found.model.ids.index(12)
    assert len(set(found.model.names)) == 4 and "since 2025-09-30" in found.model.names[fresh]
    again = rematched(found.model, new, data)
    assert again.model.ids == found.model.ids and again.model.next_id == 13
    back = rematched(found.model, old, data)
    assert 12 not in back.model.ids and back.model.next_id == 13  # an id that is gone is not given again


def test_clusters_that_dissolve_are_new(three):
    data, search = three
    model = search.model
    one = dataclasses.replace(
        model, centres=model.centres[:1], ids=(1,), next_id=2, names=("All",), rules=("everyone",)
    )
    found = rematched(one, model, data)
    assert found.model.ids == (2, 3, 4) and found.kept_share == 0 and found.adjusted_rand == 0
    table = found.summary()
    assert table["kept"].sum() == 0 and table["cluster_id"].dropna().tolist() == [2, 3, 4]


def test_figures_show_what_the_tables_hold(three, opened):
    data, search = three
    lines = {line.get_label(): line.get_ydata().tolist() for line in search.plot().lines}
    assert lines["mean silhouette"] == search.search["silhouette"].tolist()
    assert lines["worst cluster's Jaccard"] == search.search["worst_jaccard"].tolist()
    assert lines["stable from 0.75"] == [0.75] * 7
    drift = cluster_drift(shop(opened, data.customers.assign(recency_days=5)), search.model)
    widths = [bar.get_width() for bar in drift.plot().patches]
    assert widths == drift.features["stability_index"].tolist()
    found = rematched(search.model, search.model, data)
    assert [bar.get_width() for bar in found.plot().patches] == [1, 1, 1]


def test_without_buyers_the_answer_is_not_applicable(three, opened):
    few = shop(opened, three[0].customers.head(19))
    model = three[1].model
    answers = [
        fitted_clusters(few),
        clusters(few, fitted_clusters(few)),
        clusters(few, model),
        cluster_drift(few, model),
        rematched(model, model, few),
    ]
    assert all(isinstance(answer, NotApplicable) and "19 customers" in answer.headline() for answer in answers)
    assert isinstance(three[1], ClusterSearch)
