from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helpers.statistics.effects.moments import Moments, total

numbers = st.floats(-1e3, 1e3)
tables = st.integers(0, 12).flatmap(lambda n: arrays.arrays(float, (n, 2), elements=numbers))


def of(rows: np.ndarray) -> Moments:
    return Moments.of(pd.DataFrame(rows, columns=["spend", "orders"]))


def assert_close(left: Moments, right: Moments, rtol: float = 1e-9, atol: float = 1e-6) -> None:
    assert (left.n, left.columns) == (right.n, right.columns)
    np.testing.assert_allclose(left.means, right.means, rtol=rtol, atol=atol)
    np.testing.assert_allclose(left.scatter, right.scatter, rtol=rtol, atol=atol)


def test_moments_of_rows_are_those_of_numpy():
    rows = np.random.default_rng(1).gamma(2, 3, (50, 2))
    moments = of(rows)
    assert moments.n == 50
    np.testing.assert_allclose(moments.means, rows.mean(axis=0))
    np.testing.assert_allclose(moments.variances, rows.var(axis=0, ddof=1))
    np.testing.assert_allclose(moments.covariances, np.cov(rows, rowvar=False))


@settings(deadline=None)
@given(tables, tables)
def test_adding_moments_equals_pooling_rows(first, second):
    assert_close(of(first) + of(second), of(np.vstack([first, second])))


def test_the_sum_of_many_cells_is_the_whole():
    rows = np.random.default_rng(2).normal(5, 2, (400, 2))
    assert_close(total(of(cell) for cell in np.split(rows, [1, 30, 30, 250])), of(rows))


def test_adding_keeps_digits_when_the_mean_dwarfs_the_spread():
    rows = np.random.default_rng(3).normal(1e9, 1, (1000, 2))
    whole = total(of(cell) for cell in np.split(rows, 10))
    np.testing.assert_allclose(whole.variances, (rows - 1e9).var(axis=0, ddof=1), rtol=1e-6)


def test_what_an_engine_aggregates_gives_the_moments_of_the_rows():
    rows = pd.DataFrame(np.random.default_rng(4).gamma(2, 3, (60, 2)), columns=["spend", "orders"])
    handed_in = Moments.from_variances(
        len(rows), dict(rows.mean()), dict(rows.var()), {("orders", "spend"): rows["spend"].cov(rows["orders"])}
    )
    assert_close(handed_in, Moments.of(rows))


def test_sums_give_the_moments_of_the_rows():
    rows = pd.DataFrame(np.random.default_rng(5).gamma(2, 3, (60, 2)), columns=["spend", "orders"])
    products = {("spend", "orders"): (rows["spend"] * rows["orders"]).sum()}
    assert_close(Moments.from_sums(60, dict(rows.sum()), dict((rows**2).sum()), products), Moments.of(rows))


def test_sums_of_a_constant_column_have_no_variance_despite_rounding():
    value, n = 0.1, 7
    moments = Moments.from_sums(n, {"price": sum([value] * n)}, {"price": n * value**2})
    assert 0 <= moments.variances[0] < 1e-15


def test_a_cell_of_one_row_or_none_accepts_the_nulls_of_the_engine():
    one = Moments.from_variances(1, {"spend": 4.0}, {"spend": None})
    empty = Moments.from_variances(0, {"spend": None}, {"spend": None})
    assert np.isnan(one.variances[0]) and np.isnan(empty.means[0])
    assert one + empty == one and empty + one == one
    both = one + Moments.of({"spend": [6.0]})
    assert (both.means[0], both.variances[0]) == (5.0, 2.0)


def test_a_missing_value_is_refused_so_that_n_follows_the_metric():
    with pytest.raises(ValueError, match="spend = missing or infinite: .*n follows the metric"):
        Moments.of({"orders": [1, 2], "spend": [1.0, None]})
    with pytest.raises(ValueError, match="missing"):
        Moments.of(pd.DataFrame({"spend": pd.array([1, None], dtype="Int64")}))
    with pytest.raises(ValueError, match="missing"):
        Moments.from_variances(5, {"spend": 1.0}, {"spend": None})


def test_selected_columns_come_in_the_order_asked_for():
    rows = pd.DataFrame(np.random.default_rng(6).normal(size=(9, 3)), columns=["a", "b", "c"])
    assert_close(Moments.of(rows).select("c", "a"), Moments.of(rows[["c", "a"]]))
    with pytest.raises(ValueError, match="column = 'd': not among a, b, c"):
        Moments.of(rows).select("d")


def test_moments_are_values_that_compare_and_cannot_change():
    moments = Moments.of({"visit": [0, 1, 1]})
    assert moments == Moments.of({"visit": [0, 1, 1]})
    assert moments != Moments.of({"visit": [0, 1, 0]})
    with pytest.raises(ValueError, match="read-only"):
        moments.means[0] = 3


def test_the_arrays_handed_in_stay_writable_and_apart():
    means = np.array([1.0])
    moments = Moments(2, ("spend",), means, np.array([[0.5]]))
    means[0] = 9
    assert moments.means[0] == 1


def test_moments_of_other_columns_do_not_add():
    with pytest.raises(ValueError, match="columns = orders: moments of spend add only"):
        Moments.of({"spend": [1, 2]}) + Moments.of({"orders": [1, 2]})
    with pytest.raises(TypeError):
        Moments.of({"spend": [1, 2]}) + 1


@pytest.mark.parametrize(
    ("n", "variance", "message"),
    [(-1, 1.0, "n = -1"), (2.5, 1.0, "n = 2.5"), (3, -1.0, "spend: variance below 0")],
)
def test_impossible_aggregates_are_refused(n, variance, message):
    with pytest.raises(ValueError, match=message):
        Moments.from_variances(n, {"spend": 1.0}, {"spend": variance})


def test_sums_of_squares_below_the_possible_are_refused():
    with pytest.raises(ValueError, match="variance below 0"):
        Moments.from_sums(2, {"spend": 10.0}, {"spend": 40.0})


def test_a_pair_without_covariance_is_refused():
    with pytest.raises(ValueError, match="a and b: no covariance"):
        Moments.from_variances(3, {"a": 1, "b": 1}, {"a": 1, "b": 1})
