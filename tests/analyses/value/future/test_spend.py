"""Which model of spend the customers allow, and whether spend goes with the number of orders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from answers import words_of
from helpers.analyses.value.future.purchases import Histories
from helpers.analyses.value.future.spend import _always_the_same, repeats, spend_independence, spend_model, spends
from helpers.findings import NotApplicable
from helpers.statistics.purchases import CommonSpend, GammaGamma, fit_common_spend
from shops import AS_OF


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


def bought(frequency, spend):
    return Histories(AS_OF, pd.DataFrame({"frequency": frequency, "mean_repeat_spend": spend}))


def test_the_correlation_is_pearsons_among_those_who_came_back_and_spent(known):
    found, spending = spend_independence(known), known.spending
    expected = stats.pearsonr(spending["frequency"], spending["mean_repeat_spend"]).statistic
    assert found.correlation == pytest.approx(expected)
    assert found.customers == len(spending)
    assert found.lower < found.correlation < found.upper


def test_limits_are_fishers_for_normal_numbers():
    rng = np.random.default_rng(2)
    x, y = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], 40_000).T
    found = spend_independence(bought(np.exp(0.01 * x), 100 + y))  # nearly normal, and above 0
    limits = stats.pearsonr(x, y).confidence_interval(0.95)
    assert (found.lower, found.upper) == pytest.approx((limits.low, limits.high), abs=2e-3)


def test_limits_are_those_of_leaving_out_each_customer_in_turn():
    rng = np.random.default_rng(2)
    orders, spend = 1 + rng.poisson(2, 40), rng.lognormal(3, 1, 40)
    found = spend_independence(bought(orders, spend))
    left = [np.delete(np.array([orders, spend]), place, axis=1) for place in range(40)]
    without = np.arctanh([np.corrcoef(*each)[0, 1] for each in left])
    error = np.sqrt(39 / 40 * ((without - without.mean()) ** 2).sum())
    middle = np.arctanh(np.corrcoef(orders, spend)[0, 1])
    reach = stats.t.ppf(0.975, 38) * error
    assert (found.lower, found.upper) == pytest.approx(tuple(np.tanh([middle - reach, middle + reach])))


def test_limits_cover_independence_where_a_rank_correlation_would_deny_it(gamma_gamma_spends):
    rng = np.random.default_rng(3)
    covered, ranks = 0, []
    for _ in range(200):
        frequency = rng.geometric(0.3, 500)
        spend = gamma_gamma_spends(rng, frequency)
        found = spend_independence(bought(frequency, spend))
        covered += found.lower <= 0 <= found.upper
        ranks.append(stats.spearmanr(frequency, spend).pvalue < 0.05)
    assert 0.90 <= covered / 200 <= 0.99
    assert np.mean(ranks) > 0.2  # of 0.05


def test_mean_spend_by_repeat_orders_is_that_of_a_loop(known):
    bins = spend_independence(known).table.set_index("repeat_orders")
    spending = known.spending
    for name, (low, high) in {"1": (1, 1), "2": (2, 2), "4–6": (4, 6), "7 and more": (7, 1_000)}.items():
        group = spending[[low <= count <= high for count in spending["frequency"]]]["mean_repeat_spend"]
        half = 1.959964 * group.std() / np.sqrt(len(group))
        row = bins.loc[name]
        assert row["customers"] == len(group)
        assert row[["mean_spend", "lower", "upper"]].tolist() == pytest.approx(
            [group.mean(), group.mean() - half, group.mean() + half], rel=1e-6
        )


@pytest.mark.parametrize(
    ("slope", "noise", "customers", "said"),
    [
        (0.0, 1.0, 4_000, "No evidence that frequent customers spend more or less"),
        (0.1, 1.0, 4_000, "a little differently on an order, too little to matter."),
        (0.2, 1.0, 400, "Frequent customers may spend so differently"),
        (1.0, 1.0, 4_000, "spend more on an order: their values are likely too low."),
        (-1.0, 1.0, 4_000, "spend less on an order: their values are likely too high."),
    ],
)
def test_the_headline_weighs_the_correlation(slope, noise, customers, said):
    rng = np.random.default_rng(7)
    frequency = rng.poisson(6, customers) + 1
    score = (frequency - 7) / np.sqrt(6)
    told = words_of(spend_independence(bought(frequency, 100 + slope * score + noise * rng.normal(size=customers))))
    assert said in told
    assert f"{customers:,} customers who came back" in told


def test_spend_by_repeat_orders_is_drawn(known):
    found = spend_independence(known)
    assert [label.get_text() for label in found.plot().get_yticklabels()] == found.table["repeat_orders"].tolist()


@pytest.mark.parametrize(
    ("frequency", "spend"),
    [(np.arange(19) + 1, np.arange(19) + 1.0), (np.ones(50), np.arange(50) + 1.0), (np.arange(50) + 1, np.ones(50))],
)
def test_few_customers_or_no_spread_have_no_correlation(frequency, spend):
    told = words_of(spend_independence(bought(frequency, spend)))
    assert told == f"Cannot be told: {len(spend)} customers came back and spent; a correlation needs 20, not all alike."


def test_without_histories_nothing_is_told_of_spend():
    missing = NotApplicable("this data set has no orders: export them to see this.")
    assert spend_independence(missing) is missing


def test_the_page_shows_spend_with_the_sign_of_the_currency(known):
    answer = spend_independence(known)
    assert list(answer.table) == list(answer.columns)
    assert ">Mean spend (¥)<" in answer._repr_mimebundle_()[0]["text/html"]
