"""What customers turn to the service for, and what they are asked about: themes by count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.vocabulary import COMPLAINT_SHARE, MEAN_SCORE, RECORDS, SOURCE, THEME
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN
from helpers.findings.vocabulary import CUSTOMER_SHARE, CUSTOMERS, SHARE

MOST_THEMES = 15


class Source(StrEnum):
    """The table that themes are from."""

    TICKETS = "tickets"
    SURVEYS = "surveys"


THEMES = {Source.TICKETS: "category", Source.SURVEYS: "question"}


@dataclass(frozen=True)
class Needs(Finding):
    """Ticket categories and survey questions, with the records and the customers of each."""

    table: pd.DataFrame
    customers: int
    columns = (SOURCE, THEME, RECORDS, SHARE.but(tells=RECORDS), CUSTOMERS, CUSTOMER_SHARE, COMPLAINT_SHARE, MEAN_SCORE)

    def summary(self) -> pd.DataFrame:
        """One row a theme; columns that no source fills are left out."""
        return self.table.dropna(axis="columns", how="all")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by theme, with their share of all customers; one customer may have several themes."""
        named = self.table.assign(
            **{THEME: self.table[SOURCE].map(SOURCE.write) + formats.colon() + self.table[THEME].map(THEME.write)}
        )
        return charts.bars(named, value=CUSTOMERS, label=THEME, share=CUSTOMER_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do customers turn to the service for?")

    def headline(self) -> Sentence:
        """The first theme of the first source; that of the other below."""
        named = self.table[self.table[THEME] != SMALL_GROUPS]
        if named.empty:
            return say("No theme is shared by {least} customers, so none is shown.", least=facts.Count(SMALLEST_GROUP))
        first, *others = map(_most, named.drop_duplicates(SOURCE).itertuples())
        return first.resting_on(*others, say("{customers} customers.", customers=facts.Count(self.customers)))


def _most(line: Any) -> Sentence:
    """The first theme of a source with its records and customers."""
    known = {
        "theme": facts.Name(line.theme), "share": facts.Share(line.share), "customers": facts.Count(line.customers),
    }  # fmt: skip
    if line.source == Source.TICKETS:
        return say(
            "Customers ask for help most about “{theme}”: {share} of the tickets, of {customers} customers.", **known
        )
    return say("Surveys ask most often about “{theme}”: {share} of the answers, of {customers} customers.", **known)


@analysis
def needs(data: Dataset) -> Needs | NotApplicable:
    """Tickets by category and survey answers by question, with the customers of each and their share of all.

    Themes of too few customers are one, left out where that is still fewer. `share` is of the records of the
    source. The words that customers wrote are not read here. Customers without a ticket may have needs too.
    """
    parts = [_themes(source, data.tables[source]) for source in Source if source in data.tables]
    parts = [part for part in parts if len(part)]
    if not parts or data.customers.empty:
        return NotApplicable(say("this data set has neither tickets nor surveys of named customers."))
    table = pd.concat([part.dropna(axis="columns", how="all") for part in parts], ignore_index=True)
    table = table.assign(**{CUSTOMER_SHARE: table[CUSTOMERS] / len(data.customers)})
    return Needs(table.reindex(columns=list(Needs.columns)), len(data.customers))


def _themes(source: Source, rows: ir.Table) -> pd.DataFrame:
    """One row a theme of a source, the most records first, the small ones together."""
    named = rows.mutate(theme=rows[THEMES[source]].cast("string").fill_null(UNKNOWN))
    measured = named.complaint.fill_null(False).ifelse(1, 0) if source is Source.TICKETS else named.score
    by_customer = named.group_by("theme", "customer_id").agg(records=named.count(), measured=engine.total(measured))
    whole = by_customer.group_by("theme").agg(
        records=by_customer.records.sum(),
        customers=by_customer.customer_id.count(),
        measured=engine.total(by_customer.measured),
    )
    few = whole.customers < SMALLEST_GROUP
    rare = by_customer.semi_join(whole.filter(few), "theme")
    large = whole.filter(~few).execute().sort_values(["records", "theme"], ascending=[False, True])
    small = rare.agg(
        theme=ibis.literal(SMALL_GROUPS),
        records=rare.records.sum().fill_null(0),
        customers=rare.customer_id.nunique(),
        measured=engine.total(rare.measured),
    ).execute()
    shown = pd.concat([large.head(MOST_THEMES), small[small["customers"] >= SMALLEST_GROUP]], ignore_index=True)
    total = int(large["records"].sum() + small["records"].iloc[0])
    mean = COMPLAINT_SHARE if source is Source.TICKETS else MEAN_SCORE
    return pd.DataFrame({
        SOURCE: str(source), THEME: shown["theme"], RECORDS: shown["records"].astype("int64"),
        SHARE: shown["records"] / total, CUSTOMERS: shown["customers"].astype("int64"),
        mean: shown["measured"] / shown["records"],
    })  # fmt: skip
