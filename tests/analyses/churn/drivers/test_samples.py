"""The sample for another program: all where they are few, else always the same."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.churn.drivers import samples
from helpers.analyses.churn.drivers.samples import sample, sampled_words


def stays(count=100):
    table = pd.DataFrame({"customer_id": [f"c{i % 80}" for i in range(count)], "started_on": range(count)})
    return table.sample(frac=1, random_state=1).reset_index(drop=True)


def test_few_stays_are_all_taken():
    table = stays()
    assert sample(table) is table
    assert sampled_words(100, 100) is None


def test_of_many_the_same_are_taken_in_whatever_order_they_come(monkeypatch):
    monkeypatch.setattr(samples, "MOST_STAYS", 30)
    table = stays()
    taken, again = sample(table), sample(table.iloc[::-1])
    assert len(taken) == 30 and set(taken["started_on"]) == set(again["started_on"])
    pd.testing.assert_frame_equal(taken, table.loc[taken.index])


def test_a_sample_is_said():
    assert str(sampled_words(20_000, 1_000_000)) == "Fitted to 20,000 of 1,000,000 stays, at random."
