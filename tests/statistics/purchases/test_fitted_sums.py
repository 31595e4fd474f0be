"""Limits of sums of fitted values: those of refits to customers drawn anew, and of a mean where nothing is fitted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.purchases import fit_bg_nbd, fit_gamma_gamma, fit_pareto_nbd
from helpers.statistics.purchases.fitted_sums import FittedValues
from shops import SHARED

SUMMARY = SHARED / "cdnow/cdnow_customers_summary.csv"
WEEKS = 39


@pytest.fixture(scope="module")
def cdnow():
    if not SUMMARY.exists():
        pytest.skip("the public data 'cdnow' are not beside the project")
    table = pd.read_csv(SUMMARY)
    return table["frequency"], table["recency"], table["T"]


def fitted_values(model, history):
    values = model.expected_purchases(WEEKS, *history)
    near = [
        replace(model, parameters=model.parameters | {name: value * np.exp(1e-4)})
        for name, value in model.parameters.items()
    ]
    slopes = np.column_stack([(other.expected_purchases(WEEKS, *history) - values) / 1e-4 for other in near])
    return FittedValues(values, slopes, model.scores(*history) @ model.covariance)


def test_the_limits_of_a_total_are_those_of_refits_and_miss_what_came(cdnow):
    """value.md: a bootstrap interval of the BG/NBD total, 1514 to 1805, misses the 1,882 orders that came."""
    everybody = np.ones(len(cdnow[0]), dtype=bool)
    total, low, high = fitted_values(fit_bg_nbd(*cdnow), cdnow).total_limits(everybody)
    assert total == pytest.approx(1653.4, abs=0.1)
    assert (low, high) == (pytest.approx(1514, abs=15), pytest.approx(1805, abs=15)) and high < 1882
    rng, drawn = np.random.default_rng(4), []
    for _ in range(60):
        counts = np.bincount(rng.integers(len(everybody), size=len(everybody)), minlength=len(everybody))
        drawn.append(fit_bg_nbd(*cdnow, counts=counts).expected_purchases(WEEKS, *cdnow).sum())
    assert high - total == pytest.approx(1.96 * np.std(drawn), rel=0.3)


def test_the_limits_of_a_mean_are_those_of_groups_and_refits_drawn_anew(cdnow):
    chosen = cdnow[0].to_numpy() >= 2
    mean, low, high = fitted_values(fit_bg_nbd(*cdnow), cdnow).mean_limits(chosen)
    rng, drawn = np.random.default_rng(5), []
    for _ in range(60):
        counts = np.bincount(rng.integers(len(chosen), size=len(chosen)), minlength=len(chosen))
        expected = fit_bg_nbd(*cdnow, counts=counts).expected_purchases(WEEKS, *cdnow)
        drawn.append(np.average(expected[chosen], weights=counts[chosen]))
    assert low < mean < high and high - mean == pytest.approx(1.96 * np.std(drawn), rel=0.3)


def test_without_a_model_the_limits_of_a_mean_are_the_usual_ones():
    values = np.random.default_rng(1).gamma(2, 3, 400)
    nothing = FittedValues(values, np.zeros((400, 1)), np.zeros((400, 1)))
    mean, low, high = nothing.mean_limits(np.ones(400, dtype=bool))
    assert (mean, high - mean, mean - low) == pytest.approx((values.mean(), *[1.959964 * values.std() / 20] * 2))
    assert nothing.total_limits(values > 5)[1:] == pytest.approx([values[values > 5].sum()] * 2)


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_pareto_nbd])
def test_scores_are_the_slopes_of_the_likelihood_and_add_up_to_nothing(cdnow, fit):
    history = [column.to_numpy(float) for column in cdnow]
    model = fit(*history)
    scores = model.scores(*history)
    assert scores.sum(axis=0) == pytest.approx(0, abs=1e-4)
    moved = np.ones(len(scores))
    moved[17] = 1 + 1e-3  # a customer who counts a little more moves the parameters by influence
    again = fit(*history, counts=moved)
    shift = [np.log(again.parameters[name] / model.parameters[name]) for name in model.parameters]
    assert shift == pytest.approx(1e-3 * (scores @ model.covariance)[17], rel=0.02, abs=1e-8)


def test_scores_of_spend_are_zero_without_purchases_and_add_up_to_nothing():
    rng = np.random.default_rng(3)
    x = rng.poisson(2, 800)
    spend = np.where(x > 0, rng.gamma(6, 1, 800) * 40 / rng.gamma(4, 1, 800), np.nan)
    model = fit_gamma_gamma(x, spend)
    scores = model.scores(x, spend)
    assert not scores[x == 0].any() and scores.sum(axis=0) == pytest.approx(0, abs=1e-4)
    moved = np.ones(800)
    moved[np.argmax(x)] = 1.001
    again = fit_gamma_gamma(x, spend, counts=moved)
    shift = [np.log(again.parameters[name] / model.parameters[name]) for name in model.parameters]
    assert shift == pytest.approx(1e-3 * (scores @ model.covariance)[np.argmax(x)], rel=0.02, abs=1e-8)
