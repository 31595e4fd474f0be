"""What is known of customers: from the report's tables and the data, days ahead, offers, open tickets."""

from __future__ import annotations

import numpy as np
import pandas as pd

import plans
import shops
from helpers.analyses import plan


def shop():
    customers = {
        "customer_id": ["a", "b"], "joined_at": pd.to_datetime(["2024-07-10", "2025-06-01"]), "owner": ["ann", None],
        "born_on": pd.to_datetime(["1990-07-02", "1985-06-15"]), "lunar_birthday": [False, True],
    }  # fmt: skip
    tickets = {"ticket_id": ["1", "2"], "customer_id": ["a", "a"], "opened_at": pd.Timestamp("2025-06-20"),
               "closed_at": [pd.NaT, pd.Timestamp("2025-06-21")], "complaint": [True, True]}  # fmt: skip
    touches = {"customer_id": ["a", "b"], "purpose": "survey", "touched_at": pd.Timestamp("2025-06-20")}
    surveys = {"customer_id": ["b"], "answered_at": pd.Timestamp("2025-06-22"), "score": 9.0}
    return shops.shop(customers=customers, tickets=tickets, touches=touches, surveys=surveys)


def known(folder, **tables):
    value = pd.DataFrame(
        {"customer_id": ["a", "b"], "lifetime_value": [100.0, np.nan], "contract_value": [20.0, np.nan]}
    )
    return plan.known(shop(), plans.saved(folder, value=value, **tables)).table


def test_it_gathers_what_is_known(tmp_path):
    table = known(tmp_path).sort_index()
    assert table["worth"]["a"] == 120 and np.isnan(table["worth"]["b"])
    assert table["open_complaints"].tolist() == [1, 0]
    assert table["birthday_in_days"].tolist() == [2, 9]  # 2 July; the 15th of the sixth month is 9 July
    assert table["owner"]["a"] == "ann"
    assert table["survey_asked_days"]["a"] == 10 and np.isnan(table["survey_asked_days"]["b"])


def test_the_first_offer_of_each_task_is_taken(tmp_path):
    offers = pd.DataFrame(
        {"customer_id": ["a", "a"], "task": ["new", "new"], "rank": [2, 1], "good": ["x", "y"], "chance": [0.1, 0.2],
         "expected_margin": [1.0, 2.0]}
    )  # fmt: skip
    due = pd.DataFrame({"customer_id": ["a", "a"], "good": ["tea", "salt"], "chance_30d": [0.3, 0.4]})
    steps = pd.DataFrame({"customer_id": ["b"], "family": ["phones"], "chance": [0.5]})
    table = known(tmp_path, offers=offers, due=due, up_sell=steps)
    assert table.loc["a", ["new_good", "new_chance", "new_margin", "due_good"]].tolist() == ["y", 0.2, 2.0, "salt"]
    assert table.loc["b", ["up_good", "up_chance"]].tolist() == ["phones", 0.5]


def test_what_is_due_is_offered_where_it_is_to_be_had(tmp_path):
    offers = pd.DataFrame({"customer_id": ["a"], "task": "due", "rank": 1, "good": "salt", "chance": 0.2})
    due = pd.DataFrame({"customer_id": ["a", "b"], "good": "tea", "chance_30d": 0.3})
    table = known(tmp_path, offers=offers, due=due)
    assert table["due_good"].where(table["due_good"].notna(), None).to_dict() == {"a": "salt", "b": None}


def test_it_says_what_is_lacking():
    few = plan.known(shop(), "")
    assert few.lacking(("band", "open_complaints")) == ["band"]
    assert few.column("band").isna().all()


def test_columns_that_no_rule_asks_for_are_left_in_their_tables(tmp_path):
    health = pd.DataFrame({"customer_id": ["a"], "band": ["red"], "first_cause": ["visits"]})
    advocates = pd.DataFrame({"customer_id": ["a"], "score": [7], "reach": [3]})
    table = known(tmp_path, health=health, advocates=advocates)
    assert table.loc["a", ["band", "advocate_score"]].tolist() == ["red", 7]
    assert not {"first_cause", "score", "reach"} & set(table)
