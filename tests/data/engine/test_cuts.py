"""A number that is the cut but for its last digits is not above it."""

import math

import ibis
import pandas as pd

from helpers.data import engine

CUT = 7.65


def found(values: list[float], cut: float) -> list[bool]:
    rows = ibis.memtable(pd.DataFrame({"value": values}))
    return rows.mutate(below=engine.up_to(rows.value, cut)).execute()["below"].to_list()


def test_the_cut_itself_is_not_above_it_however_it_was_added_up():
    assert found([3 * 2.55, CUT, math.nextafter(CUT, 8), 7.66], CUT) == [True, True, True, False]


def test_a_cut_below_zero_and_one_that_is_zero_are_made_alike():
    assert found([-7.66, -CUT * (1 - 1e-12), -7.64], -CUT) == [True, True, False]
    assert found([-0.01, 0.0, 0.01], 0.0) == [True, True, False]


def test_cuts_may_be_a_column():
    rows = ibis.memtable(pd.DataFrame({"value": [2.0, 2.0], "cut": [1.0, 2.0]}))
    told = rows.mutate(below=engine.up_to(rows.value, rows.cut)).order_by("cut").execute()
    assert told["below"].to_list() == [False, True]
