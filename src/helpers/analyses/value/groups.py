"""Value by group: tier, segment, channel, cohort."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.analyses.value.future.trial_of_models import Failure, doubt
from helpers.analyses.value.vocabulary import (
    BUYER_SHARE,
    BUYERS,
    GROUPED_BY,
    LIFETIME_VALUE,
    MEAN_ACTIVE_PROBABILITY,
    MEAN_LIFETIME_VALUE,
    P_ALIVE,
    VALUE_SHARE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import DRAWN_TOGETHER, LEAST_AT_RISK, SIGNIFICANCE, Z, undrawn
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN, folded_groups, wholes
from helpers.findings.privacy.disclosure import DOMINATED, WHOLE, dominated
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMER_ID, LOWER, UPPER
from helpers.statistics.shares import alike_means, shrunken

MOST_MEANS = 13  # of groups, in one figure; the small ones together are one of them
MOST_QUARTERS = 12


@dataclass(frozen=True)
class GroupValues(Counted, Finding):
    """What the customers of each group are expected to bring, all together and each."""

    table: pd.DataFrame
    by: str  # the column that names the groups
    failure: Failure | None = None  # of the model that the values rest on
    currency: str = ""
    columns = (
        GROUPED_BY, BUYERS.but(of=WHOLE, adds_up=[()]), BUYER_SHARE, VALUE_SHARE, MEAN_LIFETIME_VALUE, LOWER, UPPER,
        MEAN_ACTIVE_PROBABILITY, DOMINATED, WHOLE,
    )  # fmt: skip

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean value of a customer in each group, with its interval."""
        return charts.forest(self.table, estimate=MEAN_LIFETIME_VALUE, label=self.by, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What is a customer worth, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """The group that holds most value, and those whose customers are worth most and least each.

        Groups are only ranked where they are large enough, and one test of all says that they differ; values are drawn
        towards that of all the less they are sure (see `shrunken`).
        """
        large = (self.table[self.by] != SMALL_GROUPS) & (self.table[BUYERS] >= LEAST_AT_RISK)
        named, by = self.table[large], facts.Attribute(self.by)
        doubtful = doubt(self.failure)
        if len(named) < 2:
            least = facts.Count(LEAST_AT_RISK)
            few = say("{by}: there are no two groups of {least} customers to compare.", by=by, least=least)
            return few.resting_on(doubtful)
        variances = ((named[UPPER] - named[LOWER]) / (2 * Z)) ** 2
        likely = pd.Series(shrunken(named[MEAN_LIFETIME_VALUE], variances), named.index)
        if not _alike(named[MEAN_LIFETIME_VALUE], variances, named[BUYERS]) < SIGNIFICANCE:
            alike = say("{by}: no evidence that customers of one group are worth more than those of another.", by=by)
            return alike.resting_on(doubtful, self._largest(named))
        ends = named.loc[[likely.idxmax(), likely.idxmin()]]
        first, last = ends[self.by]
        told = [facts.Money(mean, self.currency) for mean in (likely.max(), likely.min())]
        shown = [facts.Money(mean, self.currency) for mean in ends[MEAN_LIFETIME_VALUE]]
        return say(
            "{by}: a customer of “{first}” is likely worth {most}, one of “{last}” {least}.",
            by=by,
            first=facts.Name(first),
            most=told[0],
            last=facts.Name(last),
            least=told[1],
        ).resting_on(doubtful, self._largest(named), DRAWN_TOGETHER, undrawn(told, shown))

    def _largest(self, named: pd.DataFrame) -> Sentence | None:
        """The group that holds most value; nothing where another may hold as much."""
        totals = named[[MEAN_LIFETIME_VALUE, LOWER, UPPER]].mul(named[BUYERS], axis="index")
        first, second = named[VALUE_SHARE].nlargest(2).index
        two = totals.loc[[first, second]]
        if not alike_means(two[MEAN_LIFETIME_VALUE], ((two[UPPER] - two[LOWER]) / (2 * Z)) ** 2) < SIGNIFICANCE:
            return None
        return say(
            "“{group}” holds {share} of the expected value.",
            group=facts.Name(named.loc[first, self.by]),
            share=facts.Share(named.loc[first, VALUE_SHARE]),
        )


def _alike(means: pd.Series, variances: pd.Series, customers: pd.Series) -> float:
    """p-value of the test that groups are worth the same, with one variance of a customer in all of them.

    A small group of skewed values that lacks the largest has both a low mean and a small variance of its own, and would
    be told for it.
    """
    of_one = float(np.average(variances * customers, weights=customers - 1))
    return alike_means(means, of_one / customers)


@if_applicable
def by_group(values: LifetimeValues, labels: pd.Series | None, by: str) -> GroupValues | NotApplicable:
    """Value of the customers of each group; `labels` is customer_id → group, `by` what the groups are called.

    Groups too few customers, and those beyond the twelve largest, are one group of enough. Ordered
    categories keep their order, other groups stand by size. Intervals are 95 %: of which customers happened to come
    and of the model's parameters, not of the model. Not applicable without labels, or where no money is expected.
    """
    if labels is None or labels.dropna().empty:
        return NotApplicable(say("there is no column “{by}” to group by.", by=facts.Attribute(by)))
    if not values.total > 0:
        return NotApplicable(say("no money is expected of any customer, so no group holds more of it."))
    known = labels.reindex(values.table[CUSTOMER_ID]).reset_index(drop=True)
    group = folded_groups(known, MOST_MEANS)
    names = _in_order(group, known)
    rows = pd.DataFrame([{by: name} | _worth(values, (group == name).to_numpy()) for name in names])
    made = dominated(values.table[LIFETIME_VALUE].reset_index(drop=True), group)
    layer = {DOMINATED: rows[by].map(made).eq(True), WHOLE: rows[by].map(wholes(labels, names))}
    behind = pd.DataFrame({CUSTOMER_ID: values.table[CUSTOMER_ID].to_numpy(), by: group.to_numpy()})
    return GroupValues(rows.assign(**layer), by, values.failure, values.currency, behind=behind)


def segment_of(segments: pd.DataFrame | None, kind: str) -> pd.Series | None:
    """customer_id → label of the saved table `segments` of the segmentation; None where there is none."""
    if segments is None or kind not in segments:
        return None
    return segments.set_index(CUSTOMER_ID)[kind]


def attribute_of(data: Dataset, column: str) -> pd.Series | None:
    """customer_id → value of a column of customers; None where the data set has no such column."""
    return data.customers.set_index(CUSTOMER_ID)[column] if column in data.customers else None


def cohort_of(data: Dataset) -> pd.Series | None:
    """customer_id → the quarter of the first order, such as 2025 Q1, in order of time; None without orders.

    Over more than three years it is the year.
    """
    if "first_order_on" not in data.customers:
        return None
    first = data.customers.set_index(CUSTOMER_ID)["first_order_on"].dropna()
    year, quarter = first.dt.year.astype(str), first.dt.year.astype(str) + " Q" + first.dt.quarter.astype(str)
    cohort = quarter if quarter.nunique() <= MOST_QUARTERS else year
    return cohort.astype(pd.CategoricalDtype(sorted(cohort.unique()), ordered=True))


def _in_order(group: pd.Series, labels: pd.Series) -> list[Hashable]:
    """Names of the groups: ordered categories in their order, others by size, the folded ones last."""
    names = list(group.cat.categories)
    if isinstance(labels.dtype, pd.CategoricalDtype) and labels.cat.ordered:
        places = {name: place for place, name in enumerate([*labels.cat.categories, UNKNOWN])}
        names.sort(key=lambda name: places.get(name, len(places)))
    return names


def _worth(values: LifetimeValues, chosen: np.ndarray) -> dict[str, float]:
    """What the chosen customers (true or false each) are expected to bring."""
    mean, low, high = values.fitted.mean_limits(chosen)
    customers = int(chosen.sum())
    return {
        BUYERS: customers,
        BUYER_SHARE: customers / len(chosen),
        VALUE_SHARE: mean * customers / values.total,
        MEAN_LIFETIME_VALUE: mean,
        LOWER: max(low, 0.0),
        UPPER: high,
        MEAN_ACTIVE_PROBABILITY: values.table[P_ALIVE].to_numpy()[chosen].mean(),
    }
