"""Changes of a question's scale, which make levels before and after them incomparable."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.vocabulary import AFTER, BEFORE, HIGHEST_SCORE, QUESTION
from helpers.analyses.feedback.voice.answers import questions
from helpers.analyses.feedback.voice.scale_runs import FEWEST_ANSWERS, changes, monthly_counts, monthly_ranges, named
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts
from helpers.findings.vocabulary import MONTH


@dataclass(frozen=True)
class Scales(Finding):
    """Where the scale of a question seems to have changed, and the range of each question's scores by month."""

    table: pd.DataFrame  # one row a change
    months: pd.DataFrame  # question, month, answers, lowest_score, highest_score
    mixed: tuple[str, ...]  # questions whose answers look as if they were on two scales at once

    columns = (QUESTION, MONTH, BEFORE, AFTER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The highest score of each month, by question."""
        return charts.line(self.months, x=MONTH, y=HIGHEST_SCORE, group=QUESTION, ax=ax)

    def headline(self) -> str:
        """The changes, and what to do about them."""
        if self.mixed:
            return (
                f"Answers to “{self.mixed[0]}” look as if they were on two scales at once, so no level of it is told: "
                "name the two questions apart."
            )
        if self.table.empty:
            return f"The scale of no question changed over {self.months[MONTH].nunique()} months."
        row = self.table.iloc[0]
        return (
            f"The scale of “{row[QUESTION]}” seems to have changed in {row[MONTH]:%Y-%m}: scores up to "
            f"{row[BEFORE]:g} before, up to {row[AFTER]:g} since. Levels on both sides do not compare, and are told "
            "apart."
        )


def scales(data: Dataset) -> Scales | NotApplicable:
    """The lowest and highest score of each question and month, and months from which the highest is another for good.

    A change is a month before which no score, and from which on most months' highest score, is at least 1.4 times as
    high, or the other way round; months with fewer than 10 answers are left out.
    """
    asked = questions(data)
    if isinstance(asked, NotApplicable):
        return asked
    months = monthly_ranges(monthly_counts(named(data.tables["surveys"])))
    if months.empty:
        return NotApplicable(f"no month has {FEWEST_ANSWERS} answers to one question.")
    return Scales(changes(months), months, tuple(each.name for each in asked if each.mixed))
