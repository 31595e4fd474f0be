"""Drift between two reports: planted changes are named, the same data show none, and shares equal a plain count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.records.change import drift
from helpers.analyses.profiling.records.column_profile import PROFILE, profile_table
from helpers.analyses.profiling.records.common_values import OTHERS
from helpers.data import contracts, datasets
from helpers.data.intake import parsing, settings
from helpers.findings import NotApplicable
from helpers.statistics.distributions.population_stability import stability_index

DAY = dt.date(2025, 6, 30)


def dataset(orders: pd.DataFrame, **tables: pd.DataFrame) -> datasets.Dataset:
    known = {
        name: parsing.completed(ibis.memtable(frame), contracts.TABLES[name])
        for name, frame in {"orders": orders, **tables}.items()
    }
    words = settings.Settings("Test", "", "UTC", "EUR", None, "", "", {}, {}, {}, {})
    return datasets.Dataset("test", DAY, words, known, pd.DataFrame(), Path(), (), Path())


def orders(seed: int, n: int = 3000) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "order_id": [f"o{place}" for place in range(n)],
            "customer_id": [f"c{place}" for place in rng.integers(0, 800, n)],
            "ordered_at": pd.Timestamp("2025-06-30 12:00") - pd.to_timedelta(rng.integers(0, 90, n), unit="D"),
            "amount": np.round(rng.gamma(2.0, 30.0, n), 2),
            "channel": rng.choice(["app", "web", "shop"], n, p=[0.5, 0.3, 0.2]),
            "cancelled": rng.random(n) < 0.05,
        }
    )


BEFORE = orders(1)


@pytest.fixture(scope="module")
def first() -> pd.DataFrame:
    """The profile of the report before."""
    return profile_table(dataset(BEFORE))


def drifted(now: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    return drift(profile_table(dataset(now), first), first).lines


def test_the_first_report_has_nothing_to_compare_with(first):
    for before in (None, pd.DataFrame(), pd.DataFrame({"column": ["amount"]})):
        assert isinstance(drift(first, before), NotApplicable)


def test_the_same_data_and_another_sample_of_the_same_customers_do_not_drift(first):
    assert drifted(BEFORE, first).empty
    assert drifted(orders(2), first).empty


def test_chance_alone_flags_no_small_report():
    """With 60 orders the index passes 0.1 by chance alone; over six pairs of two reports and three a flag is rare."""
    before = [profile_table(dataset(orders(seed + 100, 60))) for seed in range(2)]
    flags = sum(len(drifted(orders(seed, 60), each)) > 0 for seed in range(3) for each in before)
    assert flags <= 1


def test_shares_of_levels_and_tenths_equal_a_plain_count_and_their_index(first):
    now = orders(3).assign(amount=lambda table: table["amount"] * 1.6)
    found = drift(profile_table(dataset(now), first), first)
    edges = np.unique(np.quantile(BEFORE["amount"], np.arange(1, 10) / 10))
    shares = [np.bincount(np.searchsorted(edges, table["amount"]), minlength=10) / 3000 for table in (BEFORE, now)]
    index = found.compared.set_index("column")["stability_index"]
    assert index["amount"] == pytest.approx(stability_index(*shares))
    channels = [table["channel"].value_counts(normalize=True).sort_index() for table in (BEFORE, now)]
    assert index["channel"] == pytest.approx(stability_index(*channels))
    assert found.lines["column"].to_list() == ["amount"] and found.lines["change"].to_list() == ["distribution"]


def test_a_large_shift_comes_first_and_names_the_level_that_moved_most(first):
    now = orders(4).assign(channel=lambda table: table["channel"].replace({"shop": "app", "web": "app"}))
    now.loc[:899, "channel"] = "shop"
    line = drifted(now, first).iloc[0]
    assert (line["column"], line["change"], line["size"]) == ("channel", "distribution", "large")
    assert line["before"].startswith(("web 30", "web 29", "web 31")) and line["now"] == "web 0%"
    assert line["stability_index"] > 0.25


def test_a_new_value_and_one_that_went_are_named(first):
    now = orders(5)
    now.loc[:39, "channel"] = "kiosk"
    new = drifted(now, first)
    assert new[["column", "change"]].to_numpy().tolist() == [["channel", "new value"]] and "1.33%" in new["now"].iloc[0]
    gone = drifted(BEFORE, profile_table(dataset(now)))
    assert gone[["column", "change"]].to_numpy().tolist() == [["channel", "value gone"]]


def test_a_value_of_few_customers_is_in_no_profile():
    now = orders(6)
    now.loc[:299, "channel"] = "secret of one"
    now.loc[:299, "customer_id"] = "c1"
    profile = profile_table(dataset(now))
    channels = profile.query("column == 'channel' and measure == 'share'").set_index("level")["value"]
    assert "secret of one" not in channels.index and channels[OTHERS] >= 0.1
    assert channels.sum() == pytest.approx(1)


def test_a_column_that_empties_or_fills_is_missing_more_or_less(first):
    now = orders(7)
    now["channel"] = now["channel"].where(np.arange(len(now)) % 10 != 0)
    some = drifted(now, first).set_index("column").loc["channel"]
    assert (some["change"], some["before"], some["now"], some["size"]) == ("missing", "0%", "10.0%", "moderate")
    empty = drifted(orders(8).assign(channel=None), first).set_index("column").loc["channel"]
    assert (empty["change"], empty["now"], empty["size"]) == ("missing", "100%", "large")


def test_rows_that_multiply_and_tables_and_columns_that_come_or_go_are_large_changes(first):
    fewer = drifted(orders(9, 900), first)
    assert fewer.iloc[0][["column", "change", "before", "now", "size"]].to_list() == [
        "",
        "rows",
        "3,000",
        "900",
        "large",
    ]
    items = pd.DataFrame({"order_id": ["o1"] * 10, "quantity": 1.0})
    second = profile_table(dataset(BEFORE, order_items=items))
    assert drift(second, first).lines[["table", "change"]].to_numpy().tolist() == [["order_items", "appeared"]]
    assert drift(first, second).lines[["table", "change"]].to_numpy().tolist() == [["order_items", "vanished"]]
    lacking = first[first["column"] != "channel"]
    assert drift(lacking, first).lines[["column", "change"]].to_numpy().tolist() == [["channel", "vanished"]]


def test_only_the_last_days_are_described_so_that_the_past_does_not_dilute_a_fault():
    now = orders(10)
    past = orders(11, 30_000).assign(ordered_at=lambda table: table["ordered_at"] - pd.Timedelta(days=200))
    both = dataset(pd.concat([now, past], ignore_index=True))
    rows = profile_table(both).query("measure == 'rows'")["value"].to_list()
    assert rows == [3000] and profile_table(both, recent_days=3000).query("measure == 'rows'")["value"].to_list() == [
        33_000
    ]
    with pytest.raises(ValueError, match="recent_days = 0"):
        profile_table(both, recent_days=0)


def test_edges_are_handed_on_from_report_to_report(first):
    second = profile_table(dataset(orders(12).assign(amount=lambda table: table["amount"] * 3)), first)
    edges = [
        profile.query("measure == 'edge' and column == 'amount'")["value"].to_list() for profile in (first, second)
    ]
    assert edges[0] == edges[1] and len(edges[0]) == 9
    assert list(second.columns) == PROFILE


def test_a_table_without_rows_in_the_last_days_is_fewer_rows_not_vanished_columns(first):
    late = replace(dataset(BEFORE), as_of=dt.date(2026, 6, 30))
    lines = drift(profile_table(late, first), first).lines
    assert lines["change"].to_list() == ["rows"] and lines["now"].to_list() == ["0"]


def test_the_finding_speaks_and_draws(first):
    still, moved = (drift(profile_table(dataset(now), first), first) for now in (BEFORE, BEFORE.assign(channel="fax")))
    assert still.headline().startswith("Nothing drifted since the report before: 3 distributions")
    assert "first orders.channel (distribution: fax 0% before, fax 100% now)" in moved.headline()
    assert sorted(still.summary()["column"]) == ["amount", "cancelled", "channel"]
    ax = moved.plot()
    assert len(ax.patches) == 3
    plt.close(ax.figure)
