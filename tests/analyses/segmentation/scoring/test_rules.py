"""Rules of a data set's own: what settings may say, and how a rule reads."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.segmentation.scoring.rfm import OTHERS, RfmCuts, named
from helpers.analyses.segmentation.scoring.rules import Rule, rules_from


def test_rules_are_read_from_settings_and_a_dimension_left_out_asks_for_nothing():
    rules = rules_from(
        {"VIP": {"recency": [4, 5], "frequency": [3, 5], "monetary": [4, 5]}, "Fresh": {"recency": [5, 5]}}
    )
    assert rules["VIP"] == Rule((4, 5), (3, 5), (4, 5)) and str(rules["VIP"]) == "R4–5 F3–5 M4–5"
    assert str(rules["Fresh"]) == "R5" and str(Rule()) == "any scores"
    cells = pd.DataFrame({"r_score": [5, 5, 4], "f_score": [5, 1, 1], "m_score": [5, 5, 5]})
    cuts = RfmCuts((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))
    assert named(cells, cuts, rules).tolist() == ["VIP", "Fresh", OTHERS]


@pytest.mark.parametrize(
    "words, rule",
    [
        ({}, "name at least one segment"),
        ({OTHERS: {"recency": [1, 5]}}, "none 'Others"),
        ({"VIP": {"recensy": [4, 5]}}, "rules.VIP = 'recensy'.*Did you mean 'recency'"),
        ({"VIP": {"recency": [5, 4]}}, "rules.VIP.recency = .*lowest and the highest"),
        ({"VIP": {"recency": [0, 5]}}, "rules.VIP.recency"),
        ({"VIP": {"recency": 5}}, "rules.VIP.recency"),
        ({"VIP": {"recency": [1.5, 5]}}, "rules.VIP.recency"),
    ],
)
def test_rules_that_cannot_be_are_refused(words, rule):
    with pytest.raises(ValueError, match=rule):
        rules_from(words)
