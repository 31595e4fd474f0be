"""Stages of a customer base: published cases, and the identity and a slow loop on random facts."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers import words_of
from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.comings_and_goings import Lifecycle, lifecycle, lifecycle_counts
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.schema import Policy
from helpers.findings import NotApplicable
from shops import shop, words


def january(days: dict[str, list[int]]) -> ibis.Table:
    rows = [(who, dt.datetime(2020, 1, day, 12)) for who, when in days.items() for day in when]
    return ibis.memtable(pd.DataFrame(rows, columns=["customer_id", "at"]))


def counted(rows: ibis.Table, until: int, days: int) -> dict[str, list[int]]:
    found = lifecycle_counts(rows, Clock(dt.date(2020, 1, until), "day", days), "at")
    return found.drop(columns=["interval_on", "active"]).to_dict("list")


def test_stages_by_day_equal_the_published_ones():
    """Case L1 of behaviour.md (PostHog lifecycle tests)."""
    rows = january({"p1": [11, 12, 13, 15, 17, 19], "p2": [9, 12], "p3": [12], "p4": [15]})
    assert counted(rows, 19, 11) == {
        "new": [1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0], "returning": [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0],
        "resurrecting": [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1], "dormant": [0, -1, 0, 0, -2, -1, 0, -2, 0, -1, 0],
    }  # fmt: skip


def test_one_person_under_two_ids_is_counted_once_when_the_ids_are_merged():
    """Case L4 (PostHog lifecycle tests)."""
    rows = january({"a": [12, 15, 17, 19], "b": [14]})
    merged = rows.mutate(customer_id=(rows.customer_id == "b").ifelse("a", rows.customer_id))
    assert counted(merged, 19, 8) == {
        "new": [1, 0, 0, 0, 0, 0, 0, 0], "returning": [0, 0, 0, 1, 0, 0, 0, 0],
        "resurrecting": [0, 0, 1, 0, 0, 1, 0, 1], "dormant": [0, -1, 0, -0, -1, 0, -1, 0],
    }  # fmt: skip
    assert counted(rows, 19, 8)["new"] == [1, 0, 1, 0, 0, 0, 0, 0]


def test_who_was_there_before_the_first_interval_is_not_new_in_it():
    found = counted(january({"yesterday": [9, 10], "long ago": [2, 10], "first": [10], "gone": [9]}), 10, 1)
    assert found == {"new": [1], "returning": [1], "resurrecting": [1], "dormant": [-1]}


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f"c{n}" for n in range(8)]), st.lists(st.integers(1, 31), min_size=1, max_size=12), min_size=1
    )
)
def test_the_dormant_are_the_active_of_the_day_before_less_the_returning(days):
    """Case L5: the identity holds on any data, and every stage equals a count of sets."""
    clock = Clock(dt.date(2020, 1, 28), "day", 20)
    found = lifecycle_counts(january(days), clock, "at").assign(day=range(9, 29))
    assert Lifecycle(found, clock, "").balances
    before = {who for who, when in days.items() if 8 in when}
    for row in found.itertuples():
        there = {who for who, when in days.items() if row.day in when}
        known = {who for who, when in days.items() if min(when) < row.day}
        assert (row.active, row.new, row.returning) == (len(there), len(there - known), len(there & before))
        assert (row.resurrecting, row.dormant) == (len(there & known - before), -len(before - there))
        before = there


def test_counts_that_do_not_add_up_are_said_aloud():
    clock = Clock(dt.date(2020, 1, 12), "day", 3)
    good = lifecycle_counts(january({"p": [10, 11], "q": [10]}), clock, "at")
    assert Lifecycle(good, clock, "orders").balances
    broken = Lifecycle(good.assign(dormant=0), clock, "orders")
    assert not broken.balances and "do not add up" in words_of(broken)


def test_stages_of_fewer_than_five_customers_are_blank_in_the_table():
    """On the 11th two of eight fell silent: the other stages would tell who, so they are blank too."""
    clock = Clock(dt.date(2020, 1, 11), "day", 2)
    rows = january({f"c{n}": [10, 11] if n < 6 else [10] for n in range(8)})
    found = Lifecycle(lifecycle_counts(rows, clock, "at"), clock, "orders")
    assert found.summary()["active"].to_list() == [8, 6]
    shown = found.to_show()[["active", "new", "returning", "resurrecting", "dormant"]]
    assert shown.isna().all(axis="columns").to_list() == [False, True]
    assert words_of(found) == (
        "In January 10, 2020 8 customers ordered, 8 of them for the first time. "
        "8 ordered: 8 new, 0 again, 0 back after a pause; 0 fell silent. New: for the first time in the data."
    )


def ordered(days: dict[str, list[int]], as_of: dt.date, cancellations: str) -> Dataset:
    """A data set with orders alone; those of the 13th were cancelled."""
    rows = january(days).rename(ordered_at="at").execute()
    orders = rows.assign(cancelled=rows["ordered_at"].dt.day == 13)
    return shop(orders=orders, as_of=as_of, settings=words(policy=Policy(cancellations=cancellations)))


def test_an_interval_that_is_not_over_is_left_out_and_cancelled_orders_are_none():
    """To Wednesday 22 January the weeks from Monday 6 and Monday 13 are over."""
    days = {f"c{n}": [7, 13, 21] for n in range(6)}
    kept, dropped = (
        lifecycle(ordered(days, dt.date(2020, 1, 22), policy), interval="week") for policy in ("keep", "net")
    )
    assert kept.summary()["week"].to_list() == ["2020-01-06", "2020-01-13"]
    assert kept.table["returning"].to_list() == [0, 6] and dropped.table["dormant"].to_list() == [0, -6]
    lengths = [bar.get_width() for bar in dropped.plot().patches]
    assert sorted(lengths)[0] == -6 and sorted(lengths)[-1] == 6


def test_where_nobody_is_new_it_is_said_in_words():
    days = {f"c{n}": [7, 13] if n < 20 else [7] for n in range(40)}
    told = words_of(lifecycle(ordered(days, dt.date(2020, 1, 22), "keep"), interval="week"))
    assert told.startswith("No new customers in the week of January 13, 2020; 20 fewer customers ordered than in ")


def test_a_data_set_without_the_table_or_without_a_whole_interval_is_not_applicable():
    data = ordered({"p": [20]}, dt.date(2020, 1, 22), "net")
    assert isinstance(lifecycle(data, "events"), NotApplicable)
    assert words_of(lifecycle(data, interval="month")) == (
        "Cannot be told: no customer ordered in the last 12 months that are over."
    )


def test_a_clock_of_a_week_follows_the_week_start():
    rows = january({"p": [11, 12, 19]})  # a Saturday and two Sundays
    sundays = lifecycle_counts(rows, Clock(dt.date(2020, 1, 19), "week", 3, week_start="sunday"), "at")
    assert sundays["returning"].to_list() == [0, 1, 1]
    with pytest.raises(ValueError, match="week_start = 'sun'"):
        Clock(dt.date(2020, 1, 19), "week", 3, week_start="sun")
