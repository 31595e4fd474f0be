"""Folding of groups that are too small to show, or too many."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helpers.analyses.profiling_portrait import (
    NOT_RECORDED,
    OTHERS,
    folded,
)
from helpers.data.privacy import SMALL_GROUPS


def test_small_groups_become_one():
    shown = folded(pd.Series({"a": 20, "b": 4, "c": 3, "d": 9}))
    assert shown.to_dict() == {"a": 20, "d": 9, SMALL_GROUPS: 7}


def test_a_single_small_group_takes_the_next_larger_one_with_it():
    shown = folded(pd.Series({"a": 20, "b": 2, "c": 6}))
    assert shown.to_dict() == {"a": 20, SMALL_GROUPS: 8}


def test_groups_past_the_most_become_other_values_but_gaps_keep_their_name():
    shown = folded(pd.Series({"a": 20, "b": 8, "c": 7, NOT_RECORDED: 6}), most=1)
    assert shown.to_dict() == {"a": 20, OTHERS: 15, NOT_RECORDED: 6}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30))
def test_nobody_is_lost_and_no_group_under_five_is_shown(sizes):
    counts = pd.Series(sizes, [f"g{place}" for place in range(len(sizes))])
    shown = folded(counts)
    assert shown.sum() == counts.sum()
    assert shown.min() >= min(5, counts.sum())
    assert len(shown) <= 14
