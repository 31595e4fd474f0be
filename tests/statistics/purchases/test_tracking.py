"""Tracking of a cohort, and the holdout of CDNOW."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.purchases.bg_nbd import BetaGeometric, fit_bg_nbd
from helpers.statistics.purchases.tracking import expected_total
from shops import SHARED

ORDERS = SHARED / "cdnow/CDNOW_sample.txt"
MODEL = BetaGeometric({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, {}, 0.0, first_may_be_last=False)


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    """Each customer's calibration history by exact dates, in weeks, and what was bought in the holdout."""
    if not ORDERS.exists():
        pytest.skip("the CDNOW sample is not beside the project")
    orders = pd.read_csv(ORDERS, sep=r"\s+", names=["place", "customer", "day", "discs", "spend"])
    end = pd.Timestamp("1997-09-30")
    days = orders.assign(day=pd.to_datetime(orders["day"].astype(str)))[["customer", "day"]].drop_duplicates()
    before = days[days["day"] <= end].groupby("customer")["day"].agg(["size", "min", "max"])
    after = days[days["day"] > end].groupby("customer").size().reindex(before.index, fill_value=0)
    weeks = {"recency": before["max"] - before["min"], "age": end - before["min"]}
    table = pd.DataFrame({name: span.dt.days / 7 for name, span in weeks.items()})
    assert (len(orders), len(days), days["day"].max()) == (6919, 6696, pd.Timestamp("1998-06-30"))
    return table.assign(frequency=before["size"] - 1, later=after)


def test_the_counts_of_cdnow(cdnow):
    """value.md, "counts"."""
    assert (len(cdnow), cdnow["frequency"].sum(), (cdnow["frequency"] > 0).sum(), cdnow["later"].sum()) == (
        2357,
        2457,
        946,
        1882,
    )


def test_the_holdout_of_cdnow(cdnow):
    """value.md, "Holdout (exact dates)": 1,653.4 expected of 1,882, mean absolute error .7855."""
    history = cdnow["frequency"], cdnow["recency"], cdnow["age"]
    expected = fit_bg_nbd(*history).expected_purchases(39, *history)
    assert expected.sum() == pytest.approx(1653.4, abs=0.05)
    assert np.abs(expected - cdnow["later"]).mean() == pytest.approx(0.7855, abs=5e-5)


def test_the_curve_is_a_slow_loop_over_customers():
    first, counts, times = [0.0, 2.0, 2.0, 5.5], [3, 1, 2, 4], [0.0, 2.0, 6.0, 30.0]
    expected = [
        sum(n * MODEL.expected_repeats(time - start)[0] for start, n in zip(first, counts) if time > start)
        for time in times
    ]
    assert expected_total(MODEL, first, times, counts) == pytest.approx(expected, rel=1e-12)
    assert expected_total(MODEL, np.repeat(first, counts), times) == pytest.approx(expected, rel=1e-12)
    assert expected[0] == 0


def test_times_need_no_order_and_no_unit():
    weeks = expected_total(MODEL, [0.0, 3.0], [4.0, 1.0, 9.0])
    in_days = BetaGeometric(MODEL.parameters | {"alpha": 7 * 4.414}, {}, 0.0, first_may_be_last=False)
    assert expected_total(in_days, [0.0, 21.0], [28.0, 7.0, 63.0]) == pytest.approx(weeks, rel=1e-12)
    assert weeks[1] < weeks[0] < weeks[2]


def test_missing_first_purchases_are_refused():
    with pytest.raises(ValueError, match="first_at = missing or infinite in 1 of 2 rows"):
        expected_total(MODEL, [0.0, np.nan], [4.0])
