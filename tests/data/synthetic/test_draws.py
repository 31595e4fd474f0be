"""Draws that are the same on every platform."""

import numpy as np
import pytest

from helpers.data.synthetic import draws


def test_a_table_has_numbers_of_its_own_and_the_same_every_time():
    one, again, other = (draws.uniforms(name).random(4) for name in ("orders", "orders", "events"))
    assert one.tolist() == again.tolist() and not np.isin(one, other).any()


def test_the_first_numbers_are_those_of_the_committed_files():
    """PCG64's stream does not change between numpy's versions (NEP 19)."""
    state = np.random.PCG64([draws.SEED, *b"orders"]).random_raw(3) >> np.uint64(11)
    assert draws.uniforms("orders").random(3).tolist() == (state * 2.0**-53).tolist()


def test_positions_are_drawn_in_proportion_to_weights():
    u = (np.arange(1_000) + 0.5) / 1_000
    assert np.bincount(draws.pick(u, (1, 0, 3))).tolist() == [250, 0, 750]


def test_the_ends_of_the_weights_belong_to_the_position_that_begins_there():
    assert draws.pick(np.array([0.0, 0.25, 0.999999]), (1, 2, 1)).tolist() == [0, 1, 2]


def test_labels_are_the_keys_of_the_weights():
    u = (np.arange(100) + 0.5) / 100
    labels = draws.label(u, {"a": 30, "b": 70})
    assert [(labels == name).sum() for name in "ab"] == [30, 70]


def test_exponential_numbers_are_the_inverse_of_their_distribution():
    u = np.array([0.0, 0.5, 1 - np.exp(-3)])
    assert draws.exponential(u) == pytest.approx([0, np.log(2), 3])
    middle = (np.arange(100_000) + 0.5) / 100_000
    assert draws.exponential(middle).mean() == pytest.approx(1, abs=1e-4)
