"""Whether 20% bring 80%: computed, with its error, and who is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.portraits.lorenz import concentration
from helpers.findings import NotApplicable
from helpers.statistics.distributions.concentration import top_share


@pytest.fixture
def spent(made):
    def data(amounts, refunds=0.0):
        return made(
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
    found = concentration(spent([1, 1, 2, 6] * 25))
    assert found.gini["gini"] == pytest.approx(0.4) and found.gini["lower"] < 0.4 < found.gini["upper"]
    assert found.tops["top_share"].tolist() == [0.05, 0.10, 0.20] and found.tops["customers"].tolist() == [5, 10, 20]
    assert found.tops["revenue_share"].tolist() == pytest.approx([0.12, 0.24, 0.48])
    assert found.most_from == pytest.approx(0.5)  # the 25 sixes and the 25 twos bring 200 of 250
    assert found.curve["revenue_share"].iloc[[0, 100, 150, 200]].tolist() == pytest.approx([0, 0.2, 0.4, 1])


def test_less_unequal_customers_refute_the_rule_of_eighty_and_twenty(spent):
    said = concentration(spent([1, 1, 2, 6] * 100)).headline()
    assert said.startswith("The top 20% of buyers bring 48.0% of net revenue (95% CI ")
    assert (
        "“80/20” does not hold: revenue is less concentrated, and 80% of net revenue comes from the top 50.0%" in said
    )


def test_more_unequal_customers_refute_it_too_and_the_right_ones_do_not(spent):
    assert "revenue is more concentrated" in concentration(spent(([1] * 9 + [1000]) * 40)).headline()
    pareto = (1 - (np.arange(400) + 0.5) / 400) ** (-1 / 1.02)  # Pareto's law at evenly spaced quantiles
    assert 0.77 < top_share(pareto, 0.2) < 0.83
    assert "“80/20” holds within chance" in concentration(spent(pareto)).headline()


def test_who_brought_nothing_or_less_is_counted_and_said(spent):
    found = concentration(spent([10.0] * 30 + [0.0] * 4 + [5.0] * 3, [0.0] * 34 + [7.0] * 3))
    assert (found.buyers, found.without_revenue, found.left_out) == (34, 4, 3)
    assert (
        "4 of the 34 buyers brought nothing net. 3 whose refunds exceed their orders are left out." in found.headline()
    )


def test_tops_of_fewer_than_five_customers_are_not_shown(spent):
    found = concentration(spent(range(1, 22)))
    assert found.summary().empty and "the top 20% are too few to show" in found.headline()


def test_without_money_or_customers_there_is_no_answer(spent):
    assert isinstance(concentration(spent([0.0] * 30)), NotApplicable)
    assert isinstance(concentration(spent([5.0] * 19)), NotApplicable)


def test_the_figure_is_the_curve(spent):
    found = concentration(spent([1, 1, 2, 6] * 25))
    assert found.plot().lines[-1].get_ydata().tolist() == found.curve["revenue_share"].tolist()
