"""What customers do, in bands, and what they prefer, counted by customer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.profiling.people.behaviour import behaviour, preferences
from helpers.analyses.profiling.people.groups import NOT_RECORDED, portrait
from helpers.findings.folding import SMALL_GROUPS
from shops import shop


def test_behaviour_preferences_and_needs_are_counted_by_customer(tea):
    groups = portrait(tea).table.set_index(["aspect", "field", "field_value"])["customers"].sort_index()
    assert groups["behaviour", "Orders"].to_dict() == {"1": 30, "2": 30}
    assert groups["behaviour", "Last order"].to_dict() == {"91–180 days ago": 60}
    assert groups["behaviour", "Spend"].to_dict() == {"10 to under 100": 30, "200 and over": 30}
    assert groups["preferences", "Main category"].to_dict() == {"coffee": 30, "tea": 30}
    assert groups["preferences", "Time of orders"].to_dict() == {"morning (6–12)": 30, "night (0–6)": 30}
    assert groups["needs", "Main need"].to_dict() == {SMALL_GROUPS: 12, NOT_RECORDED: 48}  # 9, 1, 1 and 1 customers


def test_orders_dated_by_day_tell_no_time_of_day(tea):
    orders = tea.tables["orders"]
    dated = shop(**tea.tables | {"orders": orders.mutate(ordered_at=orders.ordered_at.truncate("D"))})
    assert "time_of_orders" not in preferences(dated) and "main_order_channel" in preferences(dated)


def test_bands_end_where_their_names_say():
    days, counts = [30, 31, 90, 91, 365, 366, None], [1, 2, 3, 5, 6, 11, 0]
    people = pd.DataFrame({"customer_id": list("abcdefg"), "recency_days": days, "orders": counts})
    bands = behaviour(shop(known=people.assign(monetary=[1.0, 2, 3, 4, 5, 6, 0])))
    assert bands["last_order"].to_list()[:6] == [
        "within 30 days", "31–90 days ago", "31–90 days ago", "91–180 days ago", "181–365 days ago", "over a year ago",
    ]  # fmt: skip
    assert bands["orders"].to_list() == ["1", "2", "3–5", "3–5", "6–10", "over 10", "none"]
    assert pd.isna(bands["last_order"].iloc[6]) and pd.isna(bands["spend"].iloc[6])


def test_spend_is_cut_at_the_quartiles_of_buyers_rounded_to_two_digits():
    spent = np.arange(1, 101) * 12.5  # quartiles 321.9, 631.3, 940.6
    people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(100)], "recency_days": 1.0, "orders": 1})
    spend = behaviour(shop(known=people.assign(monetary=spent)))["spend"]
    assert list(spend.cat.categories) == ["under 320", "320 to under 630", "630 to under 940", "940 and over"]
    assert spend.value_counts(sort=False).to_list() == [25, 25, 25, 25]


def test_of_values_that_are_as_frequent_the_first_by_name_counts():
    orders = {"order_id": list("wxyz"), "customer_id": list("aaab"), "amount": 1.0, "days_ago": [1, 2, 3, 4]}
    data = shop(orders=orders | {"channel": ["web", "app", None, None]})
    mains = preferences(data)["main_order_channel"].set_axis(data.customers["customer_id"])
    assert mains["a"] == "app" and pd.isna(mains["b"])


def test_without_orders_nothing_is_done():
    assert (
        behaviour(shop(customers={"customer_id": ["a"]})) == preferences(shop(customers={"customer_id": ["a"]})) == {}
    )
