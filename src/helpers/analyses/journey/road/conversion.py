"""Who converts and when: the share that reached the last step by group, and by time since the entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.road.steps import LENGTHS, Funnel, in_fitting_unit
from helpers.analyses.journey.vocabulary import (
    CONVERTED,
    CONVERTED_RATE,
    DAYS_SINCE_ENTRY,
    DIFFERENCE_LOWER,
    DIFFERENCE_RATE,
    DIFFERENCE_UPPER,
    EXPECTED_MEDIAN_DAYS,
    MEAN_DAYS,
    MEAN_TIMES,
    MEDIAN_DAYS,
    MEDIAN_TIMES,
    STEP,
)
from helpers.data.days import DAY_SECONDS
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, folded_groups, wholes
from helpers.findings.privacy.disclosure import WHOLE
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, CUSTOMERS, GROUP, LOWER, P_VALUE, UPPER
from helpers.language import later
from helpers.statistics import survival
from helpers.statistics.effects import Moments, compare
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

LEAST_OF_EACH = 5  # customers who converted, and who did not, on either side of a test
POINTS = 120  # of a drawn curve
MOST_RATES = 9  # groups whose rates are compared; the small ones together are one of them
# what is known of the touchpoint at which a customer set out, and how readers see it
ENTRY = {
    "entry_channel": later("Entry channel"),
    "entry_content": later("Entry content"),
    "entry_campaign": later("Entry campaign"),
}


@dataclass(frozen=True)
class TimeToConvert(Finding):
    """The share that has converted by each time since the entry, those not yet converted counted as long as seen."""

    table: pd.DataFrame  # one row
    told_days: float  # how far the share is known; NaN for to the end of the window
    curve: pd.DataFrame  # days_since_entry, converted_rate, lower, upper
    last_step: str
    columns = (
        CUSTOMERS, CONVERTED, MEAN_DAYS, MEDIAN_DAYS, EXPECTED_MEDIAN_DAYS, CONVERTED_RATE, LOWER, UPPER,
    )  # fmt: skip
    shown = (*columns, *MEAN_TIMES, *MEDIAN_TIMES)

    def summary(self) -> pd.DataFrame:
        """One row: counts, mean and median of those who converted, and the share expected within the window."""
        return in_fitting_unit(in_fitting_unit(self.table, MEAN_DAYS), MEDIAN_DAYS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share converted by days since the entry, with its 95 % band."""
        return charts.line(self.curve, x=DAYS_SINCE_ENTRY, y=CONVERTED_RATE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many have reached “{step}”, how long after the entry?", step=facts.Word(self.last_step, STEP))

    def headline(self) -> Sentence:
        """How many convert once everybody had the time, and how long it takes."""
        row, shown = self.table.iloc[0], self.summary()
        unit = next(name for name in shown.columns if name.startswith("median_")).removeprefix("median_")
        known = {
            "share": facts.Share(row[CONVERTED_RATE]),
            "step": facts.Word(self.last_step, STEP),
            "time": LENGTHS[unit](shown[f"median_{unit}"].iloc[0]),
        }
        if np.isnan(self.told_days):
            told = say("{share} reach “{step}” within the window; half of these take {time} or less.", **known)
        else:
            days = facts.Days(round(self.told_days))
            told = say("{share} reach “{step}” within {days}; half of these take {time} or less.", days=days, **known)
        limits = facts.limits(row)
        return told.resting_on(
            say("The interval is {interval}.", interval=limits) if row[CONVERTED_RATE] < 1 else None,
            say("Those who still have time are counted for as long as they were seen."),
        )


@dataclass(frozen=True)
class FunnelBy(Counted, Finding):
    """Conversion by group, each compared with all the others together."""

    table: pd.DataFrame
    by: str  # the column whose groups they are
    overall: float  # the rate of everybody
    columns = (
        GROUP, CUSTOMERS.but(of=WHOLE, adds_up=[()]), CONVERTED, CONVERTED_RATE, LOWER, UPPER, DIFFERENCE_RATE,
        DIFFERENCE_LOWER, DIFFERENCE_UPPER, P_VALUE, ADJUSTED_P_VALUE, WHOLE,
    )  # fmt: skip
    shown = (
        GROUP, CUSTOMERS.but(of=WHOLE, adds_up=[()]), CONVERTED_RATE, LOWER, UPPER, DIFFERENCE_RATE, ADJUSTED_P_VALUE,
        WHOLE,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """One row a group, the largest first; the p-value is corrected (Holm) for the number of groups."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Conversion of each group with its interval; the dashed line is that of everybody."""
        return charts.forest(self.table, estimate=CONVERTED_RATE, label=GROUP, reference=self.overall, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many get all the way, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """The group that differs most clearly from the rest, if one does, in words of association."""
        by, overall = facts.Attribute(self.by), facts.Share(self.overall)
        clear = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE].sort_values(P_VALUE)
        named = clear[clear[GROUP] != SMALL_GROUPS]
        counts = {"beyond": facts.Count(len(clear)), "groups": facts.Count(len(self.table))}
        if named.empty:
            alike = say("{by}: {share} get all the way; no group clearly differs.", by=by, share=overall)
            return alike.resting_on(say("{groups} groups were tested together.", groups=counts["groups"]))
        tests = say("{beyond} of {groups} groups differ from all others beyond chance, tested together.", **counts)
        first = named.iloc[0]
        known = {"by": by, "group": facts.Name(first[GROUP]), "share": facts.Share(first[CONVERTED_RATE])}
        if first[DIFFERENCE_RATE] > 0:
            told = say(
                "{by}: “{group}” gets all the way more often: {share}, over all {overall}.", overall=overall, **known
            )
        else:
            told = say(
                "{by}: “{group}” gets all the way less often: {share}, over all {overall}.", overall=overall, **known
            )
        differences = (self._difference(row) for _, row in named.head(2).iterrows())
        why = say("Groups differ in more than this, so it does not say why.")
        return told.resting_on(*differences, tests, why)

    @staticmethod
    def _difference(row: pd.Series) -> Sentence:
        return say(
            "“{group}”: {share}, {low} to {high} beside the others.",
            group=facts.Name(row[GROUP]),
            share=facts.Share(row[CONVERTED_RATE]),
            low=facts.Points(row[DIFFERENCE_LOWER]),
            high=facts.Points(row[DIFFERENCE_UPPER]),
        )


@if_applicable
def time_to_convert(funnel: Funnel) -> TimeToConvert | NotApplicable:
    """Kaplan–Meier share of those who entered that reached the last step, by time since the entry.

    Who has not converted is censored at the end of the window or of the data, whichever is first; who met an excluded
    step cannot convert any more and stays in the count until then. Mean and median of those who converted are shorter
    than those of everybody will be while windows are open. The share is told as long as it rests on 20 customers.
    Source: `statistics.survival`.
    """
    table, converted = funnel.customers, funnel.converted
    if converted.sum() < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers reached “{step}”.",
            least=facts.Count(SMALLEST_GROUP),
            step=facts.Word(funnel.table[STEP].iloc[-1], STEP),
        )
        return NotApplicable(few)
    last = table[f"at_{len(funnel.rules.steps) - 1}"]
    until = last.where(converted, funnel.ends_at.clip(upper=funnel.night))
    days = (until - table["entered_at"]).dt.total_seconds() / DAY_SECONDS
    whole = survival.kaplan_meier(days, converted)
    whole = survival.resting_on(whole, LEAST_AT_RISK).dropna(subset="survival")
    if whole.empty:
        few = say(
            "fewer than {least} customers entered, too few to say how long it takes.",
            least=facts.Count(LEAST_AT_RISK),
        )
        return NotApplicable(few)
    median = survival.quantiles(whole, 0.5)["time"].iloc[0]
    longest = whole["time"].iloc[-1]
    curve = _converted(whole, np.linspace(0, longest, POINTS)).dropna(subset=CONVERTED_RATE)
    end = _converted(whole, longest).iloc[0]
    row = {
        CUSTOMERS: len(table), CONVERTED: int(converted.sum()), MEAN_DAYS: days[converted].mean(),
        MEDIAN_DAYS: days[converted].median(), EXPECTED_MEDIAN_DAYS: median, **end[[CONVERTED_RATE, LOWER, UPPER]],
    }  # fmt: skip
    told_days = longest if longest < days.max() else np.nan
    return TimeToConvert(pd.DataFrame([row]), told_days, curve, funnel.table[STEP].iloc[-1])


def _converted(whole: pd.DataFrame, days: np.ndarray | float) -> pd.DataFrame:
    left = survival.at(whole, days)
    return pd.DataFrame({
        DAYS_SINCE_ENTRY: left["time"], CONVERTED_RATE: 1 - left["survival"], LOWER: 1 - left["upper"],
        UPPER: 1 - left["lower"],
    })  # fmt: skip


@if_applicable
def funnel_by(
    funnel: Funnel, by: str = "entry_channel", described: pd.DataFrame | None = None
) -> FunnelBy | NotApplicable:
    """Conversion from entry to last step by the entry's channel, content or campaign, or by a column of `described`.

    `described` is a table with customer_id and `by`, such as the snapshot or saved segments. Only customers whose
    window has ended are compared, as in the funnel: the newest group would lose by its open ones. Each group is
    compared with the rest (pooled z test, Newcombe's interval), corrected for their number by Holm; p is blank unless
    enough customers did and did not convert on either side. Small groups are one group. Raises ValueError for a column
    that is not there.
    """
    columns = [*ENTRY, *(() if described is None else described.columns.drop("customer_id"))]
    parameters.one_of("by", by, columns)
    entered = funnel.customers.assign(converted=funnel.converted)[~funnel.waiting]
    if described is None or by in ENTRY:
        everybody, values = None, entered[by]
    else:
        everybody = described.drop_duplicates("customer_id").set_index("customer_id")[by]
        values = entered["customer_id"].map(everybody)
    groups = folded_groups(values.map(formats.held, na_action="ignore"), MOST_RATES)
    counts = entered.groupby(groups, observed=True)["converted"].agg(["size", "sum"])
    if len(counts.index.difference([UNKNOWN, SMALL_GROUPS])) == 0 or len(counts) < 2:
        return NotApplicable(say("{by} does not tell two groups of customers apart.", by=facts.Attribute(by)))
    known = np.nan if everybody is None else wholes(everybody.map(formats.held, na_action="ignore"), counts.index)
    table = _compared(counts, entered["converted"]).assign(**{WHOLE: np.asarray(known)})
    behind = entered[[CUSTOMER_ID, "converted"]].assign(group=groups)
    return FunnelBy(table, by, float(entered["converted"].mean()), behind=behind)


def _compared(counts: pd.DataFrame, converted: pd.Series) -> pd.DataFrame:
    everybody, all_converted = len(converted), int(converted.sum())
    lines = []
    for size, count in counts.itertuples(index=False):
        rest, rest_count = everybody - size, all_converted - count
        effect = compare(_moments(rest, rest_count), _moments(size, count), kind="proportion")
        enough = min(count, size - count, rest_count, rest - rest_count) >= LEAST_OF_EACH
        lines.append((effect.effect, effect.lower, effect.upper, effect.p_value if enough else np.nan))
    table = pd.DataFrame(lines, columns=[DIFFERENCE_RATE, DIFFERENCE_LOWER, DIFFERENCE_UPPER, P_VALUE])
    size, count = counts["size"].to_numpy(), counts["sum"].to_numpy()
    lower, upper = wilson_interval(count, size)
    shares = {GROUP: counts.index.astype(object), CUSTOMERS: size, CONVERTED: count,
              CONVERTED_RATE: count / size, LOWER: lower, UPPER: upper}  # fmt: skip
    return pd.DataFrame(shares).join(table).assign(**{ADJUSTED_P_VALUE: adjust(table[P_VALUE], "holm")})


def _moments(n: int, count: int) -> Moments:
    return Moments.from_sums(n, {"converted": count}, {"converted": count})
