"""The facts by which customers are there, and conditions on them."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.profiling.engagement.facts import facts, meets, most_telling
from helpers.data.intake.wording.schema import Policy
from helpers.findings import NotApplicable
from shops import shop, words

ORDERS = {
    "order_id": ["1", "2", "3"],
    "customer_id": ["a", "b", None],
    "cancelled": [True, None, False],
    "days_ago": [1] * 3,
}


@pytest.mark.parametrize(("policy", "who"), [("net", ["b"]), ("drop", ["b"]), ("keep", ["a", "b"])])
def test_orders_count_as_the_policy_on_cancellations_says_and_only_with_a_customer(policy, who):
    data = shop(orders=ORDERS, settings=words(policy=Policy(cancellations=policy)))
    assert sorted(facts(data, "orders").execute()["customer_id"]) == who


def test_what_a_data_set_lacks_is_said_and_a_table_without_facts_is_refused():
    data = shop(orders=ORDERS | {"customer_id": [None] * 3})
    assert str(facts(data, "events").reason) == "this data set has no events."
    assert str(facts(data, "orders").reason) == "none of the orders names a customer."
    with pytest.raises(ValueError, match="table = 'customers': choose one of orders, events"):
        facts(data, "customers")


def test_events_tell_most_then_orders():
    events = pd.DataFrame({"customer_id": ["a"], "event": ["x"], "days_ago": [1]})
    both, orders, neither = (
        shop(orders=ORDERS, events=events),
        shop(orders=ORDERS),
        shop(customers={"customer_id": ["a"]}),
    )
    assert [most_telling(data) for data in (both, orders, neither)] == ["events", "orders", ""]
    assert isinstance(facts(neither, "orders"), NotApplicable)


def test_a_row_meets_a_condition_whose_every_column_has_one_of_the_values():
    rows = facts(shop(orders=ORDERS | {"channel": ["app", None, "web"], "customer_id": ["a", "b", "c"]}), "orders")
    for condition, who in (
        ({}, ["b", "c"]), ({"channel": ["app", "web"]}, ["c"]), ({"channel": "web", "customer_id": "b"}, []),
    ):  # fmt: skip
        assert sorted(rows.filter(meets(rows, condition, "starts")).execute()["customer_id"]) == who
    with pytest.raises(ValueError, match="column of starts = 'chanel'.*Did you mean 'channel'"):
        meets(rows, {"chanel": "web"}, "starts")
