"""Paid memberships."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic import draws
from helpers.data.synthetic.clock import DAY, DAYS, NEVER
from helpers.data.synthetic.contact import service, visits
from helpers.data.synthetic.customers import memberships
from helpers.data.synthetic.customers import people as crowd
from helpers.data.synthetic.truth import TRUTH


def followed(members: pd.DataFrame) -> np.ndarray:
    """Whether each member (row) may leave on a day (column)."""
    ended = np.where(members["ended"] == NEVER, DAYS - 1, members["ended"])
    days = np.arange(DAYS)
    return (days > members["started"].to_numpy()[:, None]) & (days <= ended[:, None])


def test_leave_rates_have_no_bias_over_many_shops(monkeypatch):
    left, expected = 0, 0.0
    for seed in range(4):
        monkeypatch.setattr(draws, "SEED", seed)
        people = crowd.customers()
        requests = service.complaints(people, pd.DataFrame({"customer": [], "minute": []}).astype(int))
        complains = memberships.complaining(requests[requests["unresolved"]], len(people))
        strained = memberships.strain(complains, visits.lulls(people))
        members = memberships.left(memberships.joined(people), people, strained)
        channel = people["channel"].to_numpy()[members["customer"]]
        hazard = np.array([TRUTH.daily_hazard(*each) for each in zip(members["plan"], channel, strict=True)])
        daily = -np.expm1(-hazard[:, None] * strained[members["customer"]])
        left, expected = left + (members["ended"] >= 0).sum(), expected + daily[followed(members)].sum()
    assert abs(left - expected) < 3 * np.sqrt(expected)  # about 8,000 leavers: a bias of 3.4 % would show


def test_complaints_and_halved_visits_strain_and_nothing_else():
    made = pd.DataFrame({"customer": [0, 0], "opened": [5 * DAY, 30 * DAY]})
    complains = memberships.complaining(made, 2)
    assert np.flatnonzero(complains[0]).tolist() == list(range(6, 31 + TRUTH.complaint_days))
    lulled = np.zeros((2, DAYS), bool)
    lulled[:, 10:12] = True
    strained = memberships.strain(complains, lulled)
    assert strained[0, [5, 6, 10]] == pytest.approx([1, TRUTH.complaint_hazard, 1.8 * 1.5])
    assert strained[1, [9, 10, 12]] == pytest.approx([1, TRUTH.halved_hazard, 1])


def test_members_leave_faster_by_as_much_as_planted(shop):
    """Leavers by day at risk, beside those of the days without; 3 standard errors, plans and channels apart."""
    members, at_risk = shop.members, followed(shop.members)
    channel = shop.people["channel"].to_numpy()[members["customer"]]
    hazard = np.array([TRUTH.daily_hazard(*each) for each in zip(members["plan"], channel, strict=True)])
    leaves = at_risk & (np.arange(DAYS) == members["ended"].to_numpy()[:, None])
    strained = shop.strained[members["customer"]].round(2)
    weighted = at_risk * hazard[:, None]
    for ratio, states, others in (
        (TRUTH.complaint_hazard, (1.8, 2.7), (1.0, 1.5)),
        (TRUTH.halved_hazard, (1.5,), (1.0,)),
    ):
        state, other = np.isin(strained, states), np.isin(strained, others)
        if len(states) > 1:  # halved visits weigh as much in both
            weighted = weighted * np.where(np.isin(strained, (1.5, 2.7)), 1.5, 1)
        counts = [leaves[each].sum() for each in (state, other)]
        found = counts[0] / weighted[state].sum() / (counts[1] / weighted[other].sum())
        weighted = at_risk * hazard[:, None]
        assert abs(np.log(found / ratio)) < 3 * np.sqrt(sum(1 / count for count in counts)), ratio


def test_true_shares_of_stays_are_products_of_days(shop):
    shares = memberships.stay_shares(shop.members, shop.people, np.ones_like(shop.strained), 90)
    one = shop.members.index[shares.notna()][0]
    plan, channel = shop.members["plan"][one], shop.people["channel"][shop.members["customer"][one]]
    assert shares[one] == pytest.approx(TRUTH.stay_share(plan, channel, 90))
    assert shares[shop.members["started"] + 90 >= DAYS].isna().all()


def test_memberships_shrink_because_fewer_begin(shop):
    ended = np.where(shop.members["ended"] == NEVER, DAYS, shop.members["ended"])
    began = [shop.members["started"].between(*each).sum() for each in ((275, 365), (640, 730))]  # last quarters
    there = [((shop.members["started"] < day) & (ended >= day)).sum() for day in (640, 730)]
    left = [((ended >= day - 90) & (ended <= day)).sum() for day in (365, 730)]
    assert began[1] < 0.5 * began[0] and there[1] < there[0] and left[1] < 1.5 * left[0]
