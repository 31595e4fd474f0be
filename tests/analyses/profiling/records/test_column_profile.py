"""The profile that the next report compares with: who is in it, which days, and whose edges."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.profiling.records.column_profile import Measure, Profile, edges_of, profile_table
from helpers.analyses.profiling.records.vocabulary import PROFILE_MEASURE
from helpers.findings import load, save
from helpers.findings.folding import OTHERS
from shops import shop


def test_a_value_of_few_customers_is_in_no_profile(ninety_days):
    now = ninety_days(6)
    now.loc[:299, "channel"] = "secret of one"
    now.loc[:299, "customer_id"] = "c1"
    profile = profile_table(shop(as_given=True, orders=now)).table
    channels = profile.query("column == 'channel' and measure == 'share'").set_index("level")["value"]
    assert "secret of one" not in channels.index and channels[OTHERS] >= 0.1
    assert channels.sum() == pytest.approx(1)


def test_only_the_last_days_are_described_so_that_the_past_does_not_dilute_a_fault(ninety_days):
    now = ninety_days(10)
    past = ninety_days(11, 30_000).assign(ordered_at=lambda table: table["ordered_at"] - pd.Timedelta(days=200))
    both = shop(as_given=True, orders=pd.concat([now, past], ignore_index=True))
    rows = [profile_table(both, recent_days=days).table.query("measure == 'rows'")["value"] for days in (90, 3000)]
    assert [counted.to_list() for counted in rows] == [[3000], [33_000]]
    with pytest.raises(ValueError, match="recent_days = 0"):
        profile_table(both, recent_days=0)


def test_edges_are_handed_on_from_report_to_report(ninety_days, tmp_path):
    """Also when the table lay in a file in between."""
    save(profile_table(shop(as_given=True, orders=ninety_days(1))), tmp_path, "column_profile")
    first = load(tmp_path, "column_profile")
    dearer = ninety_days(12).assign(amount=lambda table: table["amount"] * 3)
    second = profile_table(shop(as_given=True, orders=dearer), first).table
    edges = [edges_of(table, "orders", "amount") for table in (first, second)]
    assert edges[0] == edges[1] and len(edges[0]) == 9
    assert list(first) == list(second) == list(Profile.columns)
    assert edges_of(None, "orders", "amount") == edges_of(first.drop(columns="level"), "orders", "amount") == []


def test_each_measure_of_a_profile_has_words_and_counts_what_it_says(ninety_days):
    orders = ninety_days(14, 200)
    orders.loc[:49, "channel"] = None
    table = profile_table(shop(as_given=True, orders=orders)).table
    assert set(table["measure"]) == set(Measure) == set(PROFILE_MEASURE.words)
    values = table.query("level == ''").set_index(["column", "measure"])["value"]
    assert values["", Measure.ROWS] == 200 and values["channel", Measure.MISSING_SHARE] == 0.25
    assert values["customer_id", Measure.DISTINCT] == orders["customer_id"].nunique()
    median = table.query("column == 'amount' and level == 'median'")["value"].iloc[0]
    assert median == pytest.approx(orders["amount"].median())
