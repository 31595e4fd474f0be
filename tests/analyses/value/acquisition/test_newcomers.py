"""Who is a new customer of a month that has a cost, and what each has brought by month since."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.value.acquisition.newcomers import newcomers
from helpers.findings import NotApplicable
from shops import shop

PEOPLE = {"customer_id": ["a", "b", "c", "d"], "channel": ["Web", "web ", "app", "shop"]}


def orders(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    return frame.assign(
        ordered_at=pd.to_datetime(frame["ordered_at"]), order_id=[f"o{row}" for row in range(len(frame))]
    )


def spending(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["channel", "month", "cost"])
    return frame.assign(month=pd.to_datetime(frame["month"]))


BOUGHT = orders(
    ("a", "2025-01-10", 10), ("a", "2025-02-20", 5), ("a", "2025-06-29", 7), ("b", "2025-03-01", 20),
    ("c", "2025-05-15", 40), ("d", "2025-02-01", 1),
)  # fmt: skip


def test_customers_meet_the_spending_of_their_channel_whatever_its_case():
    found = newcomers(shop(customers=PEOPLE, orders=BOUGHT, spending=spending(
        ("WEB", "2025-01-01", 100), ("web", "2025-01-15", 50), ("web", "2025-04-01", 70), ("radio", "2025-02-01", 30),
    )), 4)  # fmt: skip
    assert found.customers.index.tolist() == ["a", "b"]  # March lies between, and nobody spent on app or shop
    assert found.spent[["month", "cost"]].astype(str).to_numpy().tolist() == [
        ["2025-01-01", "150.0"],
        ["2025-04-01", "70.0"],
    ]
    assert found.unmatched == 30
    assert found.amounts.tolist() == [[10, 5, 0, 0], [20, 0, 0, 0]]  # what a bought in June is later than four months
    assert found.customers["months"].tolist() == [5, 3]
    assert found.customers["cohort"].tolist() == ["2025 Q1", "2025 Q1"]


def test_months_that_are_not_over_and_old_customers_are_left_out():
    """As of 29 June the month of June is not over; b joined before the orders begin."""
    people = PEOPLE | {"joined_at": pd.to_datetime(["2025-01-10", "2024-12-01", "2025-05-15", None])}
    found = newcomers(
        shop(
            customers=people, orders=BOUGHT, as_of=pd.Timestamp("2025-06-29").date(),
            spending=spending(("web", "2025-01-01", 1), ("web", "2025-06-01", 9), ("app", "2025-05-01", 5)),
        ), 3,
    )  # fmt: skip
    assert found.customers.index.tolist() == ["a", "c"]
    assert found.spent["cost"].tolist() == [5, 1]


def test_refusals_say_what_to_export():
    spent = spending(("web", "2025-01-01", 1))
    for tables, told in (
        ({"orders": BOUGHT, "customers": PEOPLE}, "export channel, month and cost as `spending`"),
        ({"orders": BOUGHT, "spending": spent}, "map `channel` of customers"),
        ({"customers": PEOPLE, "spending": spent}, "map `channel` of customers"),
        ({"orders": BOUGHT, "customers": PEOPLE, "spending": spending(("radio", "2025-01-01", 1))}, "compare the channels' names"),
        ({"orders": BOUGHT, "customers": PEOPLE, "spending": spending(("web", "2025-07-01", 1))}, "as `spending`"),
    ):  # fmt: skip
        found = newcomers(shop(**tables), 12)
        assert isinstance(found, NotApplicable) and told in str(found.headline())
