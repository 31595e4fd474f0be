"""What is known of each customer beside money, on rows counted by hand."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.segmentation.portraits.traits import traits
from helpers.data.days import WEEKDAYS
from helpers.findings.folding import OTHERS
from shops import shop


def test_a_customers_favourite_is_what_most_rows_say_and_of_equals_the_latest():
    rows = [("a", "x", 9), ("a", "x", 8), ("a", "y", 1), ("b", "x", 5), ("b", "y", 2), ("c", "y", 5), ("c", "x", 2)]
    orders = pd.DataFrame(rows, columns=["customer_id", "channel", "days_ago"]).assign(amount=1.0)
    orders = pd.concat([orders] + [orders.assign(customer_id=orders["customer_id"] + str(n)) for n in range(6)])
    orders = orders.assign(order_id=[f"o{n}" for n in range(len(orders))])
    known = traits(shop(orders=orders))["main_channel"]
    assert known[["a", "b", "c", "a3", "b3", "c3"]].tolist() == ["x", "y", "x"] * 2


def test_cancelled_orders_say_nothing_of_preferences_and_events_speak_where_orders_do_not():
    ids = [f"c{n}" for n in range(12)]
    orders = pd.DataFrame(
        {
            "customer_id": ids * 2,
            "days_ago": 3,
            "amount": 1.0,
            "cancelled": [False] * 12 + [True] * 12,
            "channel": ["web"] * 12 + ["shop"] * 12,
        }
    ).assign(order_id=[f"o{n}" for n in range(24)])
    events = pd.DataFrame({"customer_id": ids, "days_ago": 1, "event": "visit", "channel": ["app", "mini"] * 6})
    assert "main_channel" not in traits(shop(orders=orders))  # all web: one value tells nobody apart
    assert traits(shop(orders=orders, events=events))["main_channel"].value_counts().to_dict() == {"app": 6, "mini": 6}


def test_days_ages_and_sizes_are_put_into_bands(data):
    known = traits(data)
    assert known["main_daypart"].value_counts().index.str.split().str[0].tolist() in (
        ["morning", "evening"],
        ["evening", "morning"],
    )
    assert "main_weekday" not in known  # all on a Monday
    assert set(known["age_band"]) == {"25–34", "45–54"}
    assert known.index.tolist() == data.customers["customer_id"].tolist()


def test_the_weekday_is_the_calendars():
    days = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(35)],
            "order_id": [f"o{n}" for n in range(35)],
            "ordered_at": [pd.Timestamp("2025-06-02") + pd.Timedelta(days=n % 7) for n in range(35)],
            "amount": 1.0,
        }
    )
    known = traits(shop(orders=days))
    assert known["main_weekday"][["c0", "c6", "c9"]].tolist() == ["Monday", "Sunday", "Wednesday"]
    assert known["main_weekday"].cat.categories.tolist() == list(WEEKDAYS) and "main_daypart" not in known


def test_rare_values_are_put_together():
    cities = [f"p{n}" for n in range(12) for _ in range(20 - n)] + ["rare"] * 2
    members = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(cities))], "province": cities})
    sizes = traits(shop(customers=members))["province"].value_counts()
    assert len(sizes) == 9 and sizes[OTHERS] == 2 + sum(20 - n for n in range(8, 12)) and sizes["p0"] == 20
