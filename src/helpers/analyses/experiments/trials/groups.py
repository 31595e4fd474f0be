"""Experiments that assigned whole groups of customers, such as stores: what errors must know of each group."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.experiments.trials.moments import Cells


@dataclass(frozen=True)
class Groups:
    """The groups that were assigned in place of customers, who stay together in them.

    Customers whose group is not known are one more group of each arm, which counts in effects and not in sizes.
    """

    column: str
    label: str  # what one group is, in words: store
    cells: Cells  # of customers in one arm alone, by variant and group

    @property
    def sizes(self) -> pd.Series:
        """How many groups each arm has."""
        return self.cells.table.groupby("variant")[self.column].nunique()

    @property
    def split_share(self) -> float:
        """Share of the groups that have customers in two arms."""
        arms = self.cells.table.groupby(self.column)["variant"].nunique()
        return float((arms > 1).mean()) if len(arms) else 0.0

    def totals(self, arm: str, metric: str) -> pd.DataFrame:
        """One row a group of an arm: customers who count in the metric, and the metric's total over them.

        Of a ratio the sum of its denominator stands in the place of customers. Groups with none of them are left out.
        """
        sums = self._of(arm, metric)
        totals = pd.DataFrame({"customers": sums[1] if 1 in sums else sums["n"], "total": sums[0]}, dtype=float)
        return totals[totals["customers"] > 0].reset_index(drop=True)

    def counted(self, arm: str, metric: str) -> pd.DataFrame:
        """One row a group of an arm: its customers, and the total of those who count in the metric."""
        customers = self.cells.rows(("variant", self.column))
        customers = customers[customers.index.get_level_values("variant") == arm]
        counted = self._of(arm, metric)["n"].reindex(customers.index, fill_value=0)
        return pd.DataFrame({"customers": customers, "total": counted}, dtype=float).reset_index(drop=True)

    def _of(self, arm: str, metric: str) -> pd.DataFrame:
        sums = self.cells.totals(metric, ("variant", self.column))
        return sums[sums.index.get_level_values("variant") == arm]
