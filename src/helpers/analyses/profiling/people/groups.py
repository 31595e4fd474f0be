"""Who the customers are: how many of each kind, and of how many the record does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers import parameters
from helpers.analyses.profiling.people.behaviour import behaviour, preferences
from helpers.analyses.profiling.vocabulary import (
    AGE_BAND,
    ASPECT,
    BAND,
    FIELD,
    FIELD_VALUE,
    LARGEST_GROUP,
    MAIN_NEED,
    NOT_RECORDED_SHARE,
)
from helpers.data.ages import age_bands
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import OTHERS, SMALL_GROUPS, SMALLEST_GROUP, shown_groups
from helpers.findings.vocabulary import CUSTOMERS, SHARE
from helpers.language import later

MOST_BARS = 12  # of one field, beside those that stand last
FIELDS_TOLD = 2  # in the headline
NOT_RECORDED = later("(none recorded)")
LAST = (OTHERS, SMALL_GROUPS, NOT_RECORDED)


class Aspect(StrEnum):
    """What side of the customers a field describes."""

    DEMOGRAPHICS = "demographics"
    ACQUISITION = "acquisition"
    RELATIONSHIP = "relationship"
    ATTRIBUTES = "attributes"
    BEHAVIOUR = "behaviour"
    PREFERENCES = "preferences"
    NEEDS = "needs"


FIELDS = {
    Aspect.DEMOGRAPHICS: ("gender", AGE_BAND, "country", "province"),
    Aspect.ACQUISITION: ("channel",),
    Aspect.RELATIONSHIP: ("level", "plan"),
}
RECORDED = (*FIELDS, Aspect.ATTRIBUTES)  # by the source; the others are counted, and empty where nothing was done


@dataclass(frozen=True)
class Portrait(Finding):
    """Customers by the values of each field that describes them, small groups folded."""

    table: pd.DataFrame
    customers: int
    columns = (ASPECT, FIELD, FIELD_VALUE, CUSTOMERS.but(adds_up=[[ASPECT, FIELD]]), SHARE.but(tells=CUSTOMERS))
    shown = (ASPECT, FIELD, LARGEST_GROUP, CUSTOMERS, SHARE.but(tells=CUSTOMERS), NOT_RECORDED_SHARE)

    def summary(self) -> pd.DataFrame:
        """One row a field: its largest group, how many customers that has, and of how many none is recorded."""
        named = self.table[~self.table[FIELD_VALUE].isin(LAST)]
        largest = named.loc[named.groupby(FIELD)[CUSTOMERS].idxmax()].set_index(FIELD)
        gaps = self.table[self.table[FIELD_VALUE] == NOT_RECORDED].set_index(FIELD)[SHARE]
        fields = self.table.drop_duplicates(FIELD).set_index(FIELD)[[ASPECT]]
        rows = fields.assign(**{
            LARGEST_GROUP: largest[FIELD_VALUE].map(BAND.write), CUSTOMERS: largest[CUSTOMERS].astype("Int64"),
            SHARE: largest[SHARE], NOT_RECORDED_SHARE: gaps,
        })  # fmt: skip
        return rows.fillna({NOT_RECORDED_SHARE: 0.0}).reset_index()[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by value, with their share, field below field."""
        first = ~self.table[FIELD].duplicated()
        values = self.table[FIELD_VALUE].map(BAND.write)
        labels = (self.table[FIELD].map(FIELD.write) + formats.colon() + values).where(first, values)
        labelled = self.table.assign(**{FIELD_VALUE: labels})
        return charts.bars(labelled, value=CUSTOMERS, label=FIELD_VALUE, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are in each group?")

    def headline(self) -> Sentence:
        """The largest group of the first fields; the field that is unknown of the most customers below."""
        fields, customers = self.summary(), facts.Count(self.customers)
        first = fields.dropna(subset=[LARGEST_GROUP]).head(FIELDS_TOLD)
        if first.empty:
            least = facts.Count(SMALLEST_GROUP)
            return say(
                "{customers} customers are known; no group of at least {least} can be shown.",
                customers=customers,
                least=least,
            )
        groups = [
            say(
                "“{value}” ({field}, {share})",
                value=facts.Name(line.largest_group),
                field=facts.Attribute(line.field),
                share=facts.Share(line.share),
            )
            for line in first.itertuples()
        ]
        return say("The largest groups of customers are {groups}.", groups=facts.Listed(tuple(groups))).resting_on(
            say("{customers} customers.", customers=customers), self._least_recorded(fields)
        )

    def _least_recorded(self, fields: pd.DataFrame) -> Sentence | None:
        """The recorded field that is unknown of the most customers, where any is."""
        recorded = fields[fields[ASPECT].isin(RECORDED) & (fields[NOT_RECORDED_SHARE] > 0)]
        if recorded.empty:
            return None
        emptiest = recorded.loc[recorded[NOT_RECORDED_SHARE].idxmax()]
        return say(
            "“{field}” is recorded least: none for {share}.",
            field=facts.Attribute(emptiest[FIELD]),
            share=facts.Share(emptiest[NOT_RECORDED_SHARE]),
        )


@dataclass(frozen=True)
class Field:
    """One field that describes customers: its aspect, its name, each customer's value as the snapshot orders them."""

    aspect: Aspect
    name: str
    values: pd.Series


def fields(data: Dataset) -> list[Field]:
    """The fields by which the customers of this data set can be described: those that any customer has filled.

    Demographics, acquisition and relationship are as recorded, attributes of the data set among them; behaviour,
    preferences and needs are counted from orders and tickets. Numbers with many values are cut into bands.
    """
    known = data.customers.assign(**{AGE_BAND: _age_bands(data)})
    recorded = {name: aspect for aspect, names in FIELDS.items() for name in names}
    recorded |= {name: Aspect.ATTRIBUTES for name in data.settings.attributes if name not in recorded}
    described = [Field(aspect, name, _grouped(known[name])) for name, aspect in recorded.items() if name in known]
    described += [Field(Aspect.BEHAVIOUR, name, values) for name, values in behaviour(data).items()]
    described += [
        Field(Aspect.NEEDS if name == MAIN_NEED else Aspect.PREFERENCES, name, values)
        for name, values in preferences(data).items()
    ]
    return [field for field in described if field.values.notna().any()]


@analysis
def portrait(data: Dataset, aspects: Sequence[str] = tuple(Aspect)) -> Portrait | NotApplicable:
    """Customers by the values of each of their `fields` of the `aspects`, by default of all.

    Values of too few customers are folded into one group, and that with the next larger one until it has 5. Raises
    ValueError for an aspect that there is not.
    """
    for aspect in aspects:
        parameters.one_of("aspects", aspect, Aspect)
    customers = data.customers
    if len(customers) < SMALLEST_GROUP:
        return NotApplicable(say("the data name fewer than {least} customers.", least=facts.Count(SMALLEST_GROUP)))
    described = [field for field in fields(data) if field.aspect in aspects]
    if not described:
        asked = facts.Listed(tuple(facts.Word(aspect, ASPECT) for aspect in aspects))
        return NotApplicable(say("nothing describes customers by {aspects}.", aspects=asked))
    groups = pd.concat(map(groups_of, described), ignore_index=True)
    return Portrait(groups[list(Portrait.columns)], len(customers))


def groups_of(field: Field, among: pd.Series | None = None) -> pd.DataFrame:
    """The folded groups of a field, among all customers or some: aspect, field, field_value, customers and share."""
    values = field.values if among is None else field.values[among]
    shown = folded(_counts(values))
    return pd.DataFrame({
        ASPECT: str(field.aspect), FIELD: formats.label(field.name), FIELD_VALUE: shown.index,
        CUSTOMERS: shown.to_numpy(), SHARE: shown.to_numpy() / len(values),
    })  # fmt: skip


def folded(counts: pd.Series, most: int = MOST_BARS) -> pd.Series:
    """Customers by value, small groups as one (see `shown_groups`), the smallest of more than `most` as another.

    Keeps the order of the values, the folded ones last, and the total.
    """
    alone = shown_groups(counts)
    others = [name for name in alone if name != NOT_RECORDED][most:]
    small = counts.index.difference(alone, sort=False)
    shown = counts.drop([*small, *others])
    for name, group in ((OTHERS, others), (SMALL_GROUPS, small)):
        if len(group):
            shown[name] = counts[group].sum()
    return shown[sorted(shown.index, key=lambda name: LAST.index(name) if name in LAST else -1)]


def _counts(values: pd.Series) -> pd.Series:
    """Customers by value: bands in their order, other values by size; those without a value last."""
    counts = values.value_counts(sort=False).sort_index()
    if not isinstance(values.dtype, pd.CategoricalDtype):
        counts = counts.sort_values(ascending=False, kind="stable")
    counts = pd.Series(counts.to_numpy(), [formats.held(value) for value in counts.index])
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
    if len(distinct) <= MOST_BARS:
        return pd.Series(pd.Categorical(numbers, distinct, ordered=True), index=values.index)
    edges = np.asarray(MaxNLocator(nbins=6).tick_values(distinct[0], distinct[-1]))
    if distinct[-1] >= edges[-1]:
        edges = np.append(edges, 2 * edges[-1] - edges[-2])
    labels = [f"{low:,.6g} to under {high:,.6g}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
    return pd.cut(numbers, edges, right=False, labels=labels)
