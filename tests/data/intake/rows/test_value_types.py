"""Values that files bring in types of their own are taken as they are, in the types of the contract."""

import datetime as dt

import ibis
import pytest

from helpers.data import contracts
from helpers.data.intake.rows import value_types


@pytest.mark.parametrize(
    ("value", "type_", "read"),
    [
        (ibis.literal(5.5), contracts.NUMBER, 5.5),
        (ibis.literal(float("nan")), contracts.NUMBER, None),
        (ibis.literal(float("inf")), contracts.NUMBER, None),
        (ibis.literal(5.0), contracts.INTEGER, 5),
        (ibis.literal(5.5), contracts.INTEGER, None),
        (ibis.literal(6.5e23), contracts.INTEGER, None),
        (ibis.literal(True), contracts.FLAG, True),
        (ibis.literal(dt.date(2024, 1, 5)), contracts.TIME, dt.datetime(2024, 1, 5)),
        (
            ibis.literal(dt.datetime(2024, 1, 5, 10)).cast("timestamp('UTC')"),
            contracts.TIME,
            dt.datetime(2024, 1, 5, 18),
        ),
        (ibis.literal(5), contracts.ID, "5"),
    ],
)
def test_a_value_that_has_its_type_needs_no_reading(value, type_, read):
    found = ibis.duckdb.connect().execute(value_types.native(value, value.cast("string"), type_, "Asia/Shanghai"))
    assert (None if found is None or found != found else found) == read


def test_columns_that_a_table_lacks_are_empty_but_those_that_reading_uses_up_and_few_sources_have():
    table = ibis.memtable({"order_id": ["1"]})
    names = value_types.completed(table, contracts.TABLES["orders"]).columns
    assert {"amount", "paid_at"} <= set(names) and not {"currency", "rate", "discount"} & set(names)
