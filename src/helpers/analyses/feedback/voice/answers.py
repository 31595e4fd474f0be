"""Answers to surveys as scores: which questions there are, on which scale, and how pleased a group of answers is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers import parameters
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.shares import net_promoter_score, score_change, wilson_interval

FEWEST_ANSWERS = 10  # below, an interval is as wide as the scale
NO_SURVEYS = NotApplicable("this data set has no survey answers.")
RECOMMENDS = r"(?i)nps|recommend|推荐"
SATISFIED_FROM = {5: 4, 10: 9, 100: 80}  # highest score of the scale → from where an answer is satisfied
NPS, CSAT = "NPS", "CSAT"


@dataclass(frozen=True)
class Question:
    """One question of the surveys: how it is measured and the highest score of its scale."""

    name: str
    measure: str  # NPS: promoters less detractors of 0 to 10 · CSAT: the share of satisfied answers
    highest: int
    answers: int
    customers: int

    @property
    def said(self) -> str:
        """The measure in words."""
        if self.measure == NPS:
            return "share of 9 and 10 less share of 0 to 6"
        return f"share of {SATISFIED_FROM[self.highest]} and more of {self.highest}"

    @property
    def column(self) -> str:
        """What tables for readers call the measure: NPS counts points from −100 to 100, CSAT is a share."""
        return "nps_points" if self.measure == NPS else "satisfied_share"


@dataclass(frozen=True)
class Level:
    """How pleased some answers are, between −1 (NPS) or 0 (CSAT) and 1, with 95 % limits."""

    value: float
    lower: float
    upper: float
    answers: int


def questions(data: Dataset) -> list[Question] | NotApplicable:
    """The questions of the surveys, the one with most answers first.

    A question whose name speaks of nps or recommending, with scores up to 10, is measured by NPS; any other by the
    share of satisfied answers of its scale, the smallest of 5, 10 and 100 that holds its scores. A question that fewer
    than 5 customers answered is left out.
    """
    surveys = data.tables.get("surveys")
    if surveys is None:
        return NO_SURVEYS
    rows = surveys.mutate(question=surveys.question.fill_null("survey"))
    table = rows.group_by("question").agg(
        answers=rows.count(), customers=rows.customer_id.nunique(), nameless=rows.customer_id.isnull().sum(),
        top=rows.score.max(),
        recommends=rows.question.re_search(RECOMMENDS).any(),
    ).execute()  # fmt: skip
    told = table[table["customers"] + table["nameless"] >= SMALLEST_GROUP]
    found = [
        Question(
            row.question,
            NPS if row.recommends and row.top <= 10 else CSAT,
            _highest(row.top, row.recommends),
            int(row.answers),
            int(row.customers),
        )
        for row in told.sort_values(["answers", "question"], ascending=[False, True]).itertuples()
    ]
    return found or NO_SURVEYS


def question_of(data: Dataset, name: str = "") -> Question | NotApplicable:
    """The question called `name`, by default the one with most answers; ValueError for a name that none has."""
    found = questions(data)
    if isinstance(found, NotApplicable):
        return found
    if name:
        parameters.one_of("question", name, [question.name for question in found])
    return next(question for question in found if not name or question.name == name)


def answers_to(data: Dataset, question: Question) -> ir.Table:
    """customer_id, answered_at and score of the answers to a question."""
    surveys = data.tables["surveys"]
    asked = surveys.question.fill_null("survey") == question.name
    return surveys.filter(asked).select("customer_id", "answered_at", "score")


def latest(answers: ir.Table, *by: str) -> ir.Table:
    """The last answer of each customer (within each value of the columns `by`); of two at once the lower score."""
    order = [answers.answered_at.desc(), answers.score.asc()]
    place = ibis.row_number().over(group_by=["customer_id", *by], order_by=order)
    return answers.mutate(place=place).filter(lambda rows: rows.place == 0).drop("place")


def between(answers: ir.Table, after: dt.date, upto: dt.date) -> ir.Table:
    """The answers after the end of one day, up to the end of another."""
    day = answers.answered_at.date()
    return answers.filter((day > ibis.date(after)) & (day <= ibis.date(upto)))


def level(question: Question, scores: pd.Series, counts: pd.Series) -> Level:
    """The question's measure of answers: `counts` customers gave each of `scores`.

    NPS has the adjusted Wald interval, CSAT Wilson's.
    """
    if question.measure == NPS:
        found = net_promoter_score(scores, counts)
        return Level(found.score, *found.interval(), int(found.answers))
    n, pleased = int(counts.sum()), int(counts[scores >= SATISFIED_FROM[question.highest]].sum())
    lower, upper = wilson_interval(pleased, n)
    return Level(pleased / n if n else np.nan, float(lower), float(upper), n)


def levels(question: Question, table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The measure of each value of `by` in a table of `by`, score, customers: by, answers, level, lower, upper."""
    rows = []
    for name, group in table.groupby(by, sort=True, observed=True):
        found = level(question, group["score"], group["customers"])
        rows.append(
            {by: name, "answers": found.answers, "level": found.value, "lower": found.lower, "upper": found.upper}
        )
    return pd.DataFrame(rows, columns=[by, "answers", "level", "lower", "upper"])


def change(question: Question, before: pd.DataFrame, after: pd.DataFrame) -> tuple[float, float, float, float]:
    """Change of the measure between answers of different customers, its 95 % limits and p-value.

    Both tables hold score and customers. NPS by `score_change`; CSAT by Agresti & Caffo (2000), with one satisfied and
    one other answer added to each side.
    """
    if question.measure == NPS:
        waves = [net_promoter_score(wave["score"], wave["customers"]) for wave in (before, after)]
        found = score_change(*waves)
        return found.change, found.lower, found.upper, found.p_value
    shares, variance = [], 0.0
    for wave in (before, after):
        pleased = wave.loc[wave["score"] >= SATISFIED_FROM[question.highest], "customers"].sum() + 1
        n = wave["customers"].sum() + 2
        shares.append(pleased / n)
        variance += pleased / n * (1 - pleased / n) / n
    moved, error = shares[1] - shares[0], np.sqrt(variance)
    half = norm.ppf(0.975) * error
    return moved, moved - half, moved + half, float(2 * norm.sf(abs(moved) / error))


def written(question: Question, table: pd.DataFrame) -> pd.DataFrame:
    """A table of level, lower and upper for readers: the level called and scaled as the question's measure is."""
    scale = 100 if question.measure == NPS else 1
    scaled = {name: scale * table[name] for name in ("level", "lower", "upper")}
    return table.assign(**scaled).rename(columns={"level": question.column})


def spoken(question: Question, value: float) -> str:
    """A level as readers know it: 32 points of NPS, 61.9% of CSAT."""
    return f"{100 * value:+.0f}" if question.measure == NPS else formats.percent(value)


def _highest(top: float, recommends: bool) -> int:
    return next((highest for highest in (5, 10, 100) if top <= highest and not (recommends and highest < 10)), 100)
