"""Features in the words of a reason."""

from __future__ import annotations

from helpers.analyses.churn.forecast.features import SOURCES
from helpers.analyses.churn.forecast.reason_words import WORDS, titled, worded


def test_words_say_the_feature_and_its_value():
    assert worded("recency_days", 120) == "no order for 120 days"
    assert worded("tickets_90d", 2) == "2 tickets in 90 days"
    assert worded("active_days_30d", 0) == "no active day in 30 days"
    assert worded("order_days", 1.0) == "1 order day so far"
    assert worded("plan", "月付") == "plan 月付"
    assert worded("channel", None) == "channel (not known)"
    assert titled("order_days_90d") == "order days in 90 days"


def test_an_attribute_of_a_data_set_is_named_as_it_is_written():
    assert titled("internet_service") == "internet service"
    assert worded("internet_service", "fibre") == "internet service fibre"


def test_nothing_has_words_that_no_source_makes(demo, contracts):
    from helpers.analyses.churn.forecast.features import features
    from helpers.analyses.churn.forecast.landmarks import at_risk, report_landmark

    rows = at_risk(contracts, demo, [report_landmark(contracts)])
    assert set(WORDS) <= set(features(contracts, demo, rows).table.columns)
    assert set(SOURCES) <= set(demo.tables)
