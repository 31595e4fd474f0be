"""How pleased customers are by their answers: every question, its course, its groups, and changes of its scale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.voice.answers import (
    FEWEST_ANSWERS,
    Question,
    answers_to,
    between,
    change,
    latest,
    level,
    levels,
    question_of,
    questions,
    spoken,
    written,
)
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.inference import adjust

SURE = 0.05
MONTHS_BY_QUARTER = 24  # from more months on, the course is by quarter
STEP = 1.4  # factor by which the highest score must move between two runs of months to be another scale


@dataclass(frozen=True)
class Satisfaction:
    """Every question of the surveys: how pleased the latest answer of each customer is."""

    table: pd.DataFrame  # question, measure, level, lower, upper, customers (one answer each), answers, meaning

    def summary(self) -> pd.DataFrame:
        """One row a question, levels in points of 100."""
        scaled = {name: 100 * self.table[name] for name in ("level", "lower", "upper")}
        return self.table.assign(**scaled).rename(columns={"level": "level_points"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each question with its interval."""
        shown = self.summary().assign(asked=self.table["measure"] + ": " + self.table["question"])
        return charts.forest(shown, estimate="level_points", label="asked", ax=ax)

    def headline(self) -> str:
        """The level of each of the first three questions."""
        said = []
        for row in self.table.head(3).itertuples():
            if row.measure == "NPS":
                said.append(
                    f"{row.question}: NPS {100 * row.level:+.0f} ({100 * row.lower:+.0f} to "
                    f"{100 * row.upper:+.0f}, {row.customers:,} customers)"
                )
            else:
                said.append(
                    f"{row.question}: {formats.percent(row.level)} satisfied "
                    f"({formats.interval(row.lower, row.upper, formats.percent)}, {row.customers:,} customers)"
                )
        return "; ".join(said) + "."


