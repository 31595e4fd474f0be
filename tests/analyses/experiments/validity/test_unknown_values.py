"""What a missing value means, and arms that leave out unequally, are told."""

from __future__ import annotations

import numpy as np

from answers import words_of
from helpers.analyses import experiments
from shops import metric


def test_where_no_value_is_missing_there_is_no_table_of_them(two_arms, assigned):
    answer = experiments.missing_values(experiments.read(assigned(two_arms(20, 20), metric("bought", "proportion"))))
    assert words_of(answer).startswith("Cannot be told: no metric lacks a value")


def test_arms_that_leave_out_unequally_are_named(two_arms, assigned):
    rows = two_arms(1000, 1000)
    rows.loc[:299, "bought"] = np.nan
    trials = experiments.read(assigned(rows, metric("bought", "proportion", missing="not eligible")))
    missing = experiments.missing_values(trials)
    assert missing.table["a_missing_value"].tolist() == ["not eligible"] * 2
    assert missing.table["missing_share"].tolist() == [0.3, 0]
    assert "In test the arms lose customers of bought unequally" in words_of(missing)
