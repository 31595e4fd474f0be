"""As what the columns of the files were read: decimal commas, the order of day and month, currencies, words for yes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.vocabulary import (
    PLACE,
    READING,
    STAND_INS,
    UNREADABLE,
    UNREADABLE_SHARE,
    VALUES_READ,
)
from helpers.data.datasets import Dataset
from helpers.data.intake import terms
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import COLUMN, TABLE

READINGS_SAID = 3
SEPARATOR = "; "  # between numbers that may stand for none


@dataclass(frozen=True)
class ColumnReadings(Finding):
    """How each column was read, as all of its values decided: one line a column that is no plain text."""

    table: pd.DataFrame
    columns = (TABLE, COLUMN, READING, VALUES_READ, UNREADABLE, STAND_INS)
    shown = (TABLE, COLUMN, READING, VALUES_READ, UNREADABLE)

    def summary(self) -> pd.DataFrame:
        """The columns of which there is something to tell: an unusual reading, and values that could not be read or may
        stand for none.
        """
        lines = self.table[(self.table[[READING, STAND_INS]] != "").any(axis=1) | (self.table[UNREADABLE] > 0)]
        told = zip(lines[READING].map(terms.told), lines[STAND_INS].map(_doubted), strict=True)
        return lines.drop(columns=STAND_INS).assign(**{READING: [", ".join(filter(None, each)) for each in told]})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each column's values that could not be read, where there are any; else of all columns."""
        shares = (self.table[UNREADABLE] / self.table[VALUES_READ]).where(self.table[VALUES_READ] > 0, 0.0)
        named = places.drawn(self.table[TABLE], self.table[COLUMN])
        lines = self.table.assign(**{UNREADABLE_SHARE: shares, PLACE: named})
        shown = lines[lines[UNREADABLE] > 0] if lines[UNREADABLE].any() else lines
        return charts.bars(shown, value=UNREADABLE_SHARE, label=PLACE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("In which columns could values not be read?")

    def headline(self) -> Sentence:
        """How many values could not be read; the columns that are not written as plain values below."""
        lost = self.table[self.table[UNREADABLE] > 0]
        columns = facts.Count(len(self.table))
        if lost.empty:
            told = say(
                "Every value could be read in {columns} columns with times, numbers, flags or keys.", columns=columns
            )
        else:
            worst = lost.loc[lost[UNREADABLE].idxmax()]
            told = say(
                "{values} values could not be read, most of them in {worst}.",
                values=facts.Count(lost[UNREADABLE].sum()),
                worst=places.column_of(worst[TABLE], worst[COLUMN]),
            )
        return told.resting_on(*self._unusual())

    def _unusual(self) -> list[Sentence]:
        """How many columns are written otherwise than as plain values, and the first of them."""
        unusual = self.table[self.table[READING] != ""]
        if unusual.empty:
            return [say("All of them are written plainly.")]
        many = say(
            "{unusual} of {columns} columns are not written plainly, and read by what all of their values show.",
            unusual=facts.Count(len(unusual)),
            columns=facts.Count(len(self.table)),
        )
        first = [
            say(
                "{column}: {reading}.",
                column=places.column_of(line.table, line.column),
                reading=places.Reading(line.reading),
            )
            for line in unusual.head(READINGS_SAID).itertuples()
        ]
        return [many, *first]


def column_readings(data: Dataset) -> ColumnReadings | NotApplicable:
    """How the columns of `data` were read. Not applicable where its files bring their own types, as Parquet may."""
    if data.readings.empty:
        return NotApplicable(say("no column had to be read, as the files bring values in types of their own."))
    table = data.readings.rename(columns={"told": READING, "values": VALUES_READ})
    told = {READING: table[READING].map(_without_examples), STAND_INS: table[STAND_INS].map(SEPARATOR.join)}
    return ColumnReadings(table.assign(**told)[list(ColumnReadings.columns)])


def _doubted(numbers: str) -> str:
    """What is said of numbers that may stand for none."""
    return terms.doubted(numbers.split(SEPARATOR)) if numbers else ""


def _without_examples(told: str) -> str:
    """What is told of a reading, up to the texts from the data that it quotes at its end, which may be anything."""
    return told.partition("'")[0].rstrip(", ")
