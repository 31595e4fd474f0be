"""Rows as texts."""

import pandas as pd

from helpers.data.synthetic.clock import NEVER
from helpers.data.synthetic.files import cells


def test_numbers_are_written_as_an_export_has_them():
    assert cells.customer_ids([0, 11]) == ["C0001", "C0012"] and cells.order_ids([4]) == ["O00005"]
    assert cells.minutes(pd.Series([NEVER, 1_441])) == ["", "2024-01-02 00:01"]
    assert cells.days(pd.Series([NEVER, 31])) == ["", "2024-02-01"]
    assert cells.money([NEVER, 1_205]) == ["", "12.05"] and cells.known([1, 2], [True, False]) == ["1", ""]


def test_strays_stand_evenly_among_the_rows():
    assert cells.spread(10, 2).tolist() == [2, 7]
    assert cells.among([("a",), ("b",), ("c",), ("d",)], [("x",), ("y",)]) == [(each,) for each in "abxcdy"]
