"""Touchpoints from five tables on one road, as configured or as the data have it."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.road.touches import touchpoints
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop

SIX = [f"c{n}" for n in range(6)]


def each(customers: list[str], day: int, column: str, **others: object) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customers, column: pd.Timestamp(2025, 1, day), **others})


@pytest.fixture(scope="module")
def five_tables() -> Dataset:
    """Six customers on every step, one row each but where said; one event and one order count for nobody."""
    events = pd.concat(
        [
            each(SIX, 3, "happened_at", event="visit", channel="web", content="p1"),
            each(SIX[:5], 4, "happened_at", event="view", channel="web", content=None),
            each(SIX[:4], 4, "happened_at", event="rare", channel="web", content=None),
            each([None], 4, "happened_at", event="visit", channel="web", content=None),
        ]
    )
    orders = pd.concat(
        [
            each(SIX, 5, "ordered_at", channel="app", cancelled=False),
            each(SIX[:1], 6, "ordered_at", channel="app", cancelled=True),
            each(SIX[:1], 7, "ordered_at", channel="app", cancelled=None),
        ]
    )
    touches = each(
        SIX,
        1,
        "touched_at",
        campaign="spring",
        channel="sms",
        opened_at=pd.Timestamp("2025-01-02 08:00"),
        clicked_at=pd.NaT,
    ).assign(clicked_at=lambda table: pd.to_datetime(table["clicked_at"]))
    return shop(
        events=events,
        orders=orders.astype({"cancelled": "boolean"}),
        touches=touches,
        tickets=each(SIX, 8, "opened_at", category="late", channel="chat", first_reply_at=pd.Timestamp("2025-01-09")),
        surveys=each(SIX, 9, "answered_at", question="csat", score=5.0),
    )


def test_the_usual_road_runs_from_awareness_to_after_sales(five_tables):
    found = touchpoints(five_tables)
    assert found.table[["step", "touchpoints"]].to_numpy().tolist() == [
        ["message sent", 6],
        ["message opened", 6],
        ["visit", 6],
        ["view", 5],
        ["order placed", 7],
        ["ticket opened", 6],
        ["survey answered", 6],
    ]  # nobody clicked; "rare" is of four customers; the cancelled order is none
    assert found.people == 6 and "42 touchpoints in 7 steps, from “message sent” to" in words_of(found)


def test_each_touchpoint_carries_what_its_table_knows(five_tables):
    rows = touchpoints(five_tables).rows.execute().drop_duplicates("step").set_index("step")
    described = rows[["channel", "content", "campaign"]].astype(object).where(rows.notna(), None)
    assert described.loc["message opened"].tolist() == ["sms", None, "spring"]
    assert described.loc["visit"].tolist() == ["web", "p1", None]
    assert described.loc["order placed"].tolist() == ["app", None, None]
    assert described.loc["ticket opened"].tolist() == ["chat", "late", None]
    assert described.loc["survey answered"].tolist() == [None, "csat", None]
    assert rows.loc["message opened", "at"] == pd.Timestamp("2025-01-02 08:00")


def test_configured_steps_choose_rows_and_times(five_tables):
    found = touchpoints(
        five_tables,
        [
            {"step": "looked", "table": "events", "where": {"event": ["visit", "view"]}},
            {"step": "called off", "table": "orders", "where": {"cancelled": True}},
            {"step": "bought", "table": "orders", "where": {"cancelled": False, "channel": "app"}},
            {"step": "answered", "table": "tickets", "time": "first_reply_at"},
        ],
    )
    assert found.table["touchpoints"].tolist() == [11, 1, 7, 6]
    assert found.table["first_on"].dt.day.tolist() == [3, 6, 5, 9]
    assert [step.by_customer for step in found.steps] == [True] * 4
    assert not touchpoints(five_tables).steps[0].by_customer  # to be sent a message is no act


def test_one_to_four_customers_keep_their_numbers(five_tables):
    found = touchpoints(
        five_tables,
        [
            {"step": "rare", "table": "events", "where": {"event": "rare"}},
            {"step": "visit", "table": "events", "where": {"event": "visit"}},
            {"step": "none", "table": "events", "where": {"event": "no such event"}},
        ],
    )
    assert found.to_show()["customers"].isna().tolist() == [True, False, False]
    assert found.to_show()[["touchpoints", "customers"]].iloc[2].tolist() == [0, 0]
    assert found.to_show().loc[0, ["touchpoints", "first_on", "last_on"]].isna().all()
    assert len(found.plot().texts) == 3
    plt.close("all")


def test_a_step_of_a_table_that_is_missing_has_no_touchpoints(five_tables):
    only = shop(orders=five_tables.tables["orders"].execute())
    found = touchpoints(only, [{"step": "visit", "table": "events"}, {"step": "order", "table": "orders"}])
    assert found.table["touchpoints"].tolist() == [0, 8]


def test_without_customers_there_are_no_touchpoints(five_tables):
    nobody = shop(orders=each([None], 5, "ordered_at").astype({"customer_id": "string"}))
    assert "no touchpoint names its customer" in words_of(touchpoints(nobody))
    assert isinstance(touchpoints(shop()), NotApplicable)
    assert isinstance(touchpoints(shop(orders=five_tables.tables["orders"].execute().head(0))), NotApplicable)


VISIT = {"step": "a", "table": "events", "where": {"event": "visit"}}


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"step": "a", "table": "visits"}], "table = 'visits': choose one of"),
        ([{"step": "a"}], "each has step and table"),
        ([{**VISIT, "when": 1}], "each has step and table"),
        ([{"step": " ", "table": "events"}], "a step has a name"),
        ([{**VISIT, "time": "event"}], "time = 'event': choose one of"),
        ([{**VISIT, "where": {"evnt": "visit"}}], "where = 'evnt': choose one of .* Did you mean 'event'"),
        ([{**VISIT, "where": {"event": 3}}], "no value of that column"),
        ([{**VISIT, "where": {"event": []}}], "no value of that column"),
        ([{**VISIT, "where": "visit"}], "write it as {column: value}"),
        ([VISIT, {**VISIT, "table": "orders", "where": {}}], "step = 'a': names two steps"),
        ([VISIT, {**VISIT, "step": "b"}], "step = 'b': reads the rows of 'a'"),
    ],
)
def test_steps_that_cannot_be_read_are_refused(five_tables, steps, message):
    with pytest.raises(ValueError, match=message):
        touchpoints(five_tables, steps)


def test_the_demo_has_a_road(demo):
    found = touchpoints(demo)
    assert {"message sent", "visit", "checkout", "order placed", "ticket opened"} <= set(found.names)
    assert found.names.index("visit") < found.names.index("checkout") < found.names.index("order placed")
    assert (found.table["customers"] > 1000).all()
