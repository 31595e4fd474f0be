"""Drift between two reports: planted changes are named, the same data show none, and shares equal a plain count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.records.change import Change, Size, drift
from helpers.analyses.profiling.records.column_profile import Profile, profile_table
from helpers.analyses.profiling.records.vocabulary import CHANGE, SIZE
from helpers.findings import NotApplicable
from helpers.findings.folding import OTHERS
from helpers.findings.tables import table
from helpers.statistics.distributions.population_stability import stability_index
from shops import shop

AT = pd.Timestamp("2025-06-01 12:00")


@pytest.fixture(scope="module")
def before(ninety_days) -> pd.DataFrame:
    """The orders of the report before."""
    return ninety_days(1)


@pytest.fixture(scope="module")
def first(before) -> Profile:
    """The profile of the report before."""
    return profile_table(shop(as_given=True, orders=before))


def drifted(now: pd.DataFrame, first: Profile) -> pd.DataFrame:
    return drift(profile_table(shop(as_given=True, orders=now), first.table), first.table).table


def test_the_first_report_has_nothing_to_compare_with(first):
    for before in (None, pd.DataFrame(), pd.DataFrame({"column": ["amount"]})):
        assert isinstance(drift(first, before), NotApplicable)


def test_the_same_data_and_another_sample_of_the_same_customers_do_not_drift(before, ninety_days, first):
    assert drifted(before, first).empty
    assert drifted(ninety_days(2), first).empty


def test_orders_of_other_customers_who_each_order_the_same_do_not_drift():
    """Sixty customers of ten orders are sixty, not six hundred: each keeps to one channel, and to one amount."""

    def orders(seed: int) -> pd.DataFrame:
        who = np.repeat(np.arange(60), 10)
        rng = np.random.default_rng(seed)
        channel, amount = rng.choice(["app", "web", "shop", "call"], 60), rng.lognormal(3, 1, 60).round(2)
        known = {"order_id": np.arange(600).astype(str), "customer_id": [f"{seed}-{each}" for each in who]}
        return pd.DataFrame({**known, "ordered_at": AT, "channel": channel[who], "amount": amount[who]})

    before = [profile_table(shop(as_given=True, orders=orders(seed))) for seed in (1, 2, 3)]
    assert all(drifted(orders(seed), each).empty for seed, each in enumerate(before, start=10))


@pytest.mark.long
def test_chance_alone_flags_no_small_report(ninety_days):
    """With 60 orders the index passes 0.1 by chance alone; over six pairs of two reports and three a flag is rare."""
    before = [profile_table(shop(as_given=True, orders=ninety_days(seed + 100, 60))) for seed in range(2)]
    flags = sum(len(drifted(ninety_days(seed, 60), each)) > 0 for seed in range(3) for each in before)
    assert flags <= 1


def test_shares_of_levels_and_tenths_equal_a_plain_count_and_their_index(before, ninety_days, first):
    now = ninety_days(3).assign(amount=lambda table: table["amount"] * 1.6)
    found = drift(profile_table(shop(as_given=True, orders=now), first.table), first.table)
    edges = np.unique(np.quantile(before["amount"], np.arange(1, 10) / 10))
    shares = [np.bincount(np.searchsorted(edges, table["amount"]), minlength=10) / 3000 for table in (before, now)]
    index = found.compared.set_index("column")["stability_index"]
    assert index["amount"] == pytest.approx(stability_index(*shares))
    channels = [table["channel"].value_counts(normalize=True).sort_index() for table in (before, now)]
    assert index["channel"] == pytest.approx(stability_index(*channels))
    assert found.table["column"].to_list() == ["amount"] and found.table["change"].to_list() == ["distribution"]


def test_a_large_shift_comes_first_and_names_the_level_that_moved_most(ninety_days, first):
    now = ninety_days(4).assign(channel=lambda table: table["channel"].replace({"shop": "app", "web": "app"}))
    now.loc[:899, "channel"] = "shop"
    line = drifted(now, first).iloc[0]
    assert (line["column"], line["change"], line["size"]) == ("channel", "distribution", "large")
    assert line["before"].startswith(("web 30", "web 29", "web 31")) and line["now"] == "web 0%"
    assert line["stability_index"] > 0.25


def test_a_new_value_and_one_that_went_are_named(before, ninety_days, first):
    now = ninety_days(5)
    now.loc[:39, "channel"] = "kiosk"
    new = drifted(now, first)
    assert (
        new[["column", "change"]].to_numpy().tolist() == [["channel", Change.NEW_VALUE]]
        and "1.3%" in new["now"].iloc[0]
    )
    gone = drifted(before, profile_table(shop(as_given=True, orders=now)))
    assert gone[["column", "change"]].to_numpy().tolist() == [["channel", Change.VALUE_GONE]]


def test_a_column_that_empties_or_fills_is_missing_more_or_less(ninety_days, first):
    now = ninety_days(7)
    now["channel"] = now["channel"].where(np.arange(len(now)) % 10 != 0)
    some = drifted(now, first).set_index("column").loc["channel"]
    assert (some["change"], some["before"], some["now"], some["size"]) == ("missing", "0%", "10.0%", "moderate")
    empty = drifted(ninety_days(8).assign(channel=None), first).set_index("column").loc["channel"]
    assert (empty["change"], empty["now"], empty["size"]) == ("missing", "100%", "large")


def test_rows_that_multiply_and_tables_and_columns_that_come_or_go_are_large_changes(before, ninety_days, first):
    fewer = drifted(ninety_days(9, 900), first)
    line = fewer.iloc[0]
    assert (line["column"], line["change"], line["size"]) == ("", Change.ROWS, Size.LARGE)
    assert (line["before"], line["now"]) == ("3,000", "900")
    items = pd.DataFrame({"order_id": ["o1"] * 10, "quantity": 1.0})
    second = profile_table(shop(as_given=True, orders=before, order_items=items))
    assert drift(second, first.table).table[["table", "change"]].to_numpy().tolist() == [["order_items", "appeared"]]
    assert drift(first, second.table).table[["table", "change"]].to_numpy().tolist() == [["order_items", "vanished"]]
    lacking = Profile(first.table[first.table["column"] != "channel"])
    assert drift(lacking, first.table).table[["column", "change"]].to_numpy().tolist() == [["channel", "vanished"]]


def test_a_column_without_values_neither_comes_nor_goes(before, first):
    second = profile_table(shop(as_given=True, orders=before.assign(updated_by=None)), first.table)
    assert "updated_by" in set(second.table["column"])
    assert drift(second, first.table).table.empty and drift(first, second.table).table.empty


def test_a_table_without_rows_in_the_last_days_is_fewer_rows_not_vanished_columns(before, first):
    late = replace(shop(as_given=True, orders=before), as_of=dt.date(2026, 6, 30))
    lines = drift(profile_table(late, first.table), first.table).table
    assert lines["change"].to_list() == ["rows"] and lines["now"].to_list() == ["0"]


def test_the_finding_speaks_and_draws(before, first):
    still, moved = (
        drift(profile_table(shop(as_given=True, orders=now), first.table), first.table)
        for now in (before, before.assign(channel="fax"))
    )
    assert words_of(still).startswith("No column changed noticeably since the report before. 3 distributions")
    assert (
        "first “Channel” of the orders. “Channel” of the orders: distribution, fax 0% before, fax 100% now."
        in words_of(moved)
    )
    assert sorted(still.summary()["column"]) == ["amount", "cancelled", "channel"]
    lines = [table(finding.summary(), finding.shown) for finding in (still, moved)]
    assert all("Stability index" in each and "Channel" in each for each in lines)
    assert ["fax 100%" in each for each in lines] == [False, True]
    ax = moved.plot()
    assert len(ax.patches) == 3
    plt.close(ax.figure)


def test_what_the_report_before_called_other_values_are_the_others_of_now(ninety_days):
    now = ninety_days(13).assign(channel=lambda table: [f"shop {place % 20}" for place in range(len(table))])
    profile = profile_table(shop(as_given=True, orders=now))
    earlier = profile.table.replace({"level": {OTHERS: "(other values)"}})
    assert (earlier["level"] == "(other values)").any()
    assert drift(profile, earlier).table.empty


def test_new_values_and_vanished_ones_are_told_in_words(ninety_days, first):
    now = ninety_days(5)
    now.loc[:39, "channel"] = "kiosk"
    headline = words_of(drift(profile_table(shop(as_given=True, orders=now), first.table), first.table))
    assert "“Channel” of the orders: new value, kiosk 0% before, kiosk 1.3% now." in headline


def test_every_change_and_size_has_words():
    assert set(CHANGE.words) == set(Change) and set(SIZE.words) == set(Size)
