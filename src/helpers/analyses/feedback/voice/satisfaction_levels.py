"""How pleased customers are by their answers: every question, its course, and its groups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.vocabulary import (
    ANSWERS,
    BY_NAME,
    DIFFERENCE_POINTS,
    LABEL,
    LEVEL,
    LEVEL_DIFFERENCE,
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
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.evidence import CI, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, GROUP, LOWER, MEANING, UPPER
from helpers.statistics.inference import adjust

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
        words = [meaning(*how) for how in zip(self.table[MEASURE], self.table[SCALE_TOP], strict=True)]
        return points.rename(columns={LEVEL: LEVEL_POINTS}).drop(columns=SCALE_TOP).assign(**{MEANING: words})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each question with its interval."""
        names = self.table[MEASURE].map(MEASURE.write) + ": " + self.table[QUESTION]
        return charts.forest(self.summary().assign(**{LABEL: names}), estimate=LEVEL_POINTS, label=LABEL, ax=ax)

    def headline(self) -> str:
        """The level of each of the first three questions."""
        return "; ".join(_level_words(row) for _, row in self.table.head(3).iterrows()) + "."


@dataclass(frozen=True)
class Course(Finding):
    """A question's level over time, and its change from the window before to the last one."""

    table: pd.DataFrame
    question: Question
    window_days: int
    change: Change | None  # None for too few answers

    columns = (PERIOD, ANSWERS, LEVEL, LOWER, UPPER)
    shown = (PERIOD, ANSWERS, NPS_POINTS, SATISFIED_SHARE, LOWER, UPPER)

    def summary(self) -> pd.DataFrame:
        """One row a month or quarter, the last one first."""
        return written(self.question, self.table.sort_values(PERIOD, ascending=False))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level with its interval, over time."""
        periods = written(self.question, self.table)
        return charts.line(periods, x=PERIOD, y=self.question.column, band=(LOWER, UPPER), ax=ax)

    def headline(self) -> str:
        """Whether the last window differs from the one before by more than chance."""
        what = self.question.title
        if self.change is None:
            return f"{what}: too few answers in two windows of {self.window_days} days to tell a change."
        moved, low, high, p_value = self.change
        spread = f"{CI} {100 * low:+.1f} to {100 * high:+.1f} points, {formats.p_value(p_value)}"
        windows = f"from the {self.window_days} days before to the last {self.window_days} days"
        if p_value < SIGNIFICANCE:
            return f"{what} changed {windows}: {100 * moved:+.1f} points ({spread})."
        return f"{what} shows no change beyond chance {windows} ({spread})."


@dataclass(frozen=True)
class GroupLevels(Finding):
    """A question's level in each group of customers, each tested against all others."""

    table: pd.DataFrame
    question: Question
    by: str

    columns = (GROUP, ANSWERS, LEVEL, LOWER, UPPER, LEVEL_DIFFERENCE, ADJUSTED_P_VALUE)
    shown = (ANSWERS, NPS_POINTS, SATISFIED_SHARE, LOWER, UPPER, DIFFERENCE_POINTS, ADJUSTED_P_VALUE, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group, its difference from all others in points of 100."""
        groups = written(self.question, self.table)
        groups[LEVEL_DIFFERENCE] = 100 * groups[LEVEL_DIFFERENCE]
        return groups.rename(columns={LEVEL_DIFFERENCE: DIFFERENCE_POINTS, GROUP: self.by})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each group with its interval."""
        return charts.forest(written(self.question, self.table), estimate=self.question.column, label=GROUP, ax=ax)

    def headline(self) -> str:
        """The groups that differ from the others beyond chance."""
        beyond = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        what, by = self.question.title, formats.label(self.by).lower()
        if beyond.empty:
            return f"No evidence that {what} differs by {by}, corrected for {len(self.table)} groups."
        worst = beyond.loc[beyond[LEVEL_DIFFERENCE].abs().idxmax()]
        return (
            f"{what} differs by {by}: most “{worst[GROUP]}” with {spoken(self.question, worst[LEVEL])}, "
            f"{100 * worst[LEVEL_DIFFERENCE]:+.1f} points beside the others."
        )


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
    return Course(periods[periods[ANSWERS] >= FEWEST_ANSWERS].reset_index(drop=True), question, window_days, moved)


def group_levels(data: Dataset, labels: pd.Series | None, by: str, name: str = "") -> GroupLevels | NotApplicable:
    """The level of a question in each group, tested against all others, p-values corrected (Holm).

    `labels` is customer_id → group, `by` what the grouping is called, `name` the question, by default the one with most
    answers. Groups with fewer than 10 answers are not shown. Raises ValueError for a question that was not asked.
    """
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    if labels is None or labels.dropna().empty:
        return NotApplicable(f"there is no {formats.label(by).lower()} to group by.")
    answers = latest(answers_to(data, question)).execute()
    answers = answers.assign(group=answers["customer_id"].map(labels)).dropna(subset=GROUP)
    counts = answers.groupby([GROUP, "score"], observed=True).size().rename(CUSTOMERS).reset_index()
    known = levels(question, counts, GROUP)
    known = known[known[ANSWERS] >= FEWEST_ANSWERS].sort_values(ANSWERS, ascending=False, kind="stable")
    if len(known) < 2:
        return NotApplicable(f"fewer than two groups by {formats.label(by).lower()} have {FEWEST_ANSWERS} answers.")
    tests = [change(question, counts[counts[GROUP] != group], counts[counts[GROUP] == group]) for group in known[GROUP]]
    p_values = adjust([test.p_value for test in tests], "holm")
    known = known.assign(level_difference=[test.difference for test in tests], adjusted_p_value=p_values)
    return GroupLevels(known.reset_index(drop=True), question, by)


def _dated(answers: ibis.Table) -> ibis.Table:
    """Answers with the month, or after more than two years of them the quarter, in which each was given."""
    span = answers.agg(first=answers.answered_at.min(), last=answers.answered_at.max()).execute().iloc[0]
    months = (span["last"].year - span["first"].year) * 12 + span["last"].month - span["first"].month + 1
    return answers.mutate(period=answers.answered_at.truncate("Q" if months > MONTHS_BY_QUARTER else "M"))


def _counted(answers: ibis.Table, *by: str) -> pd.DataFrame:
    """by, score, customers of a table with one answer a row."""
    counts = answers.group_by(*by, "score").agg(customers=answers.count()).execute()
    return counts.sort_values([*by, "score"]).reset_index(drop=True)


def _level_words(row: pd.Series) -> str:
    """One question as part of a sentence, from a row of the table of all."""
    if np.isnan(row[LEVEL]):
        return f"{row[QUESTION]}: cannot be told, as answers are on two scales at once"
    customers = f"{row[CUSTOMERS]:,} customers"
    if row[MEASURE] == Measure.NPS:
        limits = f"{100 * row[LOWER]:+.0f} to {100 * row[UPPER]:+.0f}"
        return f"{row[QUESTION]}: NPS {100 * row[LEVEL]:+.0f} ({limits}, {customers})"
    limits = formats.interval(row[LOWER], row[UPPER], formats.percent)
    return f"{row[QUESTION]}: {formats.percent(row[LEVEL])} satisfied ({limits}, {customers})"
