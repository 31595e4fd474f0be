"""Pareto/NBD: printed answers, 40-digit arithmetic, a slow sum from the definition, and simulations of known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statistics.purchases.pareto_nbd import NAMES, ParetoNbd, fit_pareto_nbd
from shops import SHARED

CDNOW = SHARED / "cdnow/cdnow_customers_summary.csv"
needs_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside the project")
PRINTED = (0.5533, 10.578, 0.6062, 11.668)

# parameters; frequency, recency, age; P(alive); purchases expected in 52. By Gauss's hypergeometric function (Fader &
# Hardie 2005, eqs. 35 and 36) in arithmetic of 80 digits.
FORTY_DIGITS = {
    "hundreds of purchases": (PRINTED, (500, 38, 39), 0.030121009372029536, 12.545388362879968),
    "never again after hundreds": (PRINTED, (500, 38, 500), 0, 0),  # 8.6e-510 and 4.3e-508
    "an age of thousands": (PRINTED, (0, 0, 5000), 0.001644037138740794, 9.410818670900007e-6),
    "bought on the last day": (PRINTED, (26, 31, 31), 1, 25.50960070459486),
    "alpha all but beta": ((0.55, 10, 0.6, 10.000001), (800, 365, 730), 4.2239665053650054e-234, 2.3278897780221e-232),
    "alpha is beta and s is 1": ((3, 10, 1, 10), (100, 1, 200), 6.4724088557099548e-132, 1.4748942278441849e-130),
    "alpha far below beta": ((0.5, 0.01, 0.6, 10), (0, 0, 39), 0.16395681087276509, 0.086372782162518409),
    "alpha far above beta": ((0.05, 200, 4, 0.5), (26, 30.86, 31), 0.98220220328963093, 1.1005773767788871),
    "s all but 1": ((1, 1000, 1.0000000001, 0.5), (5, 0.01, 700), 3.0646905642985506e-5, 5.4256320779573917e-6),
    "bought again at once": ((1, 0.001, 3, 1000), (1, 0.001, 1000), 8.3340856324926317e-8, 8.3407592796135961e-9),
}
HISTORIES = pd.DataFrame(
    {
        "frequency": [0, 0, 1, 1, 2, 3, 6, 12],
        "recency": [0, 0, 2.0, 20.0, 30.0, 8.0, 33.0, 25.0],
        "age": [39.0, 27.0, 38.0, 30.0, 39.0, 35.0, 34.0, 36.0],
        "counts": [60, 50, 25, 20, 15, 12, 10, 6],
    }
)


def model(parameters):
    return ParetoNbd(dict(zip(NAMES, parameters, strict=True)), {}, np.nan)


def on_a_grid(parameters, x, t_x, age, horizon):
    """Likelihood, P(alive) and expected purchases of one history, summed over purchase rates and leaving rates."""
    r, alpha, s, beta = parameters
    log_z = np.arange(-50, 5, 0.2)  # z = alpha lambda or beta mu
    rate, leaving = np.exp(log_z)[:, None] / alpha, np.exp(log_z)[None, :] / beta
    density = np.exp(r * log_z - np.exp(log_z))[:, None] * np.exp(s * log_z - np.exp(log_z))[None, :]
    density /= density.sum()
    both = rate + leaving
    alive = density * rate**x * np.exp(-both * age)
    gone = density * rate**x * leaving / both * (np.exp(-both * t_x) - np.exp(-both * age))
    total = (alive + gone).sum()
    to_come = rate / leaving * -np.expm1(-leaving * horizon)
    return total, alive.sum() / total, (alive * to_come).sum() / total


def customers(rng, parameters, n, ahead=26.0):
    """What is seen of customers of known parameters by the end of their ages, and what is not."""
    r, alpha, s, beta = parameters
    rate, leaves = rng.gamma(r, 1 / alpha, n), rng.exponential(size=n) / rng.gamma(s, 1 / beta, n)
    age = rng.integers(20, 60, n).astype(float)
    there = np.minimum(leaves, age)
    x = rng.poisson(rate * there)
    last = there * rng.random(n) ** (1 / np.maximum(x, 1))  # the largest of x uniform times
    later = rng.poisson(rate * np.clip(leaves - age, 0, ahead))
    seen = {"frequency": x, "recency": np.where(x > 0, last, 0.0), "age": age}
    return pd.DataFrame(seen), leaves > age, later


@needs_cdnow
def test_cdnow_gives_the_printed_parameters():
    """Fader & Hardie (2005, note 9) and R's BTYD: r .5533, alpha 10.578, s .6062, beta 11.668; LL −9594.974."""
    table = pd.read_csv(CDNOW)
    fit = fit_pareto_nbd(table["frequency"], table["recency"], table["T"])
    assert tuple(fit.parameters.values()) == pytest.approx(PRINTED, abs=1e-3)
    assert fit.log_likelihood == pytest.approx(-9594.974, abs=1e-3)
    assert fit.expected_purchases(52, 26, 30.86, 31)[0] == pytest.approx(25.46, abs=0.01)
    assert fit.p_alive(26, 30.86, 31)[0] == pytest.approx(0.998, abs=1e-3)
    expected = fit.expected_purchases(39, table["frequency"], table["recency"], table["T"])
    assert expected.sum() == pytest.approx(1665.5, abs=0.1)


