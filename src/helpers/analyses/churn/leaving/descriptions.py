"""Columns of customers: which describe them, and which of those do not tell them apart."""

from __future__ import annotations

import pandas as pd

from helpers.data.datasets import Dataset
from helpers.findings import formats

DESCRIBING = ("channel", "level", "gender", "country", "province", "birth_year")  # of the contract's customer columns
NAMES_SHARE = 0.2  # of distinct texts among customers, above which a column names rather than describes


def described(data: Dataset) -> list[str]:
    """The columns of `data.customers` that describe a customer: the contract's, then the data set's own."""
    return [name for name in (*DESCRIBING, *data.settings.attributes) if name in data.customers.columns]


def not_telling(table: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """The columns that do not tell customers apart, and why: constant, a name of its own for most, or a copy."""
    why: dict[str, str] = {}
    for place, name in enumerate(names):
        copied = [other for other in names[:place] if other not in why and _same(table[name], table[other])]
        if table[name].nunique() < 2:
            why[name] = "the same for everybody"
        elif copied:
            why[name] = f"divides customers exactly as {formats.label(copied[0])} does"
        elif not pd.api.types.is_numeric_dtype(table[name]) and table[name].nunique() > len(table) * NAMES_SHARE:
            why[name] = "nearly a name: too many values for the customers there are"
    return why


def _same(a: pd.Series, b: pd.Series) -> bool:
    """Whether two columns divide the customers alike."""
    return bool((pd.factorize(a)[0] == pd.factorize(b)[0]).all())
