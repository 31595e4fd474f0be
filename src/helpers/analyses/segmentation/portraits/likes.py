"""What sets the customers of a segment apart: which traits are more common in it than among all customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.segmentation.crossings import pair_sums
from helpers.analyses.segmentation.groups import KIND_COLUMNS, Groups
from helpers.analyses.segmentation.portraits.traits import EARNED, traits
from helpers.analyses.segmentation.vocabulary import (
    CRAMERS_V,
    KIND,
    KNOWN_CUSTOMERS,
    LIFT,
    TRAIT,
    TRAIT_VALUE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import OTHERS, SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, OVERALL_SHARE, P_VALUE, SHARE, UPPER
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

SMALL = 0.2  # of Cramér's V
MOST_LIKED = 2  # values named of a segment


@dataclass(frozen=True)
class Preferences(Finding):
    """How common each value of each trait is within a segment, beside how common it is among all customers."""

    table: pd.DataFrame  # a row a value of a trait and group
    kind: str
    tests: pd.DataFrame  # trait, known_customers, cramers_v, p_value, adjusted_p_value
    columns = (
        TRAIT, TRAIT_VALUE, *KIND_COLUMNS, CUSTOMERS.but(adds_up=[[TRAIT, *KIND_COLUMNS], [TRAIT, TRAIT_VALUE]]),
        SHARE.but(tells=CUSTOMERS), OVERALL_SHARE, LIFT, LOWER, UPPER,
    )  # fmt: skip
    shown = (TRAIT, *KIND_COLUMNS, TRAIT_VALUE, SHARE, LIFT, LOWER, UPPER, CRAMERS_V, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a trait, the one that differs most first: where it is most over-represented, its lift with 95%
        limits, Cramér's V (0: the same in all segments, 1: determined by them) and the Holm-adjusted p-value."""
        known = self.readable.dropna(subset=LIFT)
        named = known[known[TRAIT_VALUE] != OTHERS]  # what the others are nobody knows
        known = pd.concat([named, known[~known[TRAIT].isin(named[TRAIT])]])
        best = known.loc[known.groupby(TRAIT, sort=False)[LOWER].idxmax()]
        columns = [TRAIT, self.kind, TRAIT_VALUE, SHARE, LIFT, LOWER, UPPER]
        table = best[columns].merge(self.tests[[TRAIT, CRAMERS_V, ADJUSTED_P_VALUE]])
        table = table.sort_values(CRAMERS_V, ascending=False, kind="stable").reset_index(drop=True)
        return table.assign(**{TRAIT: table[TRAIT].map(formats.label)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the lifts of the trait that differs most: segments down, its values across."""
        trait = self.tests.loc[self.tests["cramers_v"].idxmax(), "trait"]
        cells = self.table[self.table[TRAIT] == trait]
        cells = cells.rename(columns={TRAIT_VALUE: trait}).astype({trait: str})
        return charts.heat_map(cells, row=self.kind, column=trait, value=LIFT, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        trait = self.tests.loc[self.tests["cramers_v"].idxmax(), "trait"]
        return say(
            "How many times as common is each “{trait}”, by {kind}?",
            trait=facts.Attribute(trait),
            kind=facts.Word(self.kind, KIND),
        )

    def headline(self) -> Sentence:
        """By how many traits segments differ, most by which; its most over-represented value below."""
        sure, kind = self.tests[self.tests["adjusted_p_value"] < SIGNIFICANCE], facts.Word(self.kind, KIND)
        traits = facts.Count(len(self.tests))
        if sure.empty:
            return say("No evidence that the {kind}s differ in any of {traits} traits.", kind=kind, traits=traits)
        first = sure.loc[sure["cramers_v"].idxmax(), "trait"]
        row = self.summary().set_index("trait").loc[formats.label(first)]
        known = {"kind": kind, "differing": facts.Count(len(sure)), "traits": traits, "first": facts.Attribute(first)}
        if row["cramers_v"] < SMALL:
            told = say(
                "The {kind}s differ in {differing} of {traits} traits, most in “{first}”; the differences are small.",
                **known,
            )
        else:
            told = say("The {kind}s differ in {differing} of {traits} traits, most in “{first}”.", **known)
        strength = say("Strength of association {strength} (Cramér's V).", strength=facts.Number(row["cramers_v"]))
        if not row["lower"] > 1:
            return told.resting_on(strength, say("No value of it stands out in any one {kind}.", kind=kind))
        return told.resting_on(
            strength,
            say(
                "“{value}” is {times} times as common in “{group}” as among all customers (95% interval {interval}).",
                value=facts.Name(row[TRAIT_VALUE]),
                times=facts.Number(row[LIFT]),
                group=facts.Name(row[self.kind]),
                interval=facts.Range(facts.Number(row[LOWER]), facts.Number(row[UPPER])),
            ),
        )

    def likes(self, name: str, chosen: Sequence[str]) -> list[str]:
        """The two values of the `chosen` traits that are most surely over-represented in one segment, the surest first.

        Only of traits by which the segments differ beyond chance, and values whose limits lie above 1.
        """
        sure = self.tests.loc[self.tests["adjusted_p_value"] < SIGNIFICANCE, "trait"]
        rows = self.readable[self.table["trait"].isin(set(sure) & set(chosen)) & (self.table[self.kind] == name)]
        rows = rows[(rows["lower"] > 1) & (rows[TRAIT_VALUE] != OTHERS)]
        rows = rows.sort_values("lower", ascending=False, kind="stable").head(MOST_LIKED)
        return [f"{row.trait_value} ×{formats.number(row.lift)}" for row in rows.itertuples()]


@analysis
def preferences(
    data: Dataset, by: Groups | NotApplicable, known: pd.DataFrame | None = None
) -> Preferences | NotApplicable:
    """The share of every trait's values within each group of `by`, and its lift over all customers.

    `by` groups the customers of `data`; `known` are their `traits`, asked for unless given. How much and how often
    customers buy, and the level that this earns, are left out, for they make segments. Shares are of the customers of
    whom the trait is known. Limits of a lift are Wilson's limits of the share over the overall share, which is taken
    as exact; tests are chi-squared, Holm-adjusted for the number of traits.
    """
    if isinstance(by, NotApplicable):
        return by
    known = traits(data) if known is None else known
    chosen = [name for name in known if name not in EARNED]
    tables = {name: pair_sums(by.labels, known[name].reindex(by.labels.index)) for name in chosen}
    tables = {name: table[table.sum(axis="columns") >= SMALLEST_GROUP] for name, table in tables.items()}
    tables = {name: table.loc[:, table.sum() > 0] for name, table in tables.items()}
    tables = {name: table for name, table in tables.items() if min(table.shape) > 1}
    if not tables:
        kind = facts.Word(by.kind, KIND)
        return NotApplicable(say("no column tells the customers of one {kind} from those of another.", kind=kind))
    cells = pd.concat([_cells(name, table) for name, table in tables.items()], ignore_index=True)
    tests = pd.DataFrame([_test(name, table) for name, table in tables.items()])
    tests[ADJUSTED_P_VALUE] = adjust(tests[P_VALUE], method="holm")
    return Preferences(cells, by.kind, tests)


def _cells(trait: str, table: pd.DataFrame) -> pd.DataFrame:
    cells = table.rename_axis(columns=TRAIT_VALUE).stack().rename(CUSTOMERS).reset_index()
    of = cells.groupby(table.index.name, sort=False)["customers"].transform("sum")
    overall = cells[TRAIT_VALUE].map(table.sum() / table.to_numpy().sum()).astype(float)
    share, limits = cells["customers"] / of, wilson_interval(cells["customers"], of)
    measures = {SHARE: share, LIFT: share / overall, LOWER: limits[0] / overall, UPPER: limits[1] / overall}
    cells = cells.assign(**{TRAIT: trait, OVERALL_SHARE: overall}, **measures)
    return cells[[TRAIT, TRAIT_VALUE, table.index.name, CUSTOMERS, SHARE, OVERALL_SHARE, LIFT, LOWER, UPPER]]


def _test(trait: str, table: pd.DataFrame) -> dict[str, float | str]:
    """Pearson's test that the trait is the same in all groups, and Cramér's V (1946)."""
    counts = table.to_numpy()
    pearson = chi2_contingency(counts, correction=False)
    total = int(counts.sum())
    strength = float(np.sqrt(pearson.statistic / (total * (min(counts.shape) - 1))))
    return {TRAIT: trait, KNOWN_CUSTOMERS: total, CRAMERS_V: strength, P_VALUE: float(pearson.pvalue)}
