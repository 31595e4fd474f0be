"""Whose earlier days are learned from: all where they are few, else some at random, and everybody on the report's day."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from answers import words_of

from helpers.analyses.churn.forecast import learning_sample
from helpers.analyses.churn.forecast.backtest import holdout
from helpers.analyses.churn.forecast.landmarks import at_risk, report_landmark
from helpers.analyses.churn.forecast.learning_sample import drawn_words, learning_rows
from helpers.analyses.churn.health_score.plans import Weighting
from helpers.analyses.churn.health_score.rankings import health_backtest

SOME = 700


@pytest.fixture(params=["contract", "silence"])
def there(request, contracts, silences):
    """Stays of which no sample was drawn before."""
    return replace(contracts if request.param == "contract" else silences)


def rows_of(there, demo):
    return at_risk(there, demo, pd.DatetimeIndex(["2025-03-01", "2025-06-01", report_landmark(there)]))


def test_few_customers_are_all_taken(there, demo):
    rows = rows_of(there, demo)
    assert learning_rows(there, rows) is rows
    assert drawn_words(there) is None


def test_of_many_some_are_taken_with_all_their_days_and_everybody_on_the_report_s_own(there, demo, monkeypatch):
    monkeypatch.setattr(learning_sample, "MOST_CUSTOMERS", SOME)
    rows = rows_of(there, demo)
    kept = learning_rows(there, rows)
    now, then = (rows[(rows["landmark_at"] == report_landmark(there)) == is_now] for is_now in (True, False))
    earlier = kept[kept["landmark_at"] != report_landmark(there)]
    assert sorted(kept.loc[kept["landmark_at"] == report_landmark(there), "customer_id"]) == sorted(now["customer_id"])
    assert 0 < earlier["customer_id"].nunique() <= SOME < then["customer_id"].nunique()
    assert len(earlier) == then["customer_id"].isin(earlier["customer_id"]).sum()
    assert abs(earlier["left_on"].isna().mean() - then["left_on"].isna().mean()) < 0.06


def test_names_and_the_order_of_rows_do_not_change_who_is_taken(contracts, silences, demo, monkeypatch):
    monkeypatch.setattr(learning_sample, "MOST_CUSTOMERS", SOME)
    for there in (contracts, silences):
        rows = rows_of(there, demo)
        alone = rows.drop_duplicates([name for name in rows if name != "customer_id"], keep=False)["customer_id"]
        taken = set(learning_rows(replace(there), rows)["customer_id"]) & set(alone)
        table = there.table.assign(customer_id=renamed(there.table)).iloc[::-1]
        other = learning_rows(replace(there, table=table), rows.assign(customer_id=renamed(rows)))
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
