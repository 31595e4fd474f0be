"""Changes of a question's scale, which make levels before and after them incomparable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.vocabulary import AFTER, ANSWERS, BEFORE, HIGHEST_SCORE, LOWEST_SCORE, QUESTION
from helpers.analyses.feedback.voice.answers import FEWEST_ANSWERS, named, questions
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts
from helpers.findings.vocabulary import MONTH

STEP = 1.4  # factor by which the highest score must move between two runs of months to be another scale


@dataclass(frozen=True)
class Scales(Finding):
    """Where the scale of a question seems to have changed, and the range of each question's scores by month."""

    table: pd.DataFrame  # one row a change
    months: pd.DataFrame  # question, month, answers, lowest_score, highest_score

    columns = (QUESTION, MONTH, BEFORE, AFTER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The highest score of each month, by question."""
        return charts.line(self.months, x=MONTH, y=HIGHEST_SCORE, group=QUESTION, ax=ax)

    def headline(self) -> str:
        """The changes, and what to do about them."""
        if self.table.empty:
            return f"The scale of no question changed over {self.months[MONTH].nunique()} months."
        row = self.table.iloc[0]
        return (
            f"The scale of “{row[QUESTION]}” seems to have changed in {row[MONTH]:%Y-%m}: scores up to "
            f"{row[BEFORE]:g} before, up to {row[AFTER]:g} since. Levels on both sides do not compare: map the "
            "older scores to the new scale first."
        )


def scales(data: Dataset) -> Scales | NotApplicable:
    """The lowest and highest score of each question and month, and months from which the highest is another for good.

    A change is a month before which no score, and from which on most months' highest score, is at least 1.4 times as
    high, or the other way round; months with fewer than 10 answers are left out.
    """
    asked = questions(data)
    if isinstance(asked, NotApplicable):
        return asked
    rows = named(data.tables["surveys"])
    rows = rows.mutate(month=rows.answered_at.truncate("M"))
    ranges = {LOWEST_SCORE: rows.score.min(), HIGHEST_SCORE: rows.score.max()}
    months = rows.group_by(QUESTION, MONTH).agg(answers=rows.count(), **ranges).order_by(QUESTION, MONTH).execute()
    months = months[months[ANSWERS] >= FEWEST_ANSWERS].reset_index(drop=True)
    if months.empty:
        return NotApplicable(f"no month has {FEWEST_ANSWERS} answers to one question.")
    changes = [row for name, group in months.groupby(QUESTION) for row in _changes(name, group)]
    return Scales(pd.DataFrame(changes, columns=list(Scales.columns)), months)


def _changes(name: str, months: pd.DataFrame) -> list[tuple[object, ...]]:
    """The one month, if any, at which the highest score moved for good: question, month, before, after."""
    tops = months[HIGHEST_SCORE].to_numpy()
    for place in range(1, len(tops)):
        before, since = tops[:place].max(), np.median(tops[place:])
        fell = tops[place:].max() * STEP <= tops[:place].min()
        if tops[place] >= before * STEP and since >= before * STEP or fell:
            return [(name, months[MONTH].iloc[place], before, since)]
    return []
