"""Whose earlier days are learned from and tried on: everybody's, or those of so many customers at random.

A hundred thousand customers tell a share to .3 of a point and a ratio of hazards to a few hundredths: more would cost
memory and time, and change no decision. Of the report's own day everybody is told.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from helpers.analyses.churn.drivers.samples import sample
from helpers.analyses.churn.forecast.landmarks import at_risk, first_silences, report_landmark
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.data.datasets import Dataset
from helpers.findings import Sentence, facts, say

MOST_CUSTOMERS = 100_000


def learning_rows(stays: Stays, data: Dataset, landmarks: pd.DatetimeIndex) -> pd.DataFrame:
    """Rows at risk (see `landmarks.at_risk`) that are learned from, tried on, or of the report's own landmark.

    Customers are drawn by what is known of them, not by their ids: of a contract always the same for the same stays;
    of silence among those of the rows, as who ordered late has no stay yet.
    """
    if _customers(stays) <= MOST_CUSTOMERS:
        return at_risk(stays, data, landmarks)
    now = landmarks == report_landmark(stays)
    contract = stays.definition == Definition.CONTRACT
    drawn = _with_contracts(stays) if contract else _drawn(first_silences(stays, data, landmarks))
    parts = [at_risk(stays, data, landmarks[~now], drawn)]
    if now.any():
        parts.append(at_risk(stays, data, landmarks[now]))
    return pd.concat(parts, ignore_index=True)


def drawn_words(stays: Stays) -> Sentence | None:
    """How many customers were drawn, of how many; None where all were taken."""
    customers = _customers(stays)
    if customers <= MOST_CUSTOMERS:
        return None
    return say(
        "Earlier days are those of {used} customers at random, of {customers}.",
        used=facts.Count(MOST_CUSTOMERS),
        customers=facts.Count(customers),
    )


@lru_cache(maxsize=2)  # each model asks it again
def _customers(stays: Stays) -> int:
    return stays.table["customer_id"].nunique()


@lru_cache(maxsize=1)
def _with_contracts(stays: Stays) -> pd.Index:
    return _drawn(stays.table.drop_duplicates("customer_id"))


def _drawn(customers: pd.DataFrame) -> pd.Index:
    """Those drawn of `customers`, which have a row each, by its values."""
    return pd.Index(sample(customers, MOST_CUSTOMERS)["customer_id"])
