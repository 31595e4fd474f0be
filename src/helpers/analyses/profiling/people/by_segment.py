"""In what each segment differs from all customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.profiling.people.groups import LAST, fields, grouped
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP, folded_groups
from helpers.statistics.inference import adjust

TRAITS_SHOWN = 3  # of one segment
SURE = 0.05
SEGMENTS_SAID = 4


@dataclass(frozen=True)
class SegmentPortraits:
    """The values of each field by segment, beside their share of all customers."""

    groups: pd.DataFrame  # segment, aspect, field, value, customers, share, overall_share, adjusted_p_value
    sizes: pd.Series  # customers by segment

    @property
    def traits(self) -> pd.DataFrame:
        """The values that are more frequent in a segment than in all others beyond chance, the largest excess first."""
        named = self.groups[~self.groups["value"].isin(LAST)]
        more = named.assign(excess=named["share"] - named["overall_share"])
        more = more[(more["excess"] > 0) & (more["adjusted_p_value"] < SURE)]
        return more.sort_values("excess", ascending=False, kind="stable")

    def summary(self) -> pd.DataFrame:
        """One line a segment and a trait, the three of each segment that set it apart most; largest segments first."""
        first = self.traits.groupby("segment", sort=False).head(TRAITS_SHOWN)
        order = {segment: place for place, segment in enumerate(self.sizes.index)}
        lines = first.assign(place=first["segment"].map(order)).sort_values("place", kind="stable")
        shown = ["segment", "field", "value", "customers", "share", "overall_share", "adjusted_p_value"]
        return lines[shown].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of the traits in every segment; the customers of each segment where none has any."""
        traits = self.summary()[["field", "value"]].drop_duplicates()
        if traits.empty:
            sizes = self.sizes.rename("customers").rename_axis("segment").reset_index()
            return charts.bars(sizes, value="customers", label="segment", ax=ax)
        shown = traits.merge(self.groups, on=["field", "value"])
        shown = shown.assign(trait=shown["field"] + ": " + shown["value"])
        return charts.heat_map(shown, row="trait", column="segment", value="share", ax=ax)

    def headline(self) -> str:
        """What sets the largest segments apart."""
        first = self.summary().drop_duplicates("segment").head(SEGMENTS_SAID)
        if first.empty:
            return f"The {len(self.sizes)} segments do not differ beyond chance in any field that describes customers."
        said = [
            f"{line.segment}: {line.value} ({line.field.lower()}, {formats.percent(line.share)} against "
            f"{formats.percent(line.overall_share)} of all)"
            for line in first.itertuples()
        ]
        return f"What sets segments apart most: {'; '.join(said)}."


def segment_portraits(data: Dataset, segments: pd.Series) -> SegmentPortraits | NotApplicable:
    """Each field of the portrait by segment; `segments` holds each customer's segment by customer_id.

    A share is tested against that of all customers outside the segment (pooled z, Holm over all values shown).
    Segments of fewer than five customers are one; values of fewer than five within a segment are folded. Segments that
    were made from a field differ in it by construction.
    """
    of_customer = folded_groups(data.customers["customer_id"].map(segments)).astype(object)
    sizes = of_customer.value_counts()
    sizes = sizes[sizes >= SMALLEST_GROUP]
    described = fields(data)
    if len(sizes) < 2 or not described:
        return NotApplicable("fewer than two segments of at least five customers that anything describes.")
    parts = []
    for field in described:
        overall = field.values.map(formats.text, na_action="ignore").astype(object).value_counts()
        for segment in sizes.index:
            found = grouped(field.values[of_customer == segment])
            found = found.assign(segment=segment, aspect=field.aspect, field=formats.label(field.name))
            parts.append(found.assign(total=found["value"].map(overall).astype("float64")))
    groups, everyone = pd.concat(parts, ignore_index=True), len(of_customer)
    groups["overall_share"] = groups["total"] / everyone
    groups["adjusted_p_value"] = adjust(_p_values(groups, sizes, everyone), "holm")
    order = ["segment", "aspect", "field", "value", "customers", "share", "overall_share", "adjusted_p_value"]
    return SegmentPortraits(groups[order], sizes)


def _p_values(groups: pd.DataFrame, sizes: pd.Series, everyone: int) -> np.ndarray:
    """Two-sided p of a value's share in a segment against that of everyone outside; NaN for folded values."""
    inside = groups["segment"].map(sizes).to_numpy(float)
    outside, total = everyone - inside, groups["total"].to_numpy(float)
    pooled = total / everyone
    difference = groups["customers"] / inside - (total - groups["customers"]) / outside
    with np.errstate(divide="ignore", invalid="ignore"):
        z = difference / np.sqrt(pooled * (1 - pooled) * (1 / inside + 1 / outside))
    return 2 * norm.sf(np.abs(z))
