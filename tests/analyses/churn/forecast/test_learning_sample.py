"""Whose earlier days are learned from: all where they are few, else some at random, and everybody on the report's day."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from answers import words_of
from helpers.analyses.churn.forecast import learning_sample
from helpers.analyses.churn.forecast.backtest import holdout
from helpers.analyses.churn.forecast.landmarks import at_risk, first_silences, report_landmark
from helpers.analyses.churn.forecast.learning_sample import drawn_words, learning_rows
from helpers.analyses.churn.health_score.plans import Weighting
from helpers.analyses.churn.health_score.rankings import health_backtest

SOME = 700


@pytest.fixture(params=["contract", "silence"])
def there(request, contracts, silences):
    """Stays of which no sample was drawn before."""
    return replace(contracts if request.param == "contract" else silences)


def days_of(there):
    return pd.DatetimeIndex(["2025-03-01", "2025-06-01", report_landmark(there)])


def test_few_customers_are_all_taken(there, demo):
    days = days_of(there)
    assert_frame_equal(learning_rows(there, demo, days), at_risk(there, demo, days))
    assert drawn_words(there) is None


def test_of_many_some_are_taken_with_all_their_days_and_everybody_on_the_report_s_own(there, demo, monkeypatch):
    monkeypatch.setattr(learning_sample, "MOST_CUSTOMERS", SOME)
    rows, kept = at_risk(there, demo, days_of(there)), learning_rows(there, demo, days_of(there))
    is_now, then = rows["landmark_at"] == report_landmark(there), rows[rows["landmark_at"] < report_landmark(there)]
    earlier = kept[kept["landmark_at"] != report_landmark(there)]
    taken = rows["customer_id"].isin(earlier["customer_id"])
    assert_frame_equal(kept, rows[is_now | taken].reset_index(drop=True))
    assert 0 < earlier["customer_id"].nunique() <= SOME < then["customer_id"].nunique()
    assert abs(earlier["left_on"].isna().mean() - then["left_on"].isna().mean()) < 0.06


def test_of_many_whose_silence_is_looked_at_the_first_row_of_each_decides(silences, demo):
    rows, days = at_risk(silences, demo, days_of(silences)), days_of(silences)
    first = first_silences(silences, demo, days).sort_values(["landmark_at", "customer_id"], ignore_index=True)
    assert_frame_equal(first, rows.drop_duplicates("customer_id").reset_index(drop=True))


def test_names_do_not_change_who_is_taken(contracts, silences, demo, monkeypatch):
    monkeypatch.setattr(learning_sample, "MOST_CUSTOMERS", SOME)
    tables = {
        name: table.mutate(customer_id=table.customer_id.reverse()) if "customer_id" in table.columns else table
        for name, table in demo.tables.items()
    }
    for there in (contracts, silences):
        rows = at_risk(there, demo, days_of(there))
        alone = rows.drop_duplicates([name for name in rows if name != "customer_id"], keep=False)["customer_id"]
        taken = set(learning_rows(replace(there), demo, days_of(there))["customer_id"]) & set(alone)
        named = replace(there, table=there.table.assign(customer_id=renamed(there.table)).iloc[::-1])
        other = learning_rows(named, replace(demo, tables=tables), days_of(there))
        both = taken & set(renamed(other))
        assert len(both) > 0.97 * len(taken)  # but for stays that are alike


def renamed(rows):
    """Names in another order, and back."""
    return rows["customer_id"].str[::-1]


def test_answers_say_that_they_rest_on_some_and_chances_are_tried_on_the_same(contracts, demo, monkeypatch):
    monkeypatch.setattr(learning_sample, "MOST_CUSTOMERS", 2_500)
    there = replace(contracts)
    said = f"Earlier days are those of 2,500 customers at random, of {there.table['customer_id'].nunique():,}."
    tested = holdout(there, demo)
    scores = health_backtest(there, demo, tested)
    assert said in words_of(tested) and said in words_of(scores)
    assert Weighting.CHURN_RISK in scores.own.scores and scores.own.scores[Weighting.CHURN_RISK].notna().all()
