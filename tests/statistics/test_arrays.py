"""The checks that estimators share: what passes comes out in one form, what does not is named with its remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.arrays import codes, event_flags, finite_numbers, same_length


@pytest.mark.parametrize("values", [[1, 2], (1.0, 2.0), np.array([1, 2], "int8"), pd.Series([1, 2]), ["1", "2"]])
def test_numbers_of_any_kind_become_floats(values):
    numbers = finite_numbers(values, "price")
    assert numbers.dtype == float
    assert numbers.tolist() == [1, 2]


def test_numbers_that_were_given_stay_as_they_are():
    given = np.array([3.0, 4.0])
    finite_numbers(given, "price")
    assert given.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a", "b"], r"^price = \['a', 'b'\]: numbers are needed\. Convert the column first\.$"),
        ([[1.0, 2.0]], r"^price = array of shape \(1, 2\): one number a row is needed"),
        (3.0, r"^price = array of shape \(\): one number a row"),
        ([1.0, np.nan, np.inf, 2.0], r"^price = missing or infinite in 2 of 4 rows: finite numbers are needed"),
    ],
)
def test_what_is_no_vector_of_finite_numbers_is_refused_by_name(values, message):
    with pytest.raises(ValueError, match=message):
        finite_numbers(values, "price")


@pytest.mark.parametrize("events", [[True, False], [1, 0], [1.0, 0.0], pd.Series([True, False])])
def test_events_become_whole_zeros_and_ones(events):
    flags = event_flags(events)
    assert flags.dtype == np.int64
    assert flags.tolist() == [1, 0]


@pytest.mark.parametrize(("events", "shown"), [([0, 1, 2], "2"), ([0.5], "0.5"), ([1, -1], "-1")])
def test_an_event_that_is_neither_one_nor_zero_is_refused(events, shown):
    with pytest.raises(ValueError, match=rf"^events = {shown}: write 1 for an event and 0 for censored"):
        event_flags(events)


def test_codes_go_by_the_sorted_labels_and_give_each_row_its_label_back():
    names = ["web", "app", "shop", "app"]
    code, labels = codes(names, "groups", 4)
    assert labels.tolist() == ["app", "shop", "web"]
    assert code.dtype == np.int64
    assert labels[code].tolist() == names


def test_categories_keep_their_order_and_those_of_no_row_have_no_code():
    levels = pd.Categorical(["low", "high", "low"], ["low", "middle", "high"], ordered=True)
    code, labels = codes(levels, "groups", 3)
    assert labels.tolist() == ["low", "high"]
    assert code.tolist() == [0, 1, 0]


def test_without_groups_all_rows_are_one():
    code, labels = codes(None, "groups", 3)
    assert code.tolist() == [0, 0, 0]
    assert labels.tolist() == ["all"]


def test_a_row_without_a_group_is_refused():
    with pytest.raises(ValueError, match=r"^strata = missing in 2 of 3 rows: every row needs one"):
        codes(["a", None, np.nan], "strata", 3)


def test_rows_of_another_number_are_refused_and_others_handed_back_as_they_are():
    given = np.arange(3)
    assert same_length(given, "entry", 3) is given
    with pytest.raises(ValueError, match=r"^entry = 3 rows: as many as durations \(4\)"):
        same_length(given, "entry", 4)
    with pytest.raises(ValueError, match=r"^groups = 2 rows"):
        codes(["a", "b"], "groups", 3)
