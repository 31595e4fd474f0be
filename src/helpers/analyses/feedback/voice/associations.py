"""What goes with pleased and displeased answers: service and custom before the answer, each beside the others."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.vocabulary import CUSTOMERS_WITH, DRIVER, EFFECT_POINTS, QUESTION
from helpers.analyses.feedback.voice.answers import Question, answers_to, latest, question_of
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics.inference import adjust

BEFORE_DAYS = 90  # how long before an answer things may have happened that it speaks of
FEWEST_ROWS, FEWEST_PER_DRIVER = 60, 15
DOUBLED = ("reply_hours", "resolution_hours")  # drivers on a scale of doublings


@dataclass(frozen=True)
class Drivers(Finding):
    """How much higher the score is with one more of each driver, the others equal."""

    table: pd.DataFrame
    question: Question
    customers: int
    explained_share: float  # of the variance of the scores (R²)

    columns = (DRIVER, EFFECT_POINTS, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE, CUSTOMERS_WITH)

    def summary(self) -> pd.DataFrame:
        """One row a driver, the strongest evidence first."""
        return self.table.drop(columns=P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects in points of the scale with their intervals; 0 is none."""
        effects = self.table.assign(**{DRIVER: self.table[DRIVER].map(DRIVER.write)})
        return charts.forest(effects, estimate=EFFECT_POINTS, label=DRIVER, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much are scores higher or lower with one more of each?")

    def headline(self) -> Sentence:
        """The strongest driver beyond chance; the next ones, and how little or much they explain together, below."""
        beyond = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        what = say(
            "Scores of “{question}”, from 0 to {highest}, beside what was in the {days} before the answer.",
            question=facts.Word(self.question.label, QUESTION),
            highest=facts.Count(self.question.highest),
            days=facts.Days(BEFORE_DAYS),
        )
        part = say(
            "All together explain {share} of the differences between scores.",
            share=facts.Share(max(self.explained_share, 0.0)),
        )
        if beyond.empty:
            tried = facts.Count(len(self.table))
            none = say("No evidence that scores go with any of {tried} things that happened before.", tried=tried)
            return none.resting_on(what, part)
        first, *others = (self._told(row) for _, row in beyond.head(3).iterrows())
        more = say("Also beyond chance: {drivers}.", drivers=facts.Listed(tuple(others))) if others else None
        return self._strongest(beyond.iloc[0]).resting_on(more, what, part, ASSOCIATION)

    @staticmethod
    def _strongest(row: pd.Series) -> Sentence:
        driver, points = facts.Word(row[DRIVER], DRIVER), facts.Difference(row[EFFECT_POINTS])
        if row[EFFECT_POINTS] < 0:
            return say("Scores are lower with “{driver}”: {points} for each one more.", driver=driver, points=points)
        return say("Scores are higher with “{driver}”: {points} for each one more.", driver=driver, points=points)

    @staticmethod
    def _told(row: pd.Series) -> Sentence:
        driver, points = facts.Word(row[DRIVER], DRIVER), facts.Difference(row[EFFECT_POINTS])
        return say("“{driver}” ({points})", driver=driver, points=points)


@analysis
def drivers(data: Dataset, name: str = "") -> Drivers | NotApplicable:
    """A linear model of the scores on what happened to the customer in the 90 days before the answer.

    One row a customer, the latest answer. Hours are medians of the customer's requests on a scale of doublings, and
    those without a request have the median of all. Effects are in points of the scale for one more, or for twice as
    many hours; 95% CI and p-values from errors that hold with unequal variances (HC3: MacKinnon & White 1985),
    corrected for the number of drivers (Holm). What fewer than 15 customers have is left out. `name` is the question,
    by default the one with most answers. Raises ValueError for a question that was not asked.
    """
    question = question_of(data, name)
    if isinstance(question, NotApplicable):
        return question
    return fitted(question, circumstances(data, question))


def circumstances(data: Dataset, question: Question) -> pd.DataFrame:
    """The score of each customer's latest answer, and what happened in the 90 days before it; by customer_id."""
    answers = latest(answers_to(data, question))
    rows = answers.filter(answers.customer_id.notnull()).select("customer_id", "answered_at", "score")
    table = rows.execute().set_index("customer_id").sort_index()
    for known in (_service(data, rows), _custom(data, rows)):
        table = table.join(known) if known is not None else table
    return table


def fitted(question: Question, table: pd.DataFrame) -> Drivers | NotApplicable:
    """The model of the scores in a table of `circumstances`."""
    design = _design(table)
    if len(table) < FEWEST_ROWS or design.empty:
        few = say(
            "of what came before the answers of {customers} customers too little is recorded: it takes {answers} "
            "answers, and {least} customers with one thing.",
            customers=facts.Count(len(table)),
            answers=facts.Count(FEWEST_ROWS),
            least=facts.Count(FEWEST_PER_DRIVER),
        )
        return NotApplicable(few)
    return _least_squares(question, table["score"], design)


def _service(data: Dataset, answers: ir.Table) -> pd.DataFrame | None:
    """Requests of the time before each answer: how many, how fast, whether open or opened again."""
    tickets = data.tables.get("tickets")
    if tickets is None:
        return None
    at, before = answers.answered_at, answers.answered_at - ibis.interval(days=BEFORE_DAYS)
    met = answers.join(tickets.rename(owner="customer_id"), [
        answers.customer_id == tickets.customer_id, tickets.opened_at <= at, tickets.opened_at >= before,
    ])  # fmt: skip

    def hours(until: ir.TimestampValue) -> ir.FloatingValue:
        known = until <= met.answered_at  # what came after the answer cannot have moved it
        return ibis.cases((known, (until.epoch_seconds() - met.opened_at.epoch_seconds()) / 3600))

    still_open = met.closed_at.isnull() | (met.closed_at > met.answered_at)
    return met.group_by("customer_id").agg(
        tickets=met.count(), complaints=met.complaint.fill_null(False).ifelse(1, 0).sum(),
        reply_hours=hours(met.first_reply_at).median(), resolution_hours=hours(met.closed_at).median(),
        open_tickets=still_open.ifelse(1, 0).sum(), reopened=(met.reopened.fill_null(0) > 0).ifelse(1, 0).sum(),
    ).execute().set_index("customer_id")  # fmt: skip


def _custom(data: Dataset, answers: ir.Table) -> pd.DataFrame | None:
    """Orders of the time before each answer, and how many of them were given back."""
    orders = data.tables.get("orders")
    if orders is None:
        return None
    before = answers.answered_at - ibis.interval(days=BEFORE_DAYS)
    met = answers.join(orders.rename(owner="customer_id"), [
        answers.customer_id == orders.customer_id, orders.ordered_at <= answers.answered_at,
        orders.ordered_at >= before,
    ])  # fmt: skip
    policy = data.settings.policy
    back = purchases.given_back(met, policy) | (met.refund.fill_null(0.0) > 0)
    placed = ~purchases.below_zero(met, policy)
    counts = met.group_by("customer_id").agg(orders=placed.ifelse(1, 0).sum(), refunded=back.ifelse(1, 0).sum())
    return counts.execute().set_index("customer_id")


def _design(table: pd.DataFrame) -> pd.DataFrame:
    """One column a driver that enough customers have; hours as doublings."""
    columns = {}
    for name in [driver for driver in DRIVER.words if driver in table]:
        values = table[name].astype(float)
        if name in DOUBLED:
            values = np.log2(values.clip(lower=1 / 60))
            known = values.dropna()
            filled = values.fillna(known.median())
        else:
            known = values[values.fillna(0.0) != 0]
            filled = values.fillna(0.0)
        if len(known) >= FEWEST_PER_DRIVER and filled.nunique() > 1:
            columns[name] = filled
    return _independent(pd.DataFrame(columns, index=table.index))


def _independent(design: pd.DataFrame) -> pd.DataFrame:
    """The columns from the left on that say something the ones before them do not."""
    kept: list[str] = []
    for name in design:
        trial = np.column_stack([np.ones(len(design)), design[[*kept, name]]])
        if np.linalg.matrix_rank(trial) == trial.shape[1]:
            kept.append(name)
    return design[kept]


def _customers_with(values: pd.Series) -> int:
    """Customers with the higher of two values, such as a yes; of numbers those unlike the usual one."""
    return int((values == values.max() if values.nunique() == 2 else values != values.median()).sum())


def _least_squares(question: Question, score: pd.Series, design: pd.DataFrame) -> Drivers:
    from statsmodels.regression.linear_model import OLS  # a second of import, which few notebooks need
    from statsmodels.tools import add_constant

    fit = OLS(score.to_numpy(float), add_constant(design.to_numpy())).fit(cov_type="HC3")
    limits = fit.conf_int()[1:]
    effects = pd.DataFrame({
        DRIVER: list(design), EFFECT_POINTS: fit.params[1:], LOWER: limits[:, 0], UPPER: limits[:, 1],
        P_VALUE: fit.pvalues[1:], ADJUSTED_P_VALUE: adjust(fit.pvalues[1:], "holm"),
        CUSTOMERS_WITH: [_customers_with(design[name]) for name in design],
    }).sort_values(P_VALUE, kind="stable")  # fmt: skip
    return Drivers(effects.reset_index(drop=True), question, len(score), float(fit.rsquared_adj))
