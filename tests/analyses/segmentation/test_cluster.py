"""What the parts of the cluster room have in common: without buyers none has an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.segmentation.cluster.drift import cluster_drift
from helpers.analyses.segmentation.cluster.fit import fitted_model
from helpers.analyses.segmentation.cluster.matching import rematched
from helpers.analyses.segmentation.cluster.model import FeatureScale
from helpers.analyses.segmentation.cluster.search import clusters, fitted_clusters
from helpers.findings import NotApplicable
from shops import shop


def test_without_buyers_the_answer_is_not_applicable():
    values = pd.DataFrame({"recency_days": np.arange(1.0, 41), "orders": 1.0 + np.arange(40) % 7})
    scale = FeatureScale.of(values, dict.fromkeys(values, "linear"))
    centres = scale.scaled(np.array([[10.0, 2], [30, 5]]))
    model = fitted_model(values, np.arange(40), scale, centres, seed=1, fitted_on="2025-06-30")
    known = values.assign(customer_id=[f"c{n}" for n in range(40)], monetary=5.0)
    few = shop(known=known.head(19))
    answers = [
        fitted_clusters(few),
        clusters(few, fitted_clusters(few)),
        clusters(few, model),
        cluster_drift(few, model),
        rematched(model, model, few),
    ]
    assert all(isinstance(answer, NotApplicable) and "19 customers" in words_of(answer) for answer in answers)
    assert not isinstance(clusters(shop(known=known), model), NotApplicable)
