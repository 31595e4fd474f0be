"""Texts written apart, and texts that say nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.profiling.records.spellings import says_nothing
from helpers.analyses.profiling.records.suspicions import Pattern


def test_spellings_that_differ_in_case_space_and_width_are_one_value(clean_orders, looked_through):
    table = clean_orders.copy()
    table.loc[table.index[:8], "channel"] = "ＡＰＰ"
    table.loc[table.index[8:18], "channel"] = "A pp"
    table.loc[table.index[18], "channel"] = "APP"  # of one customer, who is not shown
    data = {"orders": table}
    line = looked_through(**data).table.iloc[0]
    assert (line["column"], line["pattern"], line["rows_concerned"]) == ("channel", Pattern.SPELLINGS, 19)
    evidence = str(line["evidence"])
    assert evidence.startswith("4 spellings of one value") and "“APP”" not in evidence
    assert "“A pp”" in evidence


def test_words_that_say_nothing_are_counted(clean_customers, suspicious):
    people = clean_customers.copy()
    people.loc[:39, "city"] = "未知"
    assert suspicious(customers=people) == {("customers", "city", Pattern.PLACEHOLDER): 40}


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("unknown", True),
        (" N/A ", True),
        ("--", True),
        ("未填", True),
        ("Nantes", False),
        ("test drive", False),
        (None, False),
    ],
)
def test_a_text_says_nothing_only_as_a_whole(text, nothing):
    assert says_nothing(pd.Series([text])).to_list() == [nothing]
