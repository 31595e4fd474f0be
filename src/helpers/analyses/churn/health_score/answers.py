"""Do answers to surveys foretell who leaves? Each question's last answer alone, among those who gave one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.churn.forecast.features import Source, answer_order, answer_sums, dated_features
from helpers.analyses.churn.forecast.models import LEAST_LEAVERS
from helpers.analyses.churn.health_score.plans import Weighting
from helpers.analyses.churn.health_score.rankings import CHANCE, HealthBacktest, meaning
from helpers.analyses.churn.health_score.trials import ALL_DAYS, DRAWS, Trial, drawn_as, ranking
from helpers.analyses.churn.health_score.vocabulary import (
    AGAINST_LOWER,
    AGAINST_RECENCY,
    AGAINST_UPPER,
    AUC,
    AUC_LOWER,
    AUC_UPPER,
    BASIS,
    QUESTION,
    RECENCY_AUC,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, TAILS
from helpers.findings.folding import UNKNOWN
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS
from helpers.statistics.inference import adjust, bootstrap

FRESH_DAYS = 365  # an older answer is none
MOST_QUESTIONS = 5  # those of most answers
ANSWER = "answer"


@dataclass(frozen=True)
class AnswerSigns(Finding):
    """How often one who left had answered lower than one who stayed, by question, beside recency."""

    table: pd.DataFrame
    horizon_days: int
    columns = (
        BASIS, QUESTION, CUSTOMERS, AUC, AUC_LOWER, AUC_UPPER, RECENCY_AUC, AGAINST_RECENCY, AGAINST_LOWER,
        AGAINST_UPPER, ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = (BASIS, QUESTION, CUSTOMERS, AUC, AUC_LOWER, AUC_UPPER, RECENCY_AUC, ADJUSTED_P_VALUE)

    @property
    def own(self) -> pd.DataFrame:
        """The questions under the page's own meaning of leaving, or where nobody was asked, the other one."""
        return self.table[self.table[BASIS] == self.table[BASIS].iloc[0]]

    def summary(self) -> pd.DataFrame:
        """One row a meaning of leaving and question; p is that the answer tells nothing, corrected (Holm)."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """How often the one who left had answered lower, with its interval."""
        return charts.forest(
            self.own, estimate=AUC, label=QUESTION, band=(AUC_LOWER, AUC_UPPER), reference=CHANCE, ax=ax
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Of one who left and one who stayed, how often had the one who left answered lower before?")

    def headline(self) -> Sentence:
        """The question whose answers tell most surely who leaves; that there is no evidence, where none does."""
        own = self.own
        clear = own[own[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        if clear.empty:
            names = facts.Listed(tuple(map(facts.Name, own[QUESTION])))
            told = say("No evidence that answers to {questions} foretell who leaves.", questions=names)
        else:
            told = self._told(clear.loc[(clear[AUC] - CHANCE).abs().idxmax()])
        return told.resting_on(*self._lines(), meaning(own[BASIS].iloc[0], self.horizon_days))

    @staticmethod
    def _told(row: pd.Series) -> Sentence:
        known = {"question": facts.Name(row[QUESTION])}
        if row[AUC] < CHANCE:
            return say("Customers who leave had answered “{question}” higher than those who stay, not lower.", **known)
        if row[AGAINST_LOWER] > 0:
            return say(
                "Low answers to “{question}” foretell leaving, better than the time since the last order.", **known
            )
        return say("Low answers to “{question}” foretell leaving.", **known)

    def _lines(self) -> Iterator[Sentence]:
        """One line a question."""
        for row in self.own.to_dict("records"):
            known = {
                "question": facts.Name(row[QUESTION]),
                "share": facts.Share(row[AUC]),
                "interval": facts.Range(facts.Share(row[AUC_LOWER]), facts.Share(row[AUC_UPPER])),
                "customers": facts.Count(row[CUSTOMERS]),
            }
            if np.isnan(row[RECENCY_AUC]):
                yield say(
                    "“{question}”: lower in {share} of pairs ({interval}; 50% is chance), {customers} answered.",
                    **known,
                )
            else:
                yield say(
                    "“{question}”: lower in {share} of pairs ({interval}; 50% is chance), {customers} answered; the "
                    "time since their last order is right in {recency}.",
                    recency=facts.Share(row[RECENCY_AUC]),
                    **known,
                )


@if_applicable
def answer_signs(tested: HealthBacktest, data: Dataset) -> AnswerSigns | NotApplicable:
    """How often the last answer of one who left was lower than that of one who stayed, on the days of the back-test.

    Of each of the five questions with most answers, among those who answered it in the 365 days before the landmark:
    whoever does not answer is in no pair, and often another kind of customer. Answers after a landmark count for
    nothing, so that those given on leaving do not foretell it. Intervals are percentiles of 200 bootstrap draws of
    whole customers; p-values take the draws' spread for that of a normal, against a half (Holm over questions).
    """
    if "surveys" not in data.tables:
        return NotApplicable(say("this data set has no surveys: export each answer with question, score and time."))
    answers = data.tables["surveys"]
    answers = answers.mutate(question=answers.question.fill_null(UNKNOWN)).filter(answers.score.notnull())
    counts = answers.group_by("question").agg(answers=answers.count())
    counts = counts.order_by(counts.answers.desc(), counts.question.asc()).limit(MOST_QUESTIONS).execute()
    lines = [_line(each, data, answers, name) for each in tested.trials for name in counts["question"]]
    known = [line for line in lines if line is not None]
    if not known:
        least = facts.Count(LEAST_LEAVERS)
        few = say(
            "of those who answered, fewer than {least} left, or stayed, after the days of the trial.", least=least
        )
        return NotApplicable(few)
    table = pd.DataFrame(known, columns=list(AnswerSigns.columns))
    p_values = table.groupby(BASIS)[ADJUSTED_P_VALUE].transform(lambda each: adjust(each, "holm"))
    return AnswerSigns(table.assign(**{ADJUSTED_P_VALUE: p_values}), tested.horizon_days)


def _line(each: Trial, data: Dataset, answers: ir.Table, question: str) -> tuple[object, ...] | None:
    """The line of one question under one meaning of leaving; None where too few of who answered left, or stayed."""
    scores = {ANSWER: _last_answers(data, answers, question, each.rows)}
    if Weighting.RECENCY in each.scores:
        scores[str(Weighting.RECENCY)] = each.scores[Weighting.RECENCY]
    asked = scores[ANSWER].notna()
    rows = each.rows[asked].reset_index(drop=True)
    left = int(rows["left"].sum())
    if min(left, len(rows) - left) < LEAST_LEAVERS:
        return None
    signs = told(rows, pd.DataFrame(scores)[asked].reset_index(drop=True))
    return (each.plan.basis, question, rows["customer_id"].nunique(), *signs)


def told(rows: pd.DataFrame, scores: pd.DataFrame) -> tuple[float, ...]:
    """The share of pairs in which the answer is right, its limits, that of recency, their difference, limits, and p.

    `rows` (customer_id, landmark_at, left) have an `answer` in `scores`, and perhaps a recency.
    """
    ranks = ranking(rows, scores)
    areas = {name: area for (name, _), area in ranks.areas(np.ones(len(rows))).items()}
    draws = bootstrap(ranks.areas, drawn_as(rows, scores), draws=DRAWS)
    answer = draws[ANSWER, ALL_DAYS]
    p_value = float(2 * norm.sf(abs(areas[ANSWER] - CHANCE) / answer.std())) if answer.std() > 0 else np.nan
    other, against = np.nan, (np.nan, np.nan, np.nan)
    if Weighting.RECENCY in areas:
        other = areas[Weighting.RECENCY]
        against = (areas[ANSWER] - other, *(answer - draws[Weighting.RECENCY, ALL_DAYS]).quantile(list(TAILS)))
    return (areas[ANSWER], *answer.quantile(list(TAILS)), other, *against, p_value)


def _last_answers(data: Dataset, answers: ir.Table, question: str, rows: pd.DataFrame) -> pd.Series:
    """The last score that each of `rows` gave to a question in the year before its landmark; missing without one."""

    def own(data: Dataset, last: pd.Timestamp) -> ir.Table:
        return answers.filter(answers.question == question).select("customer_id", "score", at=answers.answered_at)

    def fresh(sums: pd.DataFrame, landmark_at: pd.Series, last_at: pd.Series) -> pd.DataFrame:
        return sums.where((landmark_at - last_at).dt.days <= FRESH_DAYS)

    known = dated_features(data, rows, {"surveys": Source(own, answer_sums, fresh, answer_order)})
    return known.table["last_score"].astype(float)
