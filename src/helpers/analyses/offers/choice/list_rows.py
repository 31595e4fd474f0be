"""The rows of what customers are offered: good by good, with its chance and the reason for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from helpers.analyses.offers.choice.contest import PLACES, Task
from helpers.analyses.offers.choice.histories import Histories
from helpers.analyses.offers.choice.scorers import BESTSELLERS, Scorer, by_group, rules
from helpers.analyses.offers.choice.spread import spread
from helpers.analyses.offers.choice.time_trial import Trial
from helpers.analyses.offers.choice.vocabulary import (
    BECAUSE_OF,
    BECAUSE_ON,
    CHANCE,
    IS_COLD,
    RANK,
    REASON,
    SCORE,
    SCORER,
    TASK,
)
from helpers.analyses.offers.vocabulary import GOOD
from helpers.data.datasets import Dataset
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.statistics.rankings import hits
from helpers.statistics.recommenders import BLOCK_ROWS, NO_TERM, NONE, Rule, best

OFFERS = 3  # a customer and list
MOST_PLACES = 50  # that are looked at for a customer's first offer
AGAIN = "again"


def list_rows(
    trial: Trial, task: Task, histories: Histories, barred: csr_array, standing: np.ndarray, most: int
) -> pd.DataFrame:
    """The rows of one list: customer, list, rank, good, score, chance, reason and rule."""
    scorer = trial.chosen(task)
    rule = rules(histories, trial.groups, trial.penalty, (scorer,))[scorer]
    if task == Task.ANY:
        listed, scores = _own(rule, histories, barred, standing)
    else:
        rows = np.arange(len(histories.customers))
        listed, scores = best(rule, rows, MOST_PLACES if most else OFFERS, standing=standing, barred=barred)
        if most:
            listed, scores = _first_to_front(listed, scores, spread(listed, scores, most))
    row, place = np.nonzero(listed != NONE)
    good = listed[row, place]
    return pd.DataFrame({
        CUSTOMER_ID: histories.customers[row],
        TASK: AGAIN if task == Task.ANY else str(task),
        RANK: place + 1,
        GOOD: histories.goods[good],
        SCORE: scores[row, place],
        CHANCE: _chance(trial, task, scores[row, place]),
        **_reasons(task, rule, scorer, histories, row, good),
        SCORER: str(scorer),
        IS_COLD: False,
    })  # fmt: skip


def _own(rule: Rule, histories: Histories, barred: csr_array, standing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The goods that each customer bought and that are among the best of all, at most three; by blocks of customers."""
    size = len(histories.customers)
    parts = []
    for start in range(0, max(size, 1), BLOCK_ROWS):
        rows = np.arange(start, min(start + BLOCK_ROWS, size))
        listed, scores = best(rule, rows, PLACES, standing=standing, barred=barred)
        listed = np.where(hits(listed, histories.purchases[rows]), listed, NONE)
        order = np.argsort(listed == NONE, axis=1, kind="stable")[:, :OFFERS]  # empty places follow
        parts.append([np.take_along_axis(each, order, axis=1) for each in (listed, scores)])
    listed, scores = map(np.concatenate, zip(*parts, strict=True))
    return listed, scores


def _first_to_front(listed: np.ndarray, scores: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The good of place `first` and the next best two; none where there is no first."""
    others = (np.where(first >= place, place - 1, place) for place in range(1, OFFERS))
    order = np.stack([first, *others], axis=1)
    front, of_front = (np.take_along_axis(each, order, axis=1) for each in (listed, scores))
    return np.where((first == NONE)[:, None], NONE, front), of_front


def _chance(trial: Trial, task: Task, scores: np.ndarray) -> np.ndarray:
    """How often goods of such a score were bought in the trial: never less often of a higher score."""
    from sklearn.isotonic import IsotonicRegression

    if task not in trial.rounds or not len(scores):
        return np.full(len(scores), np.nan)
    entry = trial.rounds[task].entries[trial.chosen(task)]
    is_listed = entry.listed != NONE
    fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    return fit.fit(entry.scores[is_listed], entry.hit[is_listed]).predict(scores)


def _reasons(
    task: Task, rule: Rule, scorer: Scorer, histories: Histories, row: np.ndarray, good: np.ndarray
) -> dict[str, np.ndarray]:
    """Why each good is offered: the good that speaks for it most, itself if again, and when that was last bought."""
    if task == Task.ANY:
        before = np.full(len(row), "bought_before", dtype=object)
        return {
            REASON: before,
            BECAUSE_OF: histories.goods.to_numpy(object)[good],
            BECAUSE_ON: histories.last_on(row, good),
        }
    nothing, never = _nothing(len(row))
    if scorer in (*BESTSELLERS, Scorer.POPULAR_IN_GROUP):
        best_sold = "group_bestseller" if scorer == Scorer.POPULAR_IN_GROUP else "bestseller"
        return {REASON: np.full(len(row), best_sold, dtype=object), BECAUSE_OF: nothing, BECAUSE_ON: never}
    cause = rule.causes(row, good)
    is_known = cause != NO_TERM
    names, reasons = nothing, np.where(is_known, "bought_other", "bestseller").astype(object)
    names[is_known] = histories.goods.to_numpy(object)[cause[is_known]]
    never[is_known] = histories.last_on(row[is_known], cause[is_known])
    return {REASON: reasons, BECAUSE_OF: names, BECAUSE_ON: never}


def cold_rows(trial: Trial, data: Dataset, histories: Histories, standing: np.ndarray) -> pd.DataFrame:
    """Bestsellers for customers of whom no purchase is known, by group where there is one."""
    ids = pd.Index(data.customers[CUSTOMER_ID]).difference(histories.customers)
    groups = trial.groups if trial.groups is not None else pd.Series(0, index=data.customers[CUSTOMER_ID])
    scorer = Scorer.POPULAR if trial.groups is None else Scorer.POPULAR_IN_GROUP
    rule = by_group(histories, groups, ids)
    listed, scores = best(rule, np.arange(len(ids)), OFFERS, standing=standing)
    row, place = np.nonzero(listed != NONE)
    reason = "bestseller" if trial.groups is None else "group_bestseller"
    nothing, never = _nothing(len(row))
    return pd.DataFrame({
        CUSTOMER_ID: ids[row],
        TASK: str(Task.NEW),
        RANK: place + 1,
        GOOD: histories.goods[listed[row, place]],
        SCORE: scores[row, place],
        CHANCE: np.nan,
        REASON: reason,
        BECAUSE_OF: nothing,
        BECAUSE_ON: never,
        SCORER: str(scorer),
        IS_COLD: True,
    })  # fmt: skip


def _nothing(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """No good and no day for each of some rows."""
    return np.full(rows, None, dtype=object), np.full(rows, "NaT", dtype="datetime64[us]")
