"""All that is known of a data set, what to look at, and what is open."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.data import inspection, spans
from helpers.data.intake.readings.ids import NearMiss
from helpers.data.preparation.joins import Meeting

KEYS = {"title", "as_of", "day", "customers", "tables", "keys", "orders_without_customer", "orders_without_money", "shared_keys", "warnings", "open"}  # fmt: skip


def of_keys(found, *lines):
    """The same, with these findings about keys."""
    return replace(found, data=replace(found.data, keys=pd.DataFrame(lines, columns=found.data.keys.columns)))


@pytest.fixture(scope="module")
def found(data):
    return inspection.inspected(data)


def test_losses_and_customers_who_are_nowhere_call_for_a_look(found):
    told = found.warnings()
    assert told[0] == "orders: 16.7% of the rows are set aside, and 7.7% of the money"
    assert told[1] == "orders: 16.7% of the rows name no customer; their money is 5.00"
    assert "orders: 1 of 3 customers have no row in customers" in told


def test_numbers_that_may_stand_for_none_call_for_a_look_once_each(found):
    doubted = inspection.Reading("amount", "decimal comma", 60, 0, stand_ins=("-999", "-9999"))
    told = [each for each in replace(found, readings={"orders": [doubted, doubted]}).warnings() if "none" in each]
    assert [re.search(r"nulls = .*\]", line)[0] for line in told] == ['nulls = ["-999"]', 'nulls = ["-9999"]']


def test_a_table_that_stopped_and_a_day_far_from_the_rest_call_for_a_look(found):
    days = [("orders", day, "fact") for day in range(1, 9)] + [("events", day, "fact") for day in range(1, 31)]
    lines = [(table, "at", dt.date(2025, 1, day), 1, kind) for table, day, kind in days]
    lines.append(("events", "at", dt.date(2204, 1, 1), 2, "ignored"))
    dated = pd.DataFrame(lines, columns=["table", "column", "day", "rows", "kind"])
    as_of = dt.date(2025, 1, 30)
    data = SimpleNamespace(
        days=dated, spans=spans.spans(dated, as_of), as_of=as_of, settings=found.data.settings, keys=found.data.keys
    )
    told = replace(found, data=data).warnings()
    assert "orders end on 2025-01-08, 22 days before the report's day; they are usually at most 1 day apart" in told
    assert "events.at: 2 rows from 2204-01-01 on are far from the rest, and set no day" in told


def test_a_day_before_all_data_calls_for_a_look(found):
    early = replace(found.data, as_of=dt.date(2020, 1, 1))
    vars(early)["days"] = found.data.days
    told = replace(found, data=early).warnings()
    (line,) = [each for each in told if "nothing is known" in each]
    assert line.startswith("the data begin on 2024-01-01") and line not in found.warnings()


def test_keys_that_are_none_and_orders_without_money_call_for_a_look(found):
    told = of_keys(found, ("orders", "order_id", "customers", 2, 9), ("customers", "customer_id", "differing", 1, 9))
    assert told.warnings()[2:4] == [
        "orders: 2 of 9 order_id are on rows of several customers; each customer has one of their own",
        "customers: the rows of 1 of 9 customer_id say different things; of each column the first value counts",
    ]
    assert "orders: 4 without an amount, of their own or of lines" in replace(found, moneyless=4).warnings()
    assert not [line for line in found.warnings() if "order_id" in line or "amount" in line]


def test_lines_that_find_no_order_are_open_and_orders_that_are_lines_told(found):
    told = of_keys(found, ("order_items", "order_id", "unplaced", 2, 9), ("orders", "order_id", "lines", 3, 9))
    assert "lines of 2 of 9 shared order_id do not say which" in told.open()[0] and found.open() == []
    assert told.added_up()[0].startswith("orders: 3 of 9 order_id have several rows with other amounts")


def test_as_json_it_has_stable_keys(found):
    told = found.as_dict()
    assert told.keys() == KEYS and told["as_of"] == "2025-03-05" and told["day"]["set_by"] == ["orders.ordered_at"]
    orders = told["tables"]["orders"]
    assert orders.keys() == {
        "files",
        "found",
        "rows",
        "money",
        "first_day",
        "last_day",
        "mapped",
        "dropped",
        "as_of_export",
        "readings",
    }
    assert orders["files"] == ["orders.csv"] and orders["rows"]["used"] == 3
    assert orders["mapped"]["buyer"] == "customer_id" and orders["dropped"] == {
        "order_status": "orders.cancelled",
        "phone": "",
    }


def test_keys_that_only_their_spelling_keeps_apart_call_for_a_look(found):
    near = NearMiss("leading zeros", 2, ("99", "0099"))
    told = replace(found, meetings=[Meeting("orders", "customers", "customer_id", 9, 3, (near,))]).warnings()
    assert (
        "orders: 2 of its customer_id would be found in customers if leading zeros made no difference, "
        "such as 99 and 0099"
    ) in told


def test_rows_that_find_nothing_in_a_file_call_for_a_look_with_their_money(found):
    met = Meeting("order_items", "goods.csv", "product", 20, 3, (), 400, 40, 1000.0, 350.0, 1, 2, 4, looked_up=True)
    told = replace(found, meetings=[met]).warnings()
    assert (
        "order_items: 40 of 400 rows find nothing in goods.csv by product; their money is 350.00, 35.0% of all" in told
    )
    assert "goods.csv: 2 values of product stand on rows that differ; the first counts" in told
    assert "goods.csv: 4 lines do not split into the header's columns" in told
    few = replace(met, missing=0, rows_missing=0, money_missing=0.0, repeated=0, torn=0)
    assert not [line for line in replace(found, meetings=[few]).warnings() if "goods.csv" in line]
