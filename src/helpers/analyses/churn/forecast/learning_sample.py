"""Whose earlier days are learned from and tried on: everybody's, or those of so many customers at random.

A hundred thousand customers tell a share to .3 of a point and a ratio of hazards to a few hundredths: more would cost
memory and time, and change no decision. Of the report's own day everybody is told.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from helpers.analyses.churn.drivers.samples import sample
from helpers.analyses.churn.forecast.landmarks import report_landmark
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.findings import Sentence, facts, say

MOST_CUSTOMERS = 100_000


def learning_rows(stays: Stays, rows: pd.DataFrame) -> pd.DataFrame:
    """Those of `rows` (see `landmarks.at_risk`) that are learned from, tried on, or of the report's own landmark.

    Customers are drawn by what is known of them, not by their ids: of a contract always the same for the same stays;
    of silence among those of the rows, as who ordered late has no stay yet.
    """
    if _customers(stays) <= MOST_CUSTOMERS:
        return rows
    drawn = _with_contracts(stays) if stays.definition == Definition.CONTRACT else _drawn(rows)
    kept = rows["customer_id"].isin(drawn) | (rows["landmark_at"] == report_landmark(stays))
    return rows[kept].reset_index(drop=True)


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
def _with_contracts(stays: Stays) -> frozenset[str]:
    return frozenset(_drawn(stays.table))


def _drawn(rows: pd.DataFrame) -> pd.Series:
    """The customers of some rows, drawn by the values of the first row of each."""
    return sample(rows.drop_duplicates("customer_id"), MOST_CUSTOMERS)["customer_id"]
