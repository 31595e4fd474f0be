"""Health of each customer as a declared score from 0 to 100, in red, yellow and green."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers import parameters
from helpers.analyses.profiling.engagement.vocabulary import BAND, PARTS, SCORE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, charts, facts, say
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, SHARE
from helpers.parameters import LONGEST_WINDOW_DAYS

RED_UPTO, YELLOW_UPTO = 50, 75  # Gainsight's bands
SCALES = {"nps": (0, 10), "csat": (1, 5)}  # of the answers that can be read
COMPLAINT_COSTS = 50  # points each


class Band(StrEnum):
    """The colours of a score, from the lowest on."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


@dataclass(frozen=True)
class Health(Finding):
    """Customers by band, and the mean of each part of the score."""

    table: pd.DataFrame  # one row a customer who has a score; a part that is not known of a customer is missing
    parts: tuple[str, ...]
    unscored: int
    columns = (CUSTOMER_ID, SCORE, BAND, *PARTS)
    shown = (BAND, CUSTOMERS, SHARE, *PARTS)

    def summary(self) -> pd.DataFrame:
        """One line a band: customers, share, and the mean score of each part; small bands are blank."""
        bands = self.table.groupby(BAND, observed=False)
        lines = bands[list(self.parts)].mean()
        lines.insert(0, CUSTOMERS, bands.size().astype(float))
        lines.insert(1, SHARE, lines[CUSTOMERS] / len(self.table))
        few = (lines[CUSTOMERS] > 0) & (lines[CUSTOMERS] < SMALLEST_GROUP)
        lines = lines.mask(np.repeat(few.to_numpy()[:, None], lines.shape[1], axis=1))
        return lines.reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by band."""
        lines = self.summary()
        named = lines.assign(band=lines[BAND].astype(str).map(BAND.write))
        return charts.bars(named, value=CUSTOMERS, label=BAND, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are in red, yellow and green?")

    def headline(self) -> Sentence:
        """The share in red, of how many with a score."""
        unscored = facts.Count(self.unscored)
        return say(
            "{share} of {customers} customers are in red.",
            share=facts.Share(self.table[BAND].eq(Band.RED).mean()),
            customers=facts.Count(len(self.table)),
        ).resting_on(
            say(
                "By a rule that weighs {parts} alike; it is no forecast.",
                parts=facts.Listed(tuple(map(facts.Attribute, self.parts))),
            ),
            say("{customers} customers of whom nothing is known have no score.", customers=unscored)
            if self.unscored
            else None,
        )


def health_bands(scores: ArrayLike) -> pd.Categorical:
    """ "red" to 50, "yellow" above it to 75, "green" above that; missing where the score is."""
    return pd.cut(
        np.asarray(scores, dtype=float), [-np.inf, RED_UPTO, YELLOW_UPTO, np.inf], labels=[band.value for band in Band]
    )


def health(data: Dataset, window_days: int = 180) -> Health | NotApplicable:
    """The score of each customer: the plain mean of the parts that are known of the customer, each from 0 to 100.

    Recency: 100 for an order on the last day, falling evenly to 0 for one `window_days` ago or longer. Contract: 100
    while a subscription runs, 0 once it has ended. Answer: the latest one, its scale stretched to 0 to 100. Quiet:
    100, less 50 for each complaint, of those who asked for help. A declared rule for sorting work, which nothing has
    been fitted to and no later behaviour has confirmed: the churn notebook holds the forecast. Not applicable where
    fewer than two parts are known, or fewer than 5 customers have a score.
    """
    parameters.between("window_days", window_days, 1, LONGEST_WINDOW_DAYS)
    parts = _parts(data.customers, window_days)
    parts = parts.loc[:, parts.notna().any()]
    if parts.shape[1] < 2:
        return NotApplicable(say("fewer than two of orders, subscriptions, answers and tickets tell of the customers."))
    score = parts.mean(axis="columns")
    scored = parts.assign(customer_id=data.customers["customer_id"], score=score)[score.notna()]
    if len(scored) < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers have a score.", least=facts.Count(SMALLEST_GROUP)))
    scored = scored.assign(band=health_bands(scored[SCORE]))[[CUSTOMER_ID, SCORE, BAND, *parts]]
    return Health(scored.reset_index(drop=True), tuple(parts), int(score.isna().sum()))


def _parts(customers: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """A column for each part of the score whose table the data set has."""
    parts = pd.DataFrame(index=customers.index)
    if "recency_days" in customers:
        parts["recency"] = 100 * (1 - customers["recency_days"].astype(float) / window_days).clip(0, 1)
    if "subscription" in customers:
        parts["contract"] = customers["subscription"].map({"active": 100.0, "ended": 0.0})
    if "last_survey_score" in customers:
        scale = customers["last_survey_question"].str.lower().map(SCALES)
        low, high = (scale.map(lambda ends, at=at: ends[at], na_action="ignore").astype(float) for at in (0, 1))
        answer = customers["last_survey_score"].astype(float)
        parts["answer"] = (100 * (answer - low) / (high - low)).where(answer.between(low, high))
    if "complaints" in customers:
        quiet = (100 - COMPLAINT_COSTS * customers["complaints"].astype(float)).clip(lower=0)
        parts["quiet"] = quiet.where(customers["tickets"] > 0)
    return parts
