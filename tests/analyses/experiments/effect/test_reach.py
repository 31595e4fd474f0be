"""The smallest effect in reach is the one that is seen at the stated power."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.statistics.designs import sample_sizes
from shops import metric


def test_the_smallest_detectable_effect_is_the_one_seen_at_the_stated_power(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(1000, 2000, (0.2, 0.2)), metric("bought", "proportion")))
    (row,) = experiments.detectable(trials, experiments.Rules(power=0.9)).summary().itertuples()
    assert sample_sizes.power(row.smallest_effect, 1000, rate=0.2, ratio=2) == pytest.approx(0.9)
    assert row.smallest_lift_rate == pytest.approx(row.smallest_effect / 0.2)


def test_the_smallest_detectable_effect_of_a_ratio_and_a_count_is_in_their_unit(assigned):
    rng = np.random.default_rng(5)
    orders = 1.0 + rng.poisson(2, 4000)
    rows = pd.DataFrame(
        {"variant": ["control", "new"] * 2000, "orders": orders, "spend": orders * 20 + rng.normal(0, 10, 4000)}
    )
    ratio = metric("spend", "ratio", per="orders")
    smallest = experiments.detectable(experiments.read(assigned(rows, ratio, metric("orders", "count")))).table
    smallest, control = smallest.set_index("metric"), rows[rows["variant"] == "control"]
    level = control["spend"].sum() / control["orders"].sum()
    linearised = (control["spend"] - level * control["orders"]) / control["orders"].mean()
    for name, base, spread in (
        ("spend", level, linearised.std()),
        ("orders", orders[::2].mean(), orders[::2].std(ddof=1)),
    ):
        assert smallest.loc[name, "control_level"] == pytest.approx(base)
        seen = sample_sizes.power(smallest.loc[name, "smallest_effect"], 2000, std_dev=spread)
        assert seen == pytest.approx(0.8, abs=0.001)
        assert smallest.loc[name, "smallest_lift_rate"] == pytest.approx(smallest.loc[name, "smallest_effect"] / base)


def test_lifts_above_the_worthwhile_one_may_go_unseen(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(1000, 1000, (0.2, 0.2)), metric("bought", "proportion")))
    found = experiments.detectable(trials)
    (lift,) = found.table["smallest_lift_rate"]
    assert words_of(found) == (
        "A worthwhile lift of 5% may go unseen in every comparison. "
        f"Smallest lift that would be seen 80% of the time, by metric and arm: {100 * lift:.1f}%."
    )
    large = experiments.detectable(trials, experiments.Rules(worthwhile_lift=0.5))
    assert str(large.headline()) == "A worthwhile lift of 50% would have been seen in every comparison."
