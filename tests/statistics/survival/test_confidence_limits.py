"""Limits of a share over time: the formulas by hand, their mirror on the share that left, and the edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from helpers.statistics.survival.confidence_limits import KINDS, limits

Z = norm.ppf(0.975)


def one(share, error, kind, level=0.95):
    lower, upper = limits(np.array([share]), np.array([error]), kind, level)
    return lower[0], upper[0]


def test_plain_limits_are_the_normal_ones():
    assert one(0.6, 0.1, "plain") == pytest.approx((0.6 - Z * 0.1, 0.6 + Z * 0.1))


def test_limits_on_the_scale_of_the_logarithm_are_those_of_a_ratio():
    spread = Z * 0.1 / 0.6  # the error of log share
    assert one(0.6, 0.1, "log") == pytest.approx((np.exp(np.log(0.6) - spread), np.exp(np.log(0.6) + spread)))


def test_log_log_limits_are_those_of_the_logarithm_of_the_cumulative_hazard():
    hazard = -np.log(0.6)
    spread = Z * 0.1 / (0.6 * hazard)  # the error of log hazard
    ends = np.exp(-np.exp(np.log(hazard) + spread)), np.exp(-np.exp(np.log(hazard) - spread))
    assert one(0.6, 0.1, "log-log") == pytest.approx(ends)


@pytest.mark.parametrize("kind", KINDS)
def test_limits_hold_the_share_stay_within_0_and_1_and_widen_with_the_level(kind):
    share, error = np.linspace(0.02, 0.98, 25), np.full(25, 0.2)
    lower, upper = limits(share, error, kind, 0.9)
    assert ((lower >= 0) & (lower <= share) & (share <= upper) & (upper <= 1)).all()
    wider_lower, wider_upper = limits(share, error, kind, 0.99)
    assert ((wider_lower <= lower) & (wider_upper >= upper)).all()
    assert (wider_upper - wider_lower > upper - lower).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_without_error_is_its_own_limits(kind):
    for share in (0.0, 0.4, 1.0):
        assert one(share, 0.0, kind) == (share, share)


@pytest.mark.parametrize("kind", KINDS)
def test_small_errors_have_the_same_limits_on_every_scale(kind):
    assert one(0.6, 1e-6, kind) == pytest.approx((0.6 - Z * 1e-6, 0.6 + Z * 1e-6), abs=1e-11)


def test_a_share_of_none_has_limits_on_the_plain_scale_alone():
    assert one(0.0, 0.1, "plain") == pytest.approx((0, Z * 0.1))
    for kind in ("log", "log-log"):
        assert np.isnan(one(0.0, 0.1, kind)[1])


@pytest.mark.parametrize(
    ("kind", "level", "message"),
    [
        ("wald", 0.95, "confidence = 'wald': one of 'log-log', 'log', 'plain'"),
        ("log", 95, "level = 95: strictly between 0 and 1"),
        ("log", 0, "level = 0: strictly between 0 and 1"),
    ],
)
def test_other_scales_and_levels_are_refused(kind, level, message):
    with pytest.raises(ValueError, match=message):
        limits(np.array([0.5]), np.array([0.1]), kind, level)
