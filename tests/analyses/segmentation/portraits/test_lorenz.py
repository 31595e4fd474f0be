"""Whether 20% bring 80%: computed, with its error, and who is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.portraits.lorenz import concentration
from helpers.findings import NotApplicable
from helpers.statistics.distributions.concentration import top_share
from shops import shop


@pytest.fixture(scope="module")
def spent():
    def data(amounts, refunds=0.0):
        return shop(
            orders=pd.DataFrame(
                {
                    "customer_id": [f"c{n}" for n in range(len(amounts))],
                    "order_id": [f"o{n}" for n in range(len(amounts))],
                    "days_ago": 3,
                    "amount": np.asarray(amounts, dtype=float),
                    "refund": refunds,
                }
            )
        )

    return data


def test_the_numbers_are_those_of_four_kinds_of_customers(spent):
    """[1, 1, 2, 6] twenty-five times over: Gini .4 (value.md); the top 20 of 100 have 120 of 250."""
    shares = concentration(spent([1, 1, 2, 6] * 25))
    assert shares.gini["gini"] == pytest.approx(0.4) and shares.gini["lower"] < 0.4 < shares.gini["upper"]
    assert shares.table["top_share"].tolist() == [0.05, 0.10, 0.20] and shares.table["customers"].tolist() == [
        5,
        10,
        20,
    ]
    assert shares.table["revenue_share"].tolist() == pytest.approx([0.12, 0.24, 0.48])
    assert shares.most_from == pytest.approx(0.5)  # the 25 sixes and the 25 twos bring 200 of 250
    assert shares.curve["cumulative_revenue_share"].iloc[[0, 10, 15, 20]].tolist() == pytest.approx([0, 0.2, 0.4, 1])


def test_less_unequal_customers_refute_the_rule_of_eighty_and_twenty(spent):
    headline = words_of(concentration(spent([1, 1, 2, 6] * 100)))
    assert headline.startswith(
        "The top fifth of buyers bring 48.0% of revenue, less than the 80% of the saying. 95% int"
    )
    assert "80% of revenue comes from the top 50.0% of buyers." in headline


def test_more_unequal_customers_refute_it_too_and_the_right_ones_do_not(spent):
    assert "more than the 80% of the saying" in words_of(concentration(spent(([1] * 9 + [1000]) * 40)))
    pareto = (1 - (np.arange(400) + 0.5) / 400) ** (-1 / 1.02)  # Pareto's law at evenly spaced quantiles
    assert 0.77 < top_share(pareto, 0.2) < 0.83
    assert "about the 80% of the saying" in words_of(concentration(spent(pareto)))


def test_who_brought_nothing_or_less_is_counted_and_said(spent):
    shares = concentration(spent([10.0] * 30 + [0.0] * 4 + [5.0] * 3, [0.0] * 34 + [7.0] * 3))
    assert (shares.buyers, shares.without_revenue, shares.left_out) == (34, 4, 3)
    assert "4 of the 34 buyers brought none. 3 whose refunds exceed their orders are left out." in words_of(shares)


def test_tops_of_fewer_than_five_customers_are_not_shown(spent):
    shares = concentration(spent(range(1, 22)))
    assert shares.table.empty and "The top 20% are too few to show." in words_of(shares)


def test_without_money_or_customers_there_is_no_answer(spent):
    assert isinstance(concentration(spent([0.0] * 30)), NotApplicable)
    assert isinstance(concentration(spent([5.0] * 19)), NotApplicable)


def test_the_figure_is_the_curve(spent):
    shares = concentration(spent([1, 1, 2, 6] * 25))
    assert shares.plot().lines[-1].get_ydata().tolist() == shares.curve["cumulative_revenue_share"].tolist()


def test_of_buyers_of_whom_one_makes_most_no_share_is_told_nor_drawn(spent):
    shares = concentration(spent([1] * 95 + [50] * 4 + [5000]))
    shown = shares.to_show()
    assert shares.table["dominated"].all() and shown["revenue_share"].isna().all() and "dominated" not in shown
    assert "The top fifth of buyers bring (not shown) of revenue, more than the 80% of the saying." in str(
        shares.to_tell()
    )
    assert shares.curve["cumulative_customer_share"].tolist() == [0, 1]
    assert not concentration(spent([1] * 95 + [500] * 5)).table["dominated"].any()


def test_too_few_who_bring_most_are_told_as_such(spent):
    told = words_of(concentration(spent([1] * 97 + [500] * 3)))
    assert "80% of revenue comes from fewer than 5 buyers." in told


def test_each_step_of_the_curve_is_of_enough_buyers(spent):
    assert len(concentration(spent([1, 2] * 30)).curve) == 60 // 5 + 1
