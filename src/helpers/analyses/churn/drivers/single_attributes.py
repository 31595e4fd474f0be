"""Which attributes go with leaving earlier or later, and which differences are chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.leaving.descriptions import AS_OF_EXPORT
from helpers.analyses.churn.vocabulary import ATTRIBUTE, CHI_SQUARED_PER_DF, DF, GROUPS, STATISTIC
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import compared_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, P_VALUE
from helpers.statistics import survival
from helpers.statistics.inference import adjust


@dataclass(frozen=True)
class AttributeTests(Finding):
    """A log-rank test of every attribute, corrected for their number; the strongest evidence first."""

    table: pd.DataFrame
    leaking: tuple[str, ...] = ()  # left out, as they may repeat the length of the stay
    exported: tuple[str, ...] = ()  # left out, as they are known as of the export alone
    columns = (ATTRIBUTE, GROUPS, STATISTIC, DF, P_VALUE, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row an attribute, named as readers see it."""
        named = self.table.assign(attribute=self.table[ATTRIBUTE].map(formats.label))
        return named[[ATTRIBUTE, GROUPS, ADJUSTED_P_VALUE]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Evidence per degree of freedom: 1 is what chance alone gives."""
        drawn = self.summary().assign(chi_squared_per_df=self.table[STATISTIC] / self.table[DF])
        return charts.bars(drawn, value=CHI_SQUARED_PER_DF, label=ATTRIBUTE, ax=ax)

    def headline(self) -> str:
        """The attributes whose groups leave at different rates beyond chance."""
        beyond = self.summary().loc[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE, ATTRIBUTE].tolist()
        left_out = _left_out("leakage, since it may have been written after the fact", self.leaking)
        left_out += _left_out("known as of the export alone", self.exported)
        if not beyond:
            return f"No evidence that any of {len(self.table)} attributes goes with leaving earlier or later.{left_out}"
        named = ", ".join(beyond[:4]) + (f" and {len(beyond) - 4} more" if len(beyond) > 4 else "")
        return (
            f"Attributes that go with leaving earlier or later beyond chance: {len(beyond)} of {len(self.table)} "
            f"({named}).{left_out}"
        )


def _left_out(why: str, names: tuple[str, ...]) -> str:
    """A sentence on what was left out, after a space; empty for nothing."""
    return f" Left out as {why}: {', '.join(map(formats.label, names))}." if names else ""


@if_applicable
@lru_cache(maxsize=2)  # models of many attributes ask it too
def attribute_tests(stays: Stays) -> AttributeTests | NotApplicable:
    """Log-rank tests, Holm-adjusted, of all attributes of `stays` but suspects of leakage; numbers by quarter."""
    rows = []
    usable = unsuspected(stays)
    for name in usable:
        groups = compared_groups(stays.table[name]).dropna()
        kept = stays.table.loc[groups.index]
        if groups.nunique() < 2 or not kept["left"].any():
            continue
        whose = {"entry": kept["entry_days"], "cluster": kept["customer_id"]}
        test = survival.log_rank(kept["duration_days"], kept["left"], groups, **whose)
        if test.df:
            rows.append((name, groups.nunique(), test.statistic, test.df, test.p_value))
    if not rows:
        return NotApplicable("no column divides customers into groups of whom some leave while others stay.")
    table = pd.DataFrame(rows, columns=["attribute", "groups", "statistic", "df", "p_value"])
    table = table.assign(adjusted_p_value=adjust(table["p_value"], "holm"))
    table = table.sort_values(["p_value", "statistic"], ascending=[True, False], ignore_index=True)
    leaking = tuple(name for name in stays.attributes if name not in usable)
    return AttributeTests(table, leaking, tuple(name for name, why in stays.left_out.items() if why == AS_OF_EXPORT))
