"""Lifetime value: value.md's twelve months of CDNOW, a slow loop, and what changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.purchases import lifetime_value
from helpers.statistics.purchases.bg_nbd import BetaGeometric, fit_bg_nbd
from helpers.statistics.purchases.gamma_gamma import fit_gamma_gamma
from helpers.statistics.purchases.lifetime_value import discounted_value
from helpers.statistics.purchases.nbd import Nbd
from helpers.statistics.purchases.pareto_nbd import ParetoNbd
from shops import SHARED

CDNOW = SHARED / "cdnow"
MODEL = BetaGeometric({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, {}, 0.0, first_may_be_last=False)
HISTORY = np.array([[2, 30.43, 38.86], [1, 1.71, 38.86], [0, 0, 38.86], [2, 30.43, 38.86]]).T
YEAR = {"periods": 12, "period_length": 4.345, "discount_rate": 0.01}


def test_twelve_months_of_cdnow():
    """value.md, "12-month CLV": customers 1–3 and the total; month = 4.345 weeks, .01 a month.

    The total, which hangs on where the search for the parameters ends, is held to one cent in a thousand dollars.
    """
    if not CDNOW.exists():
        pytest.skip("the CDNOW sample is not beside the project")
    names = ["place", "customer", "day", "discs", "spend"]
    orders = pd.read_csv(CDNOW / "CDNOW_sample.txt", sep=r"\s+", names=names)
    days = orders[orders["day"] <= 19970930].groupby(["customer", "day"])["spend"].sum()
    again = days[days.groupby("customer").cumcount() > 0].groupby("customer").mean()
    rows = pd.read_csv(CDNOW / "cdnow_customers_summary.csv", index_col="ID")
    spend = np.floor(100 * again.reindex(rows.index) + 0.5 + 1e-9) / 100  # the paper's cents, half a cent up
    history = rows["frequency"], rows["recency"], rows["T"]
    next_spend = fit_gamma_gamma(rows["frequency"], spend).expected_spend(rows["frequency"], spend)
    value = discounted_value(fit_bg_nbd(*history), next_spend, *history, **YEAR)
    assert value[:3] == pytest.approx([36.278, 4.637, 8.344], abs=1e-3)
    assert value.sum() == pytest.approx(71_509.905, rel=1e-5)


def test_the_value_is_the_loop_over_months():
    spend = [10.0, 20.0, 30.0, 40.0]
    expected = np.zeros(4)
    for month in range(1, 13):
        upto = MODEL.expected_purchases(4.345 * month, *HISTORY) - MODEL.expected_purchases(
            4.345 * (month - 1), *HISTORY
        )
        expected += 0.3 * np.array(spend) * upto / 1.01**month
    assert discounted_value(MODEL, spend, *HISTORY, **YEAR, margin=0.3) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("at_once", [1, 30, 10**6])
def test_the_histories_worked_on_at_once_change_nothing_but_memory(monkeypatch, at_once):
    monkeypatch.setattr(lifetime_value, "AT_ONCE", at_once)
    rng = np.random.default_rng(3)
    x, age = rng.integers(0, 4, 50), rng.integers(20, 60, 50)
    history = x, np.where(x > 0, age - rng.integers(0, 20, 50), 0), age
    shapes = {"r": 0.6, "alpha": 10.0, "s": 0.6, "beta": 12.0}
    for model in (MODEL, ParetoNbd(shapes, {}, 0.0), Nbd({"r": 0.6, "alpha": 10.0}, {}, 0.0)):
        expected, before = np.zeros(50), np.zeros(50)
        for month in range(1, 13):
            upto = model.expected_purchases(4.345 * month, *history)
            expected, before = expected + (upto - before) / 1.01**month, upto
        assert discounted_value(model, 1.0, *history, **YEAR) == pytest.approx(expected, rel=1e-12)


def test_without_discount_the_value_is_the_spend_on_all_expected_purchases():
    found = discounted_value(MODEL, 25.0, *HISTORY, periods=6, period_length=2, discount_rate=0)
    assert found == pytest.approx(25 * MODEL.expected_purchases(12, *HISTORY), rel=1e-12)


def test_a_higher_discount_is_worth_less_and_a_longer_horizon_more():
    usual = discounted_value(MODEL, 25.0, *HISTORY, **YEAR)
    assert (discounted_value(MODEL, 25.0, *HISTORY, **YEAR | {"discount_rate": 0.02}) < usual).all()
    assert (discounted_value(MODEL, 25.0, *HISTORY, **YEAR | {"periods": 13}) > usual).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"periods": 0}, "periods = 0: a whole number"),
        ({"periods": 2.5}, "periods = 2.5: a whole number"),
        ({"period_length": 0}, "period_length = 0: above 0"),
        ({"discount_rate": -1}, "discount_rate = -1: above −1"),
        ({"margin": 30}, "margin = 30: a share"),
        ({"spend": [1.0, 2.0]}, "spend = 2 rows: one, or one for each of 4"),
        ({"spend": np.nan}, "spend = missing or infinite in 1 of 1 rows"),
    ],
)
def test_what_has_no_value_is_said(wrong, message):
    arguments = YEAR | wrong
    with pytest.raises(ValueError, match=message):
        discounted_value(MODEL, arguments.pop("spend", 25.0), *HISTORY, **arguments)
