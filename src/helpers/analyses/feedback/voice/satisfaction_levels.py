"""How pleased customers are by their answers: every question, and its course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.vocabulary import (
    ANSWERS,
    LABEL,
    LEVEL,
    LEVEL_POINTS,
    MEASURE,
    NPS_POINTS,
    PERIOD,
    QUESTION,
    SATISFIED_SHARE,
    SCALE_TOP,
)
from helpers.analyses.feedback.voice.answers import (
    Change,
    Measure,
    Question,
    answers_to,
    apart,
    between,
    change,
    latest,
    level,
    levels,
    meaning,
    question_of,
    questions,
    spoken,
    written,
)
from helpers.analyses.feedback.voice.scale_runs import FEWEST_ANSWERS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import CUSTOMERS, LOWER, MEANING, UPPER

MONTHS_BY_QUARTER = 24  # from more months on, the course is by quarter
WINDOW_DAYS = (7, 730)  # the shortest and the longest window that is compared with the one before


@dataclass(frozen=True)
class Satisfaction(Finding):
    """Every question of the surveys: how pleased the latest answer of each customer is."""

    table: pd.DataFrame  # customers with one answer each, all answers beside them

    columns = (QUESTION, MEASURE, SCALE_TOP, LEVEL, LOWER, UPPER, CUSTOMERS, ANSWERS)
    shown = (QUESTION, MEASURE, LEVEL_POINTS, LOWER, UPPER, CUSTOMERS, ANSWERS, MEANING)

    def summary(self) -> pd.DataFrame:
        """One row a question, levels in points of 100."""
        points = self.table.assign(**{name: 100 * self.table[name] for name in (LEVEL, LOWER, UPPER)})
        words = [str(meaning(*how)) for how in zip(self.table[MEASURE], self.table[SCALE_TOP], strict=True)]
        return points.rename(columns={LEVEL: LEVEL_POINTS}).drop(columns=SCALE_TOP).assign(**{MEANING: words})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each question with its interval."""
        labels = [
            str(
                say(
                    "{question}, {measure}",
                    question=facts.Word(question, QUESTION),
                    measure=facts.Word(measure, MEASURE),
                )
            )
            for question, measure in zip(self.table[QUESTION], self.table[MEASURE], strict=True)
        ]
        return charts.forest(self.to_show().assign(**{LABEL: labels}), estimate=LEVEL_POINTS, label=LABEL, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How pleased do the answers to each question say that customers are?")

    def headline(self) -> Sentence:
        """NPS and the share of the satisfied, as far as there are both; each of the first three questions below."""
        first = self.table.head(3)
        known = first.dropna(subset=LEVEL)
        by_measure = known.drop_duplicates(MEASURE).set_index(MEASURE)[LEVEL]
        levels = {measure: spoken(measure, value) for measure, value in by_measure.items()}
        return _levels_told(levels).resting_on(*(_level_told(row) for _, row in first.iterrows()))


@dataclass(frozen=True)
class Course(Finding):
    """A question's level over time, and its change from the window before to the last one."""

    table: pd.DataFrame
    question: Question
    window_days: int
    change: Change | None  # None for too few answers
    now: float  # level in the last window
    before: float  # level in the window before
    answers: int  # in the last window

    columns = (PERIOD, ANSWERS, LEVEL, LOWER, UPPER)
    shown = (PERIOD, ANSWERS, NPS_POINTS, SATISFIED_SHARE, LOWER, UPPER)

    def summary(self) -> pd.DataFrame:
        """One row a month or quarter, the last one first."""
        return written(self.question, self.table.sort_values(PERIOD, ascending=False))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level with its interval, over time."""
        periods = written(self.question, self.table)
        return charts.line(periods, x=PERIOD, y=self.question.column, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.question.measure == Measure.NPS:
            return say("How does NPS move over time?")
        return say("How does the share of satisfied customers move over time?")

    def headline(self) -> Sentence:
        """Whether the last window differs from the one before by more than chance, and both levels."""
        question = say("Question “{question}”.", question=facts.Word(self.question.label, QUESTION))
        days = facts.Days(self.window_days)
        if self.change is None:
            few = say("There are too few answers to tell whether customers became more or less pleased.")
            least = say(
                "Each of two windows of {days} needs {least} answers.", days=days, least=facts.Count(FEWEST_ANSWERS)
            )
            return few.resting_on(least, question)
        interval = facts.Range(*(apart(self.question.measure, end) for end in (self.change.lower, self.change.upper)))
        answers = facts.Count(self.answers)
        if self.change.p_value < SIGNIFICANCE:
            clear = say(
                "The change is {interval}, of {answers} answers; beyond chance.", interval=interval, answers=answers
            )
            return self._moved(days).resting_on(clear, question)
        unseen = say(
            "The change is {interval}: {answers} answers cannot show less.", interval=interval, answers=answers
        )
        return self._unmoved(days).resting_on(unseen, question)

    def _moved(self, days: facts.Days) -> Sentence:
        """That the level rose or fell."""
        before, now = (spoken(self.question.measure, level) for level in (self.before, self.now))
        rose = self.change is not None and self.change.difference > 0
        if self.question.measure == Measure.NPS:
            if rose:
                return say("NPS rose from {before} to {now} in the last {days}.", before=before, now=now, days=days)
            return say("NPS fell from {before} to {now} in the last {days}.", before=before, now=now, days=days)
        if rose:
            return say(
                "More customers are satisfied: {now} in the last {days}, {before} before.",
                now=now,
                days=days,
                before=before,
            )
        return say(
            "Fewer customers are satisfied: {now} in the last {days}, {before} before.",
            now=now,
            days=days,
            before=before,
        )

    def _unmoved(self, days: facts.Days) -> Sentence:
        """That no change is seen."""
        before, now = (spoken(self.question.measure, level) for level in (self.before, self.now))
        if self.question.measure == Measure.NPS:
            return say(
                "No evidence that NPS changed in the last {days} ({now}, before {before}).",
                days=days,
                now=now,
                before=before,
            )
        return say(
            "No evidence that satisfaction changed in the last {days} ({now} satisfied, before {before}).",
            days=days,
            now=now,
            before=before,
        )


@analysis
def satisfaction(data: Dataset) -> Satisfaction | NotApplicable:
    """The level of every question by the latest answer of each customer, with its 95% CI; on each scale that it had.

    No level where answers are on two scales at once.
    """
    asked = questions(data)
    if isinstance(asked, NotApplicable):
        return asked
    rows = []
    for question in asked:
        counts = _counted(latest(answers_to(data, question)))
        known = level(question, counts["score"], counts[CUSTOMERS])
        told = (np.nan,) * 3 if question.mixed else (known.value, known.lower, known.upper)
        values = (*told, known.answers, question.answers)
        rows.append((question.label, question.measure.value, question.highest, *values))
    return Satisfaction(pd.DataFrame(rows, columns=list(Satisfaction.columns)))


@analysis
def course(data: Dataset, name: str = "", window_days: int = 90) -> Course | NotApplicable:
    """The level of a question by month (by quarter over two years), and its change between the last two windows.

    `name` is the question, by default the one with most answers. In each period the latest answer of each customer
    counts; periods of fewer than 10 are left out. In the test of the change, whoever answered in both windows counts in
    both, which makes it careful. Raises ValueError for a question that was not asked, and unless `window_days` is from
    7 to 730.
    """
    parameters.between("window_days", window_days, *WINDOW_DAYS)
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    answers = answers_to(data, question)
    periods = levels(question, _counted(latest(_dated(answers), PERIOD), PERIOD), PERIOD)
    window = dt.timedelta(days=window_days)
    start = data.as_of - window
    spans = ((start - window, start), (start, data.as_of))
    waves = [_counted(latest(between(answers, after, upto))) for after, upto in spans]
    enough = all(wave[CUSTOMERS].sum() >= FEWEST_ANSWERS for wave in waves)
    moved = change(question, *waves) if enough else None
    before, now = (level(question, wave["score"], wave[CUSTOMERS]) for wave in waves)
    shown = periods[periods[ANSWERS] >= FEWEST_ANSWERS].reset_index(drop=True)
    return Course(shown, question, window_days, moved, now.value, before.value, now.answers)


def _dated(answers: ibis.Table) -> ibis.Table:
    """Answers with the month, or after more than two years of them the quarter, in which each was given."""
    span = answers.agg(first=answers.answered_at.min(), last=answers.answered_at.max()).execute().iloc[0]
    months = (span["last"].year - span["first"].year) * 12 + span["last"].month - span["first"].month + 1
    return answers.mutate(period=answers.answered_at.truncate("Q" if months > MONTHS_BY_QUARTER else "M"))


def _counted(answers: ibis.Table, *by: str) -> pd.DataFrame:
    """by, score, customers of a table with one answer a row."""
    counts = answers.group_by(*by, "score").agg(customers=answers.count()).execute()
    return counts.sort_values([*by, "score"]).reset_index(drop=True)


def _levels_told(levels: Mapping[str, facts.Fact]) -> Sentence:
    """What measures say, by their codes."""
    if len(levels) == 2:
        return say("NPS is {nps}, and {share} of customers are satisfied.", nps=levels["nps"], share=levels["csat"])
    if Measure.NPS in levels:
        return say("NPS is {nps}: promoters less detractors, in points.", nps=levels["nps"])
    if Measure.CSAT in levels:
        return say("{share} of the customers who answer are satisfied.", share=levels["csat"])
    return say("How pleased customers are cannot be told: answers are on two scales at once.")


def _level_told(row: pd.Series) -> Sentence:
    """One question, from a row of the table of all."""
    question, customers = facts.Word(row[QUESTION], QUESTION), facts.Count(row[CUSTOMERS])
    if np.isnan(row[LEVEL]):
        return say("“{question}”: cannot be told, as answers are on two scales at once.", question=question)
    interval = facts.Range(*(spoken(row[MEASURE], end) for end in (row[LOWER], row[UPPER])))
    level = spoken(row[MEASURE], row[LEVEL])
    if row[MEASURE] == Measure.NPS:
        return say(
            "“{question}”: NPS {level} ({interval}), the latest answers of {customers} customers.",
            question=question,
            level=level,
            interval=interval,
            customers=customers,
        )
    return say(
        "“{question}”: {level} satisfied ({interval}), the latest answers of {customers} customers.",
        question=question,
        level=level,
        interval=interval,
        customers=customers,
    )
