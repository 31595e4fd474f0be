"""Distributions are those of the rows, and tell of no single customer."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.experiments.effect.quantiles import quantile_effects
from helpers.analyses.experiments.effect.spread import distributions
from helpers.analyses.experiments.trials import arms as experiments_arms
from helpers.findings import NotApplicable
from shops import metric, trial

EXTRAS = (
    metric("bought", "proportion", label="Bought"),
    metric("spend", label="Spend"),
    metric("rating", missing="not eligible", label="Rating"),
    metric("orders", "ratio", label="Orders", per="spend"),
)
SPEND = metric("spend", label="Spend")


def found(rows, extras=EXTRAS):
    data = trial(pd.DataFrame(rows).assign(assigned_at=pd.Timestamp("2025-01-01")), *extras)
    return distributions(data, experiments_arms.read(data))


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Half spend nothing, three in ten of these for want of a value; a third never rated."""
    rng, n = np.random.default_rng(1), 2000
    variant = rng.choice(["control", "new"], n)
    spend = np.where(rng.random(n) < 0.5, rng.gamma(2, 10, n) * np.where(variant == "new", 1.5, 1), 0.0)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(n)],
            "variant": variant,
            "spend": np.where((spend == 0) & (rng.random(n) < 0.3), np.nan, spend),
            "rating": np.where(rng.random(n) < 1 / 3, np.nan, rng.normal(40, 10, n)),
            "bought": (spend > 0).astype(float),
            "orders": 1.0,
        }
    )


@pytest.fixture(scope="module")
def finding(customers):
    return found(customers)[0]


def test_quantiles_are_those_of_the_values_other_than_0(customers, finding):
    table = finding.table.set_index(["metric", "arm"])
    for arm, rows in customers.groupby("variant"):
        spent = rows.loc[rows["spend"] > 0, "spend"]
        for word, share in (("5%", 0.05), ("25%", 0.25), ("median", 0.5), ("75%", 0.75), ("95%", 0.95)):
            exact = np.quantile(spent, share, method="inverted_cdf")
            assert table.loc[("spend", arm), word] == pytest.approx(exact, rel=0.006)  # three digits


def test_customers_follow_each_metrics_rule_for_missing_values(customers, finding):
    table = finding.table.set_index(["metric", "arm"])
    for arm, rows in customers.groupby("variant"):
        assert table.loc[("spend", arm), "customers"] == len(rows)
        assert table.loc[("spend", arm), "nonzero_share"] == pytest.approx((rows["spend"] > 0).mean())
        assert table.loc[("rating", arm), "customers"] == rows["rating"].count()
        assert table.loc[("bought", arm), "nonzero_share"] == pytest.approx(rows["bought"].mean())
    assert "orders" not in finding.table["metric"].tolist()


def test_bands_hold_a_fifth_of_all_arms_and_each_arm_adds_up(finding):
    bands = finding.bands[finding.bands["metric"] == "spend"].pivot(index="band", columns="arm", values="band_share")
    assert len(bands) == 5
    np.testing.assert_allclose(bands.sum(), 1)
    n = {arm: (counts[counts.index != 0]).sum() for arm, counts in finding.counts.items() if arm[0] == "spend"}
    held = sum(bands[arm] * n["spend", arm] for arm in bands) / sum(n.values())
    np.testing.assert_allclose(held, 0.2, atol=0.01)


def test_whole_numbers_negative_and_small_values_keep_three_digits():
    values = [0.0, 1.0, 7.0, 100.0, 999.0, 1234.0, -56.78, 0.012345]
    rows = pd.DataFrame({"variant": ["control", "new"] * 8, "spend": np.repeat(values, 2)})
    (finding,) = found(rows.assign(customer_id=[f"c{i}" for i in range(16)]), (SPEND,))
    met = finding.counts["spend", "control"]
    assert met.index.tolist() == pytest.approx(sorted([0, 1, 7, 100, 999, 1230, -56.8, 0.0123]))
    assert (met == 1).all()


