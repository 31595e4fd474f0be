"""Columns, levels and repeats of small tables counted by hand; nothing points at a person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.records import column_quality
from helpers.analyses.profiling.records.column_quality import columns
from helpers.analyses.profiling.records.common_values import OTHERS, counted_levels, level_texts, levels, units_at_least
from helpers.analyses.profiling.records.repeats import duplicates
from helpers.data import contracts, datasets
from helpers.data.intake import parsing, settings
from helpers.findings import NotApplicable


def dataset(accounting: list[tuple] = (), **tables: pd.DataFrame) -> datasets.Dataset:
    known = {
        name: parsing.completed(ibis.memtable(frame), contracts.TABLES[name])
        if name != "customers"
        else ibis.memtable(frame)
        for name, frame in tables.items()
    }
    books = pd.DataFrame(accounting, columns=["table", "outcome", "rule", "rows", "rows_meeting"])
    words = settings.Settings("Test", "", "UTC", "EUR", None, "", "", {}, {}, {}, {})
    return datasets.Dataset(
        "test", dt.date(2025, 12, 31), words, known, books.astype({"rule": str}), Path(), (), Path()
    )


def orders(n: int = 200) -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(n)], "customer_id": [f"c{place % 50}" for place in range(n)],
        "ordered_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
        "amount": np.arange(1.0, n + 1), "channel": ["app" if place % 4 else "web" for place in range(n)],
    })  # fmt: skip


def people(n: int) -> pd.DataFrame:
    return pd.DataFrame({
        "customer_id": [f"c{place}" for place in range(n)], "birth_year": 1950 + np.arange(n) % 50,
        "joined_at": pd.Timestamp("2025-01-01"), "city": "Paris",
    })  # fmt: skip


def test_quantiles_and_distinct_values_equal_those_counted_by_hand():
    lines = columns(dataset(orders=orders())).lines.set_index("column")
    amount = lines.loc["amount"]
    assert amount[["lowest", "q05", "q25", "median", "q75", "q95", "highest"]].to_list() == pytest.approx(
        [1, *np.quantile(np.arange(1, 201), [0.05, 0.25, 0.5, 0.75, 0.95]), 200]
    )
    assert lines["distinct"][["order_id", "customer_id", "ordered_at", "amount", "channel"]].to_list() == [
        200,
        50,
        9,
        200,
        2,
    ]  # times by day: 200 hours are 9 days
    assert (lines.loc["ordered_at", "earliest"], lines.loc["paid_at", "missing"]) == (pd.Timestamp("2025-01-01"), 200)
    assert lines["kind"][["order_id", "amount", "cancelled", "channel"]].to_list() == ["id", "number", "flag", "text"]


def test_of_people_no_extreme_is_shown_and_no_quantile_that_fewer_than_five_lie_beyond():
    many, few = (columns(dataset(customers=people(n))) for n in (100, 99))
    born = [found.lines.set_index("column").loc["birth_year"] for found in (many, few)]
    assert pd.isna(born[0]["lowest"]) and pd.isna(born[0]["highest"]) and not pd.isna(born[0]["q05"])
    assert born[1][["q05", "median", "q95"]].isna().all()
    shown = many.of("customers").set_index("column")
    assert shown["range"][["birth_year", "city", "customer_id"]].eq("").all()
    assert shown.loc["joined_at", "range"] == "2025-01-01 to 2025-01-01"
    assert shown.loc["birth_year", "median_with_quartiles"] == "1974.5 (1962 to 1987)"


def test_large_tables_are_estimated_within_a_fifth(monkeypatch):
    monkeypatch.setattr(column_quality, "LARGE", 100)
    lines = columns(dataset(orders=orders(2000))).lines.set_index("column")
    assert lines.loc["order_id", "distinct"] == 2000  # a key has no repeats, so nothing is estimated
    assert lines.loc["amount", "distinct"] == pytest.approx(2000, rel=0.2)
    assert lines.loc["amount", "median"] == pytest.approx(1000.5, rel=0.02)


def test_levels_are_shares_of_the_rows_that_have_a_value():
    table = orders()
    table.loc[:39, "channel"] = None
    lines = levels(dataset(orders=table)).lines
    channel = lines[lines["column"] == "channel"].set_index("level")
    assert channel["rows"].to_dict() == {"app": 120, "web": 40} and channel["share"].to_list() == [0.75, 0.25]


def test_a_level_of_few_customers_is_not_shown_however_many_rows_it_has():
    table = orders()
    table.loc[:99, ["channel", "customer_id"]] = ["Anna Smith 13800138000", "c1"]
    found = levels(dataset(orders=table))
    channel = found.lines[found.lines["column"] == "channel"].set_index("level")["rows"]
    assert "Anna" not in found.lines.to_csv() + found.headline() and channel[OTHERS] >= 100
    assert channel.sum() == 200


def test_unique_texts_and_what_people_wrote_leave_no_level():
    tickets = pd.DataFrame({
        "ticket_id": [f"t{place}" for place in range(60)], "customer_id": [f"c{place}" for place in range(60)],
        "opened_at": pd.Timestamp("2025-01-01"), "category": [f"secret {place}" for place in range(60)],
        "text": "the same words of everybody",
    })  # fmt: skip
    found = levels(dataset(tickets=tickets))
    assert found.lines[["column", "level", "rows"]].to_numpy().tolist() == [["category", OTHERS, 60]]
    assert "none is shown" in found.headline()


def test_the_others_are_never_fewer_than_five_customers():
    """Six levels of ten customers each and one of a single customer: the rarest joins it."""
    table = orders(120).assign(channel=[f"shop {place % 6}" for place in range(120)])
    table["customer_id"] = [f"c{place % 60}" for place in range(120)]
    table.loc[119, "channel"] = "kiosk"
    channel = levels(dataset(orders=table)).lines.query("column == 'channel'").set_index("level")["rows"]
    assert len(channel) == 6 and channel[OTHERS] == 20 and channel.sum() == 120


def test_the_customers_of_a_level_are_never_overstated():
    rng = np.random.default_rng(3)
    table = orders(4000).assign(channel=rng.choice([f"l{place}" for place in range(300)], 4000))
    table["customer_id"] = [f"c{place}" for place in rng.integers(0, 900, 4000)]
    data = dataset(orders=table)
    texts = {"channel": level_texts("orders", data.tables["orders"])["channel"]}
    counted = counted_levels(data, "orders", texts).set_index("level")
    bound = pd.Series(units_at_least(counted["unit_bits"]), counted.index)
    true = table.groupby("channel")["customer_id"].nunique()
    assert (bound <= true[bound.index]).all() and bound.sum() > 0.8 * true.sum()


def test_items_are_counted_by_the_customers_of_their_orders():
    items = pd.DataFrame({"order_id": [f"o{place}" for place in range(200)], "category": ["rare"] * 20 + ["tea"] * 180})
    one_buyer = orders().assign(customer_id=["c1"] * 20 + [f"c{place}" for place in range(180)])
    found = levels(dataset(orders=one_buyer, order_items=items)).lines.query("table == 'order_items'")
    assert "rare" not in found["level"].to_list()


def test_where_nobody_is_named_orders_stand_for_customers():
    found = levels(dataset(orders=orders().assign(customer_id=None)))
    assert set(found.lines.query("column == 'channel'")["level"]) == {"app", "web"}


def test_without_texts_there_are_no_levels():
    data = dataset(orders=orders().drop(columns="channel"))
    assert isinstance(levels(data), NotApplicable)


def test_rows_that_repeat_are_counted_by_the_way_in_which_they_do():
    table = orders()
    twice = table.head(3).assign(order_id=["x1", "x2", "x3"])
    books = [
        ("orders", "read", "", 210, 210), ("orders", "quarantined", "order_id repeats", 7, 7),
        ("events", "read", "", 10, 10), ("events", "kept", "row repeats (all columns equal)", 0, 4),
        ("customers", "merged", "customer_id repeats", 90, 90),
    ]  # fmt: skip
    events = pd.DataFrame({"customer_id": ["a"] * 10, "event": "visit", "happened_at": pd.Timestamp("2025-01-01")})
    both = pd.concat([table, twice], ignore_index=True)
    found = duplicates(dataset(books, orders=both, events=events, customers=people(9)))
    lines = found.lines.set_index("table")
    assert lines.loc["orders", ["repeated_keys", "rows", "equal_but_number"]].to_list() == [7, 203, 3]
    assert lines.loc["events", "equal_rows"] == 4 and lines.loc["customers", "repeated_keys"] == 0
    assert found.headline() == (
        "4 rows equal another in every column (most in events); 7 rows repeat a key (most in orders); "
        "3 rows equal another in all but their number (most in orders)."
    )


def test_orders_of_nobody_are_no_repeats_of_each_other():
    same = orders().assign(customer_id=None, ordered_at=pd.Timestamp("2025-01-01"), amount=9.0)
    found = duplicates(dataset([("orders", "read", "", 200, 200)], orders=same))
    assert found.headline() == "No row repeats another one."
