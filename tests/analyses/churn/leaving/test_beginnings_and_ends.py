"""Stays under each meaning of leaving: dated back, censored, entered late, each segment with its own silence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.leaving.beginnings_and_ends import observed, stays
from helpers.data import datasets
from helpers.statistics import survival
from shops import shop, words

LAST_DAY = dt.date(2024, 12, 31)
RECORDED_FROM = dt.date(2023, 7, 1)
DAYS = [30, 90, 180, 365, 540]


def by_record(table, observed_from):
    """A shop of these subscriptions, whose ends are recorded from a day on."""
    settings = words(contractual=True, observed_from=str(observed_from or ""))
    known = pd.DataFrame({"customer_id": table["customer_id"].unique()})
    return shop(as_of=LAST_DAY, settings=settings, known=known, as_given=True, subscriptions=table)


@pytest.fixture(scope="module")
def by_channel(kinds, buyers):
    return stays(buyers(*kinds), silence_by="channel")


def test_a_silence_is_dated_back_to_the_last_order_and_nobody_is_seen_beyond_as_of_less_the_silence(buyers):
    day = pd.Timestamp(LAST_DAY)
    ago = {"back": [400, 300, 10], "gone": [400, 200], "edge": [300, 100], "still": [300, 150, 60], "new": [50]}
    rows = [(who, day - pd.Timedelta(days=days)) for who, all_days in ago.items() for days in all_days]
    rows += [(f"x{i}", day - pd.Timedelta(days=200 + i)) for i in range(20)]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    silences = stays(buyers(orders), silence_days=100)
    table = silences.table.set_index("customer_id")
    assert table.loc[["back", "gone", "edge", "still"], "left"].tolist() == [True, True, True, True]
    assert table.loc[["back", "gone", "edge", "still"], "duration_days"].tolist() == [100, 0, 0, 0]
    longer = stays(buyers(orders), silence_days=160).table.set_index("customer_id")
    assert not longer.loc["still", "left"]
    assert longer.loc["still", "duration_days"] == 300 - 160
    assert "new" not in table.index
    assert silences.until == LAST_DAY - dt.timedelta(days=100)
    came_back = {"back": 1, "gone": 1, "edge": 1, "still": 1}
    assert silences.returns == sum(came_back.values())
    assert silences.silences == 4 + 2 + 20  # gone and edge are silent twice


def test_cancelled_orders_do_not_break_a_silence(buyers):
    day = pd.Timestamp(LAST_DAY)
    rows = [(f"x{i}", day - pd.Timedelta(days=300), False) for i in range(30)]
    rows += [(f"x{i}", day - pd.Timedelta(days=150), True) for i in range(30)]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "cancelled"])
    silences = stays(buyers(orders), silence_days=100)
    assert silences.table["left"].all()
    assert (silences.silences, silences.returns) == (30, 0)


def test_dating_back_and_censoring_early_recovers_the_truth_where_the_naive_rule_does_not(silent_buyers, buyers):
    """shared/known_answers/survival.md, "Why a definition matters": about .36 for a truth of .16 at day 200."""
    orders, truth = silent_buyers(np.random.default_rng(7))
    days = [50, 100, 150, 200, 250]
    table = stays(buyers(orders), silence_days=90).table
    ours = survival.at(survival.kaplan_meier(table["duration_days"], table["left"]), days)["survival"].to_numpy()
    true = np.array([(truth > day).mean() for day in days])
    span = orders.groupby("customer_id")["ordered_at"].agg(["min", "max"])
    left = (pd.Timestamp(LAST_DAY) - span["max"]).dt.days >= 90
    naive_days = (span["max"].where(left, pd.Timestamp(LAST_DAY)) - span["min"]).dt.days
    naive = survival.at(survival.kaplan_meier(naive_days, left), days)["survival"].to_numpy()
    np.testing.assert_allclose(ours, true, atol=0.03)
    assert (true[3], naive[3]) == (pytest.approx(0.17, abs=0.02), pytest.approx(0.36, abs=0.02))
    assert (naive[1:] > 1.25 * true[1:]).all()


def test_facts_after_as_of_change_nothing(demo):
    """The demo opened at an earlier day equals the demo whose later rows never were."""
    day = dt.date(2025, 6, 30)
    seen = datasets.open("demo", day)
    after = pd.Timestamp(day) + pd.Timedelta(days=1)
    tables = dict(demo.tables)
    subscriptions, orders = demo.tables["subscriptions"], demo.tables["orders"]
    ended = subscriptions.ended_at < after
    known = subscriptions.filter(subscriptions.started_at < after)
    tables["subscriptions"] = known.mutate(
        ended_at=ibis.cases((ended, known.ended_at)), reason=ibis.cases((ended, known.reason))
    )
    tables["orders"] = orders.filter(orders.ordered_at < after)
    never = replace(seen, tables=tables)
    for definition in ("contract", "silence"):
        pd.testing.assert_frame_equal(stays(seen, definition).table, stays(never, definition).table)
    earlier, later = stays(seen), stays(demo)
    assert earlier.table["ended_on"].max() <= pd.Timestamp(day) < later.table["ended_on"].max()


def test_telco_survival_is_the_known_one(telco):
    """shared/known_answers/survival.md, telco; months are the days that the preset turned them into."""
    day = pd.Timestamp("2019-10-01")
    days = [(day - (day - pd.DateOffset(months=months))).days for months in (12, 24, 60)]
    curve = survival.kaplan_meier(telco.table["duration_days"], telco.table["left"])
    np.testing.assert_allclose(survival.at(curve, days)["survival"], [0.843200, 0.788736, 0.664404], rtol=1e-6)
    assert (len(telco.table), telco.table["left"].sum()) == (7043, 1869)


# A silence of its own for each segment


def test_everybody_is_censored_as_long_before_the_report_as_their_segment_takes_to_tell(kinds, by_channel):
    table = by_channel.table
    expected = table["channel"].map(by_channel.silences_by.set_index("segment")["silence_days"])
    expected = expected.fillna(by_channel.silence_days)
    assert (table["silence_days"] == expected).all()
    there = table[~table["left"]]
    until = pd.Timestamp(LAST_DAY) - pd.to_timedelta(there["silence_days"], unit="D")
    assert (there["started_on"] + pd.to_timedelta(there["duration_days"], unit="D") == until).all()
    assert (table["started_on"] <= pd.Timestamp(LAST_DAY) - pd.to_timedelta(table["silence_days"], unit="D")).all()
    assert by_channel.until == LAST_DAY - dt.timedelta(days=int(table["silence_days"].min()))


@pytest.mark.parametrize("channel", ["web", "shop"])
def test_a_segment_reads_as_it_would_alone(kinds, by_channel, buyers, channel):
    orders, customers = kinds
    alone = stays(buyers(orders[orders["customer_id"].str.startswith(channel)], customers))
    columns = ["customer_id", "started_on", "ended_on", "duration_days", "left", "silence_days"]
    mine = by_channel.table[by_channel.table["channel"] == channel]
    pd.testing.assert_frame_equal(mine[columns].reset_index(drop=True), alone.table[columns])


def test_a_column_that_is_none_or_two_ways_to_say_it_are_errors(kinds, buyers):
    with pytest.raises(ValueError, match="silence_by = 'chanel'.*Did you mean 'channel'"):
        stays(buyers(*kinds), silence_by="chanel")
    with pytest.raises(ValueError, match="silence_by = 'channel': silence_days = 30 is for everybody"):
        stays(buyers(*kinds), silence_days=30, silence_by="channel")


def test_without_customers_there_are_no_segments(kinds, buyers):
    answer = stays(buyers(kinds[0]), silence_by="channel")
    assert str(answer.reason) == "this data set has no table of customers, so no column “Channel”."


def test_customers_who_joined_before_the_first_order_are_counted(kinds, buyers):
    orders, customers = kinds
    assert stays(buyers(orders, customers)).joined_earlier is None
    early = customers["customer_id"].str.startswith("web")
    joined = orders.groupby("customer_id")["ordered_at"].min().reindex(customers["customer_id"]).to_numpy()
    before = orders["ordered_at"].min() - pd.Timedelta(days=30)
    customers = customers.assign(joined_at=pd.Series(joined, customers.index).mask(early, before))
    silences = stays(buyers(orders, customers))
    assert silences.joined_earlier == silences.table["customer_id"].str.startswith("web").sum()


# Ends that were recorded from a day on


def test_the_demo_seen_from_its_second_year_only_has_the_curve_of_the_whole_demo(demo, contracts):
    """697 stays of the first year are lost with their ends; taken as they are, the others would stay for too long."""
    from_then = replace(demo, settings=replace(demo.settings, observed_from="2024-12-31"))
    seen = stays(from_then)
    whole, seen, unobserved = contracts.table, seen.table, seen.unobserved
    assert len(whole) - len(seen) == unobserved == 697
    full, naive = (survival.kaplan_meier(table["duration_days"], table["left"]) for table in (whole, seen))
    right = survival.kaplan_meier(seen["duration_days"], seen["left"], entry=seen["entry_days"])
    full, naive, right = (survival.at(curve, DAYS)["survival"] for curve in (full, naive, right))
    assert (right - full).abs().max() < 0.015  # few begin in the second year
    assert (naive - full).min() > 0.03


def test_stays_enter_with_the_tenure_they_had_and_earlier_ends_are_left_out_and_counted():
    rows = [("gone", -100, 0), ("last", -100, 1), ("there", -100, None), ("new", 0, 0), ("later", 10, 40)]
    rows += [(f"x{i}", 5 + i, None) for i in range(20)]
    day = pd.Timestamp(RECORDED_FROM)
    table = pd.DataFrame(rows, columns=["customer_id", "start", "end"])
    table = table.assign(
        started_at=day + pd.to_timedelta(table["start"], unit="D"),
        ended_at=day + pd.to_timedelta(table["end"], unit="D"),
        plan="a",
        price=1.0,
        reason=pd.Series([None] * len(table), dtype="string"),
    )
    entered = stays(by_record(table.drop(columns=["start", "end"]), RECORDED_FROM))
    by_customer = entered.table.set_index("customer_id")
    assert "gone" not in by_customer.index and entered.unobserved == 1
    assert by_customer.loc[["last", "there", "new", "later"], "entry_days"].tolist() == [100, 100, 0, 0]
    assert by_customer.loc[["last", "new", "later"], "duration_days"].tolist() == [101, 0, 30]
    words = entered.summary().set_index("measure")["value"]
    assert words[f"Watched from {RECORDED_FROM} only (delayed entry)"] == 2
    assert words["Ended by then, left out"] == 1
    early = observed(entered.table, RECORDED_FROM)
    assert early["customer_id"].tolist() == ["new"]  # by that day nobody had been watched yet


def test_a_silence_that_began_before_ends_were_recorded_is_left_out_too():
    """Orders from before `observed_from` were carried over, of the customers who still ordered after it only."""
    day = pd.Timestamp(RECORDED_FROM)
    ago = {"old": [-200, -120, 50, 100], "gone": [-200, -100], "new": [30, 60]} | {f"x{i}": [i] for i in range(20)}
    rows = [
        (who, day + pd.Timedelta(days=days), False, 10.0, 0.0) for who, all_days in ago.items() for days in all_days
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "cancelled", "amount", "refund"])
    settings = words(contractual=False, observed_from=str(RECORDED_FROM))
    entered = stays(shop(as_of=LAST_DAY, settings=settings, orders=orders), silence_days=190)
    table = entered.table.set_index("customer_id")
    assert entered.unobserved == 1
    assert "gone" not in table.index
    assert table.loc[["old", "new"], ["entry_days", "duration_days"]].to_numpy().tolist() == [[200, 300], [0, 30]]


def test_a_day_after_everything_is_a_sentence(recorded):
    answer = stays(by_record(recorded, "2030-01-01"))
    assert str(answer.reason) == (
        "0 stays were under observation after January 1, 2030, from which on ends are recorded: too few."
    )
