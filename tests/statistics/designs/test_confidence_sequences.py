from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from helpers.statistics.designs.confidence_sequences import always_valid_p_value, band_reach, confidence_sequence
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments

A = Moments.from_sums(3000, {"spend": 1396.87}, {"spend": 52377.9767})
B = Moments.from_sums(3461, {"spend": 2422.7}, {"spend": 134698.29})


def test_always_valid_interval_from_summary_statistics():
    """Experiment cases, A with n 3000, relative, tuning 1000: .50336, (-.55844, 1.56516), p 1 (GrowthBook's tests).

    n counts both arms, the variance is the delta method's with the sample variances (divisor n - 1).
    """
    lift = compare(A, B, kind="mean", relative=True)
    look = confidence_sequence(lift.effect, lift.std_error, A.n + B.n, tuning=1000).iloc[0]
    assert (look["effect"], look["lower"], look["upper"]) == pytest.approx((0.50336, -0.55844, 1.56516), abs=5e-6)
    assert look["p_value"] == 1


@pytest.mark.parametrize(
    ("effect", "std_error", "n", "alpha"), [(0.3, 0.1, 400, 0.05), (-2, 0.5, 9000, 0.01), (0, 1, 50, 0.2)]
)
def test_the_e_value_is_the_normal_mixture_sequential_probability_ratio(effect, std_error, n, alpha):
    """Experiment cases: τ² = ρ²σ². The likelihood ratio against 0, averaged over effects from N(0, τ²)."""
    tuning = 1000
    rho_squared = (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / tuning
    tau = np.sqrt(rho_squared * n * std_error**2)

    def ratio(theta: float) -> float:
        likelihoods = stats.norm.pdf(effect, theta, std_error) / stats.norm.pdf(effect, 0, std_error)
        return likelihoods * stats.norm.pdf(theta, 0, tau)

    width = 12 * max(tau, std_error)
    mixture = quad(ratio, effect - width, effect + width, points=[effect, 0], limit=200)[0]
    look = confidence_sequence(effect, std_error, n, alpha=alpha, tuning=tuning).iloc[0]
    assert look["e_value"] == pytest.approx(mixture, rel=1e-8)


@given(st.floats(-6, 6), st.floats(1, 1e6), st.sampled_from([0.01, 0.05, 0.2]))
def test_the_interval_holds_the_effects_that_the_e_value_does_not_refute(z, n, alpha):
    look = confidence_sequence(z, 1.0, n, alpha=alpha).iloc[0]
    for bound in ("lower", "upper"):
        shifted = confidence_sequence(look["effect"] - look[bound], 1.0, n, alpha=alpha).iloc[0]
        assert shifted["e_value"] == pytest.approx(1 / alpha)


def test_the_interval_is_about_as_narrow_at_the_tuning_as_any_tuning_makes_it():
    widths = [confidence_sequence(0, 1, 4000, tuning=tuning)["upper"].iloc[0] for tuning in np.geomspace(100, 1e5, 200)]
    tuned = confidence_sequence(0, 1, 4000, tuning=4000)["upper"].iloc[0]
    assert min(widths) <= tuned < 1.002 * min(widths)
    assert tuned > stats.norm.isf(0.025)


def test_the_p_value_never_rises_and_is_below_alpha_from_the_first_interval_without_0():
    rng = np.random.default_rng(1)
    n = np.arange(1, 61) * 100
    effect = 0.1 + rng.normal(0, 1, 60).cumsum() / np.arange(1, 61) / 8
    looks = confidence_sequence(effect, 2 / np.sqrt(n), n, tuning=2000)
    without_0 = (looks["lower"] > 0) | (looks["upper"] < 0)
    assert without_0.any() and not without_0.all()
    np.testing.assert_array_equal(looks["p_value"] < 0.05, without_0.cummax())
    assert (looks["p_value"].diff().dropna() <= 0).all()


def test_a_look_that_could_not_be_tested_is_missing_and_changes_no_other():
    looks = confidence_sequence([0.5, np.nan, 0.4], [0.2, np.nan, 0.1], [10, 50, 90])
    assert looks.loc[1, ["lower", "upper", "e_value"]].isna().all()
    tested = confidence_sequence([0.5, 0.4], [0.2, 0.1], [10, 90])
    pd.testing.assert_frame_equal(looks.loc[[0, 2]].reset_index(drop=True), tested)
    assert np.isnan(confidence_sequence(0, np.nan, 10)["p_value"].iloc[0])


def test_swapping_the_arms_flips_the_sequence():
    effect, std_error, n = np.array([0.3, -0.1]), [0.2, 0.1], [100, 400]
    there, back = confidence_sequence(effect, std_error, n), confidence_sequence(-effect, std_error, n)
    np.testing.assert_allclose(there["lower"], -back["upper"])
    np.testing.assert_array_equal(there[["e_value", "p_value"]], back[["e_value", "p_value"]])


def test_overwhelming_evidence_has_p_0_without_a_warning():
    look = confidence_sequence(100, 1, 1000).iloc[0]
    assert (look["e_value"], look["p_value"]) == (np.inf, 0)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((1, 1, 10), {"alpha": 5}, "alpha = 5"),
        ((1, 1, 10), {"tuning": 0}, "tuning = 0"),
        ((1, [1, 1], [20, 10]), {}, "never fall from look to look"),
        ((1, 1, 0), {}, r"n = \[0.0\]"),
        ((1, 0, 10), {}, "std_error"),
    ],
)
def test_looks_that_cannot_be_are_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        confidence_sequence(*arguments, **options)


def test_p_values_of_single_looks_become_those_of_the_band():
    n, z = np.array([200.0, 900.0, 4000.0]), np.array([1.2, 3.4, 2.0])
    looks = confidence_sequence(z, 1.0, n, alpha=0.01, tuning=1500)
    p_values = always_valid_p_value(2 * stats.norm.sf(z), n, alpha=0.01, tuning=1500)
    assert p_values == pytest.approx(1 / np.maximum(looks["e_value"], 1))
    reach = band_reach(n, alpha=0.01, tuning=1500)
    assert z - reach == pytest.approx(looks["lower"])
    assert always_valid_p_value(2 * stats.norm.sf(reach), n, alpha=0.01, tuning=1500) == pytest.approx(0.01)