@dataclass(frozen=True)
class Course:
    """A question's level over time, and its change from the window before to the last one."""

    question: Question
    periods: pd.DataFrame  # period, answers, level, lower, upper
    window_days: int
    change: tuple[float, float, float, float] | None  # change, lower, upper, p_value; None for too few answers

    def summary(self) -> pd.DataFrame:
        """One row a month or quarter, the last one first."""
        return written(self.question, self.periods.sort_values("period", ascending=False))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level with its interval, over time."""
        shown = written(self.question, self.periods)
        return charts.line(shown, x="period", y=self.question.column, band=("lower", "upper"), ax=ax)

    def headline(self) -> str:
        """Whether the last window differs from the one before by more than chance."""
        what = f"{self.question.measure} ({self.question.name})"
        if self.change is None:
            return f"{what}: too few answers in two windows of {self.window_days} days to tell a change."
        moved, low, high, p_value = self.change
        told = f"{100 * moved:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f}, {formats.p_value(p_value)})"
        sure = "changed" if p_value < SURE else "shows no change beyond chance"
        return f"{what} {sure} from the {self.window_days} days before to the last {self.window_days} days: {told}."


@dataclass(frozen=True)
class GroupLevels:
    """A question's level in each group of customers, each tested against all others."""

    question: Question
    by: str
    groups: pd.DataFrame  # <by>, answers, level, lower, upper, difference, adjusted_p_value

    def summary(self) -> pd.DataFrame:
        """One row a group, its difference from all others in points of 100."""
        shown = written(self.question, self.groups).assign(difference=100 * self.groups["difference"])
        return shown.rename(columns={"difference": "difference_points"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The level of each group with its interval."""
        return charts.forest(self.summary(), estimate=self.question.column, label=self.by, ax=ax)

    def headline(self) -> str:
        """The groups that differ from the others beyond chance."""
        beyond = self.groups[self.groups["adjusted_p_value"] < SURE]
        what = f"{self.question.measure} ({self.question.name})"
        if beyond.empty:
            return (
                f"No evidence that {what} differs by {formats.label(self.by).lower()}, corrected for "
                f"{len(self.groups)} groups."
            )
        worst = beyond.loc[beyond["difference"].abs().idxmax()]
        return (
            f"{what} differs by {formats.label(self.by).lower()}: most “{worst[self.by]}” with "
            f"{spoken(self.question, worst['level'])}, {100 * worst['difference']:+.1f} points beside the others."
        )


@dataclass(frozen=True)
class Scales:
    """The range of each question's scores by month, and where the scale seems to have changed."""

    months: pd.DataFrame  # question, month, answers, lowest_score, highest_score
    changes: pd.DataFrame  # question, month, before, after

    def summary(self) -> pd.DataFrame:
        """The changes found."""
        return self.changes

    def plot(self, ax: Axes | None = None) -> Axes:
        """The highest score of each month, by question."""
        return charts.line(self.months, x="month", y="highest_score", group="question", ax=ax)

    def headline(self) -> str:
        """The changes found, and what to do about them."""
        if self.changes.empty:
            return f"The scale of no question changed over {self.months['month'].nunique()} months."
        row = self.changes.iloc[0]
        return (
            f"The scale of “{row['question']}” seems to have changed in {row['month']:%Y-%m}: scores up to "
            f"{row['before']:g} before, up to {row['after']:g} since. Levels on both sides do not compare: map the "
            "older scores to the new scale first."
        )


def satisfaction(data: Dataset) -> Satisfaction | NotApplicable:
    """The level of every question by the latest answer of each customer, with 95 % intervals."""
    found = questions(data)
    if isinstance(found, NotApplicable):
        return found
    rows = []
    for question in found:
        counts = _counted(latest(answers_to(data, question)))
        known = level(question, counts["score"], counts["customers"])
        rows.append(
            {
                "question": question.name,
                "measure": question.measure,
                "level": known.value,
                "lower": known.lower,
                "upper": known.upper,
                "customers": known.answers,
                "answers": question.answers,
                "meaning": question.said,
            }
        )
    return Satisfaction(pd.DataFrame(rows))


def course(data: Dataset, name: str = "", window_days: int = 90) -> Course | NotApplicable:
    """The level of a question by month (by quarter over two years), and its change between the last two windows.

    In each period the latest answer of each customer counts; periods of fewer than 10 are left out. In the test of
    the change, whoever answered in both windows counts in both, which makes it careful.
    """
    parameters.between("window_days", window_days, 7, 730)
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    answers = answers_to(data, question)
    span = answers.agg(first=answers.answered_at.min(), last=answers.answered_at.max()).execute().iloc[0]
    months = (span["last"].year - span["first"].year) * 12 + span["last"].month - span["first"].month + 1
    unit = "Q" if months > MONTHS_BY_QUARTER else "M"
    dated = answers.mutate(period=answers.answered_at.truncate(unit))
    periods = levels(question, _counted(latest(dated, "period"), "period"), "period")
    start = data.as_of - dt.timedelta(days=window_days)
    waves = [
        _counted(latest(between(answers, after, upto)))
        for after, upto in ((start - dt.timedelta(days=window_days), start), (start, data.as_of))
    ]
    enough = all(wave["customers"].sum() >= FEWEST_ANSWERS for wave in waves)
    moved = change(question, *waves) if enough else None
    return Course(question, periods[periods["answers"] >= FEWEST_ANSWERS].reset_index(drop=True), window_days, moved)


def group_levels(data: Dataset, labels: pd.Series | None, by: str, name: str = "") -> GroupLevels | NotApplicable:
    """The level of a question in each group, tested against all others, p-values corrected (Holm).

    `labels` is customer_id → group. Groups with fewer than 10 answers are not shown.
    """
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    if labels is None or labels.dropna().empty:
        return NotApplicable(f"there is no {formats.label(by).lower()} to group by.")
    answers = latest(answers_to(data, question)).execute()
    table = answers.assign(**{by: answers["customer_id"].map(labels)}).dropna(subset=by)
    counted = table.groupby([by, "score"], observed=True).size().rename("customers").reset_index()
    known = levels(question, counted, by)
    known = known[known["answers"] >= FEWEST_ANSWERS].sort_values("answers", ascending=False, kind="stable")
    if len(known) < 2:
        return NotApplicable(f"fewer than two groups by {formats.label(by).lower()} have {FEWEST_ANSWERS} answers.")
    tests = [change(question, counted[counted[by] != group], counted[counted[by] == group]) for group in known[by]]
    known = known.assign(
        difference=[test[0] for test in tests], adjusted_p_value=adjust([test[3] for test in tests], "holm")
    )
    return GroupLevels(question, by, known.reset_index(drop=True))


def scales(data: Dataset) -> Scales | NotApplicable:
    """The lowest and highest score of each question and month, and months from which the highest is another for good.

    A change is a month before which no score, and from which on most months' highest score, is at least 1.4 times as
    high, or the other way round; months with fewer than 10 answers are left out.
    """
    found = questions(data)
    if isinstance(found, NotApplicable):
        return found
    surveys = data.tables["surveys"]
    rows = surveys.mutate(question=surveys.question.fill_null("survey"), month=surveys.answered_at.truncate("M"))
    months = (
        rows.group_by("question", "month")
        .agg(answers=rows.count(), lowest_score=rows.score.min(), highest_score=rows.score.max())
        .order_by("question", "month")
        .execute()
    )
    months = months[months["answers"] >= FEWEST_ANSWERS].reset_index(drop=True)
    if months.empty:
        return NotApplicable(f"no month has {FEWEST_ANSWERS} answers to one question.")
    changes = [row for name, group in months.groupby("question") for row in _changes(name, group)]
    return Scales(months, pd.DataFrame(changes, columns=["question", "month", "before", "after"]))


def _changes(name: str, months: pd.DataFrame) -> list[dict[str, object]]:
    """The one month, if any, at which the highest score moved for good."""
    tops = months["highest_score"].to_numpy()
    for place in range(1, len(tops)):
        before, since = tops[:place].max(), np.median(tops[place:])
        fell = tops[place:].max() * STEP <= tops[:place].min()
        if tops[place] >= before * STEP and since >= before * STEP or fell:
            return [{"question": name, "month": months["month"].iloc[place], "before": before, "after": since}]
    return []


def _counted(answers: ibis.Table, *by: str) -> pd.DataFrame:
    """by, score, customers of a table with one answer a row."""
    counts = answers.group_by(*by, "score").agg(customers=answers.count()).execute()
    return counts.sort_values([*by, "score"]).reset_index(drop=True)
