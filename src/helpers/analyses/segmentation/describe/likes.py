"""What sets the customers of a segment apart: which traits are more common in it than among all customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2_contingency

from helpers.analyses.segmentation.describe.traits import EARNED, OTHERS, traits
from helpers.analyses.segmentation.groups import Groups, pair_sums
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

SURE = 0.05


@dataclass(frozen=True)
class Preferences:
    """How common each value of each trait is within a segment, beside how common it is among all customers."""

    kind: str
    cells: pd.DataFrame  # trait, value, <kind>, customers, share, overall_share, lift, lower, upper; small ones blank
    tests: pd.DataFrame  # trait, known_customers, cramers_v, p_value, adjusted_p_value

    def summary(self) -> pd.DataFrame:
        """One row a trait, the one that differs most first: where it is most over-represented, its lift with 95%
        limits, Cramér's V (0: the same in all segments, 1: determined by them) and the Holm-adjusted p-value."""
        shown = self.cells.dropna(subset="lift")
        best = shown.loc[shown.groupby("trait", sort=False)["lower"].idxmax()]
        columns = ["trait", self.kind, "value", "share", "lift", "lower", "upper"]
        table = best[columns].merge(self.tests[["trait", "cramers_v", "adjusted_p_value"]])
        table = table.sort_values("cramers_v", ascending=False, kind="stable").reset_index(drop=True)
        return table.assign(trait=table["trait"].map(formats.label))

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the lifts of the trait that differs most: segments down, its values across."""
        trait = self.tests.loc[self.tests["cramers_v"].idxmax(), "trait"]
        cells = self.cells[self.cells["trait"] == trait]
        cells = cells.rename(columns={"value": trait}).astype({trait: str})
        return charts.heat_map(cells, row=self.kind, column=trait, value="lift", ax=ax)

    def headline(self) -> str:
        """The trait by which segments differ most beyond chance, and its most over-represented value."""
        sure = self.tests[self.tests["adjusted_p_value"] < SURE]
        if sure.empty:
            return f"No evidence that the {self.kind}s differ in any of {len(self.tests)} traits."
        first = sure.loc[sure["cramers_v"].idxmax(), "trait"]
        row = self.summary().set_index("trait").loc[formats.label(first)]
        said = (
            f"By {len(sure)} of {len(self.tests)} traits the {self.kind}s differ beyond chance, most by "
            f"{formats.label(first).lower()} (Cramér's V {formats.number(row['cramers_v'])})"
        )
        if not row["lower"] > 1:
            return f"{said}; no value of it stands out in any one {self.kind}."
        return (
            f"{said}: “{row['value']}” is {formats.number(row['lift'])} times as common in “{row[self.kind]}” as "
            f"among all customers (95% CI {formats.interval(row['lower'], row['upper'])})."
        )

    def likes(self, name: str, chosen: Sequence[str], most: int = 2) -> list[str]:
        """The values of the `chosen` traits that are over-represented in one segment, the surest first.

        Only of traits by which the segments differ beyond chance, and values whose limits lie above 1.
        """
        sure = self.tests.loc[self.tests["adjusted_p_value"] < SURE, "trait"]
        rows = self.cells[self.cells["trait"].isin(set(sure) & set(chosen)) & (self.cells[self.kind] == name)]
        rows = rows[(rows["lower"] > 1) & (rows["value"] != OTHERS)]
        rows = rows.sort_values("lower", ascending=False, kind="stable").head(most)
        return [f"{row.value} ×{formats.number(row.lift)}" for row in rows.itertuples()]


def preferences(
    data: Dataset, by: Groups | NotApplicable, known: pd.DataFrame | None = None
) -> Preferences | NotApplicable:
    """The share of every trait's values within each group of `by`, and its lift over all customers.

    `known` are the `traits`, asked for unless given; how much and how often customers buy, and the level that this
    earns, are left out, for they make segments. Shares are of the customers of whom the trait is known. Limits of a
    lift are Wilson's limits of the share over the overall share, which is taken as exact; tests are chi-squared,
    Holm-adjusted for the number of traits.
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
        return NotApplicable(f"no column tells the customers of one {by.kind} from those of another.")
    cells = pd.concat([_cells(name, table) for name, table in tables.items()], ignore_index=True)
    tests = pd.DataFrame([_test(name, table) for name, table in tables.items()])
    tests["adjusted_p_value"] = adjust(tests["p_value"], method="holm")
    return Preferences(by.kind, cells, tests)


def _cells(trait: str, table: pd.DataFrame) -> pd.DataFrame:
    cells = table.rename_axis(columns="value").stack().rename("customers").reset_index()
    of = cells.groupby(table.index.name, sort=False)["customers"].transform("sum")
    overall = cells["value"].map(table.sum() / table.to_numpy().sum()).astype(float)
    share, limits = cells["customers"] / of, wilson_interval(cells["customers"], of)
    cells = cells.assign(
        trait=trait,
        share=share,
        overall_share=overall,
        lift=share / overall,
        lower=limits[0] / overall,
        upper=limits[1] / overall,
    )
    small = cells["customers"] < SMALLEST_GROUP
    measures = ["customers", "share", "lift", "lower", "upper"]
    cells = cells.assign(**{name: cells[name].astype(float).mask(small) for name in measures})
    return cells[["trait", "value", table.index.name, "customers", "share", "overall_share", *measures[2:]]]


def _test(trait: str, table: pd.DataFrame) -> dict[str, float | str]:
    """Pearson's test that the trait is the same in all groups, and Cramér's V (1946)."""
    counts = table.to_numpy()
    found = chi2_contingency(counts, correction=False)
    total = int(counts.sum())
    strength = float(np.sqrt(found.statistic / (total * (min(counts.shape) - 1))))
    return {"trait": trait, "known_customers": total, "cramers_v": strength, "p_value": float(found.pvalue)}
