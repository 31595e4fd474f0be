"""Which model of purchases to believe: each is fitted up to an earlier day and tried on what came after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.value.future.purchases import (
    IN_PLACE_OF,
    Histories,
    Model,
    certainty,
    fitted,
    histories_on,
    orders_between,
    repeats_by_day,
)
from helpers.analyses.value.vocabulary import (
    BIAS_SHARE,
    DAY,
    DEVIANCE,
    EXPECTED_IN_TRIAL,
    LINE,
    MEAN_ABSOLUTE_ERROR,
    MODEL,
    REPEATS_SO_FAR,
)
from helpers.data import spans
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import TOLERATED_BIAS, Z
from helpers.findings.vocabulary import ORDERS
from helpers.statistics.purchases import PurchaseModel, expected_total

LONGEST_UNASKED_DAYS, SHORTEST_UNASKED_DAYS = 180, 28  # of a trial of which nobody said how long
BOUGHT = "bought"  # the line of what came, among those of the models


class Rule(StrEnum):
    """The rules of thumb that models are tried beside."""

    SAME_RATE = "same_rate"
    SAME_AGAIN = "same_again"  # as in as many days before


@dataclass(frozen=True)
class Failure:
    """That a model was off in its own trial: beyond chance, and by more than is tolerated."""

    model: Model
    bias_share: float  # orders expected over orders that came, less 1; infinite where none came


def doubt(failure: Failure | None) -> Sentence | None:
    """What a failed trial means for the values that rest on the model; None where it did not fail."""
    if failure is None:
        return None
    model, share = facts.Word(failure.model, MODEL), facts.Share(abs(failure.bias_share))
    if failure.bias_share < 0:
        return say(
            "“{model}” failed its own trial, expecting {share} too few orders: take these values for too low.",
            model=model,
            share=share,
        )
    return say(
        "“{model}” failed its own trial, expecting {share} too many orders: take these values for too high.",
        model=model,
        share=share,
    )


@dataclass(frozen=True)
class Holdout(Finding):
    """Orders that models and rules of thumb expected of the customers of an earlier day, beside those that came."""

    table: pd.DataFrame  # best model first, the rules of thumb last
    split_on: dt.date
    days: int
    chosen: Model
    customers: pd.DataFrame  # index customer_id: frequency, orders, and one column a model or rule: orders expected
    tracking: pd.DataFrame  # all repeat orders so far by day and line: bought, and expected by each model
    columns = (MODEL, EXPECTED_IN_TRIAL, ORDERS, BIAS_SHARE, MEAN_ABSOLUTE_ERROR, DEVIANCE)

    @property
    def ranked(self) -> list[Model]:
        """The chosen model and those to fall back to, best first; after NBD its limit, and after that NBD.

        Customers known since may call for the one where those of the trial called for the other.
        """
        tried = [Model(name) for name in self.table[MODEL] if name not in list(Rule)]
        return [each for name in tried for each in (name, IN_PLACE_OF.get(name)) if each]

    def failure(self, model: Model) -> Failure | None:
        """How far a model was off in all; None where that is tolerated, within what chance explains, or not known.

        By chance the sum differs by the errors of the customers, who are independent, and at least as Poisson counts
        do.
        """
        if model not in self.customers:  # it was not tried
            return None
        expected, came = self.customers[model], self.customers["orders"]
        if not came.sum():
            return Failure(model, np.inf)
        error = expected.sum() - came.sum()
        by_chance = Z * np.sqrt(max(((expected - came) ** 2).sum(), expected.sum()))
        bias = error / came.sum()
        return Failure(model, float(bias)) if abs(error) > by_chance and abs(bias) > TOLERATED_BIAS else None

    def plot(self, ax: Axes | None = None) -> Axes:
        """Repeat orders so far of these customers, week by week, beside what each model expected of them."""
        named = self.tracking.assign(**{LINE: self.tracking[LINE].map(LINE.write)})
        return charts.line(named, x=DAY, y=REPEATS_SO_FAR, group=LINE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many repeat orders were bought, and how many did each model expect?")

    def headline(self) -> Sentence:
        """What the chosen model expected and what came, and whether it can be used."""
        rows = self.table.set_index(MODEL)
        best = rows.loc[self.chosen]
        expected, came = facts.Count(best[EXPECTED_IN_TRIAL]), facts.Count(best[ORDERS])
        if self.failure(self.chosen):
            told = say(
                "In its trial the forecast said {expected} orders and {came} came: too far off to rely on.",
                expected=expected,
                came=came,
            )
        else:
            told = say(
                "In its trial the forecast said {expected} orders and {came} came: close enough to use.",
                expected=expected,
                came=came,
            )
        return told.resting_on(
            say(
                "The customers known on {day}, {customers} of them, over {days}.",
                day=facts.Day(self.split_on),
                customers=facts.Count(len(self.customers)),
                days=facts.Days(self.days),
            ),
            self._fit(len(rows) - len(Rule)),
            self._beside_rules(rows[MEAN_ABSOLUTE_ERROR]),
            certainty(self.chosen),
        )

    def _fit(self, models: int) -> Sentence:
        """How the chosen model stands among those that could be fitted."""
        model = facts.Word(self.chosen, MODEL)
        if models == 1:
            return say("“{model}” is the only model that fits at all.", model=model)
        return say("“{model}” fits best of {models} models.", model=model, models=facts.Count(models))

    def _beside_rules(self, errors: pd.Series) -> Sentence:
        """The mean error of the chosen model beside that of the better rule of thumb, customer by customer."""
        rule, came = errors.loc[list(Rule)].idxmin(), self.customers["orders"]
        gain = (self.customers[rule] - came).abs() - (self.customers[self.chosen] - came).abs()
        half = Z * gain.sem()
        low, high = sorted((gain.mean() - half, gain.mean() + half), key=abs)
        own, by_rule = facts.Number(errors[self.chosen]), facts.Word(rule, MODEL)
        if low * high <= 0:
            return say(
                "It is off by {own} orders a customer, not clearly other than the rule of thumb “{rule}” ({its}).",
                own=own,
                rule=by_rule,
                its=facts.Number(errors[rule]),
            )
        apart = facts.Number(abs(gain.mean()))
        limits = facts.Range(facts.Number(abs(low)), facts.Number(abs(high)))
        if high > 0:
            return say(
                "It is off by {own} orders a customer, {apart} ({limits}) less than the rule of thumb “{rule}”.",
                own=own,
                apart=apart,
                limits=limits,
                rule=by_rule,
            )
        return say(
            "It is off by {own} orders a customer, {apart} ({limits}) more than the rule of thumb “{rule}”.",
            own=own,
            apart=apart,
            limits=limits,
            rule=by_rule,
        )


@analysis
def holdout(data: Dataset, holdout_days: int = 0) -> Holdout | NotApplicable:
    """Every model fitted as of `holdout_days` before the report's day, and two rules of thumb, tried on those days.

    0 takes a third of the time that the orders span, from 28 to 180 days. Errors are of the orders (days with one) of
    each customer known at the earlier day. The chosen model has the lowest mean Poisson deviance, a proper score for
    counts (Gneiting & Raftery 2007), which a model that expects nothing of anybody cannot win, as it can win the mean
    absolute error. Bias is expected over actual, less 1; NaN when nothing came. Raises ValueError for days out of
    range. Not applicable without orders, with too few customers at the earlier day, or when no model can be fitted. One
    rate for all is tried only where customers differ by no more than chance and NBD, of which it is the limit, cannot
    be fitted. The chosen model fails where it is off in all by more than a tenth of the orders that came, beyond
    chance, and where none came.
    """
    parameters.between("holdout_days", holdout_days, 0, parameters.LONGEST_WINDOW_DAYS)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    if unseen := spans.unseen(data.spans, "orders", data.as_of):
        return NotApplicable(unseen)
    days = int(holdout_days) or _third(data)
    split_on = data.as_of - dt.timedelta(days=days)
    before = histories_on(data, split_on)
    if isinstance(before, NotApplicable):
        return before
    models = fitted(before)
    if not models:
        unfitted = say(
            "no model of purchases can be fitted to the customers of {day}: their orders do not tell its parameters.",
            day=facts.Day(split_on),
        )
        return NotApplicable(unfitted)
    customers = _expected_and_came(data, before, models, days)
    scores = _scored(customers, list(models))
    return Holdout(scores, split_on, days, Model(scores[MODEL][0]), customers, _tracking(data, before, models))


def _third(data: Dataset) -> int:
    """A third of the time that the orders span, in days, within limits."""
    first = data.customers["first_order_on"].min()
    span = (pd.Timestamp(data.as_of) - first).days if pd.notna(first) else 0
    return int(np.clip(span // 3, SHORTEST_UNASKED_DAYS, LONGEST_UNASKED_DAYS))


def _expected_and_came(data: Dataset, before: Histories, models: dict[Model, PurchaseModel], days: int) -> pd.DataFrame:
    """customer_id → orders that each model and rule expects in the days since, frequency before, orders that came."""
    ids, start = before.customers.index, before.as_of - dt.timedelta(days=days)
    frequency, age = before.customers["frequency"], before.customers["age_days"].clip(lower=1)
    by_model: dict[str, np.ndarray] = {
        name: model.expected_purchases(days, *before.columns) for name, model in models.items()
    }
    return pd.DataFrame(
        {
            **by_model,
            Rule.SAME_RATE: frequency / age * days,
            Rule.SAME_AGAIN: orders_between(data, start, before.as_of).reindex(ids, fill_value=0),
            "frequency": frequency,
            "orders": orders_between(data, before.as_of, data.as_of).reindex(ids, fill_value=0),
        },
        index=ids,
    )


def _scored(customers: pd.DataFrame, models: list[Model]) -> pd.DataFrame:
    """One row a model, the likeliest first, and then one a rule of thumb."""
    scores = pd.DataFrame([_score(name, customers[name], customers["orders"]) for name in [*models, *Rule]])
    is_model = scores[MODEL].isin(models)
    return pd.concat([scores[is_model].sort_values(DEVIANCE, kind="stable"), scores[~is_model]], ignore_index=True)


def _score(name: Model | Rule, expected: pd.Series, came: pd.Series) -> dict[str, object]:
    return {
        MODEL: name.value,
        EXPECTED_IN_TRIAL: expected.sum(),
        ORDERS: int(came.sum()),
        BIAS_SHARE: expected.sum() / came.sum() - 1 if came.sum() else np.nan,
        MEAN_ABSOLUTE_ERROR: (expected - came).abs().mean(),
        DEVIANCE: _poisson_deviance(expected, came),
    }


def _poisson_deviance(expected: pd.Series, came: pd.Series) -> float:
    """Mean Poisson deviance; infinite where an order came of which a rule was sure that it would not."""
    mean, count = expected.to_numpy(float), came.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(count > 0, count * np.log(count / mean), 0.0)
    return float(2 * (surprise - count + mean).mean())


def _tracking(data: Dataset, before: Histories, models: dict[Model, PurchaseModel]) -> pd.DataFrame:
    """All repeat orders so far, at the end of every seventh day back from the last, bought and by each model."""
    first = before.customers["first_order_on"]
    start = first.min()
    weeks = pd.date_range(start, data.as_of)[::-7][::-1]
    so_far = repeats_by_day(data, before.as_of).cumsum().reindex(weeks, method="ffill").fillna(0)
    lines = {BOUGHT: so_far.to_numpy(int)}
    for name, model in models.items():
        lines[name.value] = expected_total(model, (first - start).dt.days, (weeks - start).days)
    return pd.concat(
        [pd.DataFrame({DAY: weeks, LINE: name, REPEATS_SO_FAR: line}) for name, line in lines.items()],
        ignore_index=True,
    )
