"""How often tickets are settled at the first touch, and how often they come back."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import (
    LONGEST_DAYS,
    NO_TICKETS,
    SURE,
    chosen_group,
    grouped,
    old_enough,
    recorded,
    share_words,
    tickets_of,
)
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.inference import adjust
from helpers.statistics.shares import equal_shares, wilson_interval

RATES = {"reopen_rate": "reopened", "one_touch_rate": "settled at the first touch"}


@dataclass(frozen=True)
class Reopens:
    """Reopen and one-touch rates of the tickets that were resolved at least once, for all and by group."""

    rates: pd.DataFrame  # group, rate (a name of RATES), resolved, count, share, lower, upper, adjusted_p_value
    by: str  # the column, or "" for all tickets together
    mature_days: int

    def summary(self) -> pd.DataFrame:
        """One row a rate and group: resolved tickets that count, how many, and their share with 95% CI.

        By group, p-values are χ² tests of equal rates, Holm-adjusted for the rates.
        """
        named = self.rates.assign(rate=self.rates["rate"].map(RATES))
        named = named if self.by else named.drop(columns=["group", "adjusted_p_value"])
        return named.rename(columns={"group": self.by, "rate": "outcome"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rates with their 95% CI."""
        shown = self.rates.assign(rate=self.rates["rate"].map(RATES))
        label, group = ("group", "rate") if self.by else ("rate", "")
        return charts.forest(shown, estimate="share", label=label, group=group, ax=ax)

    def headline(self) -> str:
        """Each rate of all tickets, or whether it differs by group beyond chance, with its two ends."""
        told = [_told(rows, RATES[rate], self.by) for rate, rows in self.rates.groupby("rate", sort=False)]
        return f"Of resolved tickets recorded at least {formats.days(self.mature_days)} ago, {'; '.join(told)}."


def reopens(data: Dataset, by: str = "", mature_days: int = 30) -> Reopens | NotApplicable:
    """Shares of resolved tickets that were opened again, and that took one reply and never came back.

    Resolved is a ticket with a time of resolution, or opened again, which it was resolved before. Tickets recorded less
    than `mature_days` days before the end of `as_of` are left out: they have had no time to come back. A rate counts
    the tickets that tell it (`reopened`; for one touch `replies`, and `reopened` where any ticket tells it); one that
    none tells is absent. Wilson's intervals, which take tickets for independent. Small groups are folded.
    """
    parameters.between("mature_days", mature_days, 0, LONGEST_DAYS)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    told = recorded(tickets, ("reopened", "replies"))
    if not told:
        return NotApplicable("no ticket of this data set says how often it was answered or opened again.")
    if by and isinstance(lacking := chosen_group(tickets, by), NotApplicable):
        return lacking
    resolved = tickets.filter(tickets.closed_at.notnull() | (tickets.reopened > 0))
    resolved = old_enough(resolved, data.as_of, mature_days)
    if resolved.customer_id.nunique().execute() < SMALLEST_GROUP:
        return NotApplicable(
            f"fewer than {SMALLEST_GROUP} customers have a resolved ticket of {formats.days(mature_days)} ago."
        )
    rows, names = grouped(resolved, by)
    wide = rows.group_by("group").agg(**_counts(rows, told)).execute().set_index("group").loc[names].reset_index()
    tables = [_rate(wide, rate) for rate in RATES if f"{rate}_count" in wide]
    tests = adjust([equal_shares(table["count"], table["resolved"]) for table in tables], "holm")
    tables = [table.assign(adjusted_p_value=p) for table, p in zip(tables, tests, strict=True)]
    return Reopens(pd.concat(tables, ignore_index=True), by, mature_days)


def _counts(rows: ir.Table, told: list[str]) -> dict[str, ir.Value]:
    """Of each rate the tickets that tell it, and those that have it."""
    again, first = rows.reopened > 0, rows.replies == 1
    flags = {"reopen_rate": again} if "reopened" in told else {}
    if "replies" in told:
        flags["one_touch_rate"] = first & ~again if "reopened" in told else first
    return {f"{rate}_resolved": flag.count() for rate, flag in flags.items()} | {
        f"{rate}_count": flag.cast("int64").sum().fill_null(0) for rate, flag in flags.items()
    }


def _rate(wide: pd.DataFrame, rate: str) -> pd.DataFrame:
    n, count = wide[f"{rate}_resolved"].astype(int), wide[f"{rate}_count"].astype(int)
    lower, upper = wilson_interval(count, n)
    table = pd.DataFrame({"group": wide["group"], "rate": rate, "resolved": n, "count": count})
    return table.assign(share=count / n.where(n > 0), lower=lower, upper=upper)


def _told(rows: pd.DataFrame, words: str, by: str) -> str:
    rows = rows.dropna(subset="share").sort_values("share", kind="stable")
    if rows.empty:
        return f"none tells whether it was {words}"
    if not by or len(rows) == 1:
        whom = f" of {by} {rows['group'].iloc[0]}" if by else ""
        return f"{share_words(rows.iloc[0], 'share')}{whom} were {words}"
    p = rows["adjusted_p_value"].iloc[0]
    if not p < SURE:
        return f"there is no evidence that the share {words} differs by {by}"
    low, high = (f"{share_words(row, 'share')} of {row['group']}" for _, row in rows.iloc[[0, -1]].iterrows())
    return f"the share {words} differs by {by} ({formats.p_value(p)}): {low}, {high}"
