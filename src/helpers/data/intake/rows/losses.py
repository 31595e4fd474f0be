"""How much of a table may be lost in reading before it is an error, for nothing is right of what is left then."""

from __future__ import annotations

import pandas as pd

from helpers import parameters
from helpers.data import contracts
from helpers.data.intake import files
from helpers.data.intake.rows import rules, strays
from helpers.data.intake.rows.rules import Numbered
from helpers.data.intake.wording.tables import Feed
from helpers.language import _

STOPPED = 0.2  # share of a table's rows
FEW = 3  # rows that may always be lost: of a table of five, one is a fifth
EXAMPLES = 3


def check(feed: Feed, accounting: pd.DataFrame, quarantine: pd.DataFrame, numbered: Numbered) -> None:
    """ValueError where all rows of a table are lost, or too many, or too much of its money, to one rule that the
    settings do not accept.
    """
    rows = accounting.groupby("outcome")["rows"].sum()
    read, left = rows["read"], rows["used"] + rows.get("merged", 0)
    lost = accounting[accounting["outcome"].isin(["quarantined", "guest"])]
    if read and not left and len(lost):
        raise ValueError(
            _(
                "{table}: none of its {read:,} rows can be used. {named} Correct the column, or what "
                "dataset.toml says of it."
            ).format(table=feed.table, read=read, named=_named(lost, quarantine))
        )
    _check_known(feed, numbered)
    accepted = {name for each in feed.each for name in each.accept_loss}
    chosen = {rule.name for rule in numbered.values() if rule.chosen} | accepted
    columns = contracts.TABLES[feed.table].columns
    told = {column.name for column in columns if column.money or column.name == "cancelled"}
    unread = {rule.name for rule in numbered.values() if rule.empties and rule.subject in told}
    counted = (accounting["outcome"] == "quarantined") | accounting["rule"].isin(unread)
    broken = accounting[counted & ~accounting["rule"].isin(chosen)]
    worst = broken[(broken["rows"] > STOPPED * read) & (broken["rows"] > FEW)]
    if len(worst):
        raise ValueError(
            _(
                "{table}: {rows:,} of its {read:,} rows would be lost, or what they tell. {named} Correct the column "
                'or what dataset.toml says of it, or write accept_loss = ["{rule}"] in [tables.{table}].'
            ).format(
                table=feed.table,
                rows=worst["rows"].max(),
                read=read,
                named=_named(worst, quarantine),
                rule=worst.nlargest(1, "rows")["rule"].iloc[0],
            )
        )


def _check_known(feed: Feed, numbered: Numbered) -> None:
    """ValueError for a rule that is accepted and that no row of the table can break."""
    known = [*(rule.name for rule in numbered.values()), *files.RULES, rules.EQUAL]
    for place, each in enumerate(feed.each, start=1):
        where = f"tables.{feed.table}" + (f"[{place}]" if place > 1 else "")
        for name in each.accept_loss:
            if name not in known and not strays.is_rule(name):
                told = _(
                    "{where}.accept_loss = {name!r}: {table} has no such rule. Copy its name from `kehu check`.{hint}"
                )
                hint = parameters.nearest(name, known)
                raise ValueError(told.format(where=where, name=name, table=feed.table, hint=hint))


def _named(lost: pd.DataFrame, quarantine: pd.DataFrame) -> str:
    """The rule to which most were lost, and three of the values."""
    rule = lost.nlargest(1, "rows")["rule"].iloc[0]
    values = quarantine.loc[quarantine["rule"] == rule, rules.VALUE].dropna().unique()[:EXAMPLES]
    told = ", ".join(repr(str(value)) for value in values if str(value))
    return _("Most of them: {rule}.").format(rule=f"{rule} ({told})" if told else rule)
