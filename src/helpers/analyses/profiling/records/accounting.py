"""What became of every row read, and what the data set's policies did to them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.vocabulary import (
    GUESTS,
    LATER,
    MERGED,
    OF_TABLES,
    PLACE,
    QUARANTINED,
    QUARANTINED_SHARE,
    READ,
    ROWS_CONCERNED,
    ROWS_SET_ASIDE,
    RULE_MEANING,
    RULE_OR_POLICY,
    UNEXPLAINED,
    USED,
)
from helpers.data.datasets import Dataset
from helpers.findings import DeclaredTable, Finding, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ACCOUNTING, RULE, TABLE

OUTCOMES = (USED, MERGED, QUARANTINED, GUESTS, LATER)  # a row read meets exactly one of them
SELDOM = (MERGED, GUESTS, LATER)  # told where there are
UNUSED = (QUARANTINED, GUESTS)  # a merged row is used, as part of another
ALL_TABLES = "all"  # the table of a policy that concerns every one
EMPTIED = "emptied"  # the outcome of rows that are used without the value at fault
# By outcome what is done with the rows that break the contract; of policies it is subject_policy.
DONE = {QUARANTINED: "broken", GUESTS: "guest", EMPTIED: EMPTIED}
SAME_ROW = "row repeats"  # begins the rule on rows of which every column is equal
POLICY_RULES = {  # how the rule of each policy's rows begins in the accounting
    "cancellations": "cancelled (policy",
    "refunds": "refunded (policy",
    "negatives": "negative (policy",
    "duplicates": SAME_ROW,
}


@dataclass(frozen=True)
class AccountingLines(DeclaredTable):
    """What became of every row read: how many rows had each outcome, by table and rule."""

    table: pd.DataFrame
    columns = ACCOUNTING


@dataclass(frozen=True)
class RowAccounting(Finding):
    """Rows read = rows used + merged + quarantined + without a customer + later than the day, table by table."""

    table: pd.DataFrame
    in_files: int = 0  # rows of all files, each counted once however many tables are made of it
    money: float = 0.0  # of the orders that are not used
    currency: str = ""
    columns = (TABLE, READ, *OUTCOMES, UNEXPLAINED)

    @property
    def balances(self) -> bool:
        """Whether every row read has exactly one outcome, in every table."""
        return bool((self.table[UNEXPLAINED] == 0).all())

    def summary(self) -> pd.DataFrame:
        """One line a table; what is seldom, or unexplained, has a column where there is any."""
        return self.table.drop(columns=[name for name in (*SELDOM, UNEXPLAINED) if not self.table[name].any()])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each table's rows that was set aside."""
        read = self.table[READ]
        shares = (self.table[QUARANTINED] / read).where(read > 0, 0.0)
        return charts.bars(
            self.table.assign(**{QUARANTINED_SHARE: shares}), value=QUARANTINED_SHARE, label=TABLE, ax=ax
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share of each table's rows was set aside?")

    def headline(self) -> Sentence:
        """How many of the rows read are not used, with their money; or the tables in which rows do not add up."""
        if not self.balances:
            return self._unbalanced()
        total = self.table[[READ, *OUTCOMES]].sum()
        if 0 < self.in_files < total[READ]:
            return say(
                "Every row is accounted for: {tables} tables were made of {rows} rows in the files.",
                tables=facts.Count(len(self.table)),
                rows=facts.Count(self.in_files),
            )
        unused, read = facts.Count(total[list(UNUSED)].sum()), facts.Count(total[READ])
        if not unused.value:
            told = say("Every row is accounted for: of {read} rows read none was set aside.", read=read)
        elif self.money:
            money = facts.Money(self.money, self.currency)
            told = say(
                "Every row is accounted for: {unused} of {read} are not used, with {money} of orders.",
                unused=unused,
                read=read,
                money=money,
            )
        else:
            told = say("Every row is accounted for: {unused} of {read} are not used.", unused=unused, read=read)
        return told.resting_on(*self._outcomes(total))

    def _outcomes(self, total: pd.Series) -> list[Sentence | None]:
        """How many rows had each outcome but use, where any had."""
        merged, aside, guests, later = (facts.Count(total[name]) for name in (MERGED, QUARANTINED, GUESTS, LATER))
        return [
            say("{rows} merged with a row of the same key.", rows=merged) if merged.value else None,
            say("{rows} set aside with a reason.", rows=aside) if aside.value else None,
            say("{rows} without a customer.", rows=guests) if guests.value else None,
            say("{rows} later than the report's day.", rows=later) if later.value else None,
            say("Checked in each of {tables} tables.", tables=facts.Count(len(self.table))),
        ]

    def _unbalanced(self) -> Sentence:
        wrong = self.table[self.table[UNEXPLAINED] != 0]
        return say(
            "Rows do not add up in {tables}: those read are not those of all outcomes together.",
            tables=facts.Listed(tuple(map(places.table_of, wrong[TABLE]))),
        ).resting_on(
            *(
                say(
                    "{table}: {rows} too many or too few.",
                    table=places.table_of(line.table),
                    rows=facts.Count(abs(line.unexplained)),
                )
                for line in wrong.itertuples()
            )
        )


@dataclass(frozen=True)
class Rules(Finding):
    """What the policies on cancellations, refunds, negatives and repeats, and the rules of the contract, did to rows.

    One line a policy, then one a rule that any row breaks: the rows that it concerns, and those for which it was the
    first one broken.
    """

    table: pd.DataFrame
    columns = (RULE_OR_POLICY, OF_TABLES, ROWS_CONCERNED, ROWS_SET_ASIDE, RULE_MEANING)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rows that each policy or rule concerns."""
        named = self.table[RULE].map(RULE_OR_POLICY.write)
        whose = self.table[TABLE].map(OF_TABLES.write) + " · "
        named = whose.where(self.table[TABLE] != ALL_TABLES, "") + named
        return charts.bars(self.table.assign(**{PLACE: named}), value=ROWS_CONCERNED, label=PLACE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many rows does each rule concern?")

    def headline(self) -> Sentence:
        """The rule that set most rows aside; the policies in words below."""
        policies = self.table[~self.table[RULE_MEANING].isin(DONE.values())]
        words = [
            say("{policy}: {rows} rows.", policy=facts.Word(code, RULE_MEANING), rows=facts.Count(rows))
            for code, rows in zip(policies[RULE_MEANING], policies[ROWS_CONCERNED], strict=True)
        ]
        faults = self.table[self.table[RULE_MEANING] != DONE[GUESTS]]
        most = faults.loc[faults[ROWS_SET_ASIDE].idxmax()]
        if not most[ROWS_SET_ASIDE]:
            return say("No rule set a row aside.").resting_on(*words)
        return say(
            "The most frequent reason to set rows aside: {rule} ({rows} in {table}).",
            rule=facts.Word(most[RULE], RULE_OR_POLICY),
            rows=facts.Count(most[ROWS_SET_ASIDE]),
            table=facts.Listed(tuple(map(places.table_of, most[TABLE].split(", ")))),
        ).resting_on(*words)


def accounting_lines(data: Dataset) -> AccountingLines:
    """The data set's accounting as it is saved."""
    return AccountingLines(data.accounting)


def repeats(data: Dataset) -> pd.DataFrame:
    """The lines of the accounting on rows that repeat others, but for those that the settings merge on purpose."""
    rows, asked = data.accounting, [name for name, feed in data.settings.feeds.items() if feed.merge]
    on_purpose = (rows["outcome"] == MERGED) & rows["table"].isin(asked)
    return rows[rows["rule"].str.contains("repeats") & ~on_purpose]


def row_accounting(data: Dataset) -> RowAccounting:
    """What became of every row read of `data`, with the identity checked for each table rather than assumed."""
    rows = data.accounting
    wide = rows.pivot_table(index="table", columns="outcome", values="rows", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=[READ, *OUTCOMES]).fillna(0).astype("int64")
    identity = wide.rename_axis(columns=None).reset_index()
    identity[UNEXPLAINED] = identity[READ] - identity[list(OUTCOMES)].sum(axis="columns")
    in_files = int(data.files.groupby("file")["rows"].max().sum()) if len(data.files) else 0
    unused = rows[(rows["table"] == "orders") & rows["outcome"].isin(UNUSED)]
    return RowAccounting(identity, in_files, float(unused["money"].sum()), data.settings.currency)


def rules(data: Dataset) -> Rules:
    """The policies of `data`, the rules that its rows break, the rows that each concerns and those that it set aside.

    Of dropped rows all in the raw files are counted, also those set aside for another reason first; rows that stay
    are counted as far as they are known by `as_of`.
    """
    accounting = data.accounting
    by_policy = {subject: accounting["rule"].str.startswith(rule) for subject, rule in POLICY_RULES.items()}
    lines = [_policy(data, subject, accounting[where]) for subject, where in by_policy.items()]
    of_policies = pd.concat(list(by_policy.values()), axis="columns").any(axis="columns")
    broken = accounting[accounting["outcome"].isin(DONE) & ~of_policies]
    lines += [
        (line.rule, line.table, line.rows_meeting, line.rows if line.outcome != EMPTIED else 0, DONE[line.outcome])
        for line in broken.itertuples()
    ]
    return Rules(pd.DataFrame(lines, columns=list(Rules.columns)))


def _policy(data: Dataset, subject: str, accounted: pd.DataFrame) -> tuple[str, str, int, int, str]:
    """The line of the policy on a subject, of which the accounting has the rows `accounted`."""
    policy = getattr(data.settings.policy, subject)
    concerned, table = int(accounted["rows_meeting"].sum()), ALL_TABLES
    if subject != "duplicates":
        dropped = ", ".join(accounted["table"].unique()) if policy == "drop" else ""
        concerned, table = concerned if policy == "drop" else _marked_orders(data, subject), dropped or "orders"
    return f"{subject}: {policy}", table, concerned, int(accounted["rows"].sum()), f"{subject}_{policy}"


def _marked_orders(data: Dataset, subject: str) -> int:
    """Orders that are cancelled, that have a refund, or that are below zero."""
    if "orders" not in data.tables:
        return 0
    orders = data.tables["orders"]
    marked = {"cancellations": orders.cancelled, "refunds": orders.refund > 0, "negatives": orders.amount < 0}
    return int(orders.filter(marked[subject]).count().execute())
