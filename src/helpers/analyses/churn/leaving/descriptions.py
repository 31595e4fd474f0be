"""Columns of customers: which describe them, and which of those do not tell them apart."""

from __future__ import annotations

import pandas as pd

from helpers.data.datasets import Dataset
from helpers.findings import Sentence, facts, say

DESCRIBING = ("channel", "level", "gender", "country", "province", "birth_year")  # of the contract's customer columns
AS_OF_EXPORT = say("known as of the export alone, so leaving may have made it what it is")
NAMES_SHARE = 0.2  # of distinct texts among customers, above which a column names rather than describes


def described(data: Dataset) -> list[str]:
    """The columns of `data.customers` that describe a customer: the contract's, then the data set's own."""
    return [name for name in (*DESCRIBING, *data.settings.attributes) if name in data.customers.columns]


def not_telling(table: pd.DataFrame, names: list[str]) -> dict[str, Sentence]:
    """The columns that do not tell customers apart, and why: constant, a name of its own for most, or a copy."""
    why: dict[str, Sentence] = {}
    first: dict[bytes, str] = {}  # how customers are divided → the column that did so first
    for name in names:
        division = pd.factorize(table[name])[0].tobytes()
        if table[name].nunique() < 2:
            why[name] = say("the same for everybody")
        elif division in first:
            why[name] = say("divides customers exactly as {column} does", column=facts.Attribute(first[division]))
        elif not pd.api.types.is_numeric_dtype(table[name]) and table[name].nunique() > len(table) * NAMES_SHARE:
            why[name] = say("nearly a name: too many values for the customers there are")
        else:
            first[division] = name
    return why
