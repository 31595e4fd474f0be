"""Caps are compared with values as recorded, and what they move is counted by arm."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.experiments.effect import caps as experiments_caps
from helpers.analyses.experiments.trials import arms as experiments_arms
from shops import covariate, trial
from shops import metric as declared


def metric(name, kind="mean", **more):
    return declared(name, kind, label=name.title(), **more)


def dataset(rows, *extras):
    """A data set of these rows, all assigned on one day."""
    return trial(rows.assign(assigned_at=pd.Timestamp("2025-01-01")), *extras)


def capped(data):
    return experiments_caps.capped(data, experiments_arms.read(data))


@pytest.fixture(scope="module")
def spenders() -> pd.DataFrame:
    """Half of the customers spend; few of them very much, most of whom are in the new arm."""
    rng = np.random.default_rng(2)
    n = 2000
    spend = np.where(rng.random(n) < 0.5, rng.lognormal(3, 1, n), np.nan)
    variant = rng.choice(["control", "new"], n)
    spend[np.flatnonzero((variant == "new") & ~np.isnan(spend))[:8]] *= 100
    return pd.DataFrame({"variant": variant, "spend": spend})


def test_caps_are_compared_with_values_as_recorded_and_the_shares_are_of_all_counted(spenders):
    finding = capped(dataset(spenders, metric("spend", cap=(0.02, 0.98)), metric("other"), covariate("age")))
    (row,) = finding.table.itertuples()
    low, high = spenders["spend"].quantile([0.02, 0.98])
    plain = spenders.assign(spend=spenders["spend"].fillna(0))
    cut = plain.assign(spend=plain["spend"].where(plain["spend"] == 0, plain["spend"].clip(low, high)))
    assert (row.lower_cap, row.upper_cap) == (pytest.approx(low), pytest.approx(high))
    assert row.effect == pytest.approx(cut.groupby("variant")["spend"].mean().diff()["new"])
    assert row.uncapped_effect == pytest.approx(plain.groupby("variant")["spend"].mean().diff()["new"])
    assert row.std_error < row.uncapped_std_error / 2
    for arm, name in (("control", "control"), ("new", "arm")):
        spend = spenders.loc[spenders["variant"] == arm, "spend"]
        assert getattr(row, f"{name}_raised_share") == pytest.approx((spend < low).mean())
        assert getattr(row, f"{name}_cut_share") == pytest.approx((spend > high).mean())
    largest = max(row.control_raised_share + row.control_cut_share, row.arm_raised_share + row.arm_cut_share)
    assert words_of(finding).startswith(f"Caps move at most {100 * largest:.1f}% of an arm's values.")
    assert "with caps" in words_of(finding) and "without" in words_of(finding)


def test_the_capped_figure_has_both_effects_of_each_arm(spenders):
    finding = capped(dataset(spenders, metric("spend", cap=(0, 0.98))))
    ax = finding.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["capped", "as recorded"]
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_label() in ("capped", "as recorded")]
    (row,) = finding.table.itertuples()
    assert marks == pytest.approx([row.effect / row.control_level, row.uncapped_effect / row.control_level])
    plt.close(ax.figure)


def buyers(*sorts):
    """Customers of arms by (arm, customers, orders of each): every second pays 21 an order, the others 19."""
    parts = [
        pd.DataFrame({"variant": arm, "orders": float(orders), "spend": orders * (19.0 + 2 * (np.arange(n) % 2))})
        for arm, n, orders in sorts
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    "sorts",
    [
        [("control", 2900, 1), ("control", 100, 12), ("control", 7000, 0), ("new", 2750, 1), ("new", 250, 12)],
        [
            ("control", 3000, 1),
            ("control", 40, 300),
            ("new", 200, 1),
            ("new", 30, 5),
            ("new", 30, 700),
        ],  # heavy, unequal
        [("control", 400, 3), ("control", 100, 2), ("control", 30, 40), ("new", 4000, 2), ("new", 4, 90)],
    ],
)
@pytest.mark.parametrize("cap", [(0, 0.9), (0, 0.99), (0.2, 0.8)])
def test_a_cap_makes_no_difference_where_an_order_costs_the_same_in_both_arms(sorts, cap):
    finding = capped(dataset(buyers(*sorts), metric("spend", "ratio", per="orders", cap=cap)))
    (row,) = finding.table.itertuples()
    assert (row.control_level, row.effect, row.uncapped_effect) == pytest.approx((20, 0, 0))


def test_a_ratio_is_capped_in_its_denominators_and_numerators_shrink_with_them():
    rng = np.random.default_rng(4)
    orders = rng.geometric(0.2, 2000).astype(float)
    rows = pd.DataFrame(
        {"variant": ["control", "new"] * 1000, "orders": orders, "spend": orders * rng.gamma(4, 5, 2000)}
    )
    finding = capped(dataset(rows, metric("spend", "ratio", per="orders", cap=(0, 0.9))))
    (row,), high = finding.table.itertuples(), rows["orders"].quantile(0.9)
    weight = (high / rows["orders"]).clip(upper=1)
    sums = rows[["spend", "orders"]].mul(weight, axis=0).groupby(rows["variant"]).sum()
    levels = sums["spend"] / sums["orders"]
    assert (row.control_level, row.effect) == pytest.approx((levels["control"], levels["new"] - levels["control"]))
    assert row.upper_cap == high and f"capped at a denominator of 1 to {high:g}" in words_of(finding)
    assert row.control_cut_share == pytest.approx((rows.loc[rows["variant"] == "control", "orders"] > high).mean())


def test_arms_that_do_not_vary_are_capped_without_a_test():
    rows = pd.DataFrame({"variant": ["control", "new"] * 50, "spend": [1.0, 9.0] * 50})
    finding = capped(dataset(rows, metric("spend", cap=(0, 0.5))))
    assert words_of(finding) == (
        "Caps move at most 100% of an arm's values. Too few customers, or nothing varies: no effect can be tested."
    )
