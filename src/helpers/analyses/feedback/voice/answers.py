"""Answers to surveys as scores: which questions there are, on which scale, and how pleased a group of answers is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers import parameters
from helpers.analyses.feedback.vocabulary import ANSWERS, LEVEL, NPS_POINTS, QUESTION, SATISFIED_SHARE
from helpers.analyses.feedback.voice.scale_runs import Run, monthly_counts, named, on_two_scales, runs, within
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import Column, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.evidence import Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.shares import net_promoter_score, score_change, wilson_interval

NO_SURVEYS = NotApplicable(say("this data set has no survey answers: export them to see this."))
RECOMMENDS = r"(?i)nps|recommend|推荐"
# highest score of the scale → from where an answer is satisfied
SATISFIED_FROM = {1: 1, 3: 3, 5: 4, 7: 6, 10: 9, 100: 80}
PLAIN = (5, 10, 100)  # scales that are taken for granted; of others many answers must say so
ENOUGH, AT_THE_TOP = 100, 0.05  # answers, and their share at the top
SLIPS = 0.01  # of the answers, or one that is more than twice the top: beyond the scale, and none of it


class Measure(StrEnum):
    """How answers to a question are summed up."""

    NPS = "nps"  # promoters less detractors of 0 to 10
    CSAT = "csat"  # the share of satisfied answers


@dataclass(frozen=True)
class Question:
    """One question of the surveys: how it is measured and the highest score of its scale."""

    name: str
    measure: Measure
    highest: int
    answers: int
    customers: int
    since: pd.Timestamp | None = None  # from where on it was asked on this scale; None for always
    until: pd.Timestamp | None = None  # up to where
    mixed: bool = False  # whether its answers look as if they were on two scales at once
    beyond: int = 0  # answers beyond its scale, which are slips and count nowhere

    @property
    def label(self) -> str:
        """The name, with the time of the scale where that changed: a code of the column of questions."""
        if self.since is not None:
            return f"{self.name}, since {self.since:%Y-%m-%d}"
        return self.name if self.until is None else f"{self.name}, before {self.until:%Y-%m-%d}"

    @property
    def column(self) -> Column:
        """What tables for readers call the measure: NPS counts points from −100 to 100, CSAT is a share."""
        return NPS_POINTS if self.measure == Measure.NPS else SATISFIED_SHARE


@dataclass(frozen=True)
class Level:
    """How pleased some answers are, between −1 (NPS) or 0 (CSAT) and 1, with its 95% CI."""

    value: float
    lower: float
    upper: float
    answers: int


class Change(NamedTuple):
    """How much more pleased later answers are than earlier ones, with its 95% CI and p-value."""

    difference: float
    lower: float
    upper: float
    p_value: float


@analysis
def questions(data: Dataset) -> list[Question] | NotApplicable:
    """The questions of the surveys, the one with most answers first.

    A question whose name speaks of nps or recommending, with scores up to 10, is measured by NPS; any other by the
    share of satisfied answers of its scale, the smallest of 5, 10 and 100 that holds its scores but for a few slips,
    or 1, 3 or 7 where many say so. A question whose scale changed is two, the later first. A question that too few
    customers answered is left out.
    """
    if "surveys" not in data.tables:
        return NO_SURVEYS
    rows = named(data.tables["surveys"])
    counts, people = monthly_counts(rows), _people(rows)
    changed: dict[str, list[Run]] = {}
    for part in runs(rows, counts):
        changed.setdefault(part.question, []).insert(0, part)
    asked = []
    for name in counts.groupby("question")["answers"].sum().sort_values(ascending=False, kind="stable").index:
        if name not in changed:
            asked.append(_question(Run(name), counts[counts["question"] == name], people.loc[name]))
        for part in changed.get(name, ()):
            answers = within(rows, part)
            asked.append(_question(part, monthly_counts(answers), _people(answers).loc[name]))
    return [question for question in asked if question is not None] or NO_SURVEYS


def _people(rows: ir.Table) -> pd.DataFrame:
    """How many customers answered each question, and how many answers name nobody."""
    people = {"customers": rows.customer_id.nunique(), "nameless": rows.customer_id.isnull().sum()}
    return rows.group_by("question").agg(**people).execute().set_index("question")


def _question(run: Run, counts: pd.DataFrame, people: pd.Series) -> Question | None:
    """The question of a run; None where too few customers answered."""
    if people.sum() < SMALLEST_GROUP:
        return None
    recommends = re.search(RECOMMENDS, run.question) is not None
    highest = _highest(counts, recommends)
    every, counts = counts["answers"].sum(), counts[counts["score"] <= highest]
    top = counts["score"].max()
    stars = run != Run(run.question) and top <= 5  # of a question that was on a longer scale at another time
    if stars:
        recommends, highest = False, _highest(counts, recommends=False)
    measure = Measure.NPS if recommends and top <= 10 else Measure.CSAT
    size = int(counts["answers"].sum()), int(people["customers"])
    beyond = int(every) - size[0]
    return Question(run.question, measure, highest, *size, run.since, run.until, on_two_scales(counts), beyond)


def question_of(data: Dataset, name: str = "") -> Question | NotApplicable:
    """The question called `name`, by default the one with most answers, on its latest scale.

    Not applicable where its answers are on two scales at once. Raises ValueError for a name that none has.
    """
    asked = questions(data)
    if isinstance(asked, NotApplicable):
        return asked
    if name:
        parameters.one_of("question", name, [question.name for question in asked])
    question = next(question for question in asked if not name or question.name == name)
    if question.mixed:
        return NotApplicable(
            say(
                "answers to “{question}” look as if they were on two scales at once: name the two questions apart.",
                question=facts.Word(question.label, QUESTION),
            )
        )
    return question


def answers_to(data: Dataset, question: Question) -> ir.Table:
    """customer_id, answered_at and score of the answers to a question, without those beyond its scale."""
    run = Run(question.name, question.since, question.until)
    answers = within(named(data.tables["surveys"]), run)
    return answers.filter(answers.score <= question.highest).select("customer_id", "answered_at", "score")


def latest(answers: ir.Table, *by: str) -> ir.Table:
    """The last answer of each customer (within each value of the columns `by`); of two at once the lower score."""
    order = [answers.answered_at.desc(), answers.score.asc()]
    place = ibis.row_number().over(group_by=["customer_id", *by], order_by=order)
    return answers.mutate(place=place).filter(lambda rows: rows.place == 0).drop("place")


def between(answers: ir.Table, after: dt.date, upto: dt.date) -> ir.Table:
    """The answers after the end of one day, up to the end of another."""
    return answers.filter((answers.answered_at >= night(after)) & (answers.answered_at < night(upto)))


def level(question: Question, scores: pd.Series, counts: pd.Series) -> Level:
    """The question's measure of answers: `counts` customers gave each of `scores`.

    NPS has the adjusted Wald interval, CSAT Wilson's.
    """
    if question.measure == Measure.NPS:
        score = net_promoter_score(scores, counts)
        return Level(score.score, *score.interval(), int(score.answers))
    n, pleased = int(counts.sum()), int(counts[scores >= SATISFIED_FROM[question.highest]].sum())
    lower, upper = wilson_interval(pleased, n)
    return Level(pleased / n if n else np.nan, float(lower), float(upper), n)


def levels(question: Question, counts: pd.DataFrame, by: str) -> pd.DataFrame:
    """The measure of each value of `by` in counts of `by`, score, customers: by, answers, level, lower, upper."""
    rows = []
    for name, group in counts.groupby(by, sort=True, observed=True):
        known = level(question, group["score"], group[CUSTOMERS])
        rows.append((name, known.answers, known.value, known.lower, known.upper))
    return pd.DataFrame(rows, columns=[by, ANSWERS, LEVEL, LOWER, UPPER])


def change(question: Question, before: pd.DataFrame, after: pd.DataFrame) -> Change:
    """Change of the measure between answers of different customers.

    Both tables hold score and customers. NPS by `score_change`; CSAT by Agresti & Caffo (2000), with one satisfied and
    one other answer added to each side.
    """
    if question.measure == Measure.NPS:
        earlier, later = (net_promoter_score(wave["score"], wave[CUSTOMERS]) for wave in (before, after))
        moved = score_change(earlier, later)
        return Change(moved.change, moved.lower, moved.upper, moved.p_value)
    shares, variance = [], 0.0
    for wave in (before, after):
        pleased = wave.loc[wave["score"] >= SATISFIED_FROM[question.highest], CUSTOMERS].sum() + 1
        n = wave[CUSTOMERS].sum() + 2
        shares.append(pleased / n)
        variance += pleased / n * (1 - pleased / n) / n
    difference, error = shares[1] - shares[0], np.sqrt(variance)
    half = Z * error
    return Change(difference, difference - half, difference + half, float(2 * norm.sf(abs(difference) / error)))


def written(question: Question, table: pd.DataFrame) -> pd.DataFrame:
    """A table of level, lower and upper for readers: the level called and scaled as the question's measure is."""
    scale = 100 if question.measure == Measure.NPS else 1
    scaled = {name: scale * table[name] for name in (LEVEL, LOWER, UPPER)}
    return table.assign(**scaled).rename(columns={LEVEL: question.column})


