"""The segment model: the cuts, limits and clusters behind the labels, made once and kept from report to report.

Labels that are made anew each time move customers who did nothing. So a report scores with the model of the one before
it, and makes another only when somebody asks, when the plan is another, or when the customers have moved away from it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation.cluster.drift import ClusterDrift, Verdict, cluster_drift
from helpers.analyses.segmentation.cluster.matching import Rematch, rematched
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import ClusterSearch, fitted_clusters
from helpers.analyses.segmentation.keeping.labels import (
    KINDS,
    Cuts,
    Labels,
    SegmentPlan,
    counting,
    labelled,
    segment_plan,
    used_cuts,
    with_cuts,
)
from helpers.analyses.segmentation.keeping.model_file import SegmentModel, write
from helpers.analyses.segmentation.vocabulary import CHANGES_AT, KIND, LABEL, SAME_SHARE, WHY
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.briefs import Brief, Ground, Yardstick
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMER_SHARE, CUSTOMERS

PACKAGES = ("numpy", "pandas", "scikit-learn")
USUAL_DAYS = 90  # between the days compared, where no report came before


class Why(StrEnum):
    """Why it is this model that labels the customers."""

    KEPT = "kept"
    FIRST = "first"
    ASKED = "asked"
    OTHER_PLAN = "other_plan"
    DRIFTED = "drifted"


@dataclass(frozen=True)
class ModelInUse(Finding):
    """The segment model that this report scores with, why it is that one, and what a new one changed."""

    table: pd.DataFrame  # a row a label with the values at which it changes
    model: SegmentModel
    why: Why
    labels: Labels
    search: ClusterSearch | NotApplicable  # of a new model
    drift: ClusterDrift | NotApplicable  # of the customers from the one before
    rematch: Rematch | NotApplicable  # of the clusters of a new model with those of the one before
    agreement: pd.DataFrame  # kind, customers, same_share: today's labels under both models; empty without a new one
    columns = (LABEL, CHANGES_AT)
    shown = (LABEL, CHANGES_AT, KIND, CUSTOMERS, SAME_SHARE)

    @property
    def plan(self) -> SegmentPlan:
        """What labels the model gives."""
        return segment_plan(**self.model.plan)

    @property
    def finding(self) -> ModelInUse | NotApplicable:
        """The model as readers are told of it; why not, where no kind of label can be given."""
        segments = self.labels.segments
        return segments if isinstance(segments, NotApplicable) and not self.labels.given else self

    def summary(self) -> pd.DataFrame:
        """What the labels rest on: one row a label; after a refit how many labels stayed, by kind."""
        return self.agreement if len(self.agreement) else self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """After a refit the share of labels that stayed, by kind; otherwise the customers in each segment."""
        if len(self.agreement):
            return charts.bars(self.agreement, value=SAME_SHARE, label=KIND, ax=ax)
        first = next(iter(self.labels.given.values()))
        return charts.bars(first.table, value=CUSTOMERS, label=first.kind, share=CUSTOMER_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if len(self.agreement):
            return say("How many customers kept their label under the new model?")
        return say("How many customers are in each group?")

    def headline(self) -> Sentence:
        """Which model labels these customers, since when, and what a refit did to the labels."""
        if self.why == Why.KEPT:
            return say(
                "Labels come from the model of {day}: they differ from the last report's only where the customer does.",
                day=facts.Name(self.model.fitted_on),
            ).resting_on(say("Last used on {day}.", day=facts.Name(self.model.used_on)))
        if not len(self.agreement):
            return say("Labels come from a model made today; later reports keep it.").resting_on(self._reason())
        first, *others = (
            say("{share} keep their {kind}.", share=facts.Share(row.same_share), kind=facts.Word(row.kind, KIND))
            for row in self.agreement.itertuples()
        )
        moved = self.agreement.iloc[0]
        return say(
            "A new model moved {share} of customers to another {kind}, though they did nothing.",
            share=facts.Share(1 - moved[SAME_SHARE]),
            kind=facts.Word(moved[KIND], KIND),
        ).resting_on(self._reason(), first, *others)

    def brief(self) -> Brief:
        """Which model labels the customers, and how much of their money tiers count."""
        day, months = facts.Day(dt.date.fromisoformat(self.model.fitted_on)), self.plan.tiers.months
        counted = say("money of the last {months} months", months=facts.Count(months)) if months else say("all money")
        return Brief(
            yardsticks=(
                Yardstick(Ground.MODEL, say("the model of segments"), say("that of {day}", day=day)),
                Yardstick(Ground.DEFINITION, say("what value tiers count"), counted),
            )
        )

    def _reason(self) -> Sentence:
        return say("Why a new one: {why}.", why=facts.Word(self.why, WHY))


@analysis
def segment_model(
    data: Dataset, plan: SegmentPlan, before: SegmentModel | None = None, refit: bool = False
) -> ModelInUse:
    """The model to score `data` with: the one `before` where there is one, else one fitted to `data`.

    `plan` says what labels are wanted. A new one is made where `refit` asks for it, the plan has changed, or
    `cluster_drift` says that it is due. Its clusters keep the ids and names of those before that they match. Cuts that
    the plan gives are never fitted. Where the plan does not say how many months tiers count, a kept model counts on.
    """
    drift = cluster_drift(data, before.clusters) if before else NotApplicable(say("there is no model before this one."))
    why = _why(plan, before, refit, drift)
    if before is None or why != Why.KEPT:
        return _fitted(data, plan, before, why, drift)
    kept = NotApplicable(say("the clusters of {day} are kept.", day=facts.Name(before.fitted_on)))
    labels = _labels_by(data, before)
    return ModelInUse(_cuts_table(before.cuts), before, why, labels, kept, drift, kept, _no_agreement())


def keep(used: ModelInUse, data: Dataset, folder: str | Path) -> None:
    """Leaves the model among the tables of the report of `data`; an empty `folder`, or no label, keeps nothing."""
    if folder and used.labels.given:
        write(replace(used.model, used_on=str(data.as_of)), folder)


def compared_on(data: Dataset, before: SegmentModel | None, compare_days: int) -> dt.date:
    """The day whose labels today's are compared with: `compare_days` ago, or for 0 that of the report before.

    Without a report before it is 90 days ago. Raises ValueError for days below 0 or beyond ten years.
    """
    parameters.between("compare_days", compare_days, 0, parameters.LONGEST_WINDOW_DAYS)
    if before and not compare_days and before.used_on < str(data.as_of):
        return dt.date.fromisoformat(before.used_on)
    return data.as_of - dt.timedelta(days=compare_days or USUAL_DAYS)


@analysis
def labels_under(data: Dataset, used: ModelInUse) -> Labels:
    """The labels of another day's customers under the model in use."""
    return _labels_by(data, used.model)


