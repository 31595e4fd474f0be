"""Numbers that stand for something else: each planted case is found, prices and single orders are not."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analyses.profiling.records.suspicions import Pattern


@pytest.mark.parametrize(("value", "rows"), [(-1.0, 6), (99_999.0, 6), (5_000.0, 12)])
def test_a_repeated_number_far_from_all_others_is_a_sentinel(clean_orders, suspicious, value, rows):
    table = clean_orders.copy()
    table.loc[: rows - 1, "amount"] = value
    assert suspicious(orders=table) == {("orders", "amount", Pattern.SENTINEL): rows}


def test_one_large_order_and_a_short_list_of_prices_are_no_sentinels(clean_orders, suspicious):
    table = clean_orders.copy()
    table.loc[0, "amount"] = 99_999.0
    assert suspicious(orders=table) == {}
    assert suspicious(orders=clean_orders.assign(amount=np.tile([39.0, 99.0, 999.0], 400))) == {}


def test_999_among_ages_of_a_household_is_a_sentinel_but_not_99_among_prices(clean_orders, clean_customers, suspicious):
    people = clean_customers.assign(household=np.tile([1.0, 2.0, 3.0, 4.0], 250))
    people.loc[:19, "household"] = 999.0
    assert suspicious(customers=people) == {("customers", "household", Pattern.SENTINEL): 20}
    table = clean_orders.copy()
    table["amount"] = np.where(np.arange(1200) % 10 == 0, 99.0, 1 + np.arange(1200) % 20)
    assert suspicious(orders=table) == {}


def test_impossible_ages_and_a_year_filled_in_by_habit_are_told_apart(clean_customers, suspicious):
    """118 years before the report is the age that a form leaves when nobody is asked."""
    people = clean_customers.copy()
    people.loc[:29, "birth_year"] = 1907
    people.loc[30:32, "birth_year"] = 2031
    people.loc[33:232, "birth_year"] = 1970
    assert suspicious(customers=people) == {
        ("customers", "birth_year", Pattern.IMPOSSIBLE_AGE): 33,
        ("customers", "birth_year", Pattern.USUAL_YEAR): int((people["birth_year"] == 1970).sum()),
    }


def test_an_impossible_year_of_fewer_than_five_customers_is_not_shown(clean_customers, looked_through):
    people = clean_customers.copy()
    people.loc[:2, "birth_year"] = 1903
    lines = looked_through(customers=people).table
    assert lines["rows_concerned"].to_list() == [3] and "1903" not in lines.to_csv()


def test_a_year_as_frequent_as_its_neighbours_is_no_habit(clean_customers, suspicious):
    """Two years in one: 1970 has as many as 1971, so neither was filled in."""
    people = clean_customers.copy()
    people.loc[:199, "birth_year"] = 1970
    people.loc[200:399, "birth_year"] = 1971
    assert suspicious(customers=people) == {}