@pytest.mark.parametrize("case", FORTY_DIGITS)
def test_extreme_histories_agree_with_exact_arithmetic(case):
    parameters, history, alive, expected = FORTY_DIGITS[case]
    fit = model(parameters)
    assert fit.p_alive(*history)[0] == pytest.approx(alive, rel=1e-10, abs=1e-290)
    assert fit.expected_purchases(52, *history)[0] == pytest.approx(expected, rel=1e-10, abs=1e-290)


def test_the_fit_maximises_the_definition_summed_over_rates():
    """At the maximum the slow sum has the same height, slopes of 0, and the curvature of the standard errors."""
    fit = fit_pareto_nbd(*HISTORIES.T.to_numpy())

    def height(theta):
        rows = HISTORIES.itertuples(index=False)
        return sum(n * np.log(on_a_grid(np.exp(theta), x, t_x, age, 1.0)[0]) for x, t_x, age, n in rows)

    top = np.log(list(fit.parameters.values()))
    assert fit.log_likelihood == pytest.approx(height(top), abs=1e-8)
    h, at = 0.01, np.eye(4)
    slopes = [(height(top + h * each) - height(top - h * each)) / (2 * h) for each in at]
    curvature = [
        [sum(p * q * height(top + h * (p * a + q * b)) for p in (1, -1) for q in (1, -1)) / (4 * h * h) for a in at]
        for b in at
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(curvature)))) * np.exp(top)
    np.testing.assert_allclose(slopes, 0, atol=0.01)
    np.testing.assert_allclose(list(fit.std_errors.values()), errors, rtol=0.01)


