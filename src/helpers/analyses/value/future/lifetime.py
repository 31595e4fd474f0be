"""What each customer is expected to bring from now on, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.purchases import FITS, Histories, Model, certainty
from helpers.analyses.value.future.spend import CODES, SpendModel, repeats, spend_model, spends
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.future.trial_of_models import Failure, Holdout, doubt
from helpers.analyses.value.vocabulary import (
    CUSTOMERS_BY_VALUE,
    EXPECTED_ORDERS,
    EXPECTED_SPEND,
    LEAST_LIFETIME_VALUE,
    LIFETIME_VALUE,
    MEAN_ACTIVE_PROBABILITY,
    MEAN_EXPECTED_ORDERS,
    MEAN_LIFETIME_VALUE,
    MODEL,
    P_ALIVE,
    VALUE_SHARE,
)
from helpers.data.days import MONTH_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.privacy.disclosure import DOMINATED, dominated
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS
from helpers.statistics.purchases import CommonSpend, FittedValues, PurchaseModel

STEP = 1e-4  # of a parameter's logarithm, by which values are differenced
Fitted = TypeVar("Fitted", bound=PurchaseModel | SpendModel)


@dataclass(frozen=True)
class LifetimeValues(Members, Finding):
    """What each customer who ever ordered is expected to bring, and how sure sums of it are."""

    table: pd.DataFrame  # by customer_id
    model: Model
    terms: Terms
    fitted: FittedValues  # the lifetime values, in the same order
    parameters: pd.DataFrame  # model, parameter, estimate, std_error
    passed_over: Model | None = None  # the model that the trial chose, where that cannot be fitted to all customers
    common_spend: float | None = None  # expected of everybody's orders, where spends differ by chance alone
    failure: Failure | None = None  # of the model, in its own trial
    currency: str = ""
    columns = (CUSTOMER_ID, P_ALIVE, EXPECTED_ORDERS, EXPECTED_SPEND, LIFETIME_VALUE)
    shown = (
        CUSTOMERS_BY_VALUE, CUSTOMERS, MEAN_ACTIVE_PROBABILITY, MEAN_EXPECTED_ORDERS, LEAST_LIFETIME_VALUE,
        MEAN_LIFETIME_VALUE, VALUE_SHARE, DOMINATED,
    )  # fmt: skip

    @property
    def total(self) -> float:
        """All values together."""
        return float(self.table[LIFETIME_VALUE].sum())

    def summary(self) -> pd.DataFrame:
        """Customers from the most valuable, in tenths: what they are expected to bring.

        Customers of equal value are never parted: a group is larger than a tenth where they do not fit into one.
        """
        place = self.table[LIFETIME_VALUE].rank(ascending=False, method="min") - 1
        tenth = pd.Series((10 * place // len(place)).to_numpy(int), place.index)
        tenths = self.table.groupby(tenth)
        value = tenths[LIFETIME_VALUE]
        ends = (100 * value.size().cumsum() / len(place)).round().astype(int).tolist()
        return pd.DataFrame(
            {
                CUSTOMERS_BY_VALUE: [f"{start}–{end}%" for start, end in pairwise([0, *ends])],
                CUSTOMERS: value.size(),
                MEAN_ACTIVE_PROBABILITY: tenths[P_ALIVE].mean(),
                MEAN_EXPECTED_ORDERS: tenths[EXPECTED_ORDERS].mean(),
                LEAST_LIFETIME_VALUE: value.min(),
                MEAN_LIFETIME_VALUE: value.mean(),
                VALUE_SHARE: value.sum() / self.total if self.total else np.nan,
                DOMINATED: dominated(self.table[LIFETIME_VALUE], tenth),
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """The part of all value that each tenth of the customers brings."""
        return charts.bars(self.to_show(), value=VALUE_SHARE, label=CUSTOMERS_BY_VALUE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which part of the expected value does each tenth of the customers bring?")

    def headline(self) -> Sentence:
        """The expected total; its interval, how concentrated it is, and what it leaves out below."""
        total, *limits = self.fitted.total_limits(np.ones(len(self.table), dtype=bool))
        low, high = (facts.Money(limit, self.currency) for limit in limits)
        known = {
            "customers": facts.Count(len(self.table)),
            "money": facts.Money(total, self.currency),
            "months": facts.Count(self.terms.horizon_months),
        }
        if self.failure:
            told = say(
                "The {customers} customers who ever ordered should bring {money} in {months} months, but this forecast "
                "failed its trial.",
                **known,
            )
        else:
            told = say(
                "The {customers} customers who ever ordered should bring {money} in the next {months} months.", **known
            )
        return told.resting_on(
            doubt(self.failure),
            self._most_valuable(),
            say(
                "By “{model}” {interval}, by how well its parameters are known; how wrong it is, its trial tells.",
                model=facts.Word(self.model, MODEL),
                interval=facts.Range(low, high),
            ),
            self.terms.told(),
            self._alike(),
            self._instead(),
            certainty(self.model),
        )

    def _alike(self) -> Sentence | None:
        """What everybody is expected to spend, where customers differ by chance alone."""
        if not self.common_spend:
            return None
        return say(
            "Mean spends of customers differ by no more than chance: each is expected to spend the mean of all, "
            "{money} an order.",
            money=facts.Money(self.common_spend, self.currency),
        )

    def _instead(self) -> Sentence | None:
        """That the trial chose another model, where that is so."""
        if not self.passed_over:
            return None
        return say(
            "“{model}”, chosen by the trial, cannot be fitted to all customers; this is the next best that can.",
            model=facts.Word(self.passed_over, MODEL),
        )

    def _most_valuable(self) -> Sentence:
        """What the most valuable bring; where equal values make a tenth no group, that they do."""
        first, share = self.summary()[[CUSTOMERS, VALUE_SHARE]].iloc[0]
        if first == len(self.table):
            return say("All are worth the same, so there is no ranking.")
        if first > len(self.table) / 10 + 1:
            return say(
                "The most valuable {of_all}, whom equal values do not part, bring {share} of it.",
                of_all=facts.Share(first / len(self.table)),
                share=facts.Share(share),
            )
        return say("The most valuable tenth brings {share} of it.", share=facts.Share(share))


@analysis
def lifetime_values(
    known: Histories | NotApplicable, tried: Holdout | NotApplicable, terms: Terms = Terms()
) -> LifetimeValues | NotApplicable:
    """The value of every customer under the model that the trial chose and a Gamma-Gamma model of spend.

    Where that model cannot be fitted to all customers it is the next best of the trial that can. Of a customer whose
    repeat orders brought nothing, or who has none, the spend is taken to be the mean of all; of everybody where
    customers' mean spends differ by no more than chance. Not applicable where no model was chosen, no order came in the
    trial, repeat orders bring no money, or no model of orders, or of spend, has a maximum. Raises ValueError for a
    horizon of parts of a month.
    Assumes that customers go on as they did, and that spend does not go with frequency (see `spend_independence`).
    Source: Fader, Hardie & Lee (2005, "RFM and CLV").
    """
    if isinstance(known, NotApplicable):
        return known
    if isinstance(tried, NotApplicable):
        return tried
    failure = tried.failure(tried.chosen)
    if failure and np.isinf(failure.bias_share):
        nothing = say(
            "no order came in the {days} after {day}, on which the models were tried.",
            days=facts.Days(tried.days),
            day=facts.Day(tried.split_on),
        )
        return NotApplicable(nothing)
    try:
        name, model = _best_fitted(tried.ranked, known)
        spend = spend_model(known)
    except ValueError as error:
        return NotApplicable(say("a model of orders or of spend cannot be fitted to all customers: {why}", why=error))
    if not np.isfinite(spends(spend, known)).all():
        return NotApplicable(say("the mean spend of customers of whom nothing is known has no limit under the model."))
    table = _valued(model, spend, known, terms)
    return LifetimeValues(
        table=table,
        model=name,
        terms=terms,
        fitted=FittedValues(table[LIFETIME_VALUE].to_numpy(), *_uncertainty(model, spend, known, terms)),
        parameters=pd.concat([_estimates(name, model), _estimates(CODES[type(spend)], spend)], ignore_index=True),
        passed_over=tried.chosen if name != tried.chosen else None,
        common_spend=spend.mean_spend if isinstance(spend, CommonSpend) else None,
        failure=tried.failure(name) if name in tried.customers else failure,
        currency=known.currency,
    )


def _valued(model: PurchaseModel, spend: SpendModel, known: Histories, terms: Terms) -> pd.DataFrame:
    """One row a customer: how likely active, orders, spend and value."""
    each = spends(spend, known)
    return pd.DataFrame(
        {
            CUSTOMER_ID: known.customers.index,
            P_ALIVE: model.p_alive(*known.columns),
            EXPECTED_ORDERS: model.expected_purchases(terms.horizon_months * MONTH_DAYS, *known.columns),
            EXPECTED_SPEND: each,
            LIFETIME_VALUE: each * terms.value(model, np.ones(1), known),
        }
    )


def _uncertainty(
    model: PurchaseModel, spend: SpendModel, known: Histories, terms: Terms
) -> tuple[np.ndarray, np.ndarray]:
    """How values move with the logarithm of each parameter, and how each customer moves these (see `FittedValues`)."""
    each, ones = spends(spend, known), np.ones(1)
    purchases = terms.value(model, ones, known)  # discounted, times the margin
    slopes = [
        *(each * (terms.value(near, ones, known) - purchases) / STEP for near in _near(model)),
        *((spends(near, known) - each) / STEP * purchases for near in _near(spend)),
    ]
    influences = [
        model.scores(*known.columns) @ _covariance(model),
        spend.scores(*repeats(known)) @ _covariance(spend),
    ]
    return np.column_stack(slopes), np.hstack(influences)


def _covariance(model: PurchaseModel | SpendModel) -> np.ndarray:
    assert model.covariance is not None, "a model that was fitted knows how well"
    return model.covariance


def _best_fitted(ranked: list[Model], known: Histories) -> tuple[Model, PurchaseModel]:
    """The first of the models that has a maximum for these customers; the error of the last where none has."""
    *better, last = ranked
    for name in better:
        try:
            return name, FITS[name](*known.columns)
        except ValueError:  # no maximum
            continue
    return last, FITS[last](*known.columns)


def _near(model: Fitted) -> list[Fitted]:
    """The model with each parameter in turn a little larger."""
    given = model.parameters
    return [replace(model, parameters=given | {name: value * np.exp(STEP)}) for name, value in given.items()]


def _estimates(name: str, model: PurchaseModel | SpendModel) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": name,
            "parameter": list(model.parameters),
            "estimate": list(model.parameters.values()),
            "std_error": list(model.std_errors.values()),
        }
    )
