"""The rules that are tried: bestsellers, what a customer bought, and what that says of other goods."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from helpers.analyses.offers.choice.histories import Histories
from helpers.statistics.recommenders import Ranks, Rule, Weighted, cosines, ridge_weights

PENALTIES = (50, 200, 500, 1000)  # of the ridge regressions, of which one is chosen by an earlier trial
PENALTY = 500  # where there is no earlier trial


class Scorer(StrEnum):
    """A rule that scores goods."""

    POPULAR = "popular"  # in the last 90 days
    POPULAR_EVER = "popular_ever"
    POPULAR_IN_GROUP = "popular_in_group"
    OWN = "own"
    OWN_FADING = "own_fading"
    ALIKE = "alike"
    EASE = "ease"
    TOGETHER = "together"


BESTSELLERS = (Scorer.POPULAR, Scorer.POPULAR_EVER)  # all customers get the same
OF_THEIR_OWN = (Scorer.OWN, Scorer.OWN_FADING)  # say nothing of goods that are new to a customer


def rules(
    histories: Histories, groups: pd.Series | None, penalty: float, wanted: Collection[Scorer] = tuple(Scorer)
) -> dict[Scorer, Rule]:
    """The rules `wanted`, made of what `histories` know. `groups` is customer_id → group, None for no rule by group."""
    everybody = csr_array(np.ones((len(histories.customers), 1)))
    made: dict[Scorer, Rule] = {
        Scorer.POPULAR: Weighted(everybody, histories.recent_buyers[None]),
        Scorer.POPULAR_EVER: Weighted(everybody, histories.buyers[None]),
        Scorer.OWN: Weighted(histories.orders),
        Scorer.OWN_FADING: Weighted(histories.fading),
    }
    if groups is not None:
        made[Scorer.POPULAR_IN_GROUP] = by_group(histories, groups, histories.customers)
    if Scorer.ALIKE in wanted:
        made[Scorer.ALIKE] = Weighted(histories.purchases, cosines(histories.together))
    if {Scorer.EASE, Scorer.TOGETHER} & set(wanted):
        made[Scorer.EASE] = learnt(histories, penalty)
        made[Scorer.TOGETHER] = Ranks((made[Scorer.OWN], made[Scorer.EASE]), histories.standing)
    return {scorer: made[scorer] for scorer in Scorer if scorer in wanted and scorer in made}


def learnt(histories: Histories, penalty: float) -> Weighted:
    """EASE: what all that a customer bought foretells of each good."""
    return Weighted(histories.purchases, ridge_weights(histories.together, penalty))


def by_group(histories: Histories, groups: pd.Series, customers: pd.Index) -> Weighted:
    """The buyers of each good in the last 90 days, in the group of each of `customers`; those without one are one."""
    names = pd.Index(groups.dropna().unique())
    member, asked = (_members(groups.reindex(each), names) for each in (histories.customers, customers))
    return Weighted(asked, (member.T @ histories.recent).toarray())


def _members(groups: pd.Series, names: pd.Index) -> csr_array:
    """1 for the group of each customer."""
    code = names.get_indexer(groups)
    code[code < 0] = len(names)
    return csr_array((np.ones(len(code)), (np.arange(len(code)), code)), shape=(len(code), len(names) + 1))
