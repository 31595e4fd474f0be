"""A silence of its own for each segment, and orders from before the data."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.assumptions import trust
from helpers.analyses.churn.leaving.definition import stays
from helpers.analyses.churn.leaving.false_alarms import silence_errors
from helpers.findings import NotApplicable

AS_OF = dt.date(2024, 12, 31)
LOG_DAYS = 500


def shop(orders, customers, attributes=()):
    """A data set of orders and customers, in memory, with the parts of `Dataset` that stays read."""
    orders = orders.assign(cancelled=False, amount=10.0, refund=0.0)
    policy = {"cancellations": "net", "refunds": "net"}
    settings = SimpleNamespace(contractual=False, attributes=attributes, observed_from="", policy=policy)
    kept = customers.rename(columns={"joined_on": "joined_at"})
    tables = {"orders": ibis.memtable(orders), "customers": ibis.memtable(kept)}
    return SimpleNamespace(tables=tables, customers=customers, settings=settings, as_of=AS_OF)


def buyers(rng, kinds):
    """Orders of customers who buy about every `gap` days, by kind: {channel: (customers, gap)}, and the customers."""
    rows, people = [], []
    for channel, (customers, gap) in kinds.items():
        joined = rng.integers(0, LOG_DAYS - 100, customers)
        gaps = np.maximum(1, rng.gamma(4, gap / 4, (customers, LOG_DAYS)).round())
        after = joined[:, None] + np.concatenate([np.zeros((customers, 1)), gaps.cumsum(axis=1)], axis=1)
        who, when = np.nonzero((after <= LOG_DAYS) & (after <= joined[:, None] + rng.exponential(200, (customers, 1))))
        day = pd.Timestamp(AS_OF) - pd.to_timedelta(LOG_DAYS - after[who, when], unit="D")
        rows.append(pd.DataFrame({"customer_id": [f"{channel}{i}" for i in who], "ordered_at": day}))
        people.append(pd.DataFrame({"customer_id": [f"{channel}{i}" for i in range(customers)], "channel": channel}))
    return pd.concat(rows, ignore_index=True), pd.concat(people, ignore_index=True)


@pytest.fixture(scope="module")
def kinds():
    return buyers(np.random.default_rng(4), {"web": (400, 8), "shop": (400, 40), "fair": (8, 20)})


@pytest.fixture(scope="module")
def by_channel(kinds):
    return stays(shop(*kinds), silence_by="channel")


def gaps_of(orders):
    days = orders.drop_duplicates().sort_values("ordered_at")
    return days.assign(gap=days.groupby("customer_id")["ordered_at"].diff().dt.days).dropna()


def test_each_segment_has_the_95th_percentile_of_its_own_gaps_and_a_small_one_that_of_all(kinds, by_channel):
    gaps = gaps_of(kinds[0])
    channel = gaps["customer_id"].str.extract("([a-z]+)")[0]
    own = np.ceil(gaps.groupby(channel)["gap"].quantile(0.95))
    found = by_channel.silences_by.set_index("segment")["silence_days"]
    assert found.to_dict() == {
        "web": own["web"],
        "shop": own["shop"],
        "(others, or not known)": np.ceil(gaps["gap"].quantile(0.95)),
    }
    assert found["shop"] > 3 * found["web"]
    assert by_channel.silences_by["gaps"].sum() == len(gaps)
    assert by_channel.silence_days == found["(others, or not known)"]


def test_everybody_is_censored_as_long_before_the_report_as_their_segment_takes_to_tell(kinds, by_channel):
    table = by_channel.table
    expected = table["channel"].map(by_channel.silences_by.set_index("segment")["silence_days"])
    expected = expected.fillna(by_channel.silence_days)
    assert (table["silence_days"] == expected).all()
    there = table[~table["left"]]
    until = pd.Timestamp(AS_OF) - pd.to_timedelta(there["silence_days"], unit="D")
    assert (there["started_on"] + pd.to_timedelta(there["duration_days"], unit="D") == until).all()
    assert (table["started_on"] <= pd.Timestamp(AS_OF) - pd.to_timedelta(table["silence_days"], unit="D")).all()
    assert by_channel.until == AS_OF - dt.timedelta(days=int(table["silence_days"].min()))


@pytest.mark.parametrize("channel", ["web", "shop"])
def test_a_segment_reads_as_it_would_alone(kinds, by_channel, channel):
    orders, customers = kinds
    alone = stays(shop(orders[orders["customer_id"].str.startswith(channel)], customers))
    columns = ["customer_id", "started_on", "ended_on", "duration_days", "left", "silence_days"]
    mine = by_channel.table[by_channel.table["channel"] == channel]
    pd.testing.assert_frame_equal(mine[columns].reset_index(drop=True), alone.table[columns])


def test_the_definition_names_the_segments(by_channel):
    web, shop_days = (by_channel.silences_by["silence_days"].iloc[i] for i in (0, 1))
    assert by_channel.headline().startswith(
        f"Leaving means no order for more than {web} days to {shop_days} days by channel"
    )
    words = by_channel.summary().set_index("measure")["value"]
    assert words["Silence of web"] == f"{web} days"


def test_a_column_that_is_none_or_two_ways_to_say_it_are_errors(kinds):
    with pytest.raises(ValueError, match="silence_by = 'chanel'.*Did you mean 'channel'"):
        stays(shop(*kinds), silence_by="chanel")
    with pytest.raises(ValueError, match="silence_by = 'channel': silence_days = 30 is for everybody"):
        stays(shop(*kinds), silence_days=30, silence_by="channel")


def test_without_customers_there_are_no_segments(kinds):
    data = shop(*kinds)
    del data.tables["customers"]
    for analysis in (stays, silence_errors):
        answer = analysis(data, silence_by="channel")
        assert answer.reason == "this data set has no table of customers, so none of their channel."


@pytest.mark.parametrize(
    "joined_days_before, verdict", [(None, "cannot be tested"), (0, "holds"), (30, "does not hold")]
)
def test_customers_who_joined_before_the_first_order_are_not_taken_for_new(kinds, joined_days_before, verdict):
    orders, customers = kinds
    first = orders["ordered_at"].min()
    if joined_days_before is not None:
        early = customers["customer_id"].str.startswith("web")
        joined = orders.groupby("customer_id")["ordered_at"].min().reindex(customers["customer_id"]).to_numpy()
        before = first - pd.Timedelta(days=joined_days_before)
        customers = customers.assign(joined_on=pd.Series(joined, customers.index).mask(early, before))
    found = stays(shop(orders, customers))
    checks = trust(found, NotApplicable("not asked for."), NotApplicable("not asked for.")).checks
    row = checks.set_index("assumption").loc["a customer's first order is in the data"]
    assert row["verdict"] == verdict
    if joined_days_before:
        web = found.table["customer_id"].str.startswith("web").sum()
        assert f"{web:,} of {len(found.table):,} customers had joined before" in row["evidence"]
