"""Newton's maximum beside a general search of the same likelihood, with and without a ridge, and where there is none."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from helpers.statistics.hazards.maximum_likelihood import SeparationWarning, maximise
from helpers.statistics.hazards.partial_likelihood import design, risk_sums, score
from helpers.statistics.survival.risk_sets import follow_up_rows

NAMES = ["price", "age"]


def model_of(covariates, durations, events):
    return design(covariates, follow_up_rows(durations, events, None, None, None), efron=True)


@pytest.fixture(scope="module")
def model():
    """Four hundred customers whose hazard rises with the price and falls with age; days are whole, so many tie."""
    rng = np.random.default_rng(5)
    price, age = rng.normal(size=400), rng.normal(30, 8, 400)
    days = np.ceil(rng.exponential(60 * np.exp(-0.7 * price + 0.05 * (age - 30))))
    return model_of([price, age], np.minimum(days, 90), (days <= 90).astype(int))


@pytest.mark.parametrize("penalty", [0.0, 25.0])
def test_the_maximum_is_that_of_a_general_search(model, penalty):
    def depth(beta):
        return -risk_sums(model, beta).log_likelihood + penalty / 2 * beta @ beta

    found = maximise(model, NAMES, penalty)
    searched = minimize(depth, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert found.beta == pytest.approx(searched.x, abs=1e-5)
    assert score(model, found.sums) - penalty * found.beta == pytest.approx([0, 0], abs=1e-6)
    assert found.sums.log_likelihood > found.null_log_likelihood


def test_the_covariance_is_the_inverse_of_how_fast_the_score_falls(model):
    found = maximise(model, NAMES, 0.0)
    fall = -approx_fprime(found.beta, lambda beta: score(model, risk_sums(model, beta)), 1e-6)
    assert np.linalg.inv(found.covariance) == pytest.approx(fall, rel=1e-4)


def test_likelihood_without_effects_is_that_of_coefficients_of_0(model):
    assert maximise(model, NAMES, 0.0).null_log_likelihood == risk_sums(model, np.zeros(2)).log_likelihood


def test_a_ridge_draws_coefficients_towards_0(model):
    sizes = [np.abs(maximise(model, NAMES, penalty).beta).sum() for penalty in (0.0, 10.0, 1e3, 1e9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 1e-6


def test_a_covariate_that_separates_leavers_warns_by_its_own_name_alone():
    rng = np.random.default_rng(6)
    left = np.repeat([0, 1], 30)
    days = np.where(left, rng.integers(1, 20, 60), 30).astype(float)
    separated = model_of([left.astype(float), rng.normal(size=60)], days, left)
    with pytest.warns(SeparationWarning, match=r"covariates = \['price'\] separate leavers from stayers"):
        maximise(separated, NAMES, 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(maximise(separated, NAMES, 1.0).beta).all()


def test_columns_that_say_the_same_are_refused_without_a_ridge_and_share_the_effect_with_one(model):
    rng = np.random.default_rng(7)
    price, days = rng.normal(size=200), np.ceil(rng.exponential(40, 200))
    twice = model_of([price, 3 * price], days, np.ones(200, int))
    with pytest.raises(ValueError, match="price"):
        maximise(twice, NAMES, 0.0)
    first, second = maximise(twice, NAMES, 1.0).beta  # on the scale of standardised columns
    assert first == pytest.approx(second)


def test_a_column_that_never_varies_is_refused_with_and_without_a_ridge():
    days = np.arange(1.0, 41)
    constant = model_of([np.ones(40), np.sin(days)], days, np.ones(40, int))
    for penalty in (0.0, 1.0):
        with pytest.raises(ValueError, match="price"):
            maximise(constant, NAMES, penalty)
