"""The declared health score: its published bands, its parts by hand, and what it cannot say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answers import words_of

from helpers.analyses.profiling.engagement.vocabulary import BAND
from helpers.analyses.profiling.health_score import Band, health, health_bands
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import shop


def customers(**columns) -> Dataset:
    """A data set that knows of its customers what is given."""
    frame = pd.DataFrame(columns)
    return shop(known=frame.assign(customer_id=[f"c{n}" for n in range(len(frame))]))


def test_bands_end_where_they_are_published_to_end():
    """Case H2 of behaviour.md (Gainsight FAQ)."""
    assert list(BAND.words) == list(Band)
    found = health_bands([0, 50, 51, 75, 76, 100, np.nan])
    assert list(found[:6]) == ["red", "red", "yellow", "yellow", "green", "green"] and found.codes[6] == -1


def test_each_part_runs_from_0_to_100_and_the_score_is_the_mean_of_those_known():
    data = customers(
        recency_days=[0, 90, 180, 400, np.nan, np.nan], subscription=["active", "ended", "none", "none", "active", "none"],
        last_survey_question=["nps", "CSAT", "csat", None, "odd", None], last_survey_score=[8, 1, 9, np.nan, 3, np.nan],
        tickets=[0, 1, 3, 2, 1, 0], complaints=[0, 0, 1, 3, 0, 0],
    )  # fmt: skip
    found = health(data, 180)
    assert found.table[list(found.parts)].fillna(-1).to_numpy().tolist() == [
        [100, 100, 80, -1], [50, 0, 0, 100], [0, -1, -1, 50], [0, -1, -1, 0], [-1, 100, -1, 100],
    ]  # fmt: skip
    assert found.table["score"].to_list() == pytest.approx([280 / 3, 37.5, 25, 0, 100])
    assert found.unscored == 1 and words_of(found).startswith("60.0% of 5 customers are in red")
    assert found.summary()["customers"].fillna(-1).to_list() == [-1, 0, -1]


def test_one_kind_of_evidence_is_no_health():
    assert isinstance(health(customers(recency_days=[1.0] * 9)), NotApplicable)


def test_a_page_shows_bands_in_words_with_their_shares_and_hides_small_ones():
    data = customers(recency_days=[0.0] * 6 + [180.0] * 6, subscription=["active"] * 6 + ["ended"] * 6)
    found = health(data, 180)
    assert found.summary()[["band", "share"]].to_numpy().tolist() == [["red", 0.5], ["yellow", 0], ["green", 0.5]]
    markup = found._repr_mimebundle_()[0]["text/html"]
    assert ">6</td>" in markup and ">50.0%</td>" in markup and ">Recency</th>" in markup
