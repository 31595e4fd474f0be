"""What became of the rows of each table, and of the money on those that were set aside."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from helpers.data.datasets import Dataset

MUCH = 0.01  # of a table's rows, or of its money, set aside


@dataclass(frozen=True)
class Loss:
    """The rows of one table by what became of them; the money on them where the table has any, elsewhere None."""

    table: str
    read: int
    used: int
    aside: dict[str, int]  # rule → rows
    merged: dict[str, int]  # rows that repeat a key, of which the first stands for all
    repeated: int  # rows that equal another, and count
    guests: int = 0  # rows whole but for their customer
    later: int = 0  # rows later than the report's day
    emptied: dict[str, int] = field(default_factory=dict)  # rule → rows that stay without the value it is about
    money_used: float | None = None
    money_aside: float | None = None
    money_guests: float | None = None

    @property
    def share(self) -> float:
        """Rows set aside, of those read."""
        return sum(self.aside.values()) / self.read if self.read else 0.0

    @property
    def money_share(self) -> float:
        """Money on rows set aside, of all money."""
        used, aside = abs(self.money_used or 0.0), abs(self.money_aside or 0.0)
        return aside / (used + aside) if used + aside else 0.0

    def is_aside_for(self, column: str) -> bool:
        """Whether rows are set aside as a value of a column cannot be read."""
        return any(rule.startswith(f"{column} is not a ") for rule in self.aside)

    @property
    def is_much(self) -> bool:
        """Whether more is set aside than a reader would pass over."""
        return max(self.share, self.money_share) > MUCH


def losses(data: Dataset) -> dict[str, Loss]:
    """The accounting of each table, by its name."""
    found = {}
    for table, lines in data.accounting.groupby("table", sort=False):
        by_outcome = {
            outcome: dict(zip(rows["rule"], rows["rows"], strict=True)) for outcome, rows in lines.groupby("outcome")
        }
        kept = lines[lines["outcome"] == "kept"]
        found[str(table)] = Loss(
            str(table),
            int(sum(by_outcome.get("read", {}).values())),
            int(sum(by_outcome.get("used", {}).values())),
            {rule: int(rows) for rule, rows in by_outcome.get("quarantined", {}).items()},
            {rule: int(rows) for rule, rows in by_outcome.get("merged", {}).items()},
            int(kept["rows_meeting"].sum()),
            int(sum(by_outcome.get("guest", {}).values())),
            int(sum(by_outcome.get("later", {}).values())),
            {rule: int(rows) for rule, rows in by_outcome.get("emptied", {}).items()},
            *(_money(lines, outcome) for outcome in ("used", "quarantined", "guest")),
        )
    return found


def _money(lines: pd.DataFrame, outcome: str) -> float | None:
    """The money of a table's rows with an outcome; None where the table has none."""
    if lines["money"].isna().all():
        return None
    return float(lines.loc[lines["outcome"] == outcome, "money"].sum())
