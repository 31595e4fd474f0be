"""Which attributes go with leaving earlier or later, and which differences are chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.drivers.vocabulary import ATTRIBUTE, CHI_SQUARED_PER_DF, DF, GROUPS, STATISTIC
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.leaving.descriptions import AS_OF_EXPORT
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE
from helpers.findings.folding import compared_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, P_VALUE
from helpers.statistics import survival
from helpers.statistics.inference import adjust

MOST_NAMED = 4  # in words


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
        drawn = self.to_show().assign(chi_squared_per_df=self.table[STATISTIC] / self.table[DF])
        return charts.bars(drawn, value=CHI_SQUARED_PER_DF, label=ATTRIBUTE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which attributes go with leaving, each by itself?")

    def headline(self) -> Sentence:
        """How many attributes' groups leave at different rates beyond chance, and which most clearly."""
        beyond = self.table.loc[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE, ATTRIBUTE].tolist()
        tested = facts.Count(len(self.table))
        if not beyond:
            told = say("No evidence that any attribute goes with leaving sooner or later.").resting_on(
                say("Attributes tested: {tested}.", tested=tested)
            )
        else:
            told = say(
                "{beyond} of {tested} attributes go with leaving sooner or later, most clearly “{first}”.",
                beyond=facts.Count(len(beyond)),
                tested=tested,
                first=facts.Attribute(beyond[0]),
            ).resting_on(say("Beyond chance: {names}.", names=listed(beyond)), ASSOCIATION)
        return told.resting_on(
            say(
                "Left out as leakage, since it may have been written after the fact: {names}.",
                names=listed(self.leaking),
            )
            if self.leaking
            else None,
            say("Left out, as they are known as of the export alone: {names}.", names=listed(self.exported))
            if self.exported
            else None,
        )


def listed(names: Sequence[object], most: int = MOST_NAMED) -> facts.Listed:
    """The first `most` of `names`, attributes where they are text, and how many more there are."""
    shown = [facts.Attribute(name) if isinstance(name, str) else name for name in names[:most]]
    more = len(names) - len(shown)
    return facts.Listed((*shown, say("{more} more", more=facts.Count(more))) if more else tuple(shown))


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
        return NotApplicable(say("no column divides customers into groups of whom some leave while others stay."))
    table = pd.DataFrame(rows, columns=["attribute", "groups", "statistic", "df", "p_value"])
    table = table.assign(adjusted_p_value=adjust(table["p_value"], "holm"))
    table = table.sort_values(["p_value", "statistic"], ascending=[True, False], ignore_index=True)
    leaking = tuple(name for name in stays.attributes if name not in usable)
    return AttributeTests(table, leaking, tuple(name for name, why in stays.left_out.items() if why == AS_OF_EXPORT))
