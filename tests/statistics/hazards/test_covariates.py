from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.statistics.hazards import covariates
from helpers.statistics.hazards.covariates import undetermined

RNG = np.random.default_rng(4)
A, B, NOISE = RNG.normal(size=(3, 500))


def test_a_combination_of_earlier_columns_is_determined_and_the_earlier_ones_are_not():
    columns = np.column_stack([A, B, 3 * A - B + 7, A + NOISE])
    assert undetermined(columns, 1e-6).tolist() == [True, True, False, True]


def test_what_is_left_is_one_less_the_share_that_regression_explains():
    near = A + 0.3 * NOISE
    explained = np.corrcoef(A, near)[0, 1] ** 2
    columns = np.column_stack([A, near])
    assert undetermined(columns, 0.999 * (1 - explained)).tolist() == [True, True]
    assert undetermined(columns, 1.001 * (1 - explained)).tolist() == [True, False]


def test_a_column_left_out_is_not_held_against_later_ones():
    columns = np.column_stack([A, A + 0.1 * NOISE, NOISE])
    assert undetermined(columns, 0.1).tolist() == [True, False, True]


def test_a_constant_is_left_out():
    assert undetermined(np.column_stack([np.full(500, 2.0), A]), 1e-6).tolist() == [False, True]


def test_of_many_rows_all_count_however_few_are_looked_at_at_once(monkeypatch):
    columns = pd.DataFrame({"a": A, "b": B + 1e4, "ab": A - B, "nearly": A + 0.3 * NOISE})
    at_once = undetermined(columns, 0.05)
    monkeypatch.setattr(covariates, "AT_ONCE", 7)
    assert undetermined(columns, 0.05).tolist() == at_once.tolist() == [True, True, False, True]
