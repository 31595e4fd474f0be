"""The segment model as a file among the tables of a report: what is kept, how it is written, how it is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.keeping.labels import Cuts, segment_plan
from helpers.analyses.segmentation.scoring.rfm import RfmCuts
from helpers.data import whole_files
from helpers.findings import NotApplicable

FILE = "segment_model.json"
FORMAT = 1


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
        clusters, no_clusters = (
            (None, str(self.clusters.reason))
            if isinstance(self.clusters, NotApplicable)
            else (self.clusters.to_dict(), "")
        )
        words = {
            "format": FORMAT,
            "fitted_on": self.fitted_on,
            "used_on": self.used_on,
            "plan": self.plan,
            "cuts": {"rfm": asdict(self.cuts.rfm), "tier": self.cuts.tier, "stage": self.cuts.stage},
            "clusters": clusters,
            "no_clusters": no_clusters,
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
            plan = {**words["plan"], "tiers": {"months": 0, **words["plan"].get("tiers", {})}}  # all money, of old
            segment_plan(**plan)  # labels of today are compared under it
            cuts = Cuts(
                RfmCuts(**{name: tuple(numbers) for name, numbers in words["cuts"]["rfm"].items()}),
                tuple(words["cuts"]["tier"]),
                words["cuts"]["stage"],
            )
            clusters = (
                ClusterModel.from_dict(words["clusters"]) if words["clusters"] else NotApplicable(words["no_clusters"])
            )
            return cls(words["fitted_on"], words["used_on"], plan, cuts, clusters, words["versions"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"an entry is missing or of another kind ({error})") from None


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


def write(model: SegmentModel, folder: str | Path) -> None:
    """Leaves the model in `folder`, whole: a reader finds the one before until the new one is complete."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    whole_files.write(path / FILE, model.to_json())
