"""Grouped hazards: a slow loop from the likelihood, Cox's model on the same rows, and simulations of known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.statistics.hazards import grouped_hazards
from helpers.statistics.hazards.cox import fit_cox
from helpers.statistics.hazards.grouped_hazards import TREND, fit_grouped_hazards

LOG_RATIOS = {"monthly": 0.0, "quarterly": -0.5, "yearly": 0.7}


def customers(rng, n=6_000, shape=0.8, scale=20.0):
    """Stays of Weibull length, proportional by plan and device, rounded up to months and censored at their end."""
    table = pd.DataFrame(
        {
            "plan": rng.choice(list(LOG_RATIOS), n, p=[0.5, 0.3, 0.2]),
            "device": rng.choice(["app", "web"], n, p=[0.6, 0.4]),
        }
    )
    log_ratio = table["plan"].map(LOG_RATIOS) + 0.3 * (table["device"] == "web")
    months = scale * (rng.exponential(size=n) / np.exp(log_ratio)) ** (1 / shape)
    seen = rng.integers(1, 25, n)
    return table.assign(months=np.ceil(np.minimum(months, seen)), left=months <= seen)


def counted(table, groups=("plan", "device")):
    """Person-months of whole months: one row a customer and month, added up by month and group."""
    lived = table.loc[table.index.repeat(table["months"].astype(int))]
    period = lived.groupby(level=0).cumcount()
    lived = lived.assign(period=period, events=(period == lived["months"] - 1) & lived["left"], at_risk=1)
    return lived.groupby(["period", *groups], as_index=False)[["at_risk", "events"]].sum()


def test_coefficients_maximise_a_likelihood_that_is_looped_over_person_months():
    counts = counted(
        customers(np.random.default_rng(1), 300).assign(months=lambda t: t["months"].clip(upper=4)), ["plan"]
    )
    fit = fit_grouped_hazards(counts, ["plan"])
    others = [name for name in LOG_RATIOS if name != fit.references["plan"]]

    def minus_log_likelihood(theta):
        total = 0.0
        for row in counts.itertuples():
            log_hazard = theta[row.period] + sum(theta[4 + k] for k, name in enumerate(others) if row.plan == name)
            chance = 1 - np.exp(-np.exp(log_hazard))
            total -= row.events * np.log(chance) + (row.at_risk - row.events) * np.log(1 - chance)
        return total

    found = minimize(minus_log_likelihood, np.full(4 + len(others), -2.0), method="BFGS", options={"gtol": 1e-7})
    by_name = fit.coefficients.set_index("covariate")["coef"]
    np.testing.assert_allclose([by_name[f"plan: {name}"] for name in others], found.x[4:], atol=1e-5)
    np.testing.assert_allclose(fit.baseline["hazard"], 1 - np.exp(-np.exp(found.x[:4])), rtol=1e-4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ratios_are_those_of_cox_on_the_same_customers(seed):
    """Both estimate one ratio from one set of rows: Efron's weights for ties differ from the exact grouped likelihood
    by terms of the square of the monthly hazard, here a few hundredths of a standard error."""
    table = customers(np.random.default_rng(seed))
    grouped = fit_grouped_hazards(counted(table), ["plan", "device"]).coefficients.set_index("covariate")
    indicators = {name: (table[name.split(": ")[0]] == name.split(": ")[1]).astype(float) for name in grouped.index}
    cox = fit_cox(pd.DataFrame(indicators), table["months"], table["left"]).coefficients.set_index("covariate")
    assert (np.abs(grouped["coef"] - cox["coef"]) < 0.05 * cox["std_error"]).all()
    np.testing.assert_allclose(grouped["std_error"], cox["std_error"], rtol=0.02)


def test_the_distance_to_breslow_shrinks_with_the_periods():
    """Breslow's is the Poisson likelihood of short periods: days must come nearer to it than months."""
    table = customers(np.random.default_rng(3), 700)
    distance = {}
    for name, parts in {"months": 1, "sixths": 6}.items():
        finer = table.assign(
            months=np.ceil(table["months"] * parts - np.random.default_rng(4).integers(0, parts, len(table)))
        )
        grouped = fit_grouped_hazards(counted(finer, ["plan"]), ["plan"])
        columns = {
            each: (finer["plan"] == each.removeprefix("plan: ")).astype(float)
            for each in grouped.coefficients["covariate"]
        }
        cox = fit_cox(pd.DataFrame(columns), finer["months"], finer["left"], ties="breslow")
        distance[name] = np.abs(grouped.coefficients["coef"] - cox.coefficients["coef"]).max()
    assert distance["sixths"] < 0.4 * distance["months"]


