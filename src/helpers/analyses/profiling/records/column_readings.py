"""As what the columns of the files were read: decimal commas, the order of day and month, currencies, words for yes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.vocabulary import READING, UNREADABLE, UNREADABLE_SHARE, VALUES_READ
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts
from helpers.findings.vocabulary import COLUMN, TABLE


@dataclass(frozen=True)
class ColumnReadings(Finding):
    """How each column was read, as all of its values decided: one line a column that is no plain text."""

    table: pd.DataFrame
    columns = (TABLE, COLUMN, READING, VALUES_READ, UNREADABLE)

    def summary(self) -> pd.DataFrame:
        """The columns of which there is something to tell: an unusual reading, or values that could not be read."""
        return self.table[(self.table[READING] != "") | (self.table[UNREADABLE] > 0)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each column's values that could not be read, where there are any; else of all columns."""
        shares = (self.table[UNREADABLE] / self.table[VALUES_READ]).where(self.table[VALUES_READ] > 0, 0.0)
        lines = self.table.assign(**{UNREADABLE_SHARE: shares, COLUMN: self.table[TABLE] + "." + self.table[COLUMN]})
        shown = lines[lines[UNREADABLE] > 0] if lines[UNREADABLE].any() else lines
        return charts.bars(shown, value=UNREADABLE_SHARE, label=COLUMN, ax=ax)

    def headline(self) -> str:
        """How many columns were read otherwise than as plain values, and where values could not be read."""
        unusual = self.table[self.table[READING] != ""]
        told = "; ".join(f"{line.table}.{line.column}: {line.reading}" for line in unusual.head(3).itertuples())
        said = (
            f"{len(unusual)} of {len(self.table)} columns are not written plainly, and read by what all of their "
            f"values show ({told}{'; …' if len(unusual) > 3 else ''})."
            if len(unusual)
            else f"All {len(self.table)} columns with times, numbers, flags or keys are written plainly."
        )
        lost = int(self.table[UNREADABLE].sum())
        return said + (f" {lost:,} values could not be read." if lost else " Every value could be read.")


def column_readings(data: Dataset) -> ColumnReadings | NotApplicable:
    """How the columns of `data` were read. Not applicable where its files bring their own types, as Parquet may."""
    if data.readings.empty:
        return NotApplicable("no column had to be read, as the files bring values in types of their own.")
    table = data.readings.rename(columns={"told": READING, "values": VALUES_READ})
    return ColumnReadings(table.assign(reading=table[READING].map(_without_examples))[list(ColumnReadings.columns)])


def _without_examples(told: str) -> str:
    """What is told of a reading, up to the texts from the data that it quotes at its end, which may be anything."""
    return told.partition("'")[0].rstrip(", ")
