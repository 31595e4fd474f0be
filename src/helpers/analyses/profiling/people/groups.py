"""Who the customers are: how many of each kind, and of how many the record does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers import parameters
from helpers.analyses.profiling.people.behaviour import behaviour, preferences
from helpers.analyses.profiling.records.common_values import OTHERS
from helpers.data.ages import age_bands
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP

MOST_GROUPS = 12
FIELDS_SAID = 3  # in the headline
NOT_RECORDED = "(none recorded)"
LAST = (OTHERS, SMALL_GROUPS, NOT_RECORDED)

ASPECTS = {
    "demographics": ("gender", "age_band", "country", "province"),
    "acquisition": ("channel",),
    "relationship": ("level", "plan"),
}
RECORDED = (*ASPECTS, "attributes")  # by the source; the others are counted, and empty where nothing was done
COUNTED = ("behaviour", "preferences", "needs")


@dataclass(frozen=True)
class Portrait:
    """Customers by the values of each field that describes them, small groups folded."""

    groups: pd.DataFrame  # aspect, field, value, customers, share
    customers: int

    def summary(self) -> pd.DataFrame:
        """One line a field: its largest group, how many groups it has, and for how many customers none is recorded."""
        told = self.groups[~self.groups["value"].isin(LAST)]
        largest = told.loc[told.groupby("field")["customers"].idxmax()].set_index("field")
        gaps = self.groups[self.groups["value"] == NOT_RECORDED].set_index("field")["share"]
        fields = self.groups.drop_duplicates("field").set_index("field")[["aspect"]]
        table = fields.assign(
            largest_group=largest["value"],
            customers=largest["customers"].astype("Int64"),
            share=largest["share"],
            not_recorded_share=gaps,
        )
        return table.fillna({"not_recorded_share": 0.0}).reset_index()[["aspect", "field", *table.columns[1:]]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by value, with their share, field below field."""
        first = ~self.groups["field"].duplicated()
        labels = (self.groups["field"] + ": " + self.groups["value"]).where(first, self.groups["value"])
        return charts.bars(self.groups.assign(value=labels), value="customers", label="value", share="share", ax=ax)

    def headline(self) -> str:
        """The largest group of the first fields, and the field that is unknown of the most customers."""
        table = self.summary()
        told = table.dropna(subset="largest_group").head(FIELDS_SAID)
        if told.empty:
            return f"{self.customers:,} customers are known; no group of at least {SMALLEST_GROUP} can be shown."
        groups = [
            f"{line.largest_group} ({line.field.lower()}, {formats.percent(line.share)})" for line in told.itertuples()
        ]
        said = f"Of {self.customers:,} customers, the largest groups are {', '.join(groups)}"
        recorded = table[table["aspect"].isin(RECORDED) & (table["not_recorded_share"] > 0)]
        if recorded.empty:
            return f"{said}."
        emptiest = recorded.loc[recorded["not_recorded_share"].idxmax()]
        unknown = formats.percent(emptiest["not_recorded_share"])
        return f"{said}; {emptiest['field'].lower()} is recorded least: none for {unknown}."


@dataclass(frozen=True)
class Field:
    """One field that describes customers: its aspect, its name, each customer's value as the snapshot orders them."""

    aspect: str
    name: str
    values: pd.Series


def fields(data: Dataset) -> list[Field]:
    """The fields by which the customers of this data set can be described: those that any customer has filled.

    Demographics, acquisition and relationship are as recorded, attributes of the data set among them; behaviour,
    preferences and needs are counted from orders and tickets. Numbers with many values are cut into bands.
    """
    known = data.customers.assign(age_band=_age_bands(data))
    recorded = [(aspect, name) for aspect, names in ASPECTS.items() for name in names]
    recorded += [("attributes", name) for name in data.settings.attributes if name not in dict(map(reversed, recorded))]
    found = [Field(aspect, name, _grouped(known[name])) for aspect, name in recorded if name in known]
    found += [Field("behaviour", name, values) for name, values in behaviour(data).items()]
    found += [
        Field("needs" if name == "main_need" else "preferences", name, values)
        for name, values in preferences(data).items()
    ]
    return [field for field in found if field.values.notna().any()]


def portrait(data: Dataset, aspects: Sequence[str] = (*RECORDED, *COUNTED)) -> Portrait | NotApplicable:
    """Customers by the values of each of their `fields` of the `aspects`, by default of all.

    Values of fewer than 5 customers are folded into one group, and that with the next larger ones until it has 5.
    """
    for aspect in aspects:
        parameters.one_of("aspects", aspect, (*RECORDED, *COUNTED))
    customers = data.customers
    if len(customers) < SMALLEST_GROUP:
        return NotApplicable(f"the data name fewer than {SMALLEST_GROUP} customers.")
    described = [field for field in fields(data) if field.aspect in aspects]
    if not described:
        return NotApplicable(f"nothing describes the customers' {' or '.join(aspects)}.")
    groups = pd.concat(
        [grouped(field.values).assign(aspect=field.aspect, field=formats.label(field.name)) for field in described],
        ignore_index=True,
    )
    return Portrait(groups[["aspect", "field", "value", "customers", "share"]], len(customers))


def grouped(values: pd.Series) -> pd.DataFrame:
    """value, customers and share of one field's groups, folded."""
    shown = folded(_counts(values))
    return pd.DataFrame({"value": shown.index, "customers": shown.to_numpy(), "share": shown.to_numpy() / len(values)})


def folded(counts: pd.Series, least: int = SMALLEST_GROUP, most: int = MOST_GROUPS) -> pd.Series:
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


def _counts(values: pd.Series) -> pd.Series:
    """Customers by value: bands in their order, other values by size; those without a value last."""
    counts = values.value_counts(sort=False).sort_index()
    if not isinstance(values.dtype, pd.CategoricalDtype):
        counts = counts.sort_values(ascending=False, kind="stable")
    counts = pd.Series(counts.to_numpy(), [formats.text(value) for value in counts.index])
    gaps = int(values.isna().sum())
    return pd.concat([counts[counts > 0], pd.Series({NOT_RECORDED: gaps})]) if gaps else counts[counts > 0]


def _age_bands(data: Dataset) -> pd.Series:
    """The band of every customer's age; missing without a year of birth."""
    if "birth_year" not in data.customers:
        return pd.Series(np.nan, index=data.customers.index)
    return age_bands(data.customers["birth_year"], data.as_of)


def _grouped(values: pd.Series) -> pd.Series:
    """Texts, flags and bands as they are, numbers in bands."""
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return _banded(values) if number and values.notna().any() else values


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
