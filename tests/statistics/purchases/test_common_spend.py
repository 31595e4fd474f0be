"""One gamma of all purchases: its likelihood by a loop, the limit it is, known truth, and its test of differences."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from helpers.statistics.purchases.common_spend import fit_common_spend
from helpers.statistics.purchases.fitted_sums import FittedValues
from helpers.statistics.purchases.gamma_gamma import GammaGamma, fit_gamma_gamma


def alike(rng, customers=400, p=2.0, mean=50.0):
    """Purchases and mean spend of customers who differ by chance alone; a mean is missing without purchases."""
    x = rng.poisson(2, customers)
    spend = rng.gamma(np.maximum(p * x, 1e-9)) * mean / p / np.maximum(x, 1)
    return x, np.where(x > 0, spend, np.nan)


def log_likelihood(p, mean, x, spend, counts):
    """The mean of x purchases is gamma of shape p·x and scale mean / (p·x), customer by customer."""
    total = 0.0
    for purchases, each, customers in zip(x.tolist(), spend.tolist(), counts.tolist(), strict=True):
        if purchases:
            shape, scale = p * purchases, mean / (p * purchases)
            total += customers * (
                (shape - 1) * math.log(each) - each / scale - math.lgamma(shape) - shape * math.log(scale)
            )
    return total


def test_the_likelihood_is_that_of_a_loop_and_nothing_near_is_likelier():
    rng = np.random.default_rng(1)
    x, spend = alike(rng, 80)
    counts = rng.integers(0, 5, 80)
    fit = fit_common_spend(x, spend, counts)
    p, mean = fit.parameters.values()
    assert fit.log_likelihood == pytest.approx(log_likelihood(p, mean, x, spend, counts), rel=1e-12)
    for near in [(p * 1.01, mean), (p / 1.01, mean), (p, mean * 1.01), (p, mean / 1.01)]:
        assert log_likelihood(*near, x, spend, counts) < fit.log_likelihood
    for place, (name, estimate) in enumerate(fit.parameters.items()):
        step = 1e-3 * np.eye(2)[place]
        sides = [log_likelihood(*np.exp(np.log([p, mean]) + sign * step), x, spend, counts) for sign in (-1, 1)]
        curvature = (2 * fit.log_likelihood - sum(sides)) / 1e-6
        assert fit.std_errors[name] == pytest.approx(estimate / np.sqrt(curvature), rel=1e-4)


def test_the_mean_is_that_of_all_purchases_and_expected_of_everybody():
    """10 · 1 and 25 · 3 and 40 · 1 is 125 of 5 purchases."""
    fit = fit_common_spend([1, 3, 1, 0], [10.0, 25.0, 40.0, np.nan])
    assert fit.mean_spend == pytest.approx(25.0)
    assert fit.expected_spend([0, 1, 50], [np.nan, 1.0, 1_000.0]) == pytest.approx([25.0, 25.0, 25.0])


def test_it_is_what_gamma_gamma_comes_to_as_q_grows():
    x, spend = alike(np.random.default_rng(2))
    fit = fit_common_spend(x, spend)
    p, mean = fit.parameters.values()
    q = 1e7
    limit = GammaGamma({"p": p, "q": q, "v": (q - 1) * mean / p}, {}, 0.0)
    assert limit.mean_spend == pytest.approx(mean)
    assert limit.expected_spend(x, spend) == pytest.approx(fit.expected_spend(x, spend), rel=1e-4)
    shape, size = fit.scores(x, spend).T  # the mean is p · v / (q − 1): more p is also more of it, more q is less
    assert limit.scores(x, spend) == pytest.approx(np.column_stack([shape + size, -size, size]), abs=1e-3)


@pytest.mark.parametrize("p", [0.3, 2.0, 40.0])
def test_what_was_put_in_is_found_again(p):
    fit = fit_common_spend(*alike(np.random.default_rng(3), 20_000, p=p))
    for name, truth in {"p": p, "mean": 50.0}.items():
        assert abs(fit.parameters[name] - truth) < 3.5 * fit.std_errors[name]
    assert fit.std_errors["mean"] < 0.02 * 50


def test_limits_of_the_mean_cover_the_truth_19_times_in_20():
    rng, covered, modelled = np.random.default_rng(4), 0, 0
    for _ in range(600):
        x, spend = alike(rng, 300, p=0.7)
        fit = fit_common_spend(x, spend)
        slopes = np.array([[0.0, fit.mean_spend]])
        sums = FittedValues(np.array([fit.mean_spend]), slopes, fit.scores(x, spend) @ fit.covariance)
        _, lower, upper = sums.total_limits(np.array([True]))
        covered += lower < 50 < upper
        modelled += abs(fit.mean_spend - 50) < 1.96 * fit.std_errors["mean"]
    assert 0.925 <= covered / 600 <= 0.97
    assert 0.925 <= modelled / 600 <= 0.97


def test_scores_add_up_to_nothing_and_say_how_far_a_customer_moves_the_parameters():
    x, spend = alike(np.random.default_rng(5))
    fit, counts = fit_common_spend(x, spend), np.ones(len(x))
    scores = fit.scores(x, spend)
    assert not scores[x == 0].any()
    assert scores.sum(axis=0) == pytest.approx(0, abs=1e-8)
    most = int(np.argmax(x))
    counts[most] += 1e-3
    again = fit_common_spend(x, spend, counts)
    shift = [np.log(again.parameters[name] / fit.parameters[name]) for name in fit.parameters]
    assert shift == pytest.approx(1e-3 * (scores @ fit.covariance)[most], rel=0.01)


@pytest.mark.parametrize("p", [0.7, 3.0])
def test_overdispersion_is_a_standard_normal_where_customers_are_alike(p):
    rng = np.random.default_rng(6)
    found = np.array([fit_common_spend(*alike(rng, 1_000, p=p)).overdispersion for _ in range(400)])
    assert abs(found.mean()) < 0.2
    assert found.std() == pytest.approx(1, abs=0.12)
    assert 0.02 < (found > 1.645).mean() < 0.08


@pytest.mark.parametrize(("spread", "least", "most"), [(0.05, 0.0, 0.15), (0.1, 0.1, 0.5), (0.3, 0.9, 1.0)])
def test_customers_who_differ_are_overdispersed_the_more_the_more_they_do(spread, least, most):
    """By the spread (standard deviation over mean) of customers' own means: from 0.3 on it is hardly ever missed."""
    rng, found = np.random.default_rng(7), []
    for _ in range(60):
        x, spend = alike(rng, 800, p=3.0)
        found.append(fit_common_spend(x, spend * rng.gamma(spread**-2, spread**2, len(x))).overdispersion > 1.645)
    assert least <= np.mean(found) <= most


