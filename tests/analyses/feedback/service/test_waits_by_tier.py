"""Tiers are compared among requests of one kind, on the day; open requests wait on, and customers are the units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from answers import words_of
from helpers.analyses.feedback.service.waits_by_tier import speed_by_tier
from helpers.data.intake.wording.programme import Loyalty, Tier
from helpers.findings import NotApplicable
from helpers.statistics import survival
from shops import AS_OF, shop, words

NIGHT = pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
RULES = words(loyalty=Loyalty(tiers=(Tier("Gold", 100, window_days=90),)))


def served(rng: np.random.Generator, customers: int = 400, gold_faster: float = 1.0, more_complaints: bool = False):
    """A shop of which the second half is Gold; complaints take ten times as long, whoever makes them."""
    people = np.array([f"c{row}" for row in range(customers)])
    gold = np.arange(customers) >= customers // 2
    who = rng.integers(0, customers, 3 * customers)
    complaint = rng.random(len(who)) < np.where(gold[who] | (not more_complaints), 0.2, 0.7)
    days = rng.exponential(np.where(complaint, 20, 2) / np.where(gold[who], gold_faster, 1))
    opened = NIGHT - pd.to_timedelta(rng.integers(1, 60 * 1440, len(who)), unit="min")
    closed = pd.Series(opened + pd.to_timedelta(np.ceil(days * 1440), unit="min"))
    tickets = pd.DataFrame({
        "ticket_id": np.arange(len(who)).astype(str), "customer_id": people[who], "opened_at": opened,
        "first_reply_at": closed.where(closed < NIGHT), "closed_at": closed.where(closed < NIGHT),
        "complaint": complaint,
    })  # fmt: skip
    bought = np.concatenate([people, people])
    orders = pd.DataFrame({
        "order_id": np.arange(len(bought)).astype(str), "customer_id": bought,
        "days_ago": [200] * customers + [65] * customers, "amount": np.concatenate([np.ones(customers), 150.0 * gold]),
    })  # fmt: skip
    return shop(settings=RULES, tickets=tickets, orders=orders)


def test_a_tier_that_is_settled_sooner_is_told():
    found = speed_by_tier(served(np.random.default_rng(1), gold_faster=2), "resolution", 3)
    assert found.table["tier"].tolist() == ["Gold", "(below the first tier)"]
    assert found.table["times_expected"].iloc[0] > 1 > found.table["times_expected"].iloc[1]
    assert words_of(found).startswith(
        "Requests of “Gold” are settled soonest, those of “(below the first tier)” latest. “Gold”: "
    )


def test_a_low_tier_that_is_served_better_is_told_as_such():
    found = speed_by_tier(served(np.random.default_rng(2), gold_faster=0.5), "first_reply", 24)
    assert words_of(found).startswith("“(below the first tier)” is answered soonest, not the highest tier, “Gold”. ")


def test_tiers_that_ask_for_other_things_are_not_served_otherwise():
    """Low tiers complain more, and complaints take long. Shares, and a test of all requests, would call it a promise kept."""
    found = speed_by_tier(served(np.random.default_rng(3), more_complaints=True), "resolution", 3)
    gold, below = found.table["on_time_share"]
    assert gold > below + 0.2
    rows = served(np.random.default_rng(3), more_complaints=True).tables["tickets"].execute()
    waits = (rows["closed_at"].fillna(NIGHT) - rows["opened_at"]).dt.total_seconds()
    is_gold = rows["customer_id"].str[1:].astype(int) >= 200
    assert survival.log_rank(waits, rows["closed_at"].notna(), is_gold, cluster=rows["customer_id"]).p_value < 1e-6
    assert found.p_value > 0.05
    assert words_of(found).startswith(
        "No evidence that requests of any tier are settled sooner than those of another. "
    )
    assert words_of(found).endswith("Tiers are those of the day of the request.")


def test_open_requests_wait_on():
    """Of those settled alone half would be so within half a day; with those still open it takes two days and a half."""
    found = speed_by_tier(served(np.random.default_rng(4), 4_000), "resolution", 3).table
    true = 1 - (0.8 * np.exp(-3 / 2) + 0.2 * np.exp(-3 / 20))
    assert (found["lower"] < true).all() and (true < found["upper"]).all()
    assert (found["waiting"] > 0).all()


def test_levels_of_today_would_blame_the_level_for_what_the_service_did():
    """Whoever was served late long ago stopped buying and fell: among all requests high levels were served sooner."""
    rng = np.random.default_rng(5)
    n = 1_000
    days = rng.exponential(5, n)
    opened = NIGHT - pd.to_timedelta(np.where(np.arange(n) % 2, 300, 30), unit="D")
    fell = (days > 5) & (np.arange(n) % 2 == 1)  # of whom the wait is long over
    level = np.where((rng.random(n) < 0.5) & ~fell, "VIP", "plain")
    people = np.arange(n).astype(str)
    closed = opened + pd.to_timedelta(np.ceil(days * 1440), unit="min")
    tickets = pd.DataFrame({"ticket_id": people, "customer_id": people, "opened_at": opened, "closed_at": closed})
    data = shop(customers=pd.DataFrame({"customer_id": people, "level": level}), tickets=tickets)
    found = speed_by_tier(data, "resolution", 3)
    assert survival.log_rank(days, np.ones(n), level).p_value < 1e-6
    assert found.p_value > 0.05 and found.table["tickets"].sum() == n // 2
    assert words_of(found).endswith("Tiers are those of today, so only requests of the last 90 days count.")


def test_nothing_is_told_where_no_tier_is_known_or_there_is_one_alone():
    tickets = {"ticket_id": list("abcdefghijkl"), "customer_id": list("abcdefghijkl"), "days_ago": [5] * 12}
    tickets["closed_at"] = [pd.Timestamp(AS_OF)] * 12
    lacking = speed_by_tier(shop(tickets=tickets), "resolution", 3)
    assert "map `level` of customers, or write `[[loyalty.tiers]]`" in str(lacking.headline())
    orders = {"order_id": list("xy"), "customer_id": list("ab"), "days_ago": [400, 300], "amount": [1.0, 1.0]}
    alone = speed_by_tier(shop(settings=RULES, tickets=tickets, orders=orders), "resolution", 3)
    assert isinstance(alone, NotApplicable) and "one tier" in str(alone.headline())
    assert isinstance(speed_by_tier(shop(orders=orders)), NotApplicable)
