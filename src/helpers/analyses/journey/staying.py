"""Who was there on a landmark, a day of each customer's own, and who stayed for the days after it, by what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import ibis
import pandas as pd
from matplotlib.axes import Axes

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
from helpers.findings import Column, Finding, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, P_VALUE
from helpers.statistics.inference import adjust
from helpers.statistics.shares import stratified_difference

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


@dataclass(frozen=True)
class StaysBy(Finding):
    """The share that stayed of those who did each of several things by a landmark, beside others alike."""

    table: pd.DataFrame
    meaning: Staying
    customers: int  # who were there at their landmark
    columns: ClassVar[tuple[Column, ...]] = (*COLUMNS, ADJUSTED_P_VALUE)
    what: ClassVar[Column]  # the column of the things

    def summary(self) -> pd.DataFrame:
        """One row a thing; the p-value is corrected (Holm) for their number."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """By how much the share that stayed differs from that of the others, with its interval."""
        named = self.table.assign(**{self.what: self.table[self.what].map(self.what.write)})
        band = (DIFFERENCE_LOWER, DIFFERENCE_UPPER)
        return charts.forest(named, estimate=DIFFERENCE_RATE, label=self.what, band=band, reference=0, ax=ax)

    def headline(self) -> Sentence:
        """The thing whose doers stay most surely more or less often; no cause is claimed."""
        clear = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        if clear.empty:
            return self._alike().resting_on(self._tests(0), *self._basis())
        first = clear.sort_values(P_VALUE).iloc[0]
        interval = facts.Range(facts.Points(first[DIFFERENCE_LOWER]), facts.Points(first[DIFFERENCE_UPPER]))
        apart = say(
            "The difference is {points} ({interval}).", points=facts.Points(first[DIFFERENCE_RATE]), interval=interval
        )
        return self._told(first).resting_on(apart, self._tests(len(clear)), *self._basis(), ASSOCIATION)

    def _alike(self) -> Sentence:
        """That nothing differs."""
        raise NotImplementedError

    def _told(self, row: pd.Series) -> Sentence:
        """That those of a row differ."""
        raise NotImplementedError

    def _tests(self, clear: int) -> Sentence:
        """How many differ, of how many."""
        raise NotImplementedError

    def _basis(self) -> list[Sentence]:
        """Who is compared with whom, from when on, and what staying is."""
        raise NotImplementedError


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
    """Of who took each thing, and of others of the same strata, the shares that `stayed`: one row each, called `name`.

    `rows` (customer_id, stayed) have one row a customer; `took` says of each, by the index of `rows`, whether it had
    done so by the landmark, and is missing where that could not be seen. What fewer than 20 of either side took, or
    fewer than 20 who have others in their stratum, has no line. P-values are corrected for the number of lines (Holm).
    Source: `statistics.shares.stratified_difference`.
    """
    lines = []
    for each, taken in took.items():
        seen = taken.notna()
        exposed = taken[seen].astype(bool)
        if min(exposed.sum(), (~exposed).sum()) < LEAST_AT_RISK:
            continue
        found = stratified_difference(exposed, rows.loc[seen, "stayed"], strata[seen])
        if found.exposed >= LEAST_AT_RISK:
            shares = found.share, found.share - found.difference
            lines.append((each, found.exposed, *shares, found.difference, found.lower, found.upper, found.p_value))
    table = pd.DataFrame(lines, columns=[name, *COLUMNS])
    return table.assign(**{ADJUSTED_P_VALUE: adjust(table[P_VALUE].astype(float), "holm")})
