"""What became of every row read, and what the data set's policies did to them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.findings import charts

OUTCOMES = ("used", "merged", "quarantined")  # a row read meets exactly one of them
ALL_TABLES, BROKEN = "all", "such rows are set aside"
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
    """Rows read = rows used + rows merged + rows quarantined, table by table."""

    identity: pd.DataFrame  # table, read, used, merged, quarantined, unexplained

    @property
    def balances(self) -> bool:
        """Whether every row read has exactly one outcome, in every table."""
        return bool((self.identity["unexplained"] == 0).all())

    def summary(self) -> pd.DataFrame:
        """One line a table; rows that are unexplained have a column where there are any."""
        return self.identity.drop(columns="unexplained") if self.balances else self.identity

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each table's rows that was set aside."""
        read = self.identity["read"]
        aside = self.identity.assign(quarantined_share=(self.identity["quarantined"] / read).where(read > 0, 0.0))
        return charts.bars(aside, value="quarantined_share", label="table", ax=ax)

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
class Rules:
    """What the policies on cancellations, refunds and repeats, and the rules of the contract, did to rows."""

    lines: pd.DataFrame  # rule, table, rows, rows_set_aside, meaning

    def summary(self) -> pd.DataFrame:
        """One line a policy, then one a rule that any row breaks.

        `rows` counts all rows that the rule concerns, `rows_set_aside` those for which it was the first one broken.
        """
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rows that each policy or rule concerns."""
        where = self.lines["table"].where(self.lines["table"] != ALL_TABLES, "")
        named = (where + " " + self.lines["rule"]).str.strip()
        return charts.bars(self.lines.assign(rule=named), value="rows", label="rule", ax=ax)

    def headline(self) -> str:
        """The policies in words, and the rule that set most rows aside."""
        policies = self.lines[self.lines["meaning"] != BROKEN]
        said = "; ".join(f"{line.meaning} ({line.rows:,})" for line in policies.itertuples())
        most = self.lines.loc[self.lines["rows_set_aside"].idxmax()]
        if not most["rows_set_aside"]:
            return f"No rule set a row aside. Policies: {said}."
        return (
            f"Most rows were set aside for: {most['rule']}, in {most['table']} ({most['rows_set_aside']:,}). "
            f"Policies: {said}."
        )


def row_accounting(data: Dataset) -> RowAccounting:
    """What became of every row read, with the identity checked for each table rather than assumed."""
    rows = data.accounting
    wide = rows.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=["read", *OUTCOMES]).fillna(0).astype("int64")
    identity = wide.rename_axis(columns=None).reset_index()
    identity["unexplained"] = identity["read"] - identity[list(OUTCOMES)].sum(axis="columns")
    return RowAccounting(identity)


def rules(data: Dataset) -> Rules:
    """The policies in force, the rules that rows break, the rows that each concerns and those that it set aside.

    Of dropped rows all in the raw files are counted, also those set aside for another reason first; rows that stay
    are counted as far as they are known by `as_of`.
    """
    accounting = data.accounting
    subjects = {
        "cancellations": (accounting["rule"].str.startswith("cancelled (policy"), "cancelled"),
        "refunds": (accounting["rule"].str.startswith("refunded (policy"), "refund"),
        "duplicates": (accounting["rule"].str.startswith(SAME_ROW), ""),
    }
    lines = []
    for subject, (accounted, column) in subjects.items():
        policy, found = data.settings.policy[subject], accounting[accounted]
        concerned = int(found["rows_meeting"].sum())
        if column and policy != "drop":
            concerned = _marked_orders(data, column)
        dropped = ", ".join(found["table"].unique()) if policy == "drop" else ""
        where = (dropped or "orders") if column else ALL_TABLES
        lines.append((f"{subject}: {policy}", where, concerned, int(found["rows"].sum()), MEANINGS[subject, policy]))
    told = pd.concat([accounted for accounted, _ in subjects.values()], axis="columns").any(axis="columns")
    broken = accounting[(accounting["outcome"] == "quarantined") & ~told]
    lines += [(line.rule, line.table, line.rows_meeting, line.rows, BROKEN) for line in broken.itertuples()]
    return Rules(pd.DataFrame(lines, columns=["rule", "table", "rows", "rows_set_aside", "meaning"]))


def _marked_orders(data: Dataset, column: str) -> int:
    """Orders that are cancelled, or that have a refund."""
    if "orders" not in data.tables:
        return 0
    orders = data.tables["orders"]
    marked = orders.cancelled if column == "cancelled" else orders.refund > 0
    return int(orders.filter(marked).count().execute())
