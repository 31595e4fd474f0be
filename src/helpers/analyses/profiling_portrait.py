"""Who the customers are: how many of each kind, and how much the record says about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable

LEAST_CUSTOMERS = 5  # smaller groups are not shown singly: they could point at a person
MOST_GROUPS = 12
SMALL_GROUPS, OTHERS, NOT_RECORDED = "(small groups)", "(other values)", "(none recorded)"
LAST = (OTHERS, SMALL_GROUPS, NOT_RECORDED)

FIELDS = ("gender", "age_band", "country", "province", "channel", "level", "plan")
AGE_EDGES = (0, 18, 25, 35, 45, 55, 65, 200)
AGE_BANDS = ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over")


@dataclass(frozen=True)
class Portrait:
    """Customers by the values of one field, small groups folded into one."""

    field: str
    groups: pd.DataFrame  # <field>, customers, share

    def summary(self) -> pd.DataFrame:
        """One line a value."""
        return self.groups

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by value, with their share."""
        return charts.bars(self.groups, value="customers", label=self.field, share="share", ax=ax)

    def headline(self) -> str:
        """The largest group, and the share about whom nothing is recorded."""
        name = formats.label(self.field)
        told = self.groups[~self.groups[self.field].isin(LAST)]
        unknown = self.groups.loc[self.groups[self.field] == NOT_RECORDED, "share"].sum()
        gap = f"; none is recorded for {formats.percent(unknown)}" if unknown else ""
        if told.empty:
            return f"{name}: no group of at least {LEAST_CUSTOMERS} customers can be shown{gap}."
        largest = told.loc[told["customers"].idxmax()]
        size = formats.percent(largest["share"])
        return f"{name}: the largest group is {largest[self.field]}, {size} of customers{gap}."


@dataclass(frozen=True)
class Completeness:
    """How much of each customer's record is filled."""

    fields: pd.DataFrame  # field, customers, filled, filled_share
    complete: int         # customers with every field
    customers: int

    def summary(self) -> pd.DataFrame:
        """One line a field."""
        return self.fields

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of customers whose record has the field."""
        return charts.bars(self.fields, value="filled_share", label="field", ax=ax)

    def headline(self) -> str:
        """The share of customers with a full record, and the emptiest field."""
        full = formats.percent(self.complete / self.customers)
        said = f"{full} of customers have a full record (fields: {len(self.fields)})"
        emptiest = self.fields.loc[self.fields["filled"].idxmin()]
        if emptiest["filled"] == self.customers:
            return f"{said}."
        return f"{said}; {emptiest['field']} is known of the fewest, {formats.percent(emptiest['filled_share'])}."


def fields(data: Dataset) -> list[str]:
    """The fields by which the customers of this data set can be described: those that any customer has filled."""
    known = data.customers.assign(age_band=_age_bands(data))
    names = dict.fromkeys((*FIELDS, *data.settings.attributes))
    return [name for name in names if name in known and known[name].notna().any()]


def portrait(data: Dataset, field: str) -> Portrait | NotApplicable:
    """Customers by the values of `field` (one of `fields`); numbers with many values are cut into bands.

    Values of fewer than 5 customers are folded into one group, and that with the next larger ones until it has 5.
    """
    customers = data.customers
    if len(customers) < LEAST_CUSTOMERS:
        return NotApplicable(f"the data name fewer than {LEAST_CUSTOMERS} customers.")
    values = _age_bands(data) if field == "age_band" else customers.get(field)
    if values is None or values.notna().sum() == 0:
        return NotApplicable(f"no customer has a value of {field}.")
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        values = _banded(values)
    shown = folded(_counts(values))
    groups = pd.DataFrame({field: shown.index, "customers": shown.to_numpy()})
    return Portrait(field, groups.assign(share=groups["customers"] / len(customers)))


def folded(counts: pd.Series, least: int = LEAST_CUSTOMERS, most: int = MOST_GROUPS) -> pd.Series:
    """Counts by value, with groups under `least` folded into one of at least that size.

    The smallest of more than `most` groups are folded into another. Keeps the order of the values and the total.
    """
    by_size = counts.sort_values(kind="stable")
    small = by_size[by_size < least]
    if 0 < small.sum() < least:  # one small group alone would still point at few people
        small = by_size.iloc[: int((by_size.cumsum() < least).sum()) + 1]
    large = by_size.drop(small.index)
    named = large.drop(NOT_RECORDED, errors="ignore")
    rest = named.iloc[: max(0, len(named) - most)]
    shown = counts.drop([*small.index, *rest.index])
    for name, group in ((OTHERS, rest), (SMALL_GROUPS, small)):
        if len(group):
            shown[name] = group.sum()
    named_first = [name for name in shown.index if name not in LAST]
    return shown[[*named_first, *(name for name in LAST if name in shown.index)]]


def completeness(data: Dataset) -> Completeness | NotApplicable:
    """How many customers have each field of the customers table, and how many have them all."""
    own = [column.name for column in contracts.CUSTOMERS.columns if column.name != "customer_id"]
    names = ["joined_on" if name == "joined_at" else name for name in own]
    present = [name for name in (*names, *data.settings.attributes) if name in data.customers]
    if not present or data.customers.empty:
        return NotApplicable("no table describes the customers.")
    filled = data.customers[present].notna()
    lines = pd.DataFrame({"field": present, "customers": len(filled), "filled": filled.sum().to_numpy()})
    lines["filled_share"] = lines["filled"] / lines["customers"]
    return Completeness(lines, int(filled.all(axis="columns").sum()), len(filled))


def _counts(values: pd.Series) -> pd.Series:
    """Customers by value: bands in their order, other values by size; those without a value last."""
    counts = values.value_counts(sort=False).sort_index()
    if not isinstance(values.dtype, pd.CategoricalDtype):
        counts = counts.sort_values(ascending=False, kind="stable")
    counts = pd.Series(counts.to_numpy(), [formats.text(value) for value in counts.index])
    gaps = int(values.isna().sum())
    return pd.concat([counts[counts > 0], pd.Series({NOT_RECORDED: gaps})]) if gaps else counts[counts > 0]


def _age_bands(data: Dataset) -> pd.Series:
    """The band of the age reached in the year of `as_of`; missing without a year of birth."""
    if "birth_year" not in data.customers:
        return pd.Series(np.nan, index=data.customers.index)
    age = data.as_of.year - data.customers["birth_year"].astype("float64")
    return pd.cut(age, AGE_EDGES, right=False, labels=AGE_BANDS)


def _banded(values: pd.Series) -> pd.Series:
    """Numbers as they are when few, otherwise in about six bands of equal width between round edges."""
    numbers = values.astype("float64")
    distinct = np.sort(numbers.dropna().unique())
    if len(distinct) <= MOST_GROUPS:
        return pd.Series(pd.Categorical(numbers, distinct, ordered=True), index=values.index)
    edges = MaxNLocator(nbins=6).tick_values(distinct[0], distinct[-1])
    if distinct[-1] >= edges[-1]:
        edges = np.append(edges, 2 * edges[-1] - edges[-2])
    labels = [f"{low:,.6g} to under {high:,.6g}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
    return pd.cut(numbers, edges, right=False, labels=labels)
