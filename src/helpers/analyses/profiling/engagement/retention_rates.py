"""Retention: the share of each cohort that came back, interval by interval, as far as it can be known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.profiling.engagement import periods
from helpers.analyses.profiling.engagement.clock import MOST_INTERVALS, Clock
from helpers.analyses.profiling.engagement.cohort_counts import Mode, Return, cohort_members, retention_cells
from helpers.analyses.profiling.engagement.facts import fact_time
from helpers.analyses.profiling.engagement.facts import facts as facts_of
from helpers.analyses.profiling.engagement.vocabulary import (
    AFTER,
    COHORT,
    COHORTS,
    DONE,
    GROUPED_BY,
    INTERVAL,
    LAST_INTERVAL,
    MATURE,
    RATE,
    RATES_THEN,
    RETURNED,
    SIMPLE_MEAN_RATE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, folded_groups
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, GROUP, LOWER, UPPER
from helpers.language import _
from helpers.statistics.shares import wilson_interval

MOST_CURVES = 6  # in one figure; the small groups together are one of them
SURELY = 0.01  # a p-value below which groups differ by more than a little
LEAST_COHORTS = 3  # behind the last mean that the headline says


@dataclass(frozen=True)
class Retention(Members, Finding):
    """Share of each cohort that came back, by interval, and the means over cohorts.

    Cells whose interval is not over for the whole cohort, and cohorts of too few customers, are blank and in no
    mean.
    """

    table: pd.DataFrame  # one row a cell: a cohort (of a group) in an interval
    means: pd.DataFrame  # one row an interval (of a group)
    clock: Clock
    back: Return
    done: str  # what customers did, by the table that says so
    by: str  # the column by which customers are grouped, or "" for everybody together
    p_value: float  # that groups are alike in the first interval; NaN where it cannot be told
    people: ir.Table | None = field(default=None, repr=False)  # `cohort_members`, asked for when somebody asks
    columns = (GROUP, COHORT, INTERVAL, LAST_INTERVAL, CUSTOMERS, RETURNED, RATE, LOWER, UPPER, MATURE)
    shown = (
        *AFTER.values(), COHORTS, CUSTOMERS, RETURNED, RATE, LOWER, UPPER, SIMPLE_MEAN_RATE,
        *RATES_THEN.values(), GROUPED_BY,
    )  # fmt: skip

    def members(self) -> pd.DataFrame:
        """Each customer of a cohort (of a group) in each interval that was begun: whether back in it."""
        assert self.people is not None, "an answer about a data set has its customers"
        people = self.people.execute()
        people["cohort"] = people["cohort"].astype("int64")
        keys = [name for name in (CUSTOMER_ID, GROUP, COHORT) if name in people]
        first = {str(place): span[0] for place, span in enumerate(self.back.spans(self.clock.intervals))}
        cells = people.melt(keys, list(first), INTERVAL, RETURNED)
        cells[INTERVAL] = cells[INTERVAL].map(first)
        cells = cells[cells[COHORT] + cells[INTERVAL] < self.clock.intervals].astype({RETURNED: bool})
        return cells.assign(cohort=self.clock.starts[cells[COHORT].to_numpy()])

    def summary(self) -> pd.DataFrame:
        """One line an interval: `rate` weighs cohorts by their customers, `simple_mean_rate` all alike.

        One line a group where customers are grouped: the weighted mean of its first interval, with its limits, and of
        the middle and the last that enough cohorts have reached.
        """
        if not self.by:
            return self._read(self.means)
        first = self.means[self.means[INTERVAL] == self.means[INTERVAL].min()]
        lines = first[[GROUP, CUSTOMERS, RATE, LOWER, UPPER]].set_index(GROUP)
        reached = self.means.loc[self.means[COHORTS] >= LEAST_COHORTS, INTERVAL].drop_duplicates().sort_values()
        unit = self.clock.interval
        for k in dict.fromkeys((*reached.iloc[len(reached) // 2 :].head(1), *reached.tail(1))):
            then = self.means[self.means[INTERVAL] == k].set_index(GROUP)[RATE]
            lines[RATES_THEN[unit].format(k)] = then
        named = {RATE: RATES_THEN[unit].format(first[INTERVAL].min())}
        return lines.rename(columns=named).rename_axis(self.by).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The triangle as a heat map; the mean curve of each group where customers are grouped."""
        after = AFTER[self.clock.interval]
        if self.by:
            return charts.line(self._read(self.means), x=after, y=RATE, group=GROUP, ax=ax)
        cells = self.table[self.table[INTERVAL] > 0]
        sizes = [f"{n:,.0f}" if n == n else _("under {}").format(SMALLEST_GROUP) for n in cells[CUSTOMERS]]
        named = self.clock.named(pd.Series(self.clock.starts.get_indexer(cells[COHORT]), index=cells.index))
        named = named + "  (" + pd.Series(sizes, index=cells.index) + ")"
        return charts.heat_map(self._read(cells).assign(cohort=named), row=COHORT, column=after, value=RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.by:
            return say("Which customers come back most, by {by}?", by=facts.Attribute(self.by))
        return say("Which share of each cohort came back, and when?")

    def headline(self) -> Sentence:
        """How many came back in the first interval, and in the last that enough cohorts have reached."""
        means = self.means
        if self.by:
            return self._of_groups(means[means[INTERVAL] == means[INTERVAL].min()])
        first = means.iloc[0]
        later = means[(means[COHORTS] >= LEAST_COHORTS) & (means[INTERVAL] > first[INTERVAL])].tail(1)
        known = {"share": facts.Share(first[RATE]), "then": self._when(first)}
        ends = [first, *(line for _, line in later.iterrows())]
        if len(later):
            known |= {"later": facts.Share(ends[1][RATE]), "last": self._when(ends[1])}
        return self._of_all(known).resting_on(
            say(
                "Mean of {cohorts} cohorts, weighted by customers.",
                cohorts=facts.Count(first[COHORTS]),
            ),
            *map(self._sure, ends),
        )

    def _of_all(self, known: dict[str, object]) -> Sentence:
        """The claim of everybody together, by what customers are counted from and how far they were followed."""
        if self.back.cohorts != "first":
            done = facts.Word(self.done, DONE)
            if "later" in known:
                return say("Of customers who {done}, {share} came back {then} and {later} {last}.", done=done, **known)
            return say("Of customers who {done}, {share} came back {then}.", done=done, **known)
        if "later" in known:
            return say("Of new customers {share} came back {then} and {later} {last}.", **known)
        return say("Of new customers {share} came back {then}.", **known)

    def _sure(self, line: pd.Series) -> Sentence | None:
        """How sure a mean is, where that is known."""
        if np.isnan(line[LOWER]):
            return None
        limits = facts.Range(facts.Share(line[LOWER]), facts.Share(line[UPPER]))
        return say("95% interval {interval} {then}.", interval=limits, then=self._when(line))

    def _of_groups(self, first: pd.DataFrame) -> Sentence:
        by, then = facts.Attribute(self.by), self._when(first.iloc[0])
        if len(first) < 2:
            return say("{by}: fewer than two groups are large enough to compare.", by=by)
        if not self.p_value < SIGNIFICANCE:
            share = facts.Share(first[RETURNED].sum() / first[CUSTOMERS].sum())
            return say(
                "{share} of new customers came back {then}; no evidence that it differs by {by}.",
                share=share,
                then=then,
                by=by,
            ).resting_on(self._one_test())
        named = first[~first[GROUP].isin([SMALL_GROUPS, UNKNOWN])]
        named = named if len(named) > 1 else first
        low, high = (named.loc[at] for at in (named[RATE].idxmin(), named[RATE].idxmax()))
        return say(
            "By {by}, customers of “{high}” came back most ({most}), of “{low}” least ({least}).",
            by=by,
            high=facts.Name(high[GROUP]),
            most=facts.Share(high[RATE]),
            low=facts.Name(low[GROUP]),
            least=facts.Share(low[RATE]),
        ).resting_on(say("Back {then}.", then=then), self._beyond())

    def _one_test(self) -> Sentence | None:
        """The test by which groups do not differ, where there is one."""
        if np.isnan(self.p_value):
            return None
        return say("One test of all groups: {p}.", p=facts.PValue(self.p_value))

    def _beyond(self) -> Sentence:
        """How far beyond chance groups differ."""
        p = facts.PValue(self.p_value)
        if self.p_value < SURELY:
            return say("Groups differ by more than chance ({p}).", p=p)
        return say("Groups differ by a little more than chance ({p}): look again before moving budget.", p=p)

    def _when(self, line: pd.Series) -> Sentence:
        return periods.after(self.back.mode, self.clock.interval, _bracket(line))

    def _read(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with its intervals under the name of their unit, brackets by their first and last."""
        bracketed = self.back.mode == Mode.BRACKET
        intervals = table.apply(_bracket, axis="columns") if bracketed and len(table) else table[INTERVAL]
        after = table.assign(interval=intervals).drop(columns=LAST_INTERVAL)
        return after.rename(columns={INTERVAL: AFTER[self.clock.interval]})


def _bracket(line: pd.Series) -> str:
    first, last = int(line[INTERVAL]), int(line[LAST_INTERVAL])
    return f"{first}" if first == last else f"{first}–{last}"


@analysis
def retention(
    data: Dataset,
    table: str = "orders",
    *,
    interval: str = "month",
    intervals: int = 12,
    by: str = "",
    back: Return = Return(),
) -> Retention | NotApplicable:
    """Retention of the customers of `data` over the rows of `table` in the `intervals` intervals to `as_of`.

    Where no cohort began in these, as in data that follow one early cohort, the last 60 are looked at. `interval` is
    day, week or month; `by` names a column of the customer table, whose groups of fewer than 5, and all but the
    largest, are one; `back` says what begins a cohort and what counts as coming back. Intervals are Wilson's at 95%;
    means over recurring cohorts, where a customer counts many times, have none. Assumes that the first fact in the data
    is a customer's first: the oldest cohorts of data that begin in mid-trade hold older customers too. Not applicable
    where no row names a customer, no cohort of 5 was followed for a whole interval, or no customer has `by`.
    """
    clock, rows = Clock(data.as_of, interval, intervals), facts_of(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    if by and by not in data.customers:
        return NotApplicable(say("there is no column “{by}” to group by.", by=facts.Attribute(by)))
    time, groups = fact_time(table), _groups(data, by) if by else None
    cells = retention_cells(rows, clock, time=time, back=back, groups=groups)
    if not cells[CUSTOMERS].any():
        clock = replace(clock, intervals=MOST_INTERVALS)
        cells = retention_cells(rows, clock, time=time, back=back, groups=groups)
    cells = _blanked(cells[cells[CUSTOMERS] > 0].reset_index(drop=True))
    if cells.empty:
        none = say(
            "no cohort began in the {span} to {day}.",
            span=periods.span(MOST_INTERVALS, interval),
            day=facts.Day(data.as_of),
        )
        return NotApplicable(none)
    means = retention_means(cells, independent=back.cohorts == "first")
    if means.empty:
        few = say(
            "no cohort of at least {least} customers has been followed for a whole interval.",
            least=facts.Count(SMALLEST_GROUP),
        )
        return NotApplicable(few)
    p_value = groups_alike(means) if by and back.cohorts == "first" else np.nan
    people = cohort_members(rows, clock, time=time, back=back, groups=groups)
    return Retention(cells, means, clock, back, table, by, p_value, people)


def retention_means(cells: pd.DataFrame, independent: bool = True) -> pd.DataFrame:
    """Means over the cohorts that are known in each interval: weighted by customers (`rate`) and all alike.

    Takes a table of `retention_cells`; immature cells, empty cohorts and blanks are left out. lower and upper are
    Wilson's for the weighted mean, and NaN unless cohorts are `independent`.
    """
    keys = [name for name in (GROUP, INTERVAL, LAST_INTERVAL) if name in cells]
    known = cells[cells[MATURE] & cells[RATE].notna() & (cells[INTERVAL] > 0)]
    means = known.groupby(keys, sort=False).agg(
        cohorts=("rate", "size"), customers=("customers", "sum"), returned=("returned", "sum"),
        simple_mean_rate=("rate", "mean"),
    ).reset_index()  # fmt: skip
    means = means.astype({"customers": "int64", "returned": "int64"})
    lower, upper = wilson_interval(means["returned"], means["customers"])
    if not independent:
        lower, upper = np.full((2, len(means)), np.nan)
    means = means.assign(rate=means["returned"] / means["customers"], lower=lower, upper=upper)
    return means[[*keys, COHORTS, CUSTOMERS, RETURNED, RATE, LOWER, UPPER, SIMPLE_MEAN_RATE]]


def groups_alike(means: pd.DataFrame) -> float:
    """p-value of the χ² test that all groups came back alike in the first interval; NaN where it has no answer."""
    first = means[means[INTERVAL] == means[INTERVAL].min()]
    counts = np.array([first[RETURNED], first[CUSTOMERS] - first[RETURNED]])
    if counts.shape[1] < 2 or not (counts.sum(axis=1) > 0).all():
        return np.nan
    return float(chi2_contingency(counts, correction=False).pvalue)


def _blanked(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without what is not known yet, and without what would point at a few customers."""
    few, unfinished = cells[CUSTOMERS] < SMALLEST_GROUP, ~cells[MATURE] & (cells[INTERVAL] > 0)
    return cells.assign(
        customers=cells[CUSTOMERS].astype(float).mask(few),
        returned=cells[RETURNED].astype(float).mask(few | unfinished),
        **{name: cells[name].mask(few | unfinished) for name in (RATE, LOWER, UPPER)},
    )


def _groups(data: Dataset, by: str) -> ibis.expr.types.Table:
    """customer_id and group: the largest values of a column, and the others together."""
    groups = folded_groups(formats.each(data.customers[by]), MOST_CURVES).astype(object)
    return ibis.memtable(pd.DataFrame({"customer_id": data.customers["customer_id"], "group": groups}))
