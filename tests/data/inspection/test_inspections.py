"""All that is known of a data set, what to look at, and what is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.data import inspection
from helpers.data.inspection.keys import Meeting, Shared
from helpers.data.intake.readings.ids import NearMiss

KEYS = {"title", "as_of", "as_of_set_by", "customers", "tables", "keys", "orders_without_customer", "shared_order_ids", "warnings", "open"}  # fmt: skip


@pytest.fixture
def found(data):
    return inspection.inspected(data)


def test_losses_and_customers_who_are_nowhere_call_for_a_look(found):
    told = found.warnings()
    assert told[0] == "orders: 33.3% of the rows are set aside, and 36.8% of the money"
    assert told[1] == "orders: 16.7% of the rows name no customer; their money is 5.00"
    assert "orders: 1 of 3 customers have no row in customers" in told


def test_a_table_that_stopped_calls_for_a_look(found):
    assert "customers: its last row is of 2024-06-01, long before the report's day" in found.warnings()


def test_what_reading_cannot_mend_yet_is_open(found):
    assert found.open() == ["orders: 1 rows repeat an order_id and are set aside; map lines as order_items"]
    assert "of 9 ids 2 are on lines of several customers" in replace(found, shared=Shared(9, 2, 0)).open()[0]
    assert replace(found, shared=Shared(9, 0, 0)).open() == found.open()


def test_as_json_it_has_stable_keys(found):
    told = found.as_dict()
    assert told.keys() == KEYS and told["as_of"] == "2025-03-05" and told["as_of_set_by"] == "orders"
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
