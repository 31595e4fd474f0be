"""Quantile effects are those of the closed form, and only where a quantile can move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments.effect.quantiles import quantile_effects
from helpers.statistics.effects.quantile_effects import quantile_effect
from shops import metric, trial

SPEND, RATING = metric("spend", label="Spend"), metric("rating", missing="not eligible", label="Rating")


def found(rows, extras):
    data = trial(rows.assign(assigned_at=pd.Timestamp("2025-01-01")), *extras)
    return experiments.distributions(data, experiments.read(data))


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Half spend nothing, three in ten of these for want of a value; a third never rated."""
    rng, n = np.random.default_rng(1), 2000
    variant = rng.choice(["control", "new"], n)
    spend = np.where(rng.random(n) < 0.5, rng.gamma(2, 10, n) * np.where(variant == "new", 1.5, 1), 0.0)
    rating = np.where(rng.random(n) < 1 / 3, np.nan, rng.normal(40, 10, n))
    unknown = (spend == 0) & (rng.random(n) < 0.3)
    return pd.DataFrame({"variant": variant, "spend": np.where(unknown, np.nan, spend), "rating": rating})


@pytest.fixture(scope="module")
def finding(customers):
    return found(customers, (SPEND, RATING))[0]


def test_quantile_effects_are_those_of_the_closed_form(customers, finding):
    (moved,) = quantile_effects([finding])
    row = moved.table.set_index(["metric", "quantile"]).loc[("spend", "quantile_90")]
    arms = [customers.loc[customers["variant"] == arm, "spend"].fillna(0).value_counts() for arm in ("control", "new")]
    exact = quantile_effect(*arms, 0.9)
    assert row["effect"] == pytest.approx(exact.effect, rel=0.03)  # three digits of either quantile
    assert row["upper"] - row["lower"] == pytest.approx(exact.upper - exact.lower, rel=0.03)
    assert "closed form" in row["convention"]
    assert row["lift_rate"] == pytest.approx(row["effect"] / row["control_level"])
    assert "test · new: the 90% quantile of “Spend” moved by +" in words_of(moved)


def test_a_quantile_near_a_heap_is_left_out(finding):
    """Half spent 0: the median is that heap, or within chance of it."""
    (moved,) = quantile_effects([finding])
    assert set(moved.table["quantile"][moved.table["metric"] == "spend"]) == {"quantile_90"}
    assert set(moved.table["quantile"][moved.table["metric"] == "rating"]) == {"median", "quantile_90"}


def test_without_a_change_no_quantile_is_said_to_have_moved(customers):
    rng = np.random.default_rng(5)
    same = customers.assign(spend=rng.gamma(2, 10, len(customers)))
    (moved,) = quantile_effects(found(same, (SPEND,)))
    assert len(moved.table) == 2 and "no evidence that the middle or the top" in words_of(moved)
