"""Groups of customers large enough to be shown and compared."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from helpers.data.privacy import SMALLEST_GROUP, UNKNOWN, folded_groups
from helpers.reports import formats

MOST_GROUPS = 8
QUARTILES = 4


def folded(values: pd.Series, smallest: int = SMALLEST_GROUP) -> pd.Series:
    """The values as text, the largest group first; missing ones are a group, and rare ones are folded into one."""
    return folded_groups(values.map(formats.text, na_action="ignore"), MOST_GROUPS, smallest)


def grouped(values: pd.Series) -> pd.Series:
    """Groups to compare: texts as `folded`; numbers of many values by quarter, from low to high."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= MOST_GROUPS:
        return folded(values)
    quarters, edges = pd.qcut(values, QUARTILES, duplicates="drop", retbins=True)
    names = [formats.interval(low, high) for low, high in pairwise(edges)]
    if len(set(names)) < len(names):
        return folded(values)
    named = quarters.cat.rename_categories(names)
    if values.isna().sum() >= SMALLEST_GROUP:
        named = named.cat.add_categories(UNKNOWN).fillna(UNKNOWN)
    return named
