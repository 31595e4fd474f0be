"""Models learn on one half of the customers what those of the other would do, and from nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.experiments.audience.ranking import uplift
from helpers.data.intake.wording.tables import Extra, Origin
from shops import metric


def test_the_models_find_the_women_of_the_womens_mail(learned):
    """known_answers/experiments.md: the womens mail adds .0111 without, .0731 with the womens flag."""
    rows, (expected, _) = learned
    score = (expected["Womens E-Mail"] - expected["No E-Mail"]).groupby(rows["womens"].to_numpy()).mean()
    assert score.tolist() == pytest.approx([0.0111, 0.0731], abs=0.015)  # half of the customers: SE 0.006


def test_what_customers_told_before_is_joined_and_what_can_change_is_not(customers, predicted, opposite):
    rows = customers(np.random.default_rng(8), 3000, {"mail": opposite})
    about = rows[["customer_id"]].assign(country=rows["town"], level=rows["town"], device=rows["visits"] > 3)
    about["device"] = about["device"].map({True: "app", False: "web"})
    device = Extra("device", "attributes", Origin())
    found = predicted(
        rows.drop(columns=["town", "visits"]), covariates=(), attributes=(device,), about=about.iloc[::-1]
    )
    assert found[0].covariates == ("country", "device")
    assert uplift(found)[0].coefficients["lower"].iloc[0] > 0


def test_neither_ids_nor_the_order_of_the_rows_nor_customers_in_two_arms_change_anything(
    planted, customers, predicted, opposite
):
    rows = customers(np.random.default_rng(1), 8000, {"mail": opposite})
    twice = pd.DataFrame(
        {"customer_id": ["d1", "d1"], "variant": ["control", "mail"], "town": "north", "visits": 3.0, "bought": 1.0}
    )
    renamed = rows.assign(customer_id=[f"x{7 * place % 8000}" for place in range(8000)])
    shuffled = pd.concat([renamed.sample(frac=1, random_state=0), twice], ignore_index=True)
    again = predicted(shuffled)[0]
    pd.testing.assert_frame_equal(again.rows, planted[0].rows)
    pd.testing.assert_frame_equal(again.expected, planted[0].expected)


def test_a_customer_stays_in_one_half_when_others_come(customers, predicted, opposite):
    rows = customers(np.random.default_rng(9), 3000, {"mail": opposite})
    rows["assigned_at"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(3000), unit="min")
    few, more = (predicted(rows.iloc[:n])[0].rows for n in (2000, 3000))
    pd.testing.assert_frame_equal(more.iloc[: len(few)], few)
    assert len(more) == pytest.approx(1500, abs=110)


@pytest.mark.parametrize(("missing", "share"), [("0", 1.0), ("not eligible", 0.5)])
def test_a_missing_value_counts_as_the_metric_says(missing, share, customers, predicted, opposite):
    rows = customers(np.random.default_rng(10), 4000, {"mail": opposite})
    rows.loc[rows.index % 2 == 0, "bought"] = np.nan
    found = predicted(rows, metric=metric("bought", "proportion", missing, label="Bought"))[0]
    assert len(found.rows) == pytest.approx(2000 * share, rel=0.08)
    assert found.rows["outcome"].mean() == pytest.approx(0.27 * (0.5 if missing == "0" else 1), abs=0.03)


def test_a_capped_metric_is_capped_as_everywhere(customers, predicted, opposite):
    rows = customers(np.random.default_rng(11), 1000, {"mail": opposite})
    rows["bought"] = rows["bought"] * np.random.default_rng(0).pareto(1.5, 1000)
    capped = metric("bought", label="Spend", cap=(0, 0.9))
    found = predicted(rows, metric=capped)[0]
    limit = rows.loc[rows["bought"] > 0, "bought"].quantile(0.9)
    assert found.rows["outcome"].max() == pytest.approx(limit)
