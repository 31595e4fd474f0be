"""What customers turn to the service for: themes by records and by customers."""

from __future__ import annotations

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.people.requests import needs
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from shops import shop


def test_needs_count_customers_by_theme_and_fold_the_rare_ones(tea):
    lines = needs(tea).table
    first = lines.iloc[0]
    assert (first["theme"], first["records"], first["customers"]) == ("delivery", 9, 9)
    assert (
        first["share"] == 0.75 and first["customer_share"] == 0.15 and first["complaint_share"] == pytest.approx(1 / 3)
    )
    assert not lines["theme"].str.contains("rare").any() and len(lines) == 1


def test_surveys_have_mean_scores_and_rare_themes_of_five_customers_are_one():
    """Each of 6 customers answers two questions of all, and one of its own; one answer to no question."""
    answers = [
        (f"c{n}", question, score) for n in range(6) for question, score in (("nps", 4.0), ("csat", n), (f"q{n}", 1))
    ]
    rows = pd.DataFrame(
        [*answers, ("c0", "nps", 11.0), ("c1", None, 1.0)], columns=["customer_id", "question", "score"]
    )
    table = needs(shop(surveys=rows.assign(answered_at=pd.Timestamp("2025-06-01")))).table.set_index("theme")
    assert table["records"].to_dict() == {"nps": 7, "csat": 6, SMALL_GROUPS: 7}
    assert table["customers"].to_dict() == {"nps": 6, "csat": 6, SMALL_GROUPS: 6} and UNKNOWN not in table.index
    assert table["share"].sum() == pytest.approx(1) and table.loc["nps", "share"] == 7 / 20
    assert table["mean_score"].to_list() == pytest.approx([35 / 7, 15 / 6, 1])
    assert table["complaint_share"].isna().all()


def test_columns_that_no_source_fills_are_not_shown_and_the_headline_names_each_source(tea):
    assert "mean_score" not in needs(tea).summary() and "complaint_share" in needs(tea).summary()
    assert words_of(needs(tea)) == (
        "Customers ask for help most about “delivery”: 75.0% of the tickets, of 9 customers. 60 customers."
    )


def test_without_tickets_and_surveys_there_are_no_needs():
    assert isinstance(needs(shop(customers={"customer_id": ["a"]})), NotApplicable)
