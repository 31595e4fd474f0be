"""Sessions in the shop."""

import numpy as np

from helpers.data.synthetic.clock import DAY, DAYS, NEVER
from helpers.data.synthetic.contact import visits


def test_a_session_takes_its_steps_in_order_three_minutes_apart(shop):
    steps = shop.steps
    assert steps["minute"].is_monotonic_increasing and steps["minute"].min() >= 0
    counts = steps["step"].value_counts().sort_index()
    assert counts.is_monotonic_decreasing and counts.index.tolist() == [0, 1, 2, 3]


def test_visits_are_halved_for_a_while(people, shop):
    lulled = visits.lulls(people)
    came = shop.steps[shop.steps["step"] == 0]
    day = came["minute"].to_numpy() // DAY
    last = np.where(shop.members["ended"] == NEVER, DAYS, shop.members["ended"])
    there = np.zeros_like(lulled)
    for customer, first, until in zip(shop.members["customer"], shop.members["started"], last, strict=True):
        there[customer, first:until] = True
    visited = np.zeros(lulled.shape, int)
    np.add.at(visited, (came["customer"], day), 1)
    rates = [visited[there & state].mean() for state in (lulled, ~lulled)]
    assert abs(rates[0] / rates[1] - 0.5) < 0.06  # a few more end orders, which do not halve


def test_what_happens_regularly_happens_once_in_each_one():
    rng = np.random.default_rng(1)
    happens = visits._regularly(np.full((50, 200), 0.1), rng)
    assert np.isin(happens.sum(axis=1), [19, 20]).all() and not happens[:, 0].all()
