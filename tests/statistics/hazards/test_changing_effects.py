"""The hazard ratio over time: R's curve, the regression written out, and effects that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_lung
from scipy.interpolate import CubicSpline

from helpers.statistics import hazards
from helpers.statistics.hazards.changing_effects import effect_over_time

Z95 = 1.959963984540054


@pytest.fixture(scope="module")
def lung() -> hazards.CoxFit:
    rows = load_lung().dropna(subset="ph.ecog")
    return hazards.fit_cox(rows[["age", "sex", "ph.ecog"]], rows["time"], rows["status"])


@pytest.mark.parametrize(
    ("transform", "covariate", "log_ratio", "std_error"),
    [
        (
            "km",
            "sex",
            [-1.007464667745, -0.676670758819, -0.560787253636, -0.311243043714, 0.197443123798],
            [0.540901041593, 0.289237386416, 0.266506597942, 0.298824246022, 0.670264777110],
        ),
        (
            "km",
            "ph.ecog",
            [0.0861146500779, 0.950510403084, 0.329525639325, -0.0135199326684, 0.707505678463],
            [0.3662478127856, 0.195844622223, 0.180453449122, 0.2023359507511, 0.453840887199],
        ),
        (
            "log",
            "ph.ecog",
            [-1.279894650368, 0.0894917154115, 0.950599206429, 0.465350044095, 0.299369317403],
            [0.784042422407, 0.3636644185190, 0.254567256236, 0.163961576776, 0.435939637056],
        ),
    ],
)
def test_lung_agrees_with_r(lung, transform, covariate, log_ratio, std_error):
    """R survival 3.5-3: plot(cox.zph(coxph(Surv(time, status) ~ age + sex + ph.ecog, lung), transform)), points 1, 10,
    20, 30 and 40 of its 40."""
    curve = effect_over_time(lung, covariate, transform=transform, variance="average").iloc[[0, 9, 19, 29, 39]]
    np.testing.assert_allclose(np.log(curve["hazard_ratio"]), log_ratio, rtol=1e-6, atol=1e-9)
    half = np.log(curve["upper"] / curve["lower"]) / 2
    np.testing.assert_allclose(half / Z95, std_error, rtol=1e-6)
    assert curve["time"].iloc[[0, -1]].tolist() == pytest.approx([5, 883])


def test_a_straight_drift_is_the_newton_step_of_r(lung):
    """R survival 3.5-3: coxph(… + tt(sex), tt = x t / 1000, init = c(fitted, 0)): after one iteration the coefficients
    of sex and its drift, and before it the errors of their sum at days 5 and 883."""
    curve = effect_over_time(lung, "sex", transform="identity", df=2)
    line = -0.9383600176121 + 1.3454375046885 * curve["time"] / 1000
    np.testing.assert_allclose(np.log(curve["hazard_ratio"]), line, rtol=1e-6)
    std_error = np.log(curve["upper"] / curve["hazard_ratio"]).iloc[[0, -1]] / Z95
    np.testing.assert_allclose(std_error, [0.292891557268, 0.535190737507], rtol=1e-6)


def test_points_lie_evenly_over_the_transformed_time(lung):
    logs = np.log(effect_over_time(lung, "sex", transform="log")["time"])
    np.testing.assert_allclose(np.diff(logs), (np.log(883) - np.log(5)) / 39)
    assert effect_over_time(lung, "sex", transform="km")["time"].is_monotonic_increasing


def clustered_rows() -> pd.DataFrame:
    """Two strata, late entries, ties, and two rows a customer."""
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"x": rng.normal(size=240), "y": rng.integers(0, 2, 240).astype(float)})
    rows["entry"] = rng.integers(0, 5, 240)
    rows["duration"] = rows["entry"] + rng.integers(1, 20, 240)
    rows["event"] = rng.integers(0, 2, 240)
    return rows.assign(stratum=rng.choice(["a", "b"], 240), customer=np.arange(240) // 2)


def test_it_is_the_regression_of_the_residuals_on_a_natural_spline():
    """The same space of splines through its cardinal basis, and least squares by the normal equations (identity)."""
    rows = clustered_rows()
    fit = hazards.fit_cox(
        rows[["x", "y"]],
        rows["duration"],
        rows["event"],
        entry=rows["entry"],
        strata=rows["stratum"],
        cluster=rows["customer"],
    )
    residuals = fit.schoenfeld_residuals(scaled=True)
    time = residuals["time"].to_numpy()
    points = np.linspace(time.min(), time.max(), 40)
    knots = np.quantile(np.concatenate([points, time]), [0, 1 / 3, 2 / 3, 1])
    basis = CubicSpline(knots, np.eye(4), bc_type="natural")
    inverse = np.linalg.inv(basis(time).T @ basis(time))
    line = basis(points) @ inverse @ basis(time).T @ residuals["y"]
    variance = [len(time) * fit.covariance.loc["y", "y"] * row @ inverse @ row for row in basis(points)]
    curve = effect_over_time(fit, "y", transform="identity", variance="average")
    np.testing.assert_allclose(curve["time"], points)
    np.testing.assert_allclose(np.log(curve["hazard_ratio"]), line, rtol=1e-8)
    np.testing.assert_allclose(np.log(curve["upper"] / curve["hazard_ratio"]), Z95 * np.sqrt(variance), rtol=1e-8)


@pytest.mark.parametrize("fall", [0.005, 0.002, -0.003])
def test_a_known_drift_is_found_at_every_time(fall):
    """A hazard of 1/100 a day, times exp(0.5 − fall × day) for half of the customers."""
    rng = np.random.default_rng(11)
    x = rng.integers(0, 2, 30_000).astype(float)
    target = rng.exponential(100, len(x))
    left = 1 - fall * target / np.exp(0.5)  # where not above 0, that customer never leaves
    drifting = np.where(left > 0, -np.log(np.where(left > 0, left, 1)) / fall, np.inf)
    time = np.where(x == 1, drifting, target)
    fit = hazards.fit_cox(x[:, None], np.minimum(np.ceil(time), 250), time <= 250)
    curve = effect_over_time(fit, "x1")
    for day in (5, 50, 100, 150, 200):
        true = np.exp(0.5 - fall * day)
        assert np.interp(day, curve["time"], curve["hazard_ratio"]) == pytest.approx(true, rel=0.12)
    truth = np.exp(0.5 - fall * curve["time"])
    assert ((curve["lower"] < truth) & (truth < curve["upper"])).mean() > 0.8


def test_the_average_variance_of_r_misleads_where_one_group_has_nearly_gone():
    """A group that leaves at 6 times the rate of the other up to day 100, and at 1.5 times after it."""
    rng = np.random.default_rng(14)
    x = rng.integers(0, 2, 40_000).astype(float)
    target = rng.exponential(200, len(x))
    early, late = np.where(x == 1, 6.0, 1.0), np.where(x == 1, 1.5, 1.0)
    time = np.where(target <= 100 * early, target / early, 100 + (target - 100 * early) / late)
    fit = hazards.fit_cox(x[:, None], np.minimum(np.ceil(time), 400), time <= 400)
    at_300 = {
        variance: np.interp(300, curve["time"], curve["hazard_ratio"])
        for variance in ("own", "average")
        for curve in [effect_over_time(fit, "x1", variance=variance)]
    }
    assert abs(np.log(at_300["own"] / 1.5)) < np.log(1.15)
    assert abs(np.log(at_300["average"] / 1.5)) > np.log(1.3)


def test_a_constant_effect_stays_within_its_band():
    rng = np.random.default_rng(12)
    x = rng.normal(size=5000)
    time = rng.exponential(100 * np.exp(-0.7 * x))
    fit = hazards.fit_cox(x[:, None], np.minimum(time, 200), time <= 200)
    curve = effect_over_time(fit, "x1")
    true = np.exp(0.7)
    assert ((curve["lower"] < true) & (true < curve["upper"])).mean() > 0.9
    assert (curve["upper"] / curve["lower"]).iloc[20] < 1.3


def test_many_ties_at_one_time_leave_fewer_knots_and_a_finite_curve():
    rng = np.random.default_rng(13)
    duration = np.where(rng.random(400) < 0.9, 0, rng.integers(1, 30, 400))
    fit = hazards.fit_cox(rng.normal(size=(400, 1)), duration, np.ones(400))
    assert np.isfinite(effect_over_time(fit, "x1")).all(axis=None)


def test_what_has_no_curve_is_refused(lung):
    with pytest.raises(ValueError, match="covariate = 'height': the model has"):
        effect_over_time(lung, "height")
    with pytest.raises(ValueError, match=r"variance = 'robust': one of 'own', 'average'\."):
        effect_over_time(lung, "sex", variance="robust")
    few = hazards.fit_cox(np.arange(8.0)[:, None] % 3, [1, 1, 2, 2, 3, 3, 4, 4], [1, 1, 1, 1, 1, 1, 0, 0])
    with pytest.raises(ValueError, match=r"df = 4: .* not 3\. Lower df"):
        effect_over_time(few, "x1")
