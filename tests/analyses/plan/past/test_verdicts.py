"""The first rule that fits decides."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import norm

from helpers.analyses.plan.past.verdicts import Evidence, more_customers, share_held_out, verdict
from helpers.statistics.designs import smallest_seen

KNOWN = Evidence("", 0.6, False, 0.01, -0.02, 0.04, 1, 0.03, (-1.0, 2.0), 0.4, 500, 0.2)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fault": "sample_ratio", "contribution": (1, 2)}, "unreadable"),
        ({"done_rate": 0.1, "contribution": (1, 2)}, "not_carried_out"),
        ({"contribution": (-3, -1)}, "stop"),
        ({"lower": -0.05, "upper": -0.01, "contribution": (1, 2)}, "stop"),
        ({"direction": -1, "lower": 0.01, "upper": 0.04}, "stop"),
        ({"contribution": (0.5, 2)}, "scale"),
        ({"open": True}, "early"),
        ({"effect": np.nan, "lower": np.nan, "upper": np.nan, "contribution": (np.nan, np.nan)}, "early"),
        ({"upper": 0.02}, "cannot_pay"),
        ({"direction": -1, "lower": -0.02}, "cannot_pay"),
        ({}, "testing"),
    ],
)
def test_a_verdict(changed, code):
    assert verdict(dataclasses.replace(KNOWN, **changed), 0.3)[0] == code


def test_more_customers_would_just_show_the_effect_worth_having():
    """Four times in five by the limits of later plans, which are 2.75 standard errors; by 1.96 they would be too few."""
    needed = more_customers(KNOWN) + KNOWN.customers
    std_error = 0.4 / np.sqrt(0.2 * 0.8 * needed)
    assert norm.sf(2.75 - 0.03 / std_error) == pytest.approx(0.8, abs=1e-3)
    assert np.isnan(more_customers(dataclasses.replace(KNOWN, worthwhile=0.0)))
    assert more_customers(dataclasses.replace(KNOWN, customers=20_000)) == 1


def test_the_share_held_out_is_no_larger_than_it_must_be():
    assert share_held_out(100, 0.01, 0.4) == share_held_out(100, 0.0, 0.4) == 0.5
    share = share_held_out(25_000, 0.03, 0.4)
    assert share < 0.1 and smallest_seen(25_000, share, std_dev=0.4, alpha=2 * norm.sf(2.24)) <= 0.03
