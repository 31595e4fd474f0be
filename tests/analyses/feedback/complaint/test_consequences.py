"""What follows a complaint, on simulated shops whose truth is known: nothing, or fewer orders."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, chi2

from answers import words_of
from helpers.analyses.feedback.complaint.consequences import Aftermath, aftermath, complaint_days
from helpers.data import counterparts
from helpers.findings import NotApplicable
from shops import shop

LENGTH, DAYS = 500, 60  # of a simulated shop, and after a complaint
NULL_SHOPS = 12


@pytest.fixture(scope="module", autouse=True)
def fewer_pairs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counterparts, "MOST_PAIRS", 30_000)
        yield


@pytest.fixture(scope="module")
def without_effect(complaining, simulated, fewer_pairs) -> list[Aftermath]:
    return [aftermath(complaining(*simulated(seed)[:2]), DAYS) for seed in range(2_000, 2_000 + NULL_SHOPS)]


def outcomes(found: list[Aftermath], place: int) -> pd.DataFrame:
    """One row a shop for the outcome at `place`, with its standard error."""
    table = pd.DataFrame([finding.table.iloc[place] for finding in found]).drop(columns="outcome").astype(float)
    return table.assign(error=(table["upper"] - table["lower"]) / 2 / 1.96)


@pytest.mark.parametrize("place", [0, 1])
def test_where_a_complaint_does_nothing_neither_orders_nor_spend_differ_beyond_chance(without_effect, place):
    """Also where one complains more for ordering more: bounds that chance alone would break once in 500 or 1,000."""
    table = outcomes(without_effect, place)
    scaled = table["difference"] / table["error"]
    assert abs(scaled.sum()) / np.sqrt(NULL_SHOPS) < 3.1
    assert chi2.ppf(0.001, NULL_SHOPS) < (scaled**2).sum() < chi2.ppf(0.999, NULL_SHOPS)
    covered = ((table["lower"] <= 0) & (table["upper"] >= 0)).sum()
    assert covered >= binom.ppf(0.001, NULL_SHOPS, 0.95)


def test_a_known_effect_is_found_as_large_as_it_is(complaining, simulated):
    shops = [simulated(seed, 0.6) for seed in range(3_000, 3_004)]
    found = [aftermath(complaining(*each[:2]), DAYS) for each in shops]
    truths, again, spend = np.array([each[2] for each in shops]), outcomes(found, 0), outcomes(found, 1)
    assert (truths < -0.1).all()
    error = np.sqrt((again["error"] ** 2).sum()) / len(found)  # beside it, controls complaining later take off a little
    assert abs((again["difference"] - truths).mean()) < 3.1 * error
    assert error < 0.02  # so that the line above says something
    assert (again["adjusted_p_value"] < 0.05).all() and (spend["upper"] < 0).all()


def test_the_headline_claims_no_cause_and_the_figure_ends_at_the_difference(without_effect):
    finding = without_effect[0]
    assert "association, not an effect" in words_of(finding) and "experiment" in words_of(finding)
    assert ". Spend: " in words_of(finding) and ". Net spend: " in words_of(replace(finding, is_net=True))
    line = finding.plot().lines[0]
    assert line.get_xdata()[-1] == DAYS
    assert line.get_ydata()[-1] == pytest.approx(finding.table["difference"].iloc[0])
    assert finding.balance["standardised_difference"].abs().max() < 0.25
    assert finding.summary().loc[0, "difference"].endswith(" points")
    plt.close("all")


def test_where_all_go_on_the_same_nothing_is_said_to_differ(complaining):
    orders = pd.DataFrame([(who, day, 100.0) for who in range(100) for day in range(0, LENGTH, 10)])
    complaints = pd.DataFrame({"customer": np.arange(60), "day": 100 + np.arange(60)})
    finding = aftermath(complaining(orders.set_axis(["customer", "day", "amount"], axis=1), complaints), DAYS)
    assert words_of(finding).lower().count("no difference, as nothing varies") == 2
    assert finding.table["difference"].tolist() == pytest.approx([0, 0])
    assert (finding.summary()["95% CI"] == "– to –").all()


@pytest.mark.parametrize(
    ("ordered", "spent", "said"),
    [
        ((0.01, -0.1), (1, 5), "After a complaint fewer order again: 40.0%, of customers alike 50.0%."),
        ((0.01, 0.1), (1, 5), "After a complaint more order again: 40.0%, of customers alike 50.0%."),
        ((1, 0.1), (0.01, -5), "After a complaint customers spend 5 less than customers alike."),
        ((1, 0.1), (0.01, 5), "After a complaint customers spend 5 more than customers alike."),
        ((1, -0.1), (1, -5), "No evidence that a complaint costs the next order: 40.0% order again."),
    ],
)
def test_the_headline_tells_what_is_beyond_chance_orders_before_spend(without_effect, ordered, spent, said):
    finding, rows = without_effect[0], []
    for outcome, (p_value, difference) in zip(("ordered_again", "net_spend"), (ordered, spent), strict=True):
        rows.append((outcome, 0.4, 0.5, difference, difference - 1, difference + 1, p_value))
    told = replace(finding, table=pd.DataFrame(rows, columns=list(finding.columns)), currency="")
    assert str(told.headline()) == said


def test_what_cannot_be_told_is_not_applicable(complaining, simulated):
    orders, complaints, _ = simulated(9, customers=200)
    data = complaining(orders, complaints)
    no_orders = shop(as_of=data.as_of, known=data.customers, tickets=data.tables["tickets"])
    no_tickets = shop(as_of=data.as_of, known=data.customers, orders=data.tables["orders"])
    few = complaining(orders, complaints.head(5))
    for lacking in (no_orders, no_tickets, few):
        assert isinstance(aftermath(lacking, DAYS), NotApplicable)
    with pytest.raises(ValueError, match="days = 0"):
        aftermath(data, 0)


def test_a_customers_complaints_of_one_day_are_one_and_other_requests_are_none():
    tickets = pd.DataFrame({
        "ticket_id": list("abcdef"), "customer_id": ["x", "x", "x", "y", "y", None],
        "opened_at": pd.to_datetime(["2025-01-01 08:00", "2025-01-01 20:00", "2025-01-02 00:00", *["2025-01-03 00:00"] * 3]),
        "complaint": [True, True, True, False, None, True],
    })  # fmt: skip
    days = complaint_days(shop(tickets=tickets).tables["tickets"]).sort_values("day")
    assert days["customer_id"].tolist() == ["x", "x"]
    assert pd.to_datetime(days["day"]).dt.day.tolist() == [1, 2]
