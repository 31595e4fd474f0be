"""What became of every row read, and what the data set's policies did to them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.reports import charts, formats

OUTCOMES = ("used", "merged", "quarantined")  # a row read meets exactly one of them
SAME_ROW = "row repeats"  # begins the rule on rows of which every column is equal

MEANINGS = {
    ("cancellations", "net"): "a cancelled order is money given back, not an order",
    ("cancellations", "drop"): "cancelled rows are set aside",
    ("cancellations", "keep"): "cancelled orders count like any other",
    ("refunds", "net"): "refunds are taken off the money",
    ("refunds", "drop"): "orders with a refund are set aside",
    ("refunds", "keep"): "refunds are counted but not taken off",
    ("duplicates", "keep"): "rows equal in every column are all used",
    ("duplicates", "drop"): "of rows equal in every column the first is used",
}


@dataclass(frozen=True)
class RowAccounting:
    """Rows read = rows used + rows merged + rows quarantined by reason, table by table."""

    lines: pd.DataFrame     # table, outcome, rule, rows, share, all_rows_that_break_the_rule
    identity: pd.DataFrame  # table, read, used, merged, quarantined, unexplained

    @property
    def balances(self) -> bool:
        """Whether every row read has exactly one outcome, in every table."""
        return bool((self.identity["unexplained"] == 0).all())

    def summary(self) -> pd.DataFrame:
        """One line an outcome; a row that breaks several rules is counted in `rows` for the first of them only."""
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each table's rows that met each outcome."""
        tidy = self.identity.melt("table", list(OUTCOMES), "outcome", "rows")
        read = self.identity.set_index("table")["read"].reindex(tidy["table"]).to_numpy()
        tidy = tidy.assign(rows_share=(tidy["rows"] / read).fillna(0.0))
        return charts.stacked_bars(tidy, value="rows_share", label="table", part="outcome", ax=ax)

    def headline(self) -> str:
        """How the rows read add up, or the tables in which they do not."""
        if not self.balances:
            wrong = self.identity[self.identity["unexplained"] != 0]
            named = ", ".join(f"{line.table} ({line.unexplained:+,})" for line in wrong.itertuples())
            return f"The rows do not add up: read minus used, merged and quarantined is not zero in {named}."
        total = self.identity[["read", *OUTCOMES]].sum()
        parts = [f"{total[name]:,} {name}" for name in OUTCOMES if total[name] or name != "merged"]
        return (
            f"Every row is accounted for: {total['read']:,} rows read = {' + '.join(parts)}, "
            f"checked in each of {len(self.identity)} table{'s' * (len(self.identity) != 1)}."
        )


@dataclass(frozen=True)
class Policies:
    """The data set's policies on cancellations, refunds and duplicates, and the rows that each concerns."""

    lines: pd.DataFrame  # subject, policy, meaning, rows, rows_set_aside

    def summary(self) -> pd.DataFrame:
        """One line a policy."""
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rows that each policy concerns."""
        return charts.bars(self.lines, value="rows", label="subject", ax=ax)

    def headline(self) -> str:
        """The three policies in a sentence."""
        said = [f"{line.subject}: {line.policy} ({formats.number(line.rows)} rows)" for line in self.lines.itertuples()]
        return f"Policies: {'; '.join(said)}."


def row_accounting(data: Dataset) -> RowAccounting:
    """What became of every row read, with the identity checked for each table rather than assumed."""
    rows = data.accounting
    wide = rows.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=["read", *OUTCOMES]).fillna(0).astype("int64")
    identity = wide.rename_axis(columns=None).reset_index()
    identity["unexplained"] = identity["read"] - identity[list(OUTCOMES)].sum(axis="columns")
    read = rows["table"].map(identity.set_index("table")["read"])
    lines = rows[["table", "outcome", "rule", "rows"]].assign(
        share=rows["rows"] / read.where(read > 0),
        all_rows_that_break_the_rule=rows["rows_meeting"].where(rows["rule"] != "").astype("Int64"),
    )
    return RowAccounting(lines, identity)


def policies(data: Dataset) -> Policies:
    """The policies in force, the rows that each concerns, and how many of them were set aside.

    Of dropped rows all in the raw files are counted, also those set aside for another reason first; rows that stay
    are counted as far as they are known by `as_of`.
    """
    subjects = {
        "cancellations": (data.accounting["rule"].str.startswith("cancelled (policy"), "cancelled"),
        "refunds": (data.accounting["rule"].str.startswith("refunded (policy"), "refund"),
        "duplicates": (data.accounting["rule"].str.startswith(SAME_ROW), ""),
    }
    lines = []
    for subject, (accounted, column) in subjects.items():
        policy, found = data.settings.policy[subject], data.accounting[accounted]
        concerned = int(found["rows_meeting"].sum())
        if column and policy != "drop":
            concerned = _marked_orders(data, column)
        lines.append((subject, policy, MEANINGS[subject, policy], concerned, int(found["rows"].sum())))
    return Policies(pd.DataFrame(lines, columns=["subject", "policy", "meaning", "rows", "rows_set_aside"]))


def _marked_orders(data: Dataset, column: str) -> int:
    """Orders that are cancelled, or that have a refund."""
    if "orders" not in data.tables:
        return 0
    orders = data.tables["orders"]
    marked = orders.cancelled if column == "cancelled" else orders.refund > 0
    return int(orders.filter(marked).count().execute())
