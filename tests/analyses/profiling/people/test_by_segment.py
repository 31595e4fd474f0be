"""In what segments differ from all customers, and in what they do not."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportions_ztest

from answers import words_of
from helpers.analyses.profiling.people.by_segment import segment_portraits
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.inference import adjust


def test_what_sets_a_segment_apart_is_found_and_what_does_not_is_not(tea):
    early = pd.Series({f"c{n}": "early" if n < 30 else "late" for n in range(60)})
    portraits = segment_portraits(tea, early)
    traits = set(
        zip(portraits.traits["segment"], portraits.traits["field"], portraits.traits["field_value"], strict=True)
    )
    assert {
        ("early", "Main category", "tea"),
        ("late", "Main category", "coffee"),
        ("early", "Channel", "shop"),
    } <= traits
    assert not any(field == "Birth year" or field == "Age band" for _, field, _ in traits)
    tea_line = portraits.table.query("segment == 'early' and field_value == 'tea'").iloc[0]
    assert (tea_line["share"], tea_line["overall_share"]) == (1.0, 0.5)
    assert tea_line["adjusted_p_value"] < 1e-9
    assert "stands out by" in words_of(portraits)


def test_the_figure_sets_the_first_trait_of_each_segment_beside_all_customers(tea):
    segments = pd.Series({f"c{n}": "early" if n < 30 else "late" for n in range(60)})
    portraits = segment_portraits(tea, segments)
    ax = portraits.plot()
    labels = [text.get_text().replace("\n", " ") for text in ax.get_yticklabels()]
    assert len(labels) == 2 and labels[0].startswith(("early · ", "late · "))
    inside, everybody = ([bar.get_width() for bar in bars] for bars in ax.containers)
    assert inside == [1.0, 1.0] and everybody == [0.5, 0.5]
    plt.close(ax.figure)


def test_segments_drawn_at_random_differ_in_nothing(tea):
    random = pd.Series({f"c{n}": "heads" if n % 4 < 2 else "tails" for n in range(60)})
    portraits = segment_portraits(tea, random)
    assert portraits.traits.empty and "do not differ beyond chance" in words_of(portraits)
    ax = portraits.plot()
    assert len(ax.patches) == 2
    plt.close(ax.figure)


def test_a_segment_of_few_customers_is_never_shown(tea):
    segments = pd.Series({f"c{n}": "vip" if n < 3 else "early" if n < 30 else "late" for n in range(60)})
    portraits = segment_portraits(tea, segments)
    assert portraits.sizes.to_dict() == {"late": 30, SMALL_GROUPS: 30}  # 3 hidden among the 27 of the next larger
    assert portraits.table["customers"].min() >= 5
    assert isinstance(segment_portraits(tea, pd.Series({"c1": "only"})), NotApplicable)


def test_p_values_are_those_of_the_pooled_test_of_two_shares_corrected_over_all_values(tea):
    """statsmodels, by hand for each value beside all customers outside the segment."""
    segments = pd.Series({f"c{n}": "first" if n < 20 else "second" for n in range(60)})
    table = segment_portraits(tea, segments).table
    sizes, values = {"first": 20, "second": 40}, {}
    for row in table.dropna(subset=["overall_share"]).itertuples():
        outside = 60 - sizes[row.segment]
        counts = [row.customers, round(60 * row.overall_share) - row.customers]
        different = 0 < row.overall_share < 1
        values[row.Index] = proportions_ztest(counts, [sizes[row.segment], outside])[1] if different else np.nan
    expected = pd.Series(values).reindex(table.index)
    assert table["adjusted_p_value"].to_list() == pytest.approx(list(adjust(expected.to_numpy(), "holm")), nan_ok=True)
    assert (table["adjusted_p_value"] < 0.05).any() and (table["adjusted_p_value"] > 0.05).any()
