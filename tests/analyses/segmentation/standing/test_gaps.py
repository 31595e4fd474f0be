"""Days between order days, and the limits of silence that they set: overall, by group, given."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.standing.gaps import QUANTILES, Origin, gap_quantiles, order_gaps
from helpers.analyses.segmentation.standing.life_stages import stages
from helpers.analyses.segmentation.vocabulary import ORIGIN
from helpers.findings.folding import SMALL_GROUPS
from shops import shop


def gaps_by_hand(days: dict[str, list[int]]) -> list[int]:
    return [later - earlier for given in days.values() for earlier, later in itertools.pairwise(sorted(set(given)))]


def test_gaps_lie_between_order_days_and_not_between_orders_or_cancelled_ones(orders_of):
    orders = orders_of({"a": [30, 30, 20, 5, 5], "b": [7]}).assign(cancelled=[False, False, True, False, False, False])
    gaps = order_gaps(shop(orders=orders)).execute()
    assert gaps[["customer_id", "gap_days"]].to_numpy().tolist() == [["a", 25]]


def test_limits_are_quantiles_of_the_gaps_by_a_slow_loop(data, comers):
    gaps = gaps_by_hand(comers[0])
    limits = [int(np.ceil(limit)) for limit in np.quantile(gaps, QUANTILES)]
    groups = stages(data)
    assert list(groups.cuts) == limits
    assert f"75.0%, 90.0%, 95.0%, and 99.0% of {len(gaps):,} returns" in words_of(groups)


def test_quantiles_of_counted_gaps_are_those_of_the_gaps_written_out():
    rng = np.random.default_rng(1)
    for size in (1, 2, 7, 400):
        gaps = rng.integers(1, 60, size)
        counts = pd.Series(gaps, name="gap_days").value_counts().rename("returns").reset_index()
        counts = counts.assign(group="x").sample(frac=1, random_state=0)
        shares = (0.01, 0.5, 0.75, 0.99)
        assert gap_quantiles(counts, shares) == tuple(np.ceil(np.quantile(gaps, shares) - 1e-9).astype(int))


def test_groups_with_thirty_returns_have_limits_of_their_own_and_others_those_of_everybody(data, comers):
    days, members = comers
    table = stages(data, by="channel").limits.table.set_index("group")
    by_channel = members.set_index("customer_id")["channel"]
    for name in ("天猫", "抖音"):
        gaps = gaps_by_hand({customer: given for customer, given in days.items() if by_channel[customer] == name})
        assert table.loc[name, "returns"] == len(gaps) and table.loc[name, "origin"] == "own"
        assert table.loc[name, "active_days"] == np.ceil(np.quantile(gaps, 0.75))
    few = gaps_by_hand({customer: given for customer, given in days.items() if by_channel[customer] == "微信"})
    assert len(few) < 30 and table.loc["微信", "returns"] == len(few) and table.loc["微信", "origin"] == "all"
    assert table.loc["微信", "dormant_days"] == table.loc["(all customers)", "dormant_days"]
    assert table.loc[SMALL_GROUPS, "buyers"] == 8  # 3 of a small channel, hidden among 5 of whom it is not known
    assert table["buyers"].iloc[0] == 136 == table["buyers"].iloc[1:].sum()


def test_small_groups_have_no_row_of_their_own(data, shows_itself):
    shown = stages(data, by="channel").limits.summary()
    assert "京东" not in set(shown["group"]) and (shown["buyers"] >= 5).all()
    assert len(stages(data, by="channel").limits.plot().patches) == 4 * len(shown)
    assert shows_itself(stages(data, by="channel").limits)


def test_stages_need_thirty_returns_or_limits(orders_of):
    once = shop(orders=orders_of({f"c{n}": [n] for n in range(25)}))
    assert "came back only 0 times" in words_of(stages(once))
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


def test_the_last_gap_ends_on_the_snapshots_last_order_day(regulars):
    last = order_gaps(regulars).execute().groupby("customer_id")["day"].max()
    known = regulars.customers.set_index("customer_id")["last_order_on"].reindex(last.index)
    assert len(last) > 50 and (pd.to_datetime(last) == known).all()


def test_each_origin_has_words():
    assert set(ORIGIN.words) == set(Origin)