@pytest.mark.long
def test_intervals_cover_the_true_ratios_and_hazards():
    rng, inside, fitted = np.random.default_rng(5), [], []
    for _ in range(50):
        table = customers(rng, 2_000)
        fit = fit_grouped_hazards(counted(table), ["plan", "device"])
        rows = fit.coefficients.set_index("covariate")
        for group in ("quarterly", "yearly"):
            inside.append(
                np.log(rows.loc[f"plan: {group}", "lower"])
                < LOG_RATIOS[group]
                < np.log(rows.loc[f"plan: {group}", "upper"])
            )
        fitted.append(fit.baseline["hazard"].iloc[[0, 3, 11]])
    assert 0.90 <= np.mean(inside) <= 0.99
    cumulative = (np.array([[0, 3, 11], [1, 4, 12]]) / 20) ** 0.8  # of monthly plans on the app
    np.testing.assert_allclose(
        np.mean(fitted, axis=0), 1 - np.exp(cumulative[0] - cumulative[1]), rtol=0.1
    )  # three standard errors of the last


@pytest.mark.parametrize("shape", [0.7, 1.0, 1.4])
def test_the_trend_is_the_power_of_time_that_the_stays_were_drawn_from(shape):
    table = customers(np.random.default_rng(6), 30_000, shape=shape)
    trend = fit_grouped_hazards(counted(table), ["plan", "device"], trend=True).coefficients.iloc[0]
    assert trend["covariate"] == TREND
    assert trend["hazard_ratio"] == pytest.approx(2 ** (shape - 1), rel=0.03)


def test_ten_times_the_customers_are_as_many_rows_to_fit(monkeypatch):
    counts = counted(customers(np.random.default_rng(7)))
    many = counts.assign(at_risk=counts["at_risk"] * 10, events=counts["events"] * 10)
    given = []
    monkeypatch.setattr(
        grouped_hazards, "GLM", lambda outcomes, *rest: given.append(len(outcomes)) or GLM(outcomes, *rest)
    )
    fits = [fit_grouped_hazards(table, ["plan", "device"]) for table in (counts, many)]
    assert len(fits[0].hazards) == len(fits[1].hazards) == len(counts)
    assert given == [given[0]] * 2 and given[0] <= len(counts)
    few, more = (fit.coefficients for fit in fits)
    np.testing.assert_allclose(more["coef"], few["coef"], rtol=1e-6)
    np.testing.assert_allclose(more["std_error"], few["std_error"] / np.sqrt(10), rtol=1e-6)


def test_the_reference_is_the_group_that_is_largest_in_one_period():
    """Many who leave soon are more customers than few who stay long, whose person-months are more."""
    counts = pd.DataFrame(
        {
            "period": [0, 0, 1, 1, 2],
            "plan": ["many", "few", "many", "few", "few"],
            "at_risk": [100, 60, 5, 59, 58],
            "events": [95, 1, 4, 1, 1],
        }
    )
    assert fit_grouped_hazards(counts, ["plan"]).references == {"plan": "many"}


