"""Responses after many messages, and who opted out: beside slow refits, and counted by hand."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from answers import words_of
from helpers.analyses.journey.message.pressure import Fatigue, Reaction, fatigue, slope
from helpers.analyses.journey.message.sent import messages
from helpers.findings import NotApplicable
from shops import shop


def test_fatigue_counts_by_contacts_and_its_slope_is_that_of_least_squares(tired, followed):
    known = followed.dropna(subset="messages_before").assign(
        messages_before=lambda table: table["messages_before"].clip(upper=6)
    )
    for row in tired.table[tired.table["outcome"] == "opened"].itertuples():
        own = known[known["messages_before"] == row.messages_before]
        assert (row.messages, row.response_rate) == (len(own), pytest.approx(own["opened"].mean()))
    trend = tired.trend.set_index(["outcome", "compared"])
    x, y = known["messages_before"].astype(float), known["opened"].astype(float)
    assert trend.loc[("opened", "all"), "change_rate"] == pytest.approx(np.polyfit(x, y, 1)[0])
    x, y = (each - each.groupby(known["customer_id"]).transform("mean") for each in (x, y))
    assert trend.loc[("opened", "same_customer"), "change_rate"] == pytest.approx(np.polyfit(x, y, 1)[0])


@pytest.mark.parametrize("within", [False, True])
def test_the_error_of_a_slope_is_that_of_leaving_out_each_customer(within):
    """By slow refits; degrees of freedom by how much of the spread each customer has."""
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({"customer_id": rng.choice(list("abcdefg"), 90, p=np.arange(1, 8) / 28)})
    rows = rows.assign(messages_before=rng.integers(0, 6, 90), opened=rng.random(90) < 0.4)
    x, y = rows["messages_before"].astype(float), rows["opened"].astype(float)
    if within:
        x, y = (each - each.groupby(rows["customer_id"]).transform("mean") for each in (x, y))
    own = [rows["customer_id"] == name for name in "abcdefg"]
    whole, others = np.polyfit(x, y, 1)[0], np.array([np.polyfit(x[~mine], y[~mine], 1)[0] for mine in own])
    error = np.sqrt(((others - whole) ** 2).sum() * 6 / 7)
    spread = np.array([((x - x.mean())[mine] ** 2).sum() for mine in own])
    df = spread.sum() ** 2 / (spread**2).sum() - 1
    found = slope(ibis.memtable(rows), "opened", within=within)
    assert found["change_rate"] == pytest.approx(whole)
    assert found["upper"] - whole == pytest.approx(t.ppf(0.975, df) * error)
    assert found["p_value"] == pytest.approx(2 * t.sf(abs(whole) / error, df))


def test_busy_customers_who_open_more_are_no_fatigue_within_the_same_customer(tired):
    """Customers of many messages open twice as often by their nature; nobody's own share depends on the number."""
    trend = tired.trend[tired.trend["outcome"] == "opened"]
    assert trend["p_value"].iloc[0] < 0.02 < 0.05 < trend["p_value"].iloc[1]
    sentence = words_of(Fatigue(tired.table, trend.assign(adjusted_p_value=trend["p_value"])))
    assert "Share opened: +" in sentence and "was not drawn by lot" in sentence and "because" not in sentence


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({("opened", "all"): -0.1}, "The more messages, the lower the share opened."),
        (
            {("opened", "all"): -0.1, ("clicked", "same_customer"): -0.1},
            "The more messages, the lower the share opened and clicked.",
        ),
        (
            {("opened", "all"): -0.1, ("opened", "same_customer"): 0.1},
            "No evidence that more messages lower the share clicked.",
        ),
        ({}, "No evidence that more messages lower the share opened and clicked."),
        (
            {("opened", "all"): 0.1, ("clicked", "all"): 0.1},
            "The more messages, the higher the share opened and clicked.",
        ),
    ],
)
def test_the_headline_says_first_which_responses_fall(changes, said):
    """A change within customers stands against one over all messages."""
    rows = [
        (outcome, compared, changes.get((outcome, compared), 0.0), 0.01 if (outcome, compared) in changes else 0.5)
        for outcome in ("opened", "clicked")
        for compared in ("all", "same_customer")
    ]
    trend = pd.DataFrame(rows, columns=["outcome", "compared", "change_rate", "adjusted_p_value"])
    found = Fatigue(pd.DataFrame(), trend.assign(lower=trend["change_rate"] - 0.01, upper=trend["change_rate"] + 0.01))
    assert str(found.headline()) == said
    only = trend.assign(outcome="ordered", adjusted_p_value=np.nan, lower=np.nan, upper=np.nan)
    untold = Fatigue(pd.DataFrame(), only, Reaction(0.9, 0.1, 7))
    assert str(untold.headline()) == "Whether more messages lower orders cannot be told: orders set messages off."


