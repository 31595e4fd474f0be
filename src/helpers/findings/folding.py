"""The one rule for small groups: how small a group may be shown, and what stands for smaller ones."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from itertools import pairwise

import ibis.expr.types as ir
import pandas as pd

from helpers.findings import formats
from helpers.language import later

LEAST_SMALLEST, MOST_SMALLEST = 5, 1000  # that a data set may set
VARIABLE = "KEHU_SMALLEST_GROUP"  # of the environment, by which a run tells its kernels what the data set sets
SMALLEST_GROUP = int(os.environ.get(VARIABLE, "10"))  # customers; fewer are never shown by themselves
SMALL_GROUPS = later("(small groups)")
UNKNOWN = later("(not known)")  # what stands for a missing value where customers are grouped
OTHERS = later("(others)")  # what stands for all that are not named
MOST_GROUPS = 8  # that are compared in one figure
QUARTILES = 4


def folded_texts(values: pd.Series, smallest: int = SMALLEST_GROUP) -> pd.Series:
    """The texts, those that fewer than `smallest` rows share as one small group; numbers as they are."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    shared = values.map(values.value_counts()).astype(float) >= smallest
    return values.astype(object).where(shared | values.isna(), SMALL_GROUPS)


def shown_groups(sizes: pd.Series, most: int | None = None, smallest: int = SMALLEST_GROUP) -> list:
    """The names of the groups that are shown, the largest first; all others are to be shown as one group.

    `sizes` is how many customers each group has. Shown are groups of at least `smallest`, and of more than `most` the
    largest `most` - 1, so that with the others there are `most`. Others that are fewer than `smallest` together take
    in the smallest group shown: who knows the total could else tell them from the rest.
    """
    ordered = sizes.sort_index(key=lambda names: names.astype(str)).sort_values(ascending=False, kind="stable")
    large = [name for name in ordered.index[ordered >= smallest] if name != SMALL_GROUPS]  # folded before stays so
    if len(large) == len(ordered) and (most is None or len(large) <= most):
        return large
    shown = large if most is None else large[: most - 1]
    return shown[:-1] if sizes.drop(shown).sum() < smallest else shown


def folded_groups(
    values: pd.Series, most: int | None = None, smallest: int = SMALLEST_GROUP, counts: pd.Series | None = None
) -> pd.Series:
    """The group in which each customer is shown, the categories from the largest to the fold (see `shown_groups`).

    `values` has one value a customer, or for so many as `counts` says; missing ones are a group.
    """
    named = values.astype(object).where(values.notna(), UNKNOWN)
    sizes = named.value_counts() if counts is None else counts.groupby(named).sum()
    shown = shown_groups(sizes, most, smallest)
    alone = named.isin(shown)
    groups = shown if alone.all() else [*shown, SMALL_GROUPS]
    return pd.Series(pd.Categorical(named.where(alone, SMALL_GROUPS), groups), index=values.index)


def wholes(values: pd.Series, groups: Sequence[Hashable]) -> pd.Series:
    """How many customers there are of each of these `folded_groups` among all, whether they were counted in or not."""
    named = values.astype(object).where(values.notna(), UNKNOWN)
    return named.where(named.isin(list(groups)), SMALL_GROUPS).value_counts().reindex(list(groups))


def group_sizes(rows: ir.Table, column: str) -> pd.Series:
    """How many customers each value of a column has."""
    pairs = rows.select(column, "customer_id").distinct()
    return pairs.group_by(column).agg(customers=pairs.customer_id.count()).execute().set_index(column)["customers"]


def folded_rows(rows: ir.Table, column: str, most: int) -> tuple[ir.Table, list[str]]:
    """`rows` with a column of texts as the groups in which they are shown (see `shown_groups`), and the groups' names.

    A group's size is its number of customers, of whom one may be in several groups; missing values are a group.
    """
    rows = rows.mutate(**{column: rows[column].fill_null(UNKNOWN)})
    sizes = group_sizes(rows, column)
    shown = shown_groups(sizes, most)
    others = sizes.drop(shown)
    if others.empty:
        return rows, shown
    if shown and others.max() < SMALLEST_GROUP:  # else one of them alone is enough
        customers = rows.filter(rows[column].isin(list(others.index))).customer_id.nunique().execute()
        shown = shown if customers >= SMALLEST_GROUP else shown[:-1]
    folded = rows[column].isin(shown).ifelse(rows[column], SMALL_GROUPS)
    return rows.mutate(**{column: folded}), [*shown, SMALL_GROUPS]


def folded_words(values: pd.Series, smallest: int = SMALLEST_GROUP) -> pd.Series:
    """The values as text, the largest group first; missing ones are a group, and rare ones are folded into one."""
    return folded_groups(formats.each(values, _named), MOST_GROUPS, smallest)


def compared_groups(values: pd.Series) -> pd.Series:
    """Groups to compare: texts as `folded_words`; numbers of many values by quarter, from low to high."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= MOST_GROUPS:
        return folded_words(values)
    quarters, edges = pd.qcut(values, QUARTILES, duplicates="drop", retbins=True)
    names = [formats.interval(low, high) for low, high in pairwise(edges)]
    if len(set(names)) < len(names):
        return folded_words(values)
    named = quarters.cat.rename_categories(names)
    if values.isna().sum() >= SMALLEST_GROUP:
        named = named.cat.add_categories(UNKNOWN).fillna(UNKNOWN)
    return named


def _named(value: object) -> str:
    """A value as a table holds it: texts as they are, until a page says them."""
    return value if isinstance(value, str) else formats.text(value)
