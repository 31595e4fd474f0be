"""Every label of every customer, as a plan asks for them: scores, segment, tier, stage and cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers import parameters
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import FEATURES, clusters
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.scoring.rfm import RfmCuts, RfmScores, scores, segments
from helpers.analyses.segmentation.scoring.rules import Rule, rules_from
from helpers.analyses.segmentation.scoring.source import VALUES, RfmSource, source_from
from helpers.analyses.segmentation.standing.gaps import Limits
from helpers.analyses.segmentation.standing.life_stages import Stages, stages
from helpers.analyses.segmentation.standing.value_tiers import TierPlan, tiers
from helpers.analyses.segmentation.standing.value_tiers import plan_from as tier_plan
from helpers.analyses.segmentation.vocabulary import CLUSTER, F_SCORE, M_SCORE, R_SCORE, STAGE, TIER
from helpers.data.datasets import Dataset
from helpers.findings import DeclaredTable, NotApplicable
from helpers.findings.privacy.members import Members
from helpers.findings.scopes import Scoped
from helpers.findings.vocabulary import CUSTOMER_ID, SEGMENT

WORDS = ("bins", "cuts", "rules", "rfm_over", "tiers", "stage_by", "features", "seed")
KINDS = ("segment", "tier", "stage", "cluster")


@dataclass(frozen=True)
class Cuts:
    """Where labels change, by value: what is given here is never taken from the data."""

    rfm: RfmCuts = RfmCuts()
    tier: tuple[float, ...] = ()  # money
    stage: Limits = ()  # days, for everybody or by group


@dataclass(frozen=True)
class SegmentPlan:
    """What labels are wanted: scales, rules, tiers, stages and features, and the cuts that somebody decided on."""

    bins: int = 5
    cuts: Cuts = Cuts()
    rules: Mapping[str, Rule] | None = None  # the usual ones where there are none
    over: RfmSource = RfmSource()
    tiers: TierPlan = TierPlan()
    stage_by: str = ""
    features: Sequence[str] | Mapping[str, str] = FEATURES
    seed: int = 1
    words: Mapping[str, Any] = field(default_factory=dict)  # the same as it was asked for, to tell two plans apart


@dataclass(frozen=True)
class CustomerLabels(Members, DeclaredTable):
    """Every customer's labels of one day, as later notebooks read them."""

    table: pd.DataFrame  # a row a customer; empty where there is no label of any kind
    columns = (CUSTOMER_ID, R_SCORE, F_SCORE, M_SCORE, SEGMENT, TIER, STAGE, CLUSTER)


@dataclass(frozen=True)
class Labels(Scoped):
    """Every customer's labels of one day; a kind that does not apply says why."""

    rfm: RfmScores | NotApplicable
    segments: Groups | NotApplicable
    tiers: Groups | NotApplicable
    stages: Stages | NotApplicable
    clusters: Groups | NotApplicable

    @property
    def groupings(self) -> dict[str, Groups | NotApplicable]:
        """The groupings by kind."""
        return dict(zip(KINDS, (self.segments, self.tiers, self.stages, self.clusters), strict=True))

    @property
    def given(self) -> dict[str, Groups]:
        """The groupings that apply, by kind."""
        return {kind: groups for kind, groups in self.groupings.items() if isinstance(groups, Groups)}

    def by_customer(self) -> CustomerLabels:
        """One row a customer, by customer_id: three scores, segment, tier, stage, cluster.

        Scores are missing where there are none. A grouping that is not applicable leaves its column empty; without any
        there is no row at all.
        """
        columns = list(map(str, CustomerLabels.columns))
        if not self.given:
            return CustomerLabels(pd.DataFrame(columns=columns))
        every = next(iter(self.given.values())).labels.index.sort_values()
        parts = pd.DataFrame(index=every.rename(CUSTOMER_ID))
        if isinstance(self.rfm, RfmScores):
            parts = parts.join(self.rfm.customers.astype("Int64"))
        labels = {kind: groups.labels.reindex(every).astype(object) for kind, groups in self.given.items()}
        return CustomerLabels(parts.assign(**labels).reset_index().reindex(columns=columns))


def segment_plan(**words: Any) -> SegmentPlan:
    """The plan that a notebook's parameters make; `WORDS` names them.

    What is empty or left out is as usual. Raises ValueError for whatever does not fit.
    """
    for name in words:
        parameters.one_of("plan", name, WORDS)
    bins: int = words.get("bins", 5)
    parameters.between("bins", bins, 2, 10)
    rules = words.get("rules")
    return SegmentPlan(
        bins,
        given_cuts(words.get("cuts", {})),
        rules_from(rules) if rules else None,
        source_from(words.get("rfm_over", {})),
        tier_plan(words.get("tiers", {})),
        words.get("stage_by", ""),
        words.get("features") or FEATURES,
        words.get("seed", 1),
        words,
    )


def counting(plan: SegmentPlan, months: int) -> SegmentPlan:
    """The plan, which says that tiers count so many months."""
    tiers = {**plan.words.get("tiers", {}), "months": months}
    return replace(plan, tiers=tier_plan(tiers), words={**plan.words, "tiers": tiers})


def given_cuts(cuts: Mapping[str, Any]) -> Cuts:
    """The cuts that a parameter names: recency, frequency, monetary, tier and stage (a list, or lists by group).

    Raises ValueError for another name, or numbers that do not rise.
    """
    for name, numbers in cuts.items():
        parameters.one_of("cuts", name, (*VALUES, "tier", "stage"))
        by_group = name == "stage" and isinstance(numbers, Mapping)
        for part in numbers.values() if by_group else [numbers]:
            if not all(isinstance(number, int | float) for number in part) or (np.diff(part) < 0).any():
                raise ValueError(f"cuts.{name} = {part}: give numbers in rising order.")
    stage = cuts.get("stage", ())
    rfm = RfmCuts(**{name: tuple(cuts.get(name, ())) for name in VALUES})
    return Cuts(rfm, tuple(cuts.get("tier", ())), stage if isinstance(stage, Mapping) else tuple(stage))


def labelled(data: Dataset, plan: SegmentPlan, cluster_model: ClusterModel | NotApplicable) -> Labels:
    """The labels of every customer of `data`; what the plan gives no cuts for takes them from these customers.

    Clusters are those of `cluster_model`.
    """
    rfm = scores(data, plan.bins, plan.cuts.rfm, plan.over)
    return Labels(
        rfm,
        segments(data, rfm, plan.rules),
        tiers(data, plan.tiers.frozen(plan.cuts.tier)),
        stages(data, limits_days=plan.cuts.stage, by=plan.stage_by),
        clusters(data, cluster_model),
    )


def used_cuts(labels: Labels) -> Cuts:
    """All cuts behind these labels; a plan with them gives the labels of another day by the same rule."""
    rfm = labels.rfm.cuts if isinstance(labels.rfm, RfmScores) else RfmCuts()
    tier = labels.tiers.cuts if isinstance(labels.tiers, Groups) else ()
    stage = labels.stages.limits.given() if isinstance(labels.stages, Stages) else ()
    return Cuts(rfm, tuple(tier), stage)


def with_cuts(plan: SegmentPlan, cuts: Cuts) -> SegmentPlan:
    """The plan with these cuts wherever it gives none of its own."""
    own = plan.cuts
    rfm = {name: tuple(getattr(own.rfm, name)) or tuple(getattr(cuts.rfm, name)) for name in VALUES}
    return replace(plan, cuts=Cuts(RfmCuts(**rfm), own.tier or cuts.tier, own.stage or cuts.stage))
