"""How far to trust the profile: what was checked, and how much failed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.accounting import row_accounting
from helpers.analyses.profiling.records.freshness_and_keys import freshness, keys, rows_over_time
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts


@dataclass(frozen=True)
class Checks:
    """Each check of the data with the number of cases that fail it, of how many."""

    lines: pd.DataFrame  # check, failing, of, failing_share, most_in, holds

    def summary(self) -> pd.DataFrame:
        """One line a check."""
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of cases that fail each check."""
        return charts.bars(self.lines, value="failing_share", label="check", ax=ax)

    def headline(self) -> str:
        """How many checks hold, and how often the others fail."""
        failed = self.lines[~self.lines["holds"]]
        if failed.empty:
            return f"All {len(self.lines)} checks of the data hold."
        said = [f"“{line.check}” fails for {line.failing:,} of {line.of:,}" for line in failed.itertuples()]
        return f"{len(self.lines) - len(failed)} of {len(self.lines)} checks hold; {'; '.join(said)}."


def checks(data: Dataset) -> Checks:
    """The checks that apply to this data set: accounting, contract, repeats, rows left out, keys, holes in time."""
    books, fresh, joined, over_time = row_accounting(data), freshness(data), keys(data), rows_over_time(data)
    identity = books.identity.set_index("table")
    aside = data.accounting[~data.accounting["outcome"].isin(["read", "used", "merged"])]
    repeats = aside[aside["rule"].str.contains("repeats")].groupby("table")["rows_meeting"].sum()
    left_out, read = fresh.lines.set_index("table")["rows_left_out"], identity["read"].sum()
    lines = [
        _line("rows read are used, merged or quarantined", identity["unexplained"].abs(), read),
        _line("rows keep the contract", identity["quarantined"], read),
        _line("no row repeats another", repeats, read),
        _line("rows used are known by the report's day", left_out, identity["used"].sum()),
    ]
    if not isinstance(joined, NotApplicable):
        lost = joined.lines.set_index("table")["without_match"]
        lines.append(_line("keys find their match", lost, joined.lines["rows"].sum()))
    if not isinstance(over_time, NotApplicable):
        holes = over_time.gaps.groupby("table").size()
        lines.append(_line(f"no {over_time.unit} without rows", holes, len(over_time.counts)))
    return Checks(pd.DataFrame(lines, columns=["check", "failing", "of", "failing_share", "most_in", "holds"]))


def _line(check: str, failing: pd.Series, of: int) -> tuple[str, int, int, float, str, bool]:
    """A check's failures by table, summed, and the table that has most of them."""
    total = int(failing.sum())
    most_in = str(failing.astype("int64").idxmax()) if total else "–"
    return check, total, int(of), total / of if of else 0.0, most_in, total == 0
