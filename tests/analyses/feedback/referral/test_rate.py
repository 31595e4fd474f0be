"""How many others a customer brings: known by hand, young customers counted as far as seen, and the naive number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.referral.rate import referral_rate
from helpers.findings import NotApplicable
from shops import AS_OF, shop


def growing(rng: np.random.Generator, start: int = 300, each: float = 0.3, months: int = 24):
    """Customers who each bring so many a year at random times; twenty more come by themselves every month."""
    joined = list(rng.integers(0, 30, start))
    referrer: list[str | None] = [None] * start
    for month in range(months):
        born = np.array(joined)
        for person in np.flatnonzero(born < 30 * month):
            for _ in range(rng.poisson(each / 12)):
                joined.append(30 * month + int(rng.integers(0, 30)))
                referrer.append(f"c{person}")
        joined += list(30 * month + rng.integers(0, 30, 20))
        referrer += [None] * 20
    born = pd.Timestamp(AS_OF) - pd.Timedelta(days=30 * months) + pd.to_timedelta(joined, unit="D")
    ids = [f"c{row}" for row in range(len(joined))]
    return shop(customers=pd.DataFrame({"customer_id": ids, "joined_at": born, "referred_by": referrer}))


def test_others_are_counted_by_month_since_joining():
    """Of 40 customers one brings two, after ten and forty days; all are followed for three months and more."""
    ids = [f"c{row}" for row in range(42)]
    days = [120] * 40 + [110, 80]
    people = pd.DataFrame({
        "customer_id": ids, "referred_by": [None] * 40 + ["c0", "c0"],
        "joined_at": pd.Timestamp(AS_OF) - pd.to_timedelta(days, unit="D"),
    })  # fmt: skip
    found = referral_rate(shop(customers=people))
    assert found.table["referrals_each"].tolist() == pytest.approx([1 / 42, 2 / 42, 2 / 42])
    assert found.table["months_since"].tolist() == [1, 2, 3]
    assert found.share_bringing == pytest.approx(1 / 42)


def test_the_truth_is_held_where_many_are_young_and_the_naive_number_is_too_low():
    """Brought so far over all customers, however young, is far below the .3 that each brings in a year."""
    found = referral_rate(growing(np.random.default_rng(1), each=0.3))
    last = found.table.iloc[-1]
    assert last["months_since"] == 12 and last["lower"] < 0.3 < last["upper"]
    young = referral_rate(growing(np.random.default_rng(2), start=20, each=0.3, months=15))
    assert young.so_far < 0.2 < 0.3 < young.table["upper"].iloc[-1]
    assert words_of(found).startswith("100 customers bring ")
    assert "word of mouth alone does not keep the base" in words_of(found)


def test_without_referrals_or_with_nobody_followed_nothing_is_told():
    people = {"customer_id": ["a", "b"], "joined_at": pd.to_datetime(["2025-01-01"] * 2)}
    assert isinstance(referral_rate(shop(customers=people)), NotApplicable)
    late = people | {"referred_by": ["b", None], "joined_at": pd.to_datetime([AS_OF] * 2)}
    assert "fewer than 20 customers" in str(referral_rate(shop(customers=late)).headline())