def _why(plan: SegmentPlan, before: SegmentModel | None, refit: bool, drift: ClusterDrift | NotApplicable) -> Why:
    if before is None:
        return Why.FIRST
    if refit:
        return Why.ASKED
    months = plan.words.get("tiers", {}).get("months", before.plan["tiers"]["months"])
    if before.plan != _plain(counting(plan, months).words):
        return Why.OTHER_PLAN
    return Why.DRIFTED if isinstance(drift, ClusterDrift) and drift.verdict == Verdict.REFIT else Why.KEPT


def _fitted(
    data: Dataset, plan: SegmentPlan, before: SegmentModel | None, why: Why, drift: ClusterDrift | NotApplicable
) -> ModelInUse:
    plan = counting(plan, plan.tiers.months)
    search = fitted_clusters(data, plan.features, plan.seed)
    clusters = search.model if isinstance(search, ClusterSearch) else search
    rematch: Rematch | NotApplicable = NotApplicable(say("there are no clusters of two models to match."))
    if before and isinstance(clusters, ClusterModel) and isinstance(before.clusters, ClusterModel):
        rematch = rematched(before.clusters, clusters, data)
        clusters = rematch.model if isinstance(rematch, Rematch) else clusters
    labels = labelled(data, plan, clusters)
    today, versions = str(data.as_of), {name: version(name) for name in PACKAGES}
    model = SegmentModel(today, today, _plain(plan.words), used_cuts(labels), clusters, versions)
    agreement = _agreement(_labels_by(data, before), labels) if before else _no_agreement()
    return ModelInUse(_cuts_table(model.cuts), model, why, labels, search, drift, rematch, agreement)


def _labels_by(data: Dataset, model: SegmentModel) -> Labels:
    """The labels of these customers by a model, as its own plan asked for them."""
    return labelled(data, with_cuts(segment_plan(**model.plan), model.cuts), model.clusters)


def _agreement(before: Labels, now: Labels) -> pd.DataFrame:
    """Of today's customers, those whose label both models agree on, by kind."""
    rows = []
    for kind in KINDS:
        if kind in before.given and kind in now.given:
            old, new = before.given[kind].labels, now.given[kind].labels
            same = old.astype(object) == new.astype(object).reindex(old.index)
            rows.append({KIND: kind, CUSTOMERS: len(same), SAME_SHARE: same.mean()})
    return pd.DataFrame(rows, columns=_no_agreement().columns)


def _no_agreement() -> pd.DataFrame:
    return pd.DataFrame(columns=[KIND, CUSTOMERS, SAME_SHARE])


def _cuts_table(cuts: Cuts) -> pd.DataFrame:
    """A row a label with the values at which it changes."""
    rows: list[tuple[str, object]] = [
        (f"{name} score", _listed(numbers)) for name, numbers in asdict(cuts.rfm).items() if numbers
    ]
    rows += [("tier", _listed(cuts.tier))] if cuts.tier else []
    by_group = cuts.stage if isinstance(cuts.stage, Mapping) else {"": cuts.stage}
    rows += [
        (f"stage of {name}" if name else "stage", say("{days} days", days=facts.Name(_listed(limits))))
        for name, limits in by_group.items()
        if limits
    ]
    return pd.DataFrame(rows, columns=[LABEL, CHANGES_AT])


def _plain(words: Mapping[str, Any]) -> dict[str, Any]:
    """Words as JSON gives them back, so that a plan compares equal to the one that was kept."""
    return json.loads(json.dumps(words))


def _listed(cuts: Any) -> str:
    return ", ".join(formats.number(cut) for cut in cuts)
