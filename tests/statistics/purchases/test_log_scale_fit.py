"""The maximum of a likelihood of positive parameters, against one known in closed form and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import digamma

from helpers.statistics.purchases.log_scale_fit import maximise


def exponential(times):
    """−log-likelihood of a rate, whose maximum is 1 ÷ mean with standard error rate ÷ √n."""
    return lambda rate: (
        -(len(times) * np.log(rate[0]) - rate[0] * times.sum()),
        np.array([times.sum() - len(times) / rate[0]]),
    )


def gamma(values):
    def objective(parameters):
        shape, rate = parameters
        gradient = [np.sum(digamma(shape) - np.log(rate) - np.log(values)), np.sum(values - shape / rate)]
        return -stats.gamma.logpdf(values, shape, scale=1 / rate).sum(), np.array(gradient)

    return objective


@pytest.mark.parametrize("start", [1e-4, 1.0, 1e4])
def test_a_rate_is_found_with_its_error_from_any_start(start):
    times = np.random.default_rng(0).exponential(7, 400)
    found = maximise(exponential(times), [start], ["rate"])
    rate = 1 / times.mean()
    assert found.parameters["rate"] == pytest.approx(rate, rel=1e-9)
    assert found.std_errors["rate"] == pytest.approx(rate / 20, rel=1e-6)
    assert found.log_likelihood == pytest.approx(400 * (np.log(rate) - 1), rel=1e-12)


def test_two_parameters_are_those_of_scipy_and_their_errors_those_of_fisher():
    values = np.random.default_rng(1).gamma(3, 1 / 0.05, 500)
    found = maximise(gamma(values), [1, 1 / values.mean()], ["shape", "rate"])
    shape, _, scale = stats.gamma.fit(values, floc=0)
    assert list(found.parameters.values()) == pytest.approx([shape, 1 / scale], rel=1e-4)
    shape, rate = found.parameters.values()
    trigamma = (digamma(shape + 1e-5) - digamma(shape - 1e-5)) / 2e-5
    information = 500 * np.array([[trigamma, -1 / rate], [-1 / rate, shape / rate**2]])
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    assert list(found.std_errors.values()) == pytest.approx(errors, rel=1e-5)


def test_a_likelihood_that_rises_without_end_is_said_with_where_it_led():
    with pytest.raises(ValueError, match=r"parameters = rate .*: the likelihood has no maximum near"):
        maximise(lambda rate: (1 / rate[0], np.array([-1 / rate[0] ** 2])), [1.0], ["rate"])


def test_parameters_that_the_rows_cannot_tell_apart_are_refused():
    def of_product(parameters):
        value, slope = exponential(np.array([2.0, 3.0]))([parameters.prod()])
        return value, slope * parameters[::-1]

    with pytest.raises(ValueError, match="no maximum"):
        maximise(of_product, [1.0, 1.0], ["left", "right"])
