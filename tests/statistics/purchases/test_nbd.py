"""NBD: the customer's story integrated over rates, known truth, and BG/NBD where hardly anybody drops out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma

from helpers.statistics.purchases import nbd
from helpers.statistics.purchases.bg_nbd import BetaGeometric
from helpers.statistics.purchases.nbd import Nbd, fit_nbd

TRUTHS = [(0.25, 30.0), (1.5, 60.0), (4.0, 10.0)]  # days


def model(r=0.8, alpha=30.0):
    return Nbd({"r": r, "alpha": alpha}, {}, 0.0)


def simulated(truth, size, seed=0, horizon=120.0):
    """Frequency, time of the last purchase and age of each customer, and purchases in the horizon after."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(truth[0], 1 / truth[1], size)
    age = rng.integers(50, 400, size).astype(float)
    frequency = rng.poisson(rate * age).astype(float)
    last = age * rng.random(size) ** (1 / np.maximum(frequency, 1))  # the latest of so many even times
    return np.array([frequency, np.where(frequency > 0, last, 0.0), age]), rng.poisson(rate * horizon)


@pytest.fixture(scope="module")
def rows():
    return simulated(TRUTHS[0], 3_000)[0]


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize(("x", "age"), [(0, 0.0), (0, 40.0), (1, 40.0), (7, 90.0)])
def test_the_expectation_is_the_mean_rate_of_those_who_have_such_a_history(truth, x, age):
    r, alpha = truth

    def chance(rate):
        return gamma.pdf(rate, r, scale=1 / alpha) * rate**x * np.exp(-rate * age)

    def integral(function):
        parts = [(0, 0.01 / alpha), (0.01 / alpha, r / alpha), (r / alpha, np.inf)]
        return sum(quad(function, *part, epsabs=0, epsrel=1e-9, limit=200)[0] for part in parts)

    expected = 15 * integral(lambda rate: rate * chance(rate)) / integral(chance)
    assert model(*truth).expected_purchases(15, x, 0, age) == pytest.approx([expected], rel=1e-6)


def test_the_log_likelihood_is_the_sum_over_customers_of_an_integral_over_their_rates():
    rows = simulated(TRUTHS[1], 40)[0]
    fit = fit_nbd(*rows)
    r, alpha = fit.parameters["r"], fit.parameters["alpha"]

    def likelihood(x, age):
        peak = (r + x) / (alpha + age)
        return quad(
            lambda rate: gamma.pdf(rate, r, scale=1 / alpha) * rate**x * np.exp(-rate * age),
            0, 40 * peak, points=[peak / 4, peak, 4 * peak], epsabs=0, limit=200,
        )[0]  # fmt: skip

    slow = sum(np.log(likelihood(x, age)) for x, _, age in rows.T)
    assert fit.log_likelihood == pytest.approx(slow, rel=1e-7)


@pytest.mark.parametrize("truth", TRUTHS)
def test_what_was_put_in_is_found_again(truth):
    rows, later = simulated(truth, 20_000)
    fit = fit_nbd(*rows)
    off = (np.array(list(fit.parameters.values())) - truth) / np.array(list(fit.std_errors.values()))
    assert (np.abs(off) < 3.5).all(), off
    expected = model(*truth).expected_purchases(120, *rows)
    assert abs(later.sum() - expected.sum()) < 4 * np.sqrt(((later - expected) ** 2).sum())
    again = model(*truth).expected_repeats(rows[2])
    assert abs(rows[0].sum() - again.sum()) < 4 * np.sqrt(((rows[0] - again) ** 2).sum())


def test_standard_errors_are_the_spread_of_fits_to_fresh_customers():
    fits = [fit_nbd(*simulated(TRUTHS[1], 500, seed)[0]) for seed in range(60)]
    for name in ("r", "alpha"):
        spread = np.std([np.log(fit.parameters[name]) for fit in fits])
        told = np.mean([fit.std_errors[name] / fit.parameters[name] for fit in fits])
        assert told == pytest.approx(spread, rel=0.3)


def test_scores_add_up_to_nothing_and_are_slopes_of_the_log_likelihood(rows):
    fit = fit_nbd(*rows)
    scores = fit.scores(*rows)
    assert scores.shape == (3_000, 2)
    assert scores.sum(axis=0) == pytest.approx(0, abs=1e-4)
    information = np.linalg.inv(fit.covariance)
    assert scores.T @ scores == pytest.approx(information, rel=0.2)  # of one truth, as long as the model holds
    customer = rows[:, :1]
    for place, name in enumerate(fit.parameters):
        sides = []
        for step in (1e-5, -1e-5):
            moved = Nbd(fit.parameters | {name: fit.parameters[name] * np.exp(step)}, {}, 0.0)
            sides.append(timed_log_likelihood(moved, *customer))
        assert fit.scores(*customer)[0, place] == pytest.approx((sides[0] - sides[1])[0] / 2e-5, rel=1e-5)


def timed_log_likelihood(of, x, t_x, age):
    """Chances purchase by purchase: the rate of the next falls while it does not come."""
    total = np.zeros(len(x))
    r, alpha = of.parameters["r"], of.parameters["alpha"]
    for row, (count, end) in enumerate(zip(x, age, strict=True)):
        total[row] = r * np.log(alpha / (alpha + end))
        for before in range(int(count)):
            total[row] += np.log((r + before) / (alpha + end))
    return total


