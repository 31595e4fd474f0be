"""Which model of spend the customers allow: Gamma-Gamma where they differ, its limit where they do not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.analyses.value.future.lifetime import Terms, lifetime_values
from helpers.analyses.value.future.purchases import Histories, histories
from helpers.analyses.value.future.spend import _always_the_same, repeats, spend_model, spends
from helpers.analyses.value.future.trial_of_models import holdout
from helpers.data import datasets
from helpers.statistics.purchases import CommonSpend, GammaGamma, fit_common_spend
from shops import SHARED

SUPERSTORE = SHARED / "superstore_zh"
AS_OF = dt.date(2025, 6, 30)


def customers(spread, seed=1, size=800):
    """Repeat orders of gamma spend; the means of customers vary by `spread` (standard deviation over mean)."""
    rng = np.random.default_rng(seed)
    orders = rng.poisson(2, size)
    own = 50 * rng.gamma(spread**-2, spread**2, size) if spread else np.full(size, 50.0)
    total = rng.gamma(np.maximum(3.0 * orders, 1e-9)) / 3 * own
    mean = np.where(orders > 0, total / np.maximum(orders, 1), np.nan)
    return Histories(AS_OF, pd.DataFrame({"frequency": orders, "mean_repeat_spend": mean}))


@pytest.mark.parametrize("seed", range(3))
def test_customers_who_differ_have_gamma_gamma(seed):
    found = spend_model(customers(0.4, seed))
    assert isinstance(found, GammaGamma)


def test_customers_alike_have_one_or_the_other_and_about_the_same_spend_expected():
    """Half of such samples differ by a little more than chance and have a maximum; it hardly moves what is expected."""
    kinds = set()
    for seed in range(6):
        known = customers(0.0, seed)
        found = spend_model(known)
        kinds.add(type(found))
        assert np.median(spends(found, known)) == pytest.approx(50, rel=0.06)
        assert spends(found, known).std() < 6  # of about 20, were each expected to spend what it did
    assert kinds == {GammaGamma, CommonSpend}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("prices", [[10.0, 90.0], [10.0, 12.0, 15.0, 400.0]])
def test_customers_who_each_spend_the_same_every_time_are_not_said_to_be_alike(prices, seed):
    """Gamma-Gamma has no maximum for them either, but at the other end: p grows without limit, not q."""
    rng = np.random.default_rng(seed)
    known = Histories(AS_OF, pd.DataFrame({
        "frequency": rng.integers(1, 9, 500), "mean_repeat_spend": rng.choice(prices, 500),
    }))  # fmt: skip
    with pytest.raises(ValueError, match=r"parameters = p \d.*no maximum"):
        spend_model(known)


def test_that_each_always_spends_the_same_is_as_likely_as_an_inverse_gamma_of_means_is():
    rng = np.random.default_rng(3)
    orders, mean = rng.integers(1, 5, 200), pd.Series(rng.choice([10.0, 90.0], 200))
    densities = stats.invgamma(*stats.invgamma.fit(mean, floc=0)).logpdf(mean)
    assert _always_the_same(mean) == pytest.approx(densities.sum(), rel=1e-6)
    assert _always_the_same(mean) > fit_common_spend(orders, mean).log_likelihood + 10


def test_repeat_orders_that_brought_nothing_count_as_none():
    known = Histories(AS_OF, pd.DataFrame({"frequency": [2, 3, 0], "mean_repeat_spend": [10.0, 0.0, np.nan]}))
    orders, mean = repeats(known)
    assert orders.tolist() == [2, 0, 0]
    assert mean.tolist() == [10, 0, 0]
    with pytest.raises(ValueError, match="frequency = 0 in every row"):
        spend_model(Histories(AS_OF, known.customers.tail(2)))


def test_customers_of_the_chinese_superstore_spend_alike_and_have_a_value(tmp_path):
    if not SUPERSTORE.is_dir():
        pytest.skip("the public data set superstore_zh is not beside the project")
    data = datasets.open(SUPERSTORE, prepared=tmp_path)
    known = histories(data)
    found = lifetime_values(known, holdout(data), Terms(), "CNY")
    spending = known.spending
    paid = (spending["frequency"] * spending["mean_repeat_spend"]).sum()
    assert found.common_spend == pytest.approx(paid / spending["frequency"].sum())
    assert found.customers["expected_spend"].nunique() == 1
    told = found.customers["lifetime_value"] / found.customers["expected_orders"] / found.common_spend
    assert told.between(1.1**-1, 1).all()  # discounted, by at most a year
    assert "differ by no more than chance: each is expected to spend the mean of all" in found.headline()
