"""Who compares two dated reports, or a report's groups with its totals, learns what groups did and nobody's own numbers."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from helpers.data import datasets
from helpers.findings import folding, formats

WEEKS = 4
FEW = 4  # customers whose orders alone make the difference between two reports
TOLD = 0.01  # of the truth: whoever comes so near has been told


def spent(day: dt.date) -> dict[tuple[str, str], pd.Series]:
    """What each customer of a group had spent, by the groups in which a report of that day may show its customers."""
    customers = datasets.open("demo", as_of=day).customers
    money = customers.set_index("customer_id")["monetary"].fillna(0)
    found = {("", ""): money}
    for name in customers.select_dtypes(["object", "string"]).columns.difference(["customer_id", "referred_by"]):
        groups = folding.folded_groups(customers[name]).to_numpy()
        found |= {(name, group): money[groups == group] for group in pd.unique(groups)}
    return found


@pytest.fixture(scope="module")
def changes():
    """Of each group that few customers changed from one week to the next: its sums before and after, and the truth."""
    last = dt.date(2025, 12, 31)
    weeks = [spent(last - dt.timedelta(days=7 * week)) for week in range(WEEKS)]
    found = []
    for after, before in pairwise(weeks):
        for group in after.keys() & before.keys():
            changed = after[group].sub(before[group], fill_value=0)
            changed = changed[changed != 0]
            if 1 <= len(changed) <= FEW:
                found.append((before[group].sum(), after[group].sum(), changed.sum()))
    return found


def told(guess: float, truth: float) -> bool:
    return abs(guess - truth) <= TOLD * abs(truth)


def test_the_sums_of_two_weekly_reports_do_not_tell_what_one_to_four_customers_spent(changes):
    assert len(changes) >= 3 and all(told(after - before, truth) for before, after, truth in changes)  # exact sums do
    shown = [formats.rounded(after) - formats.rounded(before) for before, after, _ in changes]
    assert [guess for guess, (*_, truth) in zip(shown, changes, strict=True) if told(guess, truth)] == []


@pytest.mark.parametrize("smallest", [5, 10, 25])
def test_no_group_is_left_over_when_all_that_are_shown_are_taken_from_the_total(smallest):
    rng = np.random.default_rng(7)
    for _ in range(200):
        sizes = rng.integers(1, 40, rng.integers(1, 12))
        values = pd.Series(np.repeat([f"g{place}" for place in range(len(sizes))], sizes))
        shown = folding.folded_groups(values, int(rng.integers(2, 9)), smallest).value_counts()
        shown = shown[shown > 0]
        assert shown.sum() == sizes.sum() and (shown.min() >= smallest or len(shown) == 1)
