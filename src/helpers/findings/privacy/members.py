"""Which customers stand behind a cell of an answer: their ids, where they are enough to be shown as a group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from helpers.findings.folding import SMALLEST_GROUP

ID = "customer_id"
MOST_NAMED = 8  # values of a column, in an error


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({ID: []})


class Members:
    """An answer that keeps, or finds again, the customers whom it counts."""

    table: pd.DataFrame

    def members(self) -> pd.DataFrame:
        """One row a customer in a cell: customer_id, and the columns that tell cells apart."""
        return self.table

    def customers(self, **cell: object) -> pd.Index:
        """Ids of the customers of a cell, such as `before="Band 3", after="Band 2"`, to save or for `data.where`.

        Each argument is a column of `members` and its value, a part of its name that only one has, or a list of them.
        Raises ValueError for a column or a value that there is not, and for fewer customers than may be shown.
        """
        rows = self.members()
        for column, value in cell.items():
            rows = rows[_is(rows, column, value)]
        ids = pd.Index(rows[ID].dropna().unique(), name=ID)
        if len(ids) < SMALLEST_GROUP:
            told = ", ".join(f"{column} = {value!r}" for column, value in cell.items())
            raise ValueError(f"{told}: fewer than {SMALLEST_GROUP} customers, so none is named. Ask for a larger cell.")
        return ids


@dataclass(frozen=True)
class Counted(Members):
    """An answer that keeps the rows that it counted."""

    behind: pd.DataFrame = field(default_factory=_nobody, repr=False, kw_only=True)

    def members(self) -> pd.DataFrame:
        """One row a customer in a cell: customer_id, and the columns that tell cells apart."""
        return self.behind


def _is(rows: pd.DataFrame, column: str, value: object) -> pd.Series:
    """Whether each row has the value in the column."""
    names = [str(name) for name in rows.columns if name != ID]
    if column not in names:
        raise ValueError(f"{column} = {value!r}: cells are told apart by {', '.join(names)}. Name one of these.")
    values = rows[column]
    wanted = value if isinstance(value, Collection) and not isinstance(value, str) else [value]
    return values.isin([_known(column, values, each) for each in wanted])


def _known(column: str, values: pd.Series, value: object) -> object:
    """The value as the column has it."""
    if pd.api.types.is_datetime64_any_dtype(values):
        value = pd.Timestamp(str(value))
    known = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values.dropna().unique()
    if value in list(known):
        return value
    part = value.lower() if isinstance(value, str) else None
    alike = [each for each in known if part and isinstance(each, str) and part in each.lower()]
    if len(alike) == 1:
        return alike[0]
    shown = ", ".join(map(str, list(alike or known)[:MOST_NAMED]))
    raise ValueError(f"{column} = {value!r}: {'several have it' if alike else 'there is none'}. Write one of {shown}.")
