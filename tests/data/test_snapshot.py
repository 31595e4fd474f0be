"""The snapshot sums customers up as of a day, and sees nothing after it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from helpers.data import contracts, engine, snapshot
from helpers.data.intake.rows import value_types
from helpers.data.intake.wording.schema import Policy

CONNECTION = engine.connect()
NET = Policy()


def table(name, rows):
    """A contract table of the engine from rows of some of its columns."""
    types = {"time": "datetime64[us]", "number": "float64", "flag": "boolean", "integer": "Int64"}
    frame = pd.DataFrame(rows)
    for column in contracts.TABLES[name].columns:
        if column.name in frame and column.type in types:
            frame[column.name] = frame[column.name].astype(types[column.type])
    return value_types.completed(engine.from_frame(CONNECTION, frame), contracts.TABLES[name])


def orders(*rows):
    named = [
        dict(zip(("customer_id", "ordered_at", "amount", "refund", "cancelled"), row, strict=False)) for row in rows
    ]
    return table("orders", [{"order_id": str(place), **row} for place, row in enumerate(named)])


def as_of(day, policy=NET, **tables):
    whole = snapshot.customers(snapshot.cut(tables, day), day, policy)
    return whole.execute().set_index("customer_id").sort_index()


def test_the_btyd_summary_of_three_customers():
    """Known answer "BTYD summary" of value.md."""
    found = as_of(
        dt.date(2015, 2, 7),
        orders=orders(
            ("1", "2015-02-01", 1),
            ("1", "2015-02-06", 1),
            ("2", "2015-01-01", 1),
            ("3", "2015-01-01", 1),
            ("3", "2015-01-02", 1),
            ("3", "2015-01-05", 1),
        ),
    )
    assert found[["frequency", "t_x_days", "age_days"]].to_numpy().tolist() == [[1, 5, 6], [0, 0, 37], [2, 4, 37]]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_mean_repeat_spend_leaves_the_first_order_out_in_any_row_order(order):
    """Known answer "mean spend" of value.md."""
    rows = [("1", "2014-03-14", 10), ("1", "2014-04-09", 20), ("1", "2014-05-21", 25)]
    found = as_of(dt.date(2014, 6, 1), orders=orders(*(rows[place] for place in order)))
    assert found["mean_repeat_spend"].tolist() == [22.5]


def test_several_orders_on_one_day_are_one_order_day():
    found = as_of(
        dt.date(2024, 1, 10),
        orders=orders(
            ("a", "2024-01-01 09:00", 10),
            ("a", "2024-01-01 18:00", 20),
            ("a", "2024-01-03 23:59:59", 6),
        ),
    ).loc["a"]
    assert (found["orders"], found["frequency"], found["monetary"], found["mean_repeat_spend"]) == (3, 1, 36, 6)
    assert found["recency_days"] == 7


@pytest.mark.parametrize(
    "policy, orders_, monetary, refunds",
    [
        (Policy("net", "net"), 2, 90 - 5 - 30, 5 + 30 + 40),
        (Policy("net", "keep"), 2, 90 - 30, 5 + 30 + 40),
        (Policy("keep", "keep"), 3, 90 - 30 + 40, 5 + 30),
        (Policy("keep", "keep", "keep"), 4, 90 - 30 + 40, 5),
    ],
)
def test_cancellations_and_refunds_follow_the_policy(policy, orders_, monetary, refunds):
    found = as_of(
        dt.date(2024, 1, 10),
        policy,
        orders=orders(
            ("a", "2024-01-01", 60, 5, False),
            ("a", "2024-01-02", 30, 0, False),
            ("a", "2024-01-03", -30, 0, True),  # a credit note, as Online Retail writes cancellations
            ("a", "2024-01-04", 40, 0, True),  # an order cancelled by its status, as Olist does
        ),
    ).loc["a"]
    assert (found["orders"], found["monetary"], found["refunds"]) == (orders_, monetary, refunds)


def test_a_customer_with_nothing_but_cancelled_orders_has_not_ordered():
    found = as_of(dt.date(2024, 1, 10), orders=orders(("a", "2024-01-03", -30, 0, True))).loc["a"]
    assert found["orders"] == 0 and found["frequency"] == 0 and pd.isna(found["first_order_on"])


def test_an_order_below_zero_is_money_given_back_and_no_purchase():
    found = as_of(
        dt.date(2024, 6, 1), orders=orders(("a", "2024-01-01", 100), ("a", "2024-06-01", -100), ("b", "2024-01-03", -5))
    )
    names = ["orders", "frequency", "recency_days", "monetary", "refunds"]
    assert found.loc["a", names].tolist() == [1, 0, 152, 0, 100]
    assert found.loc["b", "orders"] == 0 and found.loc["b", "monetary"] == -5


def test_the_state_of_a_subscription_is_the_state_on_the_day():
    periods = table(
        "subscriptions",
        [
            {
                "customer_id": "a",
                "started_at": "2024-01-01",
                "ended_at": "2024-03-01",
                "reason": "price",
                "plan": "month",
            },
            {"customer_id": "b", "started_at": "2024-01-01", "ended_at": None, "reason": None, "plan": "year"},
            {"customer_id": "a", "started_at": "2024-05-01", "ended_at": None, "reason": None, "plan": "year"},
        ],
    )
    states = {
        day: as_of(day, subscriptions=periods)
        for day in (dt.date(2024, 2, 1), dt.date(2024, 4, 1), dt.date(2024, 6, 1))
    }
    assert [found.loc["a", "subscription"] for found in states.values()] == ["active", "ended", "active"]
    assert [found.loc["a", "plan"] for found in states.values()] == ["month", "month", "year"]
    assert pd.isna(states[dt.date(2024, 2, 1)].loc["a", "subscription_reason"])
    assert states[dt.date(2024, 4, 1)].loc["a", "subscription_reason"] == "price"


def test_every_customer_of_any_table_is_there_once():
    found = as_of(
        dt.date(2024, 6, 1),
        customers=table("customers", [{"customer_id": "a", "joined_at": "2024-01-01"}]),
        orders=orders(("b", "2024-02-01", 5)),
        touches=table("touches", [{"customer_id": "c", "touched_at": "2024-03-01"}] * 2),
    )
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["orders"].tolist() == [0, 1, 0]
    assert found["tenure_days"].tolist()[:2] == [152, 121]


def test_the_last_survey_is_the_latest_answer():
    found = as_of(
        dt.date(2024, 6, 1),
        surveys=table(
            "surveys",
            [
                {"customer_id": "a", "answered_at": "2024-01-01", "question": "nps", "score": 9},
                {"customer_id": "a", "answered_at": "2024-05-01", "question": "csat", "score": 4},
                {"customer_id": "a", "answered_at": "2024-07-01", "question": "csat", "score": 1},
            ],
        ),
    ).loc["a"]
    assert (found["last_survey_question"], found["last_survey_score"]) == ("csat", 4)


TIMES = st.integers(0, 40).map(lambda day: pd.Timestamp("2024-01-01") + pd.Timedelta(days=day, hours=day % 24))
ORDER_ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), TIMES, st.integers(0, 50), st.integers(0, 9), st.booleans()),
    min_size=1,
    max_size=25,
)


@hypothesis_settings(max_examples=10, deadline=None)
@given(ORDER_ROWS)
def test_facts_after_the_day_change_nothing(rows):
    day = dt.date(2024, 1, 20)
    known = [row for row in rows if row[1].date() <= day] or [("a", pd.Timestamp("2024-01-01"), 1, 0, False)]
    later = [row for row in rows if row[1].date() > day]
    pd.testing.assert_frame_equal(
        as_of(day, orders=orders(*known)), as_of(day, orders=orders(*known, *later)), check_exact=False
    )


@hypothesis_settings(max_examples=12, deadline=None)
@given(ORDER_ROWS)
def test_the_summary_is_what_a_loop_over_the_rows_finds(rows):
    day = dt.date(2024, 2, 29)
    found = as_of(day, orders=orders(*rows))
    for customer in found.index:
        own = [row for row in rows if row[0] == customer]
        bought = [row for row in own if not row[4]]
        days = sorted({row[1].date() for row in bought})
        net = {day_: sum(row[2] - row[3] for row in bought if row[1].date() == day_) for day_ in days}
        one = found.loc[customer]
        assert one["orders"] == len(bought)
        assert one["frequency"] == max(len(days) - 1, 0)
        assert one["monetary"] == pytest.approx(sum(net.values()))
        assert one["refunds"] == pytest.approx(sum(row[2] if row[4] else row[3] for row in own))
        if days:
            assert one["recency_days"] == (day - days[-1]).days and one["age_days"] == (day - days[0]).days
            assert one["t_x_days"] == (days[-1] - days[0]).days
        expected = np.mean([net[day_] for day_ in days[1:]]) if len(days) > 1 else np.nan
        assert one["mean_repeat_spend"] == pytest.approx(expected, nan_ok=True)


def test_order_days_are_those_of_orders_that_name_a_customer():
    rows = orders(("a", "2024-01-01", 60, 5, False), (None, "2024-01-02", 30, 0, False))
    assert snapshot.order_days(rows, NET).execute()["customer_id"].tolist() == ["a"]


def test_what_is_private_is_not_in_the_snapshot_and_stays_in_its_table():
    people = {
        "customer_id": ["a"],
        "born_on": pd.to_datetime(["1990-10-18"]),
        "lunar_birthday": [True],
        "owner": ["Wu"],
    }
    known = snapshot.cut({"customers": engine.from_frame(CONNECTION, pd.DataFrame(people))}, dt.date(1980, 1, 1))
    assert known["customers"].born_on.notnull().all().execute()  # of birth, and no fact that could be too late
    assert snapshot.customers(known, dt.date(1980, 1, 1), NET).columns == ("customer_id",)


def test_how_an_action_ended_is_not_known_before_it_did():
    results = table("action_results", [
        {"action_key": key, "customer_id": "a", "planned_at": "2025-01-02", "done_at": at, "status": "done", "cost": 3}
        for key, at in (("early", "2025-01-05"), ("late", "2025-01-20"), ("some day", None))
    ])  # fmt: skip
    known = snapshot.cut({"action_results": results}, dt.date(2025, 1, 10))["action_results"].order_by("action_key")
    assert known.execute()[["status", "cost"]].notna().all(axis="columns").tolist() == [True, False, True]
    assert snapshot.cut({"action_results": results}, dt.date(2025, 1, 1))["action_results"].count().execute() == 0
