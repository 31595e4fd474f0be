"""Rules that score every good for every customer, and say why."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from helpers.statistics.recommenders.rules import NO_TERM, Ranks, Weighted

COUNTS = csr_array(np.array([[2.0, 0, 1], [0, 0, 0], [0, 1, 0]]))
WEIGHTS = np.array([[0, 0.5, 0.1], [0.2, 0, -0.3], [0.4, 0.9, 0]])
ALL = np.arange(3)


def test_scores_are_products_of_profiles_and_weights():
    assert Weighted(COUNTS, WEIGHTS).scores(ALL) == pytest.approx(COUNTS.toarray() @ WEIGHTS)
    assert Weighted(COUNTS).scores(ALL[[2, 0]]) == pytest.approx(COUNTS.toarray()[[2, 0]])


def test_the_cause_is_the_largest_term_of_a_score():
    """Good 1 for customer 0: 2 × .5 by good 0, 1 × .9 by good 2. What lowers a score causes nothing."""
    rule = Weighted(COUNTS, WEIGHTS)
    assert rule.causes(ALL, np.array([1, 1, 0])).tolist() == [0, NO_TERM, 1]
    assert rule.causes(ALL, np.array([0, 0, 2])).tolist() == [2, NO_TERM, NO_TERM]
    assert Weighted(COUNTS).causes(ALL, np.array([2, 2, 0])).tolist() == [2, NO_TERM, NO_TERM]


def test_rules_together_rank_by_the_mean_of_their_ranks():
    """Of customer 0 the counts rank the goods 0, 2, 1 and the weights (.4, 1.9, .2) 1, 0, 2."""
    standing = np.array([0.2, 0.1, 0.0])
    both = Ranks((Weighted(COUNTS), Weighted(COUNTS, WEIGHTS)), standing)
    assert both.scores(ALL[:1]).tolist() == [[-0.5, -1.0, -1.5]]
    assert both.scores(ALL[1:2]).tolist() == [[0, -1, -2]], "nothing is known: by standing"
    assert both.causes(ALL, np.array([1, 1, 0])).tolist() == [0, NO_TERM, 1]
