"""Logs of steps, and files that say who had left by the export."""

from __future__ import annotations

from helpers.data.draft import logs, roles, tables
from helpers.data.draft.guesses import Sql

STEPS = ("Open", "Take in charge", "Resolve ticket", "Closed")
LOG = "case_id,activity,timestamp,customer\n" + "".join(
    f"case {n},{step},2025-01-0{place + 1} 10:00:00,c{n % 3}\n" for n in range(9) for place, step in enumerate(STEPS)
)


def test_a_log_with_several_steps_a_ticket_becomes_one_row_a_ticket(holding):
    (guess,) = tables.guesses(holding(text=LOG))
    assert guess.table == "tickets" and guess.merge
    assert guess.columns["opened_at"] == Sql('min("timestamp") OVER (PARTITION BY "case_id")')
    assert "IN ('Closed', 'Resolve ticket')" in guess.columns["closed_at"].text
    assert any("the other steps are Open, Take in charge" in note for note in guess.notes)


def test_a_log_without_closing_steps_leaves_tickets_open_and_one_without_steps_is_none(holding):
    text = LOG.replace("Resolve ticket", "Call").replace("Closed", "Wait")
    (guess,) = tables.guesses(holding(text=text))
    assert "closed_at" not in guess.columns
    no_steps = holding("bare__csv", "case_id,customer\n" + "".join(f"case {n // 2},c1\n" for n in range(8)))
    assert tables.guesses(no_steps) == []


def test_who_had_left_is_said_with_lines_to_choose(holding):
    lines = "".join(f"c{n},{n % 9},{'Yes' if n % 3 else 'No'},{n}.5,gold\n" for n in range(30))
    people = holding(text="customerID,tenure,Churn,MonthlyCharges,Contract\n" + lines)
    told = logs.snapshot_churn(people, roles.person(people), "tenure", "churn")
    assert "no file says when" in told[0] and "[tables.subscriptions]" in told
    assert any("\"churn\" = 'Yes'" in line for line in told) and 'price = "monthlycharges"' in told
    assert len(logs.snapshot_churn(people, "customerid", "", "churn")) == 1
