"""How far labels would shift if their cuts were taken anew from whoever is in the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import FEWEST_BUYERS
from helpers.analyses.segmentation.keeping.labels import SegmentPlan
from helpers.analyses.segmentation.scoring.rfm import fitted_cuts, named, scored
from helpers.analyses.segmentation.scoring.rules import SEGMENTS, SEGMENTS_WITHOUT_MONEY
from helpers.analyses.segmentation.scoring.source import values
from helpers.analyses.segmentation.standing.value_tiers import spent_within, tier_cuts, tier_labels
from helpers.analyses.segmentation.vocabulary import CHANGED_LABEL, CHANGED_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import TAILS
from helpers.findings.vocabulary import LOWER, SEGMENT, UPPER

RESAMPLES = 50


@dataclass(frozen=True)
class Steadiness(Finding):
    """How many buyers' labels hang on who happened to be in the data when cuts were taken from quantiles."""

    table: pd.DataFrame  # a row a label; the limits are those of 95% of the resamples
    resamples: int
    columns = (CHANGED_LABEL, CHANGED_SHARE, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean share of buyers whose label changes, with the middle 95% of resamples."""
        drawn = self.table.assign(**{CHANGED_LABEL: self.table[CHANGED_LABEL].map(CHANGED_LABEL.write)})
        return charts.forest(drawn, estimate=CHANGED_SHARE, label=CHANGED_LABEL, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many labels would change if the cuts were taken anew?")

    def headline(self) -> Sentence:
        """What new quantiles would do to the segments, though no customer did anything."""
        if not self.table[CHANGED_SHARE].any():
            return say("No label depends on chance: with these cuts, resampling the customers changes none.")
        row = self.table.set_index(CHANGED_LABEL).loc[SEGMENT]
        return say(
            "New cuts would move {share} of the buyers to another segment, though nobody bought anything.",
            share=facts.Share(row["changed_share"]),
        ).resting_on(
            say(
                "{interval} in 95% of {resamples} resamples.",
                interval=facts.Range(facts.Share(row["lower"]), facts.Share(row["upper"])),
                resamples=facts.Count(self.resamples),
            ),
            say("That is why the cuts of the first report are kept."),
        )


@analysis
def steadiness(data: Dataset, plan: SegmentPlan = SegmentPlan()) -> Steadiness | NotApplicable:
    """Share of buyers whose scores, segment and tier differ when cuts come from a bootstrap sample of the buyers.

    `plan` says how labels are made, and its seed draws the samples, from the buyers in order of their values, so that
    no id counts. Cuts that it gives do not move. Means and 2.5% and 97.5% quantiles over 50 resamples (Efron 1979).
    """
    known = values(data, plan.over)
    if isinstance(known, NotApplicable):
        return known
    spent = spent_within(data, plan.tiers.months) if plan.over.plain_orders else pd.Series(dtype=float)
    if spent.gt(0).sum() >= FEWEST_BUYERS:
        known = known.join(spent)
    known, rng = known.sort_values([*known]), np.random.default_rng(plan.seed)
    usual = _codes(known, known, plan)
    samples = (known.iloc[rng.integers(len(known), size=len(known))] for _ in range(RESAMPLES))
    changed = pd.DataFrame([(_codes(known, sample, plan) != usual).mean() for sample in samples])
    lower, upper = (changed.quantile(tail) for tail in TAILS)
    table = pd.DataFrame(
        {
            CHANGED_LABEL: [str(name) for name in changed.columns],
            CHANGED_SHARE: changed.mean().to_numpy(),
            LOWER: lower.to_numpy(),
            UPPER: upper.to_numpy(),
        }
    )
    return Steadiness(table, RESAMPLES)


def _codes(known: pd.DataFrame, sample: pd.DataFrame, plan: SegmentPlan) -> pd.DataFrame:
    """Scores, segment and, of buyers, tier of the customers `known` by cuts from a `sample`, as numbers."""
    cuts = fitted_cuts(sample, plan.bins, plan.cuts.rfm)
    given = scored(known, cuts)
    usual = SEGMENTS if "monetary" in known else SEGMENTS_WITHOUT_MONEY
    codes = given.assign(segment=named(given, cuts, plan.rules or usual).cat.codes)
    if "spent" not in known:
        return codes
    tiering = plan.tiers.frozen(plan.cuts.tier)
    tiers = tier_labels(known["spent"], tiering.names, tier_cuts(sample["spent"], tiering))
    return codes.assign(tier=tiers.cat.codes)
