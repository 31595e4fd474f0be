"""One rate of all customers: its likelihood by a loop, the limit it is, known truth, and its test of differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from helpers.statistics.purchases import discounted_value, expected_total
from helpers.statistics.purchases.common_rate import fit_common_rate
from helpers.statistics.purchases.fitted_sums import FittedValues
from helpers.statistics.purchases.nbd import Nbd, fit_nbd

RATE = 0.01  # a day


def alike(rng, customers=400, rate=RATE, spread=0.0):
    """Frequency, time of the last purchase and age; rates vary by `spread` (standard deviation over mean)."""
    age = rng.integers(30, 400, customers).astype(float)
    own = rate * rng.gamma(spread**-2, spread**2, customers) if spread else rate
    x = rng.poisson(own * age).astype(float)
    last = age * rng.random(customers) ** (1 / np.maximum(x, 1))
    return np.array([x, np.where(x > 0, last, 0.0), age])


def log_likelihood(rate, rows, counts):
    """Purchase after purchase, each an exponential wait, and the silence since the last."""
    total = 0.0
    for (x, _, age), customers in zip(rows.T, counts, strict=True):
        at, waits = 0.0, np.sort(np.random.default_rng(int(age)).uniform(0, age, int(x)))  # whenever they came
        for end in waits:
            total += customers * (math.log(rate) - rate * (end - at))
            at = end
        total -= customers * rate * (age - at)
    return total


def test_the_likelihood_is_that_of_a_loop_and_no_rate_near_is_likelier():
    rng = np.random.default_rng(1)
    rows, counts = alike(rng, 80), rng.integers(0, 5, 80)
    fit = fit_common_rate(*rows, counts)
    rate = fit.parameters["rate"]
    assert fit.log_likelihood == pytest.approx(log_likelihood(rate, rows, counts), rel=1e-12)
    sides = [log_likelihood(rate * np.exp(step), rows, counts) for step in (-1e-3, 1e-3)]
    assert max(sides) < fit.log_likelihood
    curvature = (2 * fit.log_likelihood - sum(sides)) / 1e-6
    assert fit.covariance == pytest.approx(np.array([[1 / curvature]]), rel=1e-4)
    assert fit.std_errors["rate"] == pytest.approx(rate / np.sqrt(curvature), rel=1e-4)


def test_the_rate_is_all_purchases_over_all_time():
    """0, 2 and 4 repeat purchases in 100, 200 and 300 days are 6 in 600, 1 in 100; its error is 1/√6 of it."""
    fit = fit_common_rate([0, 2, 4], [0, 50, 60], [100, 200, 300])
    assert fit.parameters == {"rate": pytest.approx(0.01)}
    assert fit.std_errors == {"rate": pytest.approx(0.01 / math.sqrt(6))}
    excess = (1 - 0) + (0 - 2) + (1 - 4)  # of 1, 2 and 3 expected
    assert fit.overdispersion == pytest.approx(excess / math.sqrt(2 * (1 + 4 + 9)))


def test_everybody_is_expected_to_buy_at_the_rate_for_the_whole_horizon_and_to_be_a_customer_still():
    fit = fit_common_rate([0, 2, 4], [0, 50, 60], [100, 200, 300])
    assert fit.expected_purchases(90, [0, 3, 50], [0, 5, 40], [0, 400, 41]) == pytest.approx([0.9] * 3)
    assert fit.expected_purchases([0, 10, 20], [1, 1, 1], 1, 9) == pytest.approx([0.0, 0.1, 0.2])
    assert fit.p_alive([0, 3], [0, 5], 400).tolist() == [1, 1]
    assert fit.expected_repeats([0, 50, 100]) == pytest.approx([0, 0.5, 1])
    assert expected_total(fit, [0, 0, 30], [20, 50]) == pytest.approx([0.4, 1.2])


def test_it_is_what_nbd_comes_to_as_r_grows():
    rows = alike(np.random.default_rng(2))
    fit, r = fit_common_rate(*rows), 1e7
    limit = Nbd({"r": r, "alpha": r / fit.parameters["rate"]}, {}, 0.0)
    assert limit.expected_purchases(90, *rows) == pytest.approx(fit.expected_purchases(90, *rows), rel=1e-5)
    assert limit.expected_repeats([10, 200]) == pytest.approx(fit.expected_repeats([10, 200]), rel=1e-12)
    slope = fit.scores(*rows)[:, 0]  # the rate is r over alpha
    assert limit.scores(*rows) == pytest.approx(np.column_stack([slope, -slope]), abs=1e-3)
    worth = [
        discounted_value(each, 20.0, *rows, periods=12, period_length=30.4, discount_rate=0.01) for each in (limit, fit)
    ]
    assert worth[0] == pytest.approx(worth[1], rel=1e-5)


def test_a_spread_of_rates_is_likelier_by_half_the_sum_that_overdispersion_is_made_of():
    """1/r off 0 raises the log-likelihood of NBD by so much: the score."""
    rows = alike(np.random.default_rng(3), spread=0.4)
    fit, r = fit_common_rate(*rows), 1e4
    rate, (x, _, age) = fit.parameters["rate"], rows
    spread_out = sum(
        sum(math.log1p(before / r) for before in range(int(count))) + count * math.log(rate)
        - (r + count) * math.log1p(rate * end / r) for count, end in zip(x, age, strict=True)
    )  # fmt: skip
    score = fit.overdispersion * np.sqrt(2 * ((rate * age) ** 2).sum()) / 2
    assert (spread_out - fit.log_likelihood) * r == pytest.approx(score, rel=0.01)


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.2])
def test_what_was_put_in_is_found_again(rate):
    fit = fit_common_rate(*alike(np.random.default_rng(4), 20_000, rate))
    assert abs(fit.parameters["rate"] - rate) < 3.5 * fit.std_errors["rate"]
    assert fit.std_errors["rate"] < 0.02 * rate


def test_limits_of_the_orders_to_come_cover_the_truth_19_times_in_20():
    rng, covered, modelled = np.random.default_rng(5), 0, 0
    for _ in range(600):
        rows = alike(rng, 300)
        fit = fit_common_rate(*rows)
        expected = fit.expected_purchases(90, *rows)
        sums = FittedValues(expected, expected[:, None], fit.scores(*rows) @ fit.covariance)
        _, lower, upper = sums.total_limits(np.ones(300, dtype=bool))
        covered += lower < 300 * 90 * RATE < upper
        modelled += abs(fit.parameters["rate"] - RATE) < 1.96 * fit.std_errors["rate"]
    assert 0.925 <= covered / 600 <= 0.97
    assert 0.925 <= modelled / 600 <= 0.97


def test_scores_add_up_to_nothing_and_say_how_far_a_customer_moves_the_rate():
    rows, counts = alike(np.random.default_rng(6)), np.ones(400)
    fit = fit_common_rate(*rows)
    scores = fit.scores(*rows)
    assert scores.shape == (400, 1)
    assert scores.sum() == pytest.approx(0, abs=1e-9)
    most = int(np.argmax(rows[0]))
    counts[most] += 1e-3
    again = fit_common_rate(*rows, counts)
    shift = np.log(again.parameters["rate"] / fit.parameters["rate"])
    assert shift == pytest.approx(1e-3 * (scores @ fit.covariance)[most, 0], rel=0.01)


@pytest.mark.parametrize("rate", [0.003, 0.03])
def test_overdispersion_is_a_standard_normal_where_customers_are_alike(rate):
    rng = np.random.default_rng(7)
    found = np.array([fit_common_rate(*alike(rng, 1_000, rate)).overdispersion for _ in range(400)])
    assert abs(found.mean()) < 0.2
    assert found.std() == pytest.approx(1, abs=0.12)
    assert 0.02 < (found > 1.645).mean() < 0.08


@pytest.mark.parametrize(("spread", "least", "most"), [(0.1, 0.0, 0.4), (0.25, 0.3, 0.95), (0.5, 0.95, 1.0)])
def test_customers_who_differ_are_overdispersed_the_more_the_more_they_do(spread, least, most):
    rng = np.random.default_rng(8)
    found = [fit_common_rate(*alike(rng, 800, spread=spread)).overdispersion > 1.645 for _ in range(100)]
    assert least <= np.mean(found) <= most


def test_nbd_lacks_a_maximum_only_where_this_is_no_worse():
    """Of customers alike, about half the samples differ by less than chance: there 1/r would be below 0."""
    rng, without = np.random.default_rng(9), 0
    for _ in range(12):
        rows = alike(rng, 500)
        common = fit_common_rate(*rows)
        try:
            found = fit_nbd(*rows)
        except ValueError:
            without += 1
            assert common.overdispersion < 0.3  # a little more than chance is too little to place r
        else:
            assert common.overdispersion > 0
            assert found.log_likelihood > common.log_likelihood
    assert 2 <= without <= 10


def test_weeks_and_days_give_one_fit():
    rows = alike(np.random.default_rng(10))
    days, weeks = fit_common_rate(*rows), fit_common_rate(rows[0], rows[1] / 7, rows[2] / 7)
    assert weeks.parameters["rate"] == pytest.approx(7 * days.parameters["rate"])
    assert weeks.std_errors["rate"] == pytest.approx(7 * days.std_errors["rate"])
    assert weeks.overdispersion == pytest.approx(days.overdispersion)
    densities = rows[0].sum() * np.log(7)  # a density of times a day is a seventh of that a week
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - densities)


def test_cells_of_customers_count_as_so_many_and_the_time_of_the_last_purchase_changes_nothing():
    rows = alike(np.random.default_rng(11), 60)
    counts = np.arange(60) % 4
    cells, each = fit_common_rate(*rows, counts), fit_common_rate(*np.repeat(rows, counts, axis=1))
    silent = fit_common_rate(rows[0], 0.0, rows[2], counts)
    for other in (each, silent):
        assert other.parameters == pytest.approx(cells.parameters)
        assert other.std_errors == pytest.approx(cells.std_errors)
        assert other.overdispersion == pytest.approx(cells.overdispersion)
        assert other.log_likelihood == pytest.approx(cells.log_likelihood)


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "message"),
    [
        ([0, 0], 0, [10, 20], "frequency = 0 in every row: at least one repeat purchase"),
        ([1, 2], 0, [0, 0], "age = 0 in every row: some time must have passed"),
        ([1, 1.5], 0, 10, r"frequency = 1.5 \(row 1\): a whole number"),
        ([2], [50], [40], "recency = 50 .row 0.: at most the age"),
    ],
)
def test_what_cannot_be_fitted_is_said(frequency, recency, age, message):
    with pytest.raises(ValueError, match=message):
        fit_common_rate(frequency, recency, age)


def test_a_horizon_that_cannot_be_is_refused():
    fit = fit_common_rate([0, 2], [0, 5], [9, 9])
    with pytest.raises(ValueError, match="horizon = 3 rows: one, or one for each of 2 customers"):
        fit.expected_purchases([10, 20, 39], [2, 2], 9, 40)
    with pytest.raises(ValueError, match=r"horizon = -1 \(row 0\)"):
        fit.expected_purchases(-1, 2, 9, 40)
    with pytest.raises(ValueError, match=r"times = -1 \(row 0\)"):
        fit.expected_repeats(-1)
