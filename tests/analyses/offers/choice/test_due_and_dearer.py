"""Goods that are due and steps up stand among the offers, but for goods that are not to be had."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from helpers.analyses.offers.choice.due_and_dearer import due_rows, up_rows

GOODS = pd.Index(["tea", "salt", "rice", "soap", "oil"])
HAD = SimpleNamespace(goods=GOODS)
BARRED = SimpleNamespace(goods=np.array([False, False, False, False, True]))


def due():
    chances = {"tea": 0.1, "salt": 0.4, "rice": 0.3, "soap": 0.2, "oil": 0.9}
    rows = {"customer_id": "a", "good": list(chances), "chance_30d": list(chances.values())}
    return pd.DataFrame(rows).assign(last_on=pd.Timestamp("2025-06-01"))


def test_the_three_likeliest_are_offered_of_those_that_are_to_be_had():
    rows = due_rows(due(), HAD, BARRED)
    assert rows["good"].tolist() == ["salt", "rice", "soap"]
    assert rows["rank"].tolist() == [1, 2, 3] and rows["chance"].tolist() == [0.4, 0.3, 0.2]
    assert set(rows["task"]) == set(rows["reason"]) == {"due"}
    assert rows["because_of"].tolist() == rows["good"].tolist() and rows["because_on"].notna().all()


def test_a_step_up_names_its_family():
    up = pd.DataFrame({"customer_id": ["b", "a", "b"], "family": ["phones", "tea", "bags"], "chance": [0.2, 0.5, 0.2]})
    rows = up_rows(up)
    assert rows[["customer_id", "good", "rank"]].to_numpy().tolist() == [
        ["a", "tea", 1],
        ["b", "bags", 1],
        ["b", "phones", 2],
    ]
    assert set(rows["task"]) == {"up"} and rows["because_on"].isna().all()


def test_nothing_is_offered_of_tables_that_there_are_not():
    assert due_rows(None, HAD, BARRED).empty and up_rows(None).empty
    assert due_rows(due().drop(columns="chance_30d"), HAD, BARRED).empty
