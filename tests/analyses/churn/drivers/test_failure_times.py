"""Accelerated failure times: R's log-likelihood of rossi, scipy's densities, Cox, and known truth."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_rossi
from lifelines.exceptions import ConvergenceError
from scipy import stats

import helpers
from helpers.analyses.churn.drivers.failure_times import SHAPES, fit_failure_times
from helpers.statistics.hazards import fit_cox
from helpers.statistics.survival import at, kaplan_meier

ERRORS = {
    "Weibull": lambda rng, n: np.log(rng.exponential(size=n)),
    "log-normal": lambda rng, n: rng.normal(size=n),
    "log-logistic": lambda rng, n: rng.logistic(size=n),
}
TRUTH = {"coef": np.array([0.5, -0.3]), "intercept": 3.0, "scale": 0.7}


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
    table = x.assign(duration_days=np.minimum(time, end), left=time <= end, entry_days=entry)
    return table[time > entry].reset_index(drop=True)


def fitted(name, table):
    return fit_failure_times(name, table[["app", "age"]], table)


def test_the_log_likelihood_of_rossi_is_that_of_r():
    """R survival 3.5-3: survreg of rossi with all covariates, Weibull, −679.916564."""
    rossi = load_rossi().rename(columns={"week": "duration_days", "arrest": "left"}).assign(entry_days=0.0)
    fit = fit_failure_times("Weibull", rossi.drop(columns=["duration_days", "left", "entry_days"]), rossi)
    assert fit.log_likelihood == pytest.approx(-679.916564, rel=1e-6)
    assert fit.aic == pytest.approx(2 * 9 + 2 * 679.916564, rel=1e-6)  # seven covariates, intercept, scale


@pytest.mark.parametrize("name", SHAPES)
def test_the_likelihood_is_that_of_scipys_densities_and_nothing_near_it_is_higher(name):
    table = drawn(np.random.default_rng(3), name, 150)
    fit = fitted(name, table)
    x = table[["app", "age"]].to_numpy()
    coef = np.log(fit.coefficients["time_ratio"].to_numpy())
    intercept = fit.linear_predictor[0] - x[0] @ coef

    def from_densities(intercept, scale, coef):
        times = of_scipy(name, intercept + x @ coef, scale)
        each = np.where(table["left"], times.logpdf(table["duration_days"]), times.logsf(table["duration_days"]))
        return (each - times.logsf(table["entry_days"])).sum()

    assert fit.log_likelihood == pytest.approx(from_densities(intercept, fit.scale, coef), rel=1e-10)
    for step in (0.02, -0.02):  # the search ends some way from the maximum
        assert from_densities(intercept + step, fit.scale, coef) < fit.log_likelihood
        assert from_densities(intercept, fit.scale + step, coef) < fit.log_likelihood
        for moved in np.eye(2) * step:
            assert from_densities(intercept, fit.scale, coef + moved) < fit.log_likelihood


def covered(name, rng, samples):
    """The share of intervals that hold the true ratio, over so many samples."""
    inside = []
    for _ in range(samples):
        table = fitted(name, drawn(rng, name, 800)).coefficients
        inside.append(table["lower"].lt(np.exp(TRUTH["coef"])) & table["upper"].gt(np.exp(TRUTH["coef"])))
    return np.mean(inside)


@pytest.mark.long
def test_intervals_cover_the_true_ratios_although_customers_were_seen_late():
    """Intervals of half the width cover .7 of them at most; tests/long has four times the samples, shape by shape."""
    rng = np.random.default_rng(5)
    assert np.mean([covered(name, rng, 5) for name in SHAPES]) >= 0.85


def test_a_weibull_is_proportional_hazards_so_its_ratios_are_those_of_cox():
    """exp(−coef ÷ scale) is the hazard ratio (Kalbfleisch & Prentice 2002, eq. 2.9)."""
    table = drawn(np.random.default_rng(7), "Weibull", 20_000)
    fit = fitted("Weibull", table)
    cox = fit_cox(table[["app", "age"]], table["duration_days"], table["left"], entry=table["entry_days"])
    log_ratios = -np.log(fit.coefficients["time_ratio"]) / fit.scale
    np.testing.assert_allclose(log_ratios, cox.coefficients["coef"], atol=0.02)


@pytest.mark.parametrize("name", SHAPES)
def test_the_expected_curve_is_that_of_scipy_when_all_rows_are_followed_alike(name):
    """Of one kind of row, seen from the start to one end, it is the survival function itself."""
    table = drawn(np.random.default_rng(8), name, 400)
    alike = np.ones(len(table))
    fit = replace(fitted(name, table), linear_predictor=2 * alike, durations=40 * alike, entry=0 * alike)
    times = np.linspace(0, 40, 5)
    np.testing.assert_allclose(fit.expected_survival(times), of_scipy(name, 2.0, fit.scale).sf(times), rtol=1e-9)


@pytest.mark.parametrize("name", SHAPES)
def test_the_expected_curve_meets_kaplan_meier_where_covariates_go_with_censoring_and_late_entry(name):
    """Those who leave early are followed for 10 days, the others from day 5 to 100: a plain mean is elsewhere."""
    rng = np.random.default_rng(13)
    app = rng.integers(0, 2, 8_000).astype(float)
    time = np.exp(3 + 2 * app + 0.7 * ERRORS[name](rng, len(app)))
    end, entry = np.where(app == 1, 100, 10), np.where(app == 1, 5.0, 0.0)
    table = pd.DataFrame(
        {"app": app, "duration_days": np.minimum(time, end), "left": time <= end, "entry_days": entry}
    )[time > entry]
    fit = fit_failure_times(name, table[["app"]], table)
    times = np.linspace(0, 99, 100)
    curve = kaplan_meier(table["duration_days"], table["left"], entry=table["entry_days"])
    observed = at(curve, times)["survival"].to_numpy()
    plain = [of_scipy(name, fit.linear_predictor, fit.scale).sf(time).mean() for time in times]
    assert np.abs(fit.expected_survival(times) - observed).max() < 0.02
    assert np.abs(plain - observed).max() > 0.15


def test_units_change_nothing_but_the_scale_of_time():
    """Hours for days, and a covariate in other units: the same time ratio of the same step."""
    table = drawn(np.random.default_rng(10), "log-logistic", 400)
    hours = {"duration_days": table["duration_days"] * 24, "entry_days": table["entry_days"] * 24}
    first, second = (
        np.log(fitted("log-logistic", given).coefficients["time_ratio"].to_numpy())
        for given in (table, table.assign(age=table["age"] * 1_000, **hours))
    )
    np.testing.assert_allclose(second * [1, 1_000], first, atol=2e-3)


@pytest.mark.parametrize("name", SHAPES)
def test_a_group_in_which_nobody_leaves_is_not_beyond_chance(name):
    table = drawn(np.random.default_rng(11), name, 400)
    fit = fitted(name, table.assign(left=table["left"] & (table["app"] == 0)))
    assert fit is None or fit.coefficients["p_value"].iloc[0] > 0.5


def test_no_maximum_is_no_fit(monkeypatch):
    def fails(self, *args, **named):
        raise ConvergenceError("no maximum")

    monkeypatch.setattr(lifelines.LogNormalAFTFitter, "fit", fails)
    assert fitted("log-normal", drawn(np.random.default_rng(12), "Weibull", 50)) is None


def test_columns_may_have_any_name():
    table = drawn(np.random.default_rng(14), "Weibull", 200)
    fit = fit_failure_times("Weibull", table[["app", "age"]].set_axis(["left", "套餐: ~ + (1)"], axis=1), table)
    assert fit.coefficients["covariate"].tolist() == ["left", "套餐: ~ + (1)"]
    plain = fitted("Weibull", table)
    pd.testing.assert_series_equal(fit.coefficients["time_ratio"], plain.coefficients["time_ratio"])


def tops(path):
    """The packages that a module imports at its outermost level, where types alone are not."""
    lines = ast.parse(path.read_text(encoding="utf-8")).body
    named = [alias.name for node in lines if isinstance(node, ast.Import) for alias in node.names]
    named += [str(node.module) for node in lines if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in named}


def test_no_module_pays_for_lifelines_when_it_is_imported():
    """The import is a second and more: functions that fit have it inside them."""
    packages = {path: tops(path) for path in Path(helpers.__file__).parent.rglob("*.py")}
    assert [module for module, imported in packages.items() if "lifelines" in imported] == []
