"""Which rule recommends best: each makes its lists on an earlier day, and what was bought since says who was right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from helpers.analyses.offers.choice.histories import Histories
from helpers.analyses.offers.choice.scorers import BESTSELLERS, OF_THEIR_OWN, PENALTIES, PENALTY, Scorer, learnt, rules
from helpers.analyses.offers.choice.vocabulary import (
    CATALOGUE_SHARE,
    GAIN_POINTS,
    HIT_RATE_5,
    HIT_RATE_10,
    NDCG_10,
    POPULARITY_RANK,
    PRECISION_10,
    RECALL_10,
    SCORER,
    TASK,
)
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, P_VALUE, UPPER
from helpers.statistics.clusters import seeded_sample
from helpers.statistics.inference import adjust
from helpers.statistics.rankings import catalogue_share, hit_gain, hits, list_accuracy, mean_rank
from helpers.statistics.recommenders import Rule, best

PLACES, SHORT = 10, 5
MOST_CUSTOMERS = 20_000  # of a trial; of more a seeded sample


class Task(StrEnum):
    """What a list is for."""

    ANY = "any"  # remind and replenish: whatever the customer buys
    NEW = "new"  # cross-sell: goods that the customer has not bought yet


@dataclass(frozen=True, eq=False)
class Entry:
    """The lists that one rule made for the customers of a task, and which of their places were right."""

    listed: np.ndarray
    scores: np.ndarray
    hit: np.ndarray
    ndcg: float

    @property
    def any_hit(self) -> np.ndarray:
        """Of each customer whether one of all places was right."""
        return np.asarray(self.hit.any(axis=1))


@dataclass(frozen=True, eq=False)
class Round:
    """One task: its entries, the better of both kinds of bestsellers, and the rule to use."""

    table: pd.DataFrame
    entries: dict[Scorer, Entry]
    reference: Scorer
    best: Scorer  # by NDCG
    chosen: Scorer  # the best where it surely hits more customers than the reference, else that


def rounds(
    histories: Histories, bought_since: csr_array, groups: pd.Series | None, penalty: float = PENALTY
) -> dict[Task, Round]:
    """Both tasks, of those for which at least twenty customers bought something; the best rule first in each table."""
    made = rules(histories, groups, penalty)
    found = {task: _entries(task, made, histories, bought_since) for task in Task}
    tables = {task: _table(task, entries, histories, right) for task, (entries, right) in found.items() if entries}
    if not tables:
        return {}
    p_values = pd.concat([table[P_VALUE] for table in tables.values()], keys=tables)
    adjusted = pd.Series(adjust(p_values, "holm"), p_values.index)
    return {
        task: _decided(table.assign(**{ADJUSTED_P_VALUE: adjusted[task]}), found[task][0])
        for task, table in tables.items()
    }


def penalty_of(histories: Histories, bought_since: csr_array) -> float:
    """The penalty of EASE whose lists of goods that are new have the highest NDCG; 500 where too few bought any."""
    if not len(histories.goods):
        return PENALTY
    relevant, asked = _asked(Task.NEW, histories, bought_since)
    if len(asked) < LEAST_AT_RISK:
        return PENALTY
    accuracy = {each: _entry(Task.NEW, learnt(histories, each), histories, relevant, asked).ndcg for each in PENALTIES}
    return max(accuracy, key=lambda each: accuracy[each])


def _entries(
    task: Task, made: dict[Scorer, Rule], histories: Histories, bought_since: csr_array
) -> tuple[dict[Scorer, Entry], csr_array]:
    """What each rule that can speak to the task listed, and what would be right; nothing of too few customers."""
    relevant, asked = _asked(task, histories, bought_since)
    if len(asked) < LEAST_AT_RISK:
        return {}, relevant[asked]
    able = [scorer for scorer in made if not (task == Task.NEW and scorer in OF_THEIR_OWN)]
    return {scorer: _entry(task, made[scorer], histories, relevant, asked) for scorer in able}, relevant[asked]


def _table(task: Task, entries: dict[Scorer, Entry], histories: Histories, right: csr_array) -> pd.DataFrame:
    """The measures of each rule, the best first; bestsellers, with which others are compared, have no p-value."""
    reference = entries[_reference(entries)]
    rows = [_row(task, scorer, entry, histories, right, reference) for scorer, entry in entries.items()]
    table = pd.DataFrame(rows).sort_values(NDCG_10, ascending=False, kind="stable").reset_index(drop=True)
    table[P_VALUE] = table[P_VALUE].mask(table[SCORER].isin(BESTSELLERS))
    return table


def _reference(entries: dict[Scorer, Entry]) -> Scorer:
    """The kind of bestsellers that hits more customers."""
    return max(BESTSELLERS, key=lambda each: entries[each].any_hit.mean())


def _decided(table: pd.DataFrame, entries: dict[Scorer, Entry]) -> Round:
    """The rule to use, from p-values that are corrected for the number of rules and tasks."""
    first, reference = table.iloc[0], _reference(entries)
    is_better = first[ADJUSTED_P_VALUE] < SIGNIFICANCE and first[GAIN_POINTS] > 0
    top = Scorer(first[SCORER])
    return Round(table.drop(columns=P_VALUE), entries, reference, top, top if is_better else reference)


def _asked(task: Task, histories: Histories, bought_since: csr_array) -> tuple[csr_array, np.ndarray]:
    """What would be right for each customer, and the customers for whom something would; some of very many."""
    relevant = bought_since
    if task == Task.NEW:
        relevant = csr_array(relevant - relevant.multiply(histories.purchases))
        relevant.eliminate_zeros()
    rows = np.flatnonzero(np.diff(relevant.indptr))
    return relevant, rows[seeded_sample(len(rows), MOST_CUSTOMERS, 0)]


def _entry(task: Task, rule: Rule, histories: Histories, relevant: csr_array, asked: np.ndarray) -> Entry:
    barred = histories.purchases if task == Task.NEW else None
    listed, scores = best(rule, asked, PLACES, standing=histories.standing, barred=barred)
    right = relevant[asked]
    hit = hits(listed, right)
    return Entry(listed, scores, hit, float(list_accuracy(hit, np.diff(right.indptr))["ndcg"].mean()))


def _row(
    task: Task, scorer: Scorer, entry: Entry, histories: Histories, right: csr_array, reference: Entry
) -> dict[str, object]:
    means = list_accuracy(entry.hit, np.diff(right.indptr)).mean()
    gain = hit_gain(entry.any_hit, reference.any_hit)
    return {
        TASK: str(task),
        SCORER: str(scorer),
        CUSTOMERS: len(entry.hit),
        HIT_RATE_5: float(entry.hit[:, :SHORT].any(axis=1).mean()),
        HIT_RATE_10: means["hit"],
        PRECISION_10: means["precision"],
        RECALL_10: means["recall"],
        NDCG_10: means["ndcg"],
        CATALOGUE_SHARE: catalogue_share(entry.listed, len(histories.goods)),
        POPULARITY_RANK: mean_rank(entry.listed, histories.buyers),
        GAIN_POINTS: gain.gain,
        LOWER: gain.lower,
        UPPER: gain.upper,
        P_VALUE: gain.p_value,
    }
