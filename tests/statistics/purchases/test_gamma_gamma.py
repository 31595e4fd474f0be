"""Gamma-Gamma: printed answers, the density by brute force, and known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers.statistics.purchases.gamma_gamma import NAMES, GammaGamma, fit_gamma_gamma
from shops import SHARED

ORDERS = SHARED / "cdnow/CDNOW_sample.txt"
PRINTED = {"p": 6.25, "q": 3.74, "v": 15.44}  # Fader, Hardie & Lee (2005, "RFM and CLV")


def model(**parameters):
    return GammaGamma(PRINTED | parameters, dict.fromkeys(NAMES, 0.0), 0.0)


@pytest.fixture(scope="module")
def repeats() -> pd.DataFrame:
    """Repeat purchase days to 1997-09-30 and their mean spend, in cents rounded up from a half as in the paper."""
    if not ORDERS.exists():
        pytest.skip("the CDNOW sample is not beside the project")
    names = ["place", "customer", "day", "discs", "spend"]
    orders = pd.read_csv(ORDERS, sep=r"\s+", names=names)
    cents = (100 * orders["spend"]).round().astype(int)
    days = cents[orders["day"] <= 19970930].groupby([orders["customer"], orders["day"]]).sum()
    again = days[days.groupby("customer").cumcount() > 0].groupby("customer").agg(["size", "sum"])
    again = again.reindex(days.index.unique("customer"), fill_value=0)
    mean = (2 * again["sum"] + again["size"]) // (2 * again["size"]).clip(lower=1) / 100
    return pd.DataFrame({"frequency": again["size"], "mean_spend": mean.where(again["size"] > 0)})


def test_cdnow_gives_the_printed_parameters(repeats):
    """value.md, "Gamma-Gamma": the paper prints 6.25, 3.74, 15.44. Rows without repeats change nothing."""
    fit = fit_gamma_gamma(repeats["frequency"], repeats["mean_spend"])
    assert list(fit.parameters.values()) == pytest.approx([6.2488, 3.7446, 15.4477], abs=1e-4)
    assert fit.log_likelihood == pytest.approx(-4055.923, abs=1e-3)
    assert fit.mean_spend == pytest.approx(35.17, abs=0.1)
    told = repeats[repeats["frequency"] > 0]
    assert fit_gamma_gamma(told["frequency"], told["mean_spend"]) == fit


def test_what_the_first_ten_customers_will_spend_is_as_printed(repeats):
    """value.md, "GG conditional mean": Hardie's note 025."""
    first = repeats.head(10)
    expected = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert model().expected_spend(first["frequency"], first["mean_spend"]) == pytest.approx(expected, abs=0.1)


def test_the_log_likelihood_and_the_mean_are_the_story_summed_up_and_nothing_near_is_likelier():
    """A purchase is Gamma(p, ν), so the mean of x purchases Gamma(px, νx); ν over customers is Gamma(q, v)."""
    rng = np.random.default_rng(1)
    frequency, counts = rng.integers(1, 9, 60), rng.integers(1, 9, 60)
    spend = rng.gamma(3 * frequency, 1 / frequency / rng.gamma(4, 1 / 15, 60))
    fit = fit_gamma_gamma(frequency, spend, counts)
    logarithms, step = np.linspace(-18, 9, 5_001, retstep=True)
    rates = np.exp(logarithms)

    def densities(p, q, v):
        weights = stats.gamma.pdf(rates, q, scale=1 / v) * rates * step
        means = stats.gamma.pdf(spend[:, None], p * frequency[:, None], scale=1 / (rates * frequency[:, None]))
        return weights * means

    p, q, v = top = np.array(list(fit.parameters.values()))
    density = densities(p, q, v)
    assert fit.log_likelihood == pytest.approx(counts @ np.log(density.sum(axis=1)), rel=1e-7)
    expected = density @ (p / rates) / density.sum(axis=1)
    assert fit.expected_spend(frequency, spend) == pytest.approx(expected, rel=1e-7)
    for off in (*(1.02 ** np.eye(3)), *(0.98 ** np.eye(3))):
        assert counts @ np.log(densities(*(top * off)).sum(axis=1)) < fit.log_likelihood


