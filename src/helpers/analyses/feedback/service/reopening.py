"""How often tickets are settled at the first touch, and how often they come back."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import (
    NO_TICKETS,
    chosen_group,
    grouped,
    old_enough,
    recorded,
    tickets_of,
)
from helpers.analyses.feedback.vocabulary import BY_NAME, OUTCOME_SHARE, RATE, RESOLVED_TICKETS, WITH_OUTCOME
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, GROUP, LOWER, UPPER
from helpers.statistics.inference import adjust
from helpers.statistics.shares import alike_groups, clustered_shares

REOPENED, ONE_TOUCH = "reopen_rate", "one_touch_rate"


@dataclass(frozen=True)
class Reopens(Finding):
    """Reopen and one-touch rates of the tickets that were resolved at least once, for all and by group."""

    table: pd.DataFrame
    by: str  # the column, or "" for all tickets together
    mature_days: int

    columns = (GROUP, RATE, RESOLVED_TICKETS, WITH_OUTCOME, OUTCOME_SHARE, LOWER, UPPER, ADJUSTED_P_VALUE)
    shown = (RATE, RESOLVED_TICKETS, WITH_OUTCOME, OUTCOME_SHARE, LOWER, UPPER, ADJUSTED_P_VALUE, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a rate and group: resolved tickets that count, how many, and their share with 95% CI.

        By group, p-values are of the test over customers that rates are equal, Holm-adjusted for the rates.
        """
        if self.by:
            return self.table.rename(columns={GROUP: self.by})
        return self.table.drop(columns=[GROUP, ADJUSTED_P_VALUE])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rates with their 95% CI."""
        rates = self.table.assign(**{RATE: self.table[RATE].map(RATE.write)})
        label, group = (GROUP, RATE) if self.by else (RATE, "")
        return charts.forest(rates, estimate=OUTCOME_SHARE, label=label, group=group, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.by:
            return say("How many settled requests come back, by {by}?", by=facts.Attribute(self.by))
        return say("How many settled requests come back, and how many took one reply?")

    def headline(self) -> Sentence:
        """Both rates of all tickets, or the one that differs by group beyond chance, with its two ends."""
        known = self.table.dropna(subset=OUTCOME_SHARE)
        counted = say("Settled requests that were recorded {days} ago or before.", days=facts.Days(self.mature_days))
        if known.empty:
            return say("No settled request tells whether it came back.").resting_on(counted)
        if self.by:
            first, *others = self._by_group(known)
            return first.resting_on(*others, counted)
        rates = known.set_index(RATE)
        return _rates_told(rates[OUTCOME_SHARE]).resting_on(
            *(_counts_told(row) for _, row in known.iterrows()), counted
        )

    def _by_group(self, known: pd.DataFrame) -> list[Sentence]:
        """A sentence on each rate, one that differs first."""
        by, told = facts.Attribute(self.by), []
        for rate, rows in known.groupby(RATE, sort=False):
            beyond = rows[ADJUSTED_P_VALUE].iloc[0] < SIGNIFICANCE
            rows = rows.sort_values(OUTCOME_SHARE, kind="stable")
            told.append((not beyond, _ends_told(str(rate), by, rows) if beyond else _alike_told(str(rate), by)))
        return [sentence for _, sentence in sorted(told, key=lambda each: each[0])]


@analysis
def reopens(data: Dataset, by: str = "", mature_days: int = 30) -> Reopens | NotApplicable:
    """Shares of resolved tickets that were opened again, and that took one reply and never came back.

    Resolved is a ticket with a time of resolution, or opened again, which it was resolved before. Tickets recorded less
    than `mature_days` days before the end of `as_of` are left out: they have had no time to come back. A rate counts
    the tickets that tell it (`reopened`; for one touch `replies`, and `reopened` where any ticket tells it); one that
    none tells is absent. Intervals, and the test that all groups of 20 customers or more are alike, take customers for
    independent, not their tickets (see `clustered_shares`, `alike_groups`). `by` is a column of tickets (category,
    channel, workgroup, priority); small groups are folded. Raises ValueError for another, and unless `mature_days` is
    from 0 to 3660.
    """
    parameters.between("mature_days", mature_days, 0, parameters.LONGEST_WINDOW_DAYS)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    known = recorded(tickets, ("reopened", "replies"))
    if not known:
        return NotApplicable(say("no ticket of this data set says how often it was answered or opened again."))
    if by and isinstance(lacking := chosen_group(tickets, by), NotApplicable):
        return lacking
    resolved = tickets.filter(tickets.closed_at.notnull() | (tickets.reopened > 0))
    resolved = old_enough(resolved, data.as_of, mature_days)
    if resolved.customer_id.nunique().execute() < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers have a resolved ticket of {days} ago.",
            least=facts.Count(SMALLEST_GROUP),
            days=facts.Days(mature_days),
        )
        return NotApplicable(few)
    rows, names = grouped(resolved, by)
    counts = rows.group_by(GROUP, CUSTOMER_ID).agg(**_counts(rows, known)).execute()
    return Reopens(_rates(counts, names), by, mature_days)


def _counts(rows: ir.Table, known: list[str]) -> dict[str, ir.Value]:
    """Of each rate the tickets that tell it, and those that have it."""
    again, first = rows.reopened > 0, rows.replies == 1
    flags = {REOPENED: again} if "reopened" in known else {}
    if "replies" in known:
        flags[ONE_TOUCH] = first & ~again if "reopened" in known else first
    return {f"{rate}_resolved": flag.count() for rate, flag in flags.items()} | {
        f"{rate}_count": flag.ifelse(1, 0).sum().fill_null(0) for rate, flag in flags.items()
    }


def _rates(counts: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """One row a rate and group, with tests that the groups of a rate are alike; `counts` is by group and customer."""
    known = [rate for rate in (REOPENED, ONE_TOUCH) if f"{rate}_count" in counts]
    found = [_rate(counts[counts[f"{rate}_resolved"] > 0], rate, names) for rate in known]
    tests = adjust([p_value for _, p_value in found], "holm")
    return pd.concat([table.assign(**{ADJUSTED_P_VALUE: p}) for (table, _), p in zip(found, tests, strict=True)],
                     ignore_index=True)  # fmt: skip


def _rate(told: pd.DataFrame, rate: str, names: list[str]) -> tuple[pd.DataFrame, float]:
    """A rate of each group, and the p-value that it is one; `told` are customers with tickets that tell it."""
    having, of = told[f"{rate}_count"], told[f"{rate}_resolved"]
    shares = clustered_shares(told[GROUP], having, of).reindex(names)
    shares = shares.rename(columns={"n": RESOLVED_TICKETS, "count": WITH_OUTCOME, "share": OUTCOME_SHARE})
    shares = shares.rename_axis(GROUP).reset_index().assign(**{RATE: rate})
    shares = shares.fillna({RESOLVED_TICKETS: 0, WITH_OUTCOME: 0}).astype({RESOLVED_TICKETS: int, WITH_OUTCOME: int})
    columns = [GROUP, RATE, RESOLVED_TICKETS, WITH_OUTCOME, OUTCOME_SHARE, LOWER, UPPER]
    return shares[columns], alike_groups(told[GROUP], told[CUSTOMER_ID], having, of)


def _rates_told(rates: pd.Series) -> Sentence:
    """The rates of all tickets, by their codes."""
    known = {str(rate): facts.Share(share) for rate, share in rates.items()}
    if len(known) == 2:
        return say(
            "{once} of settled requests took one reply; {again} came back.",
            once=known[ONE_TOUCH],
            again=known[REOPENED],
        )
    if REOPENED in known:
        return say("{again} of settled requests came back.", again=known[REOPENED])
    return say("{once} of settled requests took one reply.", once=known[ONE_TOUCH])


def _counts_told(row: pd.Series) -> Sentence:
    return say(
        "“{outcome}”: {count} of {resolved} ({interval}).",
        outcome=facts.Word(row[RATE], RATE),
        count=facts.Count(row[WITH_OUTCOME]),
        resolved=facts.Count(row[RESOLVED_TICKETS]),
        interval=facts.limits(row),
    )


def _ends_told(rate: str, by: facts.Attribute, rows: pd.DataFrame) -> Sentence:
    """The two ends of a rate that differs by group."""
    low, high = (row for _, row in rows.iloc[[0, -1]].iterrows())
    known = {
        "by": by,
        "high": facts.Name(high[GROUP]),
        "most": facts.Share(high[OUTCOME_SHARE]),
        "low": facts.Name(low[GROUP]),
        "least": facts.Share(low[OUTCOME_SHARE]),
    }
    if rate == REOPENED:
        told = say("{by}: requests of “{high}” come back most often ({most}), of “{low}” least ({least}).", **known)
    else:
        told = say(
            "{by}: requests of “{high}” most often take one reply ({most}), of “{low}” least ({least}).", **known
        )
    p = facts.PValue(rows[ADJUSTED_P_VALUE].iloc[0])
    clear = say(
        "{highest} and {lowest}; beyond chance ({p}).", highest=facts.limits(high), lowest=facts.limits(low), p=p
    )
    return told.resting_on(clear)


def _alike_told(rate: str, by: facts.Attribute) -> Sentence:
    if rate == REOPENED:
        return say("{by}: no evidence that requests of one group come back more often.", by=by)
    return say("{by}: no evidence that requests of one group more often take one reply.", by=by)
