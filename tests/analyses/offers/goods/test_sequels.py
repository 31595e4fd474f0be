from __future__ import annotations

import numpy as np
import pytest

from answers import words_of
from helpers.analyses.offers.goods.levels import Kept, level
from helpers.analyses.offers.goods.sequels import next_goods
from helpers.data.synthetic.trade.goods import COVER_FAMILY
from helpers.findings import NotApplicable

YEAR = 365
DEVICE_FAMILIES = {"手机", "耳机", "智能穿戴"}


def shop_of(sold, follows: float, customers: int = 400):
    """Everybody buys w a year ago, then the popular a and b on any day; c follows a within 30 days of a quarter."""
    rng = np.random.default_rng(1)
    rows = []
    for customer in range(customers):
        rows.append((customer, YEAR, "w"))
        a = int(rng.integers(40, 300))
        rows += [(customer, a, "a"), (customer, int(rng.integers(1, 330)), "b")]
        if rng.random() < 0.3:
            rows.append((customer, int(rng.integers(1, 330)), "c"))
        elif rng.random() < follows:
            rows.append((customer, a - int(rng.integers(1, 30)), "c"))
    return sold([{good} for _c, _d, good in rows], [f"c{c}" for c, _d, _g in rows], [d for _c, d, _g in rows]), rows


@pytest.fixture(scope="module")
def followed(sold):
    data, rows = shop_of(sold, 0.25)
    return next_goods(level(data)), rows


def test_the_good_that_follows_is_told_and_popular_ones_are_not(followed):
    found, _rows = followed
    assert found.sure[["first_good", "next_good"]].to_numpy().tolist() == [["a", "c"]]
    assert words_of(found).startswith("After “a · kind a”, ")
    assert found.tested == len(found.table)


def test_shares_are_those_of_a_loop(followed):
    found, rows = followed
    first = {}
    for customer, day, good in rows:
        first[customer, good] = max(day, first.get((customer, good), 0))
    buyers = [c for c in range(400) if YEAR - first[c, "a"] > 30]
    gaps = [first[c, "a"] - first[c, "c"] for c in buyers if (c, "c") in first]
    row = found.sure.iloc[0]
    after = [gap for gap in gaps if 0 < gap <= 30]
    assert row["first_buyers"] == len(buyers)
    assert row["followed_rate"] == pytest.approx(len(after) / len(buyers))  # all were seen for the whole window
    assert row["before_rate"] == pytest.approx(sum(-30 <= gap < 0 for gap in gaps) / len(buyers))
    assert row["median_days"] == sorted(after)[(len(after) - 1) // 2]
    assert row["lower"] < row["followed_rate"] < row["upper"]


def test_covers_follow_the_devices_of_the_demo_by_family(demo):
    found = next_goods(level(demo, Kept.FAMILY))
    assert set(found.sure["next_good"]) == {COVER_FAMILY}
    assert set(found.sure["first_good"]) <= DEVICE_FAMILIES
    assert (found.sure["median_days"] <= 15).all()


def test_goods_that_are_merely_popular_follow_nothing(sold):
    answer = next_goods(level(shop_of(sold, 0)[0]))
    assert answer.sure.empty and words_of(answer).startswith("No evidence that customers buy any good after another")


def test_an_open_window_counts_as_long_as_it_was_seen(sold):
    """Forty bought a 100 days ago and ten of them b after 5 days; forty bought a three days ago."""
    rows = [(c, YEAR, "w") for c in range(80)]
    rows += [(c, 100 if c < 40 else 3, "a") for c in range(80)] + [(c, 95, "b") for c in range(10)]
    data = sold([{good} for _c, _d, good in rows], [f"c{c}" for c, _d, _g in rows], [d for _c, d, _g in rows])
    row = next_goods(level(data)).table.set_index(["first_good", "next_good"]).loc[("a", "b")]
    assert row["first_buyers"] == 80 and row["followed_rate"] == pytest.approx(10 / 40)


def test_where_nobody_comes_twice_nothing_is_told(sold):
    assert isinstance(next_goods(level(sold([{"a"}, {"b"}] * 20))), NotApplicable)
