"""How two groupings of the same customers cross."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import KIND_COLUMNS, Groups
from helpers.analyses.segmentation.vocabulary import (
    COLUMN_SHARE,
    CUSTOMERS_OF,
    KIND,
)
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.discretion import left_out
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS


@dataclass(frozen=True)
class Crossing(Members, Finding):
    """How two groupings cross: customers in every pair of groups."""

    table: pd.DataFrame  # a row a pair of groups, the best column's first
    row_kind: str
    column_kind: str
    labels: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)  # customer_id → both groups
    columns = (*KIND_COLUMNS, CUSTOMERS.but(adds_up=[[kind] for kind in KIND_COLUMNS]), COLUMN_SHARE)
    shown = (*KIND_COLUMNS, CUSTOMERS_OF)

    def members(self) -> pd.DataFrame:
        """Each customer and both its groups."""
        return self.labels.rename_axis(CUSTOMER_ID).reset_index()

    def summary(self) -> pd.DataFrame:
        """Customers, one row and one column a group."""
        wide = self.readable.pivot(index=self.row_kind, columns=self.column_kind, values=CUSTOMERS).astype("Int64")
        rows, columns = self.table[self.row_kind].unique(), self.table[self.column_kind].unique()
        return wide.reindex(index=rows, columns=columns).rename_axis(columns=None).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A grid of customers."""
        return charts.heat_map(self.table, row=self.row_kind, column=self.column_kind, value=CUSTOMERS, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        rows, columns = (facts.Word(kind, KIND) for kind in (self.row_kind, self.column_kind))
        return say("How many customers are in each {rows} and {columns}?", rows=rows, columns=columns)

    def headline(self) -> Sentence:
        """Where the best column's customers are."""
        shown, least = self.readable.dropna(subset="customers"), facts.Count(SMALLEST_GROUP)
        if shown.empty and self.table[CUSTOMERS].max() >= SMALLEST_GROUP:
            return left_out()
        if shown.empty:
            rows, columns = (facts.Word(kind, KIND) for kind in (self.row_kind, self.column_kind))
            return say(
                "No pair of {rows} and {columns} has {least} customers.", rows=rows, columns=columns, least=least
            )
        shown = shown[shown[CUSTOMERS] > 0] if shown[CUSTOMERS].any() else shown
        best = shown[self.column_kind].iloc[0]  # cells stand column by column, the best group's first
        top = shown[shown[self.column_kind] == best].nlargest(1, "customers").iloc[0]
        return say(
            "{share} of the customers in “{column}” are “{row}”.",
            share=facts.Share(top[COLUMN_SHARE]),
            column=facts.Name(best),
            row=facts.Name(top[self.row_kind]),
        )


@analysis
def crossing(rows: Groups | NotApplicable, columns: Groups | NotApplicable) -> Crossing | NotApplicable:
    """How many customers each pair of groups has.

    `rows` and `columns` group the same customers by two kinds of label.
    """
    if isinstance(rows, NotApplicable):
        return rows
    if isinstance(columns, NotApplicable):
        return columns
    wide = pair_sums(rows.labels, columns.labels.reindex(rows.labels.index))
    wide = wide.loc[wide.sum(axis="columns") > 0, wide.sum() > 0]
    cells = wide.reset_index().melt(rows.kind, var_name=columns.kind, value_name=CUSTOMERS)
    cells[COLUMN_SHARE] = cells["customers"] / cells.groupby(columns.kind)["customers"].transform("sum")
    labels = pd.DataFrame({rows.kind: rows.labels, columns.kind: columns.labels.reindex(rows.labels.index)})
    return Crossing(cells, rows.kind, columns.kind, labels)


def pair_sums(rows: pd.Series, columns: pd.Series, weights: pd.Series | None = None) -> pd.DataFrame:
    """Customers, or their summed `weights`, of each pair of two categorical labels that stand in the same order."""
    names = rows.cat.categories, columns.cat.categories
    row, column = rows.cat.codes.to_numpy().astype(np.int64), columns.cat.codes.to_numpy()
    known = (row >= 0) & (column >= 0)
    places = row[known] * len(names[1]) + column[known]
    weighed = None if weights is None else weights.to_numpy(dtype=float)[known]
    sums = np.bincount(places, weighed, len(names[0]) * len(names[1])).reshape(len(names[0]), len(names[1]))
    return pd.DataFrame(sums, pd.Index(names[0], name=rows.name), pd.Index(names[1], name=columns.name))
