"""Whether the chosen model foresees frequent and rare buyers alike: a slow loop, small groups, and chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.future.frequency_groups import calibration
from helpers.analyses.value.vocabulary import MODEL
from helpers.findings import NotApplicable


def test_calibration_is_that_of_a_loop_over_the_groups(tried):
    found = calibration(tried)
    assert found.table["repeat_orders_before"].tolist() == ["0", "1", "2", "3", "4–6", "7 and more"]
    limits = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 6), (7, 1_000)]
    for row, (low, high) in zip(found.table.itertuples(), limits, strict=True):
        group = tried.customers[[low <= count <= high for count in tried.customers["frequency"]]]
        half = 1.959964 * np.sqrt(max(group["orders"].var(), group[tried.chosen].mean()) / len(group))
        assert row.customers == len(group)
        assert row.orders_each == pytest.approx(group["orders"].mean())
        assert row.expected_orders_each == pytest.approx(group[tried.chosen].mean())
        assert (row.lower, row.upper) == pytest.approx(
            (max(row.orders_each - half, 0), row.orders_each + half), rel=1e-5
        )


def test_groups_of_fewer_than_twenty_are_left_out_of_the_calibration(tried):
    frequent, rare = tried.customers.query("frequency == 3"), tried.customers.query("frequency == 0")
    few = replace(tried, customers=pd.concat([rare, frequent.head(19)]))
    assert calibration(few).table["repeat_orders_before"].tolist() == ["0"]
    enough = replace(tried, customers=pd.concat([rare, frequent.head(20)]))
    assert calibration(enough).table["repeat_orders_before"].tolist() == ["0", "3"]
    nobody = replace(tried, customers=frequent.head(19))
    assert words_of(calibration(nobody)) == "Cannot be told: no group by repeat orders has 20 customers."


def test_calibration_says_which_group_was_foreseen_worst(tried):
    wrong = tried.customers.copy()
    wrong.loc[wrong["frequency"] == 2, tried.chosen] *= 3
    told = words_of(calibration(replace(tried, customers=wrong)))
    assert told.startswith("The forecast is furthest off after 2 repeat orders: ")
    right = tried.customers.assign(**{tried.chosen: tried.customers["orders"].astype(float)})
    told = words_of(calibration(replace(tried, customers=right)))
    assert told.startswith("Frequent and rare buyers were both foreseen within chance.")
    assert f"“{MODEL.write(tried.chosen)}” lies within the 95% interval of what came in all 6 groups" in told


def test_where_nothing_came_a_little_expected_is_within_chance_and_much_is_not(tried):
    rare = tried.customers.query("frequency == 0").head(100).assign(orders=0)
    for each, compatible in [(0.01, True), (0.1, False)]:
        found = calibration(replace(tried, customers=rare.assign(**{tried.chosen: each})))
        assert ("within chance" in words_of(found)) == compatible


def test_calibration_draws_both_means_of_every_group(tried):
    ax = calibration(tried).plot()
    assert len(ax.get_yticklabels()) == 6
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"orders made", "orders expected"}


def test_the_page_has_the_headings_of_orders_and_the_model_in_words(tried):
    answer = calibration(tried)
    assert list(answer.table) == list(answer.columns)
    page = answer._repr_mimebundle_()[0]["text/html"]
    assert all(f">{heading}</th>" in page for heading in ("Repeat orders before", "Expected orders", "Orders", "Upper"))
    assert f"“{MODEL.write(tried.chosen)}”" in words_of(answer)


def test_without_a_trial_nothing_is_calibrated():
    answer = calibration(NotApplicable("this data set has no orders: export them to see this."))
    assert words_of(answer) == "Cannot be told: this rests on an answer that is missing above."
