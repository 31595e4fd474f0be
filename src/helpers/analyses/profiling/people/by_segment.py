"""In what each segment differs from all customers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.profiling.people.groups import LAST, fields, groups_of
from helpers.analyses.profiling.vocabulary import AMONG, ASPECT, BAND, FIELD, FIELD_VALUE, TRAIT
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP, folded_groups
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, OVERALL_SHARE, SEGMENT, SHARE
from helpers.statistics.inference import adjust


class Among(StrEnum):
    """Of whom a share is."""

    SEGMENT = "segment"
    ALL = "all"


TRAITS_SHOWN = 3  # of one segment
SEGMENTS_TOLD = 4  # in the headline


@dataclass(frozen=True)
class SegmentPortraits(Finding):
    """The values of each field by segment, beside their share of all customers."""

    table: pd.DataFrame
    sizes: pd.Series  # customers by segment, the largest first
    columns = (
        SEGMENT,
        ASPECT,
        FIELD,
        FIELD_VALUE,
        CUSTOMERS,
        SHARE.but(tells=CUSTOMERS),
        OVERALL_SHARE,
        ADJUSTED_P_VALUE,
    )
    shown = (SEGMENT, FIELD, FIELD_VALUE, CUSTOMERS, SHARE.but(tells=CUSTOMERS), OVERALL_SHARE, ADJUSTED_P_VALUE)

    @property
    def traits(self) -> pd.DataFrame:
        """The values that are more frequent in a segment than in all others beyond chance, the largest excess first."""
        excess = self.table[SHARE] - self.table[OVERALL_SHARE]
        sure = (excess > 0) & (self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE) & ~self.table[FIELD_VALUE].isin(LAST)
        return self.table.loc[excess[sure].sort_values(ascending=False, kind="stable").index]

    def summary(self) -> pd.DataFrame:
        """One row a segment and a trait, the three of each segment that set it apart most; largest segments first."""
        first = self._first()
        return first.assign(**{FIELD_VALUE: first[FIELD_VALUE].map(BAND.write)})

    def _first(self) -> pd.DataFrame:
        """The traits that a page shows, as the table holds them."""
        first = self.traits.groupby(SEGMENT, sort=False).head(TRAITS_SHOWN)
        places = {segment: place for place, segment in enumerate(self.sizes.index)}
        ordered = first.sort_values(SEGMENT, key=lambda segments: segments.map(places), kind="stable")
        return ordered[list(self.shown)].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The trait that sets each segment apart most, beside all customers; how large segments are without any."""
        traits = self.traits.groupby(SEGMENT, sort=False).head(1)
        if traits.empty:
            sizes = self.sizes.rename(CUSTOMERS).rename_axis(SEGMENT).reset_index()
            return charts.bars(sizes, value=CUSTOMERS, label=SEGMENT, ax=ax)
        parts = zip(
            traits[SEGMENT].map(SEGMENT.write), traits[FIELD].map(FIELD.write), traits[FIELD_VALUE].map(BAND.write),
            strict=True,
        )  # fmt: skip
        named = traits.assign(**{TRAIT: [f"{segment} · {field}: {value}" for segment, field, value in parts]})
        shares = named[[TRAIT, SHARE, OVERALL_SHARE]].rename(columns={SHARE: Among.SEGMENT, OVERALL_SHARE: Among.ALL})
        shares = shares.melt(TRAIT, list(Among), AMONG, SHARE)
        return charts.grouped_bars(shares, value=SHARE, label=TRAIT, group=AMONG, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.traits.empty:
            return say("How many customers does each segment have?")
        return say("In what does each segment differ from all customers?")

    def headline(self) -> Sentence:
        """What sets a segment apart most; of the other large segments below."""
        first = self._first().drop_duplicates(SEGMENT)
        if first.empty:
            segments = facts.Count(len(self.sizes))
            return say(
                "The {segments} segments do not differ beyond chance in any field that describes customers.",
                segments=segments,
            )
        most = (first[SHARE] - first[OVERALL_SHARE]).idxmax()
        others = first.drop(index=most).head(SEGMENTS_TOLD - 1)
        return _apart(first.loc[most]).resting_on(*(_apart(line) for _, line in others.iterrows()))


def _apart(line: pd.Series) -> Sentence:
    """What sets a segment apart, beside all customers."""
    return say(
        "“{segment}” stands out by {field} “{value}”: {share} against {overall} of all.",
        segment=facts.Name(line[SEGMENT]),
        field=facts.Attribute(line[FIELD]),
        value=facts.Word(line[FIELD_VALUE], BAND),
        share=facts.Share(line[SHARE]),
        overall=facts.Share(line[OVERALL_SHARE]),
    )


@analysis
def segment_portraits(data: Dataset, segments: pd.Series) -> SegmentPortraits | NotApplicable:
    """Each field of the portrait by segment; `segments` holds each customer's segment by customer_id.

    A share is tested against that of all customers outside the segment (pooled z, Holm over all values shown).
    Segments of too few customers are one; values of too few within a segment are folded. Segments that
    were made from a field differ in it by construction.
    """
    of_customer = folded_groups(data.customers["customer_id"].map(segments)).astype(object)
    sizes = of_customer.value_counts()
    sizes = sizes[sizes >= SMALLEST_GROUP]
    described = fields(data)
    if len(sizes) < 2 or not described:
        return NotApplicable(say("fewer than two segments of enough customers that anything describes."))
    parts = []
    for field in described:
        overall = formats.each(field.values).value_counts()
        for segment in sizes.index:
            groups = groups_of(field, among=of_customer == segment)
            total = groups[FIELD_VALUE].map(overall).astype("float64")
            parts.append(groups.assign(**{SEGMENT: segment, "total": total}))
    table, everyone = pd.concat(parts, ignore_index=True), len(of_customer)
    table[OVERALL_SHARE] = table["total"] / everyone
    table[ADJUSTED_P_VALUE] = adjust(_p_values(table, sizes, everyone), "holm")
    return SegmentPortraits(table[list(SegmentPortraits.columns)], sizes)


def _p_values(groups: pd.DataFrame, sizes: pd.Series, everyone: int) -> np.ndarray:
    """Two-sided p of a value's share in a segment against that of everyone outside; NaN for folded values."""
    inside = groups[SEGMENT].map(sizes).to_numpy(float)
    outside, total = everyone - inside, groups["total"].to_numpy(float)
    pooled = total / everyone
    difference = groups[CUSTOMERS] / inside - (total - groups[CUSTOMERS]) / outside
    with np.errstate(divide="ignore", invalid="ignore"):
        z = difference / np.sqrt(pooled * (1 - pooled) * (1 / inside + 1 / outside))
    return 2 * norm.sf(np.abs(z))
