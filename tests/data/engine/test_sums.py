"""Sums of money are the same whatever the order of the rows, and what a decimal says."""

from decimal import Decimal

import ibis
import numpy as np
import pandas as pd

from helpers.data import engine


def summed(values, **more):
    table = engine.from_frame(engine.connect(), pd.DataFrame({"money": values, **more}))
    return table, lambda **given: engine.total(table.money, **given).execute()


def test_a_sum_is_that_of_decimals_in_any_order():
    cents = np.random.default_rng(1).integers(-(10**9), 10**9, 20_000)
    expected = float(sum(map(Decimal, map(int, cents)), Decimal(0)) / 100)
    assert {summed(order / 100)[1]() for order in (cents, cents[::-1], np.sort(cents))} == {expected}
    assert len({float(np.cumsum(order / 100)[-1]) for order in (cents, np.sort(cents))}) == 2  # floats differ


def test_missing_values_are_passed_over_and_no_rows_have_no_sum():
    table, total = summed([0.1, None, 0.2], kept=[True, True, False])
    assert (total(), total(where=table.kept)) == (0.3, 0.1)
    assert pd.isna(total(where=ibis.literal(False)))


def test_large_money_is_summed_too():
    assert summed([1e15, 0.01, -1e15])[1]() == 0.01
