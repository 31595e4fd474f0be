"""Moments by segment are those of the rows, of customers in one arm alone, under the metric's own rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.experiments.audience.strata import segments
from helpers.analyses.experiments.trials import arms as experiments_arms
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.data.intake.wording.tables import Extra, Origin
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.effects.moments import Moments, total
from shops import covariate, feed, metric, shop, words

COVARIATES = (covariate("visits"), Extra("town", "covariates", Origin(), label="Town"))
ATTRIBUTES = (Extra("device", "attributes", Origin(), label="Device"),)


def spend(kind="mean", missing="0", **more):
    return metric("spend", kind, missing, label="Spend", **more)


def dataset(rows, extra=None, about=None):
    rows = rows.assign(experiment="test", assigned_at=pd.Timestamp("2025-01-01"))
    feeds = {
        "experiments": feed("experiments", extra or spend(), *COVARIATES),
        "customers": feed("customers", *ATTRIBUTES),
    }
    tables = {"experiments": rows} | ({} if about is None else {"customers": about})
    return shop(settings=words(feeds=feeds), as_given=True, **tables)


def found(rows, extra=None, about=None, by=()):
    data = dataset(rows, extra, about)
    return segments(data, experiments_arms.read(data), by)[0]


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    rng, n = np.random.default_rng(1), 1200
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(n)],
            "variant": rng.choice(["control", "new"], n),
            "town": rng.choice(["north", "south", None], n, p=[0.5, 0.4, 0.1]),
            "visits": np.where(rng.random(n) < 0.2, np.nan, rng.poisson(40, n).astype(float)),
            "spend": np.where(rng.random(n) < 0.3, np.nan, rng.gamma(2, 10, n)),
            "orders": 1.0 + rng.poisson(2, n),
        }
    )


@pytest.fixture(scope="module")
def about(customers) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "device": rng.choice(["phone", "desk"], len(customers)),
            "gender": rng.choice(["f", "m"], len(customers)),
            "level": "gold",
        }
    )[200:]


def assert_same(moments: Moments, values: pd.Series) -> None:
    expected = Moments.of({"spend": values})
    assert moments.n == expected.n
    np.testing.assert_allclose(moments.means, expected.means)
    np.testing.assert_allclose(moments.scatter, expected.scatter)


def test_words_give_the_moments_of_their_rows(customers):
    towns = found(customers).columns["Town"]
    assert list(towns) == ["north", "south", "(not known)"]
    for town, rows in customers.fillna({"town": "(not known)"}).groupby("town"):
        for arm, values in rows.groupby("variant")["spend"]:
            assert_same(towns[town][arm], values.fillna(0))


def test_a_metric_that_leaves_customers_out_counts_the_others(customers):
    towns = found(customers, spend(missing="not eligible")).columns["Town"]
    chosen = customers[(customers["town"] == "north") & (customers["variant"] == "new")]
    assert_same(towns["north"]["new"], chosen["spend"].dropna())


def test_numbers_are_cut_into_quarters_of_all_arms(customers):
    visits = found(customers).columns["visits"]
    ends = customers["visits"].quantile([0.25, 0.5, 0.75])
    names = list(visits)
    assert names[0] == f"up to {ends.iloc[0]:g}" and names[-2:] == [f"above {ends.iloc[2]:g}", "(not known)"]
    low = customers[(customers["visits"] <= ends.iloc[0]) & (customers["variant"] == "control")]
    assert_same(visits[names[0]]["control"], low["spend"].fillna(0))
    middle = customers[customers["visits"].between(ends.iloc[0] + 1e-9, ends.iloc[1])]
    assert sum(arm.n for arm in visits[names[1]].values()) == len(middle)
    assert sum(arm.n for by_arm in visits.values() for arm in by_arm.values()) == len(customers)


def test_a_number_with_heaps_has_fewer_segments(customers):
    rows = customers.assign(visits=np.where(np.arange(len(customers)) % 10 == 0, 5.0, 0.0))
    assert list(found(rows).columns["visits"]) == ["up to 0", "above 0"]


def test_attributes_and_lasting_columns_of_customers_are_joined(customers, about):
    columns = found(customers, about=about).columns
    assert list(columns) == ["visits", "Town", "gender", "Device"]
    whole = customers.merge(about, on="customer_id", how="left").fillna({"device": "(not known)"})
    for device, rows in whole.groupby("device"):
        for arm, values in rows.groupby("variant")["spend"]:
            assert_same(columns["Device"][device][arm], values.fillna(0))


def test_columns_can_be_chosen_and_unknown_ones_are_named(customers, about):
    assert list(found(customers, about=about, by=["device"]).columns) == ["Device"]
    with pytest.raises(ValueError, match="by = 'level'"):
        found(customers, about=about, by=["level"])


def test_customers_in_two_arms_are_left_out(customers):
    again = customers[:40].assign(variant=customers["variant"][:40].map({"control": "new", "new": "control"}))
    towns = found(pd.concat([customers, again], ignore_index=True)).columns["Town"]
    rest = customers[40:]
    values = rest.loc[(rest["town"] == "south") & (rest["variant"] == "new"), "spend"]
    assert_same(towns["south"]["new"], values.fillna(0))


@pytest.mark.parametrize("of", [{}, {"kind": "ratio", "per": "orders"}])
def test_caps_are_those_of_the_whole_experiment(customers, of):
    segmented = found(customers, spend(cap=(0.0, 0.6), **of))
    whole = segmented.trial.moments["new", "spend"]
    added = total(by_arm["new"] for by_arm in segmented.columns["visits"].values())
    plain = customers.loc[customers["variant"] == "new", list(whole.columns)].fillna(0)
    assert (whole.means < plain.mean()).all()
    np.testing.assert_allclose(added.means, whole.means)
    np.testing.assert_allclose(added.scatter, whole.scatter)


def test_a_ratio_keeps_both_columns(customers):
    extra = spend("ratio", per="orders")
    towns = found(customers, extra).columns["Town"]
    rows = customers[(customers["town"] == "north") & (customers["variant"] == "new")]
    expected = Moments.of(rows[["spend", "orders"]].fillna(0))
    assert towns["north"]["new"].columns == ("spend", "orders")
    np.testing.assert_allclose(towns["north"]["new"].scatter, expected.scatter)


# Small segments


def towns_of(sizes):
    """Towns with so many customers in each of two arms."""
    rows = pd.DataFrame(
        [
            {"town": town, "variant": arm, "spend": float(i % 2), "visits": 1.0}
            for town, n in sizes.items()
            for arm in ("control", "new")
            for i in range(n)
        ]
    )
    return rows.assign(customer_id=[f"c{i}" for i in range(len(rows))])


def test_small_segments_are_counted_together_once_they_are_large_enough():
    kept, rest = found(towns_of({"a": 60, "b": 50, "c": 20, "d": 15})).kept("Town", Rules())
    assert list(kept) == ["a", "b", SMALL_GROUPS] and not rest
    assert kept[SMALL_GROUPS]["new"].n == 35


def test_what_stays_too_small_is_no_segment():
    kept, rest = found(towns_of({"a": 60, "b": 50, "c": 20})).kept("Town", Rules())
    assert list(kept) == ["a", "b"]
    assert rest["control"].n == 20
    assert list(found(towns_of({"a": 60, "b": 20})).kept("Town", Rules(smallest_arm=20))[0]) == ["a", "b"]


def test_the_ten_largest_segments_stand_for_themselves():
    kept, _ = found(towns_of({f"t{i:02d}": 40 + i for i in range(14)})).kept("Town", Rules())
    assert list(kept) == [*(f"t{i:02d}" for i in range(4, 14)), SMALL_GROUPS]


def test_a_share_needs_five_of_each_outcome_at_the_rate_of_the_whole():
    rows = towns_of({"a": 300, "b": 60, "c": 40})
    rows["spend"] = (rows.groupby(["town", "variant"]).cumcount() % 10 == 0).astype(float)
    segmented = found(rows, spend("proportion"))
    assert list(segmented.kept("Town", Rules())[0]) == ["a", "b"]
    rows["spend"] = rows["spend"].where(rows["town"] != "c", 1.0)  # its own outcome has a say in the whole rate alone
    assert "c" in found(rows, spend("proportion")).kept("Town", Rules())[0]


# Not applicable


def test_what_lacks_for_segments_is_said(customers):
    assert "second arm" in str(found(customers.assign(variant="control")).reason)
    nothing = dataset(customers.drop(columns=["town", "visits"]))
    assert "nothing is known" in str(segments(nothing, experiments_arms.read(nothing))[0].reason)
    (none,) = segments(nothing, ())
    assert isinstance(none, NotApplicable)


def test_what_is_known_as_of_the_export_alone_makes_no_segments(customers, about):
    data = dataset(customers, about=about)
    assert "Device" in segments(data, experiments_arms.read(data))[0].columns
    device = Extra("device", "attributes", Origin(as_of_export=True), label="Device")
    marked = words(feeds=data.settings.feeds | {"customers": feed("customers", device)})
    data = shop(settings=marked, as_given=True, **data.tables)
    assert "Device" not in segments(data, experiments_arms.read(data))[0].columns
