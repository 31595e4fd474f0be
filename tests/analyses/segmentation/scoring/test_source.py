"""Recency, frequency and money of any table that names customers."""

from __future__ import annotations

import pytest

from answers import words_of
from helpers.analyses.segmentation.scoring.rfm import scores
from helpers.analyses.segmentation.scoring.source import RfmSource, source_from, values
from helpers.findings import NotApplicable
from shops import shop


def test_recency_and_frequency_of_another_table_are_those_of_a_slow_loop(data, visits):
    known = values(data, RfmSource("events"))
    for customer, rows in visits.groupby("customer_id"):
        assert known.loc[customer, "recency_days"] == rows["days_ago"].min()
        assert known.loc[customer, "orders"] == len(rows)
    assert len(known) == 60 and "monetary" not in known


def test_lines_of_orders_take_customer_and_time_from_the_order_and_leave_cancelled_ones_out(data):
    known = values(data, RfmSource("order_items", amount="amount"))
    kept = [n for n in range(40) if n % 10]
    assert known.sort_index().index.tolist() == [f"c{n:02}" for n in kept]
    assert known.sort_index()["monetary"].tolist() == [5.0 * (1 + n % 3) for n in kept]
    assert known.sort_index()["recency_days"].tolist() == kept
    assert scores(data, over=RfmSource("order_items", amount="amount")).dimensions[-1] == "monetary"


def test_plain_orders_keep_the_snapshots_net_values(data):
    known = values(data).sort_index()
    assert known["monetary"].tolist() == [10.0 * n - 1 for n in range(40) if n % 10]


@pytest.mark.parametrize(
    "source, rule",
    [
        (RfmSource("events", time="happend_at"), "rfm.time = 'happend_at'.*Did you mean 'happened_at'"),
        (RfmSource("events", time="content"), "rfm.time = 'content': it is string, not a time"),
        (RfmSource("events", amount="content"), "rfm.amount = 'content': it is string, not a number"),
        (RfmSource("event"), "rfm.table = 'event'.*Did you mean 'events'"),
    ],
)
def test_sources_that_do_not_fit_are_refused(data, source, rule):
    with pytest.raises(ValueError, match=rule):
        scores(data, over=source)


def test_a_source_that_the_data_lack_or_that_names_few_is_not_applicable(data, visits):
    assert "no table “tickets”" in words_of(scores(data, over=RfmSource("tickets")))
    few = shop(events=visits[visits["customer_id"] < "c19"])
    assert isinstance(scores(few, over=RfmSource("events")), NotApplicable)


def test_a_source_is_read_from_settings():
    assert source_from({"table": "events", "amount": "n"}) == RfmSource("events", amount="n")
    with pytest.raises(ValueError, match="rfm = 'tabel'.*Did you mean 'table'"):
        source_from({"tabel": "events"})
    with pytest.raises(ValueError, match="rfm.table = 'customers'"):
        source_from({"table": "customers"})
