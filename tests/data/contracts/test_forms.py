"""What a table says of itself."""

from helpers.data.contracts import TABLES


def test_a_key_is_shareable_where_its_rows_name_customers_by_another_column():
    assert {name for name, table in TABLES.items() if table.shareable} == {"orders", "tickets"}


def test_a_table_knows_its_columns_and_those_that_a_source_must_have():
    consents = TABLES["consents"]
    assert consents.column("given").type == "flag" and consents.column("opted_in") is None
    assert consents.required == ("customer_id", "channel", "asked_at")
