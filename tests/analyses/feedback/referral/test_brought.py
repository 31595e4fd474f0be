"""Brought customers beside others alike: a real difference, a confounded one, the reward, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.referral.brought import arrivals, brought
from helpers.data.intake.wording.plans import Plan
from helpers.findings import NotApplicable
from shops import AS_OF, shop, words


def linked(rng: np.random.Generator, more: float = 1.0, dear_channel: float = 1.0, customers: int = 1_200, **settings):
    """Half came by a link, of whom six of ten were brought, by others one of ten; all buy within a fortnight of joining.

    Those who were brought spend `more` times as much, those of the link's channel `dear_channel` times.
    """
    by_link = np.arange(customers) % 2 == 0
    was_brought = rng.random(customers) < np.where(by_link, 0.6, 0.1)
    ids = np.array([f"c{row}" for row in range(customers)])
    joined = pd.Timestamp(AS_OF) - pd.to_timedelta(200 + rng.integers(0, 90, customers), unit="D")
    people = pd.DataFrame({
        "customer_id": ids, "joined_at": joined, "channel": np.where(by_link, "link", "web"),
        "referred_by": np.where(was_brought, ids[rng.integers(0, customers, customers)], None),
    })  # fmt: skip
    orders = pd.DataFrame({
        "order_id": ids, "customer_id": ids, "ordered_at": joined + pd.to_timedelta(rng.integers(0, 14, customers), unit="D"),
        "amount": rng.lognormal(4, 0.5, customers) * np.where(was_brought, more, 1) * np.where(by_link, dear_channel, 1),
    })  # fmt: skip
    return shop(settings=words(currency="CNY", **settings), customers=people, orders=orders)


def spend(data, **named) -> pd.Series:
    return brought(data, **named).table.set_index("outcome").loc["net_spend"]


def test_brought_customers_who_spend_more_are_told():
    found = brought(linked(np.random.default_rng(1), more=1.5))
    line = spend(linked(np.random.default_rng(1), more=1.5))
    assert line["lower"] < 0.5 * line["others_alike"] < line["upper"] and line["adjusted_p_value"] < 0.001
    assert words_of(found).startswith("Referred customers spend ¥")
    assert " more in 180 days than similar ones." in words_of(found)
    fewer = words_of(brought(linked(np.random.default_rng(1), more=0.6)))
    assert " less in 180 days than similar ones." in fewer


def test_a_dearer_channel_is_no_worth_of_being_brought():
    """Naively brought customers spend far more, beyond chance; among those of one channel and month they do not."""
    data = linked(np.random.default_rng(2), dear_channel=2)
    people = data.customers.set_index("customer_id")
    money, is_brought = people["monetary"], people["referred_by"].notna()
    naive = money[is_brought].mean() - money[~is_brought].mean()
    error = np.sqrt(money[is_brought].var() / is_brought.sum() + money[~is_brought].var() / (~is_brought).sum())
    assert naive > 5 * error
    line = spend(data)
    assert line["lower"] < 0 < line["upper"] and line["brought_gain"] < naive / 3
    assert words_of(brought(data)).startswith(
        "No evidence that referred customers spend more or less than similar ones. They spend ¥"
    )


def test_the_reward_is_what_a_brought_customer_earns():
    planned = brought(linked(np.random.default_rng(3), plan=Plan(margin=0.5)))
    earns = 0.5 * planned.table["brought"].iloc[1]
    low, high = (0.5 * end for end in planned.spend)
    assert low < earns < high
    assert f"A reward of up to ¥{earns:.2f} (" in words_of(
        planned
    ) and f"of up to ¥{earns / 2:.2f} if half" in words_of(planned)
    assert "50.0% of what customers pay is counted." in words_of(planned)
    assert "All that customers pay is counted" in words_of(brought(linked(np.random.default_rng(3))))


def test_spend_counts_within_the_days_and_lately_come_customers_are_left_out():
    data = linked(np.random.default_rng(4))
    whole, none = spend(data, days=200), brought(data, days=400)
    assert isinstance(none, NotApplicable) and "fewer than 20 customers whom others brought 400 days ago" in str(
        none.headline()
    )
    early = spend(data, days=30)
    assert early["brought"] == pytest.approx(whole["brought"])  # all bought in a fortnight
    with pytest.raises(ValueError, match="days"):
        brought(data, days=3)


def test_whoever_brought_oneself_or_is_no_customer_brought_nobody():
    people = {
        "customer_id": ["a", "b", "c"],
        "referred_by": ["a", "ghost", "b"],
        "joined_at": pd.to_datetime(["2025-01-01"] * 3),
    }
    assert arrivals(shop(customers=people))["referrer"].dropna().to_dict() == {"c": "b"}


def test_without_referrals_the_page_says_what_to_export():
    people = {"customer_id": ["a", "b"], "joined_at": pd.to_datetime(["2025-01-01"] * 2)}
    found = brought(shop(customers=people))
    assert isinstance(found, NotApplicable) and "as `referred_by` of customers" in str(found.headline())


def test_the_demos_brought_customers_are_as_others(demo):
    line = brought(demo).table.set_index("outcome").loc["net_spend"]
    assert line["lower"] < 0 < line["upper"]
