"""An answer about a data set is asked for once, and never taken for that of another."""

from __future__ import annotations

from helpers.data.remembered import once
from shops import shop


def test_each_data_set_is_asked_once_and_a_part_of_it_for_itself():
    asked: list[str] = []

    @once
    def orders(data):
        """How many orders there are."""
        asked.append(data.name)
        return int(data.tables["orders"].count().execute())

    whole = shop(orders={"customer_id": [f"c{n}" for n in range(30)] * 2, "days_ago": range(60)})
    part = whole.where(whole.customers["customer_id"] < "c2")
    assert [orders(whole), orders(whole), len(asked)] == [60, 60, 1]
    assert orders(part) < 60 and len(asked) == 2
    assert orders(whole) == 60 and len(asked) == 2
    assert orders.__doc__ == "How many orders there are."


def test_an_answer_about_one_thing_is_not_taken_for_that_about_another():
    @once
    def longest(data, about, least=0):
        return max(least, *map(len, about))

    data, words = shop(orders={"customer_id": ["c1"], "days_ago": [1]}), ("one", "three")
    assert [longest(data, words), longest(data, ("to",)), longest(data, words, least=9)] == [5, 2, 9]
