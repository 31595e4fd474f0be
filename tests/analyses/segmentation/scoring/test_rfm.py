"""Scores over any table by configuration, and rules of a data set's own."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.scoring.rfm import OTHERS, RfmCuts, named, scores, segments
from helpers.analyses.segmentation.scoring.rules import SEGMENTS, SEGMENTS_WITHOUT_MONEY, Rule, rules_from
from helpers.analyses.segmentation.scoring.source import RfmSource, source_from, values
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALLEST_GROUP


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = [(f"c{n:02}", day) for n in range(60) for day in rng.integers(0, 200, rng.integers(1, 9))]
    return pd.DataFrame(rows, columns=["customer_id", "days_ago"]).assign(event="visit", content="page")


@pytest.fixture(scope="module")
def data(made, visits):
    """60 customers with visits, 5 of them without a word about them elsewhere, 40 with orders, 3 more who only
    registered."""
    orders = pd.DataFrame({"customer_id": [f"c{n:02}" for n in range(40)], "days_ago": range(40)})
    orders = orders.assign(
        order_id=[f"o{n}" for n in range(40)],
        amount=np.arange(40) * 10.0,
        refund=1.0,
        cancelled=np.arange(40) % 10 == 0,
    )
    items = pd.DataFrame({"order_id": [f"o{n}" for n in range(40) for _ in range(1 + n % 3)]}).assign(amount=5.0)
    members = pd.DataFrame({"customer_id": [*(f"c{n:02}" for n in range(55)), "r1", "r2", "r3"]})
    return made(events=visits, orders=orders, order_items=items, customers=members)


def test_recency_and_frequency_of_another_table_are_those_of_a_slow_loop(data, visits):
    found = values(data, RfmSource("events"))
    for customer, rows in visits.groupby("customer_id"):
        assert found.loc[customer, "recency_days"] == rows["days_ago"].min()
        assert found.loc[customer, "orders"] == len(rows)
    assert len(found) == 60 and "monetary" not in found


def test_without_money_there_is_no_monetary_score_and_no_segment_named_for_it(data):
    rfm = scores(data, over=RfmSource("events"))
    assert list(rfm.customers) == ["r_score", "f_score"] and rfm.cuts.monetary == ()
    assert set(rfm.summary()["dimension"]) == {"recency", "frequency"}
    found = segments(data, rfm)
    assert set(found.labels) <= {*SEGMENTS_WITHOUT_MONEY, "No events 无记录"}
    assert not any("M" in rule for rule in found.rules.values())
    assert (found.labels == "No events 无记录").sum() == 3
    assert found.labels.index.is_unique and set(found.labels.index) == set(data.customers["customer_id"])


def test_the_rules_without_money_name_every_cell():
    cells = pd.DataFrame(itertools.product(range(1, 6), repeat=2), columns=["r_score", "f_score"])
    names = named(cells, RfmCuts((1, 2, 3, 4), (1, 2, 3, 4)), SEGMENTS_WITHOUT_MONEY)
    assert set(names) == set(SEGMENTS_WITHOUT_MONEY) and OTHERS not in set(names)


def test_lines_of_orders_take_customer_and_time_from_the_order_and_leave_cancelled_ones_out(data):
    found = values(data, RfmSource("order_items", amount="amount"))
    kept = [n for n in range(40) if n % 10]
    assert found.sort_index().index.tolist() == [f"c{n:02}" for n in kept]
    assert found.sort_index()["monetary"].tolist() == [5.0 * (1 + n % 3) for n in kept]
    assert found.sort_index()["recency_days"].tolist() == kept
    assert scores(data, over=RfmSource("order_items", amount="amount")).dimensions[-1] == "monetary"


def test_plain_orders_keep_the_snapshots_net_values(data):
    found = values(data).sort_index()
    assert found["monetary"].tolist() == [10.0 * n - 1 for n in range(40) if n % 10]


def test_given_cuts_stay_as_they_are_over_another_table(data):
    rfm = scores(data, cuts=RfmCuts(recency=(10, 50), frequency=(3,)), over=RfmSource("events"))
    assert rfm.cuts == RfmCuts((10, 50), (3,), ())
    known = values(data, RfmSource("events"))
    assert (rfm.customers["f_score"] == np.where(known["orders"] >= 3, 2, 1)).all()


def test_the_headline_says_whom_ties_concern(made):
    once = pd.DataFrame({"customer_id": [f"c{n}" for n in range(30)], "days_ago": range(30), "event": "visit"})
    said = scores(made(events=once), over=RfmSource("events")).headline()
    assert "frequency 1 of 5" in said and "100% of the customers with events share frequency score 1" in said


def test_segments_over_events_need_no_orders(made, visits):
    data = made(events=visits)
    found = segments(data, scores(data, over=RfmSource("events")))
    assert "orders" not in data.customers and found.summary()["customers"].sum() <= 60
    assert (found.summary()["customers"] >= SMALLEST_GROUP).all() and "revenue" in found.headline()
    drawn = [bar.get_width() for bar in found.plot().patches]
    assert drawn == pytest.approx(found.summary()["customer_share"].tolist())


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


def test_a_source_that_the_data_lack_or_that_names_few_is_not_applicable(data, made, visits):
    assert "no tickets" in scores(data, over=RfmSource("tickets")).headline()
    few = made(events=visits[visits["customer_id"] < "c19"])
    assert isinstance(scores(few, over=RfmSource("events")), NotApplicable)


def test_a_source_is_read_from_settings():
    assert source_from({"table": "events", "amount": "n"}) == RfmSource("events", amount="n")
    with pytest.raises(ValueError, match="rfm = 'tabel'.*Did you mean 'table'"):
        source_from({"tabel": "events"})
    with pytest.raises(ValueError, match="rfm.table = 'customers'"):
        source_from({"table": "customers"})


def test_rules_are_read_from_settings_and_a_dimension_left_out_asks_for_nothing():
    rules = rules_from(
        {"VIP": {"recency": [4, 5], "frequency": [3, 5], "monetary": [4, 5]}, "Fresh": {"recency": [5, 5]}}
    )
    assert rules["VIP"] == Rule((4, 5), (3, 5), (4, 5)) and str(rules["VIP"]) == "R4–5 F3–5 M4–5"
    assert str(rules["Fresh"]) == "R5" and str(Rule()) == "any scores"
    cells = pd.DataFrame({"r_score": [5, 5, 4], "f_score": [5, 1, 1], "m_score": [5, 5, 5]})
    cuts = RfmCuts((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))
    assert named(cells, cuts, rules).tolist() == ["VIP", "Fresh", OTHERS]


@pytest.mark.parametrize(
    "words, rule",
    [
        ({}, "name at least one segment"),
        ({OTHERS: {"recency": [1, 5]}}, "none 'Others"),
        ({"VIP": {"recensy": [4, 5]}}, "rules.VIP = 'recensy'.*Did you mean 'recency'"),
        ({"VIP": {"recency": [5, 4]}}, "rules.VIP.recency = .*lowest and the highest"),
        ({"VIP": {"recency": [0, 5]}}, "rules.VIP.recency"),
        ({"VIP": {"recency": 5}}, "rules.VIP.recency"),
        ({"VIP": {"recency": [1.5, 5]}}, "rules.VIP.recency"),
    ],
)
def test_rules_that_cannot_be_are_refused(words, rule):
    with pytest.raises(ValueError, match=rule):
        rules_from(words)


def test_every_cell_of_every_scale_gets_the_name_that_a_loop_over_the_rules_gives():
    for bins in (2, 3, 5, 7):
        cuts = RfmCuts(*[tuple(range(1, bins))] * 3)
        cells = pd.DataFrame(itertools.product(range(1, bins + 1), repeat=3), columns=["r_score", "f_score", "m_score"])
        for name, row in zip(named(cells, cuts), cells.to_numpy(), strict=True):
            fives = [round(1 + (score - 1) * 4 / (bins - 1)) for score in row]
            by_loop = next(
                label
                for label, rule in SEGMENTS.items()
                if all(
                    low <= five <= high
                    for five, (low, high) in zip(fives, (rule.recency, rule.frequency, rule.monetary), strict=True)
                )
            )
            assert name == by_loop