def test_a_slope_needs_what_varies():
    rows = ibis.memtable(
        pd.DataFrame({"customer_id": ["a", "b", "c"], "messages_before": [1, 1, 1], "opened": [True, False, True]})
    )
    assert np.isnan(slope(rows, "opened")["change_rate"])


def test_what_one_customer_shows_is_no_slope():
    rows = pd.DataFrame({"customer_id": list("aaaab"), "messages_before": [0, 1, 2, 3, 1], "opened": [1, 0, 1, 0, 1]})
    assert np.isnan(slope(ibis.memtable(rows.astype({"opened": bool})), "opened", within=True)["change_rate"])


def test_a_trend_within_the_same_customer_is_free_of_who_they_are():
    """Ten customers open a share of their own, and 5 points less with each message before: a slope of -0.05."""
    rows = pd.DataFrame(
        [
            {
                "customer_id": f"c{who}",
                "messages_before": before,
                "opened": place < 20 * (0.3 + 0.03 * who - 0.05 * before),
            }
            for who in range(10)
            for before in range(who % 3, 4)
            for place in range(20)
        ]
    )
    known = rows.groupby(["customer_id", "messages_before"])["opened"].transform("mean")
    inside = rows["messages_before"] - rows.groupby("customer_id")["messages_before"].transform("mean")
    change = slope(ibis.memtable(rows), "opened", within=True)
    expected = (inside * known).sum() / (inside**2).sum()
    assert change["change_rate"] == pytest.approx(expected) and change["change_rate"] < -0.03
    assert change["upper"] - change["lower"] < 1e-9  # every customer shows it exactly


def test_messages_before_are_shown_in_words_with_the_most_together(tired):
    assert tired.table["messages_before"].unique().tolist() == list(range(7))
    shown = tired.summary()
    assert shown["messages_in_30_days_before"].tolist() == ["0", "1", "2", "3", "4", "5", "6 or more"]
    assert list(shown.columns[3:]) == ["opened_rate", "clicked_rate", "ordered_rate"]
    assert "missing above" in words_of(fatigue(NotApplicable("no.")))


def test_where_orders_set_messages_off_no_trend_of_orders_is_told():
    """Every customer orders on random days; a message follows each order by a day, or comes on a day of its own."""
    rng = np.random.default_rng(3)
    orders = pd.DataFrame({"customer_id": rng.integers(0, 40, 400).astype(str), "days_ago": rng.integers(8, 300, 400)})
    own = orders.assign(days_ago=rng.integers(8, 300, 400))
    after = orders.assign(days_ago=orders["days_ago"] - 1)
    free, set_off = (fatigue(messages(shop(touches=touches, orders=orders), 5)) for touches in (own, after))
    assert free.reaction is None and free.trend["p_value"].notna().all()
    assert set_off.reaction.after_order_share == 1 and set_off.reaction.before_order_share < 0.2
    assert set_off.trend["p_value"].isna().all()
    assert "for they set messages off: 100% came within 5 days after one" in words_of(set_off)