@pytest.mark.parametrize("parameters", [PRINTED, (2.0, 15.0, 1.0, 30.0), (0.4, 3.0, 3.0, 60.0)])
def test_what_is_expected_is_the_mean_over_all_rates(parameters):
    for x, t_x, age in HISTORIES[["frequency", "recency", "age"]].itertuples(index=False):
        _, alive, expected = on_a_grid(parameters, x, t_x, age, 20.0)
        assert model(parameters).p_alive(x, t_x, age)[0] == pytest.approx(alive, rel=1e-7)
        assert model(parameters).expected_purchases(20, x, t_x, age)[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("parameters", [PRINTED, (1.5, 8.0, 1.0, 25.0)])
def test_simulated_customers_give_back_their_parameters_and_their_future(parameters):
    rows, alive, later = customers(np.random.default_rng(7), parameters, 20_000)
    fit = fit_pareto_nbd(**rows)
    for name, truth in zip(NAMES, parameters, strict=True):
        assert abs(fit.parameters[name] - truth) < 3 * fit.std_errors[name]
        assert fit.std_errors[name] < 0.35 * truth
    groups = np.minimum(rows["frequency"], 4)
    of_each = {"alive": alive, "later": later}
    foreseen = {"alive": fit.p_alive(**rows), "later": fit.expected_purchases(26, **rows)}
    for name, true in of_each.items():
        difference = pd.Series(true - foreseen[name]).groupby(groups)
        assert (difference.mean().abs() < 4 * difference.sem()).all()
    difference = rows["frequency"] - fit.expected_repeats(rows["age"])
    assert abs(difference.mean()) < 4 * difference.sem()


def test_standard_errors_are_the_spread_of_estimates():
    rng = np.random.default_rng(3)
    fits = [fit_pareto_nbd(**customers(rng, PRINTED, 4_000)[0]) for _ in range(12)]
    misses = [
        (np.log(fit.parameters[name]) - np.log(truth)) * fit.parameters[name] / fit.std_errors[name]
        for fit in fits
        for name, truth in zip(NAMES, PRINTED, strict=True)
    ]
    assert 0.6 < np.sqrt(np.mean(np.square(misses))) < 1.5


def test_counts_of_alike_customers_are_those_customers():
    by_count = fit_pareto_nbd(*HISTORIES.T.to_numpy())
    each = HISTORIES.loc[HISTORIES.index.repeat(HISTORIES["counts"])].sample(frac=1, random_state=0)
    by_row = fit_pareto_nbd(each["frequency"], each["recency"], each["age"])
    assert tuple(by_row.parameters.values()) == pytest.approx(tuple(by_count.parameters.values()), rel=1e-6)
    assert by_row.log_likelihood == pytest.approx(by_count.log_likelihood, rel=1e-12)


def test_days_instead_of_weeks_change_the_scales_alone():
    weeks = fit_pareto_nbd(*HISTORIES.T.to_numpy())
    rescaled = HISTORIES.assign(recency=7 * HISTORIES["recency"], age=7 * HISTORIES["age"])
    days = fit_pareto_nbd(*rescaled.T.to_numpy())
    scaled = [weeks.parameters[name] * unit for name, unit in zip(NAMES, (1, 7, 1, 7), strict=True)]
    assert tuple(days.parameters.values()) == pytest.approx(scaled, rel=1e-5)
    purchases = (HISTORIES["frequency"] * HISTORIES["counts"]).sum()
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - purchases * np.log(7), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(*[st.floats(0.05, 50)] * 4),
    st.integers(0, 300),
    st.floats(0.01, 0.99),
    st.floats(0.1, 1000),
    st.floats(0.01, 1000),
)
def test_silence_lowers_the_chance_of_being_there_and_time_adds_purchases(parameters, x, share, age, longer):
    fit, t_x = model(parameters), share * age * (x > 0)
    alive = fit.p_alive(x, t_x, [age, age + longer])
    expected = fit.expected_purchases([longer, 2 * longer], x, t_x, [age, age])
    assert 0 <= alive[1] <= alive[0] <= 1
    assert 0 <= expected[0] <= expected[1] * (1 + 1e-12) <= 2 * expected[0] * (1 + 1e-9)
    assert fit.expected_purchases(0, x, t_x, age)[0] == 0


def test_a_customer_who_bought_on_the_last_day_is_there_and_one_time_buyers_may_have_left():
    fit = model(PRINTED)
    assert fit.p_alive([0, 3], [0, 20], [0, 20]).tolist() == [1, 1]
    assert 0 < fit.p_alive(0, 0, 39)[0] < 1
    assert fit.expected_repeats([0, 1]).tolist() == pytest.approx([0, 0.5533 / 10.578], rel=0.03)


def test_no_histories_have_no_answers():
    assert model(PRINTED).p_alive([], [], []).shape == (0,)
    assert model(PRINTED).expected_purchases(10, [], [], []).shape == (0,)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (([1.5], [1], [2]), "frequency = 1.5"),
        (([1], [3], [2]), "recency = 3"),
        (([0], [1], [2]), "recency = 1"),
        (([1], [1], [np.nan]), "age = missing"),
    ],
)
def test_impossible_histories_are_refused(rows, words):
    with pytest.raises(ValueError, match=words):
        fit_pareto_nbd(*rows)
    with pytest.raises(ValueError, match=words):
        model(PRINTED).p_alive(*rows)


def test_a_time_before_now_is_refused():
    with pytest.raises(ValueError, match="horizon = -1"):
        model(PRINTED).expected_purchases(-1, 1, 1, 2)
    with pytest.raises(ValueError, match="times = -2"):
        model(PRINTED).expected_repeats([1, -2])


@pytest.mark.parametrize(
    "rows", [([0, 0, 0], [0, 0, 0], [10, 20, 30]), ([5, 5], [9.9, 9.9], [10, 10])], ids=["no repeats", "all alike"]
)
def test_customers_who_cannot_tell_the_parameters_are_said_so(rows):
    with pytest.raises(ValueError, match=r"parameters = r .*no maximum"):
        fit_pareto_nbd(*rows)