@pytest.mark.parametrize(("x", "t_x", "age"), [(0, 0.0, 12.0), (1, 3.0, 90.0), (20, 200.0, 300.0)])
def test_it_is_bg_nbd_where_hardly_anybody_drops_out(x, t_x, age):
    loyal = BetaGeometric({"r": 0.8, "alpha": 30.0, "a": 1e-9, "b": 2.0}, {}, 0.0, first_may_be_last=False)
    history = x, t_x, age
    assert loyal.expected_purchases(60, *history) == pytest.approx(model().expected_purchases(60, *history), rel=1e-6)
    assert loyal.expected_repeats([10, 200]) == pytest.approx(model().expected_repeats([10, 200]), rel=1e-5)
    assert loyal.scores(*history)[:, :2] == pytest.approx(model().scores(*history), rel=1e-6)


@given(st.floats(0.05, 20), st.floats(0.5, 200), st.integers(0, 300), st.floats(0, 400), st.sampled_from([1 / 7, 24.0]))
@settings(deadline=None)
def test_the_unit_of_time_is_of_no_account_to_a_prediction(r, alpha, x, age, unit):
    ours = model(r, alpha).expected_purchases(30, x, 0, age)
    assert model(r, unit * alpha).expected_purchases(30 * unit, x, 0, age * unit) == pytest.approx(ours, rel=1e-9)
    assert model(r, unit * alpha).scores(x, 0, age * unit) == pytest.approx(model(r, alpha).scores(x, 0, age), abs=1e-9)


def test_weeks_and_days_give_one_fit(rows):
    days, weeks = fit_nbd(*rows), fit_nbd(rows[0], rows[1] / 7, rows[2] / 7)
    for of_days, of_weeks in [(days.parameters, weeks.parameters), (days.std_errors, weeks.std_errors)]:
        assert list(of_days.values()) == pytest.approx(np.array([1, 7]) * list(of_weeks.values()), rel=1e-6)
    densities = rows[0].sum() * np.log(7)  # a density of times a day is a seventh of that a week
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - densities, rel=1e-10)


def test_cells_of_customers_alike_and_the_time_of_the_last_purchase_change_nothing(rows):
    cells, counts = np.unique(np.floor(rows / [[1], [7], [7]]), axis=1, return_counts=True)
    assert len(counts) < rows.shape[1]
    whole, grouped = fit_nbd(*np.floor(rows / [[1], [7], [7]])), fit_nbd(*cells, counts=counts)
    silent = fit_nbd(rows[0] // 1, 0.0, rows[2] // 7)
    for other in (grouped, silent):
        assert list(other.parameters.values()) == pytest.approx(list(whole.parameters.values()), rel=1e-8)
        assert other.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("r", [0.3, 99.9, 100.1, 5e4, 1e7])
def test_no_digits_are_lost_however_much_customers_are_alike(r):
    """Chances purchase by purchase, less those at one rate: with r without limit nothing is left of the difference."""
    x, age, rate = np.array([0.0, 1.0, 4.0, 60.0]), np.array([50.0, 90.0, 400.0, 2_000.0]), 0.02
    slow = [
        sum(math.log1p(before / r) for before in range(int(count))) - (r + count) * math.log1p(rate * end / r)
        + rate * end for count, end in zip(x, age, strict=True)
    ]  # fmt: skip
    value, gradient = nbd._log_likelihoods(np.array([r, r / rate]), x, age)
    assert value - x * np.log(rate) + rate * age == pytest.approx(slow, abs=1e-11)
    by_r = [
        sum(1 / (r + before) for before in range(int(count))) - math.log1p(rate * end / r)
        for count, end in zip(x, age, strict=True)
    ]  # fmt: skip
    assert gradient[0] * r == pytest.approx(np.array(by_r) * r, abs=1e-10)


def test_customers_alike_have_no_maximum_made_up_by_rounding():
    """Where purchases vary by less than chance, likelihood rises with r for ever (Levin & Reeds 1977, at one age)."""
    rng = np.random.default_rng(1)
    samples = [rng.poisson(2.0, 500).astype(float) for _ in range(12)]
    without = [x for x in samples if x.var() < x.mean()]
    assert 3 <= len(without) <= 9
    for x in without:
        with pytest.raises(ValueError, match="no maximum"):
            fit_nbd(x, 0.0, 100.0)
    varied = [x for x in samples if x.var() > 1.05 * x.mean()]
    assert varied
    for x in varied:  # their r is about the moments' one
        assert fit_nbd(x, 0.0, 100.0).parameters["r"] == pytest.approx(x.mean() ** 2 / (x.var() - x.mean()), rel=0.5)


def test_everybody_is_taken_for_a_customer_still():
    assert model().p_alive([0, 3], [0, 5], 400).tolist() == [1, 1]


@pytest.mark.parametrize("frequency", [np.zeros(100), np.full(100, 5.0)])
def test_customers_who_never_come_back_or_differ_by_less_than_chance_are_refused(frequency):
    with pytest.raises(ValueError, match="the likelihood has no maximum near"):
        fit_nbd(frequency, 0, np.full(100, 90.0))


def test_each_customer_may_have_a_horizon_and_what_cannot_be_is_refused():
    found = model().expected_purchases([10, 20], [2, 2], [9, 9], 40)
    assert found[1] == 2 * found[0] == 2 * model().expected_purchases(10, 2, 9, 40)[0]
    with pytest.raises(ValueError, match="horizon = 3 rows: one, or one for each of 2 customers"):
        model().expected_purchases([10, 20, 39], [2, 2], 9, 40)
    with pytest.raises(ValueError, match=r"horizon = -1 \(row 0\)"):
        model().expected_purchases(-1, 2, 9, 40)
    with pytest.raises(ValueError, match="recency = 50 .row 0.: at most the age"):
        fit_nbd(2, 50, 40)
