"""An effect is told in points of a share, else in the metric's own unit."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.experiments.effect.sizes import amount, limits, size, told


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("proportion", ["+4.8 points", "11.9%", "2.6 to 7.0"]),
        ("mean", ["+0.0479", "0.119", "0.0260 to 0.0698"]),
    ],
)
def test_an_effect_is_told_in_its_unit(kind, words):
    row = pd.Series({"kind": kind, "effect": 0.0479, "lower": 0.026, "upper": 0.0698})
    facts = told(row, "95%")
    assert [str(facts["effect"]), str(amount(0.119, kind)), str(facts["interval"])] == words
    assert str(size(row.effect, kind)) == words[0] and str(limits(row.lower, row.upper, kind)) == words[2]
    assert str(facts["level"]) == "95%"
