"""Paid memberships."""

import numpy as np

from helpers.data.synthetic import draws, memberships
from helpers.data.synthetic import people as crowd
from helpers.data.synthetic.clock import DAYS
from helpers.data.synthetic.truth import TRUTH


def test_leave_rates_have_no_bias_over_many_shops(monkeypatch):
    left, expected = 0, 0.0
    for seed in range(12):
        monkeypatch.setattr(draws, "SEED", seed)
        people = crowd.customers()
        members = memberships.memberships(people)
        followed = np.where(members["ended"] < 0, DAYS - 1, members["ended"]) - members["started"]
        channel = people["channel"].to_numpy()[members["customer"]]
        daily = [1 - TRUTH.stay_share(*each, 1) for each in zip(members["plan"], channel, strict=True)]
        left, expected = left + (members["ended"] >= 0).sum(), expected + (daily * followed).sum()
    assert abs(left - expected) < 3 * np.sqrt(expected)  # about 18,000 leavers: a bias of 2.3 % would show
