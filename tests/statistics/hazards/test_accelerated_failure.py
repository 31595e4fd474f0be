"""Accelerated failure times: R's log-likelihood of rossi, lifelines, scipy's densities, and known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from lifelines import LogLogisticAFTFitter, LogNormalAFTFitter, WeibullAFTFitter
from lifelines.datasets import load_rossi
from scipy import stats

from helpers.statistics.hazards.accelerated_failure import DISTRIBUTIONS, compare, fit_accelerated_failure
from helpers.statistics.hazards.cox import fit_cox
from helpers.statistics.hazards.maximum_likelihood import SeparationWarning
from helpers.statistics.survival.curves import at, kaplan_meier

PEERS = {"Weibull": WeibullAFTFitter, "log-normal": LogNormalAFTFitter, "log-logistic": LogLogisticAFTFitter}
ERRORS = {
    "Weibull": lambda rng, n: np.log(rng.exponential(size=n)),
    "log-normal": lambda rng, n: rng.normal(size=n),
    "log-logistic": lambda rng, n: rng.logistic(size=n),
}
TRUTH = {"coef": [0.5, -0.3], "intercept": 3.0, "scale": 0.7}


def of_scipy(name, linear_predictor, scale):
    """The distribution of each row's time, as scipy writes it."""
    return {
        "Weibull": stats.weibull_min(1 / scale, scale=np.exp(linear_predictor)),
        "log-normal": stats.lognorm(scale, scale=np.exp(linear_predictor)),
        "log-logistic": stats.fisk(1 / scale, scale=np.exp(linear_predictor)),
    }[name]


def drawn(rng, name, n=2_000):
    """Times of a known model, seen from a random entry on (who left before is not in the table) to a random end."""
    x = pd.DataFrame({"app": rng.integers(0, 2, n).astype(float), "age": rng.normal(4, 2, n)})
    time = np.exp(TRUTH["intercept"] + x.to_numpy() @ TRUTH["coef"] + TRUTH["scale"] * ERRORS[name](rng, n))
    entry, end = np.where(rng.random(n) < 0.5, 0.0, rng.uniform(0, 8, n)), rng.uniform(10, 40, n)
    seen = time > entry
    table = x.assign(duration=np.minimum(time, end), event=time <= end, entry=entry)
    return table[seen].reset_index(drop=True)


def fitted(name, table, **named):
    return fit_accelerated_failure(
        name, table[["app", "age"]], table["duration"], table["event"], entry=table["entry"], **named
    )


def test_the_log_likelihood_of_rossi_is_that_of_r():
    """R survival 3.5-3: survreg of rossi with all covariates, Weibull, −679.916564."""
    rossi = load_rossi()
    found = compare(rossi.drop(columns=["week", "arrest"]), rossi["week"], rossi["arrest"])
    assert found.fits["Weibull"].log_likelihood == pytest.approx(-679.916564, rel=1e-8)
    assert found.best.distribution == "Weibull"
    assert found.distributions["delta_aic"].iloc[0] == 0
    assert found.distributions["aic"].is_monotonic_increasing
    assert found.best.aic == pytest.approx(2 * 9 + 2 * 679.916564, rel=1e-8)  # seven covariates, intercept, scale


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_weights_and_late_entries_agree_with_lifelines(name):
    """lifelines stops some way from the maximum: 0.01 of a standard error, and never above it."""
    table = drawn(np.random.default_rng(1), name, 600)
    weights = np.random.default_rng(2).integers(1, 4, len(table))
    fit = fitted(name, table, weights=weights)
    peer = PEERS[name]().fit(table.assign(weight=weights), "duration", "event", entry_col="entry", weights_col="weight")
    theirs = peer.params_[peer._primary_parameter_name][["app", "age"]].to_numpy()
    errors = peer.standard_errors_[peer._primary_parameter_name][["app", "age"]].to_numpy()
    assert 0 <= fit.log_likelihood - peer.log_likelihood_ + 1e-7 < 1e-3
    assert (np.abs(fit.coefficients["coef"] - theirs) < 0.01 * errors).all()
    np.testing.assert_allclose(fit.coefficients["std_error"], errors, rtol=2e-3)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_likelihood_is_that_of_scipys_densities_and_nothing_near_it_is_higher(name):
    table = drawn(np.random.default_rng(3), name, 150)
    fit = fitted(name, table)
    x = table[["app", "age"]].to_numpy()
    coef = fit.coefficients["coef"].to_numpy()
    intercept = fit.linear_predictor[0] - x[0] @ coef

    def from_densities(intercept, scale, coef):
        times = of_scipy(name, intercept + x @ coef, scale)
        each = np.where(table["event"], times.logpdf(table["duration"]), times.logsf(table["duration"]))
        return (each - times.logsf(table["entry"])).sum()

    assert fit.log_likelihood == pytest.approx(from_densities(intercept, fit.scale, coef), rel=1e-10)
    for step in (1e-3, -1e-3):
        assert from_densities(intercept + step, fit.scale, coef) < fit.log_likelihood
        assert from_densities(intercept, fit.scale + step, coef) < fit.log_likelihood
        for moved in np.eye(2) * step:
            assert from_densities(intercept, fit.scale, coef + moved) < fit.log_likelihood


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_intervals_cover_the_true_ratios_although_customers_were_seen_late(name):
    rng, inside, scales = np.random.default_rng(4), [], []
    for _ in range(100):
        fit = fitted(name, drawn(rng, name, 800))
        inside.append(
            fit.coefficients["lower"].lt(np.exp(TRUTH["coef"])) & fit.coefficients["upper"].gt(np.exp(TRUTH["coef"]))
        )
        scales.append(fit.scale)
    assert 0.91 <= np.mean(inside) <= 0.985
    assert np.mean(scales) == pytest.approx(TRUTH["scale"], rel=0.01)


