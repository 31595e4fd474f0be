"""Who leaves next: each customer's chance to leave, the days expected of it, and its two main reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.forecast.landmarks import report_landmark, unseen
from helpers.analyses.churn.forecast.learning_sample import drawn_words
from helpers.analyses.churn.forecast.models import LEAST_LEARNED_FROM, Trained, trained
from helpers.analyses.churn.forecast.reason_words import worded
from helpers.analyses.churn.forecast.tenure_model import tenure_model
from helpers.analyses.churn.forecast.vocabulary import (
    AT_RISK_SINCE,
    CHANCE,
    EXPECTED_LEAVERS,
    EXPECTED_REMAINING_DAYS,
    LEAVE_30D_RATE,
    LEAVE_90D_RATE,
    MAIN_FEATURE,
    MAIN_REASON,
    MEAN_TENURE_DAYS,
    SECOND_FEATURE,
    SECOND_REASON,
    TENTH,
)
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.vocabulary import TENURE_DAYS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP, folded_texts
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS
from helpers.language import _

SOON_DAYS, LATER_DAYS = 30, 90
LONGEST_EXPECTED_DAYS = 730  # of the horizon over which days are expected of a customer
DECILES = 10
AT_ONCE = 100_000  # customers of whom the chances by all days of the grid are held
STEPS = 36  # over which the expected days are summed: a silence ends on one day, so a step is an error of up to half
LEAST_RAISED = 1.05  # times the hazard of the mean customer, from which a feature is a reason


@dataclass(frozen=True)
class Risk(Members, Finding):
    """Chances to leave of every customer still there, the highest first."""

    table: pd.DataFrame = field(repr=False)
    horizon_days: int  # expected days are counted up to here
    definition: str
    without_landmarks: object = None  # why no earlier days tell, only the tenure and attributes; None where they do
    drawn: Sentence | None = None  # of how many customers some were learned from
    failure: Sentence | None = None  # what their own trial says against the size of these chances
    columns = (
        CUSTOMER_ID, AT_RISK_SINCE, TENURE_DAYS, LEAVE_30D_RATE, LEAVE_90D_RATE, EXPECTED_REMAINING_DAYS, MAIN_REASON,
        SECOND_REASON, MAIN_FEATURE, SECOND_FEATURE,
    )  # fmt: skip
    shown = (TENTH, CUSTOMERS, LEAVE_30D_RATE, LEAVE_90D_RATE, EXPECTED_LEAVERS, MEAN_TENURE_DAYS)

    @property
    def untold(self) -> int:
        """Customers without a chance for 90 days: nobody was followed as long as they have stayed."""
        return int(self.table[LEAVE_90D_RATE].isna().sum())

    @property
    def tenths(self) -> pd.Series:
        """The tenth of each customer by chance, 1 for the highest; ties by customer; missing without a chance."""
        rates = self.table[LEAVE_90D_RATE].dropna()
        groups = max(1, min(DECILES, len(rates) // SMALLEST_GROUP))
        return np.ceil((-rates).rank(method="first") * groups / len(rates)).astype(int)

    def summary(self) -> pd.DataFrame:
        """Customers in ten equal groups by their chance to leave within 90 days, the highest first."""
        table = self.table.assign(tenth=self.tenths).dropna(subset=TENTH).astype({TENTH: int})
        groups = table.groupby(TENTH).agg(
            **{
                CUSTOMERS: (CUSTOMER_ID, "size"),
                LEAVE_30D_RATE: (LEAVE_30D_RATE, "mean"),
                LEAVE_90D_RATE: (LEAVE_90D_RATE, "mean"),
                EXPECTED_LEAVERS: (LEAVE_90D_RATE, "sum"),
                MEAN_TENURE_DAYS: (TENURE_DAYS, "mean"),
            }
        )
        return groups.reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean chances by tenth."""
        names = {LEAVE_30D_RATE: _(LEAVE_30D_RATE.message), LEAVE_90D_RATE: _(LEAVE_90D_RATE.message)}
        tidy = self.to_show().melt(TENTH, list(names), "when", CHANCE)
        drawn = tidy.assign(when=tidy["when"].map(names), tenth=tidy[TENTH].map(_("tenth {}").format))
        return charts.grouped_bars(drawn, value=CHANCE, label=TENTH, group="when", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How likely are customers to leave, from the tenth at highest risk to the lowest?")

    def headline(self) -> Sentence:
        """How many may leave within 90 days, and whether that can be relied on; what one tenth holds below."""
        rates = self.table[LEAVE_90D_RATE].dropna()
        known = {"leavers": facts.Count(rates.sum()), "customers": facts.Count(len(rates))}
        contract = self.definition == Definition.CONTRACT
        if self.failure and contract:
            told = say(
                "About {leavers} of {customers} customers may leave within 90 days, but this forecast failed its "
                "trial.",
                **known,
            )
        elif self.failure:
            told = say(
                "About {leavers} of {customers} customers may fall silent within 90 days, but this forecast failed "
                "its trial.",
                **known,
            )
        elif contract:
            told = say("About {leavers} of {customers} customers are expected to leave within 90 days.", **known)
        else:
            told = say("About {leavers} of {customers} customers are expected to fall silent within 90 days.", **known)
        return told.resting_on(self.failure, *self._basis(rates), self.drawn)

    def brief(self) -> Brief:
        """To call those at highest risk, half of them, where the forecast did not fail its trial."""
        if self.failure or self.table.empty:
            return Brief()
        top = self.summary().iloc[0]
        told = say(
            "Call the {customers} customers at highest risk; leave a random half uncalled.",
            customers=facts.Count(top[CUSTOMERS]),
        ).resting_on(
            say("About {leavers} of them may leave within 90 days.", leavers=facts.Count(top[EXPECTED_LEAVERS])),
            say("Whether a call keeps them is not known: the half that is not called will tell."),
        )
        return Brief((News(Topic.ACTION, "save_call", told, owner=say("Head of service"), table="churn_risk"),))

    def _basis(self, rates: pd.Series) -> Iterator[Sentence]:
        """What the tenth at highest risk holds, and what is not told or not known."""
        top = self.summary().iloc[0]
        yield say(
            "The {top} at highest risk hold {leavers} of them ({share}).",
            top=facts.Count(top[CUSTOMERS]),
            leavers=facts.Count(top[EXPECTED_LEAVERS]),
            share=facts.Share(top[EXPECTED_LEAVERS] / rates.sum() if rates.sum() > 0 else 0),
        )
        if self.definition == Definition.SILENCE:
            yield say("A customer proves silent on the day on which the silence is as long as leaving takes.")
        if self.untold:
            yield say(
                "For {untold} more no chance can be given: nobody was followed 90 days further than they stayed.",
                untold=facts.Count(self.untold),
            )
        if self.without_landmarks:
            yield say(
                "These chances rest on the length of the stay and on what is recorded of customers alone, not on what "
                "they did: {why}",
                why=self.without_landmarks,
            )


@if_applicable
def risk(stays: Stays, data: Dataset, horizon_days: int = 180) -> Risk | NotApplicable:
    """Chance to leave within 30 and 90 days, and expected days within `horizon_days`, of all of `stays` still there.

    The model that `holdout` tests, trained on all landmarks whose outcome is known, told everything up to `as_of`.
    Under silence leaving is the day on which the silence is complete. Where a contract has no landmarks: a Cox model of
    the length of stays, which says so. Chances are missing where nobody was followed that long. Reasons are the two
    features with the largest positive coef × (value − mean of those still there) in the log hazard, if beyond chance.
    Raises ValueError for a horizon that is none, LeakageError where a feature of `data` is later than its landmark.
    """
    parameters.between("horizon_days", horizon_days, LATER_DAYS, LONGEST_EXPECTED_DAYS)
    if (nothing := unseen(stays, data)) is not None:
        return nothing
    at = pd.DatetimeIndex([report_landmark(stays)])
    model, why = trained(stays, data, at, LATER_DAYS, horizon_days), None
    if isinstance(model, NotApplicable) and stays.definition == Definition.CONTRACT:
        why, model = model.reason, tenure_model(stays)
    if isinstance(model, NotApplicable):
        return model
    table = _table(model, horizon_days)
    if table[LEAVE_90D_RATE].notna().sum() < LEAST_LEARNED_FROM:
        least = facts.Count(LEAST_LEARNED_FROM)
        return NotApplicable(say("fewer than {least} customers are there whose chance can be told.", least=least))
    return Risk(table, horizon_days, stays.definition, why, drawn_words(stays))


def _table(model: Trained, horizon_days: int) -> pd.DataFrame:
    """`Risk.table`."""
    rows, values = model.rows.reset_index(drop=True), model.table.reset_index(drop=True)
    starts = range(0, len(rows), AT_ONCE)
    told = [_chances(model, rows[at : at + AT_ONCE], values[at : at + AT_ONCE], horizon_days) for at in starts]
    chances = pd.concat(told, ignore_index=True)
    features = _main_features(model.model.contributions(rows, values)).where(chances[LEAVE_90D_RATE] > 0, "")
    table = pd.DataFrame(
        {
            CUSTOMER_ID: rows["customer_id"],
            AT_RISK_SINCE: rows["since_on"],
            TENURE_DAYS: (rows["landmark_at"] - rows["since_on"]).dt.days - 1,
            **chances,
            MAIN_REASON: _words(features[MAIN_FEATURE], values),
            SECOND_REASON: _words(features[SECOND_FEATURE], values),
            **features,
        }
    )
    return table.sort_values([LEAVE_90D_RATE, CUSTOMER_ID], ascending=[False, True], ignore_index=True)


def _chances(model: Trained, rows: pd.DataFrame, values: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """What some rows of `Risk.table` say of leaving."""
    grid = np.round(np.linspace(0, horizon_days, STEPS + 1))
    horizons = np.union1d(grid, [SOON_DAYS, LATER_DAYS])
    chances = pd.DataFrame(model.model.chances(rows, values, horizons), columns=horizons)
    return pd.DataFrame(
        {
            LEAVE_30D_RATE: chances[SOON_DAYS],
            LEAVE_90D_RATE: chances[LATER_DAYS],
            EXPECTED_REMAINING_DAYS: np.trapezoid(1 - chances, horizons, axis=1),
        }
    )


def _main_features(contributions: pd.DataFrame) -> pd.DataFrame:
    """The features that raise each row's risk most and second most, where any does."""
    raised = contributions.where(contributions >= np.log(LEAST_RAISED), 0.0)
    main = _largest(raised)
    others = raised.mask(pd.DataFrame({name: main == name for name in raised}), 0.0)
    return pd.DataFrame({MAIN_FEATURE: main, SECOND_FEATURE: _largest(others)})


def _largest(raised: pd.DataFrame) -> pd.Series:
    """The feature that raises each row's risk most; empty where none does."""
    return raised.idxmax(axis=1).where(raised.max(axis=1) > 0, "")


def _words(features: pd.Series, table: pd.DataFrame) -> pd.Series:
    words = pd.Series("", index=features.index, dtype=object)
    for name, rows in features[features != ""].groupby(features):
        place, distinct = pd.factorize(folded_texts(table[name])[rows.index], use_na_sentinel=False)
        words[rows.index] = np.array([worded(name, value) for value in distinct], dtype=object)[place]
    return words
