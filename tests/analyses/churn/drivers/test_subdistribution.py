"""Ratios by reason: what is drawn for one reason only, what for none, and the demo's truth in both views."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from answers import words_of
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.subdistribution import View, reason_ratios
from helpers.analyses.churn.leaving.definition import Stays
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from helpers.findings.finding import MISSING_ABOVE
from helpers.statistics.survival.competing_risks import aalen_johansen


def made_up(price_ratio: float, service_ratio: float, size: int = 6000, seed: int = 2, no_reason: float = 0.0) -> Stays:
    """Stays that end for price or for service, each at 1/200 a day, times a ratio for discounted customers."""
    rng = np.random.default_rng(seed)
    discounted = rng.random(size) < 0.4
    times = {
        "price": rng.exponential(200 / np.where(discounted, price_ratio, 1.0)),
        "service": rng.exponential(200 / np.where(discounted, service_ratio, 1.0)),
    }
    first = np.minimum(times["price"], times["service"])
    until = rng.uniform(100, 400, size)
    left = first <= until
    reason = pd.Series(np.where(times["price"] < times["service"], "price", "service"), dtype=object)
    table = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(size)],
            "started_on": pd.Timestamp("2024-01-01"),
            "entry_days": 0.0,
            "duration_days": np.minimum(first, until).astype("int64"),
            "left": left,
            "reason": reason.where(left & (rng.random(size) >= no_reason), None),
            "offer": np.where(discounted, "discount", "full price"),
        }
    )
    day = dt.date(2025, 2, 4)
    return Stays(table.assign(ended_on=pd.NaT), ("offer",), "contract", day, day)


def ratio(found, reason: str, view: str) -> pd.Series:
    rows = found.table
    return rows[(rows["reason"] == reason) & (rows["view"] == view)].iloc[0]


@pytest.fixture(scope="module")
def one_sided():
    """Discounts keep nobody from leaving for service, and most from leaving for the price."""
    return reason_ratios(hazard_ratios(made_up(0.25, 1.0)))


def test_cause_specific_ratios_are_those_drawn_and_the_other_view_feels_the_competition(one_sided):
    price, service = (ratio(one_sided, reason, View.CAUSE_SPECIFIC) for reason in ("price", "service"))
    assert price["covariate"] == "Offer: discount"
    assert price["lower"] < 0.25 < price["upper"] < 0.35
    assert service["lower"] < 1 < service["upper"]
    ever = ratio(one_sided, "service", View.SUBDISTRIBUTION)
    assert ever["lower"] > 1  # whom the price does not take may leave for service later


def test_the_subdistribution_ratio_says_which_group_leaves_more_for_the_reason(one_sided):
    """The signs are those of the cumulative incidence curves of the two groups."""
    table = made_up(0.25, 1.0).table
    causes = table["reason"].astype(object).where(table["left"], 0)
    curves = aalen_johansen(table["duration_days"], causes, groups=table["offer"])
    by_200 = curves[curves["time"] <= 200].groupby(["cause", "group"])["incidence"].last()
    for reason in ("price", "service"):
        gap = by_200[reason, "discount"] - by_200[reason, "full price"]
        assert np.sign(gap) == np.sign(np.log(ratio(one_sided, reason, View.SUBDISTRIBUTION)["hazard_ratio"]))


def test_the_headline_names_the_reason_and_that_the_other_differs(one_sided):
    text = words_of(one_sided)
    assert text.startswith("Offer “discount” leaves for “price” at only 2")
    assert str(one_sided.headline()).endswith("of the rate of “full price”.")
    assert "times the rate among those still there" in text
    assert "Factors whose rates differ between reasons beyond chance: 1, most clearly “Offer: discount”: " in text
    assert "for “price”." in text


def test_a_ratio_that_is_alike_for_both_reasons_is_no_evidence_of_a_difference():
    found = reason_ratios(hazard_ratios(made_up(0.5, 0.5)))
    assert "No evidence that any factor goes with one reason more than with another." in words_of(found)
    assert (found.strongest["adjusted_p_value"] < 0.001).all()


def test_without_an_effect_there_is_no_evidence():
    found = reason_ratios(hazard_ratios(made_up(1.0, 1.0, size=2000)))
    assert words_of(found) == (
        "No evidence that any factor goes with leaving for a certain reason. Compared: 1 factors, 2 reasons."
    )


def test_the_test_of_a_difference_is_cochran_s_q(one_sided):
    """Σ (b − b̄)² / se² over reasons, b̄ their mean by precision; for two reasons the squared z of their difference."""
    price, service = (ratio(one_sided, reason, View.CAUSE_SPECIFIC) for reason in ("price", "service"))
    z = np.log(price["hazard_ratio"] / service["hazard_ratio"]) / np.hypot(
        price["log_std_error"], service["log_std_error"]
    )
    row = one_sided.differences.iloc[0]
    assert (row["statistic"], row["df"]) == (pytest.approx(z**2), 1)
    assert row["p_value"] == pytest.approx(2 * norm.sf(abs(z)))


def test_who_states_no_reason_competes_but_has_no_model(one_sided):
    found = reason_ratios(hazard_ratios(made_up(0.25, 1.0, no_reason=0.3)))
    assert set(found.table["reason"]) == {"price", "service"}
    price = ratio(found, "price", View.CAUSE_SPECIFIC)
    assert price["lower"] < 0.25 < price["upper"]
    assert price["log_std_error"] > ratio(one_sided, "price", View.CAUSE_SPECIFIC)["log_std_error"]


def test_what_cannot_be_told_says_why():
    assert reason_ratios(NotApplicable("nothing")) is MISSING_ABOVE
    nothing = made_up(0.5, 0.5, size=1000)
    nothing.table["reason"] = None
    assert words_of(reason_ratios(hazard_ratios(nothing))).endswith("no reasons for leaving are recorded.")
    only = made_up(0.5, 0.5, size=1000)
    only.table["reason"] = only.table["reason"].where(only.table["reason"].isna(), "price")
    assert "only one reason" in words_of(reason_ratios(hazard_ratios(only)))


@pytest.fixture(scope="module")
def of_demo(hazards):
    return reason_ratios(hazards)


def test_demo_reasons_are_drawn_whatever_the_plan_so_every_reason_has_the_same_ratios(of_demo):
    """The demo draws the reason after the end, so each cause-specific ratio is that of leaving at all."""
    rates = of_demo.table[of_demo.table["view"] == View.CAUSE_SPECIFIC].set_index(["covariate", "reason"])
    monthly = TRUTH.daily_hazard("月付", "微信")
    true = {f"Plan: {plan}": TRUTH.daily_hazard(plan, "微信") / monthly for plan in ("季付", "年付")}
    true["Channel: 抖音"] = TRUTH.hazard_ratios["抖音"]
    for covariate, expected in true.items():
        for reason in TRUTH.reason_shares:
            row = rates.loc[(covariate, reason)]
            assert abs(np.log(row["hazard_ratio"] / expected)) < 2.8 * row["log_std_error"]  # 9 intervals at once
    sure = of_demo.strongest[of_demo.strongest["adjusted_p_value"] < 0.05]
    assert set(sure["covariate"]) == set(true)
    assert "No evidence that any factor goes with one reason more than with another." in words_of(of_demo)


def test_demo_table_and_forest_show_both_views(of_demo):
    table = of_demo.summary()
    assert len(table) == 12
    assert table.columns.tolist() == [
        "covariate", "reference", "reason", "cause_specific_hazard_ratio", "subdistribution_hazard_ratio",
        "adjusted_p_value",
    ]  # fmt: skip
    ax = of_demo.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["cause-specific", "subdistribution"]
    assert len(ax.get_yticks()) == 12
    assert ax.get_xscale() == "log"
