"""Whether rows that name a customer, an order or a file of a look-up find it: keys of one table in the other."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.vocabulary import (
    KEY,
    KEYS_WITHOUT_MATCH,
    MONEY_WITHOUT_MATCH,
    NEVER_NAMED,
    REFERS_TO,
    ROWS_WITH_KEY,
    WITHOUT_MATCH,
    WITHOUT_MATCH_SHARE,
)
from helpers.data.datasets import Dataset
from helpers.data.preparation import joins
from helpers.data.remembered import once
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import TABLE


@dataclass(frozen=True)
class Keys(Finding):
    """Rows that name a customer, an order or what a file is looked into for, and is not there; one line a reference."""

    table: pd.DataFrame
    columns = (
        TABLE, KEY, REFERS_TO, ROWS_WITH_KEY, WITHOUT_MATCH, WITHOUT_MATCH_SHARE, MONEY_WITHOUT_MATCH,
        KEYS_WITHOUT_MATCH, NEVER_NAMED,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """One line a reference, without what follows from the rest."""
        shown = self.table.drop(columns=[KEY, WITHOUT_MATCH_SHARE])
        return shown if shown[MONEY_WITHOUT_MATCH].any() else shown.drop(columns=MONEY_WITHOUT_MATCH)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of rows whose key finds no match."""
        return charts.bars(self.table, value=WITHOUT_MATCH_SHARE, label=TABLE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share of each table's rows names what is not known?")

    def headline(self) -> Sentence:
        """How many rows do not join, and where most of them are."""
        missed, rows = self.table[self.table[WITHOUT_MATCH] > 0], facts.Count(self.table[ROWS_WITH_KEY].sum())
        if missed.empty:
            return say("All keys join: each of {rows} rows names a customer or an order that is known.", rows=rows)
        worst = missed.loc[missed[WITHOUT_MATCH].idxmax()]
        return say(
            "{lost} of {rows} rows name a key that is not known, most of them in {table}.",
            lost=facts.Count(missed[WITHOUT_MATCH].sum()),
            rows=rows,
            table=places.table_of(worst[TABLE]),
        ).resting_on(
            say(
                "Rows without a match: {rows}, with {values} values of “{key}”.",
                rows=facts.Count(worst[WITHOUT_MATCH]),
                key=facts.Attribute(worst[KEY]),
                values=facts.Count(worst[KEYS_WITHOUT_MATCH]),
            )
        )


@once
def keys(data: Dataset) -> Keys | NotApplicable:
    """Rows of `data` whose customer or order is not in its own table, or that a file looked into lacks.

    Rows without a customer or an order refer to nothing. Not applicable where no row refers to another table.
    """
    met = joins.meetings(data.tables, data.joins)
    named = [_reference(each) for each in met if each.rows and each.is_reference]
    if not named:
        return NotApplicable(say("no table refers to another one of this data set."))
    return Keys(pd.DataFrame(named)[list(Keys.columns)])


def _reference(met: joins.Meeting) -> dict[str, object]:
    return {
        TABLE: met.table, KEY: met.key, REFERS_TO: met.other, ROWS_WITH_KEY: met.rows,
        WITHOUT_MATCH: met.rows_missing, WITHOUT_MATCH_SHARE: met.rows_missing / met.rows,
        MONEY_WITHOUT_MATCH: met.money_missing, KEYS_WITHOUT_MATCH: met.missing, NEVER_NAMED: met.unused,
    }  # fmt: skip
