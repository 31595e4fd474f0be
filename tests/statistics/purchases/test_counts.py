"""Purchase histories: grouped without loss, and refused where they cannot be true."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics.purchases.counts import distinct, grouped, histories, time_spans

HISTORIES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(4, 6)).map(lambda h: h if h[0] else (0, 0, h[2])),
    min_size=1,
)


@given(HISTORIES)
@settings(deadline=None)
def test_grouping_counts_every_history(rows):
    found = grouped(*np.array(rows).T)
    cells = dict(zip(zip(found.x, found.t_x, found.age, strict=True), found.counts, strict=True))
    assert cells == Counter(rows)
    assert found.customers == len(rows)


def test_cells_add_up_and_cells_of_nobody_are_left_out():
    found = grouped([1, 1, 0, 2], [3, 3, 0, 5], [9, 9, 9, 9], counts=[2, 5, 0, 1])
    assert found.x.tolist() == [1, 2]
    assert found.counts.tolist() == [7, 1]


def test_a_scalar_stands_for_every_row():
    x, t_x, age = histories([0, 2], [0, 4], 9)
    assert age.tolist() == [9, 9]
    assert (x.tolist(), t_x.tolist()) == ([0, 2], [0, 4])


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "counts", "message"),
    [
        ([-1], [0], [9], None, r"frequency = -1 \(row 0\): a whole number"),
        ([0, 1.5], [0, 3], [9, 9], None, r"frequency = 1.5 \(row 1\): a whole number"),
        ([1], [-3], [9], None, r"recency = -3 \(row 0\): at least 0"),
        ([1, 0], [3, 3], [9, 9], None, r"recency = 3 \(row 1\): 0 where frequency is 0"),
        ([1], [10], [9], None, r"recency = 10 \(row 0\): at most the age"),
        ([0], [0], [-1], None, r"recency = 0 \(row 0\): at most the age"),
        ([1], [np.nan], [9], None, r"recency = missing or infinite in 1 of 1 rows"),
        ([1, 1], [3, 3, 3], [9, 9], None, r"rows = .*: one of each for every customer"),
        ([1], [3], [9], [-2], r"counts = -2 in a row"),
        ([1], [3], [9], [1, 1], r"counts = 2 rows: as many as frequency \(1\)"),
        ([1], [3], [9], [0], r"frequency = 0 customers"),
        ([], [], [], None, r"frequency = 0 customers"),
    ],
)
def test_impossible_histories_are_refused_by_name(frequency, recency, age, counts, message):
    with pytest.raises(ValueError, match=message):
        grouped(frequency, recency, age, counts)


def test_spans_of_time_do_not_run_backwards():
    assert time_spans(3, "horizon").tolist() == [3]
    with pytest.raises(ValueError, match=r"horizon = -1 \(row 0\): a span of time is at least 0"):
        time_spans(-1, "horizon")


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0.0, 0.5, 7.25])), min_size=1))
@settings(deadline=None)
def test_distinct_rows_give_back_every_row(rows):
    columns = np.array(rows, dtype=float).T
    code, first = distinct(*columns)
    assert (columns[:, first][:, code] == columns).all()
    assert len(first) == len(set(rows))
