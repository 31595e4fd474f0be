"""How far to trust the profile: what was checked, and how much failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.accounting import repeats, row_accounting
from helpers.analyses.profiling.records.references import keys
from helpers.analyses.profiling.records.timeliness import freshness, rows_over_time
from helpers.analyses.profiling.records.vocabulary import (
    CHECK,
    FAILING,
    FAILING_SHARE,
    HOLDS,
    LATER,
    MOST_IN,
    QUARANTINED,
    READ,
    ROWS_LEFT_OUT,
    ROWS_WITH_KEY,
    UNEXPLAINED,
    USED,
    WITHOUT_MATCH,
)
from helpers.data.datasets import Dataset
from helpers.data.inspection.keys import moneyless
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import OF, TABLE


class Check(StrEnum):
    """What is checked, in the order in which it is told."""

    ACCOUNTED = "accounted"
    CONTRACT = "contract"
    REPEATS = "repeats"
    KNOWN = "known"
    CURRENT = "current"
    KEYS = "keys"
    MONTHS = "months"
    DAYS = "days"
    SHARED = "shared"
    MONEY = "money"


@dataclass(frozen=True)
class Checks(Finding):
    """Each check of the data with the number of cases that fail it, of how many."""

    table: pd.DataFrame
    columns = (CHECK, FAILING, OF, FAILING_SHARE, MOST_IN, HOLDS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of cases that fail each check."""
        named = self.table.assign(check=self.table[CHECK].map(CHECK.write))
        return charts.bars(named, value=FAILING_SHARE, label=CHECK, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How often does each check of the data fail?")

    def headline(self) -> Sentence:
        """How many checks hold, and which fails most; the others below."""
        failed, checked = self.table[~self.table[HOLDS]], facts.Count(len(self.table))
        if failed.empty:
            return say("All {checks} checks of the data hold.", checks=checked)
        worst = failed.loc[failed[FAILING_SHARE].idxmax()]
        return say(
            "{held} of {checks} checks of the data hold; “{check}” fails most, for {share}.",
            held=facts.Count(len(self.table) - len(failed)),
            checks=checked,
            check=facts.Word(worst[CHECK], CHECK),
            share=facts.Share(worst[FAILING_SHARE]),
        ).resting_on(
            *(
                say(
                    "“{check}” fails for {failing} of {of}.",
                    check=facts.Word(line.check, CHECK),
                    failing=facts.Count(line.failing),
                    of=facts.Count(line.of),
                )
                for line in failed.itertuples()
            )
        )


@analysis
def checks(data: Dataset) -> Checks:
    """The checks that apply to `data`: of its rows, how far its tables reach, its keys and money, holes in time."""
    accounting = row_accounting(data)
    identity = accounting.table.set_index(TABLE)
    again = repeats(data).groupby("table")["rows_meeting"].sum()
    left_out = freshness(data).table.set_index(TABLE)[ROWS_LEFT_OUT]
    read = accounting.in_files or identity[READ].sum()  # once, however many tables are made of a file
    lines = [
        _line(Check.ACCOUNTED, identity[UNEXPLAINED].abs(), read),
        _line(Check.CONTRACT, identity[QUARANTINED], read),
        _line(Check.REPEATS, again, read),
        _line(Check.KNOWN, left_out, identity[USED].sum() + identity[LATER].sum()),
    ]
    if data.spans:
        stopped = {name: int(span.has_stopped(data.as_of)) for name, span in data.spans.items()}
        lines.append(_line(Check.CURRENT, pd.Series(stopped), len(stopped)))
    if numbered := [name for name in ("orders", "tickets") if name in data.tables]:
        shared = data.keys[data.keys["found"].isin(["customers", "days"])].groupby("table")["keys"].sum()
        lines.append(_line(Check.SHARED, shared, sum(_rows(data, name) for name in numbered)))
    if "orders" in data.tables:
        lines.append(_line(Check.MONEY, pd.Series({"orders": moneyless(data)}), _rows(data, "orders")))
    joined, over_time = keys(data), rows_over_time(data)
    if not isinstance(joined, NotApplicable):
        lost = joined.table.set_index(TABLE)[WITHOUT_MATCH]
        lines.append(_line(Check.KEYS, lost, joined.table[ROWS_WITH_KEY].sum()))
    if not isinstance(over_time, NotApplicable):
        holes = over_time.gaps.groupby(TABLE).size()
        lines.append(_line(Check(f"{over_time.unit}s"), holes, len(over_time.table)))
    return Checks(pd.DataFrame(lines, columns=list(Checks.columns)))


def _rows(data: Dataset, table: str) -> int:
    return int(data.tables[table].count().execute())


def _line(check: Check, failing: pd.Series, of: int) -> tuple[Check, int, int, float, str | None, bool]:
    """A check's failures by table, summed, and the table that has most of them."""
    total = int(failing.sum())
    most_in = str(failing.astype("int64").idxmax()) if total else None
    return check, total, int(of), total / of if of else 0.0, most_in, total == 0
