"""Which columns describe customers, and why others do not tell them apart."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.churn.leaving.descriptions import described, not_telling
from shops import shop


def test_what_describes_a_customer_is_the_contract_s_columns_that_there_are():
    known = pd.DataFrame({"customer_id": ["a"], "name": "A", "gender": "f", "channel": "web"})
    assert described(shop(known=known)) == ["channel", "gender"]


def test_a_column_tells_nothing_when_it_is_constant_a_copy_or_a_name():
    table = pd.DataFrame({"plan": ["a", "b"] * 30, "country": "N"})
    table = table.assign(level=table["plan"].map({"a": "gold", "b": "silver"}), city=[f"c{row}" for row in range(60)])
    table = table.assign(price=range(60))
    why = not_telling(table, ["plan", "country", "level", "city", "price"])
    assert {name: str(reason) for name, reason in why.items()} == {
        "country": "the same for everybody",
        "level": "divides customers exactly as Plan does",
        "city": "nearly a name: too many values for the customers there are",
    }