def test_naming_late_entry_removes_the_bias_of_leaving_it_out():
    table = drawn(np.random.default_rng(5), "log-normal", 20_000)
    late = fitted("log-normal", table)
    naive = fit_accelerated_failure("log-normal", table[["app", "age"]], table["duration"], table["event"])
    truth = np.exp(TRUTH["coef"][1])
    errors = [abs(fit.coefficients["time_ratio"].iloc[1] - truth) for fit in (late, naive)]
    assert errors[0] < 0.005 and errors[1] > 3 * errors[0]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_true_shape_has_the_least_aic(name):
    table = drawn(np.random.default_rng(6), name, 4_000)
    found = compare(table[["app", "age"]], table["duration"], table["event"], entry=table["entry"])
    assert found.best.distribution == name


def test_a_weibull_is_proportional_hazards_so_its_ratios_are_those_of_cox():
    """exp(−coef ÷ scale) is the hazard ratio (Kalbfleisch & Prentice 2002, eq. 2.9)."""
    table = drawn(np.random.default_rng(7), "Weibull", 20_000)
    fit = fitted("Weibull", table)
    cox = fit_cox(table[["app", "age"]], table["duration"], table["event"], entry=table["entry"])
    np.testing.assert_allclose(-fit.coefficients["coef"] / fit.scale, cox.coefficients["coef"], atol=0.02)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_a_weight_is_a_repetition(name):
    table = drawn(np.random.default_rng(8), name, 200)
    weights = np.random.default_rng(9).integers(1, 4, len(table))
    fit = fitted(name, table, weights=weights)
    repeated = fitted(name, table.loc[table.index.repeat(weights)].reset_index(drop=True))
    assert repeated.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(repeated.expected_survival([0, 5, 40]), fit.expected_survival([0, 5, 40]), rtol=1e-7)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_expected_curve_is_that_of_scipy_when_all_rows_are_followed_alike(name):
    """Of one kind of row, seen from the start to one end, it is the survival function itself."""
    table = drawn(np.random.default_rng(8), name, 400)
    fit = replace(fitted(name, table), linear_predictor=np.full(len(table), 2.0))
    fit = replace(fit, rows=replace(fit.rows, durations=np.full(len(table), 40.0), entry=None))
    times = np.linspace(0, 40, 5)
    np.testing.assert_allclose(fit.expected_survival(times), of_scipy(name, 2.0, fit.scale).sf(times), rtol=1e-9)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_expected_curve_meets_kaplan_meier_where_covariates_go_with_censoring(name):
    """Those who leave early are followed for 10 days, the others for 100: a plain mean of curves is elsewhere."""
    rng = np.random.default_rng(13)
    app = rng.integers(0, 2, 20_000).astype(float)
    time = np.exp(3 + 2 * app + 0.7 * ERRORS[name](rng, len(app)))
    end = np.where(app == 1, 100, 10)
    fit = fit_accelerated_failure(name, app[:, None], np.minimum(time, end), time <= end)
    times = np.linspace(0, 99, 100)
    observed = at(kaplan_meier(np.minimum(time, end), time <= end), times)["survival"].to_numpy()
    plain = [of_scipy(name, fit.linear_predictor, fit.scale).sf(time).mean() for time in times]
    assert np.abs(fit.expected_survival(times) - observed).max() < 0.01
    assert np.abs(plain - observed).max() > 0.2


def test_units_change_the_ratios_by_name_only():
    """Hours for days, and a covariate in other units: the same time ratio of the same step."""
    table = drawn(np.random.default_rng(10), "log-logistic", 400)
    days = fitted("log-logistic", table)
    hours = fitted(
        "log-logistic",
        table.assign(age=table["age"] * 1_000, duration=table["duration"] * 24, entry=table["entry"] * 24),
    )
    np.testing.assert_allclose(hours.coefficients["coef"] * [1, 1_000], days.coefficients["coef"], rtol=1e-6)
    np.testing.assert_allclose(hours.expected_survival([0, 24, 240]), days.expected_survival([0, 1, 10]), rtol=1e-7)


def test_a_group_in_which_nobody_leaves_is_warned_of_by_name():
    table = drawn(np.random.default_rng(11), "Weibull", 400)
    loyal = table.assign(event=table["event"] & (table["app"] == 0))
    with pytest.warns(SeparationWarning, match=r"covariates = \['app'\]"):
        fitted("Weibull", loyal)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"duration": 0.0}, r"durations = 0 in 3 rows: the logarithm"),
        ({"event": False}, r"events = 0 in every row"),
        ({"app": 1.0}, r"covariates = \['app'\] constant"),
        ({"app": [0.0, 1.0, 2.0], "age": [0.0, 2.0, 4.0]}, "collinear"),
        ({"age": [1.0, np.nan, 2.0]}, r"covariates = missing or infinite in 'age'"),
        ({"entry": [0.0, 9.0, 0.0]}, "entry = 9 with duration 2"),
    ],
)
def test_rows_that_cannot_be_are_refused_by_name(change, message):
    table = pd.DataFrame(
        {"app": [0.0, 1.0, 1.0], "age": [1.0, 5.0, 2.0], "duration": [1.0, 2.0, 3.0], "event": True, "entry": 0.0}
    )
    with pytest.raises(ValueError, match=message):
        fitted("Weibull", table.assign(**change))


def test_an_unknown_distribution_is_answered_with_the_known_ones():
    table = drawn(np.random.default_rng(12), "Weibull", 50)
    with pytest.raises(ValueError, match=r"distribution = 'gamma': one of 'Weibull', 'log-normal', 'log-logistic'"):
        fitted("gamma", table)
