"""How long a silence is leaving: from the gaps between order days, of everybody or of a segment."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.silence import (
    FEW_RETURNS,
    alone_share,
    doubt,
    order_days,
    segment_silences,
    usual_silence,
)
from helpers.findings import NotApplicable
from helpers.findings.folding import OTHERS
from shops import shop

LAST_DAY = dt.date(2024, 12, 31)


def gaps_of(orders):
    days = orders.drop_duplicates().sort_values("ordered_at")
    return days.assign(gap=days.groupby("customer_id")["ordered_at"].diff().dt.days).dropna()


def test_the_silence_comes_from_the_gaps_of_the_data_unless_it_is_given(demo, silences):
    orders = demo.tables["orders"].execute()
    orders = orders[orders["customer_id"].notna() & ~orders["cancelled"].fillna(False).astype(bool)]
    days = (
        orders.assign(day=orders["ordered_at"].dt.normalize())
        .drop_duplicates(["customer_id", "day"])
        .sort_values("day")
    )
    gaps = days.groupby("customer_id")["day"].diff().dt.days.dropna()
    assert silences.silence_days == np.ceil(gaps.quantile(0.95))
    assert stays(demo, "silence", 60).silence_days == 60


def test_an_order_day_has_its_amount_before_refunds_and_the_next_order_day():
    orders = pd.DataFrame({"customer_id": "a", "days_ago": [9, 9, 5, 2], "amount": [10.0, 5.0, 20.0, 7.0]})
    orders = orders.assign(refund=[0.0, 0.0, 20.0, 0.0], cancelled=[False, False, False, True])
    days = order_days(shop(orders=orders)).order_by("day").execute()
    assert days["amount"].tolist() == [15.0, 20.0]  # the refund came later, and the last order never was one
    assert days["place"].tolist() == [0, 1]
    assert (pd.to_datetime(days["next_on"]) - pd.to_datetime(days["day"])).dt.days.iloc[0] == 4


def test_each_segment_has_the_95th_percentile_of_its_own_gaps_and_a_small_one_that_of_all(kinds, buyers):
    gaps = gaps_of(kinds[0])
    channel = gaps["customer_id"].str.extract("([a-z]+)")[0]
    own = np.ceil(gaps.groupby(channel)["gap"].quantile(0.95))
    data = buyers(*kinds)
    usual = usual_silence(order_days(data))
    silences, _ = segment_silences(order_days(data), data.tables["customers"], "channel", usual)
    found = silences.set_index("segment")["silence_days"]
    assert found.to_dict() == {
        "web": own["web"],
        "shop": own["shop"],
        OTHERS: np.ceil(gaps["gap"].quantile(0.95)),
    }
    assert found["shop"] > 3 * found["web"]
    assert silences["gaps"].sum() == len(gaps)
    assert usual == found[OTHERS]


def test_only_a_column_of_words_divides_customers(kinds, buyers):
    data = buyers(kinds[0], kinds[1].assign(size=1.0))
    with pytest.raises(ValueError, match="silence_by = 'size'"):
        segment_silences(order_days(data), data.tables["customers"], "size", 30)


def test_what_silence_would_end_by_itself_is_counted_from_the_pauses():
    """A tenth of the closed pauses was too long; by hand 1 − .9² of one customer's two, and 1 − .9⁸ of the other's."""
    table = pd.DataFrame({"pauses": [2, 8], "closed": [2, 8], "returns": [0, 1]})
    assert alone_share(table) == pytest.approx((1 - 0.9**2 + 1 - 0.9**8) / 2)
    assert alone_share(table.assign(closed=0, returns=0)) == 0


def test_silences_that_orders_follow_are_doubted():
    assert doubt(FEW_RETURNS) is None and doubt(float("nan")) is None
    assert "30.0% of silences so long were followed by an order" in str(doubt(0.3))


def test_buying_once_is_not_silence(buyers):
    day = pd.Timestamp(LAST_DAY)
    orders = pd.DataFrame({"customer_id": [f"x{i}" for i in range(500)], "ordered_at": day - pd.Timedelta(days=100)})
    answer = stays(buyers(orders))
    assert isinstance(answer, NotApplicable)
    assert "0 of 500 customers" in str(answer.reason)
    assert stays(buyers(orders), silence_days=50).table["left"].all()


def test_orders_without_customers_are_a_sentence(buyers):
    orders = pd.DataFrame({"customer_id": pd.Series([None] * 30, dtype="string"), "ordered_at": pd.Timestamp(LAST_DAY)})
    assert words_of(stays(buyers(orders))) == "Cannot be told: no order names its customer."


def test_few_pauses_are_told_as_few_and_not_as_buying_once(buyers):
    day = pd.Timestamp(LAST_DAY)
    orders = pd.DataFrame({"customer_id": ["x", "x"], "ordered_at": [day - pd.Timedelta(days=100), day]})
    reason = str(stays(buyers(orders)).reason)
    assert reason.startswith("pauses between order days are too few") and "(1; at least 50)" in reason
