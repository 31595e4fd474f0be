"""As what columns were read, and where values could not be."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from answers import words_of
from helpers import language
from helpers.analyses.profiling.records.column_readings import ColumnReadings, column_readings
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop


def read(*lines: tuple) -> Dataset:
    """A shop of which these readings are known: table, column, told, values, unreadable, stand_ins."""
    names = ["table", "column", "told", "values", "unreadable", "stand_ins"]
    orders = {"order_id": ["1"], "customer_id": ["a"], "days_ago": [1]}
    return replace(shop(orders=orders), readings=pd.DataFrame(list(lines), columns=names))


def test_what_is_not_written_plainly_is_told_with_what_could_not_be_read():
    found = column_readings(
        read(("orders", "amount", "decimal comma, €", 9, 2, []), ("orders", "order_id", "", 9, 0, []))
    )
    assert isinstance(found, ColumnReadings)
    assert words_of(found) == (
        "2 values could not be read, most of them in “Amount” of the orders. "
        "1 of 2 columns are not written plainly, and read by what all of their values show. "
        "“Amount” of the orders: decimal comma, €."
    )
    assert found.summary()["column"].to_list() == ["amount"]
    with language.spoken("zh"):
        assert found.summary()["reading"].to_list() == ["小数逗号, €"]
    assert found.plot().get_title() is not None


def test_numbers_that_may_stand_for_none_are_told_beside_the_reading_and_saved_apart():
    found = column_readings(
        read(("orders", "amount", "€", 9, 0, ["€ -999", "€ -9999"]), ("orders", "tax", "", 9, 0, ["-99"]))
    )
    assert found.table["stand_ins"].to_list() == ["€ -999; € -9999", "-99"]
    assert found.summary()["reading"].to_list() == [
        "€, € -999 may stand for none, € -9999 may stand for none", "-99 may stand for none",
    ]  # fmt: skip


def test_plain_columns_are_said_to_be_so():
    found = column_readings(read(("orders", "order_id", "", 9, 0, [])))
    assert words_of(found) == (
        "Every value could be read in 1 columns with times, numbers, flags or keys. All of them are written plainly."
    )


def test_texts_of_the_data_that_a_reading_quotes_stay_off_the_page():
    found = column_readings(read(("surveys", "score", "out of 5, 'call me, 139' and 'no' have no number", 9, 2, [])))
    assert found.table["reading"].to_list() == ["out of 5"]


def test_files_with_types_of_their_own_need_no_reading():
    assert isinstance(column_readings(read()), NotApplicable)
