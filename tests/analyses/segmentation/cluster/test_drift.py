"""Whether buyers still look like those of the fit: what moved is seen, and what chance moves is not."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.cluster.drift import Verdict, cluster_drift
from helpers.analyses.segmentation.vocabulary import DRIFT
from shops import shop


def test_nothing_has_drifted_on_the_day_of_the_fit(three):
    data, search = three
    drift = cluster_drift(data, search.model)
    assert drift.verdict == Verdict.KEEP and drift.table["stability_index"].tolist() == [0, 0, 0]
    assert drift.far_share == pytest.approx(0.01, abs=0.01) and drift.mean_distance == drift.fitted_mean_distance
    assert words_of(drift).startswith("The cluster model still fits")


def test_drift_is_seen_in_the_feature_that_moved(three):
    data, search = three
    older = shop(known=data.customers.assign(recency_days=data.customers["recency_days"] * 2))
    drift = cluster_drift(older, search.model)
    verdicts = drift.table.set_index("feature")["drift"]
    assert verdicts["recency_days"] == Verdict.REFIT == drift.verdict and verdicts["monetary"] == Verdict.KEEP
    assert drift.mean_distance > drift.fitted_mean_distance and words_of(drift).startswith("The buyers have moved away")
    assert drift.summary().iloc[0]["now"] == drift.table["stability_index"].iloc[0] > 0.25


def test_strangers_far_from_every_centre_call_for_a_refit(three, planted):
    data, search = three
    far = (
        planted(5, seed=2)
        .query("orders > 0")
        .assign(customer_id=lambda table: "far" + table["customer_id"], orders=900, monetary=1e6)
    )
    drift = cluster_drift(shop(known=pd.concat([data.customers, far], ignore_index=True)), search.model)
    assert drift.far_share == pytest.approx(17 / 195, abs=0.006) and drift.verdict == Verdict.REFIT


def test_few_buyers_differ_by_chance_and_seldom_call_for_a_refit(three):
    data, search = three
    buyers = data.customers[data.customers["orders"] > 0]
    drifts = [cluster_drift(shop(known=buyers.sample(24, random_state=seed)), search.model) for seed in range(30)]
    assert sum((drift.table["stability_index"] > 0.25).any() for drift in drifts) > 10
    assert sum(drift.verdict == Verdict.REFIT for drift in drifts) <= 2


def test_bars_are_the_stability_indices(three):
    data, search = three
    drift = cluster_drift(shop(known=data.customers.assign(recency_days=5)), search.model)
    assert [bar.get_width() for bar in drift.plot().patches] == drift.table["stability_index"].tolist()


def test_every_verdict_has_words_and_nothing_else_but_none():
    assert set(DRIFT.words) == {*Verdict, ""}


def test_a_lost_column_is_said(three):
    data, search = three
    lost = shop(known=data.customers.rename(columns={"recency_days": "days"}))
    assert "needs Recency (days)," in words_of(cluster_drift(lost, search.model))
