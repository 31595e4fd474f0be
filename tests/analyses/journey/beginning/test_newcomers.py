"""When customers came, and how long each step took them from then on."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.journey.beginning.newcomers import Arrival, newcomers
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import AS_OF, shop

DAY = pd.Timedelta(days=1)
PEOPLE = [f"c{n}" for n in range(12)]


def came(data: Dataset):
    return newcomers(data, touchpoints(data))


def registered(days_ago: int = 100) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": PEOPLE, "joined_at": pd.Timestamp(AS_OF) - days_ago * DAY})


def done(customer: str, event: str, days_ago: float) -> dict[str, object]:
    return {"customer_id": customer, "event": event, "days_ago": days_ago}


def test_days_run_from_registration_to_the_first_time_after_it():
    events = [done("c0", "tour", 200), done("c0", "tour", 98), done("c0", "tour", 90), done("c1", "tour", 100)]
    events += [done(name, "visit", 40) for name in PEOPLE] + [done(name, "tour", 1) for name in PEOPLE[2:]]
    found = came(shop(customers=registered(), events=pd.DataFrame(events)))
    assert found.arrival is Arrival.JOINED
    assert found.waits.loc["c0", "tour"] == 2 and found.waits.loc["c1", "tour"] == 0
    assert found.waits["visit"].tolist() == [60] * 12


def test_without_registration_the_contract_says_when_somebody_came():
    began = pd.DataFrame({"customer_id": PEOPLE, "days_ago": 50})
    again = pd.DataFrame({"customer_id": PEOPLE[:3], "days_ago": 10})
    events = pd.DataFrame([done(name, "visit", 45) for name in PEOPLE])
    found = came(shop(subscriptions=pd.concat([began, again]), events=events))
    assert found.arrival is Arrival.SUBSCRIBED
    assert found.waits["visit"].tolist() == [5] * 12


def test_without_either_the_first_order_is_no_step_and_those_of_the_first_days_are_left_out():
    early = pd.DataFrame({"customer_id": "old", "days_ago": [300, 290]})
    first = pd.DataFrame({"customer_id": PEOPLE, "days_ago": 100.0})
    second = pd.DataFrame({"customer_id": PEOPLE[:4], "days_ago": [100.0, 95.0, 95.0, 99.0]})
    found = came(shop(orders=pd.concat([early, first, second]).assign(amount=1.0, order_id=range(18))))
    assert found.arrival is Arrival.FIRST_ORDER
    assert sorted(found.came_on.index) == sorted(PEOPLE)
    assert found.waits["another order"].dropna().to_dict() == {"c1": 5, "c2": 5, "c3": 1}


def test_where_all_first_orders_are_in_the_first_days_nobody_is_known_to_be_new():
    first = pd.DataFrame({"customer_id": PEOPLE * 2, "days_ago": [100.0] * 12 + [20.0] * 12})
    found = came(shop(orders=first.assign(amount=1.0, order_id=range(24))))
    assert isinstance(found, NotApplicable) and "too few customers came after" in str(found.reason)


def test_a_step_that_no_newcomer_takes_has_no_days():
    events = [done(name, event, day) for name in PEOPLE for event, day in [("visit", 40), ("tour", 200)]]
    found = came(shop(customers=registered(), events=pd.DataFrame(events)))
    assert found.waits["tour"].isna().all() and found.waits["visit"].tolist() == [60] * 12


def test_a_step_is_seen_from_its_tables_first_day_on_until_a_table_that_stopped():
    events = pd.DataFrame([done(name, "visit", day) for name in PEOPLE for day in range(60, 90)])
    orders = pd.DataFrame([{"customer_id": name, "days_ago": day} for name in PEOPLE for day in range(0, 120, 3)])
    found = came(shop(customers=registered(), events=events, orders=orders.assign(amount=1.0, order_id=range(480))))
    assert not found.seen("visit", 7).any()  # events begin 89 days ago, and all came 100 days ago
    assert found.until == pd.Timestamp(AS_OF) - 59 * DAY  # they stopped 60 days ago
    assert found.seen("order placed", 41).all() and not found.seen("order placed", 42).any()


@pytest.mark.parametrize(
    ("tables", "asked_for"),
    [
        ({"events": [done(name, "visit", 5) for name in PEOPLE]}, "customers.joined_at"),
        ({"touches": [{"customer_id": name, "days_ago": 5} for name in PEOPLE]}, "export events or orders"),
    ],
)
def test_what_is_missing_is_asked_for(tables, asked_for):
    found = came(shop(**{name: pd.DataFrame(rows) for name, rows in tables.items()}))
    assert isinstance(found, NotApplicable) and asked_for in str(found.headline())