def test_cells_that_repeat_are_added_up_and_their_order_is_nothing():
    counts = counted(customers(np.random.default_rng(8), 800))
    split = pd.concat([counts.assign(events=0), counts.assign(at_risk=0)]).sample(frac=1, random_state=0)
    expected, given = fit_grouped_hazards(counts, ["plan"]), fit_grouped_hazards(split, ["plan"])
    pd.testing.assert_frame_equal(given.hazards, expected.hazards, check_dtype=False)
    pd.testing.assert_frame_equal(given.coefficients, expected.coefficients)


def test_periods_without_events_share_the_baseline_of_the_next_and_the_last_ones_that_before():
    counts = pd.DataFrame({"period": range(6), "at_risk": [100, 90, 80, 60, 50, 10.5], "events": [0, 10, 0, 6, 0, 0]})
    baseline = fit_grouped_hazards(counts).baseline
    assert baseline[["first_period", "last_period"]].to_numpy().tolist() == [[0, 1], [2, 5]]
    np.testing.assert_allclose(baseline["hazard"], [10 / 190, 6 / 200.5], rtol=1e-8)


def test_one_group_has_the_plain_rates_with_wilson_limits_and_no_ratio():
    """Wilson's 95 % limits of 10 in 100: 0.0552 and 0.1744 (Wilson 1927)."""
    fit = fit_grouped_hazards(pd.DataFrame({"period": [0, 1], "at_risk": [100, 0], "events": [10, 0]}))
    first, second = fit.hazards.iloc[0], fit.hazards.iloc[1]
    assert [first["hazard"], first["fitted"]] == pytest.approx([0.1, 0.1])
    assert [first["lower"], first["upper"]] == pytest.approx([0.0552, 0.1744], abs=5e-5)
    assert second[["hazard", "lower", "upper", "fitted"]].isna().all()  # nobody at risk, nothing known
    assert fit.coefficients.empty and fit.references == {}


def test_a_last_period_in_which_everybody_leaves_moves_no_ratio():
    counts = counted(customers(np.random.default_rng(9), 800), ["plan"]).query("period < 6")  # each has events
    last = pd.DataFrame({"period": [30], "plan": ["monthly"], "at_risk": [2], "events": [2]})
    with_last = fit_grouped_hazards(pd.concat([counts, last]), ["plan"]).coefficients
    np.testing.assert_allclose(with_last["coef"], fit_grouped_hazards(counts, ["plan"]).coefficients["coef"], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": 0}, r"counts\['events'\] = 0 in every cell"),
        ({"events": [-1, 2]}, r"counts\['events'\] = -1 in a cell: at least 0"),
        ({"at_risk": [-5, 10]}, r"counts\['at_risk'\] = -5 in a cell"),
        ({"events": [11, 1]}, r"counts\['events'\] = 11 of 10 at risk in period 0"),
        ({"at_risk": [np.nan, 10]}, r"counts\['at_risk'\] = missing or infinite in 1 of 2"),
        ({"period": [0.5, 1]}, r"counts\['period'\] = 0.5: whole periods"),
        ({"plan": [None, "b"]}, r"counts\['plan'\] = missing in 1 cells"),
        ({"plan": ["a", "b"], "events": [3, 0]}, r"counts\['plan'\] = \['b'\] without events"),
        ({"plan": ["a", "b"]}, r"covariates = .* collinear"),
    ],
)
def test_counts_that_cannot_be_are_refused_by_name(change, message):
    counts = pd.DataFrame({"period": [0, 1], "at_risk": [10, 10], "events": [2, 1], "plan": ["a", "a"]}).assign(
        **change
    )
    with pytest.raises(ValueError, match=message):
        fit_grouped_hazards(counts, ["plan"])


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"counts = without \['events', 'plan'\]"):
        fit_grouped_hazards(pd.DataFrame({"period": [0], "at_risk": [1]}), ["plan"])


def test_the_input_is_untouched():
    counts = counted(customers(np.random.default_rng(10), 300))
    before = counts.copy()
    fit_grouped_hazards(counts, ["plan"])
    pd.testing.assert_frame_equal(counts, before)
