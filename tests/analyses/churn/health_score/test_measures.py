"""Measures of customers on a day: known numbers, and nothing from later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.features import LeakageError
from helpers.analyses.churn.health_score import measures
from helpers.analyses.churn.health_score.measures import MEASURES, measured
from helpers.analyses.churn.health_score.vocabulary import HEALTH_MEASURES
from helpers.data.intake.wording.programme import HealthMeasure
from shops import shop

DAY = pd.Timestamp("2025-06-30")
ROWS = pd.DataFrame({"customer_id": ["a", "b"], "landmark_at": DAY})


def ago(*days: int) -> list[pd.Timestamp]:
    return [DAY - pd.Timedelta(days=day) for day in days]


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    """Of a: orders 100, 91, 90 and 10 days ago, and one on the day itself; of b one order."""
    orders = {
        "customer_id": ["a"] * 5 + ["b"],
        "ordered_at": ago(100, 91, 90, 10, 0, 5),
        "amount": [1.0, 2, 4, 8, 99, 3],
    }
    visits = ago(3, 3, 2, 120, 181, 3, 2, 180)  # b came first in the days that are compared
    events = {"customer_id": ["a"] * 5 + ["b"] * 3, "event": "visit", "happened_at": visits}
    tickets = {
        "customer_id": ["a"] * 5, "complaint": [True, True, True, False, True], "opened_at": ago(20, 30, 200, 4, 40),
        "closed_at": [None, DAY - pd.Timedelta(days=1), None, None, DAY + pd.Timedelta(days=3)],
    }  # fmt: skip
    surveys = {"customer_id": ["a"] * 2, "question": "nps", "score": [9.0, 4], "answered_at": ago(50, 7)}
    data = shop(
        as_of=DAY.date(),
        orders=pd.DataFrame(orders).assign(order_id=range(6)),
        events=events,
        tickets=pd.DataFrame(tickets).assign(ticket_id=range(5)),
        surveys=surveys,
    )
    return measured(data, ROWS).set_axis(["a", "b"])


def test_measures_are_counted_from_facts_before_the_day_alone(known):
    expected = {
        "recency": -9, "pace": -9 / 30, "orders": 4, "amount": 15, "order_trend": 0, "returns": 0, "visit_trend": 1,
        "complaints": -2, "answer": 4, "answer_age": -7,
    }  # fmt: skip
    assert known.loc["a"].to_dict() == pytest.approx(expected)


def test_what_is_not_known_of_a_customer_is_missing_and_no_complaint_is_none(known):
    assert known.loc["b", ["pace", "answer", "answer_age"]].isna().all()
    assert known.loc["b", ["complaints", "order_trend"]].tolist() == [0, 1]


def test_visits_of_newcomers_are_compared_with_nothing(known):
    """Naive: of whom the log knows for 180 days or fewer every visit would be one more than before."""
    assert np.isnan(known.loc["b", "visit_trend"])


def test_measures_of_tables_that_are_not_there_are_not_made():
    data = shop(as_of=DAY.date(), orders={"order_id": [1], "customer_id": ["a"], "ordered_at": ago(9), "amount": [1.0]})
    assert list(measured(data, ROWS)) == ["recency", "pace", "orders", "amount", "order_trend", "returns"]


def test_money_given_back_counts_from_its_own_day_and_never_from_that_of_the_order():
    """Rows below zero in 90 days; what is told of an order without a day, and what came later, is not known."""
    orders = {
        "order_id": range(7), "customer_id": ["a"] * 6 + ["b"], "ordered_at": ago(200, 150, 90, 20, 10, 0, 30),
        "amount": [50.0, -20, -10, -5, 40, -40, 9], "refund": [50.0, 0, 0, 0, 40, 0, 9],
    }  # fmt: skip
    given = measured(shop(as_of=DAY.date(), orders=orders), ROWS).set_axis(["a", "b"])["returns"]
    assert given.to_dict() == {"a": -2, "b": 0}


def test_a_source_that_looks_ahead_is_refused(monkeypatch):
    """What the guard is for: a source whose facts bear an earlier time than they have."""
    late = measures.SOURCES["orders"]._replace(
        sums=lambda facts: {**measures._order_sums(facts), "at": facts.at.max()},
        finished=lambda sums, landmark, last: measures.order_features(sums.drop(columns="at"), landmark, last),
    )
    monkeypatch.setattr(measures, "SOURCES", {"orders": late})
    monkeypatch.setattr("helpers.analyses.churn.forecast.features._before", lambda facts, spine, source: pd.DataFrame(
        {"order_days": 1, "order_days_90d": 1, "amount": 1.0,
         "amount_90d": 1.0, "order_days_before": 0, "at": DAY, "first_at": DAY, "latest_at": DAY}, index=[0, 1]
    ))  # fmt: skip
    data = shop(as_of=DAY.date(), orders={"order_id": [1], "customer_id": ["a"], "ordered_at": ago(0), "amount": [1.0]})
    with pytest.raises(LeakageError, match="only facts before a landmark"):
        measured(data, ROWS)


def test_settings_and_pages_know_the_same_measures():
    assert set(MEASURES) == set(HealthMeasure.__args__) == set(HEALTH_MEASURES)
