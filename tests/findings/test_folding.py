"""Groups of few customers are shown as one that is large enough."""

import ibis
import pandas as pd
import pytest

from helpers.findings import folding


@pytest.mark.parametrize(
    ("sizes", "most", "shown"),
    [
        ({"b": 6, "a": 6, "c": 9}, None, ["c", "a", "b"]),  # of equals the first by name
        ({"a": 9, "b": 6, "c": 5}, 3, ["a", "b", "c"]),
        ({"a": 9, "b": 6, "c": 5}, 2, ["a"]),
        ({"a": 9, "b": 8, "c": 3, "d": 2}, None, ["a", "b"]),
        ({"a": 9, "b": 8, "c": 3, "d": 2}, 2, ["a"]),
        ({"a": 9, "b": 6, "c": 2}, None, ["a"]),  # 2 beside the known total would be told
        ({"a": 9, "c": 2}, None, []),
        ({"a": 4}, None, []),
        ({}, None, []),
    ],
)
def test_small_groups_are_one_group_that_is_large_enough_itself(sizes, most, shown):
    assert folding.shown_groups(pd.Series(sizes, dtype=int), most) == shown


def test_a_group_has_members_who_are_not_counted_in_it():
    everybody = pd.Series(["a"] * 9 + ["b"] * 6 + ["c"] * 2 + [None] * 7)
    assert folding.wholes(everybody, ["a", folding.UNKNOWN, folding.SMALL_GROUPS]).tolist() == [9, 7, 8]


def test_a_group_may_have_to_be_larger_than_five():
    sizes = pd.Series({"a": 90, "b": 30, "c": 15, "d": 4})
    assert folding.shown_groups(sizes, smallest=20) == ["a"]
    assert folding.shown_groups(sizes, smallest=10) == ["a", "b"]


def test_each_customer_has_the_group_in_which_it_is_shown():
    values = pd.Series(["a"] * 9 + ["b"] * 6 + ["c"] * 2 + [None] * 7, index=range(24, 0, -1))
    found = folding.folded_groups(values)
    assert found.tolist() == ["a"] * 9 + [folding.SMALL_GROUPS] * 8 + [folding.UNKNOWN] * 7
    assert list(found.cat.categories) == ["a", folding.UNKNOWN, folding.SMALL_GROUPS]
    assert found.index.equals(values.index)
    assert list(folding.folded_groups(values.head(15)).cat.categories) == ["a", "b"]


def test_a_column_of_ordered_categories_or_of_numbers_is_folded_too():
    bands = pd.Series(
        pd.Categorical(["low"] * 2 + ["high"] * 9 + ["middle"] * 5, ["low", "middle", "high"], ordered=True)
    )
    assert folding.folded_groups(bands).value_counts().to_dict() == {"high": 9, folding.SMALL_GROUPS: 7}
    assert list(folding.folded_groups(pd.Series([1] * 5 + [2] * 6)).cat.categories) == [2, 1]


def test_groups_that_were_folded_before_join_the_fold():
    values = pd.Series(["a"] * 9 + ["b"] * 6 + ["c"] * 2 + [folding.SMALL_GROUPS] * 7)
    found = folding.folded_groups(values)
    assert (
        list(found.cat.categories) == ["a", "b", folding.SMALL_GROUPS]
        and found.value_counts()[folding.SMALL_GROUPS] == 9
    )
    assert list(folding.folded_groups(values.drop([15, 16])).cat.categories) == ["a", "b", folding.SMALL_GROUPS]


def rows_of(**customers):
    """Rows with the numbers of the customers that each group has, most groups many times."""
    rows = [(name or None, f"c{n}") for name, numbers in customers.items() for n in numbers]
    return ibis.memtable(pd.DataFrame(rows, columns=["group", "customer_id"]))


def sizes_of(rows):
    return rows.group.value_counts(name="rows").execute().set_index("group")["rows"].to_dict()


def test_values_that_stand_for_many_are_folded_as_so_many_rows():
    values, counts = pd.Series(["a", None, "b", "c"]), pd.Series([12, 3, 11, 8])
    rows = folding.folded_groups(values.repeat(counts).reset_index(drop=True))
    found = folding.folded_groups(values, counts=counts)
    assert found.repeat(counts).tolist() == rows.tolist()
    assert list(found.cat.categories) == list(rows.cat.categories) == ["a", "b", folding.SMALL_GROUPS]


def test_rows_are_folded_by_their_customers_not_their_number():
    """b has 50 rows of 4 customers, and with those of c it has 6."""
    rows = rows_of(a=range(9), b=[n % 4 for n in range(50)], c=[7, 8], **{"": range(6)})
    found, names = folding.folded_rows(rows, "group", 8)
    assert names == ["a", folding.UNKNOWN, folding.SMALL_GROUPS]
    assert sizes_of(found) == {"a": 9, folding.SMALL_GROUPS: 52, folding.UNKNOWN: 6}
    found, names = folding.folded_rows(rows, "group", 2)
    assert names == ["a", folding.SMALL_GROUPS] and sizes_of(found) == {"a": 9, folding.SMALL_GROUPS: 58}


def test_the_same_customers_in_two_small_groups_of_rows_are_few_still():
    found, names = folding.folded_rows(rows_of(a=range(9), b=range(6), c=range(4), d=range(4)), "group", 8)
    assert names == ["a", folding.SMALL_GROUPS] and sizes_of(found) == {"a": 9, folding.SMALL_GROUPS: 14}


def test_rows_of_large_groups_stay_as_they_are_and_rows_of_few_customers_are_all_one_group():
    found, names = folding.folded_rows(rows_of(a=range(9), b=range(6)), "group", 2)
    assert names == ["a", "b"] and sizes_of(found) == {"a": 9, "b": 6}
    found, names = folding.folded_rows(rows_of(a=range(3), b=range(4)), "group", 2)
    assert names == [folding.SMALL_GROUPS] and sizes_of(found) == {folding.SMALL_GROUPS: 7}
