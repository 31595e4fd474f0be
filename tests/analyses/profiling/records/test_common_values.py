"""The values that columns hold most: beside slow pandas, and by hand; nothing points at a person."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.records import common_values
from helpers.analyses.profiling.records.common_values import (
    counted_levels,
    level_texts,
    levels,
    shown_levels,
    units_at_least,
)
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.findings.folding import OTHERS
from shops import shop

YEAR_END = dt.date(2025, 12, 31)


def stored(frame: pd.DataFrame) -> Dataset:
    """The frame in an engine."""
    rows = engine.from_frame(engine.connect(), frame.astype({"empty_text": "string"}))
    return shop(as_given=True, orders=rows)


@pytest.mark.parametrize("first_rows", [1, 30, 10**6])
def test_levels_equal_those_of_pandas_however_many_rows_are_looked_at_first(random_orders, first_rows, monkeypatch):
    monkeypatch.setattr(common_values, "FIRST_ROWS", first_rows)
    frame = random_orders(np.random.default_rng(8), 3000)
    found = levels(stored(frame)).table
    assert set(found["column"]) == {"channel", "page", "cancelled"}
    said = frame.assign(cancelled=frame["cancelled"].map({True: "yes", False: "no"}))
    for name, shown in found.groupby("column"):
        counts = said[name].value_counts()
        order = sorted(counts.index, key=lambda level: (-counts[level], level))[:12]
        wanted = {level: int(counts[level]) for level in order}
        rest = int(counts.sum()) - sum(wanted.values())
        wanted |= {OTHERS: rest} if rest else {}
        assert dict(zip(shown["level"], shown["rows"], strict=True)) == wanted
        assert shown["share"].to_list() == pytest.approx([rows / counts.sum() for rows in wanted.values()])


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 5))])
def test_what_is_shown_does_not_depend_on_the_rows_looked_at_first(random_orders, seed, monkeypatch):
    """Levels of one to nine customers each, in many rows: those near the limit are shown, or not, either way."""
    rng = np.random.default_rng(seed)
    customers = {f"level {place}": 1 + place % 9 for place in range(30)}
    level = rng.choice(list(customers), 2000)
    frame = random_orders(rng, 2000).assign(
        page=level, customer_id=[f"{name} {rng.integers(customers[name])}" for name in level]
    )
    data = stored(frame)
    texts = level_texts("orders", data.tables["orders"])
    found = []
    for first_rows in (10, 200, 1000, 10**6):
        monkeypatch.setattr(common_values, "FIRST_ROWS", first_rows)
        found.append(shown_levels(data, "orders", texts))
    for other in found[:-1]:
        pd.testing.assert_frame_equal(other, found[-1])
    named = set(found[-1].query("column == 'page'")["level"]) - {OTHERS}
    assert named and all(customers[name] >= 5 for name in named)


def test_bits_of_the_first_rows_are_among_those_of_all_rows(random_orders):
    data = stored(random_orders(np.random.default_rng(2), 1000))
    texts = level_texts("orders", data.tables["orders"])
    some, everyone = (counted_levels(data, "orders", texts, rows) for rows in (100, None))
    pd.testing.assert_frame_equal(some.drop(columns="unit_bits"), everyone.drop(columns="unit_bits"))
    assert (some["unit_bits"] & ~everyone["unit_bits"]).eq(0).all() and (
        some["unit_bits"] < everyone["unit_bits"]
    ).any()


def test_levels_are_shares_of_the_rows_that_have_a_value(plain_orders):
    table = plain_orders()
    table.loc[:39, "channel"] = None
    lines = levels(shop(as_of=YEAR_END, orders=table)).table
    channel = lines[lines["column"] == "channel"].set_index("level")
    assert channel["rows"].to_dict() == {"app": 120, "web": 40} and channel["share"].to_list() == [0.75, 0.25]


def test_a_level_of_few_customers_is_not_shown_however_many_rows_it_has(plain_orders):
    table = plain_orders()
    table.loc[:99, ["channel", "customer_id"]] = ["Anna Smith 13800138000", "c1"]
    found = levels(shop(as_of=YEAR_END, orders=table))
    channel = found.table[found.table["column"] == "channel"].set_index("level")["rows"]
    assert "Anna" not in found.table.to_csv() + words_of(found) and channel[OTHERS] >= 100
    assert channel.sum() == 200


def test_unique_texts_and_what_people_wrote_leave_no_level():
    tickets = pd.DataFrame({
        "ticket_id": [f"t{place}" for place in range(60)], "customer_id": [f"c{place}" for place in range(60)],
        "opened_at": pd.Timestamp("2025-01-01"), "category": [f"secret {place}" for place in range(60)],
        "text": "the same words of everybody",
    })  # fmt: skip
    found = levels(shop(as_of=YEAR_END, tickets=tickets))
    assert found.table[["column", "level", "rows"]].to_numpy().tolist() == [["category", OTHERS, 60]]
    assert "none is shown" in words_of(found)


def test_the_others_are_never_fewer_than_five_customers(plain_orders):
    """Six levels of ten customers each and one of a single customer: the rarest joins it."""
    table = plain_orders(120).assign(channel=[f"shop {place % 6}" for place in range(120)])
    table["customer_id"] = [f"c{place % 60}" for place in range(120)]
    table.loc[119, "channel"] = "kiosk"
    channel = levels(shop(as_of=YEAR_END, orders=table)).table.query("column == 'channel'").set_index("level")["rows"]
    assert len(channel) == 6 and channel[OTHERS] == 20 and channel.sum() == 120


def test_the_customers_of_a_level_are_never_overstated(plain_orders):
    rng = np.random.default_rng(3)
    table = plain_orders(4000).assign(channel=rng.choice([f"l{place}" for place in range(300)], 4000))
    table["customer_id"] = [f"c{place}" for place in rng.integers(0, 900, 4000)]
    data = shop(as_of=YEAR_END, orders=table)
    texts = {"channel": level_texts("orders", data.tables["orders"])["channel"]}
    counted = counted_levels(data, "orders", texts).set_index("level")
    bound = pd.Series(units_at_least(counted["unit_bits"]), counted.index)
    true = table.groupby("channel")["customer_id"].nunique()
    assert (bound <= true[bound.index]).all() and bound.sum() > 0.8 * true.sum()


def test_items_are_counted_by_the_customers_of_their_orders(plain_orders):
    items = pd.DataFrame({"order_id": [f"o{place}" for place in range(200)], "category": ["rare"] * 20 + ["tea"] * 180})
    one_buyer = plain_orders().assign(customer_id=["c1"] * 20 + [f"c{place}" for place in range(180)])
    found = levels(shop(as_of=YEAR_END, orders=one_buyer, order_items=items)).table.query("table == 'order_items'")
    assert "rare" not in found["level"].to_list()


def test_where_nobody_is_named_orders_stand_for_customers(plain_orders):
    found = levels(shop(as_of=YEAR_END, orders=plain_orders().assign(customer_id=None)))
    assert set(found.table.query("column == 'channel'")["level"]) == {"app", "web"}


def test_without_texts_there_are_no_levels(plain_orders):
    data = shop(as_of=YEAR_END, orders=plain_orders().drop(columns="channel"))
    assert isinstance(levels(data), NotApplicable)


def test_a_column_of_one_value_is_said_to_be_one_sided(plain_orders):
    several, same = (
        levels(shop(as_of=YEAR_END, orders=plain_orders().assign(channel=channel)))
        for channel in (["app", "web"] * 100, ["app"] * 195 + ["web"] * 5)
    )
    assert "In none of 1 text and yes-no columns does one value hold 95.0% of the rows." in words_of(several)
    assert "“Channel” of the orders: “app” in 97.5% of the rows." in words_of(same)
    line = same.summary().set_index("column").loc["channel"]
    assert (line["most_frequent"], line["share"], line["levels_shown"], line["others_share"]) == ("app", 0.975, 2, 0)
