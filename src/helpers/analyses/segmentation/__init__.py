"""Which customers deserve what: RFM segments, value tiers, lifecycle stages and clusters that stay put.

    labels = segmentation.labelled(data, model)
    labels.segments.headline()

Rooms:

    scoring    recency, frequency and money, and the segments named by them
    standing   value tiers and lifecycle stages
    cluster    groups that the data themselves form
    describe   who the groups are
    keeping    the model that labels from report to report, and who moved

`groups` shows customers by label, `rows` is the table they are all cut from.
"""

from helpers.analyses.segmentation.cluster.drift import ClusterDrift, cluster_drift
from helpers.analyses.segmentation.cluster.match import Rematch, rematched
from helpers.analyses.segmentation.cluster.model import ClusterModel
from helpers.analyses.segmentation.cluster.search import ClusterSearch, clusters, fitted_clusters
from helpers.analyses.segmentation.describe.cards import Personas, personas
from helpers.analyses.segmentation.describe.likes import Preferences, preferences
from helpers.analyses.segmentation.describe.lorenz import Concentration, concentration
from helpers.analyses.segmentation.groups import Crossing, Groups, crossing
from helpers.analyses.segmentation.keeping.labels import Cuts, Labels, SegmentPlan, given_cuts, labelled, segment_plan
from helpers.analyses.segmentation.keeping.model_in_use import (
    ModelInUse,
    SegmentModel,
    compared_on,
    keep,
    kept_model,
    labels_under,
    segment_model,
)
from helpers.analyses.segmentation.keeping.moves import Migration, Transitions, migration, seen, spent, transitions
from helpers.analyses.segmentation.keeping.stability import Steadiness, steadiness
from helpers.analyses.segmentation.scoring.rfm import RfmCuts, RfmScores, scores, segments
from helpers.analyses.segmentation.scoring.rules import SEGMENTS, Rule
from helpers.analyses.segmentation.scoring.source import RfmSource
from helpers.analyses.segmentation.standing.gaps import StageLimits
from helpers.analyses.segmentation.standing.life_stages import Stages, stages
from helpers.analyses.segmentation.standing.value_tiers import TierPlan, tiers

__all__ = [
    "SEGMENTS", "ClusterDrift", "ClusterModel", "ClusterSearch", "Concentration", "Crossing", "Cuts", "Groups",
    "Labels", "Migration", "ModelInUse", "Personas", "Preferences", "Rematch", "RfmCuts", "RfmScores", "RfmSource",
    "Rule", "SegmentModel", "SegmentPlan", "StageLimits", "Stages", "Steadiness", "TierPlan", "Transitions",
    "cluster_drift", "clusters", "compared_on", "concentration", "crossing", "fitted_clusters", "given_cuts", "keep",
    "kept_model", "labelled", "labels_under", "migration", "personas", "preferences", "rematched", "scores", "seen",
    "segment_model", "segment_plan", "segments", "spent", "stages", "steadiness", "tiers", "transitions",
]  # fmt: skip
