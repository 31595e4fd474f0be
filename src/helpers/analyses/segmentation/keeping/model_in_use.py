"""The segment model: the cuts, limits and clusters behind the labels, made once and kept from report to report.

Labels that are made anew each time move customers who did nothing. So a report scores with the model of the one before
it, and makes another only when somebody asks, when the plan is another, or when the customers have moved away from it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.segmentation.cluster.drift import REFIT, ClusterDrift, cluster_drift
from helpers.analyses.segmentation.cluster.match import Rematch, rematched
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import ClusterSearch, fitted_clusters
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.keeping.labels import (
    KINDS,
    Cuts,
    Labels,
    SegmentPlan,
    labelled,
    segment_plan,
    used_cuts,
    with_cuts,
)
from helpers.analyses.segmentation.scoring.rfm import RfmCuts
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats

FILE = "segment_model.json"
FORMAT = 1
PACKAGES = ("numpy", "pandas", "scikit-learn")
KEPT, FIRST, ASKED, OTHER_PLAN, DRIFTED = "kept", "first", "asked", "other plan", "drifted"
WHY = {
    FIRST: "there was none before",
    ASKED: "a refit was asked for",
    OTHER_PLAN: "the notebook's parameters are others than those it was made with",
    DRIFTED: "the customers have moved away from the one before",
}


@dataclass(frozen=True)
class SegmentModel:
    """All that gives a customer its labels, as numbers and words that outlive the data they were taken from."""

    fitted_on: str  # YYYY-MM-DD
    used_on: str  # of the last report that scored with it
    plan: Mapping[str, Any]  # the notebook's parameters it was made with
    cuts: Cuts
    clusters: ClusterModel | NotApplicable
    versions: Mapping[str, str]

    def to_json(self) -> str:
        """The model as `segment_model.json` has it."""
        found = isinstance(self.clusters, ClusterModel)
        words = {
            "format": FORMAT,
            "fitted_on": self.fitted_on,
            "used_on": self.used_on,
            "plan": self.plan,
            "cuts": {"rfm": asdict(self.cuts.rfm), "tier": self.cuts.tier, "stage": self.cuts.stage},
            "clusters": self.clusters.to_dict() if found else None,
            "no_clusters": "" if found else self.clusters.reason,
            "versions": self.versions,
        }
        return json.dumps(words, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> SegmentModel:
        """The model that `to_json` wrote. Raises ValueError for anything else."""
        words = json.loads(text)
        if not isinstance(words, dict) or words.get("format") != FORMAT:
            raise ValueError(f"format = {words.get('format') if isinstance(words, dict) else None}: {FORMAT} is read")
        try:
            cuts = Cuts(
                RfmCuts(**{name: tuple(numbers) for name, numbers in words["cuts"]["rfm"].items()}),
                tuple(words["cuts"]["tier"]),
                words["cuts"]["stage"],
            )
            clusters = (
                ClusterModel.from_dict(words["clusters"]) if words["clusters"] else NotApplicable(words["no_clusters"])
            )
            return cls(words["fitted_on"], words["used_on"], words["plan"], cuts, clusters, words["versions"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"an entry is missing or of another kind ({error})") from None


@dataclass(frozen=True)
class ModelInUse:
    """The segment model that this report scores with, why it is that one, and what a new one changed."""

    model: SegmentModel
    why: str  # kept, first, asked, other plan or drifted
    labels: Labels
    search: ClusterSearch | NotApplicable  # of a new model
    drift: ClusterDrift | NotApplicable  # of the customers from the one before
    rematch: Rematch | NotApplicable  # of the clusters of a new model with those of the one before
    agreement: pd.DataFrame  # kind, customers, same_share: today's labels under both models; empty without a new one

    @property
    def finding(self) -> ModelInUse | NotApplicable:
        """The model as readers are told of it; why not, where no kind of label can be given."""
        given = any(isinstance(each, Groups) for each in self.labels.groupings.values())
        return self if given else self.labels.segments

    def summary(self) -> pd.DataFrame:
        """What the labels rest on: one row a cut; after a refit how many labels stayed, by kind."""
        if len(self.agreement):
            return self.agreement
        rows = [(f"{name} score", _told(cuts)) for name, cuts in asdict(self.model.cuts.rfm).items() if cuts]
        rows += [("tier", _told(self.model.cuts.tier))] if self.model.cuts.tier else []
        stage = self.model.cuts.stage
        rows += [
            ("stage" + (f" of {name}" if name else ""), f"{_told(limits)} days")
            for name, limits in (stage.items() if isinstance(stage, Mapping) else [("", stage)])
            if limits
        ]
        return pd.DataFrame(rows, columns=["label", "changes_at"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """After a refit the share of labels that stayed, by kind; otherwise the customers in each segment."""
        if len(self.agreement):
            return charts.bars(self.agreement, value="same_share", label="kind", ax=ax)
        shown = next(each for each in self.labels.groupings.values() if isinstance(each, Groups))
        return charts.bars(shown.profile, value="customers", label=shown.kind, share="customer_share", ax=ax)

    def headline(self) -> str:
        """Which model labels these customers, since when, and what a refit did to the labels."""
        if self.why == KEPT:
            return (
                f"Labels come from the model of {self.model.fitted_on}, last used on {self.model.used_on}: a "
                "label differs from that report's only where the customer does."
            )
        said = f"Labels come from a model made today, since {WHY[self.why]}."
        if not len(self.agreement):
            return f"{said} Later reports keep it."
        parts = ", ".join(
            f"{formats.percent(row.same_share)} keep their {row.kind}" for row in self.agreement.itertuples()
        )
        return f"{said} Of today's customers {parts}; the others move though they did nothing."


def segment_model(
    data: Dataset, plan: SegmentPlan, before: SegmentModel | None = None, refit: bool = False
) -> ModelInUse:
    """The model to score `data` with: the one `before` where there is one, else one fitted to `data`.

    A new one is made where `refit` asks for it, the plan has changed, or `cluster_drift` says that it is due. Its
    clusters keep the ids and names of those before that they match. Cuts that the plan gives are never fitted.
    """
    drift = cluster_drift(data, before.clusters) if before else NotApplicable("there is no model before this one.")
    why = _why(plan, before, refit, drift)
    if before is None or why != KEPT:
        return _fitted(data, plan, before, why, drift)
    kept = NotApplicable(f"the clusters of {before.fitted_on} are kept.")
    labels = labelled(data, with_cuts(plan, before.cuts), before.clusters)
    return ModelInUse(before, why, labels, kept, drift, kept, _no_agreement())


def kept_model(folder: str | Path) -> SegmentModel | None:
    """The segment model among the tables of a report; None for no folder, or where it has none.

    Raises ValueError for a file that cannot be read.
    """
    path = Path(folder) / FILE
    if not folder or not path.exists():
        return None
    try:
        return SegmentModel.from_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{FILE} = {error}: the report before has another. Delete the file to begin anew.") from None


def keep(found: ModelInUse, data: Dataset, folder: str | Path) -> None:
    """Leaves the model among the tables of this report, whole; an empty `folder`, or no label, keeps nothing."""
    if isinstance(found.finding, NotApplicable) or not folder:
        return
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    draft = path / f".{FILE}.{os.getpid()}"
    draft.write_text(replace(found.model, used_on=str(data.as_of)).to_json(), encoding="utf-8")
    draft.replace(path / FILE)


def compared_on(data: Dataset, before: SegmentModel | None, compare_days: int) -> dt.date:
    """The day whose labels today's are compared with: `compare_days` ago, or for 0 that of the report before.

    Without a report before it is 90 days ago.
    """
    parameters.between("compare_days", compare_days, 0, 3660)
    if before and not compare_days and before.used_on < str(data.as_of):
        return dt.date.fromisoformat(before.used_on)
    return data.as_of - dt.timedelta(days=compare_days or 90)


def labels_under(data: Dataset, plan: SegmentPlan, found: ModelInUse) -> Labels:
    """The labels of another day's customers under the model in use."""
    return labelled(data, with_cuts(plan, found.model.cuts), found.model.clusters)


