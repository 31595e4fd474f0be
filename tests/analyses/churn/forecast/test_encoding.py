"""Features as covariates: learned from some rows, the same for all others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.encoding import learned, matrix


def test_what_is_learned_from_some_rows_is_the_same_for_all_others():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "amount": rng.lognormal(3, 2, 400),
            "score": rng.normal(0, 1, 400),
            "plan": rng.choice(["a", "b"], 400),
            "same": 1.0,
        }
    ).assign(twice=lambda frame: 2 * frame["score"] + 1)
    table.loc[:9, "score"] = np.nan
    known, columns = learned(table, pd.Series(rng.random(400) < 0.5))
    assert [each.feature for each in known] == ["plan", "amount", "score"]
    pd.testing.assert_frame_equal(matrix(known, table.iloc[:7]), columns.iloc[:7])
    np.testing.assert_allclose(columns["amount"], np.log2(1 + table["amount"] / table["amount"].min()))
    assert columns.loc[0, "score"] == pytest.approx(table["score"].mean())
    beyond = table.head(2).assign(amount=[0.0, 1e9], score=[-99.0, 99.0])
    ends = columns[["amount", "score"]].agg(["min", "max"])
    np.testing.assert_allclose(matrix(known, beyond)[["amount", "score"]], ends)


def test_many_zeros_count_for_themselves():
    """No active day at all is more than one active day less."""
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"active_days": np.where(rng.random(300) < 0.4, 0, rng.integers(1, 20, 300)).astype(float)})
    known, columns = learned(table, pd.Series(rng.random(300) < 0.5))
    assert [(each.none, each.least) for each in known] == [(False, 1), (True, 0)]
    assert (columns["active_days: none"] == (table["active_days"] == 0)).all()


@pytest.mark.parametrize("unit", [1e4, 1e-4])
def test_the_unit_of_money_does_not_count(unit):
    rng = np.random.default_rng(7)
    table, events = pd.DataFrame({"amount": rng.lognormal(3, 2, 300).round(2)}), pd.Series(rng.random(300) < 0.5)
    _, columns = learned(table, events)
    known, others = learned(table * unit, events)
    np.testing.assert_allclose(others, columns)
    np.testing.assert_allclose(matrix(known, table * unit), columns)


@pytest.mark.filterwarnings("error")
def test_a_number_that_nobody_has_is_no_covariate():
    known, columns = learned(pd.DataFrame({"score": [np.nan] * 30}), pd.Series([True, False] * 15))
    assert (known, columns.shape) == ([], (30, 0))


def test_a_value_that_hardly_anybody_has_is_no_covariate():
    table = pd.DataFrame({"plan": ["a"] * 200 + ["b"] * 80 + ["c"] * 9})
    known, _ = learned(table, pd.Series(np.arange(289) % 2 == 0))
    assert [each.value for each in known] == ["b"]
