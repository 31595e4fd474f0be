"""Who was there on a landmark, a day of each customer's own, and who stayed for the days after it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.journey.vocabulary import (
    ALIKE_STAYED_SHARE,
    DIFFERENCE_LOWER,
    DIFFERENCE_RATE,
    DIFFERENCE_UPPER,
    STAYED_SHARE,
    TAKERS,
)
from helpers.data.contract_stays import contract_stays
from helpers.data.datasets import Dataset
from helpers.findings import Sentence, facts, say
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, P_VALUE
from helpers.statistics.effects import match
from helpers.statistics.inference import adjust

STAY_DAYS = 90  # after the landmark
ROW = ["customer_id", "landmark_at"]
COLUMNS = (TAKERS, STAYED_SHARE, ALIKE_STAYED_SHARE, DIFFERENCE_RATE, DIFFERENCE_LOWER, DIFFERENCE_UPPER, P_VALUE)


class Staying(StrEnum):
    """What staying is: a contract that runs on, or doing anything at all."""

    CONTRACT = "contract"
    ACTIVITY = "activity"

    @property
    def said(self) -> Sentence:
        """What it is, in words."""
        days = facts.Days(STAY_DAYS)
        if self is Staying.CONTRACT:
            return say("To stay is here a contract that still runs {days} later.", days=days)
        return say("To stay is here to do anything at all in the {days} after.", days=days)


def meaning(data: Dataset) -> Staying:
    """What staying is in a data set: its contracts, where there are any that customers leave."""
    by_contract = "subscriptions" in data.tables and data.settings.contractual is not False
    return Staying.CONTRACT if by_contract else Staying.ACTIVITY


def stayed(data: Dataset, acts: ibis.Table, landmarks: pd.DataFrame) -> pd.DataFrame:
    """`landmarks` (customer_id, landmark_at: a midnight) of those still there, with whether each `stayed`.

    Whose contract had ended before the landmark, or had not begun, is not there; without contracts everybody is. `acts`
    (customer_id, at) are what customers did.
    """
    if meaning(data) is Staying.CONTRACT:
        return _by_contract(data, landmarks)
    rows = acts.join(ibis.memtable(landmarks[ROW]), "customer_id")
    after = rows.filter(rows["at"] >= rows.landmark_at, rows["at"] < rows.landmark_at + ibis.interval(days=STAY_DAYS))
    back = after.select("customer_id").distinct().execute()["customer_id"]
    return landmarks.assign(stayed=landmarks["customer_id"].isin(set(back)))


def _by_contract(data: Dataset, landmarks: pd.DataFrame) -> pd.DataFrame:
    stays = contract_stays(data.tables["subscriptions"]).select("customer_id", "started_on", "ended_on").execute()
    both = landmarks.merge(stays, on="customer_id")
    started, ended = (pd.to_datetime(both[name]) for name in ("started_on", "ended_on"))
    there = (started < both["landmark_at"]) & ~(ended < both["landmark_at"])
    left = ended < both["landmark_at"] + pd.Timedelta(days=STAY_DAYS)
    rows = both.assign(stayed=~left)[there].sort_values("stayed", kind="stable")
    return rows.drop_duplicates("customer_id", keep="last")[[*landmarks.columns, "stayed"]]


def compared(rows: pd.DataFrame, took: Mapping[str, pd.Series], strata: pd.Series, name: str) -> pd.DataFrame:
    """Of who took each thing, and who did not, the shares that `stayed`: one row each, called `name`.

    `rows` (customer_id, stayed) have one row a customer; `took` says of each, by the index of `rows`, whether it had
    done so by the landmark, and is missing where that could not be seen. Others stand for those who did as far as they
    are of the same of the `strata`. What fewer than 20 of either side took has no line. Normal limits; p-values are
    corrected for the number of lines (Holm). Source: `statistics.effects.match`.
    """
    lines = []
    for each, taken in took.items():
        known = taken.notna()
        exposed, own = taken[known].astype(bool), rows[known]
        if min(exposed.sum(), (~exposed).sum()) < LEAST_AT_RISK:
            continue
        matched = match(exposed, strata[known], own["customer_id"])
        if matched.pairs < LEAST_AT_RISK:
            continue
        shares, difference = matched.means(own["stayed"]), matched.difference(own["stayed"])
        lines.append((each, matched.pairs, *shares, *difference))
    table = pd.DataFrame(lines, columns=[name, *COLUMNS])
    p_values = table[P_VALUE].astype(float).replace(np.inf, np.nan)
    return table.assign(**{P_VALUE: p_values, ADJUSTED_P_VALUE: adjust(p_values, "holm")})
