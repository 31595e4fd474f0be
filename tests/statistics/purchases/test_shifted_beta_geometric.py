"""Shifted beta-geometric: printed answers, a slow loop from the definition, exact arithmetic, known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta as beta_distribution

from helpers.statistics.purchases.shifted_beta_geometric import (
    ShiftedBetaGeometric,
    cohort_renewals,
    fit_shifted_beta_geometric,
    renewals,
)

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]

shapes = st.floats(0.05, 50)


def model(alpha, beta):
    return ShiftedBetaGeometric({"alpha": alpha, "beta": beta}, {}, np.nan)


def fitted(table):
    return fit_shifted_beta_geometric(table["at_risk"], table["lost"])


def contracts(rng, n, alpha, beta, longest=12):
    """Periods of contracts that began at random in the last `longest` periods, and whether they had ended."""
    ends, seen = rng.geometric(rng.beta(alpha, beta, n)), rng.integers(0, longest + 1, n)
    return pd.DataFrame({"periods": np.minimum(ends, seen), "ended": ends <= seen})


def test_the_high_end_segment_gives_the_printed_answers():
    """Fader & Hardie (2007), table 1 and figure 3; DERL by Fader & Hardie (2010)."""
    fit = fitted(cohort_renewals(HIGH_END))
    assert fit.parameters["alpha"] == pytest.approx(0.668, abs=5e-4)
    assert fit.parameters["beta"] == pytest.approx(3.806, abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-1611.2, abs=0.05)
    np.testing.assert_allclose(fit.survival(range(8, 13)), [0.460, 0.436, 0.414, 0.395, 0.378], atol=5e-4)
    assert float(fit.residual_lifetime(0.1, 7)) == pytest.approx(7.530, abs=5e-4)


def test_the_regular_segment_gives_the_printed_parameters():
    """Fader & Hardie (2007): alpha .704, beta 1.182, log-likelihood −1680.3 on the first seven renewals."""
    fit = fitted(cohort_renewals(REGULAR))
    assert fit.parameters["alpha"] == pytest.approx(0.704, abs=1e-3)
    assert fit.parameters["beta"] == pytest.approx(1.182, abs=1e-3)
    assert fit.log_likelihood == pytest.approx(-1680.3, abs=0.05)


@pytest.mark.parametrize(
    ("alpha", "beta", "rate", "behind", "expected"),
    [
        (0.668, 3.806, 0.1, 7, 7.5299495309109695),
        (0.668, 3.806, 0.001, 0, 52.054473147478213),
        (1e3, 1e5, 0.01, 7, 50.263081917023317),
        (0.01, 0.02, 0.1, 200, 10.99422835454907),
        (2, 5, 1e-6, 3, 7.9992089611147999),
        (0.5, 0.5, 8.0, 0, 0.54594154601839158),
    ],
)
def test_residual_lifetimes_agree_with_exact_arithmetic(alpha, beta, rate, behind, expected):
    """Expected: Fader & Hardie (2010) by Gauss's hypergeometric function in arithmetic of 80 digits."""
    assert float(model(alpha, beta).residual_lifetime(rate, behind)) == pytest.approx(expected, rel=1e-11)


def test_the_residual_lifetime_is_the_discounted_sum_of_survival():
    fit, ahead = model(1.3, 4.0), np.arange(1, 4001)
    for behind in (0, 3, 40):
        staying = fit.survival(behind + ahead) / fit.survival(behind)
        assert float(fit.residual_lifetime(0.05, behind)) == pytest.approx(staying @ 1.05 ** (1.0 - ahead), rel=1e-12)


def test_a_mean_lifetime_is_that_of_the_chances_or_has_no_end():
    assert 1 + float(model(3.0, 4.0).residual_lifetime(0.0, 0)) == pytest.approx(6 / 2)  # the mean of 1 / chance
    assert float(model(1.0, 4.0).residual_lifetime(0.0, 0)) == np.inf
    assert float(model(0.7, 4.0).residual_lifetime(0.0, 0)) == np.inf


def test_the_likelihood_is_that_of_a_loop_over_contracts():
    """Each contract by numerical integration over its chance to leave: at the maximum no step is better."""
    rows = contracts(np.random.default_rng(2), 150, 0.8, 2.5, longest=6)
    fit = fitted(renewals(**rows))
    chance, weight = np.polynomial.legendre.leggauss(200)
    chance, weight = (1 + chance) / 2, weight / 2
    chance, weight = chance**4, weight * 4 * chance**3  # finer near 0, where the density has no limit

    def height(alpha, beta):
        density = weight * beta_distribution(alpha, beta).pdf(chance)
        total = 0.0
        for periods, ended in rows.itertuples(index=False):
            likelihood = (1 - chance) ** (periods - 1) * chance if ended else (1 - chance) ** periods
            total += np.log(density @ likelihood)
        return total

    alpha, beta = fit.parameters.values()
    assert fit.log_likelihood == pytest.approx(height(alpha, beta), abs=1e-4)
    for factor in (0.97, 1.03):
        assert height(alpha * factor, beta) < fit.log_likelihood
        assert height(alpha, beta * factor) < fit.log_likelihood