def _why(plan: SegmentPlan, before: SegmentModel | None, refit: bool, drift: ClusterDrift | NotApplicable) -> str:
    if before is None:
        return FIRST
    if refit:
        return ASKED
    if before.plan != _plain(plan.words):
        return OTHER_PLAN
    return DRIFTED if isinstance(drift, ClusterDrift) and drift.verdict == REFIT else KEPT


def _fitted(
    data: Dataset, plan: SegmentPlan, before: SegmentModel | None, why: str, drift: ClusterDrift | NotApplicable
) -> ModelInUse:
    search = fitted_clusters(data, plan.features, plan.seed)
    clusters = search.model if isinstance(search, ClusterSearch) else search
    rematch: Rematch | NotApplicable = NotApplicable("there are no clusters of two models to match.")
    if before and isinstance(clusters, ClusterModel) and isinstance(before.clusters, ClusterModel):
        rematch = rematched(before.clusters, clusters, data)
        clusters = rematch.model if isinstance(rematch, Rematch) else clusters
    labels = labelled(data, plan, clusters)
    model = SegmentModel(
        str(data.as_of),
        str(data.as_of),
        _plain(plan.words),
        used_cuts(labels),
        clusters,
        {name: version(name) for name in PACKAGES},
    )
    agreement = _agreement(_labels_before(data, before), labels) if before else _no_agreement()
    return ModelInUse(model, why, labels, search, drift, rematch, agreement)


def _labels_before(data: Dataset, before: SegmentModel) -> Labels:
    """Today's labels by the model before, as its own plan asked for them."""
    return labelled(data, with_cuts(segment_plan(**before.plan), before.cuts), before.clusters)


def _agreement(before: Labels, now: Labels) -> pd.DataFrame:
    """Of today's customers, those whose label both models agree on, by kind."""
    rows = []
    for kind in KINDS:
        old, new = before.groupings[kind], now.groupings[kind]
        if isinstance(old, Groups) and isinstance(new, Groups):
            same = old.labels.astype(object) == new.labels.astype(object).reindex(old.labels.index)
            rows.append({"kind": kind, "customers": len(same), "same_share": same.mean()})
    return pd.DataFrame(rows, columns=_no_agreement().columns)


def _no_agreement() -> pd.DataFrame:
    return pd.DataFrame(columns=["kind", "customers", "same_share"])


def _plain(words: Mapping[str, Any]) -> dict[str, Any]:
    """Words as JSON gives them back, so that a plan compares equal to the one that was kept."""
    return json.loads(json.dumps(words))


def _told(cuts: Any) -> str:
    return ", ".join(formats.number(cut) for cut in cuts)