def test_a_quantile_beyond_which_fewer_than_five_lie_is_not_shown(customers):
    few = pd.concat([rows[:40] for _, rows in customers[customers["spend"] > 0].groupby("variant")])
    (finding,) = found(few, (SPEND,))
    assert finding.table[["5%", "95%"]].isna().all(axis=None)
    assert finding.table[["25%", "median", "75%"]].notna().all(axis=None)
    assert not {few["spend"].min(), few["spend"].max()} & set(
        finding.table.drop(columns=["metric", "label", "arm"]).stack()
    )


def test_too_few_values_make_no_bands_and_the_figure_shows_the_shares(customers):
    few = pd.concat([rows[:12] for _, rows in customers.groupby("variant")])
    (finding,) = found(few, (EXTRAS[0], SPEND))
    assert finding.bands.empty
    ax = finding.plot()
    drawn = [bar.get_width() for bar in ax.patches]
    plt.close("all")
    assert sorted(drawn) == pytest.approx(sorted(finding.table["nonzero_share"]))


def test_customers_in_two_arms_are_left_out(customers):
    again = customers[:50].assign(variant=customers["variant"][:50].map({"control": "new", "new": "control"}))
    (finding,) = found(pd.concat([customers, again], ignore_index=True))
    spend = finding.table[finding.table["metric"] == "spend"]
    assert spend["customers"].sum() == len(customers) - 50
    assert sum(counts.sum() for (name, _), counts in finding.counts.items() if name == "spend") == len(customers) - 50


def test_another_arm_in_another_experiment_leaves_nobody_out_and_each_has_its_own_values(customers):
    again = customers[:50].assign(variant=customers["variant"][:50].map({"control": "new", "new": "control"}))
    other = customers.assign(
        experiment="other", variant=customers["variant"].to_numpy()[::-1], spend=2 * customers["spend"]
    )
    both = found(
        pd.concat([customers.assign(experiment="test"), again.assign(experiment="test"), other], ignore_index=True)
    )
    tables = {each.trial.name: each for each in both}
    alone = {"test": found(pd.concat([customers, again], ignore_index=True))[0], "other": found(other)[0]}
    assert set(tables) == set(alone)
    for name, single in alone.items():
        pd.testing.assert_frame_equal(tables[name].table, single.table)


def test_the_headline_has_shares_and_medians(finding):
    table = finding.table.set_index(["metric", "arm"])
    said = words_of(finding)
    assert f"“Bought” is true of {100 * table.loc[('bought', 'control'), 'nonzero_share']:.1f}% in control" in said
    assert said.startswith(f"test: the median of “Spend” is {table.loc[('spend', 'control'), 'median']:.1f} in control")


def test_shares_alone_have_no_quantile_that_moves(customers):
    whole = found(customers, (EXTRAS[0],))
    (moved,) = quantile_effects(whole)
    assert isinstance(moved, NotApplicable) and "share one value" in str(moved.reason)
    assert words_of(whole[0]).startswith("test: “Bought” is true of ") and "median" not in words_of(whole[0])
    (none,) = found(customers, (metric("orders", "ratio", per="spend"), metric("spend", "ratio", per="orders")))
    assert isinstance(none, NotApplicable) and quantile_effects([none]) == (none,)


def test_hillstrom_spend_starts_at_its_smallest_order(opened, hillstrom):
    """Known answers: experiments.md, hillstrom: buyers by arm; fewer than 2 % spent, so that no quantile can move."""
    whole = distributions(opened("hillstrom"), hillstrom)
    spend = whole[0].table[whole[0].table["metric"] == "spend"].set_index("arm")
    buyers = (spend["nonzero_share"] * spend["customers"]).round().astype(int)
    assert buyers.to_dict() == {"No E-Mail": 122, "Mens E-Mail": 267, "Womens E-Mail": 189}
    assert isinstance(quantile_effects(whole)[0], NotApplicable)
