"""How much of a catalogue lists show, and how popular that is."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.rankings import catalogue_share, mean_rank


def test_the_published_share_of_a_catalogue_is_reproduced():
    """github.com/recommenders-team/recommenders, its fixture diversity_data: four of five goods are shown, .8."""
    assert catalogue_share(np.array([[3, 5], [2, 5], [1, 2]]), 5) == 0.8


def test_an_empty_place_shows_nothing():
    assert catalogue_share(np.array([[0, -1], [-1, -1]]), 4) == 0.25


def test_the_mean_rank_counts_what_is_shown_and_ties_share_theirs():
    """Counts 9, 5, 5, 1: ranks 1, 2.5, 2.5, 4."""
    assert mean_rank(np.array([[0, 1], [3, -1]]), np.array([9, 5, 5, 1])) == pytest.approx((1 + 2.5 + 4) / 3)
    assert np.isnan(mean_rank(np.array([[-1]]), np.array([1])))