def spoken(measure: str, value: float) -> facts.Fact:
    """A level as readers know it: 32 points of NPS, 61.9% of CSAT."""
    return facts.Hundredths(value) if measure == Measure.NPS else facts.Share(value)


def apart(measure: str, difference: float) -> facts.Fact:
    """A difference of two levels as readers know it: −3.2 points of NPS, +5.5 percentage points of CSAT."""
    return facts.Hundredths(difference, signed=True) if measure == Measure.NPS else facts.Points(difference)


def meaning(measure: str, highest: int) -> Sentence:
    """What a measure counts on a scale up to `highest`, in words."""
    if measure == Measure.NPS:
        return say("share of 9 and 10 less share of 0 to 6")
    least, most = facts.Number(SATISFIED_FROM[highest]), facts.Number(highest)
    return say("share of {least} and more of {highest}", least=least, highest=most)


def _highest(counts: pd.DataFrame, recommends: bool) -> int:
    """The highest score of the scale that answers are on, of which `counts` has score and answers."""
    scores, answers = counts["score"], counts["answers"]
    total = answers.sum()
    for highest in (10, 100) if recommends else SATISFIED_FROM:
        beyond = scores > highest
        slips = answers[beyond].sum()
        is_scale = highest in PLAIN or _is_plain(scores, answers, highest)
        if is_scale and (slips <= SLIPS * total or (slips == 1 and scores.max() > 2 * highest)) and slips < total:
            return highest
    return max(SATISFIED_FROM)


def _is_plain(scores: pd.Series, answers: pd.Series, highest: int) -> bool:
    """Whether enough answers say that a scale which is not usual ends here: with 0, only that of yes and no does."""
    is_short = highest == 1 or scores.min() >= 1
    at_the_top = answers[scores == highest].sum()
    return is_short and answers.sum() >= ENOUGH and at_the_top >= AT_THE_TOP * answers.sum()
