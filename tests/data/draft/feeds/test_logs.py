"""Logs of steps, and files that say who had left by the export."""

from __future__ import annotations

from helpers.data.draft.contents import roles
from helpers.data.draft.feeds import logs, tables
from helpers.data.draft.feeds.guesses import Sql

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


def test_who_had_left_and_how_long_they_stayed_make_contracts(holding):
    lines = "".join(f"c{n},{n % 9 * 4},{'Yes' if n % 3 else 'No'},{n}.5,gold\n" for n in range(30))
    people = holding(text="customerID,tenure,Churn,MonthlyCharges,Contract\n" + lines)
    guess = logs.contracts(people, roles.person(people))
    assert guess.columns == {"customer_id": "customerid", "plan": "contract", "price": "monthlycharges"}
    assert guess.drawn == {"tenure": "tenure", "unit": "months", "left": "churn"}
    assert "no file says when" in guess.notes[0] and "may be missing" in guess.notes[2]
    bare = holding("bare__csv", "customerID,Churn\n" + "".join(f"c{n},{n % 2}\n" for n in range(30)))
    assert logs.contracts(bare, "customerid") is None
    (customers,) = tables.guesses(bare)
    assert "no file says when" in customers.others[0]


def test_what_was_written_once_somebody_had_left_describes_nobody(holding):
    lines = "".join(f"{n},{n % 30},{'Churned' if n % 3 else 'Stayed'},{n % 3 % 2},{n},x\n" for n in range(60))
    people = holding(text="Customer ID,Tenure in Months,Customer Status,Churn Label,Churn Score,City\n" + lines)
    customers, contracts = tables.guesses(people)
    assert not customers.extras["attributes"] and contracts.drawn["left"] == "churn_label"


def test_a_status_beside_a_tenure_says_who_had_left_and_which_of_its_values_do_not(holding):
    states = ["正常", "已流失", "欠费停机", "在网"]
    lines = "".join(f"C{n},{n % 40},{'甲乙'[n % 2]},{states[n % 4]}\n" for n in range(60))
    customers, contracts = tables.guesses(holding(text="客户号,入网时长(月),客户类型,状态\n" + lines))
    assert contracts.drawn == {"tenure": "入网时长_月", "unit": "months", "left": "状态", "values": ("已流失",)}
    assert contracts.notes[0] == "'状态': 已流失 have left; not so 在网, 欠费停机, 正常"
    assert customers.extras["attributes"].keys() == {"客户类型"}  # of the customer, and no name of one
