"""Which rows name a key that another table does not have: a small shop counted by hand."""

from __future__ import annotations

from answers import words_of
from helpers.analyses.profiling.records.references import keys
from helpers.findings import NotApplicable
from shops import shop


def test_tables_that_name_no_other_have_no_keys():
    assert isinstance(keys(shop(order_items={"order_id": ["a"], "quantity": [1.0]})), NotApplicable)


def test_an_order_of_an_unknown_customer_does_not_join(exported):
    line = keys(exported).table.set_index("table").loc["orders"]
    counted = line[["rows_with_key", "without_match", "keys_without_match", "never_named"]].to_list()
    assert counted == [6, 1, 1, 7] and line["without_match_share"] == 1 / 6
    assert words_of(keys(exported)) == (
        "1 of 6 rows name a key that is not known, most of them in the orders. "
        "Rows without a match: 1, with 1 values of “Customer id”."
    )


def test_rows_without_a_key_refer_to_nothing_and_a_key_may_be_lost_many_times():
    tickets = {"ticket_id": ["t1", "t2", "t3", "t4"], "customer_id": ["a", None, "z", "z"], "days_ago": [1] * 4}
    line = keys(shop(customers={"customer_id": ["a", "b"]}, tickets=tickets)).table.iloc[0]
    counted = line[["rows_with_key", "without_match", "keys_without_match", "never_named"]].to_list()
    assert counted == [3, 2, 1, 1]
