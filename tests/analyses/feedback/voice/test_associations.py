"""Drivers with a known effect are found with its size; without one the test errs as often as it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.voice.answers import question_of
from helpers.analyses.feedback.voice.associations import _least_squares, circumstances, drivers, fitted
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop

ANSWERED = pd.Timestamp("2025-06-20 12:00")


def service(seed: int, effect: float, n: int = 400) -> Dataset:
    """Everyone has one request ten days before the answer; the score falls by `effect` where it was opened again."""
    rng = np.random.default_rng(seed)
    ids = [f"c{each}" for each in range(n)]
    reopened = rng.random(n) < 0.3
    opened = ANSWERED - pd.to_timedelta(rng.integers(5, 80, n), unit="D")
    tickets = pd.DataFrame(
        {
            "ticket_id": ids,
            "customer_id": ids,
            "opened_at": opened,
            "reopened": reopened.astype(int),
            "first_reply_at": opened + pd.to_timedelta(np.ceil(60 * rng.exponential(2, n)), unit="min"),
            "closed_at": opened + pd.to_timedelta(rng.integers(1, 72, n), unit="h"),
            "complaint": rng.random(n) < 0.2,
        }
    )
    late = pd.DataFrame(
        {  # after the answer: it must not be seen
            "ticket_id": [f"late{each}" for each in range(n)],
            "customer_id": ids,
            "opened_at": ANSWERED + pd.Timedelta(days=1),
            "reopened": rng.integers(0, 2, n),
            "complaint": True,
        }
    )
    score = 7 - effect * reopened + rng.normal(0, 1, n)
    answers = pd.DataFrame(
        {"customer_id": ids, "answered_at": ANSWERED, "question": "service", "score": np.clip(np.round(score), 0, 10)}
    )
    return shop(tickets=pd.concat([tickets, late]), surveys=answers)


def test_customers_with_a_driver_are_those_who_have_it_though_they_be_the_most():
    rng = np.random.default_rng(1)
    design = pd.DataFrame(
        {"asked": [1.0] * 80 + [0.0] * 20, "rare": [1.0, 0.0] * 10 + [0.0] * 80, "visits": rng.permutation(100) % 5}
    )
    question = question_of(service(1, effect=0, n=30))
    found = _least_squares(question, pd.Series(rng.normal(5, 1, 100)), design).table.set_index("driver")
    assert found["customers_with"].to_dict() == {"asked": 80, "rare": 10, "visits": 80}


def test_a_known_effect_is_found_with_its_size_beside_drivers_that_have_none():
    found = drivers(service(1, effect=1.5))
    first = found.table.iloc[0]
    assert first["driver"] == "reopened" and first["lower"] < -1.5 < first["upper"] < -1.2
    assert (found.table["adjusted_p_value"].iloc[1:] > 0.05).all()
    assert str(found.headline()).startswith("Scores are lower with “requests opened again”: −1.")
    assert "association" in words_of(found)


def test_without_an_effect_it_errs_as_often_as_it_says():
    data = service(0, effect=0, n=150)
    question, rng = question_of(data), np.random.default_rng(4)
    table = circumstances(data, question)
    errs = 0
    for _ in range(60):
        scores = np.clip(np.round(7 + rng.normal(0, 1, len(table))), 0, 10)
        errs += (fitted(question, table.assign(score=scores)).table["adjusted_p_value"] < 0.05).any()
    assert errs <= 9  # 3 expected; more than 9 by chance once in a thousand


def test_the_effect_is_least_squares_on_what_was_known_at_the_answer():
    data = service(2, effect=1.0)
    tickets = data.tables["tickets"].execute().set_index("customer_id")
    tickets = tickets[tickets["opened_at"] < ANSWERED]
    answers = data.tables["surveys"].execute().set_index("customer_id")["score"]
    hours = {
        name: np.log2((tickets[time] - tickets["opened_at"]).dt.total_seconds() / 3600)
        for name, time in (("reply", "first_reply_at"), ("closed", "closed_at"))
    }
    known_open = (tickets["closed_at"] > ANSWERED).astype(float)
    assert not known_open.any()
    design = np.column_stack(
        [
            np.ones(len(tickets)),
            tickets["complaint"].astype(float),
            hours["reply"],
            hours["closed"],
            tickets["reopened"].astype(float),
        ]
    )
    slopes = np.linalg.lstsq(design, answers.reindex(tickets.index).to_numpy(), rcond=None)[0][1:]
    names = ["complaints", "reply_hours", "resolution_hours", "reopened"]
    found = drivers(data).table.set_index("driver")["effect_points"]
    assert found[names].to_numpy() == pytest.approx(slopes)


def test_few_answers_or_nothing_before_them_does_not_apply():
    few = service(3, effect=1.0, n=40)
    assert isinstance(drivers(few), NotApplicable)
    assert isinstance(drivers(shop(surveys=service(3, 1.0).tables["surveys"])), NotApplicable)
    assert isinstance(drivers(shop()), NotApplicable)


@pytest.mark.filterwarnings("error")
def test_hours_that_no_ticket_has_are_no_driver():
    data = service(3, effect=1.0)
    tickets = data.tables["tickets"].execute().assign(first_reply_at=pd.NaT, closed_at=pd.NaT)
    found = drivers(shop(tickets=tickets, surveys=data.tables["surveys"]))
    assert set(found.table["driver"]) == {"reopened", "complaints"}
