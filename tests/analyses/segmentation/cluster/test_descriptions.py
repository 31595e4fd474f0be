"""What clusters are called, and the rules of a short tree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.cluster.descriptions import centre_in_words, cluster_names, rules


def test_rules_find_what_their_fidelity_says():
    rng = np.random.default_rng(2)
    values = pd.DataFrame({"orders": rng.integers(1, 20, 1000), "monetary": rng.lognormal(4, 1, 1000)})
    places = np.where(values["orders"] > 6, 0, np.where(values["monetary"] > 55.5, 1, 2))
    places[:50] = 2
    lines, fidelities, fidelity = rules(values, places, 4, seed=1)
    assert lines[0] == "orders > 6" and lines[3] == ""
    assert lines[1].startswith("orders ≤ 6 and monetary > 5") and lines[2].startswith("orders ≤ 6 and monetary ≤ 5")
    limit = float(lines[1].rpartition(" ")[2])
    by_rules = np.where(values["orders"] > 6, 0, np.where(values["monetary"] > limit, 1, 2))
    assert fidelity == (by_rules == places).mean() < 1
    assert fidelities == [pytest.approx((by_rules == places)[places == place].mean()) for place in range(3)] + [0]


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


def test_a_centre_near_the_middle_is_middling_and_reads_with_its_values():
    centres = pd.DataFrame({"recency_days": [0.1, -2.0], "visits": [-0.2, 1.3]})
    names = cluster_names(centres, pd.DataFrame({"recency_days": [30.0, 2], "visits": [5.0, 20]}))
    assert names == ["Middling in everything", "Very recent, highest visits"]
    assert centre_in_words(pd.Series({"recency_days": 12.5, "orders": 3.0})) == "recency (days) 12.5, orders 3"
