"""Pseudonyms are keyed, steady and drawn once; groups of few customers are shown as one that is large enough."""

import os
import stat

import ibis
import pandas as pd
import pytest

from helpers.data import privacy


def test_the_published_digest():
    """Known answer P2 of behaviour.md (RFC 4231, test case 2)."""
    told = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert privacy.digest("what do ya want for nothing?", b"Jefe") == told


def test_a_pseudonym_is_steady_under_one_key_and_another_under_another():
    assert privacy.pseudonyms(["C1", "C2", "C1"], b"k")[0] == privacy.pseudonyms(["C1"], b"k")[0]
    assert privacy.pseudonyms(["C1"], b"k") != privacy.pseudonyms(["C1"], b"other")
    assert privacy.pseudonyms(["C1"], b"k") == [privacy.digest("C1", b"k")[:10].upper()]


def test_the_key_is_drawn_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "new" / "pseudonym.key"
    first = privacy.own_key(path)
    assert len(first) == 32 and privacy.own_key(path) == first
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert privacy.own_key(tmp_path / "other.key") != first


def test_texts_of_few_customers_are_one_group_and_who_brought_whom_is_left_out():
    customers = pd.DataFrame({
        "customer_id": list("abcdefg"), "city": ["Rome"] * 5 + ["Ob", None], "referred_by": ["a"] * 7, "orders": range(7),
    })
    shown = privacy.published(customers)
    assert shown["city"].tolist()[:6] == ["Rome"] * 5 + [privacy.SMALL_GROUPS] and pd.isna(shown["city"][6])
    assert shown.columns.tolist() == ["customer_id", "city", "orders"]
    assert customers["city"][5] == "Ob"


@pytest.mark.parametrize(("text", "shown"), [
    ("2025-02-30 10:15", "2025-02-30 10:15"), ("-12.50", "-12.50"), ("101", "101"), ("", ""),
    ("待确认", "xxx"), ("13800138000", "00000000000"), ("C2632 treatment", "x0000 xxxxxxxxx"), ("a@b.cn", "x@x.xx"),
    ("11010119900307037X", "00000000000000000x"),
])
def test_what_could_name_somebody_is_shown_as_its_shape(text, shown):
    assert privacy.shape(text) == shown


@pytest.mark.parametrize(("sizes", "most", "shown"), [
    ({"b": 6, "a": 6, "c": 9}, None, ["c", "a", "b"]),  # of equals the first by name
    ({"a": 9, "b": 6, "c": 5}, 3, ["a", "b", "c"]),
    ({"a": 9, "b": 6, "c": 5}, 2, ["a"]),
    ({"a": 9, "b": 8, "c": 3, "d": 2}, None, ["a", "b"]),
    ({"a": 9, "b": 8, "c": 3, "d": 2}, 2, ["a"]),
    ({"a": 9, "b": 6, "c": 2}, None, ["a"]),  # 2 beside the known total would be told
    ({"a": 9, "c": 2}, None, []),
    ({"a": 4}, None, []),
    ({}, None, []),
])
def test_small_groups_are_one_group_that_is_large_enough_itself(sizes, most, shown):
    assert privacy.shown_groups(pd.Series(sizes, dtype=int), most) == shown


def test_a_group_may_have_to_be_larger_than_five():
    sizes = pd.Series({"a": 90, "b": 30, "c": 15, "d": 4})
    assert privacy.shown_groups(sizes, smallest=20) == ["a"]
    assert privacy.shown_groups(sizes, smallest=10) == ["a", "b"]


def test_each_customer_has_the_group_in_which_it_is_shown():
    values = pd.Series(["a"] * 9 + ["b"] * 6 + ["c"] * 2 + [None] * 7, index=range(24, 0, -1))
    found = privacy.folded_groups(values)
    assert found.tolist() == ["a"] * 9 + [privacy.SMALL_GROUPS] * 8 + [privacy.UNKNOWN] * 7
    assert list(found.cat.categories) == ["a", privacy.UNKNOWN, privacy.SMALL_GROUPS]
    assert found.index.equals(values.index)
    assert list(privacy.folded_groups(values.head(15)).cat.categories) == ["a", "b"]


def test_a_column_of_ordered_categories_or_of_numbers_is_folded_too():
    bands = pd.Series(pd.Categorical(["low"] * 2 + ["high"] * 9 + ["middle"] * 5, ["low", "middle", "high"], ordered=True))
    assert privacy.folded_groups(bands).value_counts().to_dict() == {"high": 9, privacy.SMALL_GROUPS: 7}
    assert list(privacy.folded_groups(pd.Series([1] * 5 + [2] * 6)).cat.categories) == [2, 1]


def test_groups_that_were_folded_before_join_the_fold():
    values = pd.Series(["a"] * 9 + ["b"] * 6 + ["c"] * 2 + [privacy.SMALL_GROUPS] * 7)
    found = privacy.folded_groups(values)
    assert list(found.cat.categories) == ["a", "b", privacy.SMALL_GROUPS] and found.value_counts()[privacy.SMALL_GROUPS] == 9
    assert list(privacy.folded_groups(values.drop([15, 16])).cat.categories) == ["a", "b", privacy.SMALL_GROUPS]


def rows_of(**customers):
    """Rows with the numbers of the customers that each group has, most groups many times."""
    rows = [(name or None, f"c{n}") for name, numbers in customers.items() for n in numbers]
    return ibis.memtable(pd.DataFrame(rows, columns=["group", "customer_id"]))


def sizes_of(rows):
    return rows.group.value_counts(name="rows").execute().set_index("group")["rows"].to_dict()


def test_rows_are_folded_by_their_customers_not_their_number():
    """b has 50 rows of 4 customers, and with those of c it has 6."""
    rows = rows_of(a=range(9), b=[n % 4 for n in range(50)], c=[7, 8], **{"": range(6)})
    found, names = privacy.folded_rows(rows, "group", 8)
    assert names == ["a", privacy.UNKNOWN, privacy.SMALL_GROUPS]
    assert sizes_of(found) == {"a": 9, privacy.SMALL_GROUPS: 52, privacy.UNKNOWN: 6}
    found, names = privacy.folded_rows(rows, "group", 2)
    assert names == ["a", privacy.SMALL_GROUPS] and sizes_of(found) == {"a": 9, privacy.SMALL_GROUPS: 58}


def test_the_same_customers_in_two_small_groups_of_rows_are_few_still():
    found, names = privacy.folded_rows(rows_of(a=range(9), b=range(6), c=range(4), d=range(4)), "group", 8)
    assert names == ["a", privacy.SMALL_GROUPS] and sizes_of(found) == {"a": 9, privacy.SMALL_GROUPS: 14}


def test_rows_of_large_groups_stay_as_they_are_and_rows_of_few_customers_are_all_one_group():
    found, names = privacy.folded_rows(rows_of(a=range(9), b=range(6)), "group", 2)
    assert names == ["a", "b"] and sizes_of(found) == {"a": 9, "b": 6}
    found, names = privacy.folded_rows(rows_of(a=range(3), b=range(4)), "group", 2)
    assert names == [privacy.SMALL_GROUPS] and sizes_of(found) == {privacy.SMALL_GROUPS: 7}
