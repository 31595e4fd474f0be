"""Regressions of one half of the customers foretell the other half by arm, and nothing of that half teaches them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.targeting.two_models import expected_outcomes

HALF = np.arange(2000) % 2 == 0


def trial(seed: int) -> pd.DataFrame:
    """Mail raises the chance to buy by 20 points in the north and lowers it by 15 in the south."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({
        "visits": rng.poisson(3, 2000).astype(float), "town": rng.choice(["north", "south"], 2000),
        "variant": rng.choice(["control", "mail"], 2000),
    })  # fmt: skip
    change = np.where(rows["town"] == "north", 0.2, -0.15) * (rows["variant"] == "mail")
    return rows.assign(bought=(rng.random(2000) < 0.3 + change).astype(float))


def test_the_change_of_each_kind_of_customer_is_found():
    rows = trial(1).rename(columns={"bought": "y"})
    expected, told = expected_outcomes(rows[["visits", "town"]], rows["variant"], rows["y"], HALF, "mean")
    change = (expected["mail"] - expected["control"]).groupby(rows.loc[~HALF, "town"].to_numpy()).mean()
    assert change.tolist() == pytest.approx([0.2, -0.15], abs=0.12) and told == ("visits", "town")


def test_the_tested_half_teaches_nothing():
    rows = trial(6)
    known = rows[["visits", "town"]]
    expected, _ = expected_outcomes(known, rows["variant"], rows["bought"], HALF, "proportion")
    altered = rows["bought"].where(HALF, 1 - rows["bought"])
    again, _ = expected_outcomes(known, rows["variant"], altered, HALF, "proportion")
    pd.testing.assert_frame_equal(expected, again)
    assert expected.to_numpy().min() > 0 and expected.to_numpy().max() < 1


def test_missing_numbers_and_rare_values_do_no_harm():
    rows = trial(7)
    known = rows[["visits", "town"]].assign(constant=1.0, copy=rows["visits"] * 2)
    known.loc[::3, "visits"] = np.nan
    known.loc[:4, "town"] = ["x", "y", "z", None, "v"]
    expected, told = expected_outcomes(known, rows["variant"], rows["bought"], HALF, "mean")
    assert np.isfinite(expected.to_numpy()).all() and told == ("visits", "town", "copy")


def test_nothing_to_learn_from_tells_no_columns():
    rows = trial(8)
    expected, told = expected_outcomes(rows[[]], rows["variant"], rows["bought"], HALF, "mean")
    assert told == () and (expected.nunique() == 1).all()
