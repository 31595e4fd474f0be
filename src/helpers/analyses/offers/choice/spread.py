"""That not all customers are offered the same good first."""

from __future__ import annotations

import numpy as np

from helpers.statistics.recommenders import NONE


def spread(listed: np.ndarray, scores: np.ndarray, most: int) -> np.ndarray:
    """The place on each list (rows, places) of the good to be offered first, each good to at most `most` rows.

    Rows ask for their goods from the best place on; a good that more than `most` ask for keeps those with the highest
    scores, of equal ones the first rows, and the others ask for their next. NONE for a row whose list ends before.
    Source: Gale & Shapley (1962), deferred acceptance: no row could have a better place without taking it from one
    that scores the good higher.
    """
    rows = np.arange(len(listed))
    place = np.zeros(len(listed), dtype=int)
    while True:
        asking = rows[place < listed.shape[1]]
        asking = asking[listed[asking, place[asking]] != NONE]
        good, score = listed[asking, place[asking]], scores[asking, place[asking]]
        order = np.lexsort((asking, -score, good))
        of_good = good[order]
        rank = np.arange(len(order)) - np.searchsorted(of_good, of_good)
        refused = asking[order[rank >= most]]
        if not len(refused):
            first = np.full(len(listed), NONE)
            first[asking] = place[asking]
            return first
        place[refused] += 1