@pytest.mark.parametrize("truth", [(6.25, 3.74, 15.44), (1.2, 6.0, 400.0), (20.0, 2.5, 3.0)])
def test_what_was_put_in_is_found_again(truth):
    rng = np.random.default_rng(2)
    p, q, v = truth
    frequency, rate = rng.poisson(2, 20_000), rng.gamma(q, 1 / v, 20_000)
    mean = rng.gamma(p * np.maximum(frequency, 1), 1 / (rate * np.maximum(frequency, 1)))
    fit = fit_gamma_gamma(frequency, mean)
    off = (np.array(list(fit.parameters.values())) - truth) / np.array(list(fit.std_errors.values()))
    assert (np.abs(off) < 3.5).all(), off
    nexts, expected = rng.gamma(p, 1 / rate), model(p=p, q=q, v=v).expected_spend(frequency, mean)
    assert abs(nexts.mean() - expected.mean()) < 4 * (nexts - expected).std() / np.sqrt(20_000)


def test_another_currency_changes_v_alone():
    rng = np.random.default_rng(3)
    frequency = rng.integers(1, 6, 1_000)
    spend = rng.gamma(6 * frequency, 1 / frequency / rng.gamma(3.7, 1 / 15, 1_000))
    dollars, cents = fit_gamma_gamma(frequency, spend), fit_gamma_gamma(frequency, 100 * spend)
    assert list(cents.parameters.values()) == pytest.approx(
        list(dollars.parameters.values()) * np.array([1, 1, 100]), rel=1e-6
    )
    assert cents.mean_spend == pytest.approx(100 * dollars.mean_spend, rel=1e-6)


def test_grouping_changes_nothing():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({"x": rng.integers(1, 4, 3_000)})
    rows["spend"] = np.ceil(rng.gamma(6 * rows["x"], 1 / rows["x"] / rng.gamma(3.7, 1 / 15, 3_000)))
    cells = rows.groupby(["x", "spend"], sort=False).size().reset_index(name="customers")
    assert len(cells) < len(rows) / 5
    whole = fit_gamma_gamma(rows["x"], rows["spend"])
    cells = fit_gamma_gamma(cells["x"], cells["spend"], counts=cells["customers"])
    assert list(cells.parameters.values()) == pytest.approx(list(whole.parameters.values()), rel=1e-9)
    assert cells.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)


@given(st.integers(1, 200), st.floats(0.5, 500))
@settings(deadline=None)
def test_the_next_spend_lies_between_the_customers_mean_and_that_of_all(x, mean):
    found, ends = model().expected_spend(x, mean)[0], sorted([mean, model().mean_spend])
    assert ends[0] - 1e-9 <= found <= ends[1] + 1e-9


def test_a_mean_that_does_not_exist_is_infinite_until_purchases_make_it_finite():
    heavy = model(q=0.5)
    assert heavy.mean_spend == np.inf
    assert heavy.expected_spend([0, 1], [np.nan, 10.0]) == pytest.approx([np.inf, 6.25 * 25.44 / 5.75])


@pytest.mark.parametrize(
    ("frequency", "spend", "message"),
    [
        ([1, 2], [10, 0], "mean_spend = 0 in 1 rows: above 0"),
        ([1, 2], [10, -4], "mean_spend = -4 in 1 rows"),
        ([1, 2], [10, np.nan], "mean_spend = missing or infinite in 1 of 2"),
        ([1, 2], [10, 11, 12], "mean_spend = 3 rows"),
        ([1, 1.5], [10, 10], r"frequency = 1.5 \(row 1\): a whole number"),
        ([0, 0], [np.nan, np.nan], "frequency = 0 in every row"),
        ([1, 1], [10, 10], "the likelihood has no maximum near"),
    ],
)
def test_what_cannot_be_fitted_is_said(frequency, spend, message):
    with pytest.raises(ValueError, match=message):
        fit_gamma_gamma(frequency, spend)
