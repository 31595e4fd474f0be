"""Runs of a question's answers on one scale: where the scale changed for good, and answers on two scales at once."""

from __future__ import annotations

from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.feedback.vocabulary import AFTER, ANSWERS, BEFORE, HIGHEST_SCORE, LOWEST_SCORE, QUESTION
from helpers.findings.vocabulary import MONTH
from helpers.statistics.shares import mixed_scales

FEWEST_ANSWERS = 10  # below, an interval is as wide as the scale
NAMELESS = "survey"  # the question of answers that name none
STEP = 1.4  # factor by which the highest score must move between two runs of months to be another scale
BY_CHANCE = 1e-6  # that a month has no answer at the top of a scale which other months use


class Run(NamedTuple):
    """Answers to one question from a day on, and before another; None for without end."""

    question: str
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None


def named(surveys: ir.Table) -> ir.Table:
    """Answers to surveys, each with a question: those that name none are of one survey."""
    return surveys.mutate(question=surveys.question.fill_null(NAMELESS))


def monthly_counts(rows: ir.Table) -> pd.DataFrame:
    """How many answers there are of each question, month and score: question, month, score, answers."""
    rows = rows.mutate(month=rows.answered_at.truncate("M"))
    return rows.group_by(QUESTION, MONTH, "score").agg(answers=rows.count()).execute()


def monthly_ranges(counts: pd.DataFrame) -> pd.DataFrame:
    """question, month, answers, lowest_score, highest_score of each month with at least 10 answers."""
    months = counts.groupby([QUESTION, MONTH], as_index=False).agg(
        **{ANSWERS: (ANSWERS, "sum"), LOWEST_SCORE: ("score", "min"), HIGHEST_SCORE: ("score", "max")}
    )
    return months[months[ANSWERS] >= FEWEST_ANSWERS].reset_index(drop=True)


def changes(months: pd.DataFrame) -> pd.DataFrame:
    """The month, if any, at which the highest score of a question moved for good: question, month, before, after."""
    found = [row for name, group in months.groupby(QUESTION) for row in _moved(name, group)]
    return pd.DataFrame(found, columns=[QUESTION, MONTH, BEFORE, AFTER])


def runs(rows: ir.Table, counts: pd.DataFrame) -> list[Run]:
    """The runs of each question whose scale changed, from the day of the first answer on the new scale."""
    parts = []
    for name, _, before, after in changes(monthly_ranges(counts)).itertuples(index=False):
        asked = rows.filter(rows.question == name)
        if after > before:
            day = asked.filter(asked.score > before).answered_at.min().execute()
        else:
            day = asked.filter(asked.score > after).answered_at.max().execute() + pd.Timedelta(days=1)
        at = pd.Timestamp(day).normalize()
        parts += [Run(name, None, at), Run(name, at, None)]
    return parts


def within(rows: ir.Table, run: Run) -> ir.Table:
    """The answers of a run."""
    rows = rows.filter(rows.question == run.question)
    if run.since is not None:
        rows = rows.filter(rows.answered_at >= run.since)
    return rows if run.until is None else rows.filter(rows.answered_at < run.until)


def on_two_scales(counts: pd.DataFrame) -> bool:
    """Whether answers to one question look as if they were on two scales: by their heaps, or in some months only."""
    if mixed_scales(counts["score"], counts["answers"]):
        return True
    top = counts["score"].max()
    for _, month in counts.groupby("month"):
        highest, answers = month["score"].max(), month["answers"].sum()
        others = counts.drop(index=month.index)
        above = others.loc[others["score"] > highest, "answers"].sum() / max(others["answers"].sum(), 1)
        if highest * STEP <= top and answers >= FEWEST_ANSWERS and (1 - above) ** answers < BY_CHANCE:
            return True
    return False


def _moved(name: str, months: pd.DataFrame) -> list[tuple[object, ...]]:
    tops = months[HIGHEST_SCORE].to_numpy()
    for place in range(1, len(tops)):
        before, since = tops[:place].max(), np.median(tops[place:])
        fell = tops[place:].max() * STEP <= tops[:place].min()
        if tops[place] >= before * STEP and since >= before * STEP or fell:
            return [(name, months[MONTH].iloc[place], before, tops[place:].max() if fell else since)]
    return []
