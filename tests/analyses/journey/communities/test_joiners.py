"""What joiners of a community buy, beside others alike, and beside the numbers that forget who joins."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.communities.joiners import Joiners, joiners
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop, words

AS_OF = dt.date(2025, 6, 30)
FIRST, LENGTH = pd.Timestamp("2024-01-01"), 547


def bought(seed: int, lift: float = 1.0, customers: int = 1500) -> tuple[Dataset, pd.DataFrame, pd.DataFrame]:
    """Customers who buy at very different rates; one order in 15 comes with an invitation, and a day later they join.

    Joined they buy `lift` times as often. The data, all orders (customer, day, amount) and all joiners (customer, day).
    """
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.2, 0.012, customers)
    orders = pd.DataFrame(np.argwhere(rng.random((customers, LENGTH)) < rate[:, None]), columns=["customer", "day"])
    invited = orders[rng.random(len(orders)) < 1 / 15].groupby("customer")["day"].min() + 1
    joined = orders["customer"].map(invited)
    keeps = (orders["day"] < joined) | joined.isna() | (rng.random(len(orders)) < lift)
    more = orders[(orders["day"] > joined) & (rng.random(len(orders)) < lift - 1)]
    orders = pd.concat([orders[keeps], more.assign(day=(more["day"] + 3).clip(upper=LENGTH - 1))])
    orders = orders.assign(amount=20 * rng.lognormal(0, 0.5, len(orders)))
    members = invited[invited < LENGTH].rename("day").reset_index()
    at = lambda days: FIRST + pd.to_timedelta(days, unit="D")  # noqa: E731
    rows = pd.DataFrame({"order_id": range(len(orders)), "customer_id": "c" + orders["customer"].astype(str),
                         "ordered_at": at(orders["day"]), "amount": orders["amount"]})  # fmt: skip
    events = pd.DataFrame({"customer_id": "c" + members["customer"].astype(str), "happened_at": at(members["day"]),
                           "event": "join", "channel": "社群"})  # fmt: skip
    return shop(as_of=AS_OF, settings=words(currency="CNY"), orders=rows, events=events), orders, members


@pytest.fixture(scope="module")
def without_effect() -> tuple[Joiners, pd.DataFrame, pd.DataFrame]:
    data, orders, members = bought(1)
    return joiners(data), orders, members


def test_without_effect_there_is_no_evidence_though_members_buy_more_and_orders_fall_after_joining(without_effect):
    found, orders, members = without_effect
    spend = orders.groupby("customer")["amount"].sum().reindex(range(1500), fill_value=0)
    inside = spend.index.isin(members["customer"])
    assert spend[inside].mean() > 1.8 * spend[~inside].mean()  # members beside others: they were invited for ordering
    both = orders.merge(members.rename(columns={"day": "joined"}), on="customer")
    followed = both[both["joined"].between(90, LENGTH - 91)]
    before = followed["day"].between(followed["joined"] - 90, followed["joined"]).sum()
    after = followed["day"].between(followed["joined"] + 1, followed["joined"] + 90).sum()
    assert after < 0.8 * before  # before beside after: they joined on an order
    assert str(found.headline()) == "No evidence that joiners of the community buy more, or less, than others alike."
    assert ((found.table["lower"] < 0) & (found.table["upper"] > 0)).all()
    assert found.brief().news == ()


def test_what_joining_does_is_found_and_stands_on_the_first_page_by_the_spend_of_a_quarter():
    data, *_ = bought(2, lift=2.0)
    found = joiners(data)
    assert str(found.headline()).startswith("After joining the community customers spend ¥")
    assert str(found.headline()).endswith(" more than others alike.")
    assert "only inviting by lot would tell" in words_of(found)
    (news,) = found.brief().news
    difference = found.table.set_index("bought").loc["net_spend", "change_difference"]
    assert news.stake == pytest.approx(difference * found.a_quarter) and news.sure > 0.95
    worse, *_ = bought(2, lift=0.3)
    assert str(joiners(worse).headline()).endswith(" less than others alike.")
    assert joiners(worse).brief().news == ()


def test_the_levels_are_those_of_the_joiners_counted_one_by_one(without_effect):
    found, orders, members = without_effect
    first, began = orders.groupby("customer")["day"].min(), members["day"].min() + 30
    known = members[(members["day"] >= began) & (members["day"] <= LENGTH - 91)]
    known = known[known["customer"].map(first) <= known["day"]]
    assert found.joiners + found.unmatched == len(known)
    row = found.table.set_index("bought").loc["ordered"]
    days = orders.groupby("customer")["day"].apply(set)
    ordered = [any(day < each <= day + 90 for each in days[who]) for who, day in known.itertuples(index=False)]
    assert row["joiners_after"] == pytest.approx(np.mean(ordered), abs=0.05)  # but for those without others alike


def test_it_says_what_is_missing_or_too_few():
    data, *_ = bought(3, customers=60)
    assert "too few to compare" in words_of(joiners(data))
    assert isinstance(joiners(shop(events=data.tables["events"].execute())), NotApplicable)
    assert "社群" in words_of(joiners(shop(orders=data.tables["orders"].execute())))
