"""What sets segments apart: planted tastes are found, and what differs by chance is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from answers import words_of
from helpers.analyses.segmentation.groups import group
from helpers.analyses.segmentation.portraits.likes import preferences
from helpers.analyses.segmentation.portraits.traits import traits
from helpers.statistics.shares.proportions import wilson_interval
from shops import shop

SIZE = 100  # of each of two groups


def test_shares_lifts_and_limits_are_those_counted_by_hand(data, sides):
    known = traits(data)
    likes = preferences(data, sides, known)
    cell = likes.table.set_index(["trait", "side", "trait_value"]).loc[("main_category", "even", "books")]
    even = known["main_category"][sides.labels == "even"]
    count, overall = int((even == "books").sum()), (known["main_category"] == "books").mean()
    assert cell["customers"] == count and cell["share"] == pytest.approx(count / SIZE)
    assert cell["lift"] == pytest.approx(count / SIZE / overall)
    low, high = wilson_interval(count, SIZE)
    assert [cell["lower"], cell["upper"]] == pytest.approx([low / overall, high / overall])


def test_planted_tastes_are_found_and_what_differs_by_chance_is_not(data, sides):
    likes = preferences(data, sides)
    tests = likes.tests.set_index("trait")
    assert tests.loc[["main_category", "main_daypart"], "adjusted_p_value"].max() < 1e-6
    assert tests.loc[["gender", "age_band"], "adjusted_p_value"].min() > 0.05
    assert "order_size" not in tests.index  # what makes the groups is no finding about them
    table = pd.crosstab(sides.labels.to_numpy(), traits(data)["main_category"].to_numpy())
    statistic = chi2_contingency(table, correction=False).statistic
    assert tests.loc["main_category", "cramers_v"] == pytest.approx(np.sqrt(statistic / (2 * SIZE)))
    assert words_of(likes).startswith("The sides differ in 2 of 4 traits, most in “Main ")
    assert likes.likes("even", ("main_category", "gender")) == [likes.likes("even", ("main_category",))[0]]
    assert likes.likes("odd", ("main_category",))[0].startswith("toys ×1.")


def test_without_any_difference_there_is_no_evidence(tables):
    chance = shop(customers=tables["customers"])
    ids = pd.Index(chance.customers["customer_id"], name="customer_id")
    sides = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    likes = preferences(chance, group(chance, sides, dict.fromkeys(["even", "odd"], "")))
    assert words_of(likes) == "No evidence that the sides differ in any of 2 traits."
    assert likes.likes("odd", ("gender", "age_band")) == []


def test_small_cells_are_blank_in_table_and_figure(data, sides):
    known = traits(data)[["gender"]].copy()
    few = (sides.labels == "odd").to_numpy() & (np.cumsum(sides.labels == "odd") > 4)
    known["gender"] = known["gender"].where(~few, "女").mask((sides.labels == "odd").to_numpy() & ~few, "男")
    likes = preferences(data, sides, known)
    cells = likes.readable.set_index(["side", "trait_value"])[["customers", "share", "lift", "lower", "upper"]]
    assert (
        cells.loc[("odd", "男")].isna().all() and len(likes.for_readers().plot().texts) == cells["lift"].notna().sum()
    )


def test_where_nothing_describes_customers_there_is_no_answer(data, sides):
    assert "no column tells" in words_of(preferences(data, sides, pd.DataFrame(index=sides.labels.index)))
