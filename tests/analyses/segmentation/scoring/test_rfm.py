"""Scores by cuts on values, over orders or any table, and the segments that they make."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.scoring.rfm import OTHERS, RfmCuts, named, scores, segments
from helpers.analyses.segmentation.scoring.rules import SEGMENTS, SEGMENTS_WITHOUT_MONEY
from helpers.analyses.segmentation.scoring.source import RfmSource, values
from helpers.data.datasets import Dataset
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from shops import shop


@pytest.fixture(scope="module")
def twenty() -> Dataset:
    """Customer k of 1 … 20 ordered once, k days ago, for k × 100."""
    rows = [{"customer_id": f"c{k}", "order_id": f"o{k}", "days_ago": k, "amount": 100.0 * k} for k in range(1, 21)]
    return shop(orders=pd.DataFrame(rows))


def test_scores_on_a_case_by_hand(twenty):
    """Type 7 quantiles of 1 … 20 are 1 + 19p: 4.8, 8.6, 12.4, 16.2; each cut is the next larger value."""
    rfm = scores(twenty)
    assert rfm.cuts.recency == (5, 9, 13, 17) and rfm.cuts.monetary == (500, 900, 1300, 1700)
    by_recency = rfm.customers["r_score"].reindex([f"c{k}" for k in range(1, 21)])
    assert by_recency.tolist() == [5] * 4 + [4] * 4 + [3] * 4 + [2] * 4 + [1] * 4
    by_money = rfm.customers["m_score"].reindex([f"c{k}" for k in range(1, 21)])
    assert by_money.tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_scores_and_segments_do_not_depend_on_the_unit_of_money(unit):
    """Ties in recency, frequency and money, some of them at the quantiles."""
    rows = [
        {"customer_id": f"c{k:02d}", "days_ago": k // 4 + 30 * n, "amount": 10.0 * (k % 7 + 1)}
        for k in range(40)
        for n in range(k % 3 + 1)
    ]
    orders = pd.DataFrame(rows).assign(order_id=[f"o{n}" for n in range(len(rows))])
    plain, other = (shop(orders=orders.assign(amount=orders["amount"] * factor)) for factor in (1.0, unit))
    assert scores(plain).effective_bins()["monetary"] == 5
    then = scores(other).customers.reindex(scores(plain).customers.index)  # the engine promises no order
    pd.testing.assert_frame_equal(scores(plain).customers, then)
    named = [segments(data, scores(data)).labels.astype(str).sort_index() for data in (plain, other)]
    pd.testing.assert_series_equal(*named)


def test_buyers_of_one_order_all_get_the_same_frequency_score(twenty):
    rfm = scores(twenty)
    assert rfm.customers["f_score"].unique().tolist() == [1]
    assert rfm.effective_bins() == {"recency": 5, "frequency": 1, "monetary": 5}
    assert "frequency 1 of 5" in words_of(rfm) and "100% of the customers share frequency score 1" in words_of(rfm)


def test_the_bands_hold_exactly_the_customers_whose_values_they_promise(regulars):
    known = regulars.customers[regulars.customers["orders"] > 0]
    columns = {"recency": "recency_days", "frequency": "orders", "monetary": "monetary"}
    for band in scores(regulars).summary().itertuples():
        value = known[columns[band.dimension]]
        inside = (np.isnan(band.at_least) | (value >= band.at_least)) & (np.isnan(band.below) | (value < band.below))
        assert inside.sum() == band.customers


def test_given_cuts_are_used_as_they_are(twenty):
    rfm = scores(twenty, cuts=RfmCuts(recency=(8, 15)))
    assert rfm.customers["r_score"].value_counts().to_dict() == {3: 7, 2: 7, 1: 6}
    assert rfm.cuts.recency == (8, 15) and len(rfm.cuts.monetary) == 4


def test_the_rules_name_every_cell_and_the_first_that_fits_wins():
    cells = pd.DataFrame(itertools.product(range(1, 6), repeat=3), columns=["r_score", "f_score", "m_score"])
    cuts = RfmCuts((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4))
    names = named(cells, cuts)
    assert OTHERS not in set(names) and set(names) == set(SEGMENTS)
    assert names[(cells == 5).all(axis="columns")].tolist() == ["Champions 重要价值客户"]  # Loyal fits as well
    only_champions = dict(list(SEGMENTS.items())[:1])
    assert named(cells, cuts, only_champions).value_counts().to_dict() == {OTHERS: 117, "Champions 重要价值客户": 8}


@pytest.mark.parametrize("bins", [2, 3, 4, 10])
def test_scales_of_other_lengths_reach_both_ends_of_the_rules(bins):
    cuts = RfmCuts(*[tuple(range(1, bins))] * 3)
    ends = pd.DataFrame({column: [1, bins] for column in ("r_score", "f_score", "m_score")})
    assert named(ends, cuts).tolist() == ["Hibernating 一般挽留客户", "Champions 重要价值客户"]


def test_without_money_there_is_no_monetary_score_and_no_segment_named_for_it(data):
    rfm = scores(data, over=RfmSource("events"))
    assert list(rfm.customers) == ["r_score", "f_score"] and rfm.cuts.monetary == ()
    assert set(rfm.summary()["dimension"]) == {"recency", "frequency"}
    groups = segments(data, rfm)
    assert set(groups.labels) <= {*SEGMENTS_WITHOUT_MONEY, "No events 无记录"}
    assert not any("M" in str(rule) for rule in groups.rules.values())
    assert (groups.labels == "No events 无记录").sum() == 3
    assert groups.labels.index.is_unique and set(groups.labels.index) == set(data.customers["customer_id"])


def test_the_rules_without_money_name_every_cell():
    cells = pd.DataFrame(itertools.product(range(1, 6), repeat=2), columns=["r_score", "f_score"])
    names = named(cells, RfmCuts((1, 2, 3, 4), (1, 2, 3, 4)), SEGMENTS_WITHOUT_MONEY)
    assert set(names) == set(SEGMENTS_WITHOUT_MONEY) and OTHERS not in set(names)


def test_given_cuts_stay_as_they_are_over_another_table(data):
    rfm = scores(data, cuts=RfmCuts(recency=(10, 50), frequency=(3,)), over=RfmSource("events"))
    assert rfm.cuts == RfmCuts((10, 50), (3,), ())
    known = values(data, RfmSource("events")).reindex(rfm.customers.index)  # the engine promises no order
    assert (rfm.customers["f_score"] == np.where(known["orders"] >= 3, 2, 1)).all()


def test_the_headline_says_whom_ties_concern():
    once = pd.DataFrame({"customer_id": [f"c{n}" for n in range(30)], "days_ago": range(30), "event": "visit"})
    headline = words_of(scores(shop(events=once), over=RfmSource("events")))
    assert "frequency 1 of 5" in headline and "100% of the customers share frequency score 1" in headline


def test_segments_over_events_need_no_orders(visits, shows_itself):
    data = shop(events=visits)
    groups = segments(data, scores(data, over=RfmSource("events")))
    assert "orders" not in data.customers and groups.summary()["customers"].sum() <= 60
    assert (groups.summary()["customers"] >= SMALLEST_GROUP).all()
    assert words_of(groups) == "No segment has 20 customers: too few to rank."
    drawn = [bar.get_width() for bar in groups.plot().patches]
    assert drawn == pytest.approx(groups.summary()["customer_share"].tolist())
    assert shows_itself(groups)


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


def test_the_figure_shows_the_cells_that_five_customers_share(regulars):
    charts.style()
    rfm = scores(regulars)
    cells = pd.crosstab(rfm.customers["r_score"], rfm.customers["f_score"]).to_numpy().ravel()
    drawn = {int(text.get_text()) for text in rfm.plot().texts}
    assert drawn <= {0, *cells[cells >= SMALLEST_GROUP]} and cells.max() in drawn
