"""Tables, columns and readings of the raw data, as sentences name them."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.profiling.vocabulary import IN_TABLE
from helpers.data.intake import terms
from helpers.findings import Sentence, facts, say
from helpers.findings.vocabulary import COLUMN, TABLE


class Reading(facts.Fact):
    """How the values of a column are written."""

    def __str__(self) -> str:
        """The reading in words."""
        return terms.told(self.value)


def table_of(name: str) -> facts.Word:
    """A table of the data set."""
    return facts.Word(name, IN_TABLE)


def column_of(table: str, column: str) -> Sentence:
    """A column of a table."""
    return say("“{column}” of {table}", column=facts.Attribute(column), table=table_of(table))


def drawn(tables: pd.Series, columns: pd.Series) -> pd.Series:
    """Columns of tables as a figure names them in the language that is spoken: orders · Ordered at."""
    return tables.map(TABLE.write) + " · " + columns.map(COLUMN.write)