def test_standard_errors_are_the_curvature_and_cover_the_truth():
    rng, misses = np.random.default_rng(4), []
    for truth in [(0.7, 3.8)] * 20 + [(2.0, 6.0)] * 20:
        fit = fitted(renewals(**contracts(rng, 4_000, *truth)))
        for name, value in zip(("alpha", "beta"), truth, strict=True):
            logarithms = np.log(fit.parameters[name] / value)
            misses.append(logarithms * fit.parameters[name] / fit.std_errors[name])
    assert abs(np.mean(misses)) < 0.5
    assert 0.75 < np.std(misses) < 1.3


def test_the_curve_of_contracts_foretells_renewals_beyond_those_seen():
    rng = np.random.default_rng(6)
    fit = fitted(renewals(**contracts(rng, 30_000, 0.9, 3.0, longest=6)))
    true = (rng.geometric(rng.beta(0.9, 3.0, 200_000))[:, None] > np.arange(7, 25)).mean(axis=0)
    np.testing.assert_allclose(fit.survival(range(7, 25)), true, atol=0.01)


def test_merged_cohorts_are_their_contracts_counted_together():
    young = [500, 430, 380]
    together = cohort_renewals(HIGH_END, young)
    periods, ended, counts = [], [], []
    for survivors in (HIGH_END, young):
        for period, lost in enumerate(-np.diff(survivors), start=1):
            periods, ended, counts = [*periods, period], [*ended, 1], [*counts, lost]
        periods, ended, counts = [*periods, len(survivors) - 1], [*ended, 0], [*counts, survivors[-1]]
    pd.testing.assert_frame_equal(renewals(periods, ended, counts), together)
    one_each = renewals(np.repeat(periods, counts), np.repeat(ended, counts))
    pd.testing.assert_frame_equal(one_each, together)
    assert together["at_risk"].tolist() == [1500, 1299, 743, 653, 593, 551, 517]


def test_contracts_first_seen_late_are_counted_from_then():
    """Those under contract for three renewals when the record began say nothing of these, and do not bias the rest."""
    rng, (alpha, beta) = np.random.default_rng(8), (1.2, 4.0)
    ends = rng.geometric(rng.beta(alpha, beta, 60_000))
    late = np.arange(len(ends)) % 2 == 0
    ends, late = ends[~late | (ends > 3)], late[~late | (ends > 3)]
    everything = renewals(np.minimum(ends, 8), ends <= 8)
    unseen = renewals(np.full(late.sum(), 3), np.zeros(late.sum())).reindex(everything.index, fill_value=0)
    fit = fit_shifted_beta_geometric(everything["at_risk"] - unseen["at_risk"], everything["lost"])
    for name, truth in (("alpha", alpha), ("beta", beta)):
        assert abs(fit.parameters[name] - truth) < 3 * fit.std_errors[name]
    assert abs(fitted(everything).parameters["beta"] - beta) > 1  # taken for seen from the start, they do


@settings(deadline=None)
@given(shapes, shapes, st.integers(1, 60))
def test_survival_is_the_product_of_a_retention_that_rises(alpha, beta, periods):
    fit, each = model(alpha, beta), np.arange(1, periods + 1)
    retention = fit.retention(each)
    np.testing.assert_allclose(fit.survival(each), np.cumprod(retention), rtol=1e-9)
    assert (np.diff(retention) > 0).all()
    assert fit.survival(0) == 1
    assert fit.retention(1) == pytest.approx(beta / (alpha + beta))


@settings(deadline=None)
@given(shapes, shapes, st.floats(1e-3, 2), st.integers(0, 50))
def test_a_period_to_come_is_renewed_and_then_has_its_own_to_come(alpha, beta, rate, behind):
    fit = model(alpha, beta)
    later = 1 + float(fit.residual_lifetime(rate, behind + 1)) / (1 + rate)
    assert float(fit.residual_lifetime(rate, behind)) == pytest.approx(fit.retention(behind + 1) * later, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fit_shifted_beta_geometric([10, 5], [5, 6]), "lost = 6 of 5 at renewal 2"),
        (lambda: fit_shifted_beta_geometric([10, 5], [0, 0]), "lost = none of 15 renewals"),
        (lambda: fit_shifted_beta_geometric([10], [10]), "lost = some of 10 renewals"),
        (lambda: fit_shifted_beta_geometric([10, 5], [1]), "rows = "),
        (lambda: fit_shifted_beta_geometric([1000, 800, 600], [200, 200, 300]), "no maximum"),
        (lambda: renewals([1.5], [1]), "periods = 1.5"),
        (lambda: renewals([0], [1]), "periods = 0 of an ended contract"),
        (lambda: renewals([1], [2]), "ended = 2"),
        (lambda: renewals([1], [1], [-1]), "counts = -1"),
        (lambda: cohort_renewals([10, 11]), "survivors = "),
        (lambda: cohort_renewals(), "survivors = no cohort"),
        (lambda: model(1, 1).survival(-1), "periods = -1"),
        (lambda: model(1, 1).retention(0), "periods = 0"),
        (lambda: model(1, 1).residual_lifetime(-0.1, 0), "discount_rate = -0.1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