def test_gamma_gamma_lacks_a_maximum_only_where_this_is_no_worse():
    """Of customers alike, about half the samples differ by less than chance: there 1/q would be below 0."""
    rng, without = np.random.default_rng(8), 0
    for _ in range(14):
        x, spend = alike(rng, 500)
        common = fit_common_spend(x, spend)
        try:
            found = fit_gamma_gamma(x, spend)
        except ValueError:
            without += 1
            assert common.overdispersion < 0.3
        else:
            assert found.log_likelihood >= common.log_likelihood - 1e-6
    assert 3 <= without <= 11


def test_spends_all_the_same_are_expected_to_stay_so():
    fit = fit_common_spend(np.arange(1, 50), np.full(49, 25.0))
    assert fit.mean_spend == pytest.approx(25.0)
    assert fit.std_errors["mean"] < 0.01
    assert fit.overdispersion < 0
    assert np.isfinite(fit.log_likelihood)


def test_another_currency_changes_the_mean_alone():
    x, spend = alike(np.random.default_rng(9))
    dollars, cents = fit_common_spend(x, spend), fit_common_spend(x, 100 * spend)
    assert list(cents.parameters.values()) == pytest.approx(list(dollars.parameters.values()) * np.array([1, 100]))
    assert cents.overdispersion == pytest.approx(dollars.overdispersion)
    purchasers = (x > 0).sum()
    assert cents.log_likelihood == pytest.approx(dollars.log_likelihood - purchasers * np.log(100))


def test_cells_of_customers_count_as_so_many():
    x, spend = alike(np.random.default_rng(10), 60)
    counts = np.arange(60) % 4
    cells, rows = fit_common_spend(x, spend, counts), fit_common_spend(np.repeat(x, counts), np.repeat(spend, counts))
    assert list(cells.parameters.values()) == pytest.approx(list(rows.parameters.values()))
    assert replace(cells, parameters=rows.parameters).std_errors == pytest.approx(rows.std_errors)
    assert cells.overdispersion == pytest.approx(rows.overdispersion)


@pytest.mark.parametrize(
    ("frequency", "spend", "message"),
    [
        ([1, 2], [10, 0], "mean_spend = 0 in 1 rows: above 0"),
        ([1, 2], [10, np.nan], "mean_spend = missing or infinite in 1 of 2"),
        ([1, 1.5], [10, 10], r"frequency = 1.5 \(row 1\): a whole number"),
        ([0, 0], [np.nan, np.nan], "frequency = 0 in every row"),
    ],
)
def test_what_cannot_be_fitted_is_said(frequency, spend, message):
    with pytest.raises(ValueError, match=message):
        fit_common_spend(frequency, spend)
