"""Bits of intervals, beside sets of places."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.presence import has, lowest, patterns, places, presence


def seeded(n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    who = [f"c{person}" for person in rng.integers(0, 60, n)]
    return pd.DataFrame({"customer_id": who, "place": rng.integers(0, 63, n), "large": rng.random(n) < 0.3})


def places_of(bits: int) -> set[int]:
    return {place for place in range(63) if int(bits) >> place & 1}


def test_bits_are_the_places_of_a_customer_s_facts():
    frame = seeded()
    rows = ibis.memtable(frame)
    bits = presence(rows).execute().set_index("customer_id")["bits"]
    assert bits.map(places_of).to_dict() == frame.groupby("customer_id")["place"].agg(set).to_dict()


def test_each_condition_has_bits_of_its_own_and_none_where_no_fact_meets_it():
    frame = seeded(120)
    rows = ibis.memtable(frame)
    large = presence(rows, large=rows.large, all=ibis.literal(True)).execute().set_index("customer_id")["large"]
    expected = frame[frame["large"]].groupby("customer_id")["place"].agg(set)
    assert large.dropna().map(places_of).to_dict() == expected.to_dict() and large.isna().any()


def test_single_bits_are_read_up_to_the_last():
    rows = ibis.memtable(pd.DataFrame({"bits": [1, 6, 2**62, 2**62 + 2**40]}))
    read = rows.select(lowest=lowest(rows.bits), last=has(rows.bits, 62)).execute()
    assert read["lowest"].to_list() == [0, 1, 62, 40] and read["last"].to_list() == [0, 0, 1, 1]


def test_facts_before_the_first_interval_share_the_bit_0():
    clock = Clock(dt.date(2025, 3, 31), "month", 2)
    times = [dt.datetime(2019, 5, 1), dt.datetime(2025, 1, 31), dt.datetime(2025, 2, 1), dt.datetime(2025, 3, 31, 23)]
    rows = ibis.memtable(pd.DataFrame({"at": times}))
    assert sorted(rows.select(place=places(rows, clock, "at")).execute()["place"]) == [0, 0, 1, 2]


def test_customers_of_one_pattern_are_counted_together():
    frame = pd.DataFrame({"customer_id": ["a", "a", "b", "b", "c"], "place": [0, 2, 2, 0, 1]})
    bits, customers = patterns(ibis.memtable(frame))
    assert dict(zip(bits.tolist(), customers.tolist(), strict=True)) == {5: 2, 2: 1}
