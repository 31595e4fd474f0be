"""What customers turn to the service for, and what they are asked about: themes by count."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN

MOST_THEMES = 15
SOURCES = {"tickets": "category", "surveys": "question"}


@dataclass(frozen=True)
class Needs:
    """Ticket categories and survey questions, with the records and the customers of each."""

    lines: pd.DataFrame  # source, theme, records, share, customers, customer_share, complaint_share, mean_score
    customers: int

    def summary(self) -> pd.DataFrame:
        """One line a theme; columns that no source fills are left out."""
        return self.lines.dropna(axis="columns", how="all")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by theme, with their share of all customers; one customer may have several themes."""
        named = self.lines.assign(theme=self.lines["source"] + ": " + self.lines["theme"])
        return charts.bars(named, value="customers", label="theme", share="customer_share", ax=ax)

    def headline(self) -> str:
        """The first theme of each source."""
        told = self.lines[self.lines["theme"] != SMALL_GROUPS]
        if told.empty:
            return f"No theme is shared by {SMALLEST_GROUP} customers, so none is shown."
        first = told.drop_duplicates("source")
        said = [
            f"{line.theme} ({formats.percent(line.share)} of {line.source}, {line.customers:,} customers)"
            for line in first.itertuples()
        ]
        return f"Of {self.customers:,} customers, most turn up under {' and '.join(said)}."


def needs(data: Dataset) -> Needs | NotApplicable:
    """Tickets by category and survey answers by question, with the customers of each and their share of all.

    Themes of fewer than five customers are one, left out where that is still fewer. `share` is of the records of the
    source. The words that customers wrote are not read here. Customers without a ticket may have needs too.
    """
    parts = [_themes(name, column, data.tables[name]) for name, column in SOURCES.items() if name in data.tables]
    parts = [part for part in parts if len(part)]
    if not parts or data.customers.empty:
        return NotApplicable("the data set has neither tickets nor surveys of named customers.")
    lines = pd.concat([part.dropna(axis="columns", how="all") for part in parts], ignore_index=True)
    lines = lines.assign(customer_share=lines["customers"] / len(data.customers))
    order = ["source", "theme", "records", "share", "customers", "customer_share", "complaint_share", "mean_score"]
    return Needs(lines.reindex(columns=order), len(data.customers))


def _themes(source: str, column: str, rows: ir.Table) -> pd.DataFrame:
    """One line a theme, the most records first, the small ones together."""
    named = rows.mutate(theme=rows[column].cast("string").fill_null(UNKNOWN))
    measured = (
        {"complaints": named.complaint.fill_null(False).ifelse(1, 0).sum()}
        if source == "tickets"
        else {"scores": named.score.sum()}
    )
    by_customer = named.group_by("theme", "customer_id").agg(records=named.count(), **measured)
    whole = by_customer.group_by("theme").agg(
        records=by_customer.records.sum(),
        customers=by_customer.customer_id.count(),
        **{name: by_customer[name].sum() for name in measured},
    )
    few = whole.customers < SMALLEST_GROUP
    rare = by_customer.semi_join(whole.filter(few), "theme")
    kept = whole.filter(~few).execute().sort_values(["records", "theme"], ascending=[False, True])
    rest = (
        rare.agg(
            records=rare.records.sum().fill_null(0),
            customers=rare.customer_id.nunique(),
            **{name: rare[name].sum() for name in measured},
        )
        .mutate(theme=ibis.literal(SMALL_GROUPS))
        .execute()
    )
    found = pd.concat([kept.head(MOST_THEMES), rest[rest["customers"] >= SMALLEST_GROUP]], ignore_index=True)
    total = int(kept["records"].sum() + rest["records"].iloc[0])
    said = (
        {"complaint_share": found["complaints"] / found["records"]}
        if source == "tickets"
        else {"mean_score": found["scores"] / found["records"]}
    )
    found = found.astype({"records": "int64", "customers": "int64"})
    return found[["theme", "records", "customers"]].assign(source=source, share=found["records"] / total, **said)
