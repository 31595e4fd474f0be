"""From when to when tables reach, which day a report is of, and what ends long before it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers.data import datasets, spans
from helpers.data.intake.rows import strays
from helpers.data.spans import Lag, Span, Stray
from shops import shop

MARCH, JUNE = dt.date(2025, 3, 31), dt.date(2025, 6, 30)


def days(first: str, last: str, freq: str = "D") -> pd.DatetimeIndex:
    return pd.date_range(first, last, freq=freq)


def written(folder, **tables: pd.DataFrame):
    """A data set of these tables, opened on its own day."""
    folder.mkdir()
    (folder / "dataset.toml").write_text("".join(f'[tables.{name}]\nfile = "{name}.csv"\n' for name in tables))
    for name, rows in tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False)
    return datasets.open(folder, prepared=folder.parent / "prepared")


def contracts_of(starts, ends) -> pd.DataFrame:
    ids = [f"c{place}" for place in range(len(starts))]
    return pd.DataFrame({"customer_id": ids, "started_at": starts, "ended_at": ends})


def test_a_contract_that_ended_after_the_last_began_sets_the_day(tmp_path):
    starts = days("2023-01-01", "2023-02-09")
    ends = [day + pd.Timedelta(days=9 * place) if place % 2 else None for place, day in enumerate(starts)]
    data = written(tmp_path / "closed", subscriptions=contracts_of(starts, ends))
    assert (data.as_of, data.set_by) == (max(filter(None, ends)).date(), ("subscriptions.ended_at",))
    assert data.customers["subscription"].value_counts().to_dict() == {"active": 20, "ended": 20}


def test_ends_that_every_contract_has_are_terms_and_set_no_day(tmp_path):
    starts = days("2024-01-01", "2024-02-09")
    data = written(tmp_path / "yearly", subscriptions=contracts_of(starts, starts + pd.DateOffset(years=1)))
    assert (data.as_of, data.set_by) == (dt.date(2024, 2, 9), ("subscriptions.started_at",))
    assert spans.terms(data.days) == ("subscriptions.ended_at",)
    assert set(data.customers["subscription"]) == {"active"}


def test_all_that_happens_to_a_ticket_sets_the_day_also_where_each_is_closed(tmp_path):
    tickets = pd.DataFrame(
        {
            "ticket_id": ["1", "2"],
            "customer_id": ["a", "b"],
            "opened_at": ["2025-01-01", "2025-01-02"],
            "handled_at": ["2025-01-02", "2025-01-20"],
            "closed_at": ["2025-01-09", "2025-01-15"],
        }
    )
    customers = pd.DataFrame({"customer_id": ["a"], "joined_at": ["2025-01-18"], "birth_year": [2025]})
    data = written(tmp_path / "desk", tickets=tickets, customers=customers)
    assert (data.as_of, data.set_by) == (dt.date(2025, 1, 20), ("tickets.handled_at",))


def test_who_joined_last_sets_the_day(tmp_path):
    events = pd.DataFrame({"customer_id": ["a"], "event": ["visit"], "happened_at": ["2025-01-02"]})
    customers = pd.DataFrame({"customer_id": ["a", "b"], "joined_at": ["2025-01-01", "2025-01-05"]})
    assert written(tmp_path / "new", events=events, customers=customers).set_by == ("customers.joined_at",)


def test_a_slip_of_the_pen_is_named_and_sets_no_day(tmp_path):
    starts = days("2024-01-01", "2024-04-29")
    orders = pd.DataFrame({"order_id": range(120), "customer_id": "a", "ordered_at": starts, "amount": 1.0})
    orders.loc[60, "ordered_at"] = pd.Timestamp("2025-02-28")  # for 2024: within a year, and far beyond the rhythm
    tickets = pd.DataFrame(
        {"ticket_id": range(5), "customer_id": "a", "opened_at": starts[:5], "closed_at": starts[1:6]}
    )
    tickets.loc[2, "closed_at"] = pd.Timestamp("2042-01-04")
    data = written(tmp_path / "slips", orders=orders, tickets=tickets)
    assert (data.as_of, data.set_by) == (dt.date(2024, 4, 29), ("orders.ordered_at",))
    assert spans.ignored(data.days, data.as_of) == [
        Stray("orders.ordered_at", dt.date(2025, 2, 28), 1),
        Stray("tickets.closed_at", dt.date(2042, 1, 4), 1),
    ]
    assert spans.ignored(data.days, dt.date(2030, 1, 1)) == [Stray("tickets.closed_at", dt.date(2042, 1, 4), 1)]
    later = data.accounting[data.accounting["outcome"] == "later"]
    assert later[["table", "rows"]].to_numpy().tolist() == [["orders", 1]]


def test_a_slip_in_lines_sets_no_day_through_the_orders_that_are_made_of_them():
    lines = {"order_id": range(120), "customer_id": "a", "ordered_at": days("2024-01-01", "2024-04-29")}
    lines["ordered_at"] = lines["ordered_at"].where(lines["ordered_at"].day_of_year != 60, pd.Timestamp("2025-02-28"))
    data = shop(as_given=True, order_items=lines, orders=lines)
    read = strays.of({"order_items": data.tables["order_items"]})
    dated = spans.dated(data.tables, read)
    assert spans.last_day(dated) == dt.date(2024, 4, 29)
    assert [each.column for each in spans.ignored(dated, JUNE.replace(year=2024))] == [
        "order_items.ordered_at",
        "orders.ordered_at",
    ]


@pytest.fixture(scope="module")
def stopped():
    """Orders that end in March, weekly answers and daily events that go on to June, and an experiment of February."""
    orders, events, answers = (
        days("2025-01-01", "2025-03-31"),
        days("2025-01-01", "2025-06-30"),
        days("2025-01-06", "2025-06-23", "7D"),
    )
    return shop(
        as_of=JUNE,
        orders={"order_id": range(len(orders)), "customer_id": "a", "ordered_at": orders},
        events={"customer_id": "a", "event": "visit", "happened_at": events},
        surveys={"customer_id": "a", "answered_at": answers, "score": 1.0},
        experiments={
            "experiment": "e",
            "customer_id": "a",
            "variant": "x",
            "assigned_at": days("2025-02-01", "2025-02-09"),
        },
    )


def test_tables_reach_from_their_first_fact_to_their_last_known_by_the_day(stopped):
    assert stopped.spans["orders"] == Span("orders", dt.date(2025, 1, 1), MARCH, 1)
    assert stopped.spans["surveys"].usual_gap == 7
    assert spans.spans(stopped.days, dt.date(2025, 2, 3))["events"].last == dt.date(2025, 2, 3)
    assert spans.last_day(stopped.days) == JUNE and spans.set_by(stopped.days, JUNE) == ("events.happened_at",)


def test_a_table_that_stopped_long_before_the_others_by_its_own_rhythm_is_told(stopped):
    (lag,) = spans.lags(stopped.spans.values(), JUNE)
    assert lag == Lag("orders", MARCH, 91, 1)
    assert str(lag) == "orders end on 2025-03-31, 91 days before the report's day; they are usually at most 1 day apart"


def test_a_day_after_the_end_of_the_data_is_told_of_all_and_of_the_tables_that_ended_before(stopped):
    whole, orders = spans.lags(stopped.spans.values(), dt.date(2035, 6, 30))
    assert (whole.table, whole.last, whole.days) == ("", JUNE, 3652) and orders.table == "orders"
    assert "the data end on 2025-06-30, 3,652 days before the report's day" in str(whole)
    assert spans.lags(stopped.spans.values(), dt.date(2025, 7, 7)) == [Lag("orders", MARCH, 98, 1)]
    assert spans.lags([], JUNE) == []


def test_a_schedule_allows_so_many_days(stopped):
    found = stopped.spans.values()
    assert [lag.table for lag in spans.lags(found, dt.date(2025, 7, 3), within=2)] == ["", "orders"]
    assert [lag.table for lag in spans.lags(found, dt.date(2025, 7, 3), within=3)] == ["orders"]
    assert spans.lags(found, JUNE, within=91) == []


def test_what_is_known_of_the_day_has_stable_keys(stopped):
    told = spans.account(stopped.days, JUNE, ("events.happened_at",))
    assert told == {
        "set_by": ["events.happened_at"],
        "ignored": [],
        "terms": [],
        "behind": [{"table": "orders", "last": "2025-03-31", "days": 91, "usual_gap": 1}],
    }


def test_tables_without_dates_have_no_span_and_no_day():
    data = shop(customers={"customer_id": ["a"]})
    assert data.spans == {} and spans.last_day(data.days) is None
