"""That not all customers are offered the same good first."""

from __future__ import annotations

import numpy as np

from helpers.analyses.offers.choice.spread import spread
from helpers.statistics.recommenders import NONE


def test_a_good_keeps_those_who_score_it_highest_and_the_others_get_their_next():
    listed = np.array([[0, 1], [0, 1], [0, 2], [1, NONE]])
    scores = np.array([[9.0, 1], [8, 5], [7, 6], [3, -np.inf]])
    assert spread(listed, scores, 1).tolist() == [0, 1, 1, NONE], "the last is refused good 1, and has no other"
    assert spread(listed, scores, 2).tolist() == [0, 0, 1, 0]
    assert spread(listed, scores, 9).tolist() == [0, 0, 0, 0]


def test_nobody_could_have_a_better_place_without_taking_it_from_who_scores_higher():
    rng = np.random.default_rng(6)
    listed = np.array([rng.permutation(12)[:8] for _ in range(90)])
    scores = -np.sort(-rng.random((90, 8)), axis=1)
    place = spread(listed, scores, 9)
    got = np.where(place == NONE, NONE, listed[np.arange(90), place])
    assert np.bincount(got[got != NONE], minlength=12).max() == 9
    for row in range(90):
        for better in range(8 if place[row] == NONE else place[row]):
            holders = np.flatnonzero(got == listed[row, better])
            assert len(holders) == 9
            assert (scores[holders, place[holders]] > scores[row, better]).all()
