"""Changes of a question's scale, which make levels before and after them incomparable."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.vocabulary import AFTER, BEFORE, HIGHEST_SCORE, QUESTION
from helpers.analyses.feedback.voice.answers import questions
from helpers.analyses.feedback.voice.scale_runs import FEWEST_ANSWERS, changes, monthly_counts, monthly_ranges, named
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import MONTH


@dataclass(frozen=True)
class Scales(Finding):
    """Where the scale of a question seems to have changed, and the range of each question's scores by month."""

    table: pd.DataFrame  # one row a change
    months: pd.DataFrame  # question, month, answers, lowest_score, highest_score
    mixed: tuple[str, ...]  # questions whose answers look as if they were on two scales at once
    beyond: int = 0  # answers beyond their question's scale

    columns = (QUESTION, MONTH, BEFORE, AFTER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The highest score of each month, by question."""
        return charts.line(self.months, x=MONTH, y=HIGHEST_SCORE, group=QUESTION, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What is the highest score of each month?")

    def headline(self) -> Sentence:
        """The changes, and what to do about them."""
        if self.mixed:
            mixed = say(
                "Answers to “{question}” look as if they were on two scales at once, so no level of it is told.",
                question=facts.Name(self.mixed[0]),
            )
            return mixed.resting_on(say("Name the two questions apart."))
        if self.table.empty:
            months = facts.Count(self.months[MONTH].nunique())
            none = say("No question changed its scale in {months} months.", months=months)
            return none.resting_on(self._slips())
        row = self.table.iloc[0]
        return say(
            "The scale of “{question}” seems to have changed in {month}.",
            question=facts.Name(row[QUESTION]),
            month=facts.Name(f"{row[MONTH]:%Y-%m}"),
        ).resting_on(
            say(
                "Scores went up to {before} before, and up to {after} since: levels on both sides do not compare, and "
                "are told apart.",
                before=facts.Number(row[BEFORE]),
                after=facts.Number(row[AFTER]),
            ),
            self._slips(),
        )

    def _slips(self) -> Sentence | None:
        """The answers that count nowhere."""
        if not self.beyond:
            return None
        return say("Beyond their question's scale, and left out: {answers} answers.", answers=facts.Count(self.beyond))


@analysis
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
        return NotApplicable(say("no month has {least} answers to one question.", least=facts.Count(FEWEST_ANSWERS)))
    mixed = tuple(each.name for each in asked if each.mixed)
    return Scales(changes(months), months, mixed, sum(each.beyond for each in asked))
