"""All that is known of a data set, what to look at, and what is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.data import inspection, spans
from helpers.data.inspection.keys import Shared
from helpers.data.intake.readings.ids import NearMiss
from helpers.data.joins import Meeting

KEYS = {"title", "as_of", "day", "customers", "tables", "keys", "orders_without_customer", "shared_order_ids", "warnings", "open"}  # fmt: skip


@pytest.fixture
def found(data):
    return inspection.inspected(data)


def test_losses_and_customers_who_are_nowhere_call_for_a_look(found):
    told = found.warnings()
    assert told[0] == "orders: 33.3% of the rows are set aside, and 36.8% of the money"
    assert told[1] == "orders: 16.7% of the rows name no customer; their money is 5.00"
    assert "orders: 1 of 3 customers have no row in customers" in told


def test_a_table_that_stopped_and_a_day_far_from_the_rest_call_for_a_look(found):
    days = [("orders", day, "fact") for day in range(1, 9)] + [("events", day, "fact") for day in range(1, 31)]
    lines = [(table, "at", dt.date(2025, 1, day), 1, kind) for table, day, kind in days]
    lines.append(("events", "at", dt.date(2204, 1, 1), 2, "ignored"))
    dated = pd.DataFrame(lines, columns=["table", "column", "day", "rows", "kind"])
    as_of = dt.date(2025, 1, 30)
    data = SimpleNamespace(days=dated, spans=spans.spans(dated, as_of), as_of=as_of, settings=found.data.settings)
    told = replace(found, data=data).warnings()
    assert "orders end on 2025-01-08, 22 days before the report's day; they are usually at most 1 day apart" in told
    assert "events.at: 2 rows from 2204-01-01 on are far from the rest, and set no day" in told


def test_what_reading_cannot_mend_yet_is_open(found):
    assert found.open() == ["orders: 1 rows repeat an order_id and are set aside; map lines as order_items"]
    assert "of 9 ids 2 are on lines of several customers" in replace(found, shared=Shared(9, 2, 0)).open()[0]
    assert replace(found, shared=Shared(9, 0, 0)).open() == found.open()


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
        "readings",
    }
    assert orders["files"] == ["orders.csv"] and orders["rows"]["used"] == 3
    assert orders["mapped"]["buyer"] == "customer_id" and orders["dropped"] == {"order_status": "", "phone": ""}


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
