"""Stages by limits of silence: overall, by group, given; each stage reached as its rule says."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.standing.gaps import gap_quantiles, order_gaps
from helpers.analyses.segmentation.standing.life_stages import QUANTILES, stages
from helpers.findings.folding import SMALL_GROUPS


def orders_of(days: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(customer, day) for customer, given in days.items() for day in given]
    frame = pd.DataFrame(rows, columns=["customer_id", "days_ago"])
    return frame.assign(order_id=[f"o{place}" for place in range(len(frame))], amount=10.0)


def gaps_by_hand(days: dict[str, list[int]]) -> list[int]:
    return [later - earlier for given in days.values() for earlier, later in itertools.pairwise(sorted(set(given)))]


@pytest.fixture(scope="module")
def shop():
    """Customers of 天猫 come back within weeks, of 抖音 within months; eight of 微信 hardly ever; four of nowhere."""
    rng, days, channel = np.random.default_rng(6), {}, {}
    for name, size, mean in (("天猫", 60, 20), ("抖音", 60, 90), ("微信", 8, 60), ("京东", 3, 60), (None, 5, 60)):
        for n in range(size):
            customer = f"{name}{n:02}"
            turns = rng.geometric(0.25 if size > 10 else 0.7)
            days[customer] = np.cumsum(rng.exponential(mean, turns).astype(int) + 1).tolist()
            channel[customer] = name
    days["天猫00"] += days["天猫00"]  # two orders on each of these days
    members = pd.DataFrame({"customer_id": list(channel), "channel": list(channel.values())})
    return days, members


@pytest.fixture(scope="module")
def data(made, shop):
    return made(orders=orders_of(shop[0]), customers=shop[1])


def test_each_of_the_eight_stages_is_reached_as_its_rule_says(made):
    days = {
        "new": [10],
        "new twice a day": [10, 10],
        "active": [20, 70],
        "at the limit": [30, 40],
        "need attention": [31, 40],
        "at risk": [90, 99],
        "dormant": [91, 95],
        "dormant at the end": [365],
        "lost": [366],
        "won back": [5, 96],
        "from lost": [5, 500],
        "gap of exactly 90": [5, 95],
        "won back before": [5, 15, 200],
        "gone again": [91, 200],
    }
    fillers = {f"filler{n}": [400] for n in range(20)}
    members = pd.DataFrame({"customer_id": [*days, *fillers, "registered"]})
    found = stages(made(orders=orders_of(days | fillers), customers=members), limits_days=[30, 60, 90, 365])
    assert {name: found.labels[name].rpartition(" ")[0] for name in (*days, "registered")} == {
        "new": "New",
        "new twice a day": "New",
        "active": "Active",
        "at the limit": "Active",
        "need attention": "Need attention",
        "at risk": "At risk",
        "dormant": "Dormant",
        "dormant at the end": "Dormant",
        "lost": "Lost",
        "won back": "Won back",
        "from lost": "Won back",
        "gap of exactly 90": "Active",
        "won back before": "Active",
        "gone again": "Dormant",
        "registered": "Potential",
    }
    assert found.cuts == (30, 60, 90, 365) and "30, 60, 90 and 365 days of silence (as given)" in found.headline()


def test_gaps_lie_between_order_days_and_not_between_orders_or_cancelled_ones(made):
    orders = orders_of({"a": [30, 30, 20, 5, 5], "b": [7]}).assign(cancelled=[False, False, True, False, False, False])
    gaps = order_gaps(made(orders=orders)).execute()
    assert gaps[["customer_id", "gap_days"]].to_numpy().tolist() == [["a", 25]]


def test_limits_are_quantiles_of_the_gaps_by_a_slow_loop(data, shop):
    gaps = gaps_by_hand(shop[0])
    limits = [int(np.ceil(limit)) for limit in np.quantile(gaps, QUANTILES)]
    found = stages(data)
    assert list(found.cuts) == limits
    assert f"75.0%, 90.0%, 95.0% and 99.0% of {len(gaps):,} returns" in found.headline()


def test_quantiles_of_counted_gaps_are_those_of_the_gaps_written_out():
    rng = np.random.default_rng(1)
    for size in (1, 2, 7, 400):
        gaps = rng.integers(1, 60, size)
        counts = pd.Series(gaps, name="gap_days").value_counts().rename("returns").reset_index()
        counts = counts.assign(group="x").sample(frac=1, random_state=0)
        shares = (0.01, 0.5, 0.75, 0.99)
        assert gap_quantiles(counts, shares) == tuple(np.ceil(np.quantile(gaps, shares) - 1e-9).astype(int))


def test_groups_with_thirty_returns_have_limits_of_their_own_and_others_those_of_everybody(data, shop):
    days, members = shop
    table = stages(data, by="channel").limits.table.set_index("group")
    by_channel = members.set_index("customer_id")["channel"]
    for name in ("天猫", "抖音"):
        gaps = gaps_by_hand({customer: given for customer, given in days.items() if by_channel[customer] == name})
        assert table.loc[name, "returns"] == len(gaps) and table.loc[name, "origin"] == "its returns"
        assert table.loc[name, "active_days"] == np.ceil(np.quantile(gaps, 0.75))
    few = gaps_by_hand({customer: given for customer, given in days.items() if by_channel[customer] == "微信"})
    assert len(few) < 30 and table.loc["微信", "returns"] == len(few) and table.loc["微信", "origin"] == "all returns"
    assert table.loc["微信", "dormant_days"] == table.loc["(all customers)", "dormant_days"]
    assert table.loc[SMALL_GROUPS, "buyers"] == 8  # 3 of a small channel, hidden among 5 of whom it is not known
    assert table["buyers"].iloc[0] == 136 == table["buyers"].iloc[1:].sum()


def test_each_customer_is_judged_by_the_limits_of_its_group(data):
    found = stages(data, by="channel")
    recency = data.customers.set_index("customer_id")["recency_days"].reindex(found.labels.index)
    groups = found.limits.groups.reindex(found.labels.index)
    limits = found.limits.table.set_index("group")
    lost = recency > limits["dormant_days"].reindex(groups.astype(str)).to_numpy()
    assert lost.any() and ((found.labels.str.startswith("Lost")) == lost).all()
    overall = stages(data)
    assert (overall.labels != found.labels).any() and "limit of its channel" in found.rules[overall.labels.iloc[0]]
    assert "2 of 4 groups by channel have limits of their own; 2 with fewer than 30 returns" in found.headline()


def test_small_groups_have_no_row_of_their_own(data):
    shown = stages(data, by="channel").limits.summary()
    assert "京东" not in set(shown["group"]) and (shown["buyers"] >= 5).all()
    assert len(stages(data, by="channel").limits.plot().patches) == 4 * len(shown)


def test_limits_that_are_kept_give_the_same_stages(data):
    for by in ("", "channel"):
        first = stages(data, by=by)
        again = stages(data, limits_days=first.limits.given(), by=by)
        assert (first.labels == again.labels).all() and "as given" in again.headline()
    everywhere = stages(data, limits_days={"": (10, 20, 30, 40), "天猫": (1, 2, 3, 4)}, by="channel").limits.table
    assert everywhere.set_index("group")["active_days"].to_dict() == {
        "(all customers)": 10,
        "天猫": 1,
        "抖音": 10,
        "微信": 10,
        SMALL_GROUPS: 10,
    }


def test_stages_need_thirty_returns_or_limits(made):
    once = made(orders=orders_of({f"c{n}": [n] for n in range(25)}))
    assert "came back only 0 times" in stages(once).headline()
    assert stages(once, limits_days=[5, 10, 15, 20]).labels.notna().sum() == 25


@pytest.mark.parametrize(
    "wrong, rule",
    [
        ({"limits_days": [10, 5, 15, 20]}, "cuts.stage = .*four numbers of days in rising order"),
        ({"limits_days": [5, 10, 15]}, "four numbers"),
        ({"limits_days": {"天猫": [5, 10, 15, 20]}}, "others need limits too"),
        ({"quantiles": [0.5, 0.9, 0.95]}, "quantiles = .*four shares"),
        ({"quantiles": [0.5, 0.9, 0.95, 1]}, "four shares"),
        ({"by": "chanel"}, "by = 'chanel'.*Did you mean 'channel'"),
    ],
)
def test_limits_quantiles_and_columns_that_cannot_be_are_refused(data, wrong, rule):
    with pytest.raises(ValueError, match=rule):
        stages(data, **wrong)
